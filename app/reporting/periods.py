"""The spans of days that reports are asked for: either side's year, over the same postings. Pure."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class Span:
    """A named span, both days inclusive."""

    name: str
    first_day: date
    last_day: date


def year_ending(month: int, today: date) -> tuple[date, date]:
    """The financial year, ending with `month`, that `today` lies in."""
    year = today.year if today.month <= month else today.year + 1
    last_day = date(year, month, monthrange(year, month)[1])
    before = date(year - 1, month, monthrange(year - 1, month)[1])
    return before + timedelta(days=1), last_day


def suggested(today: date) -> tuple[Span, ...]:
    """This year and last year on each side: Hong Kong to 31 March, Mainland to 31 December; to 30 June; this month."""
    hk_first, hk_last = year_ending(3, today)
    cn_first, cn_last = year_ending(12, today)
    hk_before, _end = year_ending(3, hk_first - timedelta(days=1))
    cn_before, _end = year_ending(12, cn_first - timedelta(days=1))
    june_first, june_last = year_ending(6, today)
    june_before, _end = year_ending(6, june_first - timedelta(days=1))
    return (
        Span(_("Hong Kong year, so far"), hk_first, min(hk_last, today)),
        Span(_("Hong Kong year before"), hk_before, hk_first - timedelta(days=1)),
        Span(_("Mainland year, so far"), cn_first, min(cn_last, today)),
        Span(_("Mainland year before"), cn_before, cn_first - timedelta(days=1)),
        Span(_("Year to 30 June, so far"), june_first, min(june_last, today)),
        Span(_("Year to 30 June before"), june_before, june_first - timedelta(days=1)),
        Span(_("This month"), today.replace(day=1), today),
    )
