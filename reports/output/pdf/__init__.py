"""A report as PDF: tagged, PDF/A-3a and PDF/UA-1, with its figures attached as CSV and JSON."""

from __future__ import annotations

import re

from app.kernel.messages import _
from reports.model import Report, Text
from reports.output import csv, json, rows
from reports.output.pdf import metadata
from reports.output.pdf.flow import Flow, Fonts
from reports.output.pdf.fonts import MissingGlyphs
from reports.output.pdf.objects import PdfFile, string
from reports.output.pdf.statement import Statement
from reports.output.wording import Voices

__all__ = ["MissingGlyphs", "write"]


def write(report: Report, voices: Voices) -> bytes:
    """The document's bytes; the same report and wording give the same bytes.

    Raises MissingGlyphs, naming the characters, if the fonts lack any, and TableTooWide if figures cannot fit.
    """
    fonts = Fonts.fresh()
    flow = Statement(report, voices, fonts).draw()
    if fonts.missing:
        raise MissingGlyphs(fonts.missing)
    return _assemble(report, voices, fonts, flow)


def _assemble(report: Report, voices: Voices, fonts: Fonts, flow: Flow) -> bytes:
    file = PdfFile()
    language = voices.first.language.tag
    facts = metadata.Facts(
        title=" ".join(each.text for each in voices.say(report.title)),
        author=voices.first.say(report.issuer[0]).text if report.issuer else "",
        subject=report.document_id,
        language=language,
        prepared_at=report.prepared_at,
        address=report.verify_url or "",
    )
    page_numbers, page_tree = _pages(file, fonts, flow)
    associated, names = metadata.attach(file, _attachments(report, voices), report.prepared_at)
    xmp = file.add_stream(metadata.xmp(facts), {"Type": "/Metadata", "Subtype": "/XML"}, compressed=False)
    catalogue = file.add(
        {
            "Type": "/Catalog",
            "Pages": page_tree,
            "Lang": string(language),
            "MarkInfo": "<< /Marked true >>",
            "ViewerPreferences": "<< /DisplayDocTitle true >>",
            "StructTreeRoot": flow.structure.write(file, page_numbers),
            "OutputIntents": metadata.output_intent(file),
            "Metadata": xmp,
            "AF": associated,
            "Names": names,
        }
    )
    return file.finish(catalogue, metadata.information(file, facts))


def _pages(file: PdfFile, fonts: Fonts, flow: Flow) -> tuple[list[int], str]:
    """The page objects' numbers and the reference to their tree."""
    tree = file.reserve()
    resources = file.add({"Font": f"<< /F1 {fonts.regular.embed(file)} /F2 {fonts.bold.embed(file)} >>"})
    first = file.reserve(len(flow.pages))
    numbers = list(range(first, first + len(flow.pages)))
    for number, page in zip(numbers, flow.pages, strict=True):
        content = file.add_stream(page.stream())
        box = f"[0 0 {page.size[0]:.2f} {page.size[1]:.2f}]"
        body = f"<< /Type /Page /Parent {tree} 0 R /MediaBox {box} /Resources {resources} /Contents {content}"
        file.put(number, f"{body} /StructParents {page.number} /Tabs /S >>".encode())
    kids = " ".join(f"{number} 0 R" for number in numbers)
    file.put(tree, f"<< /Type /Pages /Count {len(numbers)} /Kids [{kids}] >>".encode())
    return numbers, f"{tree} 0 R"


def _attachments(report: Report, voices: Voices) -> tuple[metadata.Attachment, ...]:
    """The same figures for machines, exactly as the CSV and JSON exports write them in the first language."""
    told = rows.told(report, voices.first)
    stem = re.sub(r"[^A-Za-z0-9.-]+", "-", report.document_id)
    say = voices.first.say
    spreadsheet = say(Text(_("The figures of this document as CSV"))).text
    data = say(Text(_("The content of this document as JSON"))).text
    return (
        metadata.Attachment(f"{stem}.csv", "text/csv", spreadsheet, csv.write(report, voices.first, told)),
        metadata.Attachment(f"{stem}.json", "application/json", data, json.write(report, voices.first, told)),
    )
