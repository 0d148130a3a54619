"""Every SELECT of reconciliation: accounts in scope, statements, lines, matches, months, and the book's postings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, or_, select, tuple_
from sqlalchemy.orm import Session, joinedload, selectinload

from app.access.permissions import Permission
from app.access.scope import institutions_granting, sees, sees_everything
from app.disbursements.models import Disbursement, Receipt, ResidueReturn
from app.institutions import book_scope
from app.institutions.models import BankAccount, Institution
from app.institutions.states import BankAccountStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.ledger import balances
from app.ledger.balances import PostingRow, Selection
from app.ledger.chart import AccountCode
from app.ledger.entries import FIRST_DAY, LAST_DAY, AccountKey
from app.reconciliation.models import (
    AutomaticMatching,
    BankFile,
    BankLine,
    BankMatch,
    BankReconciliation,
    BankStatement,
    MatchedLine,
    MatchedPosting,
)
from app.reconciliation.rules import LineMark, Span
from app.reconciliation.states import MonthStatus, StatementSource, StatementStatus
from app.web.paging import Order, Page, paginate

Row = TypeVar("Row")
USED = (BankAccountStatus.VERIFIED.value, BankAccountStatus.REPLACED.value)
"""Accounts that money can have moved on: a replaced one keeps its history."""

MOST_LOOK_UPS = 50
"""Entries looked up one by one; of more, all postings of the account are read once."""


def accounts(session: Session, actor: Actor) -> Sequence[BankAccount]:
    """Accounts whose statements the actor may read, by institution, currency and number."""
    query = (
        select(BankAccount)
        .join(Institution, Institution.id == BankAccount.institution_id)
        .where(BankAccount.status.in_(USED))
        .options(joinedload(BankAccount.institution))
        .order_by(Institution.code, BankAccount.currency, BankAccount.number)
    )
    if not sees_everything(actor):
        query = query.where(BankAccount.institution_id.in_(institutions_granting(actor, Permission.BANK_READ)))
    return session.scalars(query).all()


def account(session: Session, actor: Actor, account_id: UUID) -> BankAccount:
    """The account, if the actor may read its statements. Raises NotFound outside the scope, NotPermitted without it."""
    found = session.get(BankAccount, account_id, options=[joinedload(BankAccount.institution)])
    if found is None or found.status not in USED or not sees(actor, found.institution_id):
        raise _not_found()
    book_scope.authorise_reading(actor, Permission.BANK_READ, found.institution_id)
    return found


def accounts_of_book(session: Session, institution_id: UUID) -> Sequence[BankAccount]:
    """Every used account of an institution, by currency and number."""
    query = select(BankAccount).where(BankAccount.institution_id == institution_id, BankAccount.status.in_(USED))
    return session.scalars(query.order_by(BankAccount.currency, BankAccount.number)).all()


def _not_found() -> NotFound:
    return NotFound(Breach("bank-account.not-found", _("There is no such bank account.")))


def _no_record() -> NotFound:
    return NotFound(Breach("record.not-found", _("There is no such record.")))


# Statements and files


def statements(session: Session, account_id: UUID) -> Sequence[BankStatement]:
    """The statements of an account that stand, oldest first."""
    query = select(BankStatement).where(
        BankStatement.bank_account_id == account_id, BankStatement.status == StatementStatus.STANDING
    )
    return session.scalars(query.order_by(BankStatement.first_day, BankStatement.entered_at)).all()


def spans(session: Session, account_id: UUID) -> list[Span]:
    """What a new statement has to fit between."""
    return [
        Span(each.reference, each.first_day, each.last_day, each.opening, each.closing)
        for each in statements(session, account_id)
    ]


def known_lines(session: Session, account_id: UUID) -> dict[LineMark, str]:
    """The marks of the lines that stand and bear a reference of the bank's, with the statement each stands on."""
    columns = (BankLine.bank_reference, BankLine.end_to_end, BankLine.uetr, BankLine.value_on, BankLine.amount_minor)
    query = (
        select(*columns, BankStatement.reference)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .where(
            BankStatement.bank_account_id == account_id,
            BankStatement.status == StatementStatus.STANDING,
            BankLine.bank_reference != "",
        )
    )
    return {(row[0], row[1], row[2], row[3], row[4]): row[5] for row in session.execute(query)}


