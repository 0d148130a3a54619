"""The workbook, read back by another library."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from app.kernel.currencies import Currency
from app.kernel.money import MAX_MINOR, Money
from reports.model import Column, Head, Kind, Language, Literal, Multilingual, Note, Report, Section, Table, row, text
from reports.output import Format, write
from tests.reports.output import samples


def book_of(report: Report, language: Language = Language.EN) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write(report, Format.XLSX, language, wording=samples.wording)))


def table_with(column: Column, *cells: object) -> Report:
    rows = tuple(row(cell) for cell in cells)  # type: ignore[arg-type]
    return samples.statement(sections=(Section(table=Table("t", (column,), rows)),))


def rows_below_heads(sheet: Any) -> list[Any]:
    first = int(re.sub(r"\D", "", sheet.freeze_panes))
    return [list(each) for each in sheet.iter_rows(min_row=first)]


HIDDEN = ["\t=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)", " =1+1", "'=1+1", "\u200b=1+1"]
"""Formulas behind a tab, a space or an apostrophe, and signs of full width."""


@pytest.mark.parametrize(
    "typed", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "=1+1", "http://x", "{=1}", *HIDDEN]
)
def test_text_stays_text_whatever_it_starts_with(typed: str) -> None:
    cell = rows_below_heads(book_of(table_with(Column("item", text("Item")), typed))["t"])[0][0]

    assert (cell.value, cell.data_type, cell.hyperlink) == (typed, "s", None)


@pytest.mark.parametrize("typed", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", *HIDDEN])
def test_no_place_of_the_workbook_takes_typed_text_for_a_formula(typed: str) -> None:
    literal = Literal(typed)
    filled = text("%(typed)s", typed=typed)
    table = Table("t", (Column("item", literal), Column("amount", text("Amount"))), (row(literal, filled),))
    report = samples.statement(
        title=literal,
        period=filled,
        subject=Multilingual(typed),
        issuer=(literal,),
        references=(filled,),
        heads=(Head(literal, filled),),
        sections=(Section(literal, (literal, filled), table),),
        notes=(Note("1", literal, (filled,)),),
        presentation=(literal,),
    )
    cells = [cell for sheet in book_of(report) for each in sheet.iter_rows() for cell in each if cell.value is not None]
    assert [cell.coordinate for cell in cells if cell.data_type == "f" or cell.hyperlink] == []
    assert sum(typed in str(cell.value) for cell in cells) >= 10


@pytest.mark.parametrize("minor", [1, -1, 10, 123456789, MAX_MINOR, -MAX_MINOR, MAX_MINOR - 1, 432228243])
def test_amounts_stand_in_the_file_to_the_cent(minor: int) -> None:
    column = Column("amount", text("Amount"), Kind.MONEY, currency=Currency.HKD)
    data = write(table_with(column, Money(minor, Currency.HKD)), Format.XLSX, Language.EN)

    xml = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()

    written = re.findall(r"<v>([-0-9.E+]+)</v>", xml)
    assert [Money.parse(each, Currency.HKD).minor for each in written] == [minor]


def test_an_amount_too_long_for_a_spreadsheet_number_is_written_as_text() -> None:
    column = Column("amount", text("Amount"), Kind.MONEY, currency=Currency.HKD)

    cell = rows_below_heads(book_of(table_with(column, Money(MAX_MINOR * 100 + 1, Currency.HKD)))["t"])[0][0]

    assert (cell.data_type, cell.value) == ("s", "999,999,999,999,999.01")


def test_figures_are_numbers_and_dates_are_dates() -> None:
    sheet = book_of(samples.ledger(3))["ledger"]
    first = rows_below_heads(sheet)[0]

    assert [cell.data_type for cell in first] == ["n", "d", "s", "s", "n", "n", "n"]
    assert first[1].value == datetime(2025, 7, 31)  # noqa: DTZ001
    assert first[1].number_format == "dd/mm/yyyy"
    assert first[4].number_format == '#,##0.00_);(#,##0.00);"–"_)'


def test_a_column_of_mixed_currencies_shows_each_code() -> None:
    column = Column("amount", text("Amount"), Kind.MONEY)
    report = table_with(column, Money(100, Currency.HKD), Money(100, Currency.CNY))

    formats = [cells[0].number_format for cells in rows_below_heads(book_of(report)["t"])]

    assert formats == [f'"{code}" #,##0.00_);"{code}" (#,##0.00);"{code}" "–"_)' for code in ("HKD", "CNY")]


def test_heads_and_words_are_in_the_language_asked_for() -> None:
    book = book_of(samples.statement(), Language.ZH_HANT)

    values = [cell.value for each in book["statement"].iter_rows() for cell in each]
    assert "收支結算表" in values
    assert "核准預算\n(a)\n港元 (HKD)" in values
    assert "本表按應計制編製，金額計至分位，頁內並無捨入。" in [
        cell.value for each in book.worksheets[-1].iter_rows() for cell in each
    ]


def test_tables_of_one_name_get_sheets_of_their_own() -> None:
    table = Table("a/b", (Column("item", text("Item")),), (row("x"),))
    report = samples.statement(sections=(Section(table=table), Section(table=table)), notes=())

    assert book_of(report).sheetnames == ["a-b", "a-b-2"]
