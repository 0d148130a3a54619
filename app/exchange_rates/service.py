"""The verbs of exchange rates: enter, import, confirm, refuse, and load the bundled history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.exchange_rates import bundled, imports, queries, rules
from app.exchange_rates.models import ExchangeRate, RateKind, RateStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency, Market
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class EnterRate:
    """A rate as its source prints it: `rate` units of `quote` for `unit` (1 or 100) units of `base`."""

    kind: RateKind
    base: Currency
    quote: Currency
    market: Market
    unit: int
    rate: Decimal
    rate_date: date
    source: str
    institution_id: UUID | None = None
    note: str = ""


def enter(session: Session, actor: Actor, command: EnterRate, *, now: datetime) -> ExchangeRate:
    """Keep a rate as entered; it takes effect when a second person confirms it.

    Raises RuleBreached for a factor-100 slip or a future date, NotPermitted without the right.
    """
    authorise(actor, Permission.RATES_ENTER, command.institution_id)
    found = rules.breaches(_facts(session, command, business_date(now)))
    if found:
        raise RuleBreached(*found)
    return _keep(session, actor, command, now)


def _facts(session: Session, command: EnterRate, today: date) -> rules.RateFacts:
    last = None
    if command.base is not command.quote:
        pair = (command.base, command.quote, command.rate_date)
        last = queries.latest(session, RateKind.BOOKING, *pair, institution_id=command.institution_id)
    return rules.RateFacts(
        base=command.base,
        quote=command.quote,
        unit=command.unit,
        per_one=command.rate / command.unit,
        rate_date=command.rate_date,
        today=today,
        last_per_one=last.units(command.quote) if last else None,
        last_date=last.rate_date if last else None,
        largest_step_percent=policies.number(session, PolicyName.LARGEST_RATE_STEP_PERCENT, today),
    )


def _keep(session: Session, actor: Actor, command: EnterRate, now: datetime) -> ExchangeRate:
    row = ExchangeRate(
        id=new_id(),
        kind=command.kind,
        base_currency=command.base,
        quote_currency=command.quote,
        market=command.market,
        unit=command.unit,
        rate=command.rate,
        rate_date=command.rate_date,
        source=command.source,
        institution_id=command.institution_id,
        note=command.note,
        status=RateStatus.ENTERED,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    trail.record(
        session,
        actor,
        "rate.enter",
        ("rate", row.id),
        {"kind": command.kind, "pair": f"{command.base}/{command.quote}", "unit": command.unit, "rate": command.rate},
        now=now,
        institution_id=command.institution_id,
    )
    return row


def import_file(session: Session, actor: Actor, content: bytes, *, source: str, now: datetime) -> list[ExchangeRate]:
    """Enter every rate of a CSV file, or none: each line is judged by the same rules as a rate entered by hand.

    Raises InputRefused naming wrong lines, RuleBreached naming the lines that a rule refuses.
    """
    authorise(actor, Permission.RATES_ENTER)
    kept: list[ExchangeRate] = []
    refused: list[Breach] = []
    today = business_date(now)
    last: dict[tuple[Currency, Currency], tuple[Decimal, date]] = {}
    for row in sorted(imports.read(content, source), key=lambda r: (r.rate_date, r.line)):
        command = EnterRate(row.kind, row.base, row.quote, row.market, row.unit, row.rate, row.rate_date, row.source)
        facts = _facts_after(session, command, today, last)
        found = rules.breaches(facts)
        refused.extend(_at_line(breach, row.line) for breach in found)
        if not found:
            last[(row.base, row.quote)] = (facts.per_one, row.rate_date)
            last[(row.quote, row.base)] = (1 / facts.per_one, row.rate_date)
            kept.append(_keep(session, actor, command, now))
    if refused:
        raise RuleBreached(*refused[:50])
    return kept


def _facts_after(
    session: Session, command: EnterRate, today: date, last: dict[tuple[Currency, Currency], tuple[Decimal, date]]
) -> rules.RateFacts:
    """Facts that compare with the line before in the same file where there is one, else with the last kept rate."""
    facts = _facts(session, command, today)
    earlier = last.get((command.base, command.quote))
    if earlier is None:
        return facts
    return replace(facts, last_per_one=earlier[0], last_date=earlier[1])


def _at_line(breach: Breach, line: int) -> Breach:
    return Breach(
        breach.code,
        breach.message,
        cure=_("Correct line %(line)s and import the whole file again: nothing was taken."),
        source=breach.source,
        params={**breach.params, "line": line},
        field="file",
    )


def confirm(session: Session, actor: Actor, rate_id: UUID, *, now: datetime) -> ExchangeRate:
    """Put an entered rate into effect; whoever entered it cannot. Raises NotPermitted or Conflict."""
    return _decide(session, actor, rate_id, RateStatus.CONFIRMED, "rate.confirm", now)


def refuse(session: Session, actor: Actor, rate_id: UUID, *, now: datetime) -> ExchangeRate:
    """Refuse an entered rate: it stays on record and is never used. Raises NotPermitted or Conflict."""
    return _decide(session, actor, rate_id, RateStatus.REFUSED, "rate.refuse", now)


def _decide(
    session: Session, actor: Actor, rate_id: UUID, status: RateStatus, verb: str, now: datetime
) -> ExchangeRate:
    row = lock_for_update(session, ExchangeRate, rate_id)
    authorise(actor, Permission.RATES_CONFIRM, row.institution_id)
    if row.entered_by_id == actor.person_id:
        raise own_work(verb)
    if row.status != RateStatus.ENTERED:
        raise Conflict(
            Breach(
                "rate.decided",
                _("This rate has already been decided."),
                cure=_("Open the list of rates again to see who decided it."),
            )
        )
    row.status = status
    row.confirmed_by_id = actor.person_id
    row.confirmed_at = now
    trail.record(session, actor, verb, ("rate", row.id), now=now, institution_id=row.institution_id)
    return row


def load_bundled(session: Session, *, now: datetime) -> int:
    """Load the bundled history's missing days as confirmed booking rates; returns how many were added."""
    known = set(session.scalars(select(ExchangeRate.rate_date).where(ExchangeRate.source == bundled.SOURCE)))
    rows = [
        {
            "id": new_id(),
            "kind": RateKind.BOOKING,
            "base_currency": Currency.HKD,
            "quote_currency": Currency.CNY,
            "market": Market.ONSHORE,
            "unit": 1,
            "rate": day.cny_per_hkd,
            "rate_date": day.rate_date,
            "source": bundled.SOURCE,
            "note": bundled.NOTE,
            "status": RateStatus.CONFIRMED,
            "entered_at": now,
        }
        for day in bundled.history()
        if day.rate_date not in known
    ]
    if rows:
        session.execute(insert(ExchangeRate), rows)
    trail.record(session, None, "rate.load-bundled", None, {"added": len(rows)}, now=now)
    return len(rows)
