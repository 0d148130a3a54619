"""Suggestions: strongest first, never twice, always of one sum, and fast enough for a large account."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given, strategies as st

from app.bank_notices.marks import identifiers_of
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.reconciliation.matching import (
    BankItem,
    BookItem,
    Suggestion,
    marks_of,
    suggestions,
    unmistakable,
)
from app.reconciliation.states import Basis

DAY = date(2026, 9, 10)
NAMES = UUID(int=7)
WEEK = 5


def line(number: int, minor: int, text: str = "", after: int = 0) -> BankItem:
    key = uuid5(NAMES, f"line {number}")
    return BankItem(key, DAY + timedelta(days=after), Money(minor, Currency.HKD), marks_of(text))


def posting(
    number: int, minor: int, text: str = "", after: int = 0, event: int = 0, reverses: int | None = None
) -> BookItem:
    amount, day = Money(minor, Currency.HKD), DAY + timedelta(days=after)
    return BookItem((number, 1), day, amount, marks_of(text), uuid5(NAMES, f"{event or -number}"), number, reverses)


def found(lines: list[BankItem], postings: list[BookItem]) -> list[tuple[Basis, int, int]]:
    return [(each.basis, len(each.lines), len(each.postings)) for each in suggestions(lines, postings, WEEK)]


def test_marks_are_references_in_any_spelling() -> None:
    assert marks_of("Pay DSB-2026-00042 now", "jnl202600007", "a b 12") == {"DSB202600042", "JNL202600007"}


def test_the_same_reference_and_amount_is_found_over_any_number_of_days() -> None:
    near, far = posting(1, 500, "no mark", after=1), posting(2, 500, "DSB-2026-00042", after=40)
    assert suggestions([line(1, 500, "DSB202600042")], [near, far], WEEK)[0].postings == (far,)


def test_a_reference_with_another_amount_is_no_suggestion() -> None:
    assert found([line(1, 500, "DSB-2026-00042")], [posting(1, 499, "DSB-2026-00042")]) == []


@pytest.mark.parametrize(("after", "expected"), [(WEEK, [(Basis.AMOUNT_AND_DATE, 1, 1)]), (WEEK + 1, [])])
def test_the_same_amount_counts_only_within_the_days(after: int, expected: list[tuple[Basis, int, int]]) -> None:
    assert found([line(1, 500, after=after)], [posting(1, 500)]) == expected


def test_of_two_of_the_same_amount_the_nearer_day_is_suggested() -> None:
    far, near = posting(1, 500, after=-4), posting(2, 500, after=1)
    assert suggestions([line(1, 500)], [far, near], WEEK)[0].postings == (near,)


def test_a_payment_and_its_charge_are_one_line() -> None:
    assert found([line(1, -515)], [posting(1, -500, event=9), posting(2, -15, event=9)]) == [(Basis.ONE_PAYMENT, 1, 2)]


def test_lines_of_one_reference_make_up_a_posting() -> None:
    lines = [line(1, 300, "DSB-2026-00042"), line(2, 200, "DSB-2026-00042", after=1)]
    assert found(lines, [posting(1, 500, "DSB-2026-00042")]) == [(Basis.ONE_REFERENCE, 2, 1)]


def test_an_entry_and_its_reversal_need_no_line() -> None:
    assert found([], [posting(1, 500), posting(2, -500, reverses=1)]) == [(Basis.REVERSAL, 0, 2)]


def identified(item: BankItem, text: str, *, returned: bool = False) -> BankItem:
    return replace(item, identifiers=identifiers_of(text), returned=returned)


def named(item: BookItem, text: str) -> BookItem:
    return replace(item, identifiers=identifiers_of(text))


def test_an_identifier_goes_before_a_reference_and_a_nearer_day() -> None:
    wanted, near = named(posting(1, -500, after=40), "DSB-2026-00042"), posting(2, -500, "BR-77")
    every = suggestions([identified(line(1, -500, "BR-77"), "DSB-2026-00042")], [near, wanted], WEEK)
    assert [(each.basis, each.postings) for each in every] == [(Basis.IDENTIFIER, (wanted,))]


def test_a_uetr_is_an_identifier_in_either_case() -> None:
    uetr = "0f7c2d31-8a64-4b1e-9d55-3c6e21b07a94"
    assert found([identified(line(1, 5), uetr.upper())], [named(posting(1, 5, after=30), uetr)]) == [
        (Basis.IDENTIFIER, 1, 1)
    ]


def test_a_batch_is_one_line_of_several_payments() -> None:
    postings = [named(posting(n, -100 * n, after=9), f"DSB-2026-0005{n}") for n in (1, 2, 3)]
    batch = identified(line(1, -600), "DSB-2026-00051 DSB-2026-00052 DSB-2026-00053")
    assert found([batch], postings) == [(Basis.BATCH, 1, 3)]
    assert found([replace(batch, amount=Money(-601, Currency.HKD))], postings) == []


def test_a_charge_beside_a_payment_of_the_same_identifier_is_named() -> None:
    postings = [named(posting(n, amount, after=9), "DSB-2026-00042") for n, amount in ((1, -500), (2, -15))]
    assert found([identified(line(1, -515), "DSB-2026-00042")], postings) == [(Basis.CHARGE, 1, 2)]


def test_a_payment_and_its_return_cancel_where_the_book_has_neither() -> None:
    paid, back = identified(line(1, -500), "DSB-2026-00042"), line(2, 500, after=3)
    returned = identified(back, "DSB-2026-00042", returned=True)
    assert found([paid, returned], []) == [(Basis.RETURNED, 2, 0)]
    assert found([paid, replace(returned, returned=False)], []) == []


def test_only_what_no_other_line_or_posting_could_mean_is_unmistakable() -> None:
    first, again = (identified(line(n, 500), "DSB-2026-00042") for n in (1, 2))
    meant = named(posting(1, 500), "DSB-2026-00042")
    assert [each.postings for each in unmistakable([first], [meant])] == [(meant,)]
    assert unmistakable([first, again], [meant]) == []
    assert unmistakable([first], [meant, named(posting(2, 500), "DSB-2026-00042")]) == []
    assert unmistakable([first], [named(posting(1, 499), "DSB-2026-00042")]) == []


ITEMS = st.lists(
    st.tuples(st.integers(-6, 6).filter(bool), st.integers(-8, 8), st.integers(0, 3), st.booleans()), max_size=12
)


def _text(mark: int, marked: bool) -> str:
    return f"REF-2026-0000{mark}" if marked else ""


@given(ITEMS, ITEMS)
def test_every_suggestion_agrees_to_the_cent_and_nothing_is_suggested_twice(
    bank: list[tuple[int, int, int, bool]], book: list[tuple[int, int, int, bool]]
) -> None:
    lines = [line(n, m, _text(mark, marked), after) for n, (m, after, mark, marked) in enumerate(bank)]
    postings = [posting(n + 1, m, _text(mark, marked), after, mark) for n, (m, after, mark, marked) in enumerate(book)]
    every = suggestions(lines, postings, WEEK)
    for each in every:
        sums = [total((item.amount for item in side), Currency.HKD) for side in (each.lines, each.postings)]
        assert sums[0] == sums[1]
        assert min(len(each.lines), len(each.postings)) <= 1
    taken: list[object] = [item.key for each in every for side in (each.lines, each.postings) for item in side]
    assert len(taken) == len(set(taken))
    assert every == suggestions(lines[::-1], postings[::-1], WEEK)


def test_ten_thousand_of_one_mark_amount_and_day_cost_no_more() -> None:
    lines = [line(n, 100, "FEE 2026-09") for n in range(10_000)]
    postings = [posting(n + 1, 100, "FEE 2026-09", event=n // 2 + 1) for n in range(10_000)]
    begun = time.process_time()
    assert len(suggestions(lines, postings, WEEK)) == 10_000
    assert time.process_time() - begun < 10


def test_ten_thousand_lines_are_suggested_against_ten_thousand_postings_within_ten_seconds() -> None:
    lines = [line(n, 100 + n % 50, f"DSB-2026-{n:05d}" if n % 2 else "", n % 300) for n in range(10_000)]
    postings = [posting(n + 1, 100 + n % 50, f"DSB-2026-{n:05d}", n % 300) for n in range(10_000)]
    begun = time.process_time()
    every: list[Suggestion] = suggestions(lines, postings, WEEK)
    assert time.process_time() - begun < 10
    assert sum(len(each.lines) for each in every) == 10_000
