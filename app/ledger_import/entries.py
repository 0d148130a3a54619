"""Vouchers into balanced entries of one book: references looked up in what the book may name, rules of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.chart import CHART, AccountCode, Subject, heading_of
from app.ledger.entries import NO_DIMENSIONS, AccountKey, Dimensions, Entry, EntryKind, Line
from app.ledger.posting import Order, key_for
from app.ledger_import.vouchers import Row, Voucher, WrongCell, parse_amount


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows of one book may name: bank accounts and pockets by (reference, currency), contracts, parties."""

    book_id: UUID
    functional: Currency
    bank_accounts: Mapping[tuple[str, str], UUID]
    pockets: Mapping[tuple[str, str], UUID]
    contracts: Mapping[str, UUID]
    tranches: Mapping[tuple[str, str], UUID]
    parties: Mapping[str, UUID]


@dataclass(frozen=True, slots=True)
class Draft:
    """One entry ready to be posted, and the voucher it came from."""

    voucher: Voucher
    order: Order


def drafts(vouchers: Iterable[Voucher], known: Known) -> tuple[list[Draft], list[Breach]]:
    """Every voucher as an order with its own key, and every breach found; a wrong voucher is left out.

    The key comes from the book and the voucher key, so that the same voucher is never posted twice.
    """
    made: list[Draft] = []
    found: list[Breach] = []
    for voucher in vouchers:
        try:
            made.append(Draft(voucher, Order(_entry(voucher, known), key_of(known.book_id, voucher.key))))
        except _AtLine as wrong:
            found.append(wrong.breach)
        except RuleBreached as refusal:
            found += [_of_voucher(breach, voucher) for breach in refusal.breaches]
    return made, found


def key_of(book_id: UUID, voucher_key: str) -> UUID:
    """The idempotency key of a voucher in a book."""
    return key_for("ledger.import", book_id, voucher_key)


class _AtLine(Exception):
    def __init__(self, breach: Breach) -> None:
        super().__init__(breach.code)
        self.breach = breach


def _of_voucher(breach: Breach, voucher: Voucher) -> Breach:
    number = breach.params.get("line")
    line = voucher.rows[number - 1].line if isinstance(number, int) and number <= len(voucher.rows) else voucher.line
    return Breach(
        breach.code,
        breach.message,
        _("Correct voucher %(voucher)s (line %(line)s) and import the whole file again: nothing was taken."),
        breach.source,
        {**breach.params, "line": line, "column": "voucher", "voucher": voucher.key},
        field="file",
    )


def _entry(voucher: Voucher, known: Known) -> Entry:
    lines = [_line(row, known) for row in voucher.rows]
    if voucher.kind is EntryKind.OPENING:
        lines += _opening_lines(lines, known.functional)
    return Entry(
        known.book_id,
        voucher.day,
        voucher.kind,
        key_for("ledger.import.event", known.book_id, voucher.key),
        voucher.reason,
        tuple(lines),
        voucher.evidence,
    )


def _opening_lines(lines: list[Line], functional: Currency) -> list[Line]:
    """What the opening balances of a voucher leave open, per currency, on account 3901."""
    amounts: dict[Currency, int] = {}
    worths: dict[Currency, int] = {}
    for line in lines:
        currency = line.amount.currency
        amounts[currency] = amounts.get(currency, 0) + line.amount.minor
        worths[currency] = worths.get(currency, 0) + line.functional.minor
    return [
        Line(
            AccountKey(AccountCode.OPENING_BALANCE, currency),
            Money(-minor, currency),
            Money(-worths[currency], functional),
        )
        for currency, minor in amounts.items()
        if minor
    ]


def _line(row: Row, known: Known) -> Line:
    try:
        account = _account(row, known)
        return Line(account, row.amount, _functional(row, known), _dimensions(row, known, account))
    except WrongCell as wrong:
        raise _AtLine(wrong.at(row.line)) from wrong


def _account(row: Row, known: Known) -> AccountKey:
    subject = CHART[row.code].subject
    if subject is Subject.NONE:
        if row.subject:
            message = _("Account %(account)s takes no bank account and no pocket.")
            raise WrongCell("subject", "subject", message, account=row.code.value)
        return AccountKey(row.code, row.amount.currency)
    named = known.bank_accounts if subject is Subject.BANK_ACCOUNT else known.pockets
    found = named.get((row.subject, row.amount.currency.value))
    if found is None:
        message = (
            _("This book has no bank account “%(value)s” in %(currency)s.")
            if subject is Subject.BANK_ACCOUNT
            else _("This book has no pocket “%(value)s” in %(currency)s.")
        )
        raise WrongCell("subject", "subject", message, value=row.subject, currency=row.amount.currency)
    return AccountKey(row.code, row.amount.currency, found)


def _functional(row: Row, known: Known) -> Money:
    if not row.functional:
        if row.amount.currency is known.functional:
            return row.amount
        message = _("The amount in the book's currency, %(currency)s, is missing.")
        raise WrongCell("functional", "functional", message, currency=known.functional)
    worth = parse_amount(row.functional, known.functional, "functional")
    worth = worth if row.is_debit else -worth
    if row.amount.currency is known.functional and worth != row.amount:
        message = _("In the book's own currency amount and functional amount are the same.")
        raise WrongCell("functional", "functional", message)
    return worth


def _dimensions(row: Row, known: Known, account: AccountKey) -> Dimensions:
    heading = heading_of(row.code)
    if heading is not None and row.heading not in (None, heading):
        message = _("Account %(account)s is the account of the heading %(heading)s.")
        raise WrongCell("heading", "heading", message, account=row.code.value, heading=heading.value)
    pocket = account.subject_id if account.code is AccountCode.POCKET else None
    chosen = row.heading or heading
    if not (row.contract or row.tranche or row.party or chosen or pocket):
        return NO_DIMENSIONS
    return Dimensions(
        contract_id=_looked_up(known.contracts, row.contract, "contract"),
        tranche_id=_tranche(row, known),
        heading=chosen,
        pocket_id=pocket,
        party_id=_looked_up(known.parties, row.party, "party"),
    )


def _looked_up(known: Mapping[str, UUID], reference: str, column: str) -> UUID | None:
    if not reference:
        return None
    if reference not in known:
        message = _("There is no “%(value)s” that this book may name.")
        raise WrongCell(column, column, message, value=reference)
    return known[reference]


def _tranche(row: Row, known: Known) -> UUID | None:
    if not row.tranche:
        return None
    found = known.tranches.get((row.contract, row.tranche))
    if found is None:
        message = _("Contract “%(contract)s” has no tranche “%(value)s”.")
        raise WrongCell("tranche", "tranche", message, contract=row.contract, value=row.tranche[:20])
    return found
