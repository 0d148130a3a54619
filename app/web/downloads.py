"""A file sent to be saved: never shown inline, never executed, under its own name in any script."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from flask import Response

from app.web.security_headers import DOWNLOAD_POLICY


def attachment(content: bytes | Iterator[bytes], media_type: str, filename: str) -> Response:
    """The bytes as an attachment; pieces of them are sent as they are made.

    Old clients see the ASCII part of the name, others all of it (RFC 6266).
    """
    plain = "".join(c for c in filename if c.isascii() and c.isprintable() and c not in '"\\%').strip(" .") or "file"
    response = Response(content, content_type=media_type)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    response.headers["Content-Disposition"] = named
    response.headers["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response
