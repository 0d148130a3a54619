"""The foot of each page: what this document is, the digest of its figures, where to check it, page x of y."""

from __future__ import annotations

from collections.abc import Sequence

import segno

from app.kernel.messages import _
from reports.model import Literal, Report, Words, text
from reports.output import formats
from reports.output.pdf.flow import ASCENT, BOTTOM, LEADING, SIDE, Flow, Fonts
from reports.output.pdf.pages import EDGE, MILLIMETRE, Page
from reports.output.pdf.tags import figure_attributes
from reports.output.pdf.wrapping import Line, Run, set_lines
from reports.output.wording import Voices

_SIZE = 7.0
_STEP = _SIZE * LEADING
_QR = 22 * MILLIMETRE
_GAP = 3 * MILLIMETRE
_FOLIO = 30 * MILLIMETRE


class Feet:
    """Sets the feet's lines once; draws them when the number of pages is known."""

    def __init__(self, report: Report, voices: Voices, fonts: Fonts, page_width: float) -> None:
        """Works out `heights`: of the first page's foot, which may hold the QR square, and of the others'."""
        self.report, self.voices, self.fonts = report, voices, fonts
        self.width = page_width - 2 * SIDE
        self.common = self._common(self.width - _FOLIO)
        room = self.width - _FOLIO - (_QR + 2 * _GAP if report.verify_url else 0)
        self.first = self._common(room) + self._first_only(room)
        tall = max(len(self.first) * _STEP, _QR if report.verify_url else 0)
        self.heights = (tall + 2 * _GAP + 4, len(self.common) * _STEP + 2 * _GAP + 4)

    def _common(self, room: float) -> list[Line]:
        report, regular, bold = self.report, self.fonts.regular, self.fonts.bold
        prepared = formats.business_date(report.prepared_at)
        lines = []
        for place, said in enumerate(
            self.voices.say(text(_("version %(version)s, prepared %(date)s"), version=report.version, date=prepared))
        ):
            identity = report.document_id + ("  " if place == 0 else "")
            start = bold.width(identity) * _SIZE / 1000 if place == 0 else 0.0
            runs = [Run(start, said.text, said.language, regular)]
            if place == 0:
                runs.insert(0, Run(0, identity, None, bold))
            lines.append(Line(tuple(runs), room))
        digest = Literal(f"SHA-256 {report.digest()}")
        return [*lines[:1], *set_lines((digest,), (regular,), _SIZE, room)]

    def _first_only(self, room: float) -> list[Line]:
        lines: list[Line] = []
        if self.report.verify_url:
            words = text(_("Check this document: scan the square, or open %(address)s"), address=self.report.verify_url)
            lines += set_lines(self.voices.say(words), (self.fonts.regular,), _SIZE, room)
        for several in (tuple(seal.words for seal in self.report.seals), self.report.footers):
            lines += set_lines(self._run_on(several), (self.fonts.regular,), _SIZE, room)
        return lines

    def _run_on(self, several: Sequence[Words]) -> tuple[Literal, ...]:
        """Several sentences one after the other, in each language of the document: the first page has little room."""
        said = [self.voices.say(words) for words in several]
        wanted = max((len(each) for each in said), default=0)
        return tuple(
            Literal(
                "  ".join(each[min(at, len(each) - 1)].text for each in said),
                said[0][min(at, len(said[0]) - 1)].language,
            )
            for at in range(wanted)
        )

    def draw(self, flow: Flow) -> None:
        """Every page's foot: content on the first page, repeated matter on the others."""
        for page in flow.pages:
            height = self.heights[0 if page.number == 0 else 1]
            with page.artifact("Layout"):
                page.rule(flow.left, flow.right, BOTTOM + height - _GAP, colour=EDGE)
            if page.number == 0:
                self._first_foot(flow, page, BOTTOM + height - 2 * _GAP)
            else:
                with page.artifact():
                    self._lines(page, self.common, flow.left, BOTTOM + height - 2 * _GAP, None)
            with page.artifact():
                self._folio(flow, page)

    def _first_foot(self, flow: Flow, page: Page, top: float) -> None:
        left = flow.left
        if self.report.verify_url:
            matrix = segno.make(self.report.verify_url, error="m", micro=False).matrix
            side = _QR
            box = (left, top - side, left + side, top)
            said = self.voices.first.say(
                text(_("QR code of the address to check this document: %(address)s"), address=self.report.verify_url)
            )
            figure = flow.structure.add("Figure", attributes=figure_attributes(said.text, box))
            page.squares([list(row) for row in matrix], left, top, side, figure, "Figure")
            left += side + 2 * _GAP
            top -= max(0.0, (_QR - len(self.first) * _STEP) / 2)
        self._lines(page, self.first, left, top, flow.structure.add("P"))

    def _lines(self, page: Page, lines: list[Line], left: float, top: float, element: int | None) -> None:
        page.lines(lines, (left, left + self.width, top - _SIZE * ASCENT), _SIZE, _STEP, element)

    def _folio(self, flow: Flow, page: Page) -> None:
        words = text(_("Page %(page)s of %(pages)s"), page=page.number + 1, pages=len(flow.pages))
        lines = set_lines(self.voices.say(words), (self.fonts.regular,), _SIZE, _FOLIO)
        place = (flow.right - _FOLIO, flow.right, BOTTOM + (len(lines) - 1) * _STEP + 2)
        page.lines(lines, place, _SIZE, _STEP, None, align="right")
