"""What PostgreSQL itself refuses: to the application's role everything, to the owner whatever breaks double entry."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, UniqueViolation
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.sql import text

from tests.builders.books import ACTOR, Book, open_book, post, reverse
from tests.postgres import WorkerDatabase

ENTRY = 900_000_001
Owner = psycopg.Connection[tuple[object, ...]]
Line = tuple[int, str, int, str, int]


@pytest.fixture
def book(session: Session) -> Book:
    made = open_book(session)
    post(session, made.contribution("100.00"))
    session.commit()
    return made


@pytest.fixture
def owner(worker_database: WorkerDatabase, book: Book) -> Iterator[Owner]:
    """The owner of the tables, past every function."""
    url = worker_database.owner_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(url) as connection:
        yield connection
        connection.rollback()


def accounts(owner: Owner, book: Book) -> tuple[int, int]:
    rows = owner.execute(
        "select account_id from ledger.account where book_id = %s order by code", [book.book_id]
    ).fetchall()
    return int(str(rows[0][0])), int(str(rows[1][0]))


HEADER = (
    "insert into ledger.entry_p2026 (entry_id, book_id, effective_on, kind, line_count, event_id, actor_id, reason,"
    " reverses_id, reverses_on) values (%s, %s, '2026-03-02', %s, %s, %s, %s, %s, %s, %s)"
)
LINES = (
    "insert into ledger.posting_p2026 (entry_id, line_no, effective_on, book_id, account_id, currency, amount_minor,"
    " side, functional_minor) values "
)


def header_values(
    book_id: UUID, lines: int, kind: str = "ACTUAL", reverses: int | None = None, reason: str = "By hand"
) -> list[object]:
    return [ENTRY, book_id, kind, lines, ACTOR, ACTOR, reason, reverses, "2026-03-02" if reverses else None]


def line_values(book_id: UUID, rows: tuple[Line, ...], first: int = 1) -> tuple[str, list[object]]:
    """The lines (account, currency, amount, side, functional), numbered from `first`, as placeholders and values."""
    flat: list[object] = []
    for number, (account, currency, amount, side, functional) in enumerate(rows, first):
        flat += [ENTRY, number, book_id, account, currency, amount, side, functional]
    return ",".join(["(%s, %s, '2026-03-02', %s, %s, %s, %s, %s, %s)"] * len(rows)), flat


def insert(
    owner: Owner,
    book_id: UUID,
    *rows: Line,
    count: int = 2,
    kind: str = "ACTUAL",
    reverses: int | None = None,
    reason: str = "By hand",
) -> None:
    """Insert a header and its lines by one statement, past every function."""
    places, values = line_values(book_id, rows)
    statement = f"with header as ({HEADER}) {LINES} {places}"
    owner.execute(statement.encode(), header_values(book_id, count, kind, reverses, reason) + values)


def add_lines(owner: Owner, book_id: UUID, *rows: Line, first: int = 1) -> None:
    """Insert lines without a header."""
    places, values = line_values(book_id, rows, first)
    owner.execute(f"{LINES} {places}".encode(), values)


def refusal(refused: pytest.ExceptionInfo[psycopg.Error]) -> str | None:
    return refused.value.diag.constraint_name


def test_lines_that_are_right_are_taken_from_the_owner(owner: Owner, book: Book) -> None:
    """So that the refusals below are known to come from what is wrong in them."""
    bank, pocket = accounts(owner, book)
    insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))
    kept = owner.execute("select count(*) from ledger.posting_p2026 where entry_id = %s", [ENTRY]).fetchone()
    assert kept == (2,)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((5, "D", 5), (-4, "C", -5), "posting_functional"),
        ((5, "D", 5), (-4, "C", -4), "posting_balanced"),
        ((5, "C", 5), (-5, "C", -5), "posting_red_ink"),
        ((5, "D", 5), (-5, "D", -5), "posting_red_ink"),
        ((0, "D", 0), (0, "C", 0), "entry.nil-line"),
        ((10**15, "D", 10**15), (-(10**15), "C", -(10**15)), "posting_amount"),
    ],
)
def test_lines_that_break_double_entry_are_refused_in_a_partition(
    owner: Owner,
    book: Book,
    first: tuple[int, str, int],
    second: tuple[int, str, int],
    expected: str,
) -> None:
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(
            owner,
            book.book_id,
            (bank, "HKD", first[0], first[1], first[2]),
            (pocket, "HKD", second[0], second[1], second[2]),
        )
    assert refusal(refused) == expected


def test_functional_amounts_that_do_not_balance_are_refused(owner: Owner, book: Book) -> None:
    owner.execute("select ledger.open_account(%s, '4101', 'CNY', null)", [book.book_id])
    owner.execute("select ledger.open_account(%s, '2101', 'CNY', null)", [book.book_id])
    query = "select account_id from ledger.account where book_id = %s and currency = 'CNY' order by code"
    found = owner.execute(query, [book.book_id]).fetchall()
    clearing, grant = int(str(found[0][0])), int(str(found[1][0]))
    with pytest.raises(CheckViolation) as refused:
        insert(owner, book.book_id, (clearing, "CNY", 5, "D", 6), (grant, "CNY", -5, "C", -5))
    assert refusal(refused) == "posting_balanced_functional"


@pytest.mark.parametrize("currency", ["CNY", "USD"])
def test_a_line_in_another_currency_than_its_account_is_refused(owner: Owner, book: Book, currency: str) -> None:
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(owner, book.book_id, (bank, currency, 5, "D", 5), (pocket, currency, -5, "C", -5))
    assert refusal(refused) == "posting_account"


def test_a_line_on_another_books_account_is_refused(owner: Owner, book: Book, session: Session) -> None:
    other = open_book(session)
    session.commit()
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(owner, other.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))
    assert refusal(refused) == "posting_account"


def test_an_account_that_does_not_exist_is_refused(owner: Owner, book: Book) -> None:
    bank, _ = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (2_000_000_000, "HKD", -5, "C", -5))
    assert refusal(refused) == "posting_account"


def test_lines_without_a_header_are_refused(owner: Owner, book: Book) -> None:
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        add_lines(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))
    assert refusal(refused) == "posting_complete"


def test_a_header_without_lines_is_refused(owner: Owner, book: Book) -> None:
    with pytest.raises(CheckViolation) as refused:
        owner.execute(HEADER, header_values(book.book_id, 2))
    assert refusal(refused) == "entry_has_lines"


def test_lines_that_balance_over_two_entries_are_refused(owner: Owner, book: Book) -> None:
    """Each entry has as many lines as its header says; only together are they nil."""
    bank, pocket = accounts(owner, book)
    pairs = [(ENTRY, 5, "D", 1), (ENTRY, 5, "D", 2), (ENTRY + 1, -5, "C", 1), (ENTRY + 1, -5, "C", 2)]
    values: list[object] = header_values(book.book_id, 2)
    values += [ENTRY + 1, *header_values(book.book_id, 2)[1:]]
    for entry_id, amount, side, number in pairs:
        account = bank if number == 1 else pocket
        values += [entry_id, number, book.book_id, account, "HKD", amount, side, amount]
    places = ",".join(["(%s, %s, '2026-03-02', %s, %s, %s, %s, %s, %s)"] * len(pairs))
    with pytest.raises(CheckViolation) as refused:
        owner.execute(f"with a as ({HEADER}), b as ({HEADER}) {LINES} {places}".encode(), values)
    assert refusal(refused) == "posting_balanced"


def test_an_account_twice_in_an_entry_counts_with_its_sum(owner: Owner, book: Book) -> None:
    """The pocket holds 10,000: it goes out and comes back whole in one entry, whatever the order of the lines."""
    _, pocket = accounts(owner, book)
    for order in ((20_000, -20_000), (-20_000, 20_000)):
        rows = tuple((pocket, "HKD", amount, "D" if amount > 0 else "C", amount) for amount in order)
        with owner.transaction(force_rollback=True):
            insert(owner, book.book_id, *rows)


def test_fewer_lines_than_the_header_says_are_refused(owner: Owner, book: Book) -> None:
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5), count=3)
    assert refusal(refused) == "posting_complete"


def test_a_balanced_pair_cannot_be_added_to_an_entry_later(owner: Owner, book: Book) -> None:
    bank, pocket = accounts(owner, book)
    insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))
    with pytest.raises(CheckViolation) as refused:
        owner.execute(
            "insert into ledger.posting_p2026 (entry_id, line_no, effective_on, book_id, account_id, currency,"
            " amount_minor, side, functional_minor) select entry_id, line_no + 2, effective_on, book_id, account_id,"
            " currency, amount_minor, side, functional_minor from ledger.posting_p2026 where entry_id = %s",
            [ENTRY],
        )
    assert refusal(refused) == "posting_complete"


def test_the_lines_of_an_entry_cannot_be_inserted_twice(owner: Owner, book: Book) -> None:
    bank, pocket = accounts(owner, book)
    insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))
    with pytest.raises(UniqueViolation):
        add_lines(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5))


@pytest.mark.parametrize("change", [{"kind": "BUDGET"}, {"kind": "REVERSAL"}, {"reason": " "}, {"reverses": 1}])
def test_a_header_that_is_wrong_is_refused(owner: Owner, book: Book, change: dict[str, object]) -> None:
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(owner, book.book_id, (bank, "HKD", 5, "D", 5), (pocket, "HKD", -5, "C", -5), **change)  # type: ignore[arg-type]
    assert refusal(refused) in {"entry.kind", "entry.reason", "entry.unknown"}


def test_a_reversal_that_is_no_mirror_is_refused(owner: Owner, book: Book, session: Session) -> None:
    original = post(session, book.contribution("7.00")).entry_id
    session.commit()
    bank, pocket = accounts(owner, book)
    owner.execute("insert into ledger.reversal values (%s, %s)", [original, ENTRY])
    with pytest.raises(CheckViolation) as refused:
        insert(
            owner,
            book.book_id,
            (bank, "HKD", -699, "D", -699),
            (pocket, "HKD", 699, "C", 699),
            kind="REVERSAL",
            reverses=original,
        )
    assert refusal(refused) == "posting_complete"


def test_a_second_reversal_by_hand_is_refused(owner: Owner, book: Book, session: Session) -> None:
    original = post(session, book.contribution("7.00")).entry_id
    reverse(session, original)
    session.commit()
    bank, pocket = accounts(owner, book)
    with pytest.raises(CheckViolation) as refused:
        insert(
            owner,
            book.book_id,
            (bank, "HKD", -700, "D", -700),
            (pocket, "HKD", 700, "C", 700),
            kind="REVERSAL",
            reverses=original,
        )
    assert refusal(refused) == "reversal_once"


@pytest.mark.parametrize("table", ["entry", "posting"])
def test_nothing_is_inserted_through_the_parent(owner: Owner, table: str) -> None:
    with pytest.raises(InsufficientPrivilege, match="partition of the year"):
        owner.execute(f"insert into ledger.{table} select * from ledger.{table} limit 0".encode())


APPEND_ONLY = (
    "entry", "posting", "entry_p2026", "posting_p2026", "entry_p2000", "posting_p2060", "book", "chart", "account",
    "idempotency", "reversal", "hold_event", "attached", "seal_attached",
)  # fmt: skip


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize(
    "statement", ["delete from ledger.{}", "truncate ledger.{} cascade", "update ledger.{} set {} = {}"]
)
def test_the_owner_changes_nothing_that_is_append_only(owner: Owner, table: str, statement: str) -> None:
    found = owner.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and attidentity = '' limit 1",
        [f"ledger.{table}"],
    ).fetchone()
    assert found is not None
    with pytest.raises(InsufficientPrivilege, match="append-only"):
        owner.execute(statement.format(table, found[0], found[0]).encode())


@pytest.mark.parametrize("table", ["balance", "hold", "period"])
@pytest.mark.parametrize("statement", ["delete from ledger.{}", "truncate ledger.{} cascade"])
def test_what_stands_is_never_deleted(owner: Owner, table: str, statement: str) -> None:
    with pytest.raises(InsufficientPrivilege, match="append-only"):
        owner.execute(statement.format(table).encode())


def test_the_application_writes_no_table_of_the_ledger(session: Session) -> None:
    allowed = session.execute(
        text(
            "select c.oid::regclass::text from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = 'ledger' and c.relkind in ('r', 'p')"
            " and (has_table_privilege(c.oid, 'insert, update, delete, truncate')"
            "      or not has_table_privilege(c.oid, 'select'))"
        )
    ).all()
    assert allowed == []


def test_the_application_runs_the_listed_functions_and_no_other(session: Session) -> None:
    allowed = session.execute(
        text(
            "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname = 'ledger' and has_function_privilege(p.oid, 'execute') order by 1"
        )
    ).scalars()
    assert set(allowed) == {
        "consume_hold", "move_hold", "open_book", "open_hold", "post_entries", "post_entry", "raise_hold",
        "release_hold", "return_hold", "reverse_entry", "set_period",
        "seal_watermark", "newest_epoch", "id_ahead", "raise_epoch",
        "begin_sealing", "add_leaves", "add_block", "end_sealing", "add_seal_key", "add_witness",
        "attach", "add_attached",
        "set_budget_cells", "commit_cost",
        "lock_for_sealing", "seal_period", "give_exception", "end_exception", "add_period_note", "begin_revaluation",
        "account_standing", "unsealed_movement", "book_standing",
    }  # fmt: skip


def test_what_the_application_runs_has_a_fixed_search_path_and_writes_as_the_owner(session: Session) -> None:
    loose = session.execute(
        text(
            "select p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace"
            " where n.nspname = 'ledger' and has_function_privilege(p.oid, 'execute')"
            " and (p.provolatile = 'v' and not p.prosecdef or p.proconfig is null"
            "      or not 'search_path=pg_catalog, ledger, pg_temp' = any (p.proconfig))"
        )
    ).all()
    assert loose == []


def test_the_application_cannot_insert_into_a_partition(session: Session) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        session.execute(text("insert into ledger.posting_p2026 select * from ledger.posting_p2026 limit 0"))


def test_every_partition_carries_the_triggers(session: Session) -> None:
    counts = session.execute(
        text(
            "select c.relname, count(*) from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'ledger' and c.relispartition"
            " and not t.tgisinternal and t.tgenabled = 'O' group by 1"
        )
    ).all()
    assert len(counts) == 2 * 61
    assert {(name.partition("_")[0], count) for name, count in counts} == {("entry", 2), ("posting", 3)}
