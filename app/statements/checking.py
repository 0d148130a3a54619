"""The check that anyone may make: is this number, or are these bytes, what was issued? Nothing is kept.

A file is known by its SHA-256. A file that is not, but bears the number and check code of an issued statement in its
own metadata, has been altered; whoever does not hold the code learns nothing.
"""

from __future__ import annotations

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

from app.institutions.models import Institution
from app.settings import Settings
from app.signing import verifying
from app.signing.states import Signature
from app.statements import building, queries
from app.statements.models import Statement, StatementFile
from app.statements.states import FileKind, Verdict

CODE = re.compile(
    rf"STM-[0-9]{{4}}-[0-9]{{4,9}}-[{building.ALPHABET}]{{{building.CODE_LENGTH}}}(?![0-9A-Za-z])", re.ASCII
)
_CODE_IN_BYTES = re.compile(CODE.pattern.encode())
_PART, _HEAD_LENGTH = b"PK\x03\x04", 30
_MOST_PARTS, _MOST_OF_A_PART = 40, 512 * 1024


@dataclass(frozen=True, slots=True)
class Checked:
    """What is answered: the verdict and, unless unknown, the statement, what supersedes it, and which file it was.

    `signatures` are those in the file itself, where one was given; `test` tells that the statement was issued with a
    test certificate.
    """

    verdict: Verdict
    statement: Statement | None = None
    institution: Institution | None = None
    newer: Statement | None = None
    file: StatementFile | None = None
    sha256: str = ""
    signatures: tuple[Signature, ...] = ()
    test: bool = False

    @property
    def title(self) -> str:
        """The statement's title as a message id."""
        return building.kind_of(self.statement.report).title if self.statement else ""


def by_code(session: Session, typed: str) -> Checked:
    """What the number with its check code says: it tells that the statement was issued, not that a paper is true."""
    code = re.sub(r"\s+", "", typed).upper().replace("–", "-").replace("—", "-")
    found = queries.by_code(session, code) if CODE.fullmatch(code) else None
    return _of(session, found) if found else Checked(Verdict.UNKNOWN)


def by_file(session: Session, content: bytes) -> Checked:
    """What the bytes say: exactly those kept, altered, superseded, or unknown."""
    digest = hashlib.sha256(content)
    found = queries.file_by_digest(session, digest.digest())
    if found is not None:
        row, statement = found
        return _of(session, statement, row, digest.hexdigest())
    for code in _codes(content):
        statement_named = queries.by_code(session, code)
        if statement_named is not None:
            place = session.get_one(Institution, statement_named.institution_id)
            newer = queries.newest(session, statement_named)
            later = newer if newer is not statement_named else None
            test = queries.issued_in_test(session, statement_named)
            return Checked(Verdict.ALTERED, statement_named, place, later, None, digest.hexdigest(), test=test)
    return Checked(Verdict.UNKNOWN, sha256=digest.hexdigest())


def _of(session: Session, statement: Statement, file: StatementFile | None = None, sha256: str = "") -> Checked:
    newer = queries.newest(session, statement)
    superseded = newer is not statement
    place = session.get_one(Institution, statement.institution_id)
    verdict = Verdict.SUPERSEDED if superseded else Verdict.VALID
    test = queries.issued_in_test(session, statement)
    return Checked(verdict, statement, place, newer if superseded else None, file, sha256, test=test)


def with_signatures(checked: Checked, content: bytes, settings: Settings) -> Checked:
    """The same with what stands of the signatures in the file, whatever the verdict on its bytes."""
    return replace(checked, signatures=tuple(verifying.signatures_of(content, settings)))


def _codes(content: bytes) -> list[str]:
    """The codes that a file bears where it can be read without trusting it: in the clear, or in a workbook's parts."""
    found: dict[str, None] = {}
    for part in (content, *_parts(content)):
        for match in _CODE_IN_BYTES.finditer(part):
            found.setdefault(match[0].decode("ascii"))
            if len(found) >= 10:
                return list(found)
    return list(found)


def _parts(content: bytes) -> Iterator[bytes]:
    """The beginnings of a workbook's parts, read one after the other without its directory: damage ends one only."""
    at, count = content.find(_PART), 0
    while at >= 0 and count < _MOST_PARTS:
        head = content[at : at + _HEAD_LENGTH]
        if len(head) == _HEAD_LENGTH:
            name_length, extra_length = struct.unpack("<HH", head[-4:])
            yield _unpacked(content[at + _HEAD_LENGTH + name_length + extra_length :][:_MOST_OF_A_PART])
        at, count = content.find(_PART, at + 1), count + 1


def _unpacked(data: bytes) -> bytes:
    """As much of a deflated part as can be read."""
    reader, found = zlib.decompressobj(-zlib.MAX_WBITS), b""
    try:
        for start in range(0, len(data), 1024):
            found += reader.decompress(data[start : start + 1024], _MOST_OF_A_PART - len(found) or 1)
            if reader.eof or len(found) >= _MOST_OF_A_PART:
                break
    except zlib.error:
        return found
    return found


def facts(checked: Checked) -> dict[str, Any]:
    """The answer for machines: nothing of the statement's content."""
    statement, place, newer = checked.statement, checked.institution, checked.newer
    told: dict[str, Any] = {
        "verdict": checked.verdict.value,
        "sha256": checked.sha256 or None,
        "signatures": [each.as_json() for each in checked.signatures],
    }
    if statement is None or place is None:
        return told
    told |= {
        "number": statement.reference,
        "edition": statement.edition,
        "report": statement.report,
        "title": checked.title,
        "institution": building.institution_names(place),
        "first_day": statement.first_day.isoformat(),
        "last_day": statement.last_day.isoformat(),
        "issued_at": statement.issued_at.isoformat() if statement.issued_at else None,
        "data_digest": statement.data_digest,
        "blocks": statement.seals,
        "is_auditors_report": checked.file is not None and checked.file.kind == FileKind.AUDITORS_REPORT,
        "issued_in_test": checked.test,
        "superseded_by": None,
    }
    if newer is not None and newer.issued_at is not None:
        told["superseded_by"] = {
            "number": newer.reference,
            "edition": newer.edition,
            "issued_at": newer.issued_at.isoformat(),
        }
    return told
