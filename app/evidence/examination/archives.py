"""OFD packages: a ZIP archive whose names stay inside it and whose contents stay small."""

from __future__ import annotations

import io
import itertools
import stat
import zipfile
import zlib

from app.evidence.examination import markup
from app.evidence.examination.refused import Refused

MAX_ENTRIES = 500
MAX_ENTRY_BYTES = 20 * 1024 * 1024
MAX_TOTAL_BYTES = 50 * 1024 * 1024
MAX_RATIO = 100
"""Unpacked bytes per packed byte; XML of a real package stays below thirty."""

_KNOWN_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_ENCRYPTED = 0x1


def check(content: bytes) -> dict[str, bytes]:
    """The XML parts of the package by name. Raises Refused for bombs, path tricks, damage and anything not OFD."""
    if content.count(b"PK\x01\x02") > MAX_ENTRIES:
        raise Refused("archive-bomb")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_shape(content, archive, entries)
            for entry in entries:
                _check_name(entry)
            _check_sizes(content, entries)
            parts = {each.filename: _unpacked(archive, each) for each in entries if not each.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise Refused("damaged") from None
    if "OFD.xml" not in parts:
        raise Refused("archive-other")
    xml = {name: part for name, part in parts.items() if name.lower().endswith(".xml")}
    for part in xml.values():
        markup.root_of(part)
    return xml


def _check_shape(content: bytes, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refused("archive-bomb")
    if archive.comment or not content.startswith(b"PK\x03\x04") or not entries or entries[0].header_offset != 0:
        raise Refused("two-types")
    if len({each.filename.casefold() for each in entries}) != len(entries):
        raise Refused("archive-paths")


def _check_name(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    parts = name.replace("\\", "/").split("/")
    outside = name.startswith(("/", "\\")) or ".." in parts or ":" in name or "\x00" in name
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        raise Refused("archive-paths")
    if entry.flag_bits & _ENCRYPTED:
        raise Refused("encrypted")
    if entry.compress_type not in _KNOWN_METHODS:
        raise Refused("damaged")


def _check_sizes(content: bytes, entries: list[zipfile.ZipInfo]) -> None:
    packed, unpacked = sum(e.compress_size for e in entries), sum(e.file_size for e in entries)
    heavy = any(e.file_size > MAX_ENTRY_BYTES for e in entries) or unpacked > MAX_TOTAL_BYTES
    if heavy or packed > len(content) or unpacked > MAX_RATIO * max(packed, 10_000):
        raise Refused("archive-bomb")
    places = sorted((e.header_offset, e.compress_size) for e in entries)
    for (start, size), (following, _size) in itertools.pairwise(places):
        if start + size > following:
            raise Refused("archive-bomb")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as stream:
        data = stream.read(entry.file_size + 1)
    if len(data) != entry.file_size:
        raise Refused("archive-bomb")
    if data.startswith(b"PK\x03\x04"):
        raise Refused("archive-bomb")
    return data
