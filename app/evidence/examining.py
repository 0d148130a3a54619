"""Asks a process of its own to open a file, so that nothing in the file can hurt the server."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from app.evidence.content_types import MAX_BYTES
from app.evidence.examination import process
from app.evidence.examination.process import Copies
from app.evidence.examination.refused import Refused
from app.evidence.fields import DocumentFields, from_json
from app.evidence.refusals import breach_of
from app.kernel.errors import InputRefused
from app.settings import PROJECT

LONGEST_SECONDS = 20
"""Wall time after which a file is given up, on a machine that is busy with others; processor time ends far earlier."""

AT_ONCE = 2
"""Files that one server process lets be opened at the same time; the others wait their turn."""

_ours: ContextVar[bool] = ContextVar("files of our own making", default=False)
_turn = threading.BoundedSemaphore(AT_ONCE)
_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a file that is taken.

    `shared` is the copy that others see where it differs from the original: without position, device and remarks;
    `shared_type` is its media type. `picture` is a small JPEG of a photograph or of a PDF's first page. `fingerprints`
    of a picture (upright, then turned) are hints, never proof.
    """

    media_type: str
    sha256: bytes
    fields: DocumentFields
    fingerprints: tuple[bytes, ...]
    shared: bytes | None
    shared_type: str
    picture: bytes | None = None


@dataclass(frozen=True, slots=True)
class Unsafe:
    """A file that is not taken, and why (a key of `app.evidence.refusals.REFUSALS`)."""

    code: str


def examine(content: bytes, *, signed_report: bool = False) -> Examined | Unsafe:
    """Open the file in a process bounded in memory and time, and say what it is or why it is not taken.

    `signed_report`: an auditor's own report, which may hold files if it is a signed PDF/A-3.
    """
    if not content:
        return Unsafe("empty")
    if len(content) > MAX_BYTES:
        return Unsafe("too-large")
    if _ours.get():
        return _examined_here(content, signed_report)
    with _turn:
        return _run(content, signed_report)


@contextmanager
def of_our_own_making() -> Iterator[None]:
    """Within this block files are examined in this very process, which is quicker and bounded by nothing.

    Only for papers that this program draws itself, as the demonstration story does; never for a file that was sent.
    """
    token = _ours.set(True)
    try:
        yield
    finally:
        _ours.reset(token)


def accept(content: bytes, *, field: str | None = "file", signed_report: bool = False) -> Examined:
    """What was found in the file. Raises InputRefused, in words, for files that are not taken."""
    found = examine(content, signed_report=signed_report)
    if isinstance(found, Unsafe):
        raise InputRefused(breach_of(found.code, field))
    return found


def _examined_here(content: bytes, signed_report: bool) -> Examined | Unsafe:
    try:
        answer, copies = process.examine(content, signed_report=signed_report)
    except Refused as refusal:
        return Unsafe(refusal.code)
    return _found(content, answer, copies)


def _run(content: bytes, signed_report: bool) -> Examined | Unsafe:
    command = [sys.executable, "-m", "app.evidence.examination.process"]
    command += [process.SIGNED_REPORT] if signed_report else []
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=LONGEST_SECONDS, cwd=PROJECT, env=_ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        return Unsafe("too-heavy")
    line, found, kept = done.stdout.partition(b"\n")
    if done.returncode != 0 or not found:
        return Unsafe("too-heavy" if done.returncode < 0 else "damaged")
    answer = json.loads(line)
    if "refused" in answer:
        return Unsafe(answer["refused"])
    ends = int(answer["shared_bytes"])
    return _found(content, answer, Copies(kept[:ends], kept[ends:]))


def _found(content: bytes, answer: Mapping[str, Any], copies: Copies) -> Examined:
    return Examined(
        media_type=answer["media_type"],
        sha256=hashlib.sha256(content).digest(),
        fields=from_json(answer["fields"]),
        fingerprints=tuple(bytes.fromhex(each) for each in answer["fingerprints"]),
        shared=copies.shared or None,
        shared_type=answer["shared_type"],
        picture=copies.picture or None,
    )
