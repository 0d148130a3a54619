"""A report's figures as CSV: one header, ISO dates, plain decimals, words that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

from app.kernel.spreadsheet_text import harmless
from reports.model import Report, RowStyle
from reports.output import rows
from reports.output.wording import Voice

_SEALED = ("book", "block", "block_hash", "unsealed_entries")


def write(report: Report, voice: Voice) -> bytes:
    """All tables one under another: `table`, `style`, then the union of their fields. UTF-8 with a byte order mark.

    Last come the rows of the table `sealed`: how far each book behind the figures was sealed.
    """
    fields = list(dict.fromkeys(name for table in report.tables for name in rows.table_fields(table)))
    fields += [name for name in (_SEALED if report.seals else ()) if name not in fields]
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, ["table", "style", *fields], restval="", lineterminator="\r\n")
    writer.writeheader()
    for table in report.tables:
        for row, record in rows.records(table, voice):
            safe = {name: guarded(value) for name, value in record.items()}
            writer.writerow({"table": table.key, "style": row.style.value, **safe})
    for seal in report.seals:
        block = "" if seal.block is None else seal.block
        told = dict(zip(_SEALED, (seal.book, block, seal.block_hash, seal.unsealed), strict=True))
        writer.writerow({"table": "sealed", "style": RowStyle.PLAIN.value, **told})
    return buffer.getvalue().encode("utf-8-sig")


def guarded(value: str | int | None) -> str | int | None:
    """Words that a spreadsheet would run as a formula, with an apostrophe before them."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, rows.Figure) else value
