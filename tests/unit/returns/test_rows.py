"""Files into rows: columns known in three languages, exact amounts, days year first, wrong cells named by line."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.returns.columns import Column, chosen, heading_of, kind_of, suggest
from app.returns.rows import LAYOUT, FileRead, Meaning, WrongCell, parse_amount, parse_day, read
from app.returns.states import RowKind
from app.table_files import reading

HEAD = ("Voucher", "Date", "Heading", "Amount", "Currency")
GOOD = ("V-1", "2026-11-20", "Travel", "100.00", "CNY")


def file(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, meaning: Meaning | None = None) -> FileRead:
    """What is read of a CSV file with these lines."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([head, *rows])
    return read(reading.lines(buffer.getvalue().encode(), LAYOUT), meaning or Meaning())


def faults(found: FileRead) -> list[tuple[str, object]]:
    """Code and line of each wrong cell."""
    return [(each.code.removeprefix("returns."), each.params["line"]) for each in found.faults]


# columns


@pytest.mark.parametrize(
    "names",
    [
        ("Voucher No.", "Transaction Date", "Cost element", "Net amount", "Ccy", "Vendor name", "Invoice No."),
        ("憑證編號", "費用日期", "開支科目", "金額（港幣）", "幣別", "供應商", "發票號碼"),
        ("记账凭证号", "记账日期", "支出科目", "金额 (元)", "币种", "往来单位", "发票号码"),
    ],
)
def test_columns_are_known_by_their_names_in_three_languages(names: tuple[str, ...]) -> None:
    found = suggest(names)
    assert [found[column] for column in Column if column in found] == [
        names[0],
        names[2],
        names[1],
        names[3],
        names[4],
        names[5],
        names[6],
    ]


def test_what_the_institution_lays_down_goes_before_what_is_suggested() -> None:
    names = ("Date", "Booked", "Amount")
    assert chosen(names, {Column.COST_ON: "Booked"})[Column.COST_ON] == "Booked"
    assert chosen(names, {Column.COST_ON: "Not there"})[Column.COST_ON] == "Date"


def test_one_name_is_never_read_as_two_columns() -> None:
    found = chosen(("Amount", "Date"), {Column.ROW_KEY: "Amount"})
    assert Column.AMOUNT not in found


def test_titles_above_the_line_of_names_are_passed_over() -> None:
    found = file(("Printed on 20 November",), HEAD, GOOD, head=("Lion Ridge University",))
    assert (found.header_line, len(found.rows), found.rows[0].line) == (3, 1, 4)


@pytest.mark.parametrize("heading", list(Heading))
def test_every_heading_is_known_by_code_and_by_label(heading: Heading) -> None:
    assert heading_of(heading.value, {}) is heading
    assert heading_of(heading.label, {}) is heading


def test_own_words_mean_what_the_institution_says() -> None:
    assert heading_of("5401", {"5401": Heading.TRAVEL}) is Heading.TRAVEL
    assert heading_of("Travel", {"Travel": Heading.OTHER}) is Heading.OTHER


@pytest.mark.parametrize("kind", list(RowKind))
def test_every_kind_is_known_by_its_code(kind: RowKind) -> None:
    assert kind_of(kind.value) is kind


def test_an_empty_kind_is_cost_and_other_words_are_not_guessed() -> None:
    assert kind_of("") is RowKind.COST
    assert kind_of("Something") is None


# cells


def test_a_good_line_is_a_row() -> None:
    row = file(GOOD).rows[0]
    assert (row.line, row.key, row.kind, row.heading, row.cost_on, row.amount) == (
        2,
        "V-1",
        RowKind.COST,
        Heading.TRAVEL,
        date(2026, 11, 20),
        Money.parse("100.00", Currency.CNY),
    )


WRONG = [
    (("", "2026-11-20", "Travel", "1.00", "CNY"), "key-missing"),
    (("V-1", "20/11/2026", "Travel", "1.00", "CNY"), "date"),
    (("V-1", "2026-02-30", "Travel", "1.00", "CNY"), "date"),
    (("V-1", "2026-11-20", "", "1.00", "CNY"), "heading-missing"),
    (("V-1", "2026-11-20", "Office", "1.00", "CNY"), "heading"),
    (("V-1", "2026-11-20", "Travel", "1.005", "CNY"), "amount"),
    (("V-1", "2026-11-20", "Travel", "=1+1", "CNY"), "amount"),
    (("V-1", "2026-11-20", "Travel", "0.00", "CNY"), "amount-nil"),
    (("V-1", "2026-11-20", "Travel", "1.00", "USD"), "currency"),
    (("=V", "2026-11-20", "Travel", "1.00", "CNY"), "formula"),
]


