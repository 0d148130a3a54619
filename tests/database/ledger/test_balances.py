"""Reading the books: at a date, page by page, by contract."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.ledger import balances
from app.ledger.balances import ActivityRow, Selection
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Dimensions, Rate, cost, credit, debit, in_functional
from app.ledger.headings import Heading
from tests.builders.books import Book, cny, hkd, open_book, post

MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 31)


@pytest.fixture
def book(session: Session) -> Book:
    """Contributions of 100.00, 20.00 and 3.00 in March, April and the next year; 1.00 spent in April."""
    made = open_book(session)
    post(session, made.contribution("100.00", MARCH))
    post(session, made.contribution("20.00", APRIL))
    post(session, made.spending("1.00", day=APRIL))
    post(session, made.contribution("3.00", date(2027, 1, 1)))
    return made


def test_a_balance_at_a_date_counts_that_day_and_before(session: Session, book: Book) -> None:
    at = [
        balances.account_balance(session, book.book_id, book.bank, day).net for day in (date(2026, 3, 30), MARCH, APRIL)
    ]
    assert at == [hkd("0.00"), hkd("100.00"), hkd("120.00")]


def test_an_account_never_used_is_nil(session: Session, book: Book) -> None:
    key = AccountKey(AccountCode.INTEREST, Currency.HKD)
    assert balances.account_balance(session, book.book_id, key).net == hkd("0.00")


def test_a_pocket_never_used_has_no_position(session: Session) -> None:
    assert balances.pocket_position(session, new_id()) is None


def test_many_pockets_are_read_at_once(session: Session, book: Book) -> None:
    other = open_book(session)
    post(session, other.contribution("7.00"))
    pockets = [book.pocket.subject_id, other.pocket.subject_id, new_id()]
    found = balances.pocket_positions(session, pockets)  # type: ignore[arg-type]
    assert [found[p].available for p in pockets[:2]] == [hkd("122.00"), hkd("7.00")]  # type: ignore[index]
    assert len(found) == 2


def test_a_trial_balance_sums_to_nil_in_every_currency_at_every_date(session: Session, book: Book) -> None:
    for day in (MARCH, APRIL, MAY, None):
        rows = balances.trial_balance(session, book.book_id, day)
        assert sum(row.balance.minor for row in rows) == 0 != len(rows)


def test_a_trial_balance_agrees_with_the_balances_kept(session: Session, book: Book) -> None:
    for row in balances.trial_balance(session, book.book_id):
        kept = balances.account_balance(
            session, book.book_id, AccountKey(row.code, row.balance.currency, row.subject_id)
        )
        assert kept.net == row.balance


def test_a_trial_balance_of_another_book_is_apart(session: Session, book: Book) -> None:
    other = open_book(session)
    assert balances.trial_balance(session, other.book_id) == []


def test_pages_of_postings_join_without_gap_or_overlap(session: Session, book: Book) -> None:
    whole = balances.postings(session, Selection(book_id=book.book_id))
    pages, after = [], None
    while page := balances.postings(session, Selection(book_id=book.book_id), after=after, limit=3):
        pages += page
        after = page[-1].cursor
    assert pages == whole
    assert len(whole) == 10


def test_a_statement_carries_the_balance_from_before_its_first_day(session: Session, book: Book) -> None:
    rows = list(balances.statement(session, book.book_id, book.bank, APRIL, MAY))
    assert [(row.amount, row.running) for row in rows] == [(hkd("20.00"), hkd("120.00"))]


def test_a_statement_of_an_account_without_a_subject_is_its_own(session: Session, book: Book) -> None:
    key = book.plain(AccountCode.GRANTS_PAID)
    rows = list(balances.statement(session, book.book_id, key, MARCH, MAY))
    assert [row.running for row in rows] == [hkd("1.00")]


def test_a_contracts_activity_is_split_by_account_heading_and_period(session: Session, book: Book) -> None:
    tags = Dimensions(contract_id=new_id())
    clearing = AccountKey(AccountCode.INSTITUTION_CLEARING, Currency.CNY)
    rate = Rate(Currency.HKD, Currency.CNY, Decimal("0.92"))
    for day, amount in ((MARCH, "10.00"), (APRIL, "5.00"), (date(2027, 1, 1), "1.00")):
        lines = [debit(cost(Heading.TRAVEL, Currency.CNY), cny(amount), tags), credit(clearing, cny(amount), tags)]
        post(session, book.entry(*in_functional(lines, Currency.HKD, rate), day=day))
    rows = balances.contract_activity(session, tags.contract_id, APRIL, MAY)  # type: ignore[arg-type]
    assert rows == [
        ActivityRow(
            book.book_id,
            AccountCode.INSTITUTION_CLEARING,
            None,
            Currency.CNY,
            cny("-10.00"),
            cny("-5.00"),
            cny("-15.00"),
        ),
        ActivityRow(
            book.book_id, AccountCode.TRAVEL, Heading.TRAVEL, Currency.CNY, cny("10.00"), cny("5.00"), cny("15.00")
        ),
    ]


def test_books_are_known_by_code(session: Session, book: Book) -> None:
    assert balances.book_ids(session)[book.code] == book.book_id
    assert balances.functional_currency(session, book.book_id) is Currency.HKD
    assert balances.functional_currency(session, new_id()) is None
