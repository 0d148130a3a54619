"""A closed contract's exchange position is posted out whole, in an entry that balances."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import assume, given
from hypothesis.strategies import decimals, integers, sampled_from

from app.contracts.postings import ExchangePosition, exchange_closed_out
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money, total
from app.ledger.chart import AccountCode
from app.ledger.entries import Entry, EntryKind, Line
from tests.builders.books import ACTOR, DAY

CONTRACT = new_id()
AMOUNTS = integers(-(10**12), 10**12)
RATES = decimals("0.5", "2", places=4, allow_nan=False)
CURRENCIES = sampled_from(Currency)


def _position(own: Currency, kept: int, foreign: int, rate: Decimal) -> ExchangePosition:
    other = next(each for each in Currency if each is not own)
    left = Money(foreign, other)
    return ExchangePosition(Money(kept, own), left, Money.rounded(left.amount * rate, own))


def _sum(lines: tuple[Line, ...], code: AccountCode, currency: Currency, *, tagged: bool) -> Money:
    chosen = (
        line.amount
        for line in lines
        if line.account.code is code and line.amount.currency is currency
        and (line.dimensions.contract_id == CONTRACT) is tagged
    )  # fmt: skip
    return total(chosen, currency)


@given(CURRENCIES, CURRENCIES, AMOUNTS, AMOUNTS, RATES)
def test_afterwards_the_pair_is_nil_and_the_entry_balances(
    own: Currency, functional: Currency, kept: int, foreign: int, rate: Decimal
) -> None:
    position = _position(own, kept, foreign, rate)
    assume(position)
    lines = exchange_closed_out(CONTRACT, position, functional, new_id())
    for leg in (position.own, position.foreign):
        assert leg + _sum(lines, AccountCode.CURRENCY_TRADING, leg.currency, tagged=True) == Money.zero(leg.currency)
    for currency in Currency:
        of_currency = [line.amount for line in lines if line.amount.currency is currency]
        assert total(of_currency, currency) == Money.zero(currency)
    assert total((line.functional for line in lines), functional) == Money.zero(functional)
    realised = _sum(lines, AccountCode.EXCHANGE_REALISED, own, tagged=True)
    assert realised == position.own + position.worth
    assert Entry(new_id(), DAY, EntryKind.ACTUAL, ACTOR, "Closed", lines).lines == lines


@given(CURRENCIES, AMOUNTS, AMOUNTS, RATES)
def test_foreign_money_that_is_left_goes_on_as_the_institutions_own(
    own: Currency, kept: int, foreign: int, rate: Decimal
) -> None:
    position = _position(own, kept, foreign, rate)
    assume(position)
    lines = exchange_closed_out(CONTRACT, position, own, new_id())
    other = position.foreign.currency
    assert _sum(lines, AccountCode.CURRENCY_TRADING, other, tagged=False) == position.foreign
    assert _sum(lines, AccountCode.CURRENCY_TRADING, own, tagged=False) == -position.worth


def test_a_loss_left_on_the_pair_is_realised_without_touching_the_books_own_currency() -> None:
    loss, nil = Money.parse("432.28", Currency.CNY), Money.zero(Currency.CNY)
    position = ExchangePosition(loss, Money.zero(Currency.HKD), nil)
    lines = exchange_closed_out(CONTRACT, position, Currency.HKD, None)
    assert {line.account.code: line.amount for line in lines} == {
        AccountCode.EXCHANGE_REALISED: loss,
        AccountCode.CURRENCY_TRADING: -loss,
    }
    assert not any(line.functional for line in lines)
