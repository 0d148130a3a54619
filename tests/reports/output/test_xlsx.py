"""The workbook, read back by another library."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from datetime import datetime
from pathlib import Path
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


def test_heads_are_frozen_and_repeated_on_paper() -> None:
    sheet = book_of(samples.ledger(200))["ledger"]

    first = int(re.sub(r"\D", "", sheet.freeze_panes))
    assert [cell.value is not None for cell in sheet[first - 1]] == [True] * 7
    assert sheet.print_title_rows == f"${first - 1}:${first - 1}"


def test_every_sheet_prints_as_wide_as_a_page_of_a4() -> None:
    for report in (samples.statement(), samples.ledger(3)):
        for sheet in book_of(report):
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert (sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == (9, 0)
            assert sheet.page_setup.fitToWidth in (None, 1)  # 1 is what no entry means
            assert sheet.oddFooter.right.text == "&P / &N"
            assert sheet.oddFooter.left.text == report.document_id


def test_wide_tables_lie_on_their_side() -> None:
    narrow = Table("narrow", (Column("item", text("Item")),), (row("x"),))

    assert book_of(samples.ledger(3))["ledger"].page_setup.orientation == "landscape"
    assert book_of(samples.statement(sections=(Section(table=narrow),)))["narrow"].page_setup.orientation != "landscape"


def test_the_notes_have_a_sheet_of_their_own_in_the_readers_language() -> None:
    assert book_of(samples.statement()).sheetnames[-1] == "Notes"
    book = openpyxl.load_workbook(io.BytesIO(write(samples.statement(), Format.XLSX, Language.ZH_HANT)))
    assert book.sheetnames[-1] == "附註"


def test_what_stands_on_the_foot_of_the_pages_stands_above_the_table() -> None:
    sheet = book_of(samples.statement(footers=(text("Signed with a test certificate: not for filing."),)))["statement"]

    assert "Signed with a test certificate: not for filing." in [each[0].value for each in sheet.iter_rows(max_row=40)]


def test_libreoffice_reads_text_as_text(tmp_path: Path) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    report = table_with(Column("item", text("Item")), *HIDDEN, "=1+1", "+1", "-1", "@SUM(A1)")
    file = tmp_path / "book.xlsx"
    file.write_bytes(write(report, Format.XLSX, Language.EN))
    command = [office, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "fods", file]
    subprocess.run([*command, "--outdir", tmp_path], check=True, capture_output=True, timeout=120)
    assert "table:formula" not in (tmp_path / "book.fods").read_text(encoding="utf-8")
