"""The accounting of journals: each line on its contract, and what stands against it, through the pair where needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.journals.kinds import KINDS, Against, KindRow
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Dimensions, Line, account, cost, credit, debit, exchange_lines, in_red
from app.ledger.headings import Heading


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line, ready to book: what was paid or received (`amount`) and the same in the contract's currency.

    `booked` equals `amount` where the currencies are equal; otherwise it was converted once, half-up, at a rate.
    """

    contract_id: UUID
    contract_currency: Currency
    amount: Money
    booked: Money
    heading: Heading | None = None
    to_contract_id: UUID | None = None
    to_heading: Heading | None = None
    rate_id: UUID | None = None


def lines(kind: JournalKind, bank_account_id: UUID | None, facts: Iterable[LineFacts]) -> tuple[Line, ...]:
    """The ledger lines of a journal (a cost transfer has its own below); functional amounts still equal the amounts."""
    row = KINDS[kind]
    booked: list[Line] = []
    for line in facts:
        booked.extend(line_of(row, bank_account_id, line))
    return tuple(booked)


def line_of(row: KindRow, bank_account_id: UUID | None, facts: LineFacts) -> Sequence[Line]:
    """What one line of a kind books: on its contract, and what stands against it; amounts as in `lines`."""
    dimensions = Dimensions(contract_id=facts.contract_id)
    contract_side = _contract_account(row, facts)
    # Where no money moved, both sides stay in the contract's currency; all else stands against what was paid or got.
    against_amount = facts.booked if row.against in _NO_MONEY else facts.amount
    other_side = _against_account(row.against, bank_account_id, against_amount.currency)
    contract_amount = facts.amount if row.account in _IN_PAID_CURRENCY else facts.booked
    if contract_side.currency is not contract_amount.currency:
        contract_side = replace(contract_side, currency=contract_amount.currency)
    debited, credited = (contract_side, other_side) if row.debits_contract else (other_side, contract_side)
    amounts = (contract_amount, against_amount) if row.debits_contract else (against_amount, contract_amount)
    pair: Sequence[Line] = ()
    if amounts[0].currency is not amounts[1].currency:
        pair = exchange_lines(amounts[0], amounts[1], dimensions)
    return (
        debit(debited, amounts[0], dimensions, rate_id=facts.rate_id),
        credit(credited, amounts[1], dimensions, rate_id=facts.rate_id),
        *pair,
    )


_NO_MONEY = frozenset({Against.OWN_COST, Against.IN_KIND})
_IN_PAID_CURRENCY = frozenset({AccountCode.PAYABLE_TO_CLAIMANTS, AccountCode.ADVANCES})
"""Debts and advances stay in the currency they are owed in; only cost and income are in the contract's currency."""


def _contract_account(row: KindRow, facts: LineFacts) -> AccountKey:
    if row.account is not None:
        return account(row.account, facts.contract_currency)
    if facts.heading is None:
        raise ValueError("this kind of journal books a heading")
    return cost(facts.heading, facts.contract_currency)


def _against_account(against: Against, bank_account_id: UUID | None, currency: Currency) -> AccountKey:
    if against is Against.BANK or (against is Against.BANK_OR_CLEARING and bank_account_id is not None):
        if bank_account_id is None:
            raise ValueError("this kind of journal names a bank account")
        return account(AccountCode.BANK, currency, bank_account_id)
    codes = {
        Against.BANK_OR_CLEARING: AccountCode.INSTITUTION_CLEARING,
        Against.CLEARING: AccountCode.INSTITUTION_CLEARING,
        Against.PAYABLE: AccountCode.PAYABLE_TO_CLAIMANTS,
        Against.ADVANCES: AccountCode.ADVANCES,
        Against.OWN_COST: AccountCode.OWN_COST,
        Against.IN_KIND: AccountCode.SPONSORSHIP_IN_KIND,
    }
    return account(codes[against], currency)


def transfer(facts: Iterable[LineFacts]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """A cost transfer's two entries: what the source gives up, to be posted in red ink, and what the target takes anew.

    Each stands against the institution's clearing of its contract, which owes the one what it paid for the other.
    """
    given: list[Line] = []
    taken: list[Line] = []
    for line in facts:
        if line.heading is None:
            raise ValueError("a cost transfer names the heading it moves cost from")
        given.extend(_charged(line.heading, line.contract_id, line.booked))
        taken.extend(_charged(line.to_heading or line.heading, line.to_contract_id or line.contract_id, line.booked))
    return in_red(given), tuple(taken)


def _charged(heading: Heading, contract_id: UUID, amount: Money) -> tuple[Line, Line]:
    about = Dimensions(contract_id=contract_id)
    clearing = account(AccountCode.INSTITUTION_CLEARING, amount.currency)
    return debit(cost(heading, amount.currency), amount, about), credit(clearing, amount, about)
