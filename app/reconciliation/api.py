"""Reconciliation as JSON: accounts, statements, files of banks, what is open, matches, and months."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger import periods
from app.ledger.balances import PostingRow
from app.reconciliation import matching_service, month_service, notified, queries, statement_service, views
from app.reconciliation.ageing import Aged
from app.reconciliation.commands import (
    BringFile,
    EnterStatement,
    MatchItems,
    PrepareMonth,
    Reasoned,
    Seen,
    SwitchAutomatic,
)
from app.reconciliation.forms import (
    AutomaticForm,
    FileForm,
    MatchForm,
    MonthForm,
    NothingForm,
    ReasonForm,
    SeenForm,
    StatementForm,
)
from app.reconciliation.matching import Suggestion
from app.reconciliation.models import AutomaticMatching, BankFile, BankMatch, BankReconciliation, BankStatement
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out, PageOf, PageQuery

api = ApiBlueprint("reconciliation", __name__)


class AccountOut(Out):
    """A bank account, and the last day that two people reconciled."""

    account_id = fields.UUID(attribute="account.id")
    institution_id = fields.UUID(attribute="account.institution_id")
    currency = CodeOut(attribute="account.currency")
    bank_name = fields.String(attribute="account.bank_name")
    masked_number = fields.String(attribute="account.masked_number")
    statements = fields.Integer()
    reaches = fields.Date(allow_none=True)
    reconciled_to = fields.Date(allow_none=True)


class LineOut(Out):
    """A line of a statement: money in positive, money out negative."""

    id = fields.UUID()
    number = fields.Integer()
    booked_on = fields.Date()
    value_on = fields.Date()
    amount = MoneyOut()
    bank_reference = fields.String()
    end_to_end = fields.String()
    text = fields.String()
    uetr = fields.String()
    mandate_reference = fields.String()
    clearing_reference = fields.String()
    counterparty = fields.String()
    counterparty_account = fields.String()
    charge = MoneyOut(allow_none=True)
    return_reason = fields.String()
    reversal = fields.Boolean()


class StatementOut(Out):
    """A statement with its lines."""

    id = fields.UUID()
    reference = fields.String()
    bank_account_id = fields.UUID()
    bank_number = fields.String()
    first_day = fields.Date()
    last_day = fields.Date()
    opening = MoneyOut()
    closing = MoneyOut()
    source = CodeOut()
    file_id = fields.UUID(allow_none=True)
    status = CodeOut()
    lines = fields.List(fields.Nested(LineOut))
    version = fields.Integer()


class FileOut(Out):
    """A bank's file, with the digest of its bytes."""

    id = fields.UUID()
    source = CodeOut()
    status = CodeOut()
    filename = fields.String()
    sha256 = fields.String(attribute="digest")
    brought_at = fields.AwareDateTime()
    version = fields.Integer()


class ReadLineOut(Out):
    """A line as the file says it."""

    booked_on = fields.Date()
    value_on = fields.Date()
    amount = MoneyOut()
    bank_reference = fields.String()
    end_to_end = fields.String()
    text = fields.String()
    uetr = fields.String()
    mandate_reference = fields.String()
    clearing_reference = fields.String()
    counterparty = fields.String()
    counterparty_account = fields.String()
    charge = MoneyOut(allow_none=True)
    return_reason = fields.String()
    reversal = fields.Boolean()


class ReadOut(Out):
    """A statement as the file says it."""

    first_day = fields.Date()
    last_day = fields.Date()
    opening = MoneyOut()
    closing = MoneyOut()
    bank_number = fields.String()
    lines = fields.List(fields.Nested(ReadLineOut))


class NotifiedOut(Out):
    """A notification as the file says it: debits and credits without balances."""

    bank_number = fields.String()
    entries = fields.List(fields.Nested(ReadLineOut))


class PreviewOut(FileOut):
    """A file with what it says: statements, or notifications."""

    statements = fields.List(fields.Nested(ReadOut))
    notices = fields.List(fields.Nested(NotifiedOut))


