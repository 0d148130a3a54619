"""Every report in every format and language: no missing glyph, the same figures, and Statement A as it reads in PDF."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pypdfium2
import pytest
from sqlalchemy.orm import Session

from reports.catalogue import REPORTS
from reports.model import Language, Report
from reports.output import Format, write
from tests.builders import statements
from tests.builders.payments import PaymentWorld
from tests.reports.reading import about_book, about_contract, about_project


def every_report(session: Session, made: PaymentWorld) -> list[Report]:
    """Each report of the catalogue about the worked example: of the contract, the project, and both books."""
    found = []
    for name, kind in REPORTS.items():
        if kind.about_contract:
            found.append(about_contract(session, made, name))
        if kind.about_project:
            found.append(about_project(session, made, name))
        if kind.about_book:
            found += [about_book(session, book.id, name) for book in (made.funder, made.grantee)]
    return found


def text_of(pdf: bytes) -> list[str]:
    """The lines of a PDF as a reader selects them."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    return [line.strip() for page in pages for line in page.splitlines() if line.strip()]


@pytest.mark.parametrize("form", Format)
def test_every_report_is_written_in_three_languages(session: Session, form: Format) -> None:
    for report in every_report(session, statements.worked_example(session)):
        for language in Language:
            data = write(report, form, language)
            if form is Format.PDF:
                assert data.startswith(b"%PDF-")
                assert write(report, form, language) == data
            elif form is Format.XLSX:
                assert openpyxl.load_workbook(io.BytesIO(data)).sheetnames
            elif form is Format.JSON:
                assert json.loads(data)["digest"] == report.digest()
            else:
                assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_bilingual_statement_a_has_no_missing_glyph(session: Session) -> None:
    report = about_contract(session, statements.worked_example(session), "income-and-expenditure")
    for language in Language:
        assert write(report, Format.PDF, language, bilingual=True).startswith(b"%PDF-")


def test_statement_a_in_pdf_reads_as_expected(session: Session) -> None:
    made = statements.worked_example(session)
    report = about_contract(session, made, "income-and-expenditure")
    lines = text_of(write(report, Format.PDF, Language.EN))
    whole = "\n".join(lines)
    for expected in (
        "Statement of Income and Expenditure",
        "For the period from 1 September 2025 (commencement) to 30 November 2026",
        "Agreement QT-2025-017",
        "I1 Grant received 400,000.00 400,000.00 3",
        "E7 Labour cost 92,400.00 92,400.00 6",
        "E12 Other reasonable cost 138.75 138.75",
        "X2 Unrealised gain / (loss) (432.28) (432.28) 10",
        "Surplus / (deficit) 307,028.97 307,028.97",
        "Balance carried forward 307,028.97 307,028.97",
        "R1 Amount repayable to the funder not yet due; retained 11",
        "Head of institution or delegate",
        "Not an auditor's report. The software writes no opinion.",
    ):
        assert expected in whole
    assert whole.count("Renminbi (CNY)") == 1


def test_statement_a_has_its_table_on_the_first_page_and_the_residue_on_the_second(session: Session) -> None:
    report = about_contract(session, statements.worked_example(session), "income-and-expenditure")
    with pypdfium2.PdfDocument(write(report, Format.PDF, Language.EN)) as document:
        assert len(document) == 3
        first, second = (document[number].get_textpage().get_text_bounded() for number in range(2))
    assert "Amount repayable to the funder" in first
    assert "Less: commitments accepted" in second


def test_statement_a_in_hong_kong_chinese_reads_as_expected(session: Session) -> None:
    report = about_contract(session, statements.worked_example(session), "income-and-expenditure")
    whole = "\n".join(text_of(write(report, Format.PDF, Language.ZH_HANT)))
    for expected in (
        "收支結算表",
        "由2025年9月1日（開始日期）至2026年11月30日止期間",
        "400,000.00 400,000.00 3",
        "E7 勞務費 92,400.00 92,400.00",
        "(432.28) (432.28) 10",
        "307,028.97 307,028.97",
        "未到期；予以保留",
        "人民幣（CNY）",
    ):
        assert expected in whole
