"""What the page of a payment says about its conversion: the side, the quotes, the rate expected, both legs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.disbursements import conversion, dealing, expecting
from app.disbursements.conversion import Currencies
from app.disbursements.expecting import Leg, PayeeFacts, PayerFacts
from app.disbursements.models import BankQuote, Disbursement, Receipt
from app.disbursements.postings import Arrival
from app.disbursements.states import ConversionSide, Firmness
from app.exchange_rates import queries as rates
from app.exchange_rates.queries import FoundRate
from app.institutions.models import BankAccount
from app.kernel.clock import business_date
from app.kernel.currencies import Currency, Market
from app.kernel.money import Money
from app.ledger.entries import Rate


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A kept quote: whether it has ended, was dealt at, and lies further from the reference than the policy allows."""

    quote: BankQuote
    ended: bool
    dealt: bool
    beyond: bool

    @property
    def priced_in(self) -> Currency:
        """The currency in which the rate prices its base."""
        return Currency(self.quote.base_currency).other

    @property
    def dearer_percent(self) -> Decimal | None:
        """How much dearer than the reference rate of its day, in per cent; negative: cheaper."""
        return self.quote.dearer_percent


@dataclass(frozen=True, slots=True)
class ExpectedRate:
    """The rate that was to be expected: a quote's, or the reference rate of the day where none was asked for."""

    rate: Rate
    source: str
    day: date
    market: Market
    quote: BankQuote | None = None


@dataclass(frozen=True, slots=True)
class Conversion:
    """How one payment is converted. `side` None: nothing is. `allowed_percent` is the policy's number for quotes."""

    side: ConversionSide | None
    currencies: Currencies
    market: Market
    expected: ExpectedRate | None
    quotes: tuple[ShownQuote, ...]
    legs: tuple[Leg, ...]
    allowed_percent: Decimal


def conversion_of(session: Session, row: Disbursement, *, now: datetime) -> Conversion:
    """Everything about the conversion of one payment, in few queries; the caller has seen to the scope."""
    payer, payee = (session.get_one(BankAccount, key) for key in (row.payer_account_id, row.payee_account_id))
    currencies = Currencies(row.amount.currency, Currency(payer.currency), Currency(payee.currency))
    side = dealing.side_of(row, currencies)
    bank = payee if side is ConversionSide.PAYEE else payer
    market = conversion.market_of(bank.bank_side)
    quotes = quotes_of(session, row.id) if side is not None else []
    allowed = policies.number(session, PolicyName.QUOTE_DIFFERENCE_PERCENT, business_date(now))
    expected = _expected(session, row, currencies, market, side, quotes, now)
    at = expected.rate if expected else None
    receipt = row.receipt
    legs = (
        expecting.payer_leg(
            PayerFacts(
                row.amount, currencies.payer, at, dealing.settlement_rate_of(row), _debited(row), _payers_charge(row)
            )
        ),
        expecting.payee_leg(
            PayeeFacts(
                row.amount, currencies.payee, at, _arrival(receipt), receipt.difference_reason if receipt else ""
            )
        ),
    )
    named = {row.settlement_quote_id, receipt.quote_id if receipt else None}
    return Conversion(
        side,
        currencies,
        market,
        expected,
        tuple(_shown(quote, named, allowed, now) for quote in quotes),
        tuple(leg for leg in legs if leg is not None),
        allowed,
    )


def quotes_of(session: Session, disbursement_id: UUID) -> list[BankQuote]:
    """The quotes kept for a payment, the newest first."""
    query = select(BankQuote).where(BankQuote.disbursement_id == disbursement_id)
    return list(session.scalars(query.order_by(BankQuote.asked_at.desc(), BankQuote.id.desc())))


def agreed_quotes(session: Session, keys: Sequence[UUID], at: datetime) -> dict[UUID, BankQuote]:
    """What paying banks agreed to, by payment: the newest firm quote that stands at that time and bears a reference."""
    query = select(BankQuote).where(
        BankQuote.disbursement_id.in_(keys),
        BankQuote.side == ConversionSide.PAYER,
        BankQuote.firmness == Firmness.FIRM,
        BankQuote.bank_reference != "",
        BankQuote.asked_at <= at,
    )
    kept = session.scalars(query.order_by(BankQuote.asked_at, BankQuote.id)).all()
    return {quote.disbursement_id: quote for quote in dealing.standing(kept, at)}


def choosable(session: Session, row: Disbursement, side: ConversionSide) -> list[BankQuote]:
    """The quotes of one side's bank that were not taken back, the newest first."""
    return [quote for quote in quotes_of(session, row.id) if quote.side == side and quote.withdrawal is None]


def _shown(quote: BankQuote, named: set[UUID | None], allowed: Decimal, now: datetime) -> ShownQuote:
    ended = quote.valid_until is not None and quote.valid_until < now
    beyond = quote.dearer_percent is not None and abs(quote.dearer_percent) > allowed
    return ShownQuote(quote, ended, quote.id in named, beyond)


def _expected(
    session: Session,
    row: Disbursement,
    currencies: Currencies,
    market: Market,
    side: ConversionSide | None,
    quotes: Sequence[BankQuote],
    now: datetime,
) -> ExpectedRate | None:
    if side is None:
        return None
    receipt = row.receipt
    named = row.settlement_quote_id if side is ConversionSide.PAYER else receipt.quote_id if receipt else None
    at = row.released_at or now
    usable = dealing.standing([quote for quote in quotes if quote.side == side], at)
    chosen = next((quote for quote in quotes if quote.id == named), usable[0] if usable else None)
    if chosen is not None:
        day = business_date(chosen.asked_at)
        return ExpectedRate(dealing.rate_of(chosen), dealing.said(chosen), day, Market(chosen.market), chosen)
    day = row.release_date or business_date(now)
    found = rates.reference_rate(session, currencies.sold, currencies.bought, day, market)
    return _of_reference(found) if found else None


def _of_reference(found: FoundRate) -> ExpectedRate:
    return ExpectedRate(found.as_ledger_rate(), found.source, found.rate_date, found.market)


def _debited(row: Disbursement) -> Money | None:
    if row.debited_minor is None or row.debited_currency is None:
        return None
    return Money(row.debited_minor, Currency(row.debited_currency))


def _payers_charge(row: Disbursement) -> Money | None:
    if not row.payer_charge_minor or row.debited_currency is None:
        return None
    return Money(row.payer_charge_minor, Currency(row.debited_currency))


def _arrival(receipt: Receipt | None) -> Arrival | None:
    if receipt is None:
        return None
    dealt = dealing.kept_rate(receipt.dealt_rate, receipt.rate_base_currency)
    return Arrival(receipt.bank_account_id, receipt.value_date, receipt.received, receipt.charge, dealt)
