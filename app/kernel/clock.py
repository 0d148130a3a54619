"""Time: instants in UTC, business dates in Hong Kong / Shenzhen time (UTC+8). Only routes and the CLI ask the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

BUSINESS_ZONE = timezone(timedelta(hours=8), "UTC+8")
"""Hong Kong and Shenzhen share UTC+8 and keep no summer time."""


def business_date(instant: datetime) -> date:
    """The Hong Kong / Shenzhen calendar date of an aware instant."""
    return instant.astimezone(BUSINESS_ZONE).date()


@dataclass(frozen=True, slots=True)
class Clock:
    """The machine's clock, or one stopped at `fixed` for tests and the demonstration story."""

    fixed: datetime | None = None

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return self.fixed or datetime.now(UTC)

    def today(self) -> date:
        """Today's business date (UTC+8)."""
        return business_date(self.now())
