"""Revaluation of foreign balances at the month's end: unrealised, in the book's currency, taken back on day 1."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.audit import trail
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import history, periods, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Entry, EntryKind, Line, credit, debit
from app.ledger.periods import Revaluation
from app.periods import queries, rules, service
from app.periods.commands import Step


def revalue(session: Session, actor: Actor, code: str, month: str, command: Step, *, now: datetime) -> Revaluation:
    """Bring what foreign balances are carried at to the month's period-end rate, and take it back on day 1 after.

    Posts only what earlier runs of the month left over, in the book's currency on the accounts of unrealised
    differences; realised ones are not touched. Half-up per account. Raises RuleBreached without a rate of the month,
    Conflict where there is nothing to move.
    """
    place, first_day = service.revaluation_allowed(session, actor, code, month, command.seen, now)
    rows = history.trial_balance_as_known(session, place.id, periods.month_end(first_day))
    found, rate = queries.revalued(session, place, rows, first_day), queries.rate_of_month(session, place, first_day)
    if found is not None and (rate is None or found.worth is None):
        message = _("There is no confirmed period-end rate of this month.")
        cure = _("Enter one; a second person confirms it.")
        raise RuleBreached(Breach("revaluation.rate-missing", message, cure, rules.SOURCE))
    if found is None or rate is None or found.worth is None or not found.difference:
        raise Conflict(Breach("revaluation.nothing", _("There is nothing to revalue."), source=rules.SOURCE))
    functional = Currency(place.functional_currency)
    earlier = periods.revaluations(session, place.id, first_day, functional)
    event_id = new_id()
    number = periods.begin_revaluation(
        session,
        place.id,
        first_day,
        event_id=event_id,
        rate_id=rate.rate_id,
        foreign=found.foreign,
        carried=found.carried,
        worth=found.worth,
        actor_id=actor.person_id,
        run_at=now,
    )
    key = posting.key_for("period.revalue", place.id, first_day, len(earlier) + 1)
    entry = Entry(
        place.id,
        periods.month_end(first_day),
        EntryKind.REVALUATION,
        event_id,
        f"Revaluation {number} of {month} at {rate.rate} for {rate.unit} {rate.base} of {rate.rate_date}",
        _lines(functional, found.difference),
    )
    posted = posting.post(session, entry, actor_id=actor.person_id, idempotency_key=key)
    _take_back(session, actor, posted.entry_id, entry, place)
    trail.record(
        session,
        actor,
        "period.revalue",
        ("institution", place.id),
        {"month": month, "number": number, "difference": str(found.difference), "entry": posted.entry_id},
        now=now,
        institution_id=place.id,
    )
    return periods.revaluations(session, place.id, first_day, functional)[-1]


def _lines(functional: Currency, difference: Money) -> tuple[Line, ...]:
    balances, unrealised = (
        AccountKey(code, functional) for code in (AccountCode.REVALUATION, AccountCode.EXCHANGE_UNREALISED)
    )
    amount = abs(difference)
    if difference.minor > 0:
        return (debit(balances, amount), credit(unrealised, amount))
    return (debit(unrealised, amount), credit(balances, amount))


def _take_back(session: Session, actor: Actor, entry_id: int, entry: Entry, place: Institution) -> None:
    posting.reverse(
        session,
        entry_id,
        effective_on=periods.next_month(entry.effective_on),
        event_id=entry.event_id,
        reason=f"Taken back on day 1: {entry.reason}"[:500],
        actor_id=actor.person_id,
        idempotency_key=posting.key_for("period.revaluation-reversal", place.id, entry_id),
    )
