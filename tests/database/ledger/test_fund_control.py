"""Budget cells: what is spent and committed stays within what the terms bind, however many spend at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.kernel.errors import Refusal, RuleBreached
from app.kernel.identity import new_id
from app.ledger import fund_control, posting
from app.ledger.chart import AccountCode
from app.ledger.checking import check
from app.ledger.entries import Dimensions, Entry, cost, credit, debit
from app.ledger.fund_control import Cell, CostLine, Limit
from app.ledger.headings import Heading
from tests.builders.books import ACTOR, DAY, Book, hkd, open_book, post, reverse
from tests.postgres import WorkerDatabase

CONTRACT = UUID("00000000-0000-7000-8000-0000000000c1")
EQUIPMENT = (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE)


@pytest.fixture
def many(worker_database: WorkerDatabase) -> Iterator[Engine]:
    """An engine on which every session has its own connection."""
    engine = create_engine(worker_database.url, poolclass=NullPool)
    yield engine
    engine.dispose()


@pytest.fixture
def book(session: Session) -> Book:
    """A book whose contract has one line of HKD 100.00 for equipment, binding."""
    made = open_book(session)
    limit(session, made)
    return made


def limit(session: Session, book: Book, budget: str = "100.00", *, enforced: bool = True, year: int = 0) -> None:
    limits = [Limit("EQUIPMENT", hkd(budget), EQUIPMENT, enforced, year=year)]
    fund_control.set_limits(session, CONTRACT, book.book_id, book.currency, limits)


def spending(
    book: Book, amount: str, heading: Heading = EQUIPMENT[0], day: date = DAY, contract: UUID = CONTRACT
) -> Entry:
    """Dr heading · Cr bank, under the contract."""
    tags = Dimensions(contract_id=contract)
    money = hkd(amount)
    return book.entry(debit(cost(heading, book.currency), money, tags), credit(book.bank, money, tags), day=day)


def on_its_way(book: Book, amount: str, heading: Heading = EQUIPMENT[0]) -> CostLine:
    return CostLine(CONTRACT, book.book_id, heading, hkd(amount), DAY)


def cell(session: Session) -> Cell:
    return fund_control.cells_of(session, CONTRACT)[0]


def figures(session: Session) -> tuple[str, str, str]:
    """Committed, actual and left, as text."""
    found = cell(session)
    return str(found.committed.amount), str(found.actual.amount), str(found.left.amount)


def test_cost_of_every_heading_of_the_line_is_counted_and_no_other(session: Session, book: Book) -> None:
    post(session, spending(book, "30.00"))
    post(session, spending(book, "20.00", Heading.EQUIPMENT_LEASE))
    post(session, spending(book, "500.00", Heading.TRAVEL))
    post(session, spending(book, "500.00", contract=new_id()))
    assert figures(session) == ("0.00", "50.00", "50.00")


def test_spending_beyond_the_line_is_refused_with_what_is_missing(session: Session, book: Book) -> None:
    post(session, spending(book, "95.00"))
    with pytest.raises(RuleBreached) as refused:
        post(session, spending(book, "10.00"))
    breach = refused.value.breaches[0]
    assert (breach.code, breach.params) == ("budget.exceeded", {"line": "EQUIPMENT", "short_by": "HKD 5.00"})


def test_a_line_that_does_not_bind_is_counted_and_refuses_nothing(session: Session, book: Book) -> None:
    limit(session, book, enforced=False)
    post(session, spending(book, "120.00"))
    assert figures(session) == ("0.00", "120.00", "-20.00")


def test_red_ink_gives_room_back(session: Session, book: Book) -> None:
    spent = post(session, spending(book, "100.00"))
    reverse(session, spent.entry_id)
    post(session, spending(book, "100.00"))
    assert figures(session) == ("0.00", "100.00", "0.00")


def test_a_commitment_takes_room_and_gives_it_back(session: Session, book: Book) -> None:
    source = new_id()
    fund_control.commit_cost(session, source, [on_its_way(book, "60.00")])
    assert figures(session) == ("60.00", "0.00", "40.00")
    fund_control.commit_cost(session, source, [on_its_way(book, "70.00")])
    assert figures(session) == ("70.00", "0.00", "30.00")
    fund_control.commit_cost(session, source, [])
    assert figures(session) == ("0.00", "0.00", "100.00")


def test_posting_turns_the_commitment_of_its_approval_into_cost_at_once(session: Session, book: Book) -> None:
    source = new_id()
    fund_control.commit_cost(session, source, [on_its_way(book, "100.00")])
    posting.post(session, spending(book, "100.00"), actor_id=ACTOR, idempotency_key=new_id(), approval_id=source)
    assert figures(session) == ("0.00", "100.00", "0.00")
    assert fund_control.committed_by(session, source) == ()


def test_a_commitment_beyond_the_line_is_refused(session: Session, book: Book) -> None:
    post(session, spending(book, "95.00"))
    with pytest.raises(RuleBreached, match=r"budget\.exceeded"):
        fund_control.commit_cost(session, new_id(), [on_its_way(book, "10.00")])


def test_limits_set_after_history_count_it(session: Session, book: Book) -> None:
    post(session, spending(book, "40.00"))
    limit(session, book, "30.00")
    assert figures(session) == ("0.00", "40.00", "-10.00")
    assert cell(session).exceeded == hkd("10.00")
    with pytest.raises(RuleBreached, match=r"budget\.exceeded"):
        post(session, spending(book, "0.01"))


def test_what_facts_put_beyond_a_limit_is_worked_off_before_anything_is_spent(session: Session, book: Book) -> None:
    spent = post(session, spending(book, "40.00"))
    limit(session, book, "30.00")
    reverse(session, spent.entry_id)
    assert cell(session).exceeded == hkd("0.00")
    post(session, spending(book, "30.00"))


def test_a_cell_of_a_year_counts_that_year_only(session: Session, book: Book) -> None:
    limit(session, book, "50.00", year=2026)
    post(session, spending(book, "80.00", day=date(2025, 12, 31)))
    post(session, spending(book, "50.00"))
    with pytest.raises(RuleBreached, match=r"budget\.exceeded"):
        post(session, spending(book, "0.01"))


def received_limit(session: Session, book: Book) -> None:
    """Spending up to what was received, nothing more."""
    raised_by = (AccountCode.GRANT_RECEIVED, AccountCode.REFUND_OF_GRANT)
    limits = [Limit("TOTAL", hkd("0.00"), tuple(Heading), True, raised_by)]
    fund_control.set_limits(session, CONTRACT, book.book_id, book.currency, limits)


def receipt(book: Book, amount: str, charge: str = "") -> Entry:
    """Dr bank (and bank charge) · Cr grant received."""
    tags = Dimensions(contract_id=CONTRACT)
    charged = hkd(charge or "0.00")
    lines = [
        debit(book.bank, hkd(amount) - charged, tags),
        credit(book.plain(AccountCode.GRANT_RECEIVED), hkd(amount), tags),
    ]
    if charge:
        lines.append(debit(cost(Heading.BANK_CHARGE, book.currency), charged, tags))
    return book.entry(*lines)


def test_money_received_raises_the_limit_and_money_returned_lowers_it(session: Session, book: Book) -> None:
    received_limit(session, book)
    with pytest.raises(RuleBreached, match=r"budget\.exceeded"), session.begin_nested():
        post(session, spending(book, "0.01"))
    came = post(session, receipt(book, "100.00"))
    post(session, spending(book, "60.00"))
    assert figures(session) == ("0.00", "60.00", "40.00")
    reverse(session, came.entry_id)
    assert cell(session).exceeded == hkd("60.00")


def test_a_banks_own_charge_is_a_fact_and_never_refused(session: Session, book: Book) -> None:
    limits = [Limit("OTHER", hkd("1.00"), (Heading.BANK_CHARGE, Heading.OTHER), True)]
    fund_control.set_limits(session, CONTRACT, book.book_id, book.currency, limits)
    post(session, receipt(book, "100.00", charge="5.00"))
    assert (cell(session).actual, cell(session).exceeded) == (hkd("5.00"), hkd("4.00"))
    with pytest.raises(RuleBreached, match=r"budget\.exceeded"):
        post(session, spending(book, "0.01", Heading.OTHER))


def test_check_finds_a_cell_that_was_tampered_with(
    session: Session, book: Book, worker_database: WorkerDatabase
) -> None:
    post(session, spending(book, "30.00"))
    session.commit()
    assert check(session).differences == ()
    owner = create_engine(worker_database.owner_url, poolclass=NullPool)
    with owner.begin() as connection:
        connection.execute(text("update ledger.budget_cell set actual_minor = 0"))
    owner.dispose()
    session.rollback()
    assert [difference.what for difference in check(session).differences] == ["budget"]


def test_the_application_writes_no_cell_by_itself(session: Session, book: Book) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        session.execute(text("update ledger.budget_cell set budget_minor = budget_minor + 1"))


# many at once


def all_at_once(many: Engine, jobs: Sequence[Callable[[Session], object]]) -> list[str]:
    """Every job in its own transaction, started together: `done`, or the code of its refusal."""
    gate = Barrier(len(jobs))

    def run(job: Callable[[Session], object]) -> str:
        with Session(many) as session:
            session.execute(text("select 1"))
            session.rollback()
            gate.wait(timeout=30)
            try:
                with session.begin():
                    job(session)
            except Refusal as refusal:
                return refusal.breaches[0].code
        return "done"

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_twenty_spend_ten_each_from_a_line_of_a_hundred_and_ten_succeed(
    session: Session, many: Engine, book: Book
) -> None:
    session.commit()
    outcomes = all_at_once(many, [lambda own: post(own, spending(book, "10.00"))] * 20)
    assert sorted(outcomes) == ["budget.exceeded"] * 10 + ["done"] * 10
    assert figures(session) == ("0.00", "100.00", "0.00")
    assert check(session).differences == ()


def test_twenty_commit_ten_each_to_a_line_of_a_hundred_and_ten_succeed(
    session: Session, many: Engine, book: Book
) -> None:
    session.commit()
    jobs = [lambda own: fund_control.commit_cost(own, new_id(), [on_its_way(book, "10.00")])] * 20
    assert sorted(all_at_once(many, jobs)) == ["budget.exceeded"] * 10 + ["done"] * 10
    assert figures(session) == ("100.00", "0.00", "0.00")


def test_limits_set_while_others_spend_miss_no_posting(session: Session, many: Engine, book: Book) -> None:
    limit(session, book, "1000.00")
    session.commit()
    spend: list[Callable[[Session], object]] = [lambda own: post(own, spending(book, "10.00"))] * 8
    lower: list[Callable[[Session], object]] = [lambda own: limit(own, book, "900.00")] * 4
    assert all_at_once(many, spend + lower) == ["done"] * 12
    assert cell(session).actual == hkd("80.00")
    assert check(session).differences == ()


def test_batches_over_two_contracts_in_either_order_do_not_deadlock(session: Session, many: Engine, book: Book) -> None:
    other = new_id()
    for contract in (CONTRACT, other):
        limits = [Limit("EQUIPMENT", hkd("1000.00"), EQUIPMENT, True)]
        fund_control.set_limits(session, contract, book.book_id, book.currency, limits)
    session.commit()

    def both(*contracts: UUID) -> Callable[[Session], object]:
        def job(own: Session) -> object:
            orders = [posting.Order(spending(book, "1.00", contract=each), new_id()) for each in contracts]
            return posting.post_all(own, orders, actor_id=ACTOR)

        return job

    jobs = [both(CONTRACT, other), both(other, CONTRACT)] * 8
    assert all_at_once(many, jobs) == ["done"] * 16
    assert check(session).differences == ()
