"""What it costs to suggest matches for a bank account with as many open lines as open postings.

Run `python -m benchmarks.matching [ITEMS]`. No database is used: the suggestions are worked out in memory from what a
page reads. Each case is another manner in which a bank and a book name the same money; the last two are the worst,
where everything looks alike. The reference of the same run joins both sides by reference and amount in a plain
dictionary. Every case must find as many matches as there are.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID, uuid5

from app.bank_notices.marks import identifiers_of
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.reconciliation.matching import BankItem, BookItem, marks_of, suggestions

ITEMS = 10_000
AIM_SECONDS = 10
DAYS_APART = 5
YEAR = date(2026, 1, 1)
NAMES = UUID(int=53)

Sides = tuple[list[BankItem], list[BookItem]]


def line(number: int, minor: int, day: int, *, text: str = "", identifier: str = "") -> BankItem:
    """A line of the bank."""
    amount, booked = Money(minor, Currency.HKD), YEAR + timedelta(days=day)
    key = uuid5(NAMES, f"line {number}")
    return BankItem(key, booked, amount, marks_of(text, identifier), identifiers_of(identifier))


def posting(number: int, minor: int, day: int, *, text: str = "", identifier: str = "", event: int = 0) -> BookItem:
    """A posting of the book; those of one `event` belong together."""
    amount, effective = Money(minor, Currency.HKD), YEAR + timedelta(days=day)
    belongs = uuid5(NAMES, f"event {event or -number}")
    return BookItem(
        (number, 1), effective, amount, marks_of(text, identifier), belongs, number, None, identifiers_of(identifier)
    )


def identified(items: int) -> Sides:
    """Every line bears our reference from end to end, in no order of days."""
    lines = [line(n, -100 - n, n * 7 % 300, identifier=f"DSB-2026-{n:05d}") for n in range(items)]
    return lines, [posting(n + 1, -100 - n, n * 7 % 300, identifier=f"DSB-2026-{n:05d}") for n in range(items)]


def mixed(items: int) -> Sides:
    """Half by reference, half by amount and day alone, of fifty amounts."""
    lines = [line(n, 100 + n % 50, n % 300, text=f"DSB-2026-{n:05d}" if n % 2 else "") for n in range(items)]
    return lines, [posting(n + 1, 100 + n % 50, n % 300, text=f"DSB-2026-{n:05d}") for n in range(items)]


def with_charges(items: int) -> Sides:
    """Every second posting is the charge of the one before it, and the bank shows both as one line."""
    lines = [line(n, -115 - n, n % 300) for n in range(items // 2)]
    pairs = [(n, minor) for n in range(items // 2) for minor in (-100 - n, -15)]
    return lines, [posting(k + 1, minor, n % 300, event=n + 1) for k, (n, minor) in enumerate(pairs)]


def alike(items: int) -> Sides:
    """One amount, one day and one word on every line and posting."""
    lines = [line(n, 100, 40, text="FEE 2026-02") for n in range(items)]
    return lines, [posting(n + 1, 100, 40, text="FEE 2026-02") for n in range(items)]


def alike_without_words(items: int) -> Sides:
    """One amount on every line and posting, over a year, and no reference anywhere."""
    return [line(n, 100, n % 300) for n in range(items)], [posting(n + 1, 100, n % 300) for n in range(items)]


CASES: tuple[Callable[[int], Sides], ...] = (identified, mixed, with_charges, alike, alike_without_words)


def joined(lines: list[BankItem], postings: list[BookItem]) -> int:
    """The reference: both sides by mark and amount in a dictionary, whatever is left over."""
    known = {(mark, item.amount.minor): item.key for item in postings for mark in item.marks}
    return sum(any((mark, item.amount.minor) in known for mark in item.marks) for item in lines)


def main() -> None:
    """Print one line of JSON for each case; ends with an error where matches are missed or the aim is."""
    items = int(sys.argv[1]) if len(sys.argv) > 1 else ITEMS
    for case in CASES:
        lines, postings = case(items)
        begun = time.perf_counter()
        joined(lines, postings)
        reference = time.perf_counter() - begun
        begun = time.perf_counter()
        found = suggestions(lines, postings, DAYS_APART)
        seconds = time.perf_counter() - begun
        matched = sum(len(each.lines) for each in found)
        print(
            json.dumps(
                {
                    "case": case.__name__,
                    "lines": len(lines),
                    "postings": len(postings),
                    "matched": matched,
                    "reference_s": round(reference, 3),
                    "seconds": round(seconds, 3),
                }
            ),
            flush=True,
        )
        if matched != len(lines) or (items <= ITEMS and seconds > AIM_SECONDS):
            raise SystemExit(f"{case.__name__}: {matched} of {len(lines)} matched in {seconds:.1f} s")


if __name__ == "__main__":
    main()
