"""The accounting of a contract's end: its exchange position is posted out to realised exchange difference. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode
from app.ledger.entries import NO_DIMENSIONS, AccountKey, Dimensions, Line


@dataclass(frozen=True, slots=True)
class ExchangePosition:
    """What stands on a contract's currency-trading pair in one book, debit-positive, both already rounded.

    `own` in the contract's currency. `foreign` is nil once all foreign money is spent or returned; else `worth` is the
    same in the contract's currency at the rate of the day.
    """

    own: Money
    foreign: Money
    worth: Money

    @property
    def difference(self) -> Money:
        """What is realised, debit-positive: a loss is positive."""
        return self.own + self.worth

    def __bool__(self) -> bool:
        return bool(self.own or self.foreign)


def exchange_closed_out(
    contract_id: UUID, position: ExchangePosition, functional: Currency, rate_id: UUID | None
) -> tuple[Line, ...]:
    """Dr/Cr pair of the contract · Cr/Dr exchange realised, so that nothing is left on the contract's pair.

    Foreign money that is left, with what it is worth, goes on as the institution's own position on the same accounts,
    under no contract. Each currency sums to nil by itself: amounts in the book's currency are worth themselves, those
    in the other one nil, since the bank they stand against keeps what it is carried at.
    Source: exchange differences, realised when the pair closes out.
    """
    tags = Dimensions(contract_id=contract_id)
    own, foreign = position.own.currency, position.foreign.currency
    wanted = (
        (AccountKey(AccountCode.CURRENCY_TRADING, own), -position.own, tags),
        (AccountKey(AccountCode.EXCHANGE_REALISED, own), position.difference, tags),
        (AccountKey(AccountCode.CURRENCY_TRADING, own), -position.worth, NO_DIMENSIONS),
        (AccountKey(AccountCode.CURRENCY_TRADING, foreign), -position.foreign, tags),
        (AccountKey(AccountCode.CURRENCY_TRADING, foreign), position.foreign, NO_DIMENSIONS),
    )
    return tuple(
        Line(account, amount, amount if amount.currency is functional else Money.zero(functional), about, rate_id)
        for account, amount, about in wanted
        if amount
    )
