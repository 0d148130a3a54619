"""At which rates the months of an engagement in another currency are converted: the booking rate of their last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts.models import Contract
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.kernel.currencies import Currency
from app.manpower.models import StaffEngagement
from app.manpower.rules import MonthRate
from app.manpower.states import last_day_of


def month_rates(
    session: Session,
    contract: Contract,
    currency: Currency,
    months: Iterable[date],
    engagement: StaffEngagement | None,
    today: date,
) -> dict[date, MonthRate]:
    """The rates from `currency` into the contract's, by month; none where both are one currency.

    A month keeps the rate it was converted at while the engagement's currency stays. Months that are not over, and
    those without a fresh rate on their last day, are absent.
    """
    into = Currency(contract.currency)
    if currency is into:
        return {}
    kept = _kept(engagement) if engagement is not None and engagement.currency == currency else {}
    days = {month: last_day_of(month) for month in months if month not in kept}
    over = [day for day in days.values() if day <= today]
    found = exchange_rates.booking_rate_by_day(session, currency, into, over, contract.grantee_id)
    fresh = {
        month: MonthRate(found[day].units(into), found[day].rate_id) for month, day in days.items() if day in found
    }
    return kept | fresh


def _kept(engagement: StaffEngagement) -> dict[date, MonthRate]:
    return {
        each.month: MonthRate(each.rate, each.rate_id)
        for each in engagement.months
        if each.rate is not None and each.rate_id is not None
    }


def rates_of(session: Session, engagement: StaffEngagement) -> Mapping[UUID, FoundRate]:
    """The rates that the engagement's months name, by id, with their day and source."""
    keys = {each.rate_id for each in engagement.months if each.rate_id is not None}
    found = {key: exchange_rates.by_id(session, key) for key in keys}
    return {key: rate for key, rate in found.items() if rate is not None}