class WatchedOut(Out):
    """An entry that the bank notified and no statement shows: it waits for its day, or its day came without it."""

    standing = CodeOut()
    booked_on = fields.Date(attribute="entry.booked_on")
    value_on = fields.Date(attribute="entry.value_on")
    amount = MoneyOut(attribute="entry.amount")
    bank_reference = fields.String(attribute="entry.bank_reference")
    end_to_end = fields.String(attribute="entry.end_to_end")
    uetr = fields.String(attribute="entry.uetr")
    text = fields.String(attribute="entry.text")
    charge = MoneyOut(attribute="entry.charge", allow_none=True)
    return_reason = fields.String(attribute="entry.return_reason")


class PostingOut(Out):
    """A posting on the bank account in the book: debit positive."""

    place = fields.Function(matching_service.place_of)
    effective_on = fields.Date()
    amount = MoneyOut()
    reason = fields.String()


class SuggestionOut(Out):
    """What is likely the same money, and why."""

    basis = CodeOut()
    days_apart = fields.Integer()
    lines = fields.List(fields.UUID())
    postings = fields.List(fields.String())


class OfferOut(Out):
    """The step on a disbursement that a line lets somebody take, filled from the line; nothing is posted by it."""

    line = fields.UUID()
    disbursement = fields.String(attribute="reference")
    step = CodeOut()
    findings = fields.Function(lambda offer: [finding.value for finding, _facts in offer.findings])
    values = fields.Dict(keys=fields.String(), values=fields.String())


class OpenOut(Out):
    """What is in no match yet."""

    lines = fields.List(fields.Nested(LineOut), attribute="figures.lines")
    postings = fields.List(fields.Nested(PostingOut), attribute="figures.postings")
    suggestions = fields.Function(lambda items: [_suggestion(each) for each in items.suggestions])
    offers = fields.Function(lambda items: OfferOut(many=True).dump(list(items.offers.values())))


class AgedOut(Out):
    """What is unmatched of one age: lines as the bank signs them, postings debit positive."""

    age = CodeOut()
    lines = fields.Integer()
    lines_sum = MoneyOut()
    postings = fields.Integer()
    postings_sum = MoneyOut()


class AutomaticOut(Out):
    """Whether lines match by themselves, who said so and when; nobody did, where it is off and never was on."""

    is_on = fields.Boolean()
    changed_by_id = fields.UUID(allow_none=True)
    changed_at = fields.AwareDateTime(allow_none=True)


class MatchOut(Out):
    """A match and from which day it counts."""

    id = fields.UUID()
    basis = CodeOut()
    cleared_on = fields.Date()
    lines = fields.Function(lambda match: [str(each.line_id) for each in match.lines])
    postings = fields.Function(lambda match: [matching_service.place_of(each) for each in match.postings])


class MatchesOut(Out):
    """Matches that were made at once."""

    matches = fields.List(fields.Nested(MatchOut))


class DecidedOut(Out):
    """A month's reconciliation as prepared, and what was decided."""

    id = fields.UUID()
    bank_account_id = fields.UUID()
    month = fields.Date()
    status = CodeOut()
    open_lines = fields.Integer()
    open_postings = fields.Integer()
    note = fields.String()
    prepared_by_id = fields.UUID()
    approved_by_id = fields.UUID(allow_none=True)
    return_reason = fields.String()
    version = fields.Integer()


class MonthOut(Out):
    """A month's figures: bank + postings without a line - lines without a posting + brought forward = book."""

    month = fields.Date()
    last_day = fields.Date()
    status = CodeOut()
    bank = MoneyOut(allow_none=True)
    book = MoneyOut()
    postings_without_line = MoneyOut()
    lines_without_posting = MoneyOut()
    brought_forward = MoneyOut()
    lines = fields.List(fields.Nested(LineOut))
    postings = fields.List(fields.Nested(PostingOut))


