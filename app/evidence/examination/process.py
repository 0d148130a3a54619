"""The process that opens one file: bounded in memory and time, without network settings, secrets or a database.

Reads the file from standard input; writes one line of JSON, then the copy without metadata and a picture of the first
page, as far as there are any; the line tells where the copy ends.
Started by `app.evidence.examining`, never by the server itself: what breaks here breaks alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any, NamedTuple

from app.kernel.confinement import allow_seconds, confine

CHECK_SECONDS = 2
"""Processor seconds until a file must have been found harmless."""
WHOLE_SECONDS = 8
"""Processor seconds for everything, making the copy of a large picture included."""
DATA_BYTES = 250 * 1024 * 1024
SIGNED_REPORT = "--signed-report"
"""The file is an auditor's own report, which may hold files if it is a signed PDF/A-3."""


class Copies(NamedTuple):
    """What is kept beside a file, each empty where there is none: the copy without metadata, and its first page."""

    shared: bytes = b""
    picture: bytes = b""


def limit() -> None:
    """Bound this process before it touches the file."""
    confine(DATA_BYTES, CHECK_SECONDS, WHOLE_SECONDS)


def examine(
    content: bytes, harmless: Callable[[], None] = lambda: None, *, signed_report: bool = False
) -> tuple[dict[str, Any], Copies]:
    """Type, fields, fingerprints, and what is kept beside the file. Raises Refused.

    `harmless` is called when nothing hostile was found and reading begins.
    """
    from app.evidence.content_types import DOCUMENT_TYPES, MAX_BYTES, PICTURES
    from app.evidence.examination.refused import Refused
    from app.web.uploads import OFD, PDF, sniff

    if not content:
        raise Refused("empty")
    if len(content) > MAX_BYTES:
        raise Refused("too-large")
    media_type = sniff(content)
    if media_type not in DOCUMENT_TYPES:
        raise Refused("archive-other" if content.startswith(b"PK") else "other-type")
    if media_type == PDF:
        return _portable(content, harmless, signed_report)
    if media_type in PICTURES:
        return _picture(content, media_type, harmless)
    return _package(content, harmless) if media_type == OFD else _markup(content, harmless)


def _answer(media_type: str, fields: Any, fingerprints: list[bytes], shared_type: str) -> dict[str, Any]:
    return {
        "media_type": media_type,
        "fields": fields.as_json(),
        "fingerprints": [each.hex() for each in fingerprints],
        "shared_type": shared_type,
    }


def _portable(content: bytes, harmless: Callable[[], None], signed_report: bool) -> tuple[dict[str, Any], Copies]:
    from app.evidence.examination import pictures, portable
    from app.evidence.examination.invoices import said_by_text
    from app.evidence.examination.statements import joined
    from app.evidence.fields import Source
    from app.web.uploads import PDF

    signed = portable.check(content, signed_report=signed_report)
    harmless()
    text, page = portable.text_of(content), portable.first_page(content)
    statements = []
    if not text.whole.strip() or "发" in text.whole:
        from app.evidence.examination.codes import invoice_code

        statements.append((Source.QR, invoice_code(page)))
    statements.append((Source.TEXT, said_by_text(text)))
    shared = None if signed else portable.without_metadata(content)
    return _answer(PDF, joined(statements), [], PDF), Copies(shared or b"", pictures.reduced(page))


def _picture(content: bytes, media_type: str, harmless: Callable[[], None]) -> tuple[dict[str, Any], Copies]:
    from app.evidence.examination import pictures
    from app.evidence.examination.codes import invoice_code
    from app.evidence.examination.statements import joined
    from app.evidence.fields import Source

    pictures.check(content, media_type)
    harmless()
    shared, shared_type = pictures.without_metadata(content, media_type)
    grey = pictures.decoded(shared, shared_type)
    fields = joined([(Source.QR, invoice_code(grey))])
    copies = Copies(b"" if shared == content else shared, pictures.reduced(grey))
    return _answer(media_type, fields, pictures.fingerprints(grey), shared_type), copies


def _package(content: bytes, harmless: Callable[[], None]) -> tuple[dict[str, Any], Copies]:
    from app.evidence.examination import archives
    from app.evidence.examination.invoices import of_package
    from app.web.uploads import OFD

    parts = archives.check(content)
    harmless()
    return _answer(OFD, of_package(content, parts), [], OFD), Copies()


def _markup(content: bytes, harmless: Callable[[], None]) -> tuple[dict[str, Any], Copies]:
    from app.evidence.examination import markup
    from app.evidence.examination.invoices import of_tree
    from app.web.uploads import XML

    root = markup.checked_invoice(content)
    harmless()
    return _answer(XML, of_tree(root), [], XML), Copies()


def main() -> None:
    """Examine standard input."""
    limit()
    from app.evidence.examination.refused import Refused

    try:
        content, signed_report = sys.stdin.buffer.read(), SIGNED_REPORT in sys.argv[1:]
        answer, copies = examine(content, lambda: allow_seconds(WHOLE_SECONDS), signed_report=signed_report)
    except Refused as refusal:
        answer, copies = {"refused": refusal.code}, Copies()
    except (MemoryError, RecursionError):
        answer, copies = {"refused": "too-heavy"}, Copies()
    answer["shared_bytes"] = len(copies.shared)
    sys.stdout.buffer.write(json.dumps(answer).encode("ascii") + b"\n" + copies.shared + copies.picture)


if __name__ == "__main__":
    main()
