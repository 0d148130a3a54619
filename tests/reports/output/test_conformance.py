"""The real veraPDF rules over real documents, and over ones broken on purpose, so that the rules are seen to bite."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from reports.model import Language, Row, Section, Span, Table, text
from reports.output import Format, write
from tests.reports.conftest import FLAVOURS, Validate
from tests.reports.output import samples

pytestmark = pytest.mark.verapdf


def _statement_bytes() -> bytes:
    return write(samples.statement(), Format.PDF, Language.EN, wording=samples.wording)


def _draft(language: Language) -> bytes:
    """A document with its status as a watermark under every page."""
    return write(samples.statement(status=text("DRAFT")), Format.PDF, language, wording=samples.wording)


def _empty_report() -> bytes:
    table = replace(samples.statement().tables[0], rows=())
    return write(
        samples.statement(sections=(Section(table=table),)), Format.PDF, Language.ZH_HANT, wording=samples.wording
    )


def _tall_row_report() -> bytes:
    """A row of a description longer than a page, and a landscape page of many columns."""
    columns = tuple(
        replace(column, key=f"{column.key}{number}")
        for number in (1, 2)
        for column in samples.ledger(1).tables[0].columns
    )
    long = "Long 長文 " * 2500
    rows = (Row((1, None, "R", long, *(None,) * 10)), Row((Span(text("Nothing else"), 14),)))
    return write(samples.statement(sections=(Section(table=Table("tall", columns, rows)),)), Format.PDF, Language.EN)


def test_every_kind_of_document_passes_pdf_a_3a_and_pdf_ua_1(validate: Validate) -> None:
    verdicts = validate(
        {
            "english": _statement_bytes(),
            "traditional": write(samples.statement(), Format.PDF, Language.ZH_HANT, wording=samples.wording),
            "simplified": write(samples.statement(), Format.PDF, Language.ZH_HANS, wording=samples.wording),
            "bilingual": write(samples.statement(), Format.PDF, Language.EN, bilingual=True, wording=samples.wording),
            "ledger": write(samples.ledger(150), Format.PDF, Language.EN, wording=samples.wording),
            "draft": _draft(Language.EN),
            "draft_in_chinese": _draft(Language.ZH_HANT),
            "empty": _empty_report(),
            "tall": _tall_row_report(),
        }
    )

    assert len(verdicts) == 9 * len(FLAVOURS)
    assert {key: clauses for key, (passed, clauses) in verdicts.items() if not passed} == {}


def _without_output_intent(document: pikepdf.Pdf) -> None:
    del document.Root["/OutputIntents"]


def _with_a_script(document: pikepdf.Pdf) -> None:
    document.Root["/OpenAction"] = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def _without_font_file(document: pikepdf.Pdf) -> None:
    font = document.pages[0].Resources.Font.F1.DescendantFonts[0]
    del font.FontDescriptor["/FontFile2"]


def _with_wrong_widths(document: pikepdf.Pdf) -> None:
    document.pages[0].Resources.Font.F1.DescendantFonts[0]["/W"] = pikepdf.Array()


def _without_associated_files(document: pikepdf.Pdf) -> None:
    for file in document.Root.AF:
        del file["/AFRelationship"]
    del document.Root["/AF"]


def _without_structure(document: pikepdf.Pdf) -> None:
    del document.Root["/StructTreeRoot"]


def _with_untagged_content(document: pikepdf.Pdf) -> None:
    document.pages[0].contents_add(pikepdf.Stream(document, b"0 0 10 10 re f"))


def _without_title_display(document: pikepdf.Pdf) -> None:
    del document.Root["/ViewerPreferences"]


BREAKS = {
    "3a": (
        _without_output_intent,
        _with_a_script,
        _without_font_file,
        _with_wrong_widths,
        _without_associated_files,
        _without_structure,
    ),
    "ua1": (_with_untagged_content, _without_title_display),
}


def test_deliberate_breaks_are_found_by_the_profile_they_offend(validate: Validate, tmp_path: Path) -> None:
    broken = {}
    for flavour, breaks in BREAKS.items():
        for change in breaks:
            path = tmp_path / "broken.pdf"
            with pikepdf.open(_saved(tmp_path)) as document:
                change(document)
                document.save(path)
            broken[f"{flavour}{change.__name__}"] = path.read_bytes()

    verdicts = validate(broken)

    passed = [name for name in broken if verdicts[name, name.split("_")[0]][0]]
    assert passed == []


def test_the_copy_that_breaks_are_made_from_passes_unchanged(validate: Validate, tmp_path: Path) -> None:
    path = tmp_path / "unchanged.pdf"
    with pikepdf.open(_saved(tmp_path)) as document:
        document.save(path)

    verdicts = validate({"unchanged": path.read_bytes()})

    assert [passed for passed, _clauses in verdicts.values()] == [True, True]


def _saved(folder: Path) -> Path:
    path = folder / "original.pdf"
    if not path.exists():
        path.write_bytes(_statement_bytes())
    return path