def _suggestion(found: Suggestion) -> dict[str, Any]:
    return {
        "basis": found.basis.value,
        "days_apart": found.days_apart,
        "lines": [str(item.key) for item in found.lines],
        "postings": [f"{item.key[0]}-{item.key[1]}" for item in found.postings],
    }


@api.get("/bank", permission=Permission.BANK_READ, response=AccountOut, many=True, summary="List bank accounts")
def accounts(session: Session, actor: Actor) -> list[views.AccountView]:
    """Those whose statements one may read."""
    return views.accounts(session, actor)


@api.get(
    "/bank/<uuid:account_id>/statements",
    permission=Permission.BANK_READ,
    query=PageQuery,
    response=StatementOut,
    many=True,
    summary="List the statements of an account",
)
def statements(session: Session, actor: Actor, query: PageOf, account_id: UUID) -> Page[BankStatement]:
    """Newest first, the withdrawn ones too."""
    bank = queries.account(session, actor, account_id)
    return queries.statement_pages(session, bank.id, query.cursor, query.limit)


@api.post(
    "/bank/<uuid:account_id>/statements",
    permission=Permission.BANK_IMPORT,
    body=StatementForm,
    response=StatementOut,
    status=201,
    summary="Enter a bank statement",
)
def enter(session: Session, actor: Actor, command: EnterStatement, account_id: UUID) -> BankStatement:
    """Opening + lines = closing, and it continues the statement before it, or it is refused."""
    return statement_service.enter(session, actor, account_id, command, now=now())


@api.get(
    "/bank/<uuid:account_id>/statements/<reference:reference>",
    permission=Permission.BANK_READ,
    response=StatementOut,
    summary="Read a bank statement",
)
def statement(session: Session, actor: Actor, account_id: UUID, reference: str) -> BankStatement:
    """With its lines."""
    return queries.statement(session, queries.account(session, actor, account_id).id, reference)


@api.post(
    "/bank/<uuid:account_id>/statements/<reference:reference>/withdraw",
    permission=Permission.BANK_IMPORT,
    body=ReasonForm,
    response=StatementOut,
    summary="Withdraw a bank statement",
)
def withdraw(session: Session, actor: Actor, command: Reasoned, account_id: UUID, reference: str) -> BankStatement:
    """The newest one, while none of its lines is matched."""
    return statement_service.withdraw(session, actor, account_id, reference, command, now=now())


@api.get(
    "/bank/<uuid:account_id>/files",
    permission=Permission.BANK_READ,
    query=PageQuery,
    response=FileOut,
    many=True,
    summary="List the files of a bank",
)
def files(session: Session, actor: Actor, query: PageOf, account_id: UUID) -> Page[BankFile]:
    """Newest first."""
    bank = queries.account(session, actor, account_id)
    return queries.file_pages(session, bank.id, query.cursor, query.limit)


@api.post(
    "/bank/<uuid:account_id>/files",
    permission=Permission.BANK_IMPORT,
    body=FileForm,
    response=FileOut,
    status=201,
    summary="Bring a bank's file in",
)
def bring(session: Session, actor: Actor, command: BringFile, account_id: UUID) -> BankFile:
    """Read and checked whole; what it says is taken by another call. The same bytes give the same file."""
    return statement_service.bring(session, actor, account_id, command, now=now())


@api.get(
    "/bank/<uuid:account_id>/files/<uuid:file_id>",
    permission=Permission.BANK_READ,
    response=PreviewOut,
    summary="Look at what a file says",
)
def preview(session: Session, actor: Actor, account_id: UUID, file_id: UUID) -> dict[str, Any]:
    """Every statement or notification of it with its lines."""
    bank = queries.account(session, actor, account_id)
    kept = queries.file(session, account_id, file_id)
    names = ("id", "source", "status", "filename", "digest", "brought_at", "version")
    said = {name: getattr(kept, name) for name in names}
    read, told = statement_service.preview(session, bank, kept), statement_service.notices(bank, kept)
    return {**said, "statements": read, "notices": told}


