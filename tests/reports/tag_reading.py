"""Reads a PDF blind: by its tags alone, as a screen reader does, without looking at where things stand on the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

Spot = tuple[int, float, float]
"""Page, and how far down and across a piece of text begins."""


@dataclass(slots=True)
class Element:
    """One tag: its kind, its own text, where that text stands, and what is below it."""

    kind: str
    own: str = ""
    spots: list[Spot] = field(default_factory=list)
    below: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What is read aloud for it."""
        return " ".join(part for part in (self.own, *(each.text for each in self.below)) if part)

    def all(self, *kinds: str) -> Iterator[Element]:
        """Every element of these kinds below it, in reading order."""
        for each in self.below:
            if each.kind in kinds:
                yield each
            yield from each.all(*kinds)

    def where(self) -> list[Spot]:
        """Where its text stands, in reading order."""
        return [*self.spots, *(spot for each in self.below for spot in each.where())]


@dataclass(slots=True)
class Blind:
    """What was read, how often each piece was reached, and text that no tag and no artifact holds."""

    document: Element
    pieces: dict[tuple[int, int], list[tuple[Spot, str]]]
    reached: list[tuple[int, int]]
    loose: list[str]


def read(content: bytes) -> Blind:
    """The document as its tags tell it."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        pieces: dict[tuple[int, int], list[tuple[Spot, str]]] = {}
        loose: list[str] = []
        for number, page in enumerate(pdf.pages):
            for mark, spot, text in _shown(page, number):
                if mark is None:
                    loose.append(text)
                elif mark >= 0:
                    pieces.setdefault((number, mark), []).append((spot, text))
        reached: list[tuple[int, int]] = []
        top = pdf.Root.StructTreeRoot.K
        return Blind(_element(top, None, pages, pieces, reached), pieces, reached, loose)


def _element(node: Any, page: Any, pages: dict[Any, int], pieces: Any, reached: list[tuple[int, int]]) -> Element:
    page = node.get("/Pg", page)
    made = Element(str(node.S)[1:])
    if "/Alt" in node:
        made.own = str(node.Alt)
    kids = node.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            made.below.append(_element(kid, page, pages, pieces, reached))
            continue
        if isinstance(kid, pikepdf.Dictionary):
            key = (pages[kid.get("/Pg", page).objgen], int(kid.MCID))
        else:
            key = (pages[page.objgen], int(kid))
        reached.append(key)
        for spot, text in pieces.get(key, ()):
            made.own += (" " if made.own else "") + text
            made.spots.append(spot)
    return made


def _shown(page: Any, number: int) -> Iterator[tuple[int | None, Spot, str]]:
    """Each piece of text with its mark: -1 for artifacts, None where nothing holds it."""
    fonts = {name: _characters(font) for name, font in page.Resources.Font.items()}
    marks: list[int | None] = []
    characters: dict[int, str] = {}
    spot: Spot = (number, 0.0, 0.0)
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "BDC":
                facts = operands[1]
                inherited = marks[-1] if marks else None
                artifact = str(operands[0]) == "/Artifact"
                marks.append(-1 if artifact else int(facts.MCID) if "/MCID" in facts else inherited)
            case "BMC":
                marks.append(marks[-1] if marks else None)
            case "EMC":
                marks.pop()
            case "Tf":
                characters = fonts[str(operands[0])]
            case "Tm":
                spot = (number, -float(operands[5]), float(operands[4]))
            case "Tj":
                code = bytes(operands[0])
                glyphs = [int.from_bytes(code[at : at + 2], "big") for at in range(0, len(code), 2)]
                yield marks[-1] if marks else None, spot, "".join(characters[glyph] for glyph in glyphs)


def _characters(font: Any) -> dict[int, str]:
    """Glyph number to text, as the font's own map says."""
    pairs = re.findall(r"^<([0-9A-F]{4})> <([0-9A-F]+)>$", font.ToUnicode.read_bytes().decode(), re.MULTILINE)
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}
