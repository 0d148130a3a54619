"""A report laid out as a Hong Kong statement: letterhead, title, facts, tables, certificates, notes."""

from __future__ import annotations

from reportlab.lib.colors import Color

from app.kernel.currencies import Currency
from app.kernel.messages import _
from reports.model import Certificate, Head, Literal, Note, Report, Section, Signatory, Text, Words, text
from reports.output.pdf.feet import Feet
from reports.output.pdf.flow import ASCENT, LEADING, Flow, Fonts
from reports.output.pdf.measures import Measured, needs_landscape
from reports.output.pdf.pages import (
    BLACK,
    EDGE,
    LANDSCAPE,
    MILLIMETRE,
    PORTRAIT,
    RIVER,
    SECOND_INK,
    STOP,
    Alignment,
    Page,
)
from reports.output.pdf.tables import TablePrinter
from reports.output.pdf.wrapping import Line, set_lines
from reports.output.wording import Voices

BODY = 8.5
_CHOP = 28 * MILLIMETRE
_SIGNING_SPACE = 11 * MILLIMETRE


class Statement:
    """Draws one report into a fresh flow of pages."""

    def __init__(self, report: Report, voices: Voices, fonts: Fonts) -> None:
        """Measures the tables, chooses the page's orientation, reserves the feet."""
        self.report, self.voices, self.fonts = report, voices, fonts
        self.measured = {id(table): Measured(table, voices, fonts) for table in report.tables}
        self.landscape = needs_landscape(list(self.measured.values()))
        size = LANDSCAPE if self.landscape else PORTRAIT
        self.feet = Feet(report, voices, fonts, size[0])
        self.plain, self.strong = (fonts.regular, fonts.regular), (fonts.bold, fonts.regular)
        underlay = self._watermark if report.status is not None else None
        self.flow = Flow(size, voices.first.language.tag, self.feet.heights, self._running_head, underlay)

    def draw(self) -> Flow:
        """Everything, in reading order; the feet last, when the number of pages is known."""
        report = self.report
        self._letterhead()
        self._title()
        self._heads()
        for section in report.sections:
            self._section(section)
        for certificate in report.certificates:
            self._certificate(certificate)
        self._notes(report.notes)
        self.feet.draw(self.flow)
        return self.flow

    def _say(self, words: Words) -> tuple[Literal, ...]:
        return self.voices.say(words)

    # the top of the first page

    def _letterhead(self) -> None:
        flow, half = self.flow, self.flow.width * 0.62
        top = flow.y
        for place, words in enumerate(self.report.issuer):
            lines = set_lines(self._say(words), self.strong if place == 0 else self.plain, BODY, half, beside=True)
            self._put(lines, flow.left, flow.right)
        lowest, flow.y = flow.y, top
        for words in self.report.references:
            self._put(set_lines(self._say(words), self.plain, BODY, flow.width - half, beside=True), right=True)
        if self.report.status is not None:
            fonts = (self.fonts.bold, self.fonts.bold)
            lines = set_lines(self._say(self.report.status), fonts, BODY, flow.width - half, beside=True)
            self._put(lines, right=True, colour=STOP)
        flow.y = min(lowest, flow.y)
        if flow.y < top:
            flow.y -= 3 * MILLIMETRE
            with flow.page.artifact("Layout"):
                flow.page.rule(flow.left, flow.right, flow.y, width=1.5, colour=RIVER)
            flow.y -= 6 * MILLIMETRE

    def _put(
        self, lines: list[Line], left: float = 0, right_edge: float = 0, *, right: bool = False, colour: Color = BLACK
    ) -> None:
        """One P of lines at the current height, flush left or right within the text area."""
        flow = self.flow
        element = flow.structure.add("P")
        place = (left or flow.left, right_edge or flow.right, flow.y - BODY * ASCENT)
        align: Alignment = "right" if right else "left"
        flow.page.lines(lines, place, BODY, BODY * LEADING, element, align=align, colour=colour)
        flow.y -= BODY * LEADING * len(lines)

    def _title(self) -> None:
        flow, report = self.flow, self.report
        first, *others = self._say(report.title)
        flow.text((first,), (self.fonts.bold,), 15, kind="H1", leading=1.3)
        if others:
            flow.text(tuple(others), (self.fonts.regular,), 13, leading=1.35)
        flow.y -= 2 * MILLIMETRE
        if report.period is not None:
            flow.text(self._say(report.period), self.plain, BODY)
            flow.y -= 2.5 * MILLIMETRE
        if report.subject is not None:
            flow.text(self._say(report.subject), self.strong, BODY)
            flow.y -= 2.5 * MILLIMETRE

    def _heads(self) -> None:
        heads = list(self.report.heads)
        if self.report.basis is not None:
            heads.append(Head(Text(_("Basis")), self.report.basis))
        if self.report.currency is not None:
            heads.append(Head(Text(_("Currency")), Text(_CURRENCY_NAMES[self.report.currency])))
        flow = self.flow
        gutter = 8 * MILLIMETRE
        column = (flow.width - gutter) / 2
        for place in range(0, len(heads), 2):
            top, lowest = flow.y, flow.y
            for side, head in enumerate(heads[place : place + 2]):
                flow.y = top
                self._head(head, flow.left + side * (column + gutter), column)
                lowest = min(lowest, flow.y)
            flow.y = lowest - 1.2
        if heads:
            flow.y -= 2.5 * MILLIMETRE
        for words in self.report.presentation:
            flow.text(self._say(words), self.plain, BODY - 0.5)
            flow.y -= 1 * MILLIMETRE

    def _head(self, head: Head, left: float, width: float) -> None:
        """A label in grey with its value beside it, as one element."""
        flow, size = self.flow, BODY - 0.5
        label_width = 25 * MILLIMETRE
        element = flow.structure.add("P")
        lowest, top = flow.y, flow.y - size * ASCENT
        parts = ((head.label, left, label_width - 4, SECOND_INK), (head.value, left + label_width, width, BLACK))
        for words, start, room, colour in parts:
            room = room if colour is SECOND_INK else width - label_width
            lines = set_lines(self._say(words), self.plain, size, room, beside=True)
            flow.page.lines(lines, (start, start + room, top), size, size * LEADING, element, colour=colour)
            lowest = min(lowest, flow.y - size * LEADING * len(lines))
        flow.y = lowest

    # the body

    def _section(self, section: Section) -> None:
        flow = self.flow
        if section.starts_page:
            flow.new_page()
        if section.heading is not None:
            flow.ensure(70 if section.table is None else 105)
            flow.y -= 2 * MILLIMETRE
            self._heading(section.heading, "H2", 10)
        for paragraph in section.paragraphs:
            flow.text(self._say(paragraph), self.plain, BODY)
            flow.y -= 1.5 * MILLIMETRE
        table = section.table
        if table is None:
            return
        if table.caption is not None and section.heading is None and len(self.report.tables) > 1:
            flow.ensure(60)
            flow.text(self._say(table.caption), self.strong, BODY)
        measured = self.measured[id(table)]
        TablePrinter(measured, measured.fit(self.landscape), flow).draw()
        flow.y -= 4 * MILLIMETRE

    def _heading(self, words: Words, kind: str, size: float) -> None:
        lines = set_lines(self._say(words), self.strong, size, self.flow.width, beside=True)
        element = self.flow.structure.add(kind)
        place = (self.flow.left, self.flow.right, self.flow.y - size * ASCENT)
        self.flow.page.lines(lines, place, size, size * LEADING, element, kind=kind)
        self.flow.y -= size * LEADING * len(lines) + 1 * MILLIMETRE

    def _notes(self, notes: tuple[Note, ...]) -> None:
        if not notes:
            return
        flow, indent = self.flow, 7 * MILLIMETRE
        flow.ensure(80)
        flow.y -= 2 * MILLIMETRE
        self._heading(Text(_("Notes to the statement")), "H2", 10)
        for note in notes:
            flow.ensure(BODY * LEADING * 3)
            number = Literal(note.number)
            top = flow.y
            flow.text((number,), (self.fonts.bold,), BODY, box=(flow.left, flow.left + indent))
            flow.y = top
            box = (flow.left + indent, flow.right)
            if note.heading is not None:
                flow.text(self._say(note.heading), self.strong, BODY, kind="H3", box=box)
            for paragraph in note.paragraphs:
                flow.text(self._say(paragraph), self.plain, BODY, box=box)
                flow.y -= 1 * MILLIMETRE
            flow.y -= 1 * MILLIMETRE

    # the certificates

    def _certificate(self, certificate: Certificate) -> None:
        flow = self.flow
        wording = [set_lines(self._say(words), self.plain, BODY, flow.width) for words in certificate.wording]
        height = sum(len(lines) for lines in wording) * BODY * LEADING + _SIGNING_SPACE + 5 * BODY * LEADING + 20
        flow.ensure(height)
        flow.y -= 3 * MILLIMETRE
        for words in certificate.wording:
            flow.text(self._say(words), self.plain, BODY)
            flow.y -= 1
        chop = _CHOP + 5 * MILLIMETRE if certificate.chop else 0
        gutter = 6 * MILLIMETRE
        per_row = min(max(len(certificate.signatories), 2), 4 if self.landscape else 3)
        width = (flow.width - chop - gutter * (per_row - 1)) / per_row
        for start in range(0, len(certificate.signatories), per_row):
            flow.ensure(_SIGNING_SPACE + 5 * BODY * LEADING)
            top, lowest = flow.y - _SIGNING_SPACE - 4 * MILLIMETRE, flow.y
            for place, signatory in enumerate(certificate.signatories[start : start + per_row]):
                flow.y = top
                self._signatory(signatory, flow.left + place * (width + gutter), width)
                lowest = min(lowest, flow.y)
            if chop and start == 0:
                self._chop(flow.right - _CHOP / 2, top - 2)
                lowest = min(lowest, top - 2 - _CHOP / 2)
            flow.y = lowest
        flow.y -= 4 * MILLIMETRE

    def _signatory(self, signatory: Signatory, left: float, width: float) -> None:
        flow = self.flow
        with flow.page.artifact("Layout"):
            flow.page.rule(left, left + width, flow.y)
        flow.y -= 1.5 * MILLIMETRE
        label = text(_("Date: %(date)s"), date=signatory.signed_on) if signatory.signed_on else Text(_("Date:"))
        parts = ((signatory.capacity, self.strong), (signatory.name, self.plain), (signatory.post, self.plain))
        for words, fonts in (*parts, (label, self.plain)):
            if words is not None:
                lines = set_lines(self._say(words), fonts, BODY, width, beside=True)
                self._put(lines, left, left + width)

    def _chop(self, x: float, y: float) -> None:
        flow = self.flow
        with flow.page.artifact("Layout"):
            flow.page.dashed_circle(x, y, _CHOP / 2, EDGE)
        lines = set_lines(self._say(Text(_("Chop"))), self.plain, BODY, _CHOP, beside=True)
        element = flow.structure.add("P")
        place = (x - _CHOP / 2, x + _CHOP / 2, y - BODY * 0.35)
        flow.page.lines(lines, place, BODY, BODY * LEADING, element, align="centre", colour=SECOND_INK)

    def _watermark(self, page: Page) -> None:
        """The status under every page, so that no page of a draft is taken for more."""
        if self.report.status is not None:
            page.watermark(" · ".join(each.text for each in self._say(self.report.status)), self.fonts.bold)

    def _running_head(self, flow: Flow) -> float:
        """Title and issuer on each later page."""
        size = 7.0
        title = self.voices.first.say(text(_("%(title)s, continued"), title=self.report.title))
        y = flow.y - size * ASCENT
        with flow.page.artifact():
            lines = set_lines((title,), self.plain, size, flow.width * 0.6)[:1]
            flow.page.lines(lines, (flow.left, flow.right, y), size, size, None, colour=SECOND_INK)
            for words in (self.report.issuer or self.report.references)[:1]:
                lines = set_lines((self.voices.first.say(words),), self.plain, size, flow.width * 0.35)[:1]
                flow.page.lines(lines, (flow.left, flow.right, y), size, size, None, align="right", colour=SECOND_INK)
            flow.page.rule(flow.left, flow.right, flow.y - size * 1.9, width=0.75, colour=RIVER)
        return size * 1.9 + 3 * MILLIMETRE


_CURRENCY_NAMES = {
    Currency.HKD: _("Hong Kong dollars (HKD)"),
    Currency.CNY: _("Renminbi (CNY)"),
}