@api.post(
    "/bank/<uuid:account_id>/files/<uuid:file_id>/take",
    permission=Permission.BANK_IMPORT,
    body=SeenForm,
    response=FileOut,
    summary="Take what a file says",
)
def take(session: Session, actor: Actor, command: Seen, account_id: UUID, file_id: UUID) -> BankFile:
    """Every statement or notification of it, or none."""
    statement_service.take(session, actor, account_id, file_id, command, now=now())
    return queries.file(session, account_id, file_id)


@api.get(
    "/bank/<uuid:account_id>/files/<uuid:file_id>/original",
    permission=Permission.BANK_READ,
    summary="Save a bank's file",
)
def original(session: Session, actor: Actor, account_id: UUID, file_id: UUID) -> Response:
    """As the bank made it."""
    queries.account(session, actor, account_id)
    kept = queries.file(session, account_id, file_id)
    return attachment(kept.content, kept.media_type, kept.filename)


@api.get(
    "/bank/<uuid:account_id>/notified",
    permission=Permission.BANK_READ,
    response=WatchedOut,
    many=True,
    summary="See what the bank notified and no statement shows",
)
def notified_entries(session: Session, actor: Actor, account_id: UUID) -> Sequence[notified.Watched]:
    """Of the last three months: those that wait for their statement, and those missing on it."""
    return notified.watched(session, queries.account(session, actor, account_id), today())


@api.get(
    "/bank/<uuid:account_id>/open",
    permission=Permission.BANK_READ,
    response=OpenOut,
    summary="See what is not matched",
)
def open_items(session: Session, actor: Actor, account_id: UUID) -> views.OpenItems:
    """Lines and postings without a match, and suggestions with their reasons."""
    return views.open_items(session, queries.account(session, actor, account_id), today())


@api.get(
    "/bank/<uuid:account_id>/ageing",
    permission=Permission.BANK_READ,
    response=AgedOut,
    many=True,
    summary="See how old the unmatched items are",
)
def ageing(session: Session, actor: Actor, account_id: UUID) -> Sequence[Aged]:
    """Both sides by age in days: 0-7, 8-30, 31-90, over 90."""
    return views.open_items(session, queries.account(session, actor, account_id), today()).aged


@api.get(
    "/bank/<uuid:account_id>/automatic",
    permission=Permission.BANK_READ,
    response=AutomaticOut,
    summary="See whether lines match by themselves",
)
def automatic(session: Session, actor: Actor, account_id: UUID) -> dict[str, Any]:
    """Off until somebody switches it on."""
    setting = queries.automatic(session, queries.account(session, actor, account_id).id)
    if setting is None:
        return {"is_on": False, "changed_by_id": None, "changed_at": None}
    return {"is_on": setting.is_on, "changed_by_id": setting.changed_by_id, "changed_at": setting.changed_at}


@api.post(
    "/bank/<uuid:account_id>/automatic",
    permission=Permission.BANK_RECONCILE,
    body=AutomaticForm,
    response=AutomaticOut,
    summary="Switch matching by identifier on or off",
)
def switch_automatic(session: Session, actor: Actor, command: SwitchAutomatic, account_id: UUID) -> AutomaticMatching:
    """Only a line and a posting that agree by identifier and amount, and with nothing else, match by themselves."""
    return matching_service.switch_automatic(session, actor, account_id, command, now=now())


@api.get(
    "/bank/<uuid:account_id>/matches",
    permission=Permission.BANK_READ,
    query=PageQuery,
    response=MatchOut,
    many=True,
    summary="List the matches of an account",
)
def matches(session: Session, actor: Actor, query: PageOf, account_id: UUID) -> Page[BankMatch]:
    """Newest first."""
    bank = queries.account(session, actor, account_id)
    return queries.match_pages(session, bank.id, query.cursor, query.limit)


@api.post(
    "/bank/<uuid:account_id>/matches",
    permission=Permission.BANK_RECONCILE,
    body=MatchForm,
    response=MatchOut,
    status=201,
    summary="Match lines with postings",
)
def match(session: Session, actor: Actor, command: MatchItems, account_id: UUID) -> BankMatch:
    """One to one, one to many, many to one; the sums agree exactly."""
    return matching_service.match(session, actor, account_id, command, now=now())


