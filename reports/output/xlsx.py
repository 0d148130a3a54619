"""A report as a workbook: one sheet per table with its heads, typed cells, frozen heads, and notes on a last sheet.

Each sheet is set up for A4, as wide as the page, with its heads repeated, its number and its pages counted.

Amounts are written as exact decimals. A spreadsheet keeps numbers of 15 significant digits, so an amount of a
thousand billion or more (beyond the ledger's own limit) is written as text rather than altered.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import xlsxwriter

from app.kernel.messages import _
from app.kernel.money import MAX_MINOR, Money
from reports.model import Cell, Column, Convention, Kind, Report, Row, RowStyle, Span, Table, Text
from reports.output import formats
from reports.output.wording import Voice

_FORBIDDEN_IN_SHEET_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
_A4 = 9
_PORTRAIT_WIDTH = 100
"""Characters beside each other that still read well across a sheet of A4 upright; wider tables lie on their side."""

_WIDTHS = {
    Kind.TEXT: 34,
    Kind.REFERENCE: 14,
    Kind.MONEY: 18,
    Kind.DATE: 12,
    Kind.PERCENT: 10,
    Kind.INTEGER: 10,
    Kind.DECIMAL: 12,
}


def write(report: Report, voice: Voice) -> bytes:
    """The workbook's bytes; the same report gives the same bytes."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties(
        {
            "title": voice.say(report.title).text,
            "comments": f"{report.document_id} {report.digest()}",
            "keywords": report.verify_url or "",
            "created": report.prepared_at.astimezone(formats.BUSINESS_ZONE).replace(tzinfo=None),
        }
    )
    writer = _Sheets(book, report, voice)
    for table in report.tables:
        writer.table(table)
    if not report.tables or report.notes or any(section.paragraphs for section in report.sections):
        writer.texts()
    book.close()
    return buffer.getvalue()


