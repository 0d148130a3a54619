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

AT_ONCE = 2
_ENVIRONMENT = {"PYTHONDONTWRITEBYTECODE": "1", "MALLOC_ARENA_MAX": "1"}
_turn = threading.BoundedSemaphore(AT_ONCE)


def signatures_of(content: bytes, settings: Settings) -> list[Signature]:
    """What stands of each signature of a PDF; of other files nothing."""
    if not content.startswith(b"%PDF-") and b"/ByteRange" not in content:
        return []
    roots, test_roots = trusted(settings)
    told = {"roots": [each.hex() for each in roots], "test_roots": [each.hex() for each in test_roots]}
    with _turn:
        return _run(json.dumps(told).encode() + b"\n" + content)


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
