"""The verbs of matching: match what was ticked, take the certain suggestions at once, undo while not approved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.audit import trail
from app.bank_notices.marks import identifiers_of
from app.db.unit_of_work import lock_for_update
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import total
from app.ledger import periods
from app.ledger.balances import PostingRow
from app.reconciliation import figures, identifiers, matching, notified, queries, rules
from app.reconciliation.commands import MatchItems, SwitchAutomatic
from app.reconciliation.figures import Reconciled
from app.reconciliation.matching import BankItem, BookItem, Suggestion, marks_of
from app.reconciliation.models import (
    AutomaticMatching,
    BankLine,
    BankMatch,
    BankReconciliation,
    MatchedLine,
    MatchedPosting,
)
from app.reconciliation.states import CERTAIN, Basis, MonthStatus


def match(session: Session, actor: Actor, account_id: UUID, command: MatchItems, *, now: datetime) -> BankMatch:
    """Match lines of the bank with postings of the book. Raises RuleBreached unless their sums agree exactly.

    Raises InputRefused for what is not on this account, Conflict for what is matched already or a month prepared.
    """
    bank = _opened(session, actor, account_id)
    lines = queries.lines_by_id(session, account_id, command.lines)
    rows = _rows(session, bank, command.postings)
    if len(lines) != len(set(command.lines)) or len(rows) != len(set(command.postings)):
        message = _("Something that was ticked is not on this account.")
        raise InputRefused(Breach("bank-match.unknown", message, source=rules.MATCHING, field="lines"))
    _refuse_taken(session, lines, rows)
    breaches = rules.match_breaches([line.amount for line in lines], [row.amount for row in rows])
    if breaches:
        raise RuleBreached(*breaches)
    (made,) = _kept(session, actor, bank, [_Found(Basis.BY_HAND, lines, rows)], now)
    return made


def match_certain(session: Session, actor: Actor, account_id: UUID, *, now: datetime) -> list[BankMatch]:
    """Take every suggestion that rests on the same identifier or reference and amount, or on a reversal."""
    bank = _opened(session, actor, account_id)
    day = business_date(now)
    open_now = figures.at_end_of(session, bank, day)
    certain = [each for each in suggestions(session, bank, open_now, day) if each.basis in CERTAIN]
    return _kept(session, actor, bank, _found(open_now, certain), now)


def undo(session: Session, actor: Actor, account_id: UUID, match_id: UUID, *, now: datetime) -> None:
    """Take a match apart again. Raises Conflict where it counts in a month that is prepared or approved."""
    bank = _opened(session, actor, account_id)
    found = queries.match(session, account_id, match_id)
    _refuse_standing(queries.months(session, account_id), found.cleared_on)
    details = _said(found.basis, len(found.lines), [place_of(each) for each in found.postings])
    session.delete(found)
    session.flush()
    _record(session, actor, "bank.undo-match", bank, details, now)


def suggestions(session: Session, bank: BankAccount, open_now: Reconciled, today: date) -> list[Suggestion]:
    """What is likely the same money among what is open, the strongest first."""
    days = policies.days(session, PolicyName.BANK_MATCH_DAYS, today)
    return matching.suggestions(*items_of(session, bank, open_now), days)


def items_of(session: Session, bank: BankAccount, open_now: Reconciled) -> tuple[list[BankItem], list[BookItem]]:
    """What is open, with the references and identifiers that either side may bear; notices of the bank add theirs."""
    told = notified.of_lines(session, bank.id, open_now.lines)
    known = queries.references(session, bank, open_now.postings)
    payments = {row.disbursement_id for row in open_now.postings if row.disbursement_id is not None}
    named = identifiers.of_payments(session, payments)
    nothing: tuple[str, ...] = ()
    lines = [_bank_item(line, told.get(line.id, notified.NOTHING)) for line in open_now.lines]
    postings = [
        BookItem(
            (row.entry_id, row.line_no),
            row.effective_on,
            row.amount,
            marks_of(row.reason, *known.get(row.disbursement_id or row.event_id, ()), *known.get(row.event_id, ())),
            row.event_id,
            row.entry_id,
            row.reverses_id,
            identifiers_of(*(named.get(row.disbursement_id, nothing) if row.disbursement_id is not None else nothing)),
        )
        for row in open_now.postings
    ]
    return lines, postings


def _bank_item(line: BankLine, told: notified.Told) -> BankItem:
    return BankItem(
        line.id,
        line.booked_on,
        line.amount,
        marks_of(line.bank_reference, line.end_to_end, line.text, line.clearing_reference, told.end_to_end, told.text),
        identifiers_of(line.end_to_end, line.uetr, told.end_to_end, told.uetr),
        bool(line.return_reason or told.return_reason) or line.reversal or told.reversal,
    )


def match_identified(session: Session, actor: Actor, bank: BankAccount, *, now: datetime) -> list[BankMatch]:
    """Match what agrees by identifier and amount and with nothing else, where the account's setting says so.

    Called with a statement that is taken, by whoever takes it; the setting is what permits it. A month that is prepared
    or approved is left as it is.
    """
    setting = queries.automatic(session, bank.id)
    if setting is None or not setting.is_on:
        return []
    standing = queries.statements(session, bank.id)
    if not standing:
        return []
    open_now = figures.at_end_of(session, bank, max(business_date(now), standing[-1].last_day))
    prepared = max((periods.month_end(each.month) for each in queries.months(session, bank.id)), default=date.min)
    clear = [
        each
        for each in matching.unmistakable(*items_of(session, bank, open_now))
        if max(each.lines[0].day, each.postings[0].day) > prepared
    ]
    return _kept(session, actor, bank, _found(open_now, clear), now)


def switch_automatic(
    session: Session, actor: Actor, account_id: UUID, command: SwitchAutomatic, *, now: datetime
) -> AutomaticMatching:
    """Say whether lines of the account match by themselves where identifier and amount agree; off until said."""
    bank = _opened(session, actor, account_id)
    setting = queries.automatic(session, account_id)
    if setting is None:
        setting = AutomaticMatching(bank_account_id=account_id)
        session.add(setting)
    setting.is_on, setting.changed_by_id, setting.changed_at = command.is_on, actor.person_id, now
    session.flush()
    _record(session, actor, "bank.switch-automatic", bank, {"is_on": command.is_on}, now)
    return setting


def place_of(row: PostingRow | MatchedPosting) -> str:
    """How a posting is named on screens and in the API: `entry-line`."""
    return f"{row.entry_id}-{row.line_no}"


def _rows(session: Session, bank: BankAccount, places: Sequence[str]) -> list[PostingRow]:
    entries = {int(place.partition("-")[0]) for place in places if place.partition("-")[0].isdecimal()}
    return [row for row in queries.postings_of(session, bank, entries) if place_of(row) in set(places)]


def _opened(session: Session, actor: Actor, account_id: UUID) -> BankAccount:
    bank = queries.account(session, actor, account_id)
    authorise(actor, Permission.BANK_RECONCILE, bank.institution_id)
    return lock_for_update(session, BankAccount, account_id)


def _refuse_taken(session: Session, lines: Sequence[BankLine], rows: Sequence[PostingRow]) -> None:
    if queries.any_matched(session, [line.id for line in lines], [(row.entry_id, row.line_no) for row in rows]):
        message, cure = (
            _("Something that was ticked is matched already."),
            _("Open the page again to see what is open."),
        )
        raise Conflict(Breach("bank-match.taken", message, cure, rules.MATCHING))


@dataclass(frozen=True, slots=True)
class _Found:
    """Lines and postings that are to be one match, and what it rests on."""

    basis: Basis
    lines: Sequence[BankLine]
    rows: Sequence[PostingRow]


def _found(open_now: Reconciled, suggested: Sequence[Suggestion]) -> list[_Found]:
    """What suggestions name, as the rows they stand for."""
    lines = {line.id: line for line in open_now.lines}
    rows = {(row.entry_id, row.line_no): row for row in open_now.postings}
    return [
        _Found(each.basis, [lines[item.key] for item in each.lines], [rows[item.key] for item in each.postings])
        for each in suggested
    ]


def _kept(session: Session, actor: Actor, bank: BankAccount, found: Sequence[_Found], now: datetime) -> list[BankMatch]:
    """The matches, written together; the months that they may not count in are read once."""
    months = queries.months(session, bank.id)
    made = [_match(actor, bank, each, months, now) for each in found]
    session.add_all(made)
    session.flush()
    for each in found:
        amounts = [line.amount for line in each.lines] or [row.amount for row in each.rows]
        details = _said(each.basis, len(each.lines), [place_of(row) for row in each.rows])
        details["amount"] = total(amounts, amounts[0].currency)
        _record(session, actor, "bank.match", bank, details, now)
    return made


def _match(
    actor: Actor, bank: BankAccount, found: _Found, months: Sequence[BankReconciliation], now: datetime
) -> BankMatch:
    latest = max([*(line.booked_on for line in found.lines), *(row.effective_on for row in found.rows)])
    approved = [each.month for each in months if each.status == MonthStatus.APPROVED]
    cleared_on = max(latest, periods.next_month(max(approved))) if approved else latest
    _refuse_standing(months, cleared_on)
    made = BankMatch(
        id=new_id(),
        bank_account_id=bank.id,
        basis=found.basis,
        cleared_on=cleared_on,
        matched_by_id=actor.person_id,
        matched_at=now,
    )
    made.lines = [MatchedLine(line_id=line.id) for line in found.lines]
    made.postings = [
        MatchedPosting(
            entry_id=row.entry_id, line_no=row.line_no, effective_on=row.effective_on, amount_minor=row.amount.minor
        )
        for row in found.rows
    ]
    return made


def _refuse_standing(months: Sequence[BankReconciliation], cleared_on: date) -> None:
    """A month that is prepared or approved keeps the matches that count in it."""
    if any(periods.month_end(each.month) >= cleared_on for each in months):
        message = _("Its month is prepared or approved, so what is matched in it stands.")
        cure = _("Have the month returned first, while it is not approved.")
        raise Conflict(Breach("bank-match.month", message, cure, rules.MATCHING))


def _said(basis: str, lines: int, places: Sequence[str]) -> dict[str, object]:
    return {"basis": str(basis), "lines": lines, "postings": list(places)}


def _record(
    session: Session, actor: Actor, verb: str, bank: BankAccount, details: dict[str, object], now: datetime
) -> None:
    subject = ("bank_account", bank.id)
    trail.record(session, actor, verb, subject, details, now=now, institution_id=bank.institution_id)
