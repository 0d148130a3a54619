"""Any Report to a file: PDF, XLSX, CSV or JSON, in English, Traditional or Simplified Chinese."""

from __future__ import annotations

import re
from enum import StrEnum

from reports.model import Language, Report
from reports.output import csv, json, xlsx
from reports.output.wording import Wording, catalogue, voice, voices


class Format(StrEnum):
    """A file format a report can be written in."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"
    JSON = "json"


MEDIA_TYPES = {
    Format.PDF: "application/pdf",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv; charset=utf-8",
    Format.JSON: "application/json",
}
"""What to say a file is when sending it."""


def write(
    report: Report, form: Format, language: Language, *, bilingual: bool = False, wording: Wording = catalogue
) -> bytes:
    """The report as a file. The same report, language and catalogue give the same bytes.

    `bilingual` sets English over Chinese in a PDF (Traditional unless `language` is Simplified); other formats
    keep to `language`. Raises `pdf.MissingGlyphs` if a PDF would need a character the fonts do not have.
    """
    if form is Format.PDF:
        from reports.output.pdf import write as write_pdf  # its libraries take a moment to load; others do without

        return write_pdf(report, voices(report, language, bilingual, wording))
    writer = {Format.XLSX: xlsx.write, Format.CSV: csv.write, Format.JSON: json.write}[form]
    return writer(report, voice(report, language, wording))


def file_name(report: Report, form: Format, language: Language) -> str:
    """A name to save the file under: document id, report, language."""
    safe = re.sub(r"[^A-Za-z0-9.-]+", "-", f"{report.document_id}-{report.name}-{language}")
    return f"{safe}.{form}"
