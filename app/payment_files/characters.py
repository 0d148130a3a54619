"""What a bank sees of a text: the characters its profile takes, cut to its length, with every change marked. Pure.

The Latin set is that of SWIFT messages (character set x). Chinese sets add what GB 18030 writes in two bytes (the
characters of GBK), or Big5 with the Hong Kong supplementary set, and the printable ASCII characters.
"""

from __future__ import annotations

import string
import textwrap
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from app.payment_files.states import Repertoire

LATIN = frozenset(string.ascii_letters + string.digits + "/-?:().,'+ ")
ASCII = frozenset(chr(code) for code in range(32, 127))
_CODECS = {Repertoire.GB18030: "gb18030", Repertoire.HKSCS: "big5hkscs"}

_REPLACED = {
    "&": "+", ";": ",", "_": "-", "@": "(at)", "\"": "'", "`": "'", "‘": "'", "’": "'", "“": "'", "”": "'",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "…": "...", "*": ".", "#": "No.", "%": "pct", "=": "-",
    "[": "(", "]": ")", "{": "(", "}": ")", "<": "(", ">": ")", "|": "/", "\\": "/", "~": "-", "^": "'", "!": ".",
    "$": "USD", "€": "EUR", "£": "GBP", "·": ".", "•": ".", "、": ",", "。": ".", "⁄": "/", "ß": "ss", "ø": "o",
    "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ı": "i",
    "「": "'", "」": "'", "《": "'", "》": "'", "【": "(", "】": ")", "〔": "(", "〕": ")",
}  # fmt: skip
"""What stands for a character outside the set: by our choice, no bank's rule; read in the preview."""


class Change(StrEnum):
    """What became of a piece of the text."""

    KEPT = "KEPT"
    REPLACED = "REPLACED"
    CUT = "CUT"
    UNSENDABLE = "UNSENDABLE"


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring characters of one fate: what is on file, and what the bank sees of it."""

    on_file: str
    sent: str
    change: Change


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text as the bank sees it."""

    text: str
    pieces: tuple[Piece, ...]

    @property
    def changed(self) -> bool:
        """Whether the bank sees anything else than what is on file."""
        return any(piece.change is not Change.KEPT for piece in self.pieces)

    @property
    def unsendable(self) -> str:
        """The characters that cannot be sent and have no stand-in, each once."""
        lost = "".join(piece.on_file for piece in self.pieces if piece.change is Change.UNSENDABLE)
        return "".join(dict.fromkeys(lost))


def unchanged(text: str) -> Fitted:
    """A text that is sent as it is: a code or a figure of our own."""
    return Fitted(text, (Piece(text, text, Change.KEPT),))


def fit(text: str, repertoire: Repertoire, longest: int) -> Fitted:
    """The text within the repertoire and at most `longest` characters, without space at its ends or twice in a row.

    Fitting what was fitted changes nothing more.
    """
    pieces: list[Piece] = []
    sent = ""
    for character in unicodedata.normalize("NFC", text):
        found = _stand_in(character, repertoire)
        if found is None:
            pieces.append(Piece(character, "", Change.UNSENDABLE))
            continue
        if found == " " and (not sent or sent.endswith(" ")):
            pieces.append(Piece(character, "", Change.REPLACED))
            continue
        if len(sent) + len(found) > longest:
            pieces.append(Piece(character, "", Change.CUT))
            longest = len(sent)
            continue
        sent += found
        pieces.append(Piece(character, found, Change.KEPT if found == character else Change.REPLACED))
    return Fitted(sent.rstrip(), _joined(_without_end(pieces)))


def in_lines(text: str, repertoire: Repertoire, width: int, lines: int) -> tuple[Fitted, tuple[str, ...]]:
    """The text fitted into so many lines of that width, and the lines that are not empty.

    It is broken between words where the lines suffice for that, else anywhere, so that no more is lost than must be.
    """
    whole = fit(text, repertoire, width * lines)
    between = textwrap.wrap(whole.text, width, break_on_hyphens=False)
    if len(between) <= lines:
        return whole, tuple(between)
    parts = (whole.text[start : start + width].strip() for start in range(0, len(whole.text), width))
    return whole, tuple(part for part in parts if part)


def takes(character: str, repertoire: Repertoire) -> bool:
    """Whether the character itself lies in the repertoire."""
    if repertoire is Repertoire.LATIN:
        return character in LATIN
    if character.isascii():
        return character in ASCII
    if unicodedata.category(character)[0] in "CZM":
        return False
    try:
        return len(character.encode(_CODECS[repertoire])) == 2
    except UnicodeEncodeError:
        return False


def _stand_in(character: str, repertoire: Repertoire) -> str | None:
    if character.isspace():
        return " "
    if takes(character, repertoire):
        return character
    if character in _REPLACED:
        return _REPLACED[character]
    plain = [each for each in unicodedata.normalize("NFKD", character) if not unicodedata.combining(each)]
    known = [each if takes(each, repertoire) else _REPLACED.get(each) for each in plain]
    if not known or any(each is None or each == " " for each in known):
        return None
    return "".join(each for each in known if each)


def _without_end(pieces: list[Piece]) -> list[Piece]:
    """The pieces with a space at the very end of what is sent taken out."""
    last = next((place for place in range(len(pieces) - 1, -1, -1) if pieces[place].sent), None)
    if last is not None and pieces[last].sent == " ":
        pieces[last] = Piece(pieces[last].on_file, "", Change.REPLACED)
    return pieces


def _joined(pieces: list[Piece]) -> tuple[Piece, ...]:
    whole: list[Piece] = []
    for piece in pieces:
        if whole and whole[-1].change is piece.change and (piece.change is not Change.REPLACED):
            before = whole.pop()
            piece = Piece(before.on_file + piece.on_file, before.sent + piece.sent, piece.change)
        whole.append(piece)
    return tuple(whole)
