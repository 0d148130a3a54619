"""Entries as plain data: built by the slices' `postings.py`, checked here, and checked again inside PostgreSQL.

Debit is positive, credit negative. Every line carries its amount in the account's currency and in the book's functional
currency; both sum to nil over the entry, per currency and altogether. Nothing here reads or writes a database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.kernel.messages import _
from app.kernel.money import MAX_MINOR, Money
from app.ledger.chart import CHART, AccountCode, AccountRole, Subject, cost_code, heading_of
from app.ledger.headings import Heading

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2060, 12, 31)
"""Entry dates the ledger takes: it keeps one partition for each year between."""

MAX_LINES = 10_000
MAX_REASON = 500


class EntryKind(StrEnum):
    """Why an entry exists. REVERSAL is made by `posting.reverse` only.

    RED_INK takes back a part of what others posted: the database puts every line of it on the side it takes back from
    (a negative amount stands on the debit side), so that turnover stays true.
    """

    ACTUAL = "ACTUAL"
    REVERSAL = "REVERSAL"
    RED_INK = "RED_INK"
    REVALUATION = "REVALUATION"
    OPENING = "OPENING"
    CLOSING = "CLOSING"


@dataclass(frozen=True, slots=True)
class AccountKey:
    """An account within a book: code of the chart, currency, and the subject (pocket or bank account) if it has one."""

    code: AccountCode
    currency: Currency
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Dimensions:
    """What a line is about; reports add up by these."""

    contract_id: UUID | None = None
    tranche_id: UUID | None = None
    disbursement_id: UUID | None = None
    claim_id: UUID | None = None
    heading: Heading | None = None
    pocket_id: UUID | None = None
    party_id: UUID | None = None


NO_DIMENSIONS = Dimensions()


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate between two currencies: one unit of `base` costs `value` units of `quote`. `rate_id` names its record."""

    base: Currency
    quote: Currency
    value: Decimal
    rate_id: UUID | None = None

    def convert(self, amount: Money) -> Money:
        """`amount` in the other currency of the pair, rounded half-up (away from nil) once, from the exact quotient.

        Raises ValueError where the amount is in neither currency or the rate is not positive.
        """
        if not self.value.is_finite() or self.value <= 0 or amount.currency not in (self.base, self.quote):
            raise ValueError(f"rate {self.base}/{self.quote} {self.value} does not convert {amount}")
        if amount.currency is self.base:
            return amount.convert(self.value, self.quote)
        exact = Fraction(abs(amount.minor)) / Fraction(self.value)
        minor = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
        return Money(minor if amount.minor >= 0 else -minor, self.base)


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to be: debit positive. `functional` is the amount in the book's functional currency."""

    account: AccountKey
    amount: Money
    functional: Money
    dimensions: Dimensions = NO_DIMENSIONS
    rate_id: UUID | None = None

    @property
    def side(self) -> str:
        """`D` or `C`: the turnover column the line stands in."""
        return "D" if (self.amount.minor or self.functional.minor) > 0 else "C"


@dataclass(frozen=True, slots=True)
class Entry:
    """A balanced set of lines in one book on one business date. Refuses to exist otherwise (RuleBreached).

    `event_id` is shared by all entries of one event, over both books. `evidence_sha256` is the digest of the document.
    """

    book_id: UUID
    effective_on: date
    kind: EntryKind
    event_id: UUID
    reason: str
    lines: tuple[Line, ...]
    evidence_sha256: bytes | None = field(default=None)

    def __post_init__(self) -> None:
        """Collect every breach of the entry's rules and refuse them together."""
        breaches = [*_head_breaches(self), *_line_breaches(self.lines), *_balance_breaches(self.lines)]
        if breaches:
            raise RuleBreached(*breaches)

    @property
    def functional_currency(self) -> Currency:
        """The book's functional currency as the lines state it; PostgreSQL checks it against the book."""
        return self.lines[0].functional.currency


def account(code: AccountCode, currency: Currency, subject_id: UUID | None = None) -> AccountKey:
    """Short form of AccountKey for the slices' `postings.py`."""
    return AccountKey(code, currency, subject_id)


def debit(
    account: AccountKey,
    amount: Money,
    dimensions: Dimensions = NO_DIMENSIONS,
    *,
    functional: Money | None = None,
    rate_id: UUID | None = None,
) -> Line:
    """A debit of a positive `amount` in the account's currency.

    Without `functional` the amount itself stands for it, which is right where the account is in the book's functional
    currency; elsewhere give it, or pass the lines through `in_functional`. The heading of a cost account and the pocket
    of a pocket account are filled into the dimensions. A negative amount raises ValueError: swap the sides instead.
    """
    return _line(account, amount, dimensions, functional, rate_id, 1)


