"""Breaks text into lines: Latin at spaces, Chinese between characters but never before closing punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from reports.model import Literal
from reports.output.pdf.fonts import DocumentFont

_HAN = (
    r"\u2e80-\u2fdf\u3005-\u3007\u3040-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\U00020000-\U0003ffff"
)
_OPENING = r"（「『【《〈〔［｛“‘(\["
_CLOSING = r"。，、；：！？）」』】》〉〕］｝”’…—·％)\],.;:!?%"
_LATIN = rf"[^\s{_HAN}{_OPENING}]"
_TOKEN = re.compile(
    rf"\s+|[{_OPENING}]*[{_HAN}][{_CLOSING}]*"
    rf"|[{_OPENING}]*{_LATIN}*?[/\-–](?={_LATIN})|[{_OPENING}]*{_LATIN}+|[{_OPENING}]+"
)
_TWO_HAN = re.compile(rf"[{_HAN}]{{2}}$")
_LINE_BREAKS = re.compile(r"\r\n|[\r\n\u2028\u2029\x0b\x0c\x85]")

BESIDE_GAP = 550.0
"""Between a text and its translation on the same line, in thousandths of the size."""


class Run(NamedTuple):
    """A piece of text on a line: its distance from the line's left edge in points, its language, its weight's font."""

    offset: float
    text: str
    language: str | None
    font: DocumentFont


class Line(NamedTuple):
    """Runs side by side, and how wide they are together in points."""

    runs: tuple[Run, ...]
    width: float


def clean(text: str) -> str:
    """Text fit for setting: tabs and other control characters as spaces, decomposed accents composed."""
    if text.isprintable() and (text.isascii() or unicodedata.is_normalized("NFC", text)):
        return text
    composed = unicodedata.normalize("NFC", text) if any(unicodedata.combining(c) for c in text) else text
    return "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in _LINE_BREAKS.sub("\n", composed))


def break_text(text: str, font: DocumentFont, units: float) -> list[str]:
    """The text as lines no wider than `units` thousandths of the size; at least one line, never an endless one."""
    lines: list[str] = []
    for paragraph in clean(text).split("\n"):
        if font.width(paragraph) <= units:
            lines.append(paragraph.strip())
        else:
            lines.extend(_fill(paragraph, font, units))
    return lines


def _fill(paragraph: str, font: DocumentFont, units: float) -> list[str]:
    lines, current, used = [], "", 0.0
    for token in _TOKEN.findall(paragraph):
        width = font.width(token)
        if used + width > units and current.strip() and not token.isspace():
            lines.append(current.strip())
            current, used = "", 0.0
        if token.isspace() and not current:
            continue
        if width > units:
            *whole, token = _chop(token, font, units)
            lines.extend(whole)
            width = font.width(token)
        current += token
        used += width
    if current.strip() or not lines:
        lines.append(current.strip())
    return _without_widow(lines)


def _without_widow(lines: list[str]) -> list[str]:
    """A last line of one Chinese character gets the one before it for company."""
    if len(lines) > 1 and len(lines[-1]) == 1 and _TWO_HAN.search(lines[-2]):
        lines[-2:] = [lines[-2][:-1], lines[-2][-1] + lines[-1]]
    return lines


def _chop(token: str, font: DocumentFont, units: float) -> list[str]:
    """A token too wide for any line, cut between characters."""
    pieces, current, used = [], "", 0.0
    for character in token:
        width = font.width(character)
        if current and used + width > units:
            pieces.append(current)
            current, used = "", 0.0
        current += character
        used += width
    return [*pieces, current]


def longest_word(text: str, font: DocumentFont) -> float:
    """The width of the widest unbreakable piece, in thousandths of the size."""
    return max((font.width(token) for token in _TOKEN.findall(clean(text))), default=0.0)


def one_line(said: Literal, font: DocumentFont, size: float) -> Line:
    """A text that stays on one line however wide it is, such as a figure."""
    return Line((Run(0, said.text, said.language, font),), font.width(said.text) * size / 1000)


def set_lines(
    texts: tuple[Literal, ...], fonts: tuple[DocumentFont, ...], size: float, width: float, *, beside: bool = False
) -> list[Line]:
    """The texts under each other as lines of at most `width` points; each text with the font of its place.

    With `beside` they share one line, a little apart, where both fit on it.
    """
    units = width * 1000 / size
    if len(texts) == 1 and texts[0].text.isascii() and texts[0].text.isprintable():
        whole = fonts[0].width(texts[0].text)
        if whole <= units:
            return [one_line(texts[0], fonts[0], size)]
    if beside and len(texts) == 2 and "\n" not in texts[0].text + texts[1].text:
        first, second = clean(texts[0].text), clean(texts[1].text)
        start = fonts[0].width(first) + BESIDE_GAP
        if start + fonts[-1].width(second) <= units:
            runs = (
                Run(0, first, texts[0].language, fonts[0]),
                Run(start * size / 1000, second, texts[1].language, fonts[-1]),
            )
            return [Line(runs, (start + fonts[-1].width(second)) * size / 1000)]
    lines = []
    for place, each in enumerate(texts):
        font = fonts[min(place, len(fonts) - 1)]
        for piece in break_text(each.text, font, units):
            lines.append(Line((Run(0, piece, each.language, font),), font.width(piece) * size / 1000))
    return lines
