"""The PDF as a reader gets it: what can be read out of it, and what must stop it from being written."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pikepdf
import pypdfium2
import pytest

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import Column, Kind, Language, Literal, Report, Section, Table, row, text
from reports.output import Format, formats, write
from reports.output.pdf import MissingGlyphs, fonts
from reports.output.pdf.measures import TableTooWide
from tests.reports.output import samples

HONG_KONG = "𨋢𠝹𠱁𡃁𢯎𥄫𨂾 獅嶺大學 鰂魚涌 深水埗 嘅咗喺啲"
MAINLAND = "狮岭大学 决算表 核证 朱镕基 韦祎 䶮 拨付"
LATIN = "Prof. Mak Yuen-ting, HK$ £ € – — “quoted” ‘single’ (c) = (a) + (b) − 1"


def pdf_of(report: Report, language: Language = Language.EN, *, bilingual: bool = False) -> bytes:
    return write(report, Format.PDF, language, bilingual=bilingual, wording=samples.wording)


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def with_subject(words: str, language: str | None = None) -> Report:
    return samples.statement(subject=Literal(words, language), sections=(), certificates=(), notes=())


@pytest.mark.parametrize("words", [HONG_KONG, MAINLAND, LATIN])
@pytest.mark.parametrize("language", [None, "zh-Hans-CN"])
def test_text_reads_out_exactly_as_it_was_typed(words: str, language: str | None) -> None:
    assert words in text_of(pdf_of(with_subject(words, language)))


def test_mainland_and_hong_kong_shapes_read_out_as_the_same_characters() -> None:
    words = "直，复。"
    shapes = {language: pdf_of(with_subject(words, language)) for language in ("zh-Hant-HK", "zh-Hans-CN")}

    assert shapes["zh-Hant-HK"] != shapes["zh-Hans-CN"]
    assert all(words in text_of(data) for data in shapes.values())


def test_a_character_the_fonts_lack_stops_the_document_and_is_named() -> None:
    with pytest.raises(MissingGlyphs, match=r"U\+1F600") as refused:
        pdf_of(with_subject("paid 😀 to ไทย"))

    assert refused.value.characters == ("ท", "ย", "ไ", "😀")


@pytest.mark.parametrize("typed", ["<b>bold</b> &amp; <br/>", "%(name)s {x} (a\\b) )(", "]]> EMC ET Q"])
def test_text_is_set_literally(typed: str) -> None:
    assert typed in text_of(pdf_of(with_subject(typed)))


def test_control_characters_become_spaces_and_line_breaks_break_lines() -> None:
    found = text_of(pdf_of(with_subject("one\ttwo\nthree\x00four")))

    assert "one two" in found
    assert "three four" in found
    assert "two three" not in found


def test_every_amount_of_the_statement_is_printed_in_every_language() -> None:
    amounts = ["3,200,000.00", "(60,000.00)", "(3,218.44)", "1,713,784.64", "(1,204.18)", "755,798.90"]
    for language in Language:
        found = text_of(pdf_of(samples.statement(), language))
        assert [amount for amount in amounts if amount not in found] == []


def test_no_dollar_or_yuan_sign_stands_bare() -> None:
    for language in Language:
        found = text_of(pdf_of(samples.statement(), language))
        assert re.findall(r"(?<!HK)\$|[¥¥]", found) == []


def test_a_bilingual_statement_has_english_before_chinese() -> None:
    found = text_of(pdf_of(samples.statement(), bilingual=True))

    for english, chinese in (("Statement of Income", "收支結算表"), ("Total income", "收入總額"), ("Page 1", "第1頁")):
        assert 0 <= found.index(english) < found.index(chinese)


def test_each_page_says_which_it_is_and_of_which_document() -> None:
    report = samples.ledger(120)
    with pypdfium2.PdfDocument(pdf_of(report)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]

    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of 3" in page
        assert report.document_id in page
        assert report.digest() in page
        assert "Particulars" in page


def test_what_is_carried_forward_is_brought_forward_and_is_the_sum_so_far() -> None:
    report = samples.ledger(120)
    with pypdfium2.PdfDocument(pdf_of(report)) as document:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    carried = re.search(r"Carried forward ([\d,.]+) ([\d,.]+) ([\d,.]+)", pages[0])
    brought = re.search(r"Brought forward ([\d,.]+) ([\d,.]+) ([\d,.]+)", pages[1])
    last = max(int(number) for number in re.findall(r"JNL-0*(\d+)", pages[0]))
    assert carried is not None
    assert brought is not None

    rows = report.tables[0].rows[:last]
    debits = sum(cells.cells[4].minor for cells in rows if isinstance(cells.cells[4], Money))

    assert carried.groups() == brought.groups()
    assert carried[1] == formats.amount(Money(debits, Currency.HKD))


def test_five_thousand_rows_are_all_there_and_end_in_the_ledgers_balance() -> None:
    report = samples.ledger(5000)

    found = text_of(pdf_of(report))

    assert len(set(re.findall(r"JNL-\d{6}", found))) == 5000
    closing = report.tables[0].rows[-1].cells[-1]
    assert isinstance(closing, Money)
    assert f"{closing.amount:,}" in found


def test_a_table_too_wide_for_portrait_is_set_on_landscape_pages() -> None:
    columns = tuple(Column(f"c{number}", text("Amount"), Kind.MONEY, currency=Currency.HKD) for number in range(12))
    wide = Table("wide", columns, (row(*[Money(123456789012, Currency.HKD)] * 12),))
    with pikepdf.open(io.BytesIO(pdf_of(samples.statement(sections=(Section(table=wide),))))) as document:
        _left, _bottom, width, height = document.pages[0].MediaBox
        assert width > height


def test_figures_that_fit_on_no_page_are_refused_rather_than_cut() -> None:
    columns = tuple(Column(f"c{number}", text("A"), Kind.MONEY, currency=Currency.HKD) for number in range(40))
    wide = Table("wide", columns, (row(*[Money(123456789012, Currency.HKD)] * 40),))

    with pytest.raises(TableTooWide, match="wide"):
        pdf_of(samples.statement(sections=(Section(table=wide),)))


def test_the_attached_files_are_the_exports_to_the_byte() -> None:
    report = samples.statement()
    with pikepdf.open(io.BytesIO(pdf_of(report, Language.ZH_HANT))) as document:
        attached = {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}

    assert attached == {
        "SIE-2026-000417-K7QM.csv": write(report, Format.CSV, Language.ZH_HANT, wording=samples.wording),
        "SIE-2026-000417-K7QM.json": write(report, Format.JSON, Language.ZH_HANT, wording=samples.wording),
    }


def test_the_same_report_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib;from reports.model import Language;from reports.output import Format, write;"
        "from tests.reports.output import samples;"
        "print(hashlib.sha256(write(samples.statement(),Format.PDF,Language.ZH_HANT,wording=samples.wording)).hexdigest())"
    )
    root = Path(__file__).resolve().parents[3]
    output = subprocess.run(
        [sys.executable, "-c", program],
        cwd=root,
        env={"PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout

    assert output.strip() == hashlib.sha256(pdf_of(samples.statement(), Language.ZH_HANT)).hexdigest()


def test_documents_written_at_the_same_time_do_not_disturb_each_other() -> None:
    languages = [Language.EN, Language.ZH_HANT, Language.ZH_HANS] * 3
    alone = [pdf_of(samples.statement(), language) for language in languages]

    with ThreadPoolExecutor(6) as threads:
        together = list(threads.map(lambda language: pdf_of(samples.statement(), language), languages))

    assert together == alone


def test_the_document_is_dated_by_the_report_alone() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(samples.statement()))) as document:
        assert str(document.docinfo.CreationDate) == "D:20260608060500+00'00'"
        assert str(document.docinfo.ModDate) == "D:20260608060500+00'00'"


def test_headings_tables_and_languages_are_tagged() -> None:
    with pikepdf.open(io.BytesIO(pdf_of(samples.statement(), bilingual=True))) as document:
        elements = list(_elements(document.Root.StructTreeRoot.K))

    kinds = [str(element.S)[1:] for element in elements]
    assert kinds[0] == "Document"
    assert kinds.count("H1") == 1
    assert kinds.count("Table") == 1
    assert kinds.count("TR") == 1 + len(samples.statement().tables[0].rows)
    assert kinds.count("Figure") == 1
    assert "zh-Hant-HK" in {str(element.get("/Lang", "")) for element in elements}


def test_the_built_fonts_are_the_ones_their_digests_name() -> None:
    for line in (fonts.FOLDER / "SHA256SUMS").read_text(encoding="ascii").splitlines():
        digest, name = line.split()
        assert hashlib.sha256((fonts.FOLDER / name).read_bytes()).hexdigest() == digest


def _elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from _elements(kid)
