"""A report built as known at a block stays as it was, whatever is posted afterwards, however far back it is dated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.orm import Session

from app.institutions.states import Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.identity import new_id
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey
from app.ledger.sealing import status
from app.reporting import service
from app.reporting.forms import Wanted
from reports.catalogue import REPORTS
from reports.model import Report
from reports.parameters import Parameters
from tests.builders.books import Book, post, reverse
from tests.builders.payments import NOW
from tests.builders.people import actor_with
from tests.builders.projects import institution
from tests.builders.sealing import seal

AS_KNOWN = sorted(name for name, kind in REPORTS.items() if kind.as_known)
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
DAYS = st.dates(date(2025, 1, 1), date(2026, 11, 20))


@pytest.fixture
def book(session: Session) -> Book:
    """An institution's book with two entries in block 1."""
    place = institution(session, "Lion Ridge University", Side.HK)
    bank, pocket = (AccountKey(code, Currency.HKD, new_id()) for code in (AccountCode.BANK, AccountCode.POCKET))
    made = Book(place.id, place.code, Currency.HKD, bank, pocket)
    for amount, day in (("100.00", date(2025, 6, 1)), ("23.45", date(2026, 3, 2))):
        post(session, made.contribution(amount, day))
    session.commit()
    seal(session)
    return made


def build(session: Session, name: str, book: Book, known_at: int | None, last_day: date = LAST) -> Report:
    parameters = Parameters(FIRST, last_day, NOW, book_id=book.book_id, known_at=known_at)
    return REPORTS[name].build(session, parameters)


def of_an_earlier_day(session: Session, book: Book) -> None:
    post(session, book.contribution("7.00", date(2025, 2, 1)))


def on_a_new_account(session: Session, book: Book) -> None:
    post(session, replace(book, bank=replace(book.bank, subject_id=new_id())).contribution("7.00", date(2025, 6, 1)))


def in_red_ink(session: Session, book: Book) -> None:
    made = post(session, book.contribution("7.00", date(2026, 3, 2)))
    reverse(session, made.entry_id, date(2026, 3, 2))


LATER: tuple[Callable[[Session, Book], None], ...] = (of_an_earlier_day, on_a_new_account, in_red_ink)


def test_a_report_that_cannot_tell_what_was_known_says_so(session: Session, book: Book) -> None:
    reader = actor_with(Role.ACCOUNTANT, institution_id=book.book_id)
    wanted = Wanted(FIRST, LAST, book=book.code, known_at=1)
    for name in ("general-ledger", "pocket-statement"):
        with pytest.raises(InputRefused) as refused:
            service.build(session, reader, name, wanted, now=NOW)
        assert refused.value.breaches[0].code == "report.not-as-known"


def test_some_report_can_be_told_as_known() -> None:
    assert AS_KNOWN


@pytest.mark.parametrize("later", LATER)
@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("name", AS_KNOWN)
def test_what_is_posted_later_changes_nothing_as_known_before(
    session: Session, book: Book, name: str, sealed: bool, later: Callable[[Session, Book], None]
) -> None:
    before, now = build(session, name, book, 1), build(session, name, book, None)
    later(session, book)
    session.commit()
    if sealed:
        seal(session)
    after = build(session, name, book, 1)
    assert after.digest() == before.digest()
    assert after.sections == before.sections
    assert later is in_red_ink or build(session, name, book, None).digest() != now.digest()


@pytest.mark.parametrize("name", AS_KNOWN)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(later=st.lists(st.tuples(st.integers(1, 10**9), DAYS), min_size=1, max_size=4), last_day=DAYS)
def test_at_any_day_whatever_comes_later(
    session: Session, book: Book, name: str, later: list[tuple[int, date]], last_day: date
) -> None:
    newest = status.last_block(session, book.book_id)
    assert newest is not None
    before = build(session, name, book, newest.number, last_day)
    for minor, day in later:
        post(session, book.contribution(f"{minor // 100}.{minor % 100:02}", day))
        session.commit()
        seal(session)
    assert build(session, name, book, newest.number, last_day).digest() == before.digest()
