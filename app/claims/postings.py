"""The accounting of claims: approved cost against what is owed to the claimant, and the payment of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import Dimensions, Line, account, cost, credit, debit, exchange_lines
from app.ledger.headings import Heading


@dataclass(frozen=True, slots=True)
class CostFacts:
    """One approved line: in the contract's currency (`booked`), as owed to the claimant, and what an advance covers.

    All positive but `cleared`, which may be nil and is never more than `owed`; `owed` and `cleared` share a currency.
    """

    heading: Heading
    booked: Money
    owed: Money
    cleared: Money
    rate_id: UUID | None


def approved(contract_id: UUID, claim_id: UUID, lines: Iterable[CostFacts]) -> tuple[Line, ...]:
    """Dr heading · Cr payable to the claimant, or Cr advances as far as one is cleared; through the pair where the
    currencies differ. Functional amounts still equal the amounts.
    """
    about = Dimensions(contract_id=contract_id, claim_id=claim_id)
    booked: list[Line] = []
    for line in lines:
        booked.append(debit(cost(line.heading, line.booked.currency), line.booked, about, rate_id=line.rate_id))
        left = line.owed - line.cleared
        for code, amount in ((AccountCode.ADVANCES, line.cleared), (AccountCode.PAYABLE_TO_CLAIMANTS, left)):
            if amount:
                booked.append(credit(account(code, amount.currency), amount, about, rate_id=line.rate_id))
        if line.booked.currency is not line.owed.currency:
            booked.extend(exchange_lines(line.booked, line.owed, about))
    return tuple(booked)


def paid(
    contract_id: UUID, claim_id: UUID, bank_account_id: UUID, owed: Money, carried: Money, worth: Money
) -> tuple[Line, ...]:
    """Dr payable · Cr project bank, both `owed` in the currency of payment.

    The book carries the debt at `carried` and the money leaves at `worth`, both in its functional currency and
    positive; the difference is the book's own and stands apart, without the contract: a gain in credit.
    """
    about = Dimensions(contract_id=contract_id, claim_id=claim_id)
    lines = [
        debit(account(AccountCode.PAYABLE_TO_CLAIMANTS, owed.currency), owed, about, functional=carried),
        credit(account(AccountCode.BANK, owed.currency, bank_account_id), owed, about, functional=worth),
    ]
    if worth != carried:
        difference = account(AccountCode.EXCHANGE_REALISED, owed.currency)
        lines.append(Line(difference, Money.zero(owed.currency), worth - carried, Dimensions(claim_id=claim_id)))
    return tuple(lines)
