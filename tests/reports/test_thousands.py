"""Statements in thousands: rounded half-up where people read, exact where machines do, and the digest unchanged."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import Column, Kind, Language, Report, RowStyle, Section, Table, row, text
from reports.output import Format, formats, write
from reports.thousands import in_thousands
from tests.builders import statements
from tests.reports.output import samples
from tests.reports.reading import about_contract, words
from tests.reports.test_files import text_of

STATEMENTS = ("income-and-expenditure", "fund-position", "receipts-and-payments")


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "–"),
        (49_999, "0"),
        (50_000, "1"),
        (149_999, "1"),
        (150_000, "2"),
        (-49_999, "0"),
        (-50_000, "(1)"),
        (-123_449_999, "(1,234)"),
        (123_450_000, "1,235"),
    ],
)
def test_amount_is_rounded_half_up_to_the_thousand(minor: int, shown: str) -> None:
    assert formats.amount_in_thousands(Money(minor, Currency.HKD)) == shown


def summed(*amounts: int, whole: int | None = None) -> Report:
    """A report of one table: rows of so many cents, and their total."""
    column = Column("amount", text("Amount"), Kind.MONEY, currency=Currency.HKD)
    rows = [row(text("Part"), Money(each, Currency.HKD)) for each in amounts]
    total = Money(sum(amounts) if whole is None else whole, Currency.HKD)
    rows.append(row(text("Total"), total, style=RowStyle.TOTAL))
    table = Table("t", (Column("item", text("Item")), column), tuple(rows))
    return samples.statement(sections=(Section(table=table),))


def test_total_that_no_longer_adds_up_is_named_with_its_difference() -> None:
    said = [words(summed(), each) for each in in_thousands(summed(140_000, 140_000, 140_000)).presentation]
    assert said[1:] == ["Because of rounding these totals differ from the sum of the rounded rows: Total by 1."]


def test_totals_that_add_up_are_not_named() -> None:
    assert len(in_thousands(summed(100_000, 200_000)).presentation) == 1
    assert len(in_thousands(summed(149_999, 149_999, 149_999, whole=5)).presentation) == 1


@pytest.mark.parametrize("name", STATEMENTS)
def test_digest_and_files_for_machines_stay_exact(session: Session, name: str) -> None:
    exact = about_contract(session, statements.worked_example(session), name)
    rounded = in_thousands(exact)
    assert rounded.digest() == exact.digest()
    for form in (Format.CSV, Format.JSON):
        found = write(rounded, form, Language.EN).decode()
        assert found.replace(rounded.document_id, exact.document_id) == write(exact, form, Language.EN).decode()
    assert "92538.75" in found or name == "fund-position"
    json.loads(found)
    assert list(csv.reader(io.StringIO(write(rounded, Format.CSV, Language.EN).decode("utf-8-sig"))))


HEADS = {Language.EN: "RMB'000 (CNY)", Language.ZH_HANT: "人民幣千元 (CNY)", Language.ZH_HANS: "人民币千元 (CNY)"}


@pytest.mark.parametrize("language", Language)
def test_statement_a_in_thousands_says_so_in_every_language(session: Session, language: Language) -> None:
    report = in_thousands(about_contract(session, statements.worked_example(session), "income-and-expenditure"))
    whole = "\n".join(text_of(write(report, Format.PDF, language)))
    assert HEADS[language] in whole
    assert "307 307" in whole
    assert "400 400 3" in whole
    assert ("rounded half-up from the exact amount" in whole) is (language is Language.EN)


def test_mixed_currencies_keep_their_codes(session: Session) -> None:
    report = in_thousands(about_contract(session, statements.worked_example(session), "receipts-and-payments"))
    whole = "\n".join(text_of(write(report, Format.PDF, Language.EN)))
    assert "HKD'000 432" in whole


def test_workbook_keeps_the_cents_under_a_format_of_thousands(session: Session) -> None:
    report = in_thousands(about_contract(session, statements.worked_example(session), "income-and-expenditure"))
    book = openpyxl.load_workbook(io.BytesIO(write(report, Format.XLSX, Language.EN)))
    cells = [cell for each in book["statement"].iter_rows() for cell in each]
    (spent,) = {cell.number_format for cell in cells if cell.value == 92538.75}
    assert spent == '#,##0,_);(#,##0,);"–"_)'
    assert any("rounded half-up" in str(cell.value) for cell in cells)
