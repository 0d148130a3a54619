"""The exports for machines: exact decimals, ISO dates, one header, nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json

import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import Column, Kind, Language, Report, Section, Table, row, text
from reports.output import Format, file_name, write
from tests.reports.output import samples

FORMULAS = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1"]


def rows_of(report: Report, language: Language = Language.EN) -> list[dict[str, str]]:
    data = write(report, Format.CSV, language, wording=samples.wording)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def one_table(*columns: Column, cells: tuple[object, ...]) -> Report:
    return samples.statement(sections=(Section(table=Table("t", columns, (row(*cells),))),))  # type: ignore[arg-type]


def test_amounts_are_exact_decimals_under_a_head_that_names_the_currency() -> None:
    line = next(each for each in rows_of(samples.statement()) if each["item"] == "Bank interest")

    assert line["variance_HKD"] == "-3218.44"
    assert line["approved_HKD"] == "0.00"
    assert line["style"] == "plain"


def test_an_amount_in_a_column_of_mixed_currencies_has_its_currency_beside_it() -> None:
    (line,) = rows_of(one_table(Column("paid", text("Paid"), Kind.MONEY), cells=(Money(-150, Currency.CNY),)))

    assert (line["paid_currency"], line["paid"]) == ("CNY", "-1.50")


def test_what_does_not_apply_is_empty_and_nil_is_not() -> None:
    line = next(each for each in rows_of(samples.statement()) if each["item"] == "Balance brought forward")

    assert (line["current_HKD"], line["cumulative_HKD"]) == ("0.00", "")


def test_dates_are_iso() -> None:
    assert rows_of(samples.ledger(1))[0]["date"] == "2026-04-01"


@pytest.mark.parametrize("typed", FORMULAS)
def test_text_that_looks_like_a_formula_gets_an_apostrophe(typed: str) -> None:
    (line,) = rows_of(one_table(Column("item", text("Item")), cells=(typed,)))

    assert line["item"] == f"'{typed}"


def test_words_are_in_the_language_asked_for() -> None:
    assert rows_of(samples.statement(), Language.ZH_HANS)[1]["item"] == "已收拨款"


def test_tables_of_different_columns_share_one_header() -> None:
    other = Table("other", (Column("item", text("Item")), Column("count", text("Count"), Kind.INTEGER)), (row("x", 3),))
    report = samples.statement(sections=(*samples.statement().sections, Section(table=other)))

    lines = rows_of(report)

    assert lines[-1]["count"] == "3"
    assert {line["table"] for line in lines} == {"statement", "other"}
    assert {tuple(line) for line in lines} == {tuple(lines[0])}


def test_json_has_the_figures_as_strings_and_their_digest() -> None:
    report = samples.statement()
    found = json.loads(write(report, Format.JSON, Language.ZH_HANT, wording=samples.wording))

    total = next(each for each in found["sections"][0]["rows"] if each["style"] == "total")
    assert total["current_HKD"] == "755798.90"
    assert total["item"] == "結轉下期"
    assert found["digest"] == report.digest()
    assert found["prepared_at"] == "2026-06-08T06:05:00Z"


@pytest.mark.parametrize("form", list(Format))
def test_the_same_report_gives_the_same_bytes(form: Format) -> None:
    first = write(samples.statement(), form, Language.EN, wording=samples.wording)

    assert first == write(samples.statement(), form, Language.EN, wording=samples.wording)


def test_a_file_name_has_no_character_that_needs_care() -> None:
    report = samples.statement(document_id='A/../"B" 甲')

    assert file_name(report, Format.PDF, Language.ZH_HANT) == "A-..-B--income-and-expenditure-zh-Hant.pdf"
