"""The check finds what does not add up, whatever it is, and says where."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from app.kernel.identity import new_id
from app.ledger import holds
from app.ledger.checking import check
from app.ledger.commands import ledger
from tests.builders.books import ACTOR, Book, hkd, open_book, post
from tests.postgres import WorkerDatabase


@pytest.fixture
def book(session: Session) -> Book:
    made = open_book(session)
    post(session, made.contribution("100.00"))
    post(session, made.spending("1.00"))
    hold_id = holds.open_hold(
        session, made.book_id, made.pocket, hkd("9.00"), contract_id=new_id(), actor_id=ACTOR, idempotency_key=new_id()
    ).hold_id
    holds.move_hold(session, hold_id, hkd("4.00"), disbursement_id=new_id(), actor_id=ACTOR, idempotency_key=new_id())
    session.commit()
    return made


def tamper(database: WorkerDatabase, statement: str, book_id: UUID) -> None:
    """What only a superuser with the triggers off can do."""
    with database.superuser.transaction():
        database.superuser.execute("set local session_replication_role = replica")
        database.superuser.execute(statement.encode(), {"book": book_id})


@pytest.mark.usefixtures("book")
def test_books_that_were_not_touched_agree(session: Session) -> None:
    checked = check(session)
    assert checked.differences == ()
    assert (checked.entries, checked.holds) == (2, 2)


MINE = "account_id in (select account_id from ledger.account where book_id = %(book)s and code = '{}')"


@pytest.mark.parametrize(
    ("what", "statement"),
    [
        (
            "balance",
            f"update ledger.balance set debit_minor = debit_minor + 1 where stripe = 0 and {MINE.format('1001')}",
        ),
        ("held", f"update ledger.balance set held_minor = held_minor - 1 where {MINE.format('3101')}"),
        ("available", f"update ledger.balance set available_minor = available_minor + 1 where {MINE.format('3101')}"),
        ("hold", "update ledger.hold set remaining_minor = remaining_minor - 1 where book_id = %(book)s"),
        ("entry", "delete from ledger.posting where line_no = 1 and book_id = %(book)s"),
        ("entry", "delete from ledger.entry where book_id = %(book)s"),
        ("entry", "update ledger.posting set amount_minor = amount_minor + 1 where line_no = 1 and book_id = %(book)s"),
    ],
)
def test_whatever_is_tampered_with_is_named(
    session: Session, book: Book, worker_database: WorkerDatabase, what: str, statement: str
) -> None:
    tamper(worker_database, statement, book.book_id)
    assert what in {difference.what for difference in check(session).differences}


@pytest.mark.usefixtures("book")
def test_the_command_says_that_all_agrees() -> None:
    result = CliRunner().invoke(ledger, ["check"])
    assert (result.exit_code, result.output) == (0, "2 entries, 5 accounts and 2 holds agree.\n")


def test_the_command_fails_and_names_the_first_difference(book: Book, worker_database: WorkerDatabase) -> None:
    statement = f"update ledger.balance set debit_minor = debit_minor + 1 where stripe = 0 and {MINE.format('1001')}"
    tamper(worker_database, statement, book.book_id)
    result = CliRunner().invoke(ledger, ["check"])
    assert result.exit_code == 1
    assert f"{book.code} 1001 HKD" in result.output


def test_the_trial_balance_is_printed_as_facts(book: Book) -> None:
    result = CliRunner().invoke(ledger, ["trial-balance", "--book", book.code, "--json"])
    facts = json.loads(result.output)
    assert result.exit_code == 0
    assert facts["sums"] == {"CNY": "0.00", "HKD": "0.00"}
    bank = next(row for row in facts["rows"] if row["code"] == "1001")
    assert (bank["account"], bank["currency"], bank["balance"]) == (
        f"Assets:{book.code}:1001-Bank:{str(book.bank.subject_id).upper()}",
        "HKD",
        "100.00",
    )


def test_the_trial_balance_before_the_first_posting_is_empty(book: Book) -> None:
    before = date(2026, 3, 1).isoformat()
    result = CliRunner().invoke(ledger, ["trial-balance", "--book", book.code, "--at", before, "--json"])
    assert json.loads(result.output)["rows"] == []


def test_a_book_that_does_not_exist_is_named() -> None:
    result = CliRunner().invoke(ledger, ["export", "--format", "csv", "--book", "NOBODY"])
    assert result.exit_code == 1
    assert "There is no book NOBODY" in result.output


def test_the_export_is_written_to_a_file(book: Book, tmp_path: object) -> None:
    out = f"{tmp_path}/journal.csv"
    result = CliRunner().invoke(ledger, ["export", "--format", "csv", "--book", book.code, "--out", out])
    assert result.exit_code == 0
    with open(out, encoding="utf-8") as handle:
        assert len(handle.readlines()) == 1 + 6
