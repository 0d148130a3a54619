"""Questions about rates. Nothing here guesses: no rate in time means None."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.access.scope import sees, within
from app.exchange_rates.models import ExchangeRate, RateKind, RateStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency, Market
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import CurrencyMismatch, Money
from app.ledger.entries import Rate
from app.web.paging import Order, Page, paginate


@dataclass(frozen=True, slots=True)
class FoundRate:
    """A confirmed rate, either way round: `rate` units of `quote` for `unit` units of `base`, exactly as published.

    `max_age_days` is the policy in force on the day the rate was asked for.
    """

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
    max_age_days: int

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

    def is_fresh(self, on: date) -> bool:
        """Whether the rate is young enough, under the policy in force, to book with on that day."""
        return 0 <= self.age_days(on) <= self.max_age_days

    def as_ledger_rate(self) -> Rate:
        """The same rate as the ledger's entries take it: units of `quote` for one unit of `base`."""
        return Rate(self.base, self.quote, self.rate / self.unit, self.rate_id)

    def units(self, into: Currency) -> Decimal:
        """Units of `into` for one unit of the other currency, as an exact or 28-digit Decimal."""
        return self.rate / self.unit if into is self.quote else self.unit / self.rate


def _found(session: Session, row: ExchangeRate, on: date) -> FoundRate:
    return _as_found(row, policies.days(session, PolicyName.BOOKING_RATE_MAX_AGE_DAYS, on))


def _as_found(row: ExchangeRate, max_age_days: int) -> FoundRate:
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
        max_age_days,
    )


def _pair(one: Currency, other: Currency) -> Select[ExchangeRate]:
    return select(ExchangeRate).where(
        ExchangeRate.status == RateStatus.CONFIRMED,
        or_(
            and_(ExchangeRate.base_currency == one, ExchangeRate.quote_currency == other),
            and_(ExchangeRate.base_currency == other, ExchangeRate.quote_currency == one),
        ),
    )


_NEWEST_FIRST = (
    ExchangeRate.rate_date.desc(),
    ExchangeRate.institution_id.is_(None),
    ExchangeRate.market == Market.OFFSHORE,
    ExchangeRate.entered_at.desc(),
    ExchangeRate.id.desc(),
)
"""Of one day an institution's own rate goes before a published one, and the onshore rate before the offshore one."""


