"""Words on their way into a spreadsheet, made so that none of them is run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula. Source: OWASP, CSV Injection."""


def harmless(text: str) -> str:
    """Words that a spreadsheet would run as a formula, with an apostrophe before them; other words as they are.

    For words only: a negative amount must not pass through here, or it is no number any more.
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text


def csv_file(head: Sequence[str] | None, rows: Iterable[Sequence[object]], *, marked: bool = True) -> bytes:
    """Rows as they come, as CSV (RFC 4180) in UTF-8; `marked` by the byte order mark that spreadsheets look for."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    if head is not None:
        writer.writerow(head)
    writer.writerows(rows)
    return buffer.getvalue().encode("utf-8-sig" if marked else "utf-8")
