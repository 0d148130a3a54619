"""Balances at a day as known at a block, held against a plain model of everything that was posted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.orm import Session

from app.kernel.errors import NotFound
from app.kernel.identity import new_id
from app.ledger import balances, history, periods, posting
from app.ledger.chart import AccountCode
from app.ledger.posting import PeriodState
from tests.builders.books import ACTOR, Book, hkd, open_book, post, reverse
from tests.builders.sealing import seal

SECOND = new_id()
DAYS = [date(2026, 1, 5), date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 15), date(2026, 4, 2)]
JANUARY = date(2026, 1, 1)


@pytest.fixture
def book(session: Session) -> Book:
    made = open_book(session)
    session.commit()
    return made


def sealed_through(session: Session, book: Book, month: date) -> None:
    """Close and seal a month by two people."""
    posting.set_period(session, book.book_id, month, PeriodState.CLOSING, actor_id=ACTOR)
    session.commit()
    periods.seal_month(session, book.book_id, month, actor_id=SECOND, pack=b"pack")
    session.commit()


def bank_at(session: Session, book: Book, at: date, known_at: int | None = None) -> str:
    return str(history.balance_as_known(session, book.book_id, book.bank, at, known_at).net.amount)


def test_what_comes_later_does_not_change_what_was_known(session: Session, book: Book) -> None:
    made = post(session, book.contribution("10.00", date(2026, 3, 2)))
    session.commit()
    seal(session)
    post(session, book.contribution("5.00", date(2026, 2, 10)))
    reverse(session, made.entry_id, date(2026, 3, 2))
    session.commit()
    seal(session)
    assert bank_at(session, book, date(2026, 3, 31), 1) == "10.00"
    assert bank_at(session, book, date(2026, 3, 31), 2) == "5.00"
    assert bank_at(session, book, date(2026, 2, 28), 1) == "0.00"


def test_what_is_not_sealed_counts_where_no_block_is_asked(session: Session, book: Book) -> None:
    post(session, book.contribution("10.00"))
    session.commit()
    seal(session)
    post(session, book.contribution("5.00"))
    assert bank_at(session, book, date(2026, 12, 31)) == "15.00"
    assert bank_at(session, book, date(2026, 12, 31), 1) == "10.00"


def test_a_block_that_is_not_there_is_refused(session: Session, book: Book) -> None:
    with pytest.raises(NotFound):
        history.trial_balance_as_known(session, book.book_id, None, 1)


def test_turnover_stays_true_after_a_reversal(session: Session, book: Book) -> None:
    post(session, book.contribution("100.00"))
    made = post(session, book.contribution("40.00"))
    reverse(session, made.entry_id)
    for rows in (
        balances.trial_balance(session, book.book_id),
        history.trial_balance_as_known(session, book.book_id),
    ):
        turnover = {row.code: (row.debit, row.credit) for row in rows}
        assert turnover[AccountCode.BANK] == (hkd("100.00"), hkd("0.00"))
        assert turnover[AccountCode.POCKET] == (hkd("0.00"), hkd("100.00"))


def test_older_months_are_read_from_the_close(session: Session, book: Book) -> None:
    for day in DAYS:
        post(session, book.contribution("1.00", day))
    session.commit()
    seal(session)
    sealed_through(session, book, JANUARY)
    post(session, book.contribution("7.00", date(2026, 2, 3)))
    session.commit()
    seal(session)
    sealed_through(session, book, date(2026, 2, 1))
    seen = [bank_at(session, book, day) for day in DAYS]
    assert seen == ["1.00", "2.00", "3.00", "11.00", "12.00", "13.00"]
    assert [bank_at(session, book, day, 1) for day in DAYS] == ["1.00", "2.00", "3.00", "4.00", "5.00", "6.00"]


Step = tuple[str, int, int]
steps = st.lists(
    st.tuples(st.sampled_from(["in", "in", "in", "reverse", "seal", "close"]), st.integers(0, 5), st.integers(1, 500)),
    min_size=3,
    max_size=14,
)


class Model:
    """Every posting on the bank with the block that made it known, added up by brute force."""

    def __init__(self) -> None:
        self.rows: list[tuple[date, int, int | None]] = []
        self.blocks = 0

    def at(self, day: date, known_at: int | None) -> int:
        return sum(
            minor
            for on, minor, block in self.rows
            if on <= day and (known_at is None or (block is not None and block <= known_at))
        )

    def seal(self) -> None:
        if any(block is None for _on, _minor, block in self.rows):
            self.blocks += 1
            self.rows = [(on, minor, block or self.blocks) for on, minor, block in self.rows]


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(plan=steps)
def test_any_history_reads_as_the_model_adds_it_up(session: Session, plan: list[Step]) -> None:
    book, model = open_book(session), Model()
    made: list[tuple[int, date, int]] = []
    closed_to = date(2025, 12, 31)
    for verb, which, minor in plan:
        day = DAYS[which]
        if verb == "in" and day > closed_to:
            entry = book.contribution(str(book.money("0.01").amount * minor), day)
            made.append((post(session, entry).entry_id, day, minor))
            model.rows.append((day, minor, None))
        elif verb == "reverse" and made:
            entry_id, first, amount = made.pop(which % len(made))
            on = max(first, day)
            if on <= closed_to:
                continue
            reverse(session, entry_id, on)
            model.rows.append((on, -amount, None))
        elif verb in ("seal", "close"):
            session.commit()
            seal(session)
            model.seal()
            if verb == "close" and closed_to < date(2026, 3, 1):
                sealed_through(session, book, periods.next_month(closed_to))
                closed_to = periods.month_end(periods.next_month(closed_to))
    for day in DAYS:
        for known_at in (None, *range(1, model.blocks + 1)):
            balance = history.balance_as_known(session, book.book_id, book.bank, day, known_at)
            rows = history.trial_balance_as_known(session, book.book_id, day, known_at)
            assert balance.net.minor == model.at(day, known_at)
            assert sum(row.balance.minor for row in rows if row.code is AccountCode.BANK) == balance.net.minor
            assert sum(row.balance.minor for row in rows) == 0
    session.commit()
