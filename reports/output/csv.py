"""A report's figures as CSV: one header, ISO dates, plain decimals, words that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io

from app.kernel.spreadsheet_text import harmless
from reports.model import Report, RowStyle
from reports.output import rows
from reports.output.rows import Told
from reports.output.wording import Voice

_SEALED = ("book", "block", "block_hash", "unsealed_entries")


def write(report: Report, voice: Voice, told: Told | None = None) -> bytes:
    """All tables one under another: `table`, `style`, then the union of their fields. UTF-8 with a byte order mark.

    Last come the rows of the table `sealed`: how far each book behind the figures was sealed. `told` are the records
    where they were made already.
    """
    fields = list(dict.fromkeys(name for table in report.tables for name in rows.table_fields(table)))
    fields += [name for name in (_SEALED if report.seals else ()) if name not in fields]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(["table", "style", *fields])
    for table, records in zip(report.tables, told or rows.told(report, voice), strict=True):
        for row, record in records:
            cells = [guarded(record[name]) if name in record else "" for name in fields]
            writer.writerow([table.key, row.style.value, *cells])
    for seal in report.seals:
        block = "" if seal.block is None else seal.block
        sealed = dict(zip(_SEALED, (seal.book, block, seal.block_hash, seal.unsealed), strict=True))
        writer.writerow(["sealed", RowStyle.PLAIN.value, *[sealed.get(name, "") for name in fields]])
    return buffer.getvalue().encode("utf-8-sig")


def guarded(value: str | int | None) -> str | int | None:
    """Words that a spreadsheet would run as a formula, with an apostrophe before them."""
    return harmless(value) if isinstance(value, str) and not isinstance(value, rows.Figure) else value
