"""On which days banks are open in the Mainland and in Hong Kong: public holidays by library, entered days above.

The library counts a Saturday as a working day in Hong Kong; banks do not settle then. So on either side a banking day
is Monday to Friday less public holidays, and a Mainland make-up working day, which falls on a weekend, is open only
where it is asked for: some rails run then and most do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from app.institutions.states import Side

if TYPE_CHECKING:
    from holidays import HolidayBase

CALENDAR_SIDES = (Side.SZ, Side.HK)
"""The sides whose holidays are known. On any other side Monday to Friday counts, and no year of it is gazetted."""

COUNTRIES = {Side.SZ: "CN", Side.HK: "HK"}
LOCALES: dict[str, dict[str, str]] = {
    Side.SZ: {"en": "en_US", "zh-Hant": "zh_TW", "zh-Hans": "zh_CN"},
    Side.HK: {"en": "en_HK", "zh-Hant": "zh_HK", "zh-Hans": "zh_CN"},
}
FIRST_YEAR, LAST_YEAR = 2000, 2060
"""The years that the ledger keeps; outside of them no holiday is looked for."""

SATURDAY = 5
LONGEST_CLOSURE = 366
_AMERICAN_DAY = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class DayOverride:
    """A day entered by hand and confirmed by a second person: it goes before what the library says.

    An open Saturday or Sunday is a make-up working day, and counts only where those count.
    """

    side: str
    day: date
    open: bool
    reason: str


@dataclass(frozen=True, slots=True)
class BankDays:
    """The open days of banks, with the days entered by hand. Pure; made by `queries.bank_days`."""

    overrides: Mapping[tuple[str, date], DayOverride] = field(default_factory=dict)

    def is_open(self, side: str, day: date, *, makeup: bool = False) -> bool:
        """Whether banks of a side are open; make-up working days on a weekend count only with `makeup`."""
        entered = self.overrides.get((side, day))
        if day.weekday() >= SATURDAY:
            return makeup and (entered.open if entered else is_makeup_day(side, day))
        return entered.open if entered else not is_holiday(side, day)

    def next_open(self, sides: str | Iterable[str], day: date, *, makeup: bool = False) -> date:
        """The first day, `day` itself or later, on which banks are open on all the sides."""
        asked = _several(sides)
        for each in _days_from(day):
            if all(self.is_open(side, each, makeup=makeup) for side in asked):
                return each
        raise LookupError(f"no open day within a year of {day}")

    def plus(self, sides: str | Iterable[str], day: date, working_days: int, *, makeup: bool = False) -> date:
        """The day so many working days after `day`, counting days open on all the sides; nil is `next_open`."""
        asked = _several(sides)
        reached = day if working_days else self.next_open(asked, day, makeup=makeup)
        for _step in range(working_days):
            reached = self.next_open(asked, reached + timedelta(days=1), makeup=makeup)
        return reached

    def gazetted(self, side: str, year: int) -> bool:
        """Whether the days of the year are known.

        In the Mainland the State Council's notice has to be out, for it moves working days to weekends; in Hong Kong an
        ordinance names the days of every year.
        """
        if side == Side.SZ:
            return year <= last_gazetted_year()
        return side == Side.HK and year <= LAST_YEAR

    def name(self, side: str, day: date, locale: str = "en") -> str:
        """What the holiday is called, in the reader's language (en, zh-Hant, zh-Hans); empty on a day without one.

        For a day entered by hand it is the reason as entered.
        """
        entered = self.overrides.get((side, day))
        return entered.reason if entered else holiday_name(side, day, locale)


def is_holiday(side: str, day: date) -> bool:
    """Whether the library knows a public holiday or a day off of that side."""
    return day in _holidays(side, day.year, "en")


def is_makeup_day(side: str, day: date) -> bool:
    """Whether the library knows that the Mainland works on this Saturday or Sunday."""
    return side == Side.SZ and day in _makeup_days(day.year)


def holiday_name(side: str, day: date, locale: str) -> str:
    """The library's name of a holiday, with the day that a day off is made up on written year first."""
    named = _holidays(side, day.year, locale).get(day, "")
    return _AMERICAN_DAY.sub(r"\3-\1-\2", named)


@cache
def last_gazetted_year() -> int:
    """The last year whose make-up working days in the Mainland the library knows."""
    from holidays.countries.china import ChinaStaticHolidays

    return max(int(year) for year in ChinaStaticHolidays.special_public_holidays)


@cache
def _holidays(side: str, year: int, locale: str) -> Mapping[date, str]:
    """A year of one side: built once in a process, for building it takes milliseconds."""
    if side not in COUNTRIES or not FIRST_YEAR <= year <= LAST_YEAR:
        return MappingProxyType({})
    language = LOCALES[side].get(locale, LOCALES[side]["en"])
    found = _of_the_library(COUNTRIES[Side(side)], years=year, language=language)
    return MappingProxyType({day: name for day, name in found.items() if day.year == year})


def _of_the_library(country: str, **asked: Any) -> HolidayBase:
    """The library's calendar of the years asked for, and of no other; imported here, for few processes ask."""
    from holidays import country_holidays

    return country_holidays(country, expand=False, **asked)


@cache
def _makeup_days(year: int) -> frozenset[date]:
    """Working weekends of a year; those for a holiday in January may be told by the year after."""
    if not FIRST_YEAR <= year < LAST_YEAR:
        return frozenset()
    found = _of_the_library("CN", years=(year, year + 1))
    return frozenset(day for day in found.weekend_workdays if day.year == year)


def _several(sides: str | Iterable[str]) -> tuple[str, ...]:
    return (sides,) if isinstance(sides, str) else tuple(sides)


def _days_from(day: date) -> Iterator[date]:
    return (day + timedelta(days=step) for step in range(LONGEST_CLOSURE))
