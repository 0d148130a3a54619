"""Every report prints how far its books are sealed, beside its digest and outside of it."""

from __future__ import annotations

import csv
import io
import json
from datetime import date

import openpyxl
import pypdfium2
import pytest
from sqlalchemy.orm import Session

from app.db.session import new_session
from app.ledger.sealing import status
from reports.catalogue import REPORTS
from reports.model import Language, Report
from reports.output import Format, write
from reports.parameters import Parameters
from tests.builders import journals, statements
from tests.builders.journals import hkd
from tests.builders.payments import NOW, PaymentWorld
from tests.builders.sealing import seal

SAID = {
    Language.EN: ("as sealed at block 1 (", "entries after it not yet sealed: 1", "nothing is sealed yet"),
    Language.ZH_HANT: ("封存至區塊1（", "其後尚未封存的分錄：1筆", "尚未封存任何分錄"),
    Language.ZH_HANS: ("封存至区块1（", "其后尚未封存的分录：1笔", "尚未封存任何分录"),
}


def of_contract(session: Session, made: PaymentWorld) -> Report:
    parameters = Parameters(date(2026, 1, 1), date(2026, 12, 31), NOW, contract_id=made.contract.id)
    return REPORTS["income-and-expenditure"].build(session, parameters)


def of_book(session: Session, made: PaymentWorld) -> Report:
    parameters = Parameters(date(2026, 1, 1), date(2026, 12, 31), NOW, book_id=made.grantee.id)
    return REPORTS["trial-balance"].build(session, parameters)


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example, sealed in block 1, and one entry of the grantee after it."""
    found = statements.worked_example(session)
    session.commit()
    with new_session() as another:
        seal(another)
    journals.cost(session, found, hkd("10.00"))
    session.commit()
    return found


def words_of(content: bytes, form: Format) -> str:
    if form is Format.PDF:
        with pypdfium2.PdfDocument(content) as document:
            return document[0].get_textpage().get_text_bounded().replace("\r\n", "")
    if form is Format.XLSX:
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return "\n".join(str(row[0].value) for row in sheet.iter_rows(max_row=20))
    return "\n".join(each["words"] for each in json.loads(content)["sealed"])


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("form", [Format.PDF, Format.XLSX, Format.JSON])
def test_each_file_says_the_block_in_its_language(
    session: Session, made: PaymentWorld, form: Format, language: Language
) -> None:
    sealed, waiting, _nothing = SAID[language]
    last = status.last_block(session, made.grantee.id)
    assert last is not None
    found = words_of(write(of_book(session, made), form, language), form)
    assert sealed + last.short_hash in found
    assert waiting.replace(" ", "") in found.replace(" ", "")


def test_a_csv_holds_the_block_in_rows_of_their_own(session: Session, made: PaymentWorld) -> None:
    content = write(of_book(session, made), Format.CSV, Language.EN).decode("utf-8-sig")
    (row,) = [row for row in csv.DictReader(io.StringIO(content)) if row["table"] == "sealed"]
    last = status.last_block(session, made.grantee.id)
    assert last is not None
    told = (row["book"], row["block"], row["block_hash"], row["unsealed_entries"])
    assert told == (made.grantee.code, "1", last.block_hash, "1")


def test_a_contracts_report_names_both_books(session: Session, made: PaymentWorld) -> None:
    report = of_contract(session, made)
    assert [(each.book, each.block) for each in report.seals] == [(made.funder.code, 1), (made.grantee.code, 1)]
    assert {each.unsealed for each in report.seals} == {0, 1}
    with pypdfium2.PdfDocument(write(report, Format.PDF, Language.EN)) as document:
        assert len(document) == 3


@pytest.mark.parametrize("language", list(Language))
def test_a_book_without_a_block_says_so(session: Session, language: Language) -> None:
    found = statements.received(session)
    report = of_book(session, found)
    assert SAID[language][2] in words_of(write(report, Format.PDF, language), Format.PDF)


def test_sealing_does_not_change_the_digest_of_equal_figures(session: Session, made: PaymentWorld) -> None:
    before = of_book(session, made)
    with new_session() as another:
        seal(another)
    after = of_book(session, made)
    assert before.seals != after.seals
    assert before.digest() == after.digest()
