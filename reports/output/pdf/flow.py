"""The pages of a document being filled from the top: what fits, when a page ends, where the next thing goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reportlab.lib.colors import Color

from reports.model import Literal
from reports.output.pdf.fonts import BOLD, REGULAR, DocumentFont
from reports.output.pdf.pages import BLACK, MILLIMETRE, Alignment, Page
from reports.output.pdf.tags import ROOT, Structure
from reports.output.pdf.wrapping import Line, set_lines

SIDE = 15 * MILLIMETRE
TOP = 15 * MILLIMETRE
BOTTOM = 11 * MILLIMETRE
LEADING = 1.4
ASCENT = 1.03
"""From the top of a line of text to its baseline, in sizes, at the leading above."""


@dataclass(frozen=True)
class Fonts:
    """The two weights of one document."""

    regular: DocumentFont
    bold: DocumentFont

    @classmethod
    def fresh(cls) -> Fonts:
        """Both weights, nothing used yet."""
        return cls(DocumentFont(REGULAR, "F1"), DocumentFont(BOLD, "F2"))

    @property
    def missing(self) -> set[str]:
        """Characters either weight was asked for and lacks."""
        return self.regular.missing | self.bold.missing


class Flow:
    """Fills pages. `decorate` draws each later page's running head and returns the height it took."""

    def __init__(
        self,
        size: tuple[float, float],
        language: str,
        foot_heights: tuple[float, float],
        decorate: Callable[[Flow], float],
        underlay: Callable[[Page], None] | None = None,
    ) -> None:
        """`foot_heights` are kept free at the foot of the first page and of the others.

        `underlay` draws what lies under each page's content.
        """
        self.size, self.language = size, language
        self.structure = Structure()
        self.pages: list[Page] = []
        self._foot_heights, self._decorate, self._underlay = foot_heights, decorate, underlay
        self.left, self.right = SIDE, size[0] - SIDE
        self.y = self.bottom = 0.0
        self.new_page()

    @property
    def page(self) -> Page:
        """The page being filled."""
        return self.pages[-1]

    @property
    def width(self) -> float:
        """The width of the text area."""
        return self.right - self.left

    @property
    def space(self) -> float:
        """What is left of this page."""
        return self.y - self.bottom

    @property
    def whole_page(self) -> float:
        """What a later page offers at most."""
        return self.size[1] - TOP - BOTTOM - self._foot_heights[1] - 30

    def new_page(self) -> None:
        """End this page and begin the next."""
        number = len(self.pages)
        self.pages.append(Page(number, self.size, self.structure, self.language))
        if self._underlay is not None:
            self._underlay(self.page)
        self.y = self.size[1] - TOP
        self.bottom = BOTTOM + self._foot_heights[min(number, 1)]
        if number:
            self.y -= self._decorate(self)

    def ensure(self, height: float) -> None:
        """Begin a new page unless `height` still fits here, or would fit nowhere better."""
        if self.space < height and self.space < self.whole_page - 1:
            self.new_page()

    def gap(self, height: float) -> None:
        """Leave white space, unless at the top of a page after the first."""
        self.y -= height

    def text(
        self,
        texts: tuple[Literal, ...],
        fonts: tuple[DocumentFont, ...],
        size: float,
        *,
        kind: str = "P",
        parent: int = ROOT,
        box: tuple[float, float] | None = None,
        align: Alignment = "left",
        colour: Color = BLACK,
        leading: float = LEADING,
    ) -> None:
        """Texts as one element across the text area or `box` (left, right), running on over pages where they must."""
        left, right = box or (self.left, self.right)
        element = self.structure.add(kind, parent)
        lines: Sequence[Line] = set_lines(texts, fonts, size, right - left)
        step = size * leading
        while lines:
            self.ensure(step)
            fitting = max(1, int((self.space + 0.01) / step))
            place = (left, right, self.y - size * ASCENT * leading / LEADING)
            self.page.lines(lines[:fitting], place, size, step, element, kind=kind, align=align, colour=colour)
            self.y -= step * min(fitting, len(lines))
            lines = lines[fitting:]