def valuing_rate(
    session: Session, base: Currency, quote: Currency, on: date, institution_id: UUID | None = None
) -> FoundRate | None:
    """What values a position on a day: the newer of the period-end and the booking rate, of one day the period-end one.

    Of each kind the rate of the institution's own bank goes before the published one of the same day. None without any.
    """
    kinds = (RateKind.PERIOD_END, RateKind.BOOKING)
    found = [latest(session, kind, base, quote, on, institution_id=institution_id) for kind in kinds]
    return max((rate for rate in found if rate is not None), key=lambda rate: rate.rate_date, default=None)


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

    With `institution_id` that institution's own rates (its bank's) count beside the common ones: of one day its own
    goes first, and a newer day always goes before an older one. None when there is no such rate.
    """
    query = _pair(base, quote).where(
        ExchangeRate.kind == kind,
        ExchangeRate.rate_date <= on,
        or_(ExchangeRate.institution_id.is_(None), ExchangeRate.institution_id == institution_id),
    )
    if market is not None:
        query = query.where(ExchangeRate.market == market)
    row = session.scalars(query.order_by(*_NEWEST_FIRST).limit(1)).first()
    return _found(session, row, on) if row is not None else None


def reference_rate(session: Session, base: Currency, quote: Currency, on: date, market: Market) -> FoundRate | None:
    """The published rate that a bank's rate of that market and day is compared with, whichever way round it stands.

    The newest booking rate of the market if fresh, else the newest of any market, which then says so itself.
    """
    own = latest(session, RateKind.BOOKING, base, quote, on, market=market)
    if own is not None and own.is_fresh(on):
        return own
    return latest(session, RateKind.BOOKING, base, quote, on)


def booking_rate(
    session: Session, base: Currency, quote: Currency, on: date, institution_id: UUID | None
) -> FoundRate | None:
    """The rate the institution books a cost of that day with (None: the common one): the newest, if fresh, else None.

    Of one day the rate of the institution's own bank goes before the published one.
    """
    rate = latest(session, RateKind.BOOKING, base, quote, on, institution_id=institution_id)
    return rate if rate is not None and rate.is_fresh(on) else None


def booking_rate_by_day(
    session: Session, base: Currency, quote: Currency, days: Iterable[date], institution_id: UUID | None
) -> dict[date, FoundRate]:
    """As `booking_rate`, for several days at once: in two queries. Days without a fresh rate are absent."""
    wanted = sorted(set(days), reverse=True)
    if not wanted:
        return {}
    query = _pair(base, quote).where(
        ExchangeRate.kind == RateKind.BOOKING,
        ExchangeRate.rate_date <= wanted[0],
        or_(ExchangeRate.institution_id.is_(None), ExchangeRate.institution_id == institution_id),
    )
    rows = list(session.scalars(query.order_by(*_NEWEST_FIRST)))
    ages = policies.days_by_day(session, PolicyName.BOOKING_RATE_MAX_AGE_DAYS, wanted)
    found: dict[date, FoundRate] = {}
    place = 0
    for on in wanted:
        while place < len(rows) and rows[place].rate_date > on:
            place += 1
        rate = _as_found(rows[place], ages[on]) if place < len(rows) else None
        if rate is not None and rate.is_fresh(on):
            found[on] = rate
    return found


def booking_rates(
    session: Session, base: Currency, quote: Currency, on: date, institution_ids: Iterable[UUID]
) -> dict[UUID, FoundRate]:
    """For each institution the newest rate `booking_rate` would look at, fresh or not; in a fixed number of queries.

    Institutions without any are absent.
    """
    wanted = tuple(institution_ids)
    newest = (
        _pair(base, quote)
        .where(
            ExchangeRate.kind == RateKind.BOOKING,
            ExchangeRate.rate_date <= on,
            or_(ExchangeRate.institution_id.is_(None), ExchangeRate.institution_id.in_(wanted)),
        )
        .ext(distinct_on(ExchangeRate.institution_id))
        .order_by(ExchangeRate.institution_id, *_NEWEST_FIRST)
    )
    rows = {row.institution_id: row for row in session.scalars(newest)}
    if not rows:
        return {}
    max_age = policies.days(session, PolicyName.BOOKING_RATE_MAX_AGE_DAYS, on)
    common = rows.pop(None, None)
    found = dict.fromkeys(wanted, _as_found(common, max_age)) if common is not None else {}
    for institution_id, row in rows.items():
        if institution_id is not None and (common is None or row.rate_date >= common.rate_date):
            found[institution_id] = _as_found(row, max_age)
    return found


def by_id(session: Session, rate_id: UUID) -> FoundRate | None:
    """The confirmed rate with that key."""
    row = session.get(ExchangeRate, rate_id)
    return _found(session, row, row.rate_date) if row is not None and row.status == RateStatus.CONFIRMED else None


@dataclass(frozen=True, slots=True)
class RateFilters:
    """What the list of rates is narrowed to, and which page of it."""

    kind: RateKind | None = None
    market: Market | None = None
    status: RateStatus | None = None
    first_day: date | None = None
    last_day: date | None = None
    cursor: str | None = None
    limit: int = 50


def listed(session: Session, actor: Actor, filters: RateFilters) -> Page[ExchangeRate]:
    """Common rates and those of the actor's institutions, newest first."""
    query = select(ExchangeRate).where(
        or_(ExchangeRate.institution_id.is_(None), within(actor, ExchangeRate.institution_id))
    )
    if filters.kind is not None:
        query = query.where(ExchangeRate.kind == filters.kind)
    if filters.market is not None:
        query = query.where(ExchangeRate.market == filters.market)
    if filters.status is not None:
        query = query.where(ExchangeRate.status == filters.status)
    if filters.first_day is not None:
        query = query.where(ExchangeRate.rate_date >= filters.first_day)
    if filters.last_day is not None:
        query = query.where(ExchangeRate.rate_date <= filters.last_day)
    newest_first = [Order(ExchangeRate.rate_date, descending=True), Order(ExchangeRate.id, descending=True)]
    return paginate(session, query, newest_first, cursor=filters.cursor, limit=filters.limit)


def awaiting_confirmation_by(session: Session, actor: Actor) -> list[ExchangeRate]:
    """Entered rates that the actor may confirm: not their own, of institutions where they hold the right."""
    query = select(ExchangeRate).where(
        ExchangeRate.status == RateStatus.ENTERED, ExchangeRate.entered_by_id != actor.person_id
    )
    found = session.scalars(query.order_by(ExchangeRate.entered_at))
    return [row for row in found if may(actor, Permission.RATES_CONFIRM, row.institution_id)]


def visible_rate(session: Session, actor: Actor, rate_id: UUID) -> ExchangeRate:
    """The rate, if it is common or of an institution in the actor's scope. Raises NotFound otherwise."""
    row = session.get(ExchangeRate, rate_id)
    if row is None or not (row.institution_id is None or sees(actor, row.institution_id)):
        raise NotFound(Breach("rate.not-found", _("There is no such rate.")))
    return row
