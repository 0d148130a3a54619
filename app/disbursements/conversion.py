"""Which bank converts a payment, what is sold for what, on which market, and what a rate costs. Pure.

A payment is in its contract's currency. Where the paying account is in another one, the payer's bank converts; where
only the payee's account is, either bank may, and the maker says which. Source: accounts of both parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from app.disbursements.states import ConversionSide
from app.institutions.states import Side
from app.kernel.currencies import Currency, Market
from app.ledger.entries import Rate

FOUR_PLACES = Decimal("0.0001")
TEN_PLACES = Decimal("0.0000000001")


@dataclass(frozen=True, slots=True)
class Currencies:
    """The currencies of the contract and of the two accounts of one payment."""

    contract: Currency
    payer: Currency
    payee: Currency

    @property
    def sold(self) -> Currency:
        """What is given to the bank that converts."""
        return self.payer

    @property
    def bought(self) -> Currency:
        """What that bank gives: the payee's currency, or the contract's where both accounts are in one currency."""
        return self.payee if self.payee is not self.payer else self.contract

    @property
    def converted(self) -> bool:
        """Whether a rate is needed anywhere between the paying account and the payee's."""
        return len({self.contract, self.payer, self.payee}) > 1


def converting_side(currencies: Currencies, chosen: ConversionSide | None) -> ConversionSide | None:
    """Whose bank converts: the payer's where the paying account is not in the contract's currency, else as chosen.

    Where nobody chose, the payee's bank converts what arrives. None where nothing is converted.
    """
    if currencies.payer is not currencies.contract:
        return ConversionSide.PAYER
    if currencies.payee is not currencies.contract:
        return chosen or ConversionSide.PAYEE
    return None


def crossing_currency(currencies: Currencies, side: ConversionSide | None) -> Currency:
    """The currency in which the money leaves the payer's bank: what that bank buys, if it is the one that converts."""
    return currencies.bought if side is ConversionSide.PAYER else currencies.contract


def market_of(bank_side: str) -> Market:
    """Where a bank deals renminbi: onshore on the Mainland, offshore everywhere else."""
    return Market.ONSHORE if bank_side == Side.SZ else Market.OFFSHORE


def price(rate: Rate, sold: Currency) -> Decimal:
    """Units of `sold` for one unit of what is bought."""
    return 1 / rate.value if rate.base is sold else rate.value


def dearer_percent(quoted: Rate, reference: Rate, sold: Currency) -> Decimal:
    """How much dearer, in per cent, the quoted rate is than the reference for who gives `sold`; negative: cheaper.

    Rounded half-up once to four decimals.
    """
    exact = (price(quoted, sold) / price(reference, sold) - 1) * 100
    return exact.quantize(FOUR_PLACES, ROUND_HALF_UP)


def per_one(rate: Decimal, unit: int) -> Decimal:
    """A rate quoted for `unit` units, for one unit; ten decimals, half-up, as dealt rates are kept."""
    return (rate / unit).quantize(TEN_PLACES, ROUND_HALF_UP)
