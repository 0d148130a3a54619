"""Refuses text that is no text: bytes that are not UTF-8, and NUL, in paths, queries and forms."""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from flask import Flask, request
from werkzeug.exceptions import RequestEntityTooLarge

from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _

MAX_FORM_BYTES = 2 * 1024 * 1024
"""Text of one form: generous, so that an over-long name gets its own refusal rather than a bare 413."""
MAX_FORM_PARTS = 4000


def register(app: Flask) -> None:
    """Check each request before anything reads it, and bound the size of forms."""
    app.config.setdefault("MAX_CONTENT_LENGTH", 20 * 1024 * 1024)
    app.config["MAX_FORM_MEMORY_SIZE"] = MAX_FORM_BYTES
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.before_request(check)


def check() -> None:
    """Raise InputRefused for a path, query or form that is not clean UTF-8."""
    if "\x00" in request.path or not _clean(request.query_string):
        raise _refused()
    if request.mimetype == "application/x-www-form-urlencoded":
        if (request.content_length or 0) > MAX_FORM_BYTES or len(request.get_data(cache=True)) > MAX_FORM_BYTES:
            raise RequestEntityTooLarge
        if not _clean(request.get_data(cache=True)):
            raise _refused()
    elif request.mimetype == "multipart/form-data":
        texts = [name + value for name, values in request.form.lists() for value in values]
        if any("\x00" in text or "\ufffd" in text for text in texts):
            raise _refused()


def _clean(encoded: bytes) -> bool:
    raw = unquote_to_bytes(encoded.replace(b"+", b" "))
    try:
        return b"\x00" not in raw and bool(raw.decode("utf-8") or True)
    except UnicodeDecodeError:
        return False


def _refused() -> InputRefused:
    return InputRefused(
        Breach(
            "input.not-text",
            _("What was sent contains characters that are not text."),
            _("Go back, type it again instead of pasting it, and send it once more."),
        )
    )
