"""Posting, reversing and repeating: what the functions do when all is well and when it is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, Refusal, RuleBreached
from app.kernel.identity import new_id
from app.ledger import balances, posting
from app.ledger.balances import Selection
from app.ledger.chart import CHART, AccountCode, heading_of
from app.ledger.entries import (
    AccountKey,
    Dimensions,
    Entry,
    EntryKind,
    Rate,
    cost,
    credit,
    debit,
    exchange_lines,
    in_functional,
)
from app.ledger.headings import Heading
from app.ledger.posting import Order, PeriodState
from tests.builders.books import ACTOR, DAY, Book, cny, hkd, open_book, post, reverse

CNY, HKD = Currency.CNY, Currency.HKD
ALL_DAYS = (date(2000, 1, 1), date(2060, 12, 31))


@pytest.fixture
def book(session: Session) -> Book:
    return open_book(session)


def code_of(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.breaches[0].code


def test_the_chart_in_the_database_is_the_one_in_the_code(session: Session) -> None:
    rows = session.execute(
        text("select code, name, kind, role, subject, normal_side, limited, stripes, heading from ledger.chart")
    )
    expected = {
        (r.code, r.name, r.kind, r.role, r.subject, r.normal_side, r.limited, r.stripes, heading_of(r.code))
        for r in CHART.values()
    }
    assert {tuple(row) for row in rows} == expected


def test_a_contribution_stands_on_both_accounts(session: Session, book: Book) -> None:
    post(session, book.contribution("1000.00"))
    assert balances.account_balance(session, book.book_id, book.bank).net == hkd("1000.00")
    position = balances.pocket_position(session, book.pocket.subject_id)  # type: ignore[arg-type]
    assert position is not None
    assert position.available == hkd("1000.00")


def test_the_worked_example_stands_in_the_books_to_the_cent(session: Session, book: Book) -> None:
    contract = Dimensions(contract_id=new_id())
    arrived = [
        debit(book.bank, hkd("432282.43"), contract),
        debit(cost(Heading.BANK_CHARGE, CNY), cny("138.75"), contract),
        credit(AccountKey(AccountCode.GRANT_RECEIVED, CNY), cny("400000.00"), contract),
        *exchange_lines(hkd("432282.43"), cny("399861.25"), contract),
    ]
    salary = [
        debit(cost(Heading.SALARY, CNY), cny("92400.00"), contract),
        credit(book.bank, hkd("100000.00"), contract),
        *exchange_lines(cny("92400.00"), hkd("100000.00"), contract),
    ]
    post(session, book.entry(*in_functional(arrived, HKD, Rate(HKD, CNY, Decimal("0.9250")))))
    post(session, book.entry(*in_functional(salary, HKD, Rate(HKD, CNY, Decimal("0.9240")))))
    pair = balances.pair_positions(session, contract.contract_id, book.book_id, DAY)  # type: ignore[arg-type]
    assert pair == {CNY: cny("307461.25"), HKD: hkd("-332282.43")}
    period_end = Rate(HKD, CNY, Decimal("0.9240"))
    assert period_end.convert(-pair[HKD]) - pair[CNY] == cny("-432.28")


def test_an_entry_beyond_the_pocket_is_refused_and_says_by_how_much(session: Session, book: Book) -> None:
    post(session, book.contribution("100.00"))
    with pytest.raises(RuleBreached) as refused:
        post(session, book.spending("100.01"))
    assert code_of(refused) == "pocket.insufficient"
    assert refused.value.breaches[0].params["short_by"] == "HKD 0.01"


def test_a_limited_debit_account_never_goes_into_credit(session: Session, book: Book) -> None:
    advances = book.plain(AccountCode.ADVANCES)
    post(session, book.entry(debit(advances, hkd("50.00")), credit(book.bank, hkd("50.00"))))
    with pytest.raises(RuleBreached) as refused:
        post(session, book.entry(debit(cost(Heading.TRAVEL, HKD), hkd("50.01")), credit(advances, hkd("50.01"))))
    assert code_of(refused) == "account.insufficient"
    assert refused.value.breaches[0].params["short_by"] == "HKD 0.01"


def test_a_refused_entry_leaves_nothing(session: Session, database_digest: Callable[[], str]) -> None:
    book = open_book(session)
    post(session, book.contribution("100.00"))
    session.commit()
    before = database_digest()
    with pytest.raises(RuleBreached):
        post(session, book.spending("200.00"))
    session.rollback()
    assert database_digest() == before


def test_a_book_never_opened_takes_nothing(session: Session) -> None:
    unknown = Book(
        new_id(),
        "NONE",
        HKD,
        AccountKey(AccountCode.BANK, HKD, new_id()),
        AccountKey(AccountCode.POCKET, HKD, new_id()),
    )
    with pytest.raises(NotFound) as refused:
        post(session, unknown.contribution("1.00"))
    assert code_of(refused) == "book.unknown"


def test_an_entry_in_another_functional_currency_is_refused(session: Session, book: Book) -> None:
    yuan = AccountKey(AccountCode.OTHER_INCOME, CNY), AccountKey(AccountCode.INSTITUTION_CLEARING, CNY)
    with pytest.raises(RuleBreached) as refused:
        post(session, book.entry(debit(yuan[1], cny("1.00")), credit(yuan[0], cny("1.00"))))
    assert code_of(refused) == "entry.functional"


def test_a_pocket_belongs_to_one_book(session: Session, book: Book) -> None:
    post(session, book.contribution("1.00"))
    other = open_book(session)
    stolen = Book(other.book_id, other.code, HKD, other.bank, book.pocket)
    with pytest.raises(RuleBreached) as refused:
        post(session, stolen.contribution("1.00"))
    assert code_of(refused) == "account.subject"


def test_opening_a_book_again_changes_nothing_and_another_currency_is_refused(session: Session, book: Book) -> None:
    posting.open_book(session, book.book_id, book.code, HKD)
    with pytest.raises(Conflict) as refused:
        posting.open_book(session, book.book_id, book.code, CNY)
    assert code_of(refused) == "book.different"


def test_the_same_key_and_body_answer_with_the_first_entry(session: Session, book: Book) -> None:
    entry, key = book.contribution("10.00"), new_id()
    first = post(session, entry, key)
    again = post(session, entry, key)
    assert (again.entry_id, first.replayed, again.replayed) == (first.entry_id, False, True)
    assert balances.account_balance(session, book.book_id, book.bank).net == hkd("10.00")


def test_the_same_key_with_another_body_is_refused(session: Session, book: Book) -> None:
    key = new_id()
    post(session, book.contribution("10.00"), key)
    with pytest.raises(RuleBreached) as refused:
        post(session, book.contribution("11.00"), key)
    assert code_of(refused) == "key.reused"
    assert refused.value.status == 422


def test_a_replay_is_answered_even_after_the_month_has_closed(session: Session, book: Book) -> None:
    entry, key = book.contribution("10.00"), new_id()
    first = post(session, entry, key)
    posting.set_period(session, book.book_id, DAY, PeriodState.CLOSING, actor_id=ACTOR)
    assert post(session, entry, key).entry_id == first.entry_id


def test_a_closed_month_takes_no_posting_until_it_is_opened(session: Session, book: Book) -> None:
    posting.set_period(session, book.book_id, DAY, PeriodState.CLOSING, actor_id=ACTOR)
    assert balances.period_is_closed(session, book.book_id, DAY)
    post(session, book.contribution("1.00", date(2026, 4, 1)))
    posting.set_period(session, book.book_id, DAY, PeriodState.OPEN, actor_id=ACTOR)
    post(session, book.contribution("1.00"))
    posting.set_period(session, book.book_id, DAY, PeriodState.CLOSING, actor_id=ACTOR)
    with pytest.raises(RuleBreached) as refused:
        post(session, book.contribution("1.00"))
    assert code_of(refused) == "period.closed"


def test_a_reversal_is_red_ink_on_the_same_sides(session: Session, book: Book) -> None:
    made = post(session, book.contribution("25.00"))
    undone = reverse(session, made.entry_id)
    rows = balances.postings(session, Selection(entry_id=undone.entry_id))
    assert [(row.side, row.amount, row.kind) for row in rows] == [
        ("D", hkd("-25.00"), EntryKind.REVERSAL),
        ("C", hkd("25.00"), EntryKind.REVERSAL),
    ]
    assert {row.reverses_id for row in rows} == {made.entry_id}
    balance = balances.account_balance(session, book.book_id, book.bank)
    assert (balance.debit, balance.credit) == (hkd("0.00"), hkd("0.00"))


def test_an_entry_is_reversed_once(session: Session, book: Book) -> None:
    made = post(session, book.contribution("25.00"))
    reverse(session, made.entry_id)
    with pytest.raises(Conflict) as refused:
        reverse(session, made.entry_id)
    assert code_of(refused) == "reversal.once"


def test_a_repeated_reversal_under_one_key_answers_with_the_first(session: Session, book: Book) -> None:
    made, key, event = post(session, book.contribution("25.00")), new_id(), new_id()
    first, again = (
        posting.reverse(
            session,
            made.entry_id,
            effective_on=DAY,
            event_id=event,
            reason="Twice",
            actor_id=ACTOR,
            idempotency_key=key,
        )
        for _ in range(2)
    )
    assert (again.entry_id, again.replayed) == (first.entry_id, True)


def test_a_reversal_is_never_reversed(session: Session, book: Book) -> None:
    undone = reverse(session, post(session, book.contribution("25.00")).entry_id)
    with pytest.raises(RuleBreached) as refused:
        reverse(session, undone.entry_id)
    assert code_of(refused) == "reversal.of-reversal"


def test_a_reversal_is_not_dated_before_its_original(session: Session, book: Book) -> None:
    made = post(session, book.contribution("25.00"))
    with pytest.raises(RuleBreached) as refused:
        reverse(session, made.entry_id, date(2026, 3, 1))
    assert code_of(refused) == "reversal.date"


def test_an_entry_in_a_closed_month_is_reversed_in_an_open_one(session: Session, book: Book) -> None:
    made = post(session, book.contribution("25.00"))
    posting.set_period(session, book.book_id, DAY, PeriodState.CLOSING, actor_id=ACTOR)
    reverse(session, made.entry_id, date(2027, 1, 5))
    assert balances.account_balance(session, book.book_id, book.bank, at=date(2026, 12, 31)).net == hkd("25.00")
    assert balances.account_balance(session, book.book_id, book.bank, at=date(2027, 1, 5)).net == hkd("0.00")


def test_a_contribution_already_spent_cannot_be_reversed(session: Session, book: Book) -> None:
    made = post(session, book.contribution("25.00"))
    post(session, book.spending("5.00"))
    with pytest.raises(RuleBreached) as refused:
        reverse(session, made.entry_id)
    assert code_of(refused) == "pocket.insufficient"


def test_an_unknown_entry_cannot_be_reversed(session: Session, book: Book) -> None:
    with pytest.raises(NotFound) as refused:
        reverse(session, 10**12)
    assert code_of(refused) == "entry.unknown"


def test_two_books_are_posted_together_under_one_event(session: Session, book: Book) -> None:
    other = open_book(session, CNY)
    event = new_id()
    entries = [
        Entry(b.book_id, DAY, EntryKind.ACTUAL, event, "One event", b.contribution("7.00").lines) for b in (book, other)
    ]
    made = posting.post_all(session, [Order(entry, new_id()) for entry in entries], actor_id=ACTOR)
    rows = balances.postings(session, Selection(event_id=event))
    assert {row.book_id for row in rows} == {book.book_id, other.book_id}
    assert {row.entry_id for row in rows} == {posted.entry_id for posted in made}


def test_several_entries_are_posted_all_or_none(session: Session, database_digest: Callable[[], str]) -> None:
    book = open_book(session)
    session.commit()
    before = database_digest()
    orders = [Order(book.contribution("7.00"), new_id()), Order(book.spending("7.01"), new_id())]
    with pytest.raises(RuleBreached):
        posting.post_all(session, orders, actor_id=ACTOR)
    session.rollback()
    assert database_digest() == before


def test_a_batch_posted_twice_is_answered_from_the_first(session: Session, book: Book) -> None:
    orders = [Order(book.contribution("7.00"), new_id()), Order(book.spending("2.00"), new_id())]
    first = posting.post_all(session, orders, actor_id=ACTOR)
    again = posting.post_all(session, orders, actor_id=ACTOR)
    assert [p.entry_id for p in again] == [p.entry_id for p in first]
    assert all(p.replayed for p in again)
    assert balances.account_balance(session, book.book_id, book.pocket).net == hkd("-5.00")


def test_no_entries_post_nothing(session: Session) -> None:
    assert posting.post_all(session, [], actor_id=ACTOR) == ()


def test_a_line_repeated_on_one_account_is_counted_each_time(session: Session, book: Book) -> None:
    lines = [debit(cost(Heading.TRAVEL, HKD), hkd("1.00")) for _ in range(40)]
    post(session, book.entry(*lines, credit(book.plain(AccountCode.INSTITUTION_CLEARING), hkd("40.00"))))
    assert balances.account_balance(session, book.book_id, cost(Heading.TRAVEL, HKD)).debit == hkd("40.00")


@pytest.mark.parametrize("day", [date(2000, 1, 1), date(2024, 2, 29), date(2060, 12, 31)])
def test_every_year_from_2000_to_2060_has_its_partition(session: Session, book: Book, day: date) -> None:
    made = post(session, book.contribution("1.00", day))
    assert balances.postings(session, Selection(entry_id=made.entry_id))[0].effective_on == day


def test_the_columns_that_sealing_will_need_are_filled(session: Session, book: Book) -> None:
    made = post(session, book.contribution("1.00"))
    row = session.execute(
        text(
            "select xact = pg_current_xact_id() as ours, seal_epoch, recorded_at from ledger.entry where entry_id = :id"
        ),
        {"id": made.entry_id},
    ).one()
    assert row.ours
    assert row.seal_epoch == 1
    assert row.recorded_at.tzinfo is not None
