"""Asks a process of its own what stands of the signatures in a file; nothing in the file can hurt the server."""

from __future__ import annotations

import json
import subprocess
import sys
import threading

from app.settings import PROJECT, Settings
from app.signing.keys import trusted
from app.signing.states import Signature, SignatureState

LONGEST_SECONDS = 25
"""Wall time after which the file is given up, on a busy machine; processor time ends far earlier."""

AT_ONCE, WAITING_SECONDS = 2, 20
"""Files looked at at the same time by one server process; another waits so long, and is then told that it could not."""

_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
_turn = threading.BoundedSemaphore(AT_ONCE)


def signatures_of(content: bytes, settings: Settings) -> list[Signature]:
    """What stands of each signature of a PDF; of other files nothing."""
    if not content.startswith(b"%PDF-") and b"/ByteRange" not in content:
        return []
    roots, test_roots = trusted(settings)
    told = {"roots": [each.hex() for each in roots], "test_roots": [each.hex() for each in test_roots]}
    if not _turn.acquire(timeout=WAITING_SECONDS):
        return [Signature(SignatureState.UNREADABLE)]
    try:
        return _run(json.dumps(told).encode() + b"\n" + content)
    finally:
        _turn.release()


def _run(given: bytes) -> list[Signature]:
    command = [sys.executable, "-m", "app.signing.process"]
    try:
        done = subprocess.run(
            command, input=given, capture_output=True, timeout=LONGEST_SECONDS, cwd=PROJECT, env=_ENVIRONMENT
        )
    except subprocess.TimeoutExpired:
        return [Signature(SignatureState.UNREADABLE)]
    if done.returncode != 0:
        return [Signature(SignatureState.UNREADABLE)]
    return [Signature.from_json(each) for each in json.loads(done.stdout)]
