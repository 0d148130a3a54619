"""Reads MT940, SWIFT's customer statement: exact amounts, every line accounted for, the parts of a statement joined.

The fields are read by the library `mt940`; what it reads leniently is checked here: each field 61 is a line, amounts
have at most two decimals, each part begins with the balance the one before it ended with. Source: SWIFT MT940.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import mt940
from mt940.models import Transactions

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.kernel.money import InvalidAmount, Money
from app.reconciliation.mt940_details import particulars
from app.reconciliation.statements import AccountNamed, LineRead, StatementRead, pieces_of, plain_number

MAX_LINES = 50_000
MAX_FIELDS, MAX_STATEMENTS, LONGEST_FIELD = 4 * MAX_LINES, 5_000, 10_000
"""A line has two fields of some hundred characters, a statement a handful: a file beyond this is none of a bank."""

SOURCE = "SWIFT MT940"
OPTIONS = mt940.Options.all()

logging.getLogger("mt940").setLevel(logging.CRITICAL)  # it would write whole fields, with account numbers, to the log

_BEGINS = re.compile(r"(?:^|\n):20:")
_BLOCKS = re.compile(r"\{[1235]:[^{}\n]*(?:\{[^{}\n]*\}[^{}\n]*)*\}|\{4:|-\}")
_HIGH = re.compile(rb"[\x80-\xff]+")
_FINAL, _INTERMEDIATE = ("final_opening_balance", "final_closing_balance"), (
    "intermediate_opening_balance",
    "intermediate_closing_balance",
)  # fmt: skip
_PLAIN = ("opening_balance", "closing_balance")
_CURRENCY_AT_END = re.compile(r"(?<=[0-9])[A-Z]{3}$")


def is_mt940(content: bytes) -> bool:
    """Whether the content begins like MT940: a reference (20) and an account (25) before anything else is said."""
    head = content[:4000].decode("ascii", "replace").replace("\r", "")
    return bool(_BEGINS.search(head)) and "\n:25" in head


def accounts(content: bytes) -> tuple[AccountNamed, ...]:
    """The accounts the file has statements of, each once. Raises InputRefused for what cannot be read."""
    return tuple(dict.fromkeys(_account_of(each) for each in _messages(content)))


def read(content: bytes, currency: Currency, number: str = "") -> tuple[StatementRead, ...]:
    """Every statement of the file, oldest first; with `number`, those of that account where there are any.

    Raises InputRefused, naming the statement and the field; nothing is guessed.
    """
    own = pieces_of(_messages(content), _account_of, AccountNamed(number, currency.value))
    found = [_Reader(parts, currency).statement() for parts in _joined(own)]
    return tuple(sorted(found, key=lambda each: (each.first_day, each.last_day)))


def decoded(content: bytes) -> str:
    """The text of the file. UTF-8 where it is that; else GB 18030 where bytes beyond ASCII come in pairs, or Latin."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pairs = all(len(run) % 2 == 0 for run in _HIGH.findall(content))
        text = content.decode("gb18030" if pairs else "cp1252", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _messages(content: bytes) -> list[Transactions]:
    """Each message of the file. A file handle is passed on, since the library opens a text that names a file."""
    text = _BLOCKS.sub("\n", decoded(content))
    _refuse_too_large(text)
    try:
        found = mt940.parse_statements(io.StringIO(text.replace("\n:20:", "\n\n:20:")), options=OPTIONS)
    except (RuntimeError, ValueError, ArithmeticError, KeyError, AttributeError, TypeError) as error:
        value = error.args[2] if len(error.args) > 2 else ""
        field = getattr(error.args[1], "id", "–") if len(error.args) > 2 else "–"
        message = _("Field %(element)s cannot be read: “%(value)s”.")
        raise InputRefused(_breach("unreadable", message, str(field), value=str(value)[:40])) from None
    if not found:
        raise InputRefused(_breach("no-statement", _("The file holds no statement (field 20)."), "20"))
    if sum(len(each) for each in found) != len(re.findall(r"(?m)^:61:", text)):
        message = _("A line (field %(element)s) has no transaction type, so that two of them cannot be told apart.")
        raise InputRefused(_breach("line-lost", message, "61"))
    return found


def _refuse_too_large(text: str) -> None:
    fields = text.split("\n:")
    counts = (text.count("\n:61:"), MAX_LINES), (len(fields), MAX_FIELDS), (text.count(":20:"), MAX_STATEMENTS)
    if any(count > most for count, most in counts):
        raise InputRefused(_breach("too-long", _("The file has more than %(limit)s lines."), "61", limit=MAX_LINES))
    if max(map(len, fields)) > LONGEST_FIELD:
        message = _("A field has more than %(limit)s characters.")
        raise InputRefused(_breach("too-long", message, "86", limit=LONGEST_FIELD))


def _breach(code: str, message: str, element: str, **params: object) -> Breach:
    cure = _("Ask the bank for a correct file: nothing was taken.")
    return Breach(f"bank-file.{code}", message, cure, SOURCE, {"element": element, **params}, field="file")


def _account_of(message: Transactions) -> AccountNamed:
    written = plain_number(str(message.data.get("account_identification") or ""))
    balance = _balance_of(message, 0)
    currency = str(balance.amount.currency) if balance is not None else ""
    return AccountNamed(_CURRENCY_AT_END.sub("", written), currency)


def _balance_of(message: Transactions, side: int) -> Any:
    """The opening (0) or closing (1) balance, final or of a part; None where the message has neither."""
    names = (_FINAL[side], _INTERMEDIATE[side], _PLAIN[side])
    return next((message.data[name] for name in names if message.data.get(name) is not None), None)


def _joined(messages: Sequence[Transactions]) -> Iterator[list[Transactions]]:
    """The messages by statement: a part that opens with an intermediate balance belongs to the one before it."""
    parts: list[Transactions] = []
    for each in messages:
        if parts and _INTERMEDIATE[0] not in each.data:
            yield parts
            parts = []
        parts.append(each)
    if parts:
        yield parts


class _Reader:
    """Reads the parts of one statement and collects what is wrong with it."""

    def __init__(self, parts: Sequence[Transactions], currency: Currency) -> None:
        self.parts, self.currency = parts, currency
        self.name = str(parts[0].data.get("transaction_reference") or "–")
        self.breaches: list[Breach] = []

    def statement(self) -> StatementRead:
        """The statement. Raises InputRefused with everything that is wrong with it.

        It begins with its first line, since the opening balance bears the day of the closing one before it.
        """
        self._complete()
        opening, opened = self._balance(self.parts[0], 0)
        closing, closed = self._balance(self.parts[-1], 1)
        lines = () if closed is None else tuple(self._lines(opened, closed))
        if self.breaches or opening is None or closing is None or closed is None:
            raise InputRefused(*self.breaches)
        first = min((line.booked_on for line in lines), default=closed)
        account, number = _account_of(self.parts[0]).number, self._number()
        return StatementRead(first, closed, opening, closing, lines, account, number[:60], self._sequence())

    def _complete(self) -> None:
        """It opens with 60F and closes with 62F, and each part begins where the one before it ended."""
        for part, name, field in ((self.parts[0], _FINAL[0], "60F"), (self.parts[-1], _FINAL[1], "62F")):
            if name not in part.data and _PLAIN[field == "62F"] not in part.data:
                message = _("Statement %(statement)s has no balance in field %(element)s: a part of it is missing.")
                self._wrong("no-balance", message, field)
        for before, after in zip(self.parts, self.parts[1:], strict=False):
            ended, begun = _balance_of(before, 1), _balance_of(after, 0)
            if ended is None or begun is None or ended.amount != begun.amount:
                message = _(
                    "Statement %(statement)s: a part does not begin with the balance the one before ended with."
                )
                self._wrong("parts", message, "60M")

    def _wrong(self, code: str, message: str, field: str, **params: object) -> None:
        self.breaches.append(_breach(code, message, field, statement=self.name[:40], **params))

    def _balance(self, part: Transactions, side: int) -> tuple[Money | None, date | None]:
        balance = _balance_of(part, side)
        if balance is None:
            return None, None
        field = ("60", "62")[side]
        given = str(balance.amount.currency)
        if given != self.currency.value:
            message = _("Statement %(statement)s is in %(given)s; the account is kept in %(currency)s.")
            self._wrong("currency", message, field, given=given[:10], currency=self.currency)
            return None, None
        return self._money(balance.amount.amount, field), _plain_day(balance.date)

    def _money(self, amount: Decimal, field: str) -> Money | None:
        try:
            return Money.parse(format(amount, "f"), self.currency)
        except InvalidAmount:
            message = _("Statement %(statement)s, field %(element)s: %(value)s is not an amount with two decimals.")
            self._wrong("amount", message, field, value=str(amount)[:40])
            return None

    def _lines(self, opened: date | None, closed: date) -> Iterator[LineRead]:
        said = [each for part in self.parts for each in part]
        for number, each in enumerate(said, 1):
            amount = self._money(each.data["amount"].amount, f"61[{number}]")
            value = _plain_day(each.data["date"])
            entry = each.data.get("entry_date")
            within = (opened or closed) <= value <= closed
            booked = _plain_day(entry) if isinstance(entry, date) else (value if within else closed)
            if amount:
                yield LineRead(booked, value, amount, **particulars(each.data, amount.minor > 0))

    def _number(self) -> str:
        """The statement's number as the bank writes it."""
        return str(self.parts[0].data.get("statement_number") or self.name)

    def _sequence(self) -> int | None:
        written = str(self.parts[0].data.get("statement_number") or "")
        return int(written) if written.isdecimal() and int(written) else None


def _plain_day(day: date) -> date:
    return date(day.year, day.month, day.day)
