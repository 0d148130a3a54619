"""What a person uploads, known by its content and never by its name or the type the browser claims."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

import puremagic

from app.kernel.breaches import Breach

PDF, PNG, JPEG, HEIC = "application/pdf", "image/png", "image/jpeg", "image/heic"
TEXT = "text/plain"
XML = "application/xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFD = "application/ofd"

EVIDENCE_TYPES = frozenset({PDF, PNG, JPEG})
"""What evidence may be where nothing else is said."""

_STARTS = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b":20:", TEXT),
    (b"{1:F01", TEXT),
)
"""The last two begin a bank's MT940, which is text in whatever character set the bank uses."""

_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})


@dataclass(frozen=True, slots=True)
class Upload:
    """One uploaded file: its bytes, a harmless name for display, and the type its content shows."""

    name: str
    content: bytes
    media_type: str

    @property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """One of several files that cannot be taken; the others can."""

    name: str
    breach: Breach


def harmless_name(name: str) -> str:
    """The last part of a file name without path, control or bidi characters, at most 120 characters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp") and c not in '"<>|')
    stem = kept.strip(" .")
    return stem if len(stem) <= 120 else f"{stem[:100]}{stem[-20:]}"


def sniff(content: bytes) -> str:
    """The media type the content shows, or an empty string. A marker counts only at the very first byte.

    Text is whatever decodes as UTF-8 without NUL; an XML declaration or root element makes it XML.
    """
    for start, media_type in _STARTS:
        if content.startswith(start):
            return media_type
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return HEIC
    if content.startswith(b"PK\x03\x04"):
        return XLSX if b"xl/workbook.xml" in content else OFD if b"OFD.xml" in content else ""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _by_library(content)
    if "\x00" in text:
        return _by_library(content)
    return XML if text.lstrip()[:1] == "<" else TEXT


def _by_library(content: bytes) -> str:
    try:
        return str(puremagic.from_string(content, mime=True))
    except (puremagic.PureError, ValueError):
        return ""