def last_sequence(session: Session, account_id: UUID) -> int | None:
    """The bank's count on its newest statement that has one."""
    query = (
        select(BankStatement.sequence)
        .where(
            BankStatement.bank_account_id == account_id,
            BankStatement.status == StatementStatus.STANDING,
            BankStatement.sequence.is_not(None),
        )
        .order_by(BankStatement.last_day.desc())
    )
    return session.scalar(query.limit(1))


def statement(session: Session, account_id: UUID, reference: str) -> BankStatement:
    """A statement of that account, with its lines. Raises NotFound."""
    query = select(BankStatement).where(
        BankStatement.bank_account_id == account_id, BankStatement.reference == reference
    )
    found = session.scalar(query.options(selectinload(BankStatement.lines)))
    if found is None:
        raise _no_record()
    return found


def statements_of_file(session: Session, file_id: UUID) -> Sequence[BankStatement]:
    """The statements that were taken from a file."""
    query = select(BankStatement).where(BankStatement.file_id == file_id)
    return session.scalars(query.order_by(BankStatement.first_day)).all()


def file(session: Session, account_id: UUID, file_id: UUID) -> BankFile:
    """A file of that account. Raises NotFound."""
    found = session.get(BankFile, file_id)
    if found is None or found.bank_account_id != account_id:
        raise _no_record()
    return found


def last_layout(session: Session, account_id: UUID) -> dict[str, Any]:
    """What was typed beside the newest table of an account; empty where none was brought in."""
    query = select(BankFile.asked).where(
        BankFile.bank_account_id == account_id, BankFile.source == StatementSource.TABLE
    )
    return session.scalar(query.order_by(BankFile.brought_at.desc(), BankFile.id.desc()).limit(1)) or {}


def file_by_digest(session: Session, account_id: UUID, sha256: bytes) -> BankFile | None:
    """The file with these very bytes, if it was brought before."""
    return session.scalar(select(BankFile).where(BankFile.bank_account_id == account_id, BankFile.sha256 == sha256))


def lines(session: Session, account_id: UUID, last_day: date = LAST_DAY) -> Sequence[BankLine]:
    """Every line of the account's standing statements up to a day, in order."""
    return session.scalars(_standing(select(BankLine), account_id, last_day).order_by(*_IN_ORDER)).all()


def lines_sum(session: Session, account_id: UUID, last_day: date) -> int:
    """What every line of the account's standing statements up to a day comes to, in minor units of its currency."""
    summed = select(func.coalesce(func.sum(BankLine.amount_minor), 0))
    return int(session.scalars(_standing(summed, account_id, last_day)).one())


def open_lines(session: Session, account_id: UUID, last_day: date) -> Sequence[BankLine]:
    """The lines of the account's standing statements up to a day that no match had cleared by then, in order."""
    cleared = (
        select(MatchedLine.line_id)
        .join(BankMatch, BankMatch.id == MatchedLine.match_id)
        .where(MatchedLine.line_id == BankLine.id, BankMatch.cleared_on <= last_day)
    )
    query = _standing(select(BankLine), account_id, last_day).where(~cleared.exists())
    return session.scalars(query.order_by(*_IN_ORDER)).all()


_IN_ORDER = (BankLine.booked_on, BankStatement.first_day, BankLine.number)


def _standing(asked: Select[Row], account_id: UUID, last_day: date) -> Select[Row]:
    """The same of the lines of the account's standing statements up to a day."""
    return asked.join(BankStatement, BankStatement.id == BankLine.statement_id).where(
        BankStatement.bank_account_id == account_id,
        BankStatement.status == StatementStatus.STANDING,
        BankLine.booked_on <= last_day,
    )


def lines_by_id(session: Session, account_id: UUID, keys: Iterable[UUID]) -> Sequence[BankLine]:
    """Those of the lines that stand on the account's statements."""
    query = (
        select(BankLine)
        .join(BankStatement, BankStatement.id == BankLine.statement_id)
        .where(
            BankStatement.bank_account_id == account_id,
            BankStatement.status == StatementStatus.STANDING,
            BankLine.id.in_(set(keys)),
        )
        .order_by(BankLine.booked_on, BankStatement.first_day, BankLine.number)
    )
    return session.scalars(query).all()


# Matches


@dataclass(frozen=True, slots=True)
class Cleared:
    """A posting in a match: entry and line, its day, its amount in minor units, and from which day it is cleared."""

    key: tuple[int, int]
    effective_on: date
    minor: int
    cleared_on: date


def match(session: Session, account_id: UUID, match_id: UUID) -> BankMatch:
    """A match of that account. Raises NotFound."""
    found = session.get(BankMatch, match_id, options=[selectinload(BankMatch.lines), selectinload(BankMatch.postings)])
    if found is None or found.bank_account_id != account_id:
        raise _no_record()
    return found


