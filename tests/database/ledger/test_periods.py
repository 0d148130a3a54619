"""Months: closing lets in those with an exception only, sealing is for good, and nothing slips in under concurrency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.errors import Conflict, Refusal, RuleBreached
from app.kernel.identity import new_id
from app.ledger import periods, posting
from app.ledger.posting import PeriodState
from tests.builders.books import ACTOR, DAY, Book, hkd, open_book, post, reverse
from tests.builders.sealing import seal
from tests.database.ledger.test_concurrency import all_at_once
from tests.postgres import WorkerDatabase, connect

SECOND = new_id()
LONG_AGO, SOON_AFTER, FAR_OFF = (datetime(year, 1, 1, tzinfo=UTC) for year in (2020, 2021, 2100))


@pytest.fixture
def book(session: Session) -> Book:
    made = open_book(session)
    post(session, made.contribution("10.00"))
    session.commit()
    return made


def closing(session: Session, book: Book, day: date = DAY) -> None:
    posting.set_period(session, book.book_id, day, PeriodState.CLOSING, actor_id=ACTOR)
    session.commit()


def excepted(
    session: Session, book: Book, *, person: UUID = ACTOR, given_by: UUID = SECOND, until: datetime = FAR_OFF
) -> UUID:
    exception_id = new_id()
    periods.give_exception(
        session, exception_id, book.book_id, DAY, person_id=person, given_by=given_by, reason="A late invoice",
        given_at=LONG_AGO, expires_at=until,
    )  # fmt: skip
    session.commit()
    return exception_id


def sealed(session: Session, book: Book, day: date = DAY) -> None:
    seal(session)
    closing(session, book, day)
    periods.seal_month(session, book.book_id, day, actor_id=SECOND, pack=b"the pack")
    session.commit()


def refusal_of(session: Session, job: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as refused:
        job()
    session.rollback()
    return refused.value.breaches[0].code


def test_an_exception_lets_its_person_post_and_every_entry_is_listed(session: Session, book: Book) -> None:
    closing(session, book)
    given = excepted(session, book)
    made = post(session, book.contribution("2.00"))
    back = reverse(session, made.entry_id)
    listed = periods.posted_under_exception(session, book.book_id, DAY)
    assert [(row.entry_id, row.exception_id, row.given_by) for row in listed] == [
        (made.entry_id, given, SECOND),
        (back.entry_id, given, SECOND),
    ]
    assert [row.used for row in periods.exceptions(session, book.book_id, DAY)] == [2]


@pytest.mark.parametrize("what", ["of another person", "expired", "ended", "of another month"])
def test_no_other_exception_lets_one_in(session: Session, book: Book, what: str) -> None:
    closing(session, book)
    closing(session, book, date(2026, 4, 1))
    given = excepted(
        session, book, person=new_id() if what == "of another person" else ACTOR,
        until=SOON_AFTER if what == "expired" else FAR_OFF,
    )  # fmt: skip
    if what == "ended":
        periods.end_exception(session, given, ended_by=SECOND, ended_at=LONG_AGO)
        session.commit()
    day = date(2026, 4, 1) if what == "of another month" else DAY
    assert refusal_of(session, lambda: post(session, book.contribution("2.00", day))) == "period.closed"


def test_nobody_gives_an_exception_to_themselves(session: Session, book: Book) -> None:
    code = refusal_of(session, lambda: excepted(session, book, person=SECOND))
    assert code == "period.exception-second-person"


def test_a_month_opens_again_only_before_it_is_sealed(session: Session, book: Book) -> None:
    closing(session, book)
    posting.set_period(session, book.book_id, DAY, PeriodState.OPEN, actor_id=ACTOR)
    post(session, book.contribution("1.00"))
    session.commit()
    sealed(session, book)
    for state in (PeriodState.OPEN, PeriodState.CLOSING):
        code = refusal_of(
            session,
            lambda: posting.set_period(session, book.book_id, DAY, state, actor_id=ACTOR),  # noqa: B023
        )
        assert code == "period.sealed"


def test_a_sealed_month_takes_nothing_not_even_under_an_exception(session: Session, book: Book) -> None:
    excepted(session, book)
    sealed(session, book)
    for day in (DAY, date(2026, 2, 1), date(2025, 12, 31)):
        assert refusal_of(session, lambda: post(session, book.contribution("1.00", day))) == "period.sealed"  # noqa: B023
    post(session, book.contribution("1.00", date(2026, 4, 1)))


def test_the_owner_does_not_open_a_sealed_month_either(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    sealed(session, book)
    owner = create_engine(worker_database.owner_url, poolclass=NullPool)
    for change in ("update ledger.period set state = 'OPEN'", "delete from ledger.period", "truncate ledger.period"):
        with owner.connect() as connection, pytest.raises(ProgrammingError, match=r"sealed for good|append-only"):
            connection.execute(text(change))


def test_whoever_started_the_closing_does_not_seal(session: Session, book: Book) -> None:
    seal(session)
    closing(session, book)
    code = refusal_of(session, lambda: periods.seal_month(session, book.book_id, DAY, actor_id=ACTOR, pack=b"p"))
    assert code == "period.second-person"


def test_an_open_month_is_not_sealed(session: Session, book: Book) -> None:
    seal(session)
    with pytest.raises(Conflict):
        periods.seal_month(session, book.book_id, DAY, actor_id=SECOND, pack=b"p")


def test_a_month_with_an_entry_in_no_block_is_not_sealed(session: Session, book: Book) -> None:
    closing(session, book)
    assert periods.entries_not_in_a_block(session, book.book_id, DAY) == 1
    code = refusal_of(session, lambda: periods.seal_month(session, book.book_id, DAY, actor_id=SECOND, pack=b"p"))
    assert code == "period.unsealed"


def test_months_are_sealed_in_order(session: Session, book: Book) -> None:
    post(session, book.contribution("1.00", date(2026, 1, 5)))
    session.commit()
    seal(session)
    closing(session, book)
    code = refusal_of(session, lambda: periods.seal_month(session, book.book_id, DAY, actor_id=SECOND, pack=b"p"))
    assert code == "period.order"
    sealed(session, book, date(2026, 1, 5))
    sealed(session, book)
    states = {row.first_day: row.state for row in periods.months(session, book.book_id, until=date(2026, 4, 30))}
    assert states == {
        date(2026, 4, 1): "OPEN",
        date(2026, 3, 1): "SEALED",
        date(2026, 2, 1): "SEALED",
        date(2026, 1, 1): "SEALED",
    }


def test_the_pack_is_kept_as_it_was_made(session: Session, book: Book) -> None:
    assert periods.pack(session, book.book_id, DAY) is None
    sealed(session, book)
    kept = periods.pack(session, book.book_id, DAY)
    assert kept is not None
    assert kept[0] == b"the pack"
    assert periods.month(session, book.book_id, DAY).entries == 1


def test_a_close_is_written_and_answers_for_the_month(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    sealed(session, book)
    with connect(worker_database.superuser_url, worker_database.name) as owner:
        owner.execute("set session_replication_role = replica")
        owner.execute("update ledger.balance_close set debit_minor = debit_minor + 100 where debit_minor > 0")
    from app.ledger import history

    assert history.balance_as_known(session, book.book_id, book.bank, date(2026, 3, 31)).net == hkd("11.00")
    assert history.balance_as_known(session, book.book_id, book.bank, date(2026, 3, 30)).net == hkd("10.00")


def test_a_month_sealed_under_fire_holds_exactly_what_was_posted_before(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    seal(session)
    excepted(session, book)
    closing(session, book)
    many: Engine = create_engine(worker_database.url, poolclass=NullPool)
    jobs: list[Callable[[Session], object]] = [lambda fresh: post(fresh, book.contribution("1.00"))] * 8
    jobs.append(lambda fresh: periods.seal_month(fresh, book.book_id, DAY, actor_id=SECOND, pack=b"p"))
    outcomes = all_at_once(many, jobs)
    last = outcomes.pop()
    if last == "done":
        assert set(outcomes) == {"period.sealed"}
    else:
        assert last == "period.unsealed"
        assert "done" in outcomes
    assert {row.first_day: row.state for row in periods.months(session, book.book_id, until=DAY)}[date(2026, 3, 1)] == (
        "SEALED" if last == "done" else "CLOSING"
    )


def test_a_revaluation_is_let_into_a_closing_month_only_where_it_was_announced(session: Session, book: Book) -> None:
    from app.ledger.chart import AccountCode
    from app.ledger.entries import EntryKind, credit, debit

    closing(session, book)
    lines = (
        debit(book.plain(AccountCode.REVALUATION), hkd("3.00")),
        credit(book.plain(AccountCode.EXCHANGE_UNREALISED), hkd("3.00")),
    )
    entry = book.entry(*lines, kind=EntryKind.REVALUATION)
    assert refusal_of(session, lambda: post(session, entry)) == "period.closed"
    nil = hkd("0.00")
    number = periods.begin_revaluation(
        session, book.book_id, DAY, event_id=entry.event_id, rate_id=new_id(), foreign=nil, carried=nil,
        worth=hkd("3.00"), actor_id=ACTOR, run_at=LONG_AGO,
    )  # fmt: skip
    post(session, entry)
    session.commit()
    assert number == 1
    again = book.entry(*lines, kind=EntryKind.REVALUATION)
    assert refusal_of(session, lambda: post(session, again)) == "period.closed"


def test_only_a_breach_of_a_rule_is_raised_for_a_missing_reason(session: Session, book: Book) -> None:
    with pytest.raises(RuleBreached):
        periods.give_exception(
            session, new_id(), book.book_id, DAY, person_id=ACTOR, given_by=SECOND, reason=" ",
            given_at=LONG_AGO, expires_at=FAR_OFF,
        )  # fmt: skip
