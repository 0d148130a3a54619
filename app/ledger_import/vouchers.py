"""Records into vouchers: each cell checked by itself, each wrong one named. Pure; references are looked up later."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import InvalidAmount, Money
from app.kernel.spreadsheet_text import FORMULA_STARTS
from app.ledger.chart import AccountCode
from app.ledger.entries import EntryKind
from app.ledger.headings import Heading
from app.ledger_import.layout import NOTHING_TAKEN, Record, fault

KINDS = (EntryKind.ACTUAL, EntryKind.OPENING, EntryKind.REVALUATION, EntryKind.CLOSING)
MAX_KEY = 100
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_AMOUNT = _("“%(value)s” is not an amount.")
_AMOUNT_CURE = _(
    "Write it in line %(line)s with the digits 0 to 9 and a full stop, at most two decimals, no separators and no "
    "sign, such as 1234.50."
)


@dataclass(frozen=True, slots=True)
class Row:
    """One posting as the file gives it: amounts debit positive, references still as text."""

    line: int
    code: AccountCode
    amount: Money
    functional: str
    is_debit: bool
    subject: str
    contract: str
    tranche: str
    party: str
    heading: Heading | None


@dataclass(slots=True)
class Voucher:
    """The rows under one voucher key: one entry of the book. The head stands on its first line."""

    key: str
    line: int
    day: date
    kind: EntryKind
    reason: str
    evidence: bytes | None
    rows: list[Row] = field(default_factory=list)


class WrongCell(ValueError):
    """A cell that cannot be taken."""

    def __init__(self, code: str, column: str, message: str, cure: str = NOTHING_TAKEN, **params: object) -> None:
        """`params` fill the message; line and column are added by `at`."""
        super().__init__(code)
        self.code, self.column, self.message, self.cure, self.params = code, column, message, cure, params

    def at(self, line: int) -> Breach:
        """The breach with the line it stands on."""
        return fault(self.code, line, self.column, self.message, self.cure, **self.params)


def vouchers(records: Iterable[Record]) -> tuple[list[Voucher], list[Breach]]:
    """The vouchers in the order of their first lines, and every breach; vouchers with a wrong line are left out."""
    found: list[Breach] = []
    made: dict[str, Voucher] = {}
    broken: set[str] = set()
    for record in records:
        key = record.cells.get("voucher", "")
        try:
            if key not in broken:
                _voucher(record, made)
        except WrongCell as wrong:
            found.append(wrong.at(record.line))
            broken.add(key)
        try:
            row = _row(record)
        except WrongCell as wrong:
            found.append(wrong.at(record.line))
            broken.add(key)
        else:
            if key in made:
                made[key].rows.append(row)
    return [voucher for key, voucher in made.items() if key not in broken], found


def parse_amount(text: str, currency: Currency, column: str = "amount") -> Money:
    """An amount without a sign, exact, in the currency's minor unit; raises ValueError for anything else.

    Full-width digits, separators (1,000.00), signs, exponents, a third decimal and formulas are refused, never guessed.
    """
    try:
        amount = Money.parse(text, currency)
    except InvalidAmount as error:
        raise WrongCell("amount", column, _AMOUNT, _AMOUNT_CURE, value=text[:40]) from error
    if text.startswith("-"):
        raise WrongCell("amount-sign", column, _AMOUNT, _("Put the amount on the other side instead."), value=text[:40])
    return amount


def _voucher(record: Record, made: dict[str, Voucher]) -> None:
    """Open the voucher on its first line; on a later one, check that the head is empty or the same."""
    cells = record.cells
    key = _words(cells, "voucher", MAX_KEY)
    if not key:
        raise WrongCell("voucher", "voucher", _("The line has no voucher key."))
    voucher = made.get(key)
    if voucher is None:
        made[key] = Voucher(
            key,
            record.line,
            _day(cells.get("date", "")),
            _kind(cells.get("kind", "")),
            _reason(cells),
            _evidence(cells.get("evidence", "")),
        )
        return
    head = (("date", voucher.day.isoformat()), ("kind", voucher.kind.value), ("reason", voucher.reason))
    for column, value in head:
        if cells.get(column, "") not in ("", value):
            message = _("Voucher %(voucher)s says “%(value)s” here and something else on line %(first)s.")
            raise WrongCell(
                "voucher-differs", column, message, voucher=key, value=cells[column][:40], first=voucher.line
            )


def _row(record: Record) -> Row:
    cells = record.cells
    code = _account(cells.get("account", ""))
    currency = _currency(cells.get("currency", ""))
    amount, is_debit = _sided(cells, currency)
    return Row(
        record.line,
        code,
        amount if is_debit else -amount,
        cells.get("functional", ""),
        is_debit,
        _words(cells, "subject", 64),
        _words(cells, "contract", 40),
        cells.get("tranche", ""),
        _words(cells, "party", 40),
        _heading(cells.get("heading", "")),
    )


def _sided(cells: dict[str, str], currency: Currency) -> tuple[Money, bool]:
    debit, credit = cells.get("debit", ""), cells.get("credit", "")
    side, amount = cells.get("side", ""), cells.get("amount", "")
    if side or amount:
        if debit or credit:
            raise WrongCell("amount-twice", "amount", _("The line has both side and amount and debit or credit."))
        if side not in ("D", "C"):
            message = _("“%(value)s” is not a side: D for debit, C for credit.")
            raise WrongCell("side", "side", message, value=side[:40])
        return parse_amount(amount, currency), side == "D"
    if bool(debit) == bool(credit):
        raise WrongCell("amount-missing", "debit", _("Give either a debit or a credit."))
    column = "debit" if debit else "credit"
    return parse_amount(debit or credit, currency, column), bool(debit)


def _words(cells: dict[str, str], column: str, longest: int) -> str:
    text = cells.get(column, "")
    if not text:
        return text
    if text.startswith(FORMULA_STARTS):
        raise WrongCell("formula", column, _("“%(value)s” would be a formula in a spreadsheet."), value=text[:40])
    if len(text) > longest or not text.isprintable():
        message = _("The text has control characters or more than %(limit)s characters.")
        raise WrongCell("text", column, message, limit=longest)
    return text


def _reason(cells: dict[str, str]) -> str:
    text = _words(cells, "reason", 500)
    if not text:
        raise WrongCell("reason", "reason", _("The first line of a voucher gives the reason."))
    return text


def _day(text: str) -> date:
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError as error:
        message = _("“%(value)s” is not a date of the form 2026-03-31.")
        raise WrongCell("date", "date", message, value=text[:40]) from error


def _kind(text: str) -> EntryKind:
    if not text:
        return EntryKind.ACTUAL
    for kind in KINDS:
        if text == kind.value:
            return kind
    raise WrongCell("kind", "kind", _("“%(value)s” is none of %(known)s."), value=text[:40], known=", ".join(KINDS))


def _account(text: str) -> AccountCode:
    try:
        return AccountCode(text)
    except ValueError as error:
        message = _("The chart of accounts has no account “%(value)s”.")
        raise WrongCell("account", "account", message, value=text[:40]) from error


def _currency(text: str) -> Currency:
    try:
        return Currency(text)
    except ValueError as error:
        message = _("“%(value)s” is not a currency the ledger keeps: CNY or HKD.")
        raise WrongCell("currency", "currency", message, value=text[:40]) from error


def _heading(text: str) -> Heading | None:
    try:
        return Heading(text) if text else None
    except ValueError as error:
        raise WrongCell("heading", "heading", _("There is no heading “%(value)s”."), value=text[:40]) from error


def _evidence(text: str) -> bytes | None:
    if not text:
        return None
    if not _DIGEST.fullmatch(text.lower()):
        raise WrongCell("evidence", "evidence", _("A SHA-256 digest is written in 64 hexadecimal digits."))
    return bytes.fromhex(text)
