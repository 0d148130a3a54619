"""A month of both calendars, and the list of rails, as the reader sees them."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.institutions.states import Side
from app.rails.days import CALENDAR_SIDES, FIRST_YEAR, LAST_YEAR, BankDays
from app.rails.models import RailVersion
from app.web.wording import words


@dataclass(frozen=True, slots=True)
class SideOfDay:
    """How a day stands on one side; `name` is that of a holiday or the reason of a day entered by hand."""

    side: Side
    open: bool
    makeup: bool
    entered: bool
    name: str


@dataclass(frozen=True, slots=True)
class CalendarDayShown:
    """A day on both sides."""

    day: date
    sides: tuple[SideOfDay, ...]

    @property
    def open_on_both(self) -> bool:
        """Whether banks are open on both sides."""
        return all(each.open for each in self.sides)


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month, Monday first: `weeks` hold None for days of the months around it.

    `ungazetted` are the sides whose days of this year are not known yet.
    """

    first_day: date
    weeks: tuple[tuple[CalendarDayShown | None, ...], ...]
    ungazetted: tuple[Side, ...]
    earlier: date | None
    later: date | None

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return month_after(self.first_day) - timedelta(days=1)

    @property
    def days(self) -> list[CalendarDayShown]:
        """Its days in order."""
        return [day for week in self.weeks for day in week if day is not None]


def month(bank_days: BankDays, first_day: date, language: str) -> MonthShown:
    """The month that begins on `first_day`, with holidays named in the reader's language."""
    weeks = Calendar().monthdatescalendar(first_day.year, first_day.month)
    before, after = month_before(first_day), month_after(first_day)
    return MonthShown(
        first_day=first_day,
        weeks=tuple(
            tuple(_shown(bank_days, day, language) if day.month == first_day.month else None for day in week)
            for week in weeks
        ),
        ungazetted=tuple(side for side in CALENDAR_SIDES if not bank_days.gazetted(side, first_day.year)),
        earlier=before if before.year >= FIRST_YEAR else None,
        later=after if after.year <= LAST_YEAR else None,
    )


def _shown(bank_days: BankDays, day: date, language: str) -> CalendarDayShown:
    return CalendarDayShown(
        day,
        tuple(
            SideOfDay(
                side=side,
                open=bank_days.is_open(side, day),
                makeup=not bank_days.is_open(side, day) and bank_days.is_open(side, day, makeup=True),
                entered=(side, day) in bank_days.overrides,
                name=bank_days.name(side, day, language),
            )
            for side in CALENDAR_SIDES
        ),
    )


def month_before(first_day: date) -> date:
    """The first day of the month before."""
    return (first_day - timedelta(days=1)).replace(day=1)


def month_after(first_day: date) -> date:
    """The first day of the month after."""
    return (first_day + timedelta(days=32)).replace(day=1)


def matching(rows: Iterable[RailVersion], text: str) -> list[RailVersion]:
    """Rails whose code, or name in the reader's language, holds the text; all of them without one."""
    wanted = text.strip().casefold()
    return [row for row in rows if wanted in row.code.casefold() or wanted in words(row.name).casefold()]


def initial_of(rows: Sequence[RailVersion], today: date) -> dict[str, object]:
    """What the form of a new version begins with: the newest version of the rail, from today on."""
    blank = {"first_day": today, "crossing": "", "makeup_days": "", "verified": ""}
    if not rows:
        return blank
    row = rows[0]
    hours = {name: getattr(row, name) for name in ("opens_at", "closes_at", "cut_off")}
    return blank | {
        "code": row.code,
        "name": row.name,
        "currencies": row.currencies,
        "from_sides": row.from_sides,
        "to_sides": row.to_sides,
        "crossing": "yes" if row.crossing else "",
        "payer_kinds": row.payer_kinds,
        "payee_kinds": row.payee_kinds,
        **{name: hour.strftime("%H:%M") if hour else "" for name, hour in hours.items()},
        "days_of": row.days_of,
        "makeup_days": "yes" if row.makeup_days else "",
        "largest": str(row.largest.amount) if row.largest else "",
        "largest_currency": row.largest_currency or "",
        "note": row.note,
        "source": row.source,
    }
