"""The accounting of disbursements and residue returns, on one page: facts in, ledger entries out. Pure.

Every line carries contract, tranche, disbursement and the other party. Amounts in a currency that is not the book's are
translated by one rate for the entry. One event id runs through both books. Source: accounting table, section 3 of the
product's description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.disbursements.states import ResidueComponent
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger.chart import AccountCode
from app.ledger.entries import (
    Dimensions,
    Entry,
    EntryKind,
    Line,
    Rate,
    account,
    cost,
    credit,
    debit,
    exchange_lines,
    in_functional,
)
from app.ledger.headings import Heading


@dataclass(frozen=True, slots=True)
class Book:
    """An institution's book: its id and the currency it is kept in."""

    book_id: UUID
    functional: Currency


@dataclass(frozen=True, slots=True)
class Payment:
    """What the postings need to know of a disbursement; `amount` is in the contract's currency, positive."""

    reference: str
    event_id: UUID
    disbursement_id: UUID
    contract_id: UUID
    tranche_id: UUID
    pocket_id: UUID
    funder_id: UUID
    grantee_id: UUID
    amount: Money

    def seen_by_funder(self) -> Dimensions:
        """Dimensions of a line in the funder's book: the other party is the grantee."""
        return Dimensions(self.contract_id, self.tranche_id, self.disbursement_id, party_id=self.grantee_id)

    def seen_by_grantee(self) -> Dimensions:
        """Dimensions of a line in the grantee's book: the other party is the funder."""
        return Dimensions(self.contract_id, self.tranche_id, self.disbursement_id, party_id=self.funder_id)


@dataclass(frozen=True, slots=True)
class Arrival:
    """What the grantee's bank credited: net of `charge`, which stands in the received or in the contract's currency."""

    bank_account_id: UUID
    value_date: date
    received: Money
    charge: Money
    dealt: Rate | None = None


@dataclass(frozen=True, slots=True)
class Breakdown:
    """A receipt taken apart, all in the contract's currency but `received` and `missing_as_received`.

    gross = charge + difference + converted. `difference` (positive: less arrived than the rate says) is nil unless
    `missing_as_received`, the same in the received currency, is not.
    """

    gross: Money
    charge: Money
    difference: Money
    converted: Money
    received: Money
    missing_as_received: Money


@dataclass(frozen=True, slots=True)
class Residue:
    """A return of unspent money: components in the contract's currency, each positive."""

    reference: str
    event_id: UUID
    contract_id: UUID
    pocket_id: UUID
    funder_id: UUID
    grantee_id: UUID
    components: Mapping[ResidueComponent, Money]

    @property
    def amount(self) -> Money:
        """The whole return."""
        amounts = tuple(self.components.values())
        return total(amounts, amounts[0].currency)


REFUND_ACCOUNT: dict[ResidueComponent, AccountCode] = {
    ResidueComponent.GRANT_THIS_YEAR: AccountCode.REFUND_OF_GRANT,
    ResidueComponent.GRANT_EARLIER_YEARS: AccountCode.REFUND_OF_GRANT,
    ResidueComponent.INTEREST: AccountCode.REFUND_OF_INTEREST,
    ResidueComponent.OTHER: AccountCode.REFUND_OTHER,
}
"""Component of a return -> the grantee's account. Never against grant received."""

RECOVERY_ACCOUNT: dict[ResidueComponent, AccountCode] = {
    ResidueComponent.GRANT_THIS_YEAR: AccountCode.RECOVERY_THIS_YEAR,
    ResidueComponent.GRANT_EARLIER_YEARS: AccountCode.RECOVERY_EARLIER_YEARS,
    ResidueComponent.INTEREST: AccountCode.RECOVERY_INTEREST,
    ResidueComponent.OTHER: AccountCode.RECOVERY_OTHER,
}
"""Component of a return -> the funder's account."""


def release(payment: Payment, book: Book, on: date, rate: Rate | None) -> Entry:
    """Released: Dr grants paid · Cr payments in transit; Dr pocket · Cr funds applied."""
    currency, tags = payment.amount.currency, payment.seen_by_funder()
    lines = (
        debit(account(AccountCode.GRANTS_PAID, currency), payment.amount, tags),
        credit(account(AccountCode.PAYMENTS_IN_TRANSIT, currency), payment.amount, tags),
        debit(account(AccountCode.POCKET, currency, payment.pocket_id), payment.amount, tags),
        credit(account(AccountCode.FUNDS_APPLIED, currency), payment.amount, tags),
    )
    return _entry(book, on, payment.event_id, f"{payment.reference} released", lines, rate)


def settlement(
    payment: Payment, book: Book, on: date, *, bank_account_id: UUID, debited: Money, rate: Rate | None
) -> Entry:
    """The payer's bank line: Dr payments in transit · Cr bank, through the trading pair where `debited` (positive, as
    the bank states it) is in another currency. `rate` is the release's, so that payments in transit end at nil.
    """
    tags = payment.seen_by_funder()
    lines: tuple[Line, ...] = (
        debit(account(AccountCode.PAYMENTS_IN_TRANSIT, payment.amount.currency), payment.amount, tags),
        credit(account(AccountCode.BANK, debited.currency, bank_account_id), debited, tags),
    )
    if debited.currency is not payment.amount.currency:
        lines += exchange_lines(payment.amount, debited, tags)
    return _entry(book, on, payment.event_id, f"{payment.reference} settled", lines, rate)


