"""Which lines of the bank and postings of the book are likely the same money. Pure; suggests and never decides.

Strongest first: a posting and its reversal; the same reference and amount; several postings of one event that make up a
line; several lines of one reference that make up a posting; the same amount within some days of each other. What one
suggestion takes, a weaker one cannot take again. Cost grows with the number of items, not with its square.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.kernel.money import Money, total
from app.reconciliation.states import Basis

SHORTEST_REFERENCE = 4
"""Shorter marks than this say nothing: a bank numbers many things from 1."""

_NOT_PLAIN = re.compile(r"[^0-9A-Z]+")
_WORDS = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_.-]*[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class BankItem:
    """A line of the bank that is in no match: money in positive. `marks` are plain references found on it."""

    key: UUID
    day: date
    amount: Money
    marks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class BookItem:
    """A posting on the bank's account that is in no match: debit positive. `event` is shared by one event's entries."""

    key: tuple[int, int]
    day: date
    amount: Money
    marks: frozenset[str] = frozenset()
    event: UUID | None = None
    entry_id: int = 0
    reverses_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Items that could be one match, why, and how many days lie between them at most."""

    basis: Basis
    lines: tuple[BankItem, ...]
    postings: tuple[BookItem, ...]

    @property
    def days_apart(self) -> int:
        """Days between the earliest and the latest of what it holds."""
        days = [*(item.day for item in self.lines), *(item.day for item in self.postings)]
        return max(days).toordinal() - min(days).toordinal()


def marks_of(*texts: str) -> frozenset[str]:
    """Plain references in texts: capitals and digits only, with a digit in it, at least four long."""
    words = (_NOT_PLAIN.sub("", word.upper()) for text in texts for word in _WORDS.findall(text))
    return frozenset(w for w in words if len(w) >= SHORTEST_REFERENCE and any(c.isdigit() for c in w))


def suggestions(lines: Sequence[BankItem], postings: Sequence[BookItem], days: int) -> list[Suggestion]:
    """What to look at first; `days` is the widest gap for a match by amount alone."""
    pool = _Pool(lines, postings)
    steps = (
        _reversals(pool),
        _by_reference(pool),
        _by_event(pool, days),
        _by_shared_reference(pool),
        _by_amount(pool, days),
    )
    return [found for step in steps for found in step]


class _Pool:
    """What is still free."""

    def __init__(self, lines: Sequence[BankItem], postings: Sequence[BookItem]) -> None:
        self.lines = {item.key: item for item in sorted(lines, key=lambda item: (item.day, str(item.key)))}
        self.postings = {item.key: item for item in sorted(postings, key=lambda item: (item.day, item.key))}

    def take(self, basis: Basis, lines: Iterable[BankItem], postings: Iterable[BookItem]) -> Suggestion:
        found = Suggestion(basis, tuple(lines), tuple(postings))
        for line in found.lines:
            del self.lines[line.key]
        for posting in found.postings:
            del self.postings[posting.key]
        return found


def _reversals(pool: _Pool) -> Iterator[Suggestion]:
    """An entry and the one that reverses it, line by line of the same size."""
    by_entry: dict[tuple[int, int], list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        by_entry[item.entry_id, item.amount.minor].append(item)
    for item in list(pool.postings.values()):
        if item.reverses_id is None or item.key not in pool.postings:
            continue
        reversed_here = by_entry.get((item.reverses_id, -item.amount.minor), [])
        other = next((each for each in reversed_here if each.key in pool.postings and each.key != item.key), None)
        if other is not None:
            yield pool.take(Basis.REVERSAL, (), (other, item))


def _by_reference(pool: _Pool) -> Iterator[Suggestion]:
    """One line and one posting that share a mark and the amount; of several, the nearest day."""
    index: dict[tuple[str, int], list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        for mark in item.marks:
            index[mark, item.amount.minor].append(item)
    for line in list(pool.lines.values()):
        shared = {
            each.key: each
            for mark in line.marks
            for each in index.get((mark, line.amount.minor), ())
            if each.key in pool.postings
        }
        if shared:
            yield pool.take(Basis.REFERENCE, (line,), (_nearest(line.day, shared.values()),))


def _by_event(pool: _Pool, days: int) -> Iterator[Suggestion]:
    """A line and all free postings of one event and day, such as a payment with its charge."""
    by_event: dict[tuple[UUID, date], list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        if item.event is not None:
            by_event[item.event, item.day].append(item)
    by_sum: dict[int, list[list[BookItem]]] = defaultdict(list)
    for group in by_event.values():
        if len(group) > 1:
            by_sum[_sum(group).minor].append(group)
    for line in list(pool.lines.values()):
        for group in by_sum.get(line.amount.minor, ()):
            free = all(item.key in pool.postings for item in group)
            marked = any(item.marks & line.marks for item in group)
            if free and (marked or abs((group[0].day - line.day).days) <= days):
                yield pool.take(Basis.ONE_PAYMENT, (line,), group)
                break


def _by_shared_reference(pool: _Pool) -> Iterator[Suggestion]:
    """A posting and all free lines that carry one of its marks."""
    by_mark: dict[str, list[BankItem]] = defaultdict(list)
    for line in pool.lines.values():
        for mark in line.marks:
            by_mark[mark].append(line)
    for item in list(pool.postings.values()):
        for mark in sorted(item.marks):
            group = [line for line in by_mark.get(mark, ()) if line.key in pool.lines]
            if len(group) > 1 and _sum(group) == item.amount:
                yield pool.take(Basis.ONE_REFERENCE, group, (item,))
                break


def _by_amount(pool: _Pool, days: int) -> Iterator[Suggestion]:
    """One line and one posting of the same amount within `days`; the nearest pairs first."""
    by_amount: dict[int, list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        by_amount[item.amount.minor].append(item)
    for line in list(pool.lines.values()):
        same = by_amount.get(line.amount.minor, [])
        first = bisect_left(same, line.day - timedelta(days=days), key=lambda item: item.day)
        last = bisect_right(same, line.day + timedelta(days=days), key=lambda item: item.day)
        near = [item for item in same[first:last] if item.key in pool.postings]
        if near:
            yield pool.take(Basis.AMOUNT_AND_DATE, (line,), (_nearest(line.day, near),))


def _nearest(day: date, items: Iterable[BookItem]) -> BookItem:
    return min(items, key=lambda item: (abs((item.day - day).days), item.key))


def _sum(items: Sequence[BankItem] | Sequence[BookItem]) -> Money:
    return total((item.amount for item in items), items[0].amount.currency)
