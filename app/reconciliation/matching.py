"""Which lines of the bank and postings of the book are likely the same money. Pure; suggests and never decides.

Strongest first: a posting and its reversal; the same identifier (UETR, end-to-end reference) and amount; a line that is
several identified payments, or a payment with its charge; the same reference and amount; several postings of one event
that make up a line; several lines of one reference that make up a posting; a payment and its return, of which the book
knows nothing; the same amount within some days of each other. What one suggestion takes, a weaker one cannot take
again. Cost grows with the number of items, not with its square.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.bank_notices.marks import SHORTEST, plain
from app.kernel.money import Money, total
from app.reconciliation.nearest import ByDay
from app.reconciliation.states import Basis

MOST_SHARED = 100
"""A mark on more items than this puts none of them together: a year, or a word that a bank writes on every line."""

_WORDS = re.compile(r"[0-9A-Za-z][0-9A-Za-z/_.-]*[0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class BankItem:
    """A line of the bank that is in no match: money in positive. `marks` are plain references found on it.

    `identifiers` are those that a payment keeps from end to end; `returned` is what the bank calls a return.
    """

    key: UUID
    day: date
    amount: Money
    marks: frozenset[str] = frozenset()
    identifiers: frozenset[str] = frozenset()
    returned: bool = False


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
    identifiers: frozenset[str] = frozenset()


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
    words = (plain(word) for text in texts for word in _WORDS.findall(text))
    return frozenset(w for w in words if len(w) >= SHORTEST and any(c.isdigit() for c in w))


def unmistakable(lines: Sequence[BankItem], postings: Sequence[BookItem]) -> list[Suggestion]:
    """Pairs of one line and one posting that agree by identifier and amount, where no other line or posting does."""
    by_posting: dict[tuple[str, int], list[BookItem]] = defaultdict(list)
    for item in postings:
        for mark in item.identifiers:
            by_posting[mark, item.amount.minor].append(item)
    meant: dict[UUID, set[tuple[int, int]]] = {}
    meaning: dict[tuple[int, int], set[UUID]] = defaultdict(set)
    for line in lines:
        found = {item.key for mark in line.identifiers for item in by_posting.get((mark, line.amount.minor), ())}
        meant[line.key] = found
        for key in found:
            meaning[key].add(line.key)
    items = {item.key: item for item in postings}
    return [
        Suggestion(Basis.IDENTIFIER, (line,), (items[key],))
        for line in lines
        if len(meant[line.key]) == 1
        for key in meant[line.key]
        if len(meaning[key]) == 1
    ]


def suggestions(lines: Sequence[BankItem], postings: Sequence[BookItem], days: int) -> list[Suggestion]:
    """What to look at first; `days` is the widest gap for a match by amount alone."""
    pool = _Pool(lines, postings)
    steps = (
        _reversals(pool),
        _by_identifier(pool),
        _by_identified_group(pool),
        _by_reference(pool),
        _by_event(pool, days),
        _by_shared_reference(pool),
        _returned(pool),
        _by_amount(pool, days),
    )
    return [found for step in steps for found in step]


class _Pool:
    """What is still free."""

    def __init__(self, lines: Sequence[BankItem], postings: Sequence[BookItem]) -> None:
        self.lines = {item.key: item for item in sorted(lines, key=lambda item: (item.day, str(item.key)))}
        self.postings = {item.key: item for item in sorted(postings, key=lambda item: (item.day, item.key))}

    def is_free(self, item: BookItem) -> bool:
        return item.key in self.postings

    def is_free_event(self, event: _Event) -> bool:
        return all(item.key in self.postings for item in event.items)

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


def _by_identifier(pool: _Pool) -> Iterator[Suggestion]:
    """One line and one posting that share an identifier and the amount; of several, the nearest day."""
    index = _by_mark({item.key: item.identifiers for item in pool.postings.values()}, pool)
    yield from _pairs(pool, index, {line.key: line.identifiers for line in pool.lines.values()}, Basis.IDENTIFIER)


def _by_reference(pool: _Pool) -> Iterator[Suggestion]:
    """One line and one posting that share a mark and the amount; of several, the nearest day."""
    index = _by_mark({item.key: item.marks for item in pool.postings.values()}, pool)
    yield from _pairs(pool, index, {line.key: line.marks for line in pool.lines.values()}, Basis.REFERENCE)


def _by_mark(marks: dict[tuple[int, int], frozenset[str]], pool: _Pool) -> dict[tuple[str, int], ByDay[BookItem]]:
    """Free postings by mark and amount."""
    found: dict[tuple[str, int], list[BookItem]] = defaultdict(list)
    for key, own in marks.items():
        for mark in own:
            item = pool.postings[key]
            found[mark, item.amount.minor].append(item)
    return {key: ByDay(items, pool.is_free) for key, items in found.items()}


def _pairs(
    pool: _Pool, index: dict[tuple[str, int], ByDay[BookItem]], marks: dict[UUID, frozenset[str]], basis: Basis
) -> Iterator[Suggestion]:
    for line in list(pool.lines.values()):
        near = [index[mark, line.amount.minor] for mark in marks[line.key] if (mark, line.amount.minor) in index]
        found = {item.key: item for each in near if (item := each.nearest(line.day)) is not None}
        if found:
            yield pool.take(basis, (line,), (_nearest(line.day, found.values()),))


def _by_identified_group(pool: _Pool) -> Iterator[Suggestion]:
    """A line and all free postings of its identifiers that make it up: a batch of payments, or one with its charge."""
    by_identifier: dict[str, list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        for mark in item.identifiers:
            by_identifier[mark].append(item)
    for line in list(pool.lines.values()):
        named = [mark for mark in sorted(line.identifiers) if len(by_identifier.get(mark, ())) <= MOST_SHARED]
        group = {item.key: item for mark in named for item in by_identifier.get(mark, ()) if pool.is_free(item)}
        several = {mark for mark in named if any(item.key in group for item in by_identifier.get(mark, ()))}
        if len(group) > 1 and _sum(list(group.values())) == line.amount:
            yield pool.take(Basis.BATCH if len(several) > 1 else Basis.CHARGE, (line,), group.values())


@dataclass(frozen=True, slots=True)
class _Event:
    """All free postings of one event and day."""

    key: tuple[int, int]
    day: date
    items: tuple[BookItem, ...]


def _by_event(pool: _Pool, days: int) -> Iterator[Suggestion]:
    """A line and all free postings of one event and day, such as a payment with its charge."""
    by_event: dict[tuple[UUID, date], list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        if item.event is not None:
            by_event[item.event, item.day].append(item)
    events = [_Event(items[0].key, items[0].day, tuple(items)) for items in by_event.values() if len(items) > 1]
    by_sum: dict[int, list[_Event]] = defaultdict(list)
    by_mark: dict[tuple[str, int], list[_Event]] = defaultdict(list)
    for event in events:
        whole = _sum(event.items).minor
        by_sum[whole].append(event)
        for mark in frozenset().union(*(item.marks for item in event.items)):
            by_mark[mark, whole].append(event)
    near = {whole: ByDay(found, pool.is_free_event) for whole, found in by_sum.items()}
    marked = {key: ByDay(found, pool.is_free_event) for key, found in by_mark.items()}
    for line in list(pool.lines.values()):
        whole = line.amount.minor
        if whole not in near:
            continue
        found = [marked[mark, whole].nearest(line.day) for mark in sorted(line.marks) if (mark, whole) in marked]
        chosen = next((each for each in found if each is not None), near[whole].nearest(line.day, days))
        if chosen is not None:
            yield pool.take(Basis.ONE_PAYMENT, (line,), chosen.items)


def _by_shared_reference(pool: _Pool) -> Iterator[Suggestion]:
    """A posting and all free lines that carry one of its marks."""
    by_mark: dict[str, list[BankItem]] = defaultdict(list)
    for line in pool.lines.values():
        for mark in line.marks:
            by_mark[mark].append(line)
    for item in list(pool.postings.values()):
        for mark in sorted(item.marks):
            shared = by_mark.get(mark, ())
            group = [line for line in shared if line.key in pool.lines] if 1 < len(shared) <= MOST_SHARED else []
            if len(group) > 1 and _sum(group) == item.amount:
                yield pool.take(Basis.ONE_REFERENCE, group, (item,))
                break


def _returned(pool: _Pool) -> Iterator[Suggestion]:
    """A payment and its return by the bank, both on its statements, while the book has a posting for neither."""
    paid: dict[tuple[str, int], list[BankItem]] = defaultdict(list)
    for line in pool.lines.values():
        for mark in line.identifiers if not line.returned else ():
            paid[mark, line.amount.minor].append(line)
    index = {key: ByDay(found, lambda line: line.key in pool.lines) for key, found in paid.items()}
    for line in [each for each in pool.lines.values() if each.returned]:
        keys = [(mark, -line.amount.minor) for mark in sorted(line.identifiers)]
        found = [index[key].nearest(line.day) for key in keys if key in index]
        other = next((each for each in found if each is not None), None)
        if other is not None:
            yield pool.take(Basis.RETURNED, (other, line), ())


def _by_amount(pool: _Pool, days: int) -> Iterator[Suggestion]:
    """One line and one posting of the same amount within `days`; of several, the nearest day."""
    by_amount: dict[int, list[BookItem]] = defaultdict(list)
    for item in pool.postings.values():
        by_amount[item.amount.minor].append(item)
    index = {minor: ByDay(found, pool.is_free) for minor, found in by_amount.items()}
    for line in list(pool.lines.values()):
        same = index.get(line.amount.minor)
        near = same.nearest(line.day, days) if same is not None else None
        if near is not None:
            yield pool.take(Basis.AMOUNT_AND_DATE, (line,), (near,))


def _nearest(day: date, items: Iterable[BookItem]) -> BookItem:
    return min(items, key=lambda item: (abs((item.day - day).days), item.key))


def _sum(items: Sequence[BankItem] | Sequence[BookItem]) -> Money:
    return total((item.amount for item in items), items[0].amount.currency)