def credit(
    account: AccountKey,
    amount: Money,
    dimensions: Dimensions = NO_DIMENSIONS,
    *,
    functional: Money | None = None,
    rate_id: UUID | None = None,
) -> Line:
    """A credit of a positive `amount` (and positive `functional`); otherwise as `debit`."""
    return _line(account, amount, dimensions, functional, rate_id, -1)


def in_red(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with their amounts negated, for an entry of kind RED_INK, which keeps them on their sides."""
    return tuple(replace(line, amount=-line.amount, functional=-line.functional) for line in lines)


def cost(heading: Heading, currency: Currency) -> AccountKey:
    """The account on which cost of `heading` is booked, in the contract's currency."""
    return AccountKey(cost_code(heading), currency)


def exchange_lines(debited: Money, credited: Money, dimensions: Dimensions) -> tuple[Line, Line]:
    """The two legs of the currency-trading pair that complete an entry whose other lines debit `debited` in one
    currency and credit `credited` in another.

    Both amounts positive and already rounded; the legs credit the pair with `debited` and debit it with `credited`,
    tagged with the contract in `dimensions`. Functional amounts still equal the amounts: pass through `in_functional`.
    """
    if debited.currency is credited.currency:
        raise ValueError("an exchange needs two currencies")
    return (
        credit(AccountKey(AccountCode.CURRENCY_TRADING, debited.currency), debited, dimensions),
        debit(AccountKey(AccountCode.CURRENCY_TRADING, credited.currency), credited, dimensions),
    )


def in_functional(lines: Sequence[Line], functional: Currency, rate: Rate | None = None) -> tuple[Line, ...]:
    """The lines with their amounts in the book's functional currency, by one rate for the entry.

    Amounts in the functional currency stand as they are; others are converted one by one (half-up), and what the
    rounding leaves over, at most one minor unit a line, goes to the rounding account as a line of amount nil.
    Raises RuleBreached where a rate is needed and missing.
    """
    result: list[Line] = []
    residue: dict[Currency, int] = {}
    for line in lines:
        currency = line.amount.currency
        if currency is functional:
            result.append(replace(line, functional=line.amount))
            continue
        if rate is None:
            raise RuleBreached(
                _breach("entry.rate-missing", _("A rate is needed to book %(currency)s."), currency=currency)
            )
        worth = rate.convert(line.amount)
        result.append(replace(line, functional=worth, rate_id=line.rate_id or rate.rate_id))
        residue[currency] = residue.get(currency, 0) + worth.minor
    for currency, minor in residue.items():
        if minor:
            rounding = AccountKey(AccountCode.ROUNDING, currency)
            result.append(Line(rounding, Money.zero(currency), Money(-minor, functional), lines[0].dimensions))
    return tuple(result)


def canonical(entry: Entry) -> dict[str, Any]:
    """The entry as plain JSON values, the same for equal entries: what the idempotency key's request hash covers."""
    return {
        "book": str(entry.book_id),
        "on": entry.effective_on.isoformat(),
        "kind": entry.kind.value,
        "event": str(entry.event_id),
        "reason": entry.reason,
        "evidence": entry.evidence_sha256.hex() if entry.evidence_sha256 else None,
        "lines": [line_fields(line) for line in entry.lines],
    }


def line_fields(line: Line) -> dict[str, Any]:
    """One line as the database function takes it; keys without a value are left out."""
    dimensions = line.dimensions
    fields: dict[str, Any] = {
        "code": line.account.code.value,
        "currency": line.account.currency.value,
        "amount": line.amount.minor,
        "functional": line.functional.minor,
    }
    if line.account.subject_id is not None:
        fields["subject"] = str(line.account.subject_id)
    if line.rate_id is not None:
        fields["rate"] = str(line.rate_id)
    if dimensions is not NO_DIMENSIONS:
        optional: Mapping[str, object | None] = {
            "contract": dimensions.contract_id,
            "tranche": dimensions.tranche_id,
            "disbursement": dimensions.disbursement_id,
            "claim": dimensions.claim_id,
            "heading": dimensions.heading,
            "pocket": dimensions.pocket_id,
            "party": dimensions.party_id,
        }
        fields.update({name: str(value) for name, value in optional.items() if value is not None})
    return fields


def _line(
    account: AccountKey,
    amount: Money,
    dimensions: Dimensions,
    functional: Money | None,
    rate_id: UUID | None,
    sign: int,
) -> Line:
    worth = amount if functional is None else functional
    if amount.minor < 0 or (amount.minor and worth.minor < 0):
        raise ValueError(f"debit and credit take positive amounts, not {amount}")
    if amount.currency is not account.currency:
        raise ValueError(f"{amount} on an account in {account.currency}")
    heading = heading_of(account.code)
    if heading is not None and dimensions.heading is None:
        dimensions = replace(dimensions, heading=heading)
    if account.code is AccountCode.POCKET and dimensions.pocket_id is None:
        dimensions = replace(dimensions, pocket_id=account.subject_id)
    signed = (amount, worth) if sign > 0 else (-amount, -worth)
    return Line(account, signed[0], signed[1], dimensions, rate_id)


def _breach(code: str, message: str, **params: object) -> Breach:
    return Breach(code, message, source="product.md 5; double entry", params=params)


def _head_breaches(entry: Entry) -> list[Breach]:
    found = []
    if not FIRST_DAY <= entry.effective_on <= LAST_DAY:
        found.append(
            _breach("entry.date", _("Entries are dated from 2000 to 2060, not %(day)s."), day=entry.effective_on)
        )
    if entry.kind is EntryKind.REVERSAL:
        found.append(_breach("entry.reversal", _("A reversal is made from the entry it reverses.")))
    if not entry.reason.strip() or len(entry.reason) > MAX_REASON:
        found.append(_breach("entry.reason", _("Give a reason of 1 to %(limit)s characters."), limit=MAX_REASON))
    if not 2 <= len(entry.lines) <= MAX_LINES:
        found.append(_breach("entry.lines", _("An entry has 2 to %(limit)s lines."), limit=MAX_LINES))
    if entry.evidence_sha256 is not None and len(entry.evidence_sha256) != 32:
        found.append(_breach("entry.evidence", _("A SHA-256 digest has 32 bytes.")))
    return found


def _line_breaches(lines: Sequence[Line]) -> list[Breach]:
    found = []
    for number, line in enumerate(lines, 1):
        message = _line_fault(line)
        if message:
            found.append(_breach("entry.line", message, line=number, amount=str(line.amount)))
    return found


def _line_fault(line: Line) -> str | None:
    row = CHART[line.account.code]
    if line.amount.currency is not line.account.currency:
        return _("Line %(line)s: the amount is not in the account's currency.")
    if (row.subject is Subject.NONE) != (line.account.subject_id is None):
        return _("Line %(line)s: a pocket or bank account names its own, every other account none.")
    if abs(line.amount.minor) > MAX_MINOR or abs(line.functional.minor) > MAX_MINOR:
        return _("Line %(line)s: %(amount)s is beyond the largest amount the ledger takes.")
    if not line.amount and not (line.functional and row.role in (AccountRole.EXCHANGE, AccountRole.ROUNDING)):
        return _("Line %(line)s: an amount of nil is for exchange differences and rounding only.")
    if line.amount and line.amount.minor * line.functional.minor < 0:
        return _("Line %(line)s: amount and functional amount stand on different sides.")
    if line.functional.currency is line.amount.currency and line.functional != line.amount:
        return _("Line %(line)s: in the book's own currency both amounts are the same.")
    if line.dimensions.heading is not heading_of(line.account.code) and heading_of(line.account.code):
        return _("Line %(line)s: the heading is not the account's.")
    return None


def _balance_breaches(lines: Sequence[Line]) -> list[Breach]:
    sums: dict[Currency, int] = {}
    functional: dict[Currency, int] = {}
    for line in lines:
        sums[line.amount.currency] = sums.get(line.amount.currency, 0) + line.amount.minor
        functional[line.functional.currency] = functional.get(line.functional.currency, 0) + line.functional.minor
    found = [
        _breach(
            "entry.unbalanced",
            _("Debits and credits differ by %(difference)s."),
            difference=str(Money(minor, currency)),
        )
        for currency, minor in sums.items()
        if minor
    ]
    if len(functional) > 1:
        found.append(_breach("entry.functional", _("All lines state the same functional currency.")))
    elif any(functional.values()):
        found.append(_breach("entry.functional", _("Debits and credits differ in the book's functional currency.")))
    return found
