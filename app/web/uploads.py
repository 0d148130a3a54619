"""What a person uploads, known by its content and never by its name or the type the browser claims."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass

import puremagic

PDF, PNG, JPEG = "application/pdf", "image/png", "image/jpeg"
TEXT = "text/plain"
XML = "application/xml"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

EVIDENCE_TYPES = frozenset({PDF, PNG, JPEG})
"""What evidence may be."""

_STARTS = ((b"%PDF-", PDF), (b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG))


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
    if content.startswith(b"PK\x03\x04"):
        return XLSX if b"xl/workbook.xml" in content else ""
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
