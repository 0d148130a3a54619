"""Files that are two things at once: a picture that is also an archive, a PDF that is also a web page."""

from __future__ import annotations

import io
import re
import zipfile

from app.evidence.examination.refused import Refused

HEAD = 1024
"""Within so many bytes of the start programs still look for the mark of another type."""

_MARKS = re.compile(rb"%PDF-|<html|<!doctype|<script|<svg|<\?php|<body|<iframe", re.IGNORECASE)
_ARCHIVE = re.compile(rb"PK\x03\x04|PK\x05\x06|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")


def refuse_foreign(content: bytes, end: int, own_mark: bytes = b"") -> None:
    """Refuse content that another program would take for another type.

    `end` is where the file's own format says it is over; `own_mark` is what it rightly begins with. An archive is
    found from its end by most programs, so the whole file is asked too.
    """
    head, tail = content[len(own_mark) : HEAD], content[end:]
    if _MARKS.search(head) or _MARKS.search(tail) or _ARCHIVE.search(tail):
        raise Refused("two-types")
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused("two-types")