def any_matched(session: Session, line_ids: Collection[UUID], postings: Collection[tuple[int, int]]) -> bool:
    """Whether one of the lines or postings is in a match already."""
    of_lines = select(MatchedLine.line_id).where(MatchedLine.line_id.in_(line_ids))
    place = tuple_(MatchedPosting.entry_id, MatchedPosting.line_no)
    of_postings = select(MatchedPosting.entry_id).where(place.in_(postings))
    return bool(session.scalar(select(or_(of_lines.exists(), of_postings.exists()))))


def cleared_lines(session: Session, account_id: UUID) -> dict[UUID, date]:
    """From which day each matched line counts as cleared."""
    query = (
        select(MatchedLine.line_id, BankMatch.cleared_on)
        .join(BankMatch, BankMatch.id == MatchedLine.match_id)
        .where(BankMatch.bank_account_id == account_id)
    )
    return {row.line_id: row.cleared_on for row in session.execute(query)}


def cleared_postings(session: Session, account_id: UUID) -> list[Cleared]:
    """Every matched posting: its place, the day it is of, what it comes to, and from which day it counts as cleared."""
    query = (
        select(
            MatchedPosting.entry_id,
            MatchedPosting.line_no,
            MatchedPosting.effective_on,
            MatchedPosting.amount_minor,
            BankMatch.cleared_on,
        )
        .join(BankMatch, BankMatch.id == MatchedPosting.match_id)
        .where(BankMatch.bank_account_id == account_id)
    )
    return [Cleared((row[0], row[1]), row[2], row[3], row[4]) for row in session.execute(query)]


def automatic(session: Session, account_id: UUID) -> AutomaticMatching | None:
    """Whether lines of the account match by themselves; None where nobody has ever said."""
    return session.get(AutomaticMatching, account_id)


# Months


def months(session: Session, account_id: UUID) -> Sequence[BankReconciliation]:
    """The months of an account that stand (prepared or approved), newest first."""
    query = select(BankReconciliation).where(
        BankReconciliation.bank_account_id == account_id, BankReconciliation.status != MonthStatus.RETURNED
    )
    return session.scalars(query.order_by(BankReconciliation.month.desc())).all()


def month(session: Session, account_id: UUID, first_day: date) -> BankReconciliation | None:
    """The month as it stands; None while nobody has prepared it."""
    return next((each for each in months(session, account_id) if each.month == first_day), None)


def returned(session: Session, account_id: UUID, first_day: date) -> Sequence[BankReconciliation]:
    """Earlier preparations of a month that were returned, newest first."""
    query = select(BankReconciliation).where(
        BankReconciliation.bank_account_id == account_id,
        BankReconciliation.month == first_day,
        BankReconciliation.status == MonthStatus.RETURNED,
    )
    return session.scalars(query.order_by(BankReconciliation.prepared_at.desc())).all()


def prepared_by_others(session: Session, actor: Actor) -> Sequence[BankReconciliation]:
    """Months that wait for the actor's approval."""
    query = select(BankReconciliation).where(
        BankReconciliation.status == MonthStatus.PREPARED,
        BankReconciliation.prepared_by_id != actor.person_id,
        BankReconciliation.institution_id.in_(institutions_granting(actor, Permission.BANK_APPROVE)),
    )
    return session.scalars(query.order_by(BankReconciliation.month, BankReconciliation.id)).all()


# The book


def key_of(bank: BankAccount) -> AccountKey:
    """The account of the book on which this bank account's money stands."""
    return AccountKey(AccountCode.BANK, Currency(bank.currency), bank.id)


def postings(
    session: Session,
    bank: BankAccount,
    first_day: date = FIRST_DAY,
    last_day: date = LAST_DAY,
    but_not: Collection[tuple[int, int]] = (),
) -> list[PostingRow]:
    """Every posting on the bank account between two days inclusive, in order; without those of `but_not`."""
    key = key_of(bank)
    chosen = Selection(
        book_id=bank.institution_id,
        code=key.code,
        currency=key.currency,
        subject_id=bank.id,
        first_day=first_day,
        last_day=last_day,
        but_not=but_not,
    )
    return list(balances.stream_postings(session, chosen))


