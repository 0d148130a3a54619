"""What a document may be: six kinds of file, told by their content, each with its bounds."""

from __future__ import annotations

from app.web.uploads import HEIC, JPEG, OFD, PDF, PNG, XML

DOCUMENT_TYPES = frozenset({PDF, JPEG, PNG, HEIC, OFD, XML})
"""What a receipt or an invoice may be; give it to `FileField(types=DOCUMENT_TYPES, max_bytes=MAX_BYTES)`."""

MAX_BYTES = 25 * 1024 * 1024
"""The largest document taken."""

PICTURES = frozenset({JPEG, PNG, HEIC})

MAX_SIDE = 20_000
"""Pixels along one side of a picture."""

MAX_PIXELS = {JPEG: 110_000_000, PNG: 40_000_000, HEIC: 26_000_000}
"""Pixels of a whole picture: what can be decoded within the memory that one examination may use."""

SUFFIXES = {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", HEIC: ".heic", OFD: ".ofd", XML: ".xml"}
"""How a file of the type is named when it is given out."""

OTHER_SUFFIXES = {JPEG: (".jpeg",), HEIC: (".heif",)}


def named_for(filename: str, media_type: str) -> str:
    """The file name with the ending of its true type: a picture sent as `receipt.pdf` is given out as `.png`."""
    wanted = SUFFIXES.get(media_type, "")
    if filename.lower().endswith((wanted, *OTHER_SUFFIXES.get(media_type, ()))):
        return filename
    stem, dot, ending = filename.rpartition(".")
    return f"{stem if dot and stem and len(ending) <= 5 else filename}{wanted}"