@pytest.mark.parametrize(("line", "code"), WRONG)
def test_a_wrong_cell_is_named_with_its_line(line: tuple[str, ...], code: str) -> None:
    found = file(("V-0", *GOOD[1:]), line)
    assert faults(found) == [(code, 3)]
    assert len(found.rows) == 1


def test_a_key_that_stands_twice_is_refused_unless_the_line_tells_them_apart() -> None:
    assert faults(file(GOOD, GOOD)) == [("key-twice", 3)]
    head = (*HEAD, "Line")
    assert [row.key for row in file((*GOOD, "1"), (*GOOD, "2"), head=head).rows] == ["V-1/1", "V-1/2"]


def test_only_cost_takes_a_negative_amount() -> None:
    head = (*HEAD, "Type")
    assert file((*GOOD[:3], "-5.00", "CNY", ""), head=head).rows[0].amount.minor == -500
    assert faults(file((*GOOD[:3], "-5.00", "CNY", "Interest"), head=head)) == [("amount-sign", 2)]


def test_a_file_without_currency_says_so_once() -> None:
    lines = [("V-1", "2026-11-20", "Travel", "1.00"), ("V-2", "2026-11-20", "Travel", "1.00")]
    assert faults(file(*lines, head=HEAD[:4])) == [("currency-missing", 1)]
    assert len(file(*lines, head=HEAD[:4], meaning=Meaning(currency=Currency.HKD)).rows) == 2


def test_missing_columns_are_named() -> None:
    assert [code for code, _line in faults(file(("x", "y"), head=("A", "B")))] == ["column-missing"] * 3 + [
        "currency-missing"
    ]


def test_unknown_headings_are_collected_for_the_layout() -> None:
    lines = [(f"V-{n}", "2026-11-20", words, "1.00", "CNY") for n, words in enumerate(("5401", "5402", "5401"))]
    assert file(*lines).unknown == ("5401", "5402")


@pytest.mark.parametrize("text", ["2026-3-5", "2026/03/05", "2026.3.5", "20260305", "2026年3月5日"])
def test_days_are_read_year_first(text: str) -> None:
    assert parse_day(text) == date(2026, 3, 5)


@given(st.integers(min_value=-(10**12), max_value=10**12))
def test_an_amount_is_read_exactly_with_and_without_commas(minor: int) -> None:
    amount = Money(minor, Currency.CNY)
    assert parse_amount(str(amount.amount), Currency.CNY) == amount
    assert parse_amount(f"{amount.amount:,}", Currency.CNY) == amount


@given(st.text(max_size=12))
def test_no_text_becomes_an_amount_that_it_does_not_say(text: str) -> None:
    try:
        read_as = parse_amount(text, Currency.HKD)
    except WrongCell:
        return
    assert read_as.amount == Decimal(text.strip().replace(",", ""))


_CELL = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=8)


@given(st.lists(st.tuples(_CELL, _CELL, _CELL, _CELL, _CELL), max_size=6))
def test_any_file_gives_rows_or_faults_that_name_a_line_of_it(lines: list[tuple[str, ...]]) -> None:
    found = file(GOOD, *lines)
    for each in found.faults:
        assert isinstance(each.params["line"], int)
    assert len({row.key for row in found.rows}) == len(found.rows)
    assert len(found.rows) + len(found.faults) >= 1


@given(st.text(min_size=1, max_size=20), st.integers(min_value=1, max_value=10**9))
def test_another_content_has_another_digest(payee: str, minor: int) -> None:
    row = file(GOOD).rows[0]
    changed = replace(row, payee=payee, amount=Money(minor, Currency.CNY))
    assert (changed.digest == row.digest) == (payee == row.payee and minor == row.amount.minor)
    assert replace(row, line=row.line + 1).digest == row.digest


def test_an_xlsx_file_is_read_like_the_csv(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["V-1", date(2026, 11, 20), "Travel", 100.5, "CNY"])
    book.save(tmp_path / "a.xlsx")
    found = read(reading.lines((tmp_path / "a.xlsx").read_bytes(), LAYOUT), Meaning())
    assert (found.rows[0].cost_on, found.rows[0].amount.minor) == (date(2026, 11, 20), 10050)
