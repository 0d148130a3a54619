"""A PDF file as numbered objects, packed into object streams with a cross-reference stream.

ReportLab's object model does the spelling (names, strings, numbers, dictionaries). Its own file writer is not used:
it keeps one Python object per PDF object and a classical cross-reference table, which makes a tagged document of
thousands of rows five times larger, and it shares fonts between threads through a global registry.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterable, Mapping

from reportlab.pdfbase import pdfdoc

_PER_STREAM = 400
_ENTRY = struct.Struct(">BIH")
_FREE = _ENTRY.pack(0, 0, 65535)
_COMPRESSION = 4
"""Level 6 takes twice the time and saves one byte in twenty."""


def name(text: str) -> str:
    """A PDF name: `/Text`, with anything unusual escaped."""
    escaped = str(pdfdoc.PDFName(text))[1:].replace("/", "#2F")
    return f"/{escaped}"


def string(text: str) -> str:
    """A PDF text string, in UTF-16 where Latin letters are not enough."""
    return spell(pdfdoc.PDFString(text)).decode("latin-1")


def spell(value: object) -> bytes:
    """Any value of ReportLab's object model as it stands in the file."""
    return bytes(pdfdoc.format(value, pdfdoc.DummyDoc(), toplevel=1))


def dictionary(entries: Mapping[str, object]) -> bytes:
    """A PDF dictionary; its values are already spelt or plain numbers."""
    body = " ".join(f"{name(key)} {value}" for key, value in entries.items())
    return f"<< {body} >>".encode("latin-1")


class PdfFile:
    """Collects objects, each under a number given out before or as it is added."""

    def __init__(self) -> None:
        """An empty file of version 1.7."""
        self._chunks: list[bytes] = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        self._length = len(self._chunks[0])
        self._places = bytearray(_FREE)
        self._waiting: list[tuple[int, bytes]] = []
        self._last = 0

    def reserve(self, count: int = 1) -> int:
        """The first of `count` fresh object numbers."""
        first = self._last + 1
        self._last += count
        self._places += _FREE * count
        return first

    def put(self, number: int, body: bytes) -> None:
        """Give a reserved number its object; it waits for an object stream to be full."""
        self._waiting.append((number, body))
        if len(self._waiting) >= _PER_STREAM:
            self._pack()

    def put_all(self, objects: Iterable[tuple[int, bytes]]) -> None:
        """Give several reserved numbers their objects."""
        for numbered in objects:
            self._waiting.append(numbered)
            if len(self._waiting) >= _PER_STREAM:
                self._pack()

    def add(self, entries: Mapping[str, object]) -> str:
        """A new dictionary object; returns the reference to it."""
        number = self.reserve()
        self.put(number, dictionary(entries))
        return f"{number} 0 R"

    def add_stream(self, data: bytes, entries: Mapping[str, object] | None = None, *, compressed: bool = True) -> str:
        """A new stream object; returns the reference to it. Metadata must stay uncompressed in PDF/A."""
        number = self.reserve()
        head = dict(entries or {})
        if compressed:
            data = zlib.compress(data, _COMPRESSION)
            head["Filter"] = "/FlateDecode"
        head["Length"] = len(data)
        self._write(number, dictionary(head) + b"\nstream\n" + data + b"\nendstream")
        return f"{number} 0 R"

    def finish(self, catalogue: str, information: str) -> bytes:
        """The whole file. Its identifier is made of its content, so equal content gives equal bytes."""
        self._pack()
        number = self.reserve()
        self._place(number, 1, self._length, 0)
        identifier = hashlib.sha256(b"".join(self._chunks)).hexdigest()[:32]
        data = zlib.compress(self._places, _COMPRESSION)
        head = {
            "Type": "/XRef",
            "Size": number + 1,
            "W": "[1 4 2]",
            "Root": catalogue,
            "Info": information,
            "ID": f"[<{identifier}> <{identifier}>]",
            "Filter": "/FlateDecode",
            "Length": len(data),
        }
        start = self._length
        self._write(number, dictionary(head) + b"\nstream\n" + data + b"\nendstream")
        self._chunks.append(b"startxref\n%d\n%%%%EOF\n" % start)
        return b"".join(self._chunks)

    def _write(self, number: int, body: bytes) -> None:
        chunk = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self._place(number, 1, self._length, 0)
        self._chunks.append(chunk)
        self._length += len(chunk)

    def _place(self, number: int, kind: int, where: int, position: int) -> None:
        """Note where an object is: at an offset of the file (kind 1), or at a position in a stream (kind 2)."""
        _ENTRY.pack_into(self._places, number * _ENTRY.size, kind, where, position)

    def _pack(self) -> None:
        if not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        stream = self.reserve()
        index, offset = [], 0
        for position, (number, body) in enumerate(waiting):
            index.append(f"{number} {offset}")
            offset += len(body) + 1
            self._place(number, 2, stream, position)
        first = " ".join(index).encode() + b"\n"
        data = zlib.compress(first + b"\n".join(body for _number, body in waiting), _COMPRESSION)
        head = {
            "Type": "/ObjStm",
            "N": len(waiting),
            "First": len(first),
            "Filter": "/FlateDecode",
            "Length": len(data),
        }
        self._write(stream, dictionary(head) + b"\nstream\n" + data + b"\nendstream")
