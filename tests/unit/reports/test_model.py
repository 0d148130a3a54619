"""The report model refuses malformed tables and digests what a report says, not what a document is called."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import (
    Carry,
    Cell,
    Column,
    Kind,
    Language,
    Literal,
    MalformedReport,
    Multilingual,
    Report,
    Row,
    RowStyle,
    Section,
    Span,
    Table,
    group,
    row,
    text,
)

HKD, CNY = Currency.HKD, Currency.CNY
COLUMNS = (
    Column("item", text("Item")),
    Column("amount", text("Amount"), Kind.MONEY, currency=HKD),
    Column("share", text("%"), Kind.PERCENT),
)


def report(*rows: Row, **changes: object) -> Report:
    facts: dict[str, object] = {
        "name": "a",
        "title": text("A"),
        "prepared_at": datetime(2026, 1, 1, tzinfo=UTC),
        "sections": (Section(table=Table("t", COLUMNS, rows)),),
        "document_id": "A-1",
    }
    return Report(**(facts | changes))  # type: ignore[arg-type]


def test_a_row_must_cover_every_column() -> None:
    with pytest.raises(MalformedReport, match="2 cells for 3 columns"):
        Table("t", COLUMNS, (row("x", Money(1, HKD)),))


def test_a_span_counts_for_the_columns_it_covers() -> None:
    assert Table("t", COLUMNS, (row("x", Span(text("not yet due; retained"), 2)),)).rows


def test_a_group_row_may_have_one_cell() -> None:
    assert Table("t", COLUMNS, (group(text("Income")),)).rows[0].style is RowStyle.GROUP


@pytest.mark.parametrize("wrong", ["100.00", Decimal(100), 100, 100.0, date(2026, 1, 1), True])
def test_only_money_stands_in_a_money_column(wrong: Cell) -> None:
    with pytest.raises(MalformedReport, match="money column amount"):
        Table("t", COLUMNS, (row("x", wrong, None),))


def test_an_amount_of_another_currency_is_refused_in_a_column_of_one() -> None:
    with pytest.raises(MalformedReport, match="HKD column"):
        Table("t", COLUMNS, (row("x", Money(1, CNY), None),))


def test_words_may_stand_in_a_money_column() -> None:
    assert Table("t", COLUMNS, (row("x", text("see note 3"), None),)).rows


def test_column_keys_do_not_repeat() -> None:
    with pytest.raises(MalformedReport, match="repeat"):
        Table("t", (COLUMNS[0], COLUMNS[0]), ())


def test_a_column_of_mixed_currencies_is_not_summed_at_a_pages_end() -> None:
    with pytest.raises(MalformedReport, match="one currency"):
        Table("t", (Column("amount", text("Amount"), Kind.MONEY, carry=Carry.SUM),), ())


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(MalformedReport, match="time zone"):
        report(prepared_at=datetime(2026, 1, 1))  # noqa: DTZ001


def test_the_digest_leaves_out_the_documents_own_marks() -> None:
    first = report(row("x", Money(1, HKD), None))
    again = report(
        row("x", Money(1, HKD), None), document_id="A-2", version=2, prepared_at=datetime(2027, 1, 1, tzinfo=UTC)
    )

    assert first.digest() == again.digest()


@pytest.mark.parametrize(
    "other",
    [
        row("x", Money(2, HKD), None),
        row("x", None, None),
        row("x", Money(0, HKD), None),
        row("y", Money(1, HKD), None),
        row("x", Money(1, HKD), Decimal("1.0")),
        row("x", Money(1, HKD), None, style=RowStyle.TOTAL),
        row(text("x"), Money(1, HKD), None),
    ],
)
def test_the_digest_changes_with_any_cell(other: Row) -> None:
    assert report(row("x", Money(1, HKD), None)).digest() != report(other).digest()


def test_the_digest_is_the_sha_256_of_canonical_json() -> None:
    expected = (
        '{"basis":null,"certificates":[],"currency":null,"heads":[],"issuer":[],"name":"a","notes":[],"period":null,'
        '"references":[],"sections":[{"heading":null,"paragraphs":[],"table":{"columns":[["item","text",null],'
        '["amount","money","HKD"],["share","percent",null]],"key":"t","rows":[["plain",[{"params":{},"text":"Grant"},'
        '{"money":"HKD -0.01"},{"decimal":"93.4"}]]]}}],"subject":null,"title":{"params":{},"text":"A"}}'
    )

    found = report(row(text("Grant"), Money(-1, HKD), Decimal("93.4")))

    assert found.digest() == hashlib.sha256(expected.encode()).hexdigest()


@pytest.mark.parametrize(
    ("name", "language", "expected"),
    [
        (Multilingual("Trust", "基金會", "基金会"), Language.ZH_HANS, Literal("基金会", "zh-Hans-CN")),
        (Multilingual("Trust", "基金會"), Language.ZH_HANS, Literal("基金會", "zh-Hant-HK")),
        (Multilingual(None, None, "基金会"), Language.EN, Literal("基金会", "zh-Hans-CN")),
        (Multilingual("Trust"), Language.ZH_HANT, Literal("Trust", "en-HK")),
        (Multilingual(), Language.EN, Literal("")),
    ],
)
def test_a_name_without_the_language_asked_for_is_given_in_the_nearest(
    name: Multilingual, language: Language, expected: Literal
) -> None:
    assert name.best(language) == expected
