"""Writes a pack as a ZIP: each file streamed in turn with its SHA-256, then an index to read and a manifest to check.

The same facts give the same files: names in one order, no times of writing. Texts are packed, what is packed already
(PDF, XLSX, pictures) is stored.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Sequence
from typing import BinaryIO

from sqlalchemy.orm import Session

from app.engagements import pack, pack_index
from app.engagements.pack import Survey, Written
from app.engagements.sample_seals import SamplePlace
from reports.model import Language

FORMAT = "hetao-evidence-pack/1"
MANIFEST = "manifest.json"
INDEX = "index.html"

Told = Callable[[str, int, int], None]
"""Told what is being written, how many files are done and how many there are."""

_STAMP = (1980, 1, 1, 0, 0, 0)
_PACKED_ALREADY = (".pdf", ".xlsx", ".jpg", ".jpeg", ".png", ".heic", ".zip", ".ofd", ".docx", ".webp", ".tif", ".tiff")
_PIECE = 1024 * 1024


class PackFileFailed(Exception):
    """A file of the pack could not be made; the message names it."""


def write(session: Session, found: Survey, language: Language, file: BinaryIO, told: Told) -> bytes:
    """Write the whole pack; the SHA-256 of its bytes. Raises PackFileFailed, and the pack is then worth nothing."""
    wanted = pack.files(session, found, language)
    total = len(wanted) + 2
    written: list[Written] = []
    with zipfile.ZipFile(file, "w") as archive:
        for number, each in enumerate(wanted):
            told(each.path, number, total)
            try:
                content = each.make()
            except Exception as failure:
                raise PackFileFailed(each.path) from failure
            if content is not None:
                written.append(_put(archive, each.path, content))
        told(INDEX, total - 2, total)
        written.append(_put(archive, INDEX, pack_index.page(session, found, written, language)))
        told(MANIFEST, total - 1, total)
        _put(archive, MANIFEST, manifest(found, written))
    told(MANIFEST, total, total)
    return _digest(file)


def manifest(found: Survey, written: Sequence[Written]) -> bytes:
    """The scope, the samples and every other file with its size and SHA-256, as JSON."""
    engagement = found.engagement
    facts = {
        "format": FORMAT,
        "engagement": engagement.reference,
        "kind": engagement.kind,
        "first_day": engagement.first_day.isoformat(),
        "last_day": engagement.last_day.isoformat(),
        "contracts": [each.reference for each in found.contracts],
        "samples": [
            {
                "number": each.number,
                "seed": each.seed,
                "sha256": each.digest.hex(),
                "population_sha256": each.population_digest.hex(),
                "drawings": each.draws,
                "sealed": each.seals,
                "place": _place(found.places[each.number]),
            }
            for each in found.samples
        ],
        "files": [{"path": each.path, "bytes": each.size, "sha256": each.sha256} for each in written],
    }
    return (json.dumps(facts, ensure_ascii=False, indent=1) + "\n").encode()


def _place(place: SamplePlace | None) -> dict[str, str | int | None] | None:
    return {"book": place.book, "block": place.block} if place else None


def _put(archive: zipfile.ZipFile, path: str, content: bytes) -> Written:
    entry = zipfile.ZipInfo(path, _STAMP)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    entry.compress_type = zipfile.ZIP_STORED if path.lower().endswith(_PACKED_ALREADY) else zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
    return Written(path, len(content), hashlib.sha256(content).hexdigest())


def _digest(file: BinaryIO) -> bytes:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.digest()