@api.post(
    "/bank/<uuid:account_id>/match-certain",
    permission=Permission.BANK_RECONCILE,
    body=NothingForm,
    response=MatchesOut,
    summary="Take the certain suggestions",
)
def match_certain(session: Session, actor: Actor, command: dict[str, Any], account_id: UUID) -> dict[str, Any]:
    """Those that agree by reference and amount, and reversals."""
    return {"matches": matching_service.match_certain(session, actor, account_id, now=now())}


@api.post(
    "/bank/<uuid:account_id>/matches/<uuid:match_id>/undo",
    permission=Permission.BANK_RECONCILE,
    body=NothingForm,
    response=OpenOut,
    summary="Undo a match",
)
def undo(session: Session, actor: Actor, command: dict[str, Any], account_id: UUID, match_id: UUID) -> views.OpenItems:
    """While its month is not prepared or approved; the answer is what is open then."""
    matching_service.undo(session, actor, account_id, match_id, now=now())
    return views.open_items(session, queries.account(session, actor, account_id), today())


@api.get(
    "/bank/<uuid:account_id>/months",
    permission=Permission.BANK_READ,
    response=DecidedOut,
    many=True,
    summary="List the months reconciled",
)
def months(session: Session, actor: Actor, account_id: UUID) -> Sequence[BankReconciliation]:
    """Prepared and approved ones, newest first."""
    return queries.months(session, queries.account(session, actor, account_id).id)


@api.get(
    "/bank/<uuid:account_id>/months/<month>",
    permission=Permission.BANK_READ,
    response=MonthOut,
    summary="Read a month's reconciliation",
)
def month(session: Session, actor: Actor, account_id: UUID, month: str) -> dict[str, Any]:
    """Both balances and every difference, as they are now."""
    bank = queries.account(session, actor, account_id)
    first_day = month_service.first_day_of(month, today())
    seen = views.month_view(session, bank, first_day, today())
    found = seen.figures
    rows: tuple[PostingRow, ...] = found.postings
    difference: Money = found.forward if found.bank is not None else Money.zero(Currency(bank.currency))
    return {
        "month": first_day,
        "last_day": periods.month_end(first_day),
        "status": seen.status,
        "bank": found.bank,
        "book": found.book,
        "postings_without_line": found.postings_sum,
        "lines_without_posting": found.lines_sum,
        "brought_forward": difference,
        "lines": found.lines,
        "postings": rows,
    }


@api.post(
    "/bank/<uuid:account_id>/months/<month>/prepare",
    permission=Permission.BANK_RECONCILE,
    body=MonthForm,
    response=DecidedOut,
    status=201,
    summary="Prepare a month's reconciliation",
)
def prepare(session: Session, actor: Actor, command: PrepareMonth, account_id: UUID, month: str) -> BankReconciliation:
    """For another person to approve."""
    return month_service.prepare(session, actor, account_id, month, command, now=now())


@api.post(
    "/bank/<uuid:account_id>/months/<month>/approve",
    permission=Permission.BANK_APPROVE,
    body=SeenForm,
    response=DecidedOut,
    summary="Approve a month's reconciliation",
)
def approve(session: Session, actor: Actor, command: Seen, account_id: UUID, month: str) -> BankReconciliation:
    """As another person than prepared it, with the figures unchanged."""
    return month_service.approve(session, actor, account_id, month, command, now=now())


@api.post(
    "/bank/<uuid:account_id>/months/<month>/return",
    permission=Permission.BANK_READ,
    body=ReasonForm,
    response=DecidedOut,
    summary="Return a month's reconciliation",
)
def send_back(session: Session, actor: Actor, command: Reasoned, account_id: UUID, month: str) -> BankReconciliation:
    """Whoever may approve it, or whoever prepared it, for a reason."""
    return month_service.send_back(session, actor, account_id, month, command, now=now())
