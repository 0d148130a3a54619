"""What a reader gets who cannot see the page: the tags in the page's order, figures that add up, the right script."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.ledger import balances
from reports.model import Language, Report
from reports.output import Format, write
from reports.output.wording import Wording, catalogue, voice
from tests.builders import statements
from tests.reports.output import samples
from tests.reports.reading import about_book, about_contract
from tests.reports.tag_reading import Element, read
from tests.reports.test_files import every_report, text_of

AMOUNT = re.compile(r"\(?\d[\d,]*\.\d\d\)?")


def blind(
    report: Report, language: Language = Language.EN, *, bilingual: bool = False, wording: Wording = catalogue
) -> Element:
    """The report's document by its tags; nothing is left untagged, unread or read twice."""
    pdf = write(report, Format.PDF, language, bilingual=bilingual, wording=wording)
    found = read(pdf)
    assert found.loose == []
    assert len(found.reached) == len(set(found.reached))
    assert set(found.pieces) <= set(found.reached)
    return found.document


def figure(printed: str) -> Decimal:
    """A printed amount: brackets are a minus, a dash is nil."""
    if printed in ("", "–"):
        return Decimal(0)
    plain = Decimal(printed.strip("()").replace(",", ""))
    return -plain if printed.startswith("(") else plain


def squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("bilingual", [False, True])
def test_the_tags_read_each_table_as_it_stands_on_the_page(language: Language, bilingual: bool) -> None:
    document = blind(samples.statement(), language, bilingual=bilingual, wording=samples.wording)
    for table in document.all("Table"):
        rows = [each for each in table.below if each.kind == "TR"]
        tops = [min(row.where())[:2] for row in rows if row.where()]
        assert tops == sorted(tops)
        for row in rows:
            starts = [min(spot[2] for spot in cell.where()) for cell in row.below if cell.where()]
            assert starts == sorted(starts), row.text
        assert {cell.kind for cell in rows[0].below} == {"TH"}


@pytest.mark.parametrize("language", Language)
def test_the_tags_read_the_statement_in_the_order_of_the_page(language: Language) -> None:
    document = blind(samples.statement(), language, wording=samples.wording)
    one_column = [each for each in document.below if each.kind in ("H1", "H2", "H3", "Table", "P") and each.where()]
    headings = [each for each in one_column if each.kind != "P"]
    tops = [min(each.where())[:2] for each in headings]
    assert tops == sorted(tops)
    kinds = [each.kind for each in document.below]
    assert kinds.index("H1") < kinds.index("Table") < kinds.index("Figure")


@pytest.mark.parametrize("language", Language)
def test_the_tags_say_the_reports_words_in_the_reports_order(language: Language) -> None:
    report = samples.statement()
    said = squeezed(blind(report, language, wording=samples.wording).text)
    say = voice(report, language, samples.wording).say
    expected = [say(report.title).text, *(say(column.head).text for column in report.tables[0].columns)]
    expected += [say(words).text for certificate in report.certificates for words in certificate.wording]
    expected += [say(words).text for note in report.notes for words in note.paragraphs]
    at = 0
    for words in expected:
        found = said.find(squeezed(words), at)
        assert found >= 0, words
        at = found + 1


def test_a_document_whose_tags_are_in_another_order_is_noticed() -> None:
    document = blind(samples.statement())
    table = next(document.all("Table"))
    table.below[1], table.below[2] = table.below[2], table.below[1]
    tops = [min(row.where())[:2] for row in table.below if row.where()]
    assert tops != sorted(tops)


# Figures


def cells(row: Element) -> list[str]:
    return [each.text for each in row.below]


def test_the_general_ledger_read_back_adds_up_to_the_books(session: Session) -> None:
    made = statements.worked_example(session)
    report = about_book(session, made.grantee.id, "general-ledger")
    document = blind(report)
    closing = []
    for table in document.all("Table"):
        opening, *lines, last = [cells(row) for row in table.below if row.kind == "TR"][1:]
        moved = sum((figure(line[3]) - figure(line[4]) for line in lines), Decimal(0))
        assert figure(opening[-1]) + moved == figure(last[-1])
        closing.append(figure(last[-1]))
    kept = balances.trial_balance(session, made.grantee.id)
    assert sorted(closing) == sorted(each.balance.amount for each in kept)
    assert len([each for each in closing if each]) >= 4


@pytest.mark.parametrize("language", Language)
def test_the_lines_of_statement_a_read_back_add_up_to_its_totals(session: Session, language: Language) -> None:
    report = about_contract(session, statements.worked_example(session), "income-and-expenditure")
    table = next(blind(report, language).all("Table"))
    rows = [cells(row) for row in table.below if row.kind == "TR"]
    cumulative = {row[0]: figure(row[6]) for row in rows if re.fullmatch(r"[IE]\d+", row[0]) and len(row) > 6}
    income = sum((value for ref, value in cumulative.items() if ref.startswith("I")), Decimal(0))
    spent = sum((value for ref, value in cumulative.items() if ref.startswith("E")), Decimal(0))
    assert (income, spent) == (Decimal("400000.00"), Decimal("92538.75"))
    printed = [[figure(each) for each in row if AMOUNT.fullmatch(each)] for row in rows]
    assert any(income in row for row in printed[6:9])
    assert any(spent in row for row in printed[15:])


# Scripts


def simplified_forms(words: str) -> set[str]:
    """Characters of the Mainland's standard set that the Hong Kong and Taiwan standard set does not have."""
    return {each for each in words if "\u4e00" <= each <= "\u9fff" and _has(each, "gb2312") and not _has(each, "big5")}


def traditional_forms(words: str) -> set[str]:
    """Characters of the traditional standard set that the Mainland's does not have."""
    return {each for each in words if "\u4e00" <= each <= "\u9fff" and _has(each, "big5") and not _has(each, "gb2312")}


def _has(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def test_no_simplified_form_stands_in_a_traditional_statement_nor_the_other_way_round(session: Session) -> None:
    made = statements.worked_example(session)
    for report in every_report(session, made):
        hong_kong = "\n".join(text_of(write(report, Format.PDF, Language.ZH_HANT)))
        mainland = "\n".join(text_of(write(report, Format.PDF, Language.ZH_HANS)))
        assert simplified_forms(hong_kong) == set(), report.name
        assert traditional_forms(mainland) == set(), report.name


def test_a_form_of_the_other_script_is_noticed() -> None:
    assert simplified_forms("收支結算表 决算") == {"决"}
    assert traditional_forms("决算表 結算") == {"結"}
