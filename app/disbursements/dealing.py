"""The rate a bank dealt at: as its advice states it, or as the quote says that it was dealt at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal

from sqlalchemy.orm import Session

from app.disbursements import conversion, quote_rules
from app.disbursements.commands import ConfirmReceipt, Settle
from app.disbursements.conversion import Currencies
from app.disbursements.loading import dealt_rate, refuse_if_blocked
from app.disbursements.models import BankQuote, Disbursement
from app.disbursements.quote_rules import DealFacts
from app.disbursements.states import ConversionSide
from app.institutions.models import BankAccount
from app.kernel.clock import BUSINESS_ZONE
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.ledger.entries import Rate


@dataclass(frozen=True, slots=True)
class Dealt:
    """A dealt rate with the quote it was dealt at and where it stands; no rate where nothing was converted."""

    rate: Rate | None
    quote: BankQuote | None
    source: str


def currencies_of(session: Session, row: Disbursement) -> Currencies:
    """The currencies of a payment's contract and of its two accounts."""
    payer, payee = (session.get_one(BankAccount, key) for key in (row.payer_account_id, row.payee_account_id))
    return Currencies(row.amount.currency, Currency(payer.currency), Currency(payee.currency))


def side_of(row: Disbursement, currencies: Currencies) -> ConversionSide | None:
    """Whose bank converts a payment; None where nothing is converted."""
    return conversion.converting_side(currencies, ConversionSide(row.converts_at) if row.converts_at else None)


def rate_of(quote: BankQuote) -> Rate:
    """A quote as a rate for one unit, as dealt rates are kept."""
    base = Currency(quote.base_currency)
    return Rate(base, base.other, conversion.per_one(quote.rate, quote.unit))


def settlement_rate_of(row: Disbursement) -> Rate | None:
    """The rate the payer's bank dealt at, as entered with its line."""
    return kept_rate(row.settlement_rate, row.settlement_rate_base)


def kept_rate(value: Decimal | None, base: str | None) -> Rate | None:
    """A rate as records keep it: so much of the other currency for one unit of `base`; None where either is missing."""
    if value is None or base is None:
        return None
    return Rate(Currency(base), Currency(base).other, value)


def dealt(
    session: Session,
    row: Disbursement,
    command: Settle | ConfirmReceipt,
    pair: tuple[Currency, Currency],
    *,
    side: ConversionSide | None,
    earliest: datetime,
    now: datetime,
) -> Dealt:
    """The rate of a bank line: typed, or taken from the quote named.

    `side` is whose bank converts, `earliest` when it could have dealt at the earliest. Raises RuleBreached for a quote
    of another payment, one that had ended, or one with another rate.
    """
    refuse_if_blocked(quote_rules.dealt_by_now(command.dealt_at, now))
    typed = dealt_rate(command.dealt_rate, command.rate_base, *pair)
    if command.quote_id is None:
        return Dealt(typed, None, command.rate_source)
    quote = session.get(BankQuote, command.quote_id)
    if quote is None or quote.disbursement_id != row.id or quote.withdrawal is not None:
        raise RuleBreached(quote_rules.of_another_payment())
    rate = typed or rate_of(quote)
    refuse_if_blocked(
        quote_rules.deal_breaches(
            DealFacts(
                side,
                ConversionSide(quote.side),
                rate_of(quote),
                quote.asked_at,
                quote.valid_until,
                rate,
                command.dealt_at or earliest,
                command.dealt_at is not None,
            )
        )
    )
    return Dealt(rate, quote, command.rate_source or said(quote))


def said(quote: BankQuote) -> str:
    """Where a quoted rate stands: the bank and its reference, else who said it."""
    return f"{quote.bank}, {quote.bank_reference or quote.source}"[:200]


def start_of(day: date) -> datetime:
    """The first instant of a business day."""
    return datetime.combine(day, time(), BUSINESS_ZONE)


def standing(quotes: Sequence[BankQuote], at: datetime) -> list[BankQuote]:
    """The quotes that had not ended at that time and were not taken back."""
    return [
        quote for quote in quotes if quote.withdrawal is None and (quote.valid_until is None or quote.valid_until >= at)
    ]
