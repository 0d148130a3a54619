"""Questions about rates. Nothing here guesses: no rate in time means None."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.exchange_rates.models import ExchangeRate, RateKind, RateStatus
from app.kernel.currencies import Currency, Market
from app.kernel.money import CurrencyMismatch, Money
from app.ledger.entries import Rate

BOOKING_MAX_AGE_DAYS = 7
"""Oldest booking rate that counts as fresh, in days: long enough for the longest closure of both sides' markets."""


@dataclass(frozen=True, slots=True)
class FoundRate:
    """A confirmed rate, either way round: `rate` units of `quote` for `unit` units of `base`, exactly as published."""

    rate_id: UUID
    kind: RateKind
    base: Currency
    quote: Currency
    unit: int
    rate: Decimal
    rate_date: date
    market: Market
    source: str
    note: str

    def convert(self, amount: Money) -> Money:
        """The amount in the pair's other currency, rounded half-up once to the minor unit.

        Raises CurrencyMismatch when the amount is in neither currency of the pair.
        """
        if amount.currency is self.base:
            return Money.rounded(amount.amount * self.rate / self.unit, self.quote)
        if amount.currency is self.quote:
            return Money.rounded(amount.amount * self.unit / self.rate, self.base)
        raise CurrencyMismatch(f"rate {self.base}/{self.quote} cannot convert {amount}")

    def age_days(self, on: date) -> int:
        """Days from the rate's date to `on`."""
        return (on - self.rate_date).days

    def is_fresh(self, on: date, max_age_days: int = BOOKING_MAX_AGE_DAYS) -> bool:
        """Whether the rate is young enough to book with on that day."""
        return 0 <= self.age_days(on) <= max_age_days

    def as_ledger_rate(self) -> Rate:
        """The same rate as the ledger's entries take it: units of `quote` for one unit of `base`."""
        return Rate(self.base, self.quote, self.rate / self.unit, self.rate_id)

    def units(self, into: Currency) -> Decimal:
        """Units of `into` for one unit of the other currency, as an exact or 28-digit Decimal."""
        return self.rate / self.unit if into is self.quote else self.unit / self.rate


def _found(row: ExchangeRate) -> FoundRate:
    return FoundRate(
        row.id,
        RateKind(row.kind),
        Currency(row.base_currency),
        Currency(row.quote_currency),
        row.unit,
        row.rate,
        row.rate_date,
        Market(row.market),
        row.source,
        row.note,
    )


def _pair(one: Currency, other: Currency) -> Select[ExchangeRate]:
    return select(ExchangeRate).where(
        ExchangeRate.status == RateStatus.CONFIRMED,
        or_(
            and_(ExchangeRate.base_currency == one, ExchangeRate.quote_currency == other),
            and_(ExchangeRate.base_currency == other, ExchangeRate.quote_currency == one),
        ),
    )


def latest(
    session: Session,
    kind: RateKind,
    base: Currency,
    quote: Currency,
    on: date,
    market: Market | None = None,
    institution_id: UUID | None = None,
) -> FoundRate | None:
    """The newest confirmed rate of the pair dated `on` or earlier, whichever way round it was published.

    An institution's own rates count for it beside the common ones. None when there is no such rate.
    """
    query = _pair(base, quote).where(
        ExchangeRate.kind == kind,
        ExchangeRate.rate_date <= on,
        or_(ExchangeRate.institution_id.is_(None), ExchangeRate.institution_id == institution_id),
    )
    if market is not None:
        query = query.where(ExchangeRate.market == market)
    newest_first = query.order_by(ExchangeRate.rate_date.desc(), ExchangeRate.entered_at.desc(), ExchangeRate.id.desc())
    row = session.scalars(newest_first.limit(1)).first()
    return _found(row) if row is not None else None


def booking_rate(session: Session, base: Currency, quote: Currency, on: date) -> FoundRate | None:
    """The booking rate to use for a cost of that day: the newest one, if fresh; None otherwise."""
    rate = latest(session, RateKind.BOOKING, base, quote, on)
    return rate if rate is not None and rate.is_fresh(on) else None


def by_id(session: Session, rate_id: UUID) -> FoundRate | None:
    """The confirmed rate with that key."""
    row = session.get(ExchangeRate, rate_id)
    return _found(row) if row is not None and row.status == RateStatus.CONFIRMED else None


@dataclass(frozen=True, slots=True)
class RateFilters:
    """What the rates list is narrowed to."""

    kind: RateKind | None = None
    status: RateStatus | None = None
    first_day: date | None = None
    last_day: date | None = None


def listed(session: Session, filters: RateFilters, *, limit: int, offset: int = 0) -> list[ExchangeRate]:
    """Rates newest first, narrowed by the filters."""
    query = select(ExchangeRate)
    if filters.kind is not None:
        query = query.where(ExchangeRate.kind == filters.kind)
    if filters.status is not None:
        query = query.where(ExchangeRate.status == filters.status)
    if filters.first_day is not None:
        query = query.where(ExchangeRate.rate_date >= filters.first_day)
    if filters.last_day is not None:
        query = query.where(ExchangeRate.rate_date <= filters.last_day)
    ordered = query.order_by(ExchangeRate.rate_date.desc(), ExchangeRate.id.desc())
    return list(session.scalars(ordered.limit(limit).offset(offset)))
