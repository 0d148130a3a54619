"""A page being drawn: marked content, artifacts, text, rules. Coordinates in points from the lower left corner."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal as Choice

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4

from reports.output.pdf.fonts import DocumentFont
from reports.output.pdf.tags import Structure
from reports.output.pdf.wrapping import Line

PORTRAIT: tuple[float, float] = (A4[0], A4[1])
LANDSCAPE: tuple[float, float] = (A4[1], A4[0])
MILLIMETRE = 72 / 25.4

BLACK = HexColor("#000000")
RIVER = HexColor("#0b5661")
EDGE = HexColor("#5d6f79")
SECOND_INK = HexColor("#4a5a64")
STOP = HexColor("#ad231b")
FAINT = HexColor("#dde4e7")

Alignment = Choice["left", "right", "centre"]


class Page:
    """One page's drawing operators. Everything drawn is either tagged content or an artifact."""

    def __init__(self, number: int, size: tuple[float, float], structure: Structure, language: str) -> None:
        """`number` counts from 0; `language` is the document's, which needs no tag of its own."""
        self.number, self.size = number, size
        self._structure, self._language = structure, language
        self._mainland = language.startswith("zh-Hans")
        self._operators: list[str] = []

    def stream(self) -> bytes:
        """The page's content stream."""
        return "\n".join(self._operators).encode("latin-1")

    @contextmanager
    def artifact(self, kind: str = "Pagination") -> Iterator[None]:
        """Whatever is drawn inside is no part of the document's content: rules, repeated heads, folios."""
        self._operators.append(f"/Artifact <</Type/{kind}>> BDC")
        yield
        self._operators.append("EMC")

    def lines(
        self,
        lines: Sequence[Line],
        at: tuple[float, float, float],
        size: float,
        leading: float,
        element: int | None,
        *,
        kind: str = "P",
        align: Alignment = "left",
        colour: Color = BLACK,
    ) -> None:
        """Set lines downwards from the baseline `at` (left, right, first baseline), as content of `element`.

        Without an element they must be inside an artifact. Runs of another language become Span elements.
        """
        left, right, baseline = at
        tint = "" if colour is BLACK else f"{_rgb(colour)} rg "
        for position, line in enumerate(lines):
            y = f"{baseline - position * leading:.2f}"
            start = left
            if align != "left":
                start = right - line.width if align == "right" else (left + right - line.width) / 2
            for offset, text, language, font in line.runs:
                if text:
                    mainland = self._mainland if language is None else language.startswith("zh-Hans")
                    code = font.encode(text, mainland=mainland)
                    shown = f"{font.opening(size)}{start + offset:.2f} {y} Tm<{code}>Tj ET"
                    self._show(f"q {tint}{shown} Q" if tint else shown, element, kind, language)

    def _show(self, shown: str, element: int | None, kind: str, language: str | None) -> None:
        """Put a run on the page, as content of its element or of a Span below it where its language is another."""
        if element is not None:
            if language is not None and language != self._language:
                element, kind = self._structure.add("Span", element, language=language), "Span"
            shown = f"/{kind}<</MCID {self._structure.content(element, self.number)}>>BDC {shown} EMC"
        self._operators.append(shown)

    def rule(self, left: float, right: float, y: float, *, width: float = 0.5, colour: Color = BLACK) -> None:
        """A horizontal rule."""
        self._operators.append(f"q {_rgb(colour)} RG {width:g} w {left:.2f} {y:.2f} m {right:.2f} {y:.2f} l S Q")

    def rules(self, segments: Sequence[tuple[float, float, float]], width: float = 0.5) -> None:
        """Several black rules (left, right, height) of one width, as one artifact."""
        if segments:
            paths = " ".join(f"{left:.2f} {y:.2f} m {right:.2f} {y:.2f} l" for left, right, y in segments)
            self._operators.append(f"/Artifact <</Type/Layout>> BDC q {width:g} w {paths} S Q EMC")

    def dashed_circle(self, x: float, y: float, radius: float, colour: Color) -> None:
        """A dashed circle around a centre."""
        bend = radius * 0.5523
        curves = [(1, 0, 0, 1), (0, 1, -1, 0), (-1, 0, 0, -1), (0, -1, 1, 0)]
        path = f"{x + radius:.2f} {y:.2f} m "
        for a, b, c, d in curves:
            one = (x + a * radius + c * bend, y + b * radius + d * bend)
            two = (x + c * radius + a * bend, y + d * radius + b * bend)
            end = (x + c * radius, y + d * radius)
            path += " ".join(f"{value:.2f}" for point in (one, two, end) for value in point) + " c "
        self._operators.append(f"q {_rgb(colour)} RG 0.75 w [2.5 2] 0 d {path}S Q")

    def watermark(self, text: str, font: DocumentFont) -> None:
        """Faint words from the lower left to the upper right, as large as fits; an artifact, never read aloud."""
        width, height = self.size
        angle = math.atan2(height, width)
        size = min(120.0, 0.72 * math.hypot(width, height) / (font.width(text) / 1000))
        half = font.width(text) * size / 2000
        cos, sin = math.cos(angle), math.sin(angle)
        x = width / 2 - half * cos + size * 0.35 * sin
        y = height / 2 - half * sin - size * 0.35 * cos
        code = font.encode(text, mainland=self._language.startswith("zh-Hans"))
        matrix = f"{cos:.4f} {sin:.4f} {-sin:.4f} {cos:.4f} {x:.2f} {y:.2f}"
        self._operators.append(
            f"/Artifact <</Type/Pagination/Subtype/Watermark>> BDC q {_rgb(FAINT)} rg BT /{font.resource} {size:.2f} Tf"
            f" {matrix} Tm <{code}> Tj ET Q EMC"
        )

    def squares(
        self, rows: Sequence[Sequence[int]], left: float, top: float, side: float, element: int, kind: str
    ) -> None:
        """A matrix of black squares, as content of one element; neighbours in a row are drawn together."""
        number = self._structure.content(element, self.number)
        unit = side / len(rows)
        boxes = []
        for down, row in enumerate(rows):
            for start, length in _stretches(row):
                y = top - (down + 1) * unit
                boxes.append(f"{left + start * unit:.3f} {y:.3f} {length * unit:.3f} {unit:.3f} re")
        self._operators.append(f"/{kind} <</MCID {number}>> BDC q 0 g {' '.join(boxes)} f Q EMC")


def _rgb(colour: Color) -> str:
    return f"{colour.red:.4g} {colour.green:.4g} {colour.blue:.4g}"


def _stretches(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Where the dark stretches of a row begin, and how long each is."""
    start = None
    for position, dark in enumerate([*row, 0]):
        if dark and start is None:
            start = position
        elif not dark and start is not None:
            yield start, position - start
            start = None