def payer_charge(
    payment: Payment,
    book: Book,
    on: date,
    *,
    bank_account_id: UUID,
    charge: Money,
    from_pocket: Money,
    rate: Rate | None,
) -> Entry:
    """The payer's bank charge: Dr bank charges · Cr bank; Dr pocket · Cr funds applied.

    `charge` is in the bank account's currency; `from_pocket` is the same in the pocket's currency. A bounce leaves it.
    """
    tags = payment.seen_by_funder()
    lines = (
        debit(account(AccountCode.FUNDER_BANK_CHARGES, charge.currency), charge, tags),
        credit(account(AccountCode.BANK, charge.currency, bank_account_id), charge, tags),
        debit(account(AccountCode.POCKET, from_pocket.currency, payment.pocket_id), from_pocket, tags),
        credit(account(AccountCode.FUNDS_APPLIED, from_pocket.currency), from_pocket, tags),
    )
    return _entry(book, on, payment.event_id, f"{payment.reference} bank charge of the payer", lines, rate)


def take_apart(amount: Money, arrival: Arrival) -> Breakdown:
    """Split the gross `amount` into charge, unexplained difference and what was converted.

    Check on confirmation: received + payee's charges = amount at the dealt rate. A charge in the received currency is
    translated by the dealt rate (half-up, once). Raises ValueError where a conversion has no dealt rate.
    """
    currency, received, charge = amount.currency, arrival.received, arrival.charge
    if received.currency is currency:
        missing = amount - received - charge
        return Breakdown(amount, charge, missing, received, received, missing)
    if arrival.dealt is None:
        raise ValueError("a receipt in another currency needs the rate the bank dealt at")
    if charge.currency is currency:
        charged, expected = charge, arrival.dealt.convert(amount - charge)
    else:
        charged, expected = arrival.dealt.convert(charge), arrival.dealt.convert(amount) - charge
    missing = expected - received
    difference = arrival.dealt.convert(missing)
    return Breakdown(amount, charged, difference, amount - charged - difference, received, missing)


def receipt(payment: Payment, book: Book, arrival: Arrival, rate: Rate | None) -> Entry:
    """Confirmed by the grantee: Dr project bank · Dr bank charge heading · Cr grant received, at its own value date.

    Grant received is gross and in the contract's currency. Received in another currency, the rest passes through the
    trading pair, tagged with the contract; a difference from the dealt rate stands on the realised exchange line.
    `rate` translates into the book's currency: the dealt one where there was a conversion, else the booking rate.
    """
    parts, tags = take_apart(payment.amount, arrival), payment.seen_by_grantee()
    currency = payment.amount.currency
    bank = account(AccountCode.BANK, parts.received.currency, arrival.bank_account_id)
    lines: list[Line] = [debit(bank, parts.received, tags)]
    if parts.charge:
        lines.append(debit(cost(Heading.BANK_CHARGE, currency), parts.charge, tags))
    if parts.difference:
        side = debit if parts.difference.minor > 0 else credit
        lines.append(side(account(AccountCode.EXCHANGE_REALISED, currency), abs(parts.difference), tags))
    lines.append(credit(account(AccountCode.GRANT_RECEIVED, currency), payment.amount, tags))
    if parts.received.currency is not currency:
        lines += exchange_lines(parts.received, parts.converted, tags)
    return _entry(book, arrival.value_date, payment.event_id, f"{payment.reference} received", lines, rate)


def residue_sent(
    residue: Residue, book: Book, on: date, *, bank_account_id: UUID, paid: Money, rate: Rate | None
) -> Entry:
    """Residue returned, grantee's book: Dr refund to funder by component · Cr project bank.

    `paid` is what the grantee's bank debited; in another currency than the contract's it passes through the pair.
    """
    tags = Dimensions(residue.contract_id, party_id=residue.funder_id)
    lines: list[Line] = [
        debit(account(code, part.currency), part, tags) for code, part in _by_account(residue, REFUND_ACCOUNT)
    ]
    lines.append(credit(account(AccountCode.BANK, paid.currency, bank_account_id), paid, tags))
    if paid.currency is not residue.amount.currency:
        lines += exchange_lines(residue.amount, paid, tags)
    return _entry(book, on, residue.event_id, f"{residue.reference} residue returned", lines, rate)


def residue_received(residue: Residue, book: Book, on: date, *, bank_account_id: UUID, rate: Rate | None) -> Entry:
    """Residue returned, funder's book: Dr bank · Cr recoveries by component; Dr funds applied · Cr pocket."""
    tags = Dimensions(residue.contract_id, party_id=residue.grantee_id)
    amount = residue.amount
    lines: list[Line] = [debit(account(AccountCode.BANK, amount.currency, bank_account_id), amount, tags)]
    lines += [credit(account(code, part.currency), part, tags) for code, part in _by_account(residue, RECOVERY_ACCOUNT)]
    lines.append(debit(account(AccountCode.FUNDS_APPLIED, amount.currency), amount, tags))
    lines.append(credit(account(AccountCode.POCKET, amount.currency, residue.pocket_id), amount, tags))
    return _entry(book, on, residue.event_id, f"{residue.reference} residue received", lines, rate)


def _by_account(
    residue: Residue, accounts: Mapping[ResidueComponent, AccountCode]
) -> tuple[tuple[AccountCode, Money], ...]:
    """The components with their accounts, in the order of the enumeration, so that equal returns make equal entries."""
    return tuple((accounts[part], residue.components[part]) for part in ResidueComponent if part in residue.components)


def _entry(
    book: Book, on: date, event_id: UUID, reason: str, lines: list[Line] | tuple[Line, ...], rate: Rate | None
) -> Entry:
    functional = in_functional(lines, book.functional, rate)
    return Entry(book.book_id, on, EntryKind.ACTUAL, event_id, reason, functional)
