"""The verbs of forward cover: note it, and a second person confirms or refuses. A note is never booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.exchange_rates import queries as rates
from app.exposure import queries, rules
from app.exposure.models import ForwardCover
from app.exposure.rules import CoverFacts
from app.exposure.states import CoverStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class EnterCover:
    """A bank will deliver `amount` against the pocket's currency between two days, at `rate` for one `rate_base`."""

    pocket_id: UUID
    bank: str
    bank_reference: str
    amount: Money
    rate: Decimal
    rate_base: Currency
    first_day: date
    last_day: date
    note: str = ""


def enter(session: Session, actor: Actor, command: EnterCover, *, now: datetime) -> ForwardCover:
    """Note forward cover of a pocket; it counts when a second person confirms it, and nothing is booked.

    Raises NotFound out of scope, NotPermitted without the right, RuleBreached for a slip.
    """
    pocket = queries.visible_pocket(session, actor, command.pocket_id)
    place = pocket.fund.institution_id
    authorise(actor, Permission.RATES_ENTER, place)
    today = business_date(now)
    latest = rates.valuing_rate(session, Currency.HKD, Currency.CNY, today, place)
    facts = CoverFacts(
        Currency(pocket.currency),
        command.amount.currency,
        command.rate,
        command.first_day,
        command.last_day,
        today,
        latest.units(command.rate_base.other) if latest else None,
        policies.number(session, PolicyName.LARGEST_RATE_STEP_PERCENT, today),
    )
    if found := rules.breaches(facts):
        raise RuleBreached(*found)
    row = ForwardCover(
        id=new_id(),
        institution_id=place,
        pocket_id=pocket.id,
        bank=command.bank,
        bank_reference=command.bank_reference,
        amount_minor=command.amount.minor,
        currency=command.amount.currency,
        rate=command.rate,
        rate_base=command.rate_base,
        first_day=command.first_day,
        last_day=command.last_day,
        note=command.note,
        status=CoverStatus.ENTERED,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, actor, "cover.enter", row, now)
    return row


def confirm(session: Session, actor: Actor, cover_id: UUID, *, now: datetime) -> ForwardCover:
    """Let a note count; whoever entered it cannot. Raises NotPermitted or Conflict."""
    return _decide(session, actor, cover_id, CoverStatus.CONFIRMED, "cover.confirm", now)


def refuse(session: Session, actor: Actor, cover_id: UUID, *, now: datetime) -> ForwardCover:
    """Refuse a note: it stays on record and covers nothing. Raises NotPermitted or Conflict."""
    return _decide(session, actor, cover_id, CoverStatus.REFUSED, "cover.refuse", now)


def _decide(
    session: Session, actor: Actor, cover_id: UUID, status: CoverStatus, verb: str, now: datetime
) -> ForwardCover:
    queries.visible_cover(session, actor, cover_id)
    row = lock_for_update(session, ForwardCover, cover_id)
    authorise(actor, Permission.RATES_CONFIRM, row.institution_id)
    if row.entered_by_id == actor.person_id:
        raise own_work(verb, _("An accountant who did not enter it confirms or refuses it."))
    if row.status != CoverStatus.ENTERED:
        message = _("This note has already been decided.")
        raise Conflict(Breach("cover.decided", message, _("Open the pocket again to see who decided it.")))
    row.status, row.decided_by_id, row.decided_at = status, actor.person_id, now
    session.flush()
    _record(session, actor, verb, row, now)
    return row


def _record(session: Session, actor: Actor, verb: str, row: ForwardCover, now: datetime) -> None:
    shown = {"bank": row.bank, "amount": row.amount, "reference": row.bank_reference}
    trail.record(session, actor, verb, ("forward-cover", row.id), shown, now=now, institution_id=row.institution_id)