class _Sheets:
    """Writes sheets row by row, as the constant-memory mode asks."""

    def __init__(self, book: Any, report: Report, voice: Voice) -> None:
        self.book, self.report, self.voice = book, report, voice
        self.names: set[str] = set()
        self.formats: dict[tuple[str, bool, bool], Any] = {}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.bold = book.add_format({"bold": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.head = book.add_format({"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom"})
        self.figure_head = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "valign": "bottom", "align": "right"}
        )

    def sheet(self, name: str) -> Any:
        """A new sheet under a name the format allows and no other sheet has."""
        wanted = name.translate(_FORBIDDEN_IN_SHEET_NAMES)[:28] or "sheet"
        unique, number = wanted, 2
        while unique.lower() in self.names:
            unique, number = f"{wanted}-{number}", number + 1
        self.names.add(unique.lower())
        made = self.book.add_worksheet(unique)
        made.set_paper(_A4)
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.8)
        made.set_footer("&L&8" + self.report.document_id.replace("&", "&&") + "&R&8&P / &N")
        return made

    def title_block(self, sheet: Any) -> int:
        """Title, period and heads from the top; returns the next free row."""
        report, say = self.report, self.voice.say
        sheet.write_string(0, 0, say(report.title).text, self.title)
        at = 1
        for line in (report.period, report.subject, *report.issuer, *report.references, report.status):
            if line is not None:
                sheet.write_string(at, 0, say(line).text)
                at += 1
        for head in report.heads:
            sheet.write_string(at, 0, f"{say(head.label).text}: {say(head.value).text}")
            at += 1
        for line in report.presentation:
            sheet.write_string(at, 0, say(line).text)
            at += 1
        sheet.write_string(at, 0, f"{report.document_id} · {report.digest()}")
        if report.verify_url:
            at += 1
            sheet.write_string(at, 0, report.verify_url)
        for words in (*(seal.words for seal in report.seals), *report.footers):
            at += 1
            sheet.write_string(at, 0, say(words).text)
        return at + 2

    def table(self, table: Table) -> None:
        """One table on its own sheet, heads frozen."""
        sheet = self.sheet(table.key)
        for number, column in enumerate(table.columns):
            sheet.set_column(number, number, _WIDTHS[column.kind])
        at = self.title_block(sheet)
        for number, column in enumerate(table.columns):
            lines = [self.voice.say(column.head).text, column.letter]
            lines.append(column.currency and self.voice.currency_head(column.currency))
            style = self.figure_head if column.kind.is_figure else self.head
            sheet.write_string(at, number, "\n".join(line for line in lines if line), style)
        sheet.freeze_panes(at + 1, 0)
        sheet.repeat_rows(at)
        if sum(_WIDTHS[column.kind] for column in table.columns) > _PORTRAIT_WIDTH:
            sheet.set_landscape()
        for offset, row in enumerate(table.rows, at + 1):
            self.row(sheet, offset, table, row)

    def row(self, sheet: Any, at: int, table: Table, row: Row) -> None:
        """One row, a cell of several columns in its first."""
        number = 0
        for cell in row.cells:
            if cell is not None:
                self.cell(sheet, (at, number), table.columns[number], row.style, cell)
            number += cell.columns if isinstance(cell, Span) else 1

    def cell(self, sheet: Any, place: tuple[int, int], column: Column, style: RowStyle, cell: Cell) -> None:
        """One typed cell; words always as text, never as a formula or a link."""
        match cell:
            case Money() if abs(cell.minor) <= MAX_MINOR:
                sheet.write_number(*place, cell.amount, self.format(self._money_format(column, cell), style))
            case date():
                mainland = self.report.convention is Convention.MAINLAND
                sheet.write_datetime(*place, cell, self.format("yyyy-mm-dd" if mainland else "dd/mm/yyyy", style))
            case Decimal() if column.kind is Kind.PERCENT:
                sheet.write_number(*place, cell / 100, self.format("0.0%_);(0.0%)", style))
            case Decimal():
                sheet.write_number(*place, cell, self.format("0.0000##", style))
            case int():
                sheet.write_number(*place, cell, self.format("#,##0_);(#,##0)", style))
            case _:
                sheet.write_string(*place, self.voice.cell(cell, column).text, self.format("@", style))

    def _money_format(self, column: Column, value: Money) -> str:
        unit, figure = ("'000", "#,##0,") if self.report.in_thousands else ("", "#,##0.00")
        code = "" if column.currency is not None or not column.shows_code else f'"{value.currency}{unit}" '
        return f'{code}{figure}_);{code}({figure});{code}"–"_)'

    def format(self, number_format: str, style: RowStyle) -> Any:
        """The cell format of a kind and a row style; rules above subtotals, a double rule below totals."""
        figure = number_format != "@"
        total = style in (RowStyle.SUBTOTAL, RowStyle.TOTAL)
        key = (number_format, total, style in (RowStyle.TOTAL, RowStyle.GROUP))
        if key not in self.formats:
            made = self.book.add_format({"num_format": number_format, "bold": style is RowStyle.GROUP or total})
            if figure and total:
                made.set_top(1)
            if figure and style is RowStyle.TOTAL:
                made.set_bottom(6)
            self.formats[key] = made
        return self.formats[key]

    def texts(self) -> None:
        """The paragraphs and notes on a sheet of their own."""
        say = self.voice.say
        sheet = self.sheet(say(Text(_("Notes"))).text)
        sheet.set_column(0, 0, 100)
        at = self.title_block(sheet)
        lines = [each for section in self.report.sections for each in section.paragraphs]
        for line in lines:
            sheet.write_string(at, 0, say(line).text, self.wrapped)
            at += 1
        for note in self.report.notes:
            heading = "" if note.heading is None else say(note.heading).text
            sheet.write_string(at, 0, f"{note.number}  {heading}", self.bold)
            for paragraph in note.paragraphs:
                at += 1
                sheet.write_string(at, 0, say(paragraph).text, self.wrapped)
            at += 2