def postings_of(session: Session, bank: BankAccount, entries: Collection[int]) -> list[PostingRow]:
    """The postings on the bank account of some entries, one look-up each; of many, out of all postings at once."""
    if len(entries) > MOST_LOOK_UPS:
        return [row for row in postings(session, bank) if row.entry_id in entries]
    key = key_of(bank)
    found: list[PostingRow] = []
    for entry in sorted(entries):
        chosen = Selection(
            book_id=bank.institution_id, code=key.code, currency=key.currency, subject_id=bank.id, entry_id=entry
        )
        found += balances.stream_postings(session, chosen)
    return found


def references(session: Session, bank: BankAccount, rows: Iterable[PostingRow]) -> dict[UUID, tuple[str, ...]]:
    """References that a line of this bank may bear, by disbursement or else by event: ours, and what people typed."""
    rows = list(rows)
    payments = {row.disbursement_id for row in rows if row.disbursement_id is not None}
    found: dict[UUID, tuple[str, ...]] = {}
    paid = select(Disbursement.id, Disbursement.reference, Disbursement.settlement_bank_reference).where(
        Disbursement.id.in_(payments), Disbursement.payer_account_id == bank.id
    )
    received = (
        select(Disbursement.id, Disbursement.reference, Receipt.bank_reference)
        .join(Receipt, Receipt.disbursement_id == Disbursement.id)
        .where(Disbursement.id.in_(payments), Receipt.bank_account_id == bank.id)
    )
    sent = select(ResidueReturn.event_id, ResidueReturn.reference, ResidueReturn.bank_reference).where(
        ResidueReturn.event_id.in_({row.event_id for row in rows}), ResidueReturn.from_account_id == bank.id
    )
    arrived = select(ResidueReturn.event_id, ResidueReturn.reference, ResidueReturn.received_bank_reference).where(
        ResidueReturn.event_id.in_({row.event_id for row in rows}), ResidueReturn.to_account_id == bank.id
    )
    for query in (paid, received, sent, arrived):
        for key, ours, theirs in session.execute(query):
            found[key] = (*found.get(key, ()), ours, theirs)
    return found


def payment_references(session: Session, payments: Iterable[UUID]) -> dict[UUID, str]:
    """Our own reference of each disbursement, which payment files give as the end-to-end reference."""
    query = select(Disbursement.id, Disbursement.reference).where(Disbursement.id.in_(set(payments)))
    return {row.id: row.reference for row in session.execute(query)}


def payments_at(session: Session, account_id: UUID, references: Iterable[str]) -> Sequence[Disbursement]:
    """Disbursements with those references that are paid from the account or to it, with their receipts."""
    query = (
        select(Disbursement)
        .where(
            Disbursement.reference.in_(set(references)),
            or_(Disbursement.payer_account_id == account_id, Disbursement.payee_account_id == account_id),
        )
        .options(selectinload(Disbursement.receipts))
    )
    return session.scalars(query).all()


def statement_counts(session: Session, account_ids: Iterable[UUID]) -> dict[UUID, tuple[int, date]]:
    """How many statements stand for each account, and the last day they reach."""
    query = (
        select(BankStatement.bank_account_id, func.count(), func.max(BankStatement.last_day))
        .where(BankStatement.bank_account_id.in_(set(account_ids)), BankStatement.status == StatementStatus.STANDING)
        .group_by(BankStatement.bank_account_id)
    )
    return {row[0]: (row[1], row[2]) for row in session.execute(query)}


# Lists in pages, for screens and API


def statement_pages(session: Session, account_id: UUID, cursor: str | None, limit: int) -> Page[BankStatement]:
    """Statements of an account with their lines, newest first, the withdrawn ones too."""
    query = select(BankStatement).where(BankStatement.bank_account_id == account_id)
    query = query.options(selectinload(BankStatement.lines))
    order = [Order(BankStatement.first_day, descending=True), Order(BankStatement.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit)


def match_pages(session: Session, account_id: UUID, cursor: str | None, limit: int) -> Page[BankMatch]:
    """Matches of an account with what they hold, newest first."""
    query = select(BankMatch).where(BankMatch.bank_account_id == account_id)
    query = query.options(selectinload(BankMatch.lines), selectinload(BankMatch.postings))
    order = [Order(BankMatch.cleared_on, descending=True), Order(BankMatch.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit)


def file_pages(session: Session, account_id: UUID, cursor: str | None, limit: int) -> Page[BankFile]:
    """Files of an account, newest first."""
    query = select(BankFile).where(BankFile.bank_account_id == account_id)
    order = [Order(BankFile.brought_at, descending=True), Order(BankFile.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit)
