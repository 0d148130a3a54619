"""The verbs on a month's reconciliation: prepare, approve as another person, return for a reason."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, may, own_work, refusal
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import periods
from app.reconciliation import figures, queries, rules
from app.reconciliation.commands import PrepareMonth, Reasoned, Seen
from app.reconciliation.figures import Reconciled
from app.reconciliation.models import BankReconciliation
from app.reconciliation.states import MonthStatus


def first_day_of(text: str, today: date) -> date:
    """The month named `YYYY-MM`. Raises NotFound for anything else, and for months to come."""
    try:
        first_day = date.fromisoformat(f"{text}-01")
    except ValueError:
        first_day = date.max
    if not date(2000, 1, 1) <= first_day <= today or first_day.strftime("%Y-%m") != text:
        raise NotFound(Breach("bank-month.not-found", _("There is no such month.")))
    return first_day


def prepare(
    session: Session, actor: Actor, account_id: UUID, month: str, command: PrepareMonth, *, now: datetime
) -> BankReconciliation:
    """Prepare a month for another person, with the figures as they are now and a note on what stays open.

    Raises RuleBreached with everything in the way, Conflict where it is prepared or approved already.
    """
    bank, first_day = _opened(session, actor, account_id, month, now)
    authorise(actor, Permission.BANK_RECONCILE, bank.institution_id)
    if queries.month(session, account_id, first_day) is not None:
        message = _("This month is prepared or approved already.")
        raise Conflict(Breach("bank-month.prepared", message, source=rules.MONTHS))
    found = figures.at_end_of(session, bank, periods.month_end(first_day))
    breaches = rules.month_breaches(month_facts(session, bank, first_day, found, command.note, business_date(now)))
    if breaches or found.bank is None:
        raise RuleBreached(*breaches)
    row = BankReconciliation(
        id=new_id(),
        bank_account_id=bank.id,
        institution_id=bank.institution_id,
        month=first_day,
        currency=bank.currency,
        status=MonthStatus.PREPARED,
        bank_minor=found.bank.minor,
        book_minor=found.book.minor,
        postings_minor=found.postings_sum.minor,
        lines_minor=found.lines_sum.minor,
        forward_minor=found.forward.minor,
        open_postings=len(found.postings),
        open_lines=len(found.lines),
        note=command.note,
        prepared_by_id=actor.person_id,
        prepared_at=now,
    )
    session.add(row)
    session.flush()
    return _done(session, actor, "bank.prepare-month", row, {"note": command.note}, now)


def approve(
    session: Session, actor: Actor, account_id: UUID, month: str, command: Seen, *, now: datetime
) -> BankReconciliation:
    """Approve a prepared month, as another person. Raises Conflict where the figures have changed since."""
    bank, first_day = _opened(session, actor, account_id, month, now)
    authorise(actor, Permission.BANK_APPROVE, bank.institution_id)
    row = _prepared(session, account_id, first_day, command.version)
    if row.prepared_by_id == actor.person_id:
        raise own_work("bank.approve-month")
    found = figures.at_end_of(session, bank, periods.month_end(first_day))
    if not is_as_prepared(row, found):
        message = _("The figures have changed since the month was prepared.")
        cure = _("Return it; it is prepared again with the figures as they are now.")
        raise Conflict(Breach("bank-month.changed", message, cure, rules.MONTHS))
    row.status = MonthStatus.APPROVED
    row.approved_by_id = actor.person_id
    row.approved_at = now
    row.version += 1
    session.flush()
    return _done(session, actor, "bank.approve-month", row, {}, now)


def send_back(
    session: Session, actor: Actor, account_id: UUID, month: str, command: Reasoned, *, now: datetime
) -> BankReconciliation:
    """Return a prepared month for a reason: whoever may approve it, or whoever prepared it."""
    bank, first_day = _opened(session, actor, account_id, month, now)
    row = _prepared(session, account_id, first_day, command.version)
    if row.prepared_by_id != actor.person_id and not may(actor, Permission.BANK_APPROVE, bank.institution_id):
        raise refusal(Permission.BANK_APPROVE, bank.institution_id)
    row.status = MonthStatus.RETURNED
    row.returned_by_id = actor.person_id
    row.return_reason = command.reason
    row.version += 1
    session.flush()
    return _done(session, actor, "bank.return-month", row, {"reason": command.reason}, now)


def month_facts(
    session: Session, bank: BankAccount, first_day: date, found: Reconciled, note: str, today: date
) -> rules.MonthFacts:
    """What the rules look at before a month is prepared."""
    earlier = [each for each in figures.unreconciled_months(session, bank, first_day) if each < first_day]
    return rules.MonthFacts(
        periods.month_end(first_day),
        today,
        found.bank is not None,
        earlier[0] if earlier else None,
        len(found.lines),
        found.forward,
        note,
    )


def is_as_prepared(row: BankReconciliation, found: Reconciled) -> bool:
    """Whether the figures now are those that were prepared."""
    now = (
        found.bank.minor if found.bank is not None else None,
        found.book.minor,
        found.postings_sum.minor,
        found.lines_sum.minor,
        len(found.postings),
        len(found.lines),
    )
    then = (row.bank_minor, row.book_minor, row.postings_minor, row.lines_minor, row.open_postings, row.open_lines)
    return now == then


def _opened(session: Session, actor: Actor, account_id: UUID, month: str, now: datetime) -> tuple[BankAccount, date]:
    queries.account(session, actor, account_id)
    return lock_for_update(session, BankAccount, account_id), first_day_of(month, business_date(now))


def _prepared(session: Session, account_id: UUID, first_day: date, version: int) -> BankReconciliation:
    row = queries.month(session, account_id, first_day)
    if row is None or row.status != MonthStatus.PREPARED:
        message = _("This month does not wait for an approval.")
        raise Conflict(Breach("bank-month.state", message, _("Open the page again."), rules.MONTHS))
    return lock_for_update(session, BankReconciliation, row.id, version)


def _done(
    session: Session, actor: Actor, verb: str, row: BankReconciliation, details: dict[str, object], now: datetime
) -> BankReconciliation:
    currency = Currency(row.currency)
    shown = {
        "month": row.month.strftime("%Y-%m"),
        "bank": Money(row.bank_minor, currency),
        "book": Money(row.book_minor, currency),
        **details,
    }
    subject = ("bank_account", row.bank_account_id)
    trail.record(session, actor, verb, subject, shown, now=now, institution_id=row.institution_id)
    return row
