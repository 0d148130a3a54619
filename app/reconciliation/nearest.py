"""The item nearest to a day among those that are still free, found without looking at those that are taken. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Generic, Protocol, TypeVar


class Dated(Protocol):
    """Something with a day, and a key that orders what has the same day."""

    @property
    def key(self) -> Any:
        """Orders items of one day."""

    @property
    def day(self) -> date:
        """The day it is looked up by."""


Item = TypeVar("Item", bound=Dated)


class ByDay(Generic[Item]):
    """Items in order of days, of which some are taken as time goes on and never given back.

    Whoever is found taken is stepped over from then on, so that n look-ups cost about n steps whatever was taken.
    """

    def __init__(self, items: Iterable[Item], is_free: Callable[[Item], bool]) -> None:
        """Put them in order; `is_free` says of an item whether it may still be found, and never changes back."""
        self.items = sorted(items, key=lambda item: (item.day, item.key))
        self.days = [item.day for item in self.items]
        self.is_free = is_free
        self.after = [place + 1 for place in range(len(self.items))]
        self.before = [place - 1 for place in range(len(self.items))]

    def nearest(self, day: date, within: int | None = None) -> Item | None:
        """The free item nearest to the day, at most `within` days away; of several the one with the least key."""
        place = bisect_left(self.days, day)
        right = self._free_from(self.after, place)
        left = self._free_from(self.before, place - 1)
        if left >= 0:
            left = self._free_from(self.after, bisect_left(self.days, self.days[left]))
        known = range(len(self.items))
        found = [self.items[each] for each in (left, right) if each in known]
        if not found:
            return None
        best = min(found, key=lambda item: (abs((item.day - day).days), item.key))
        return best if within is None or abs((best.day - day).days) <= within else None

    def _free_from(self, links: list[int], place: int) -> int:
        """The first free place along the links; every place passed is linked to it."""
        passed = []
        while 0 <= place < len(self.items) and not self.is_free(self.items[place]):
            passed.append(place)
            place = links[place]
        for each in passed:
            links[each] = place
        return place
