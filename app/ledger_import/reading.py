"""A file of entries into records by column."""

from __future__ import annotations

from app.ledger_import.layout import LAYOUT, Record
from app.table_files import reading


def read(content: bytes) -> list[Record]:
    """Every line under the header that has any cell filled, in the file's order.

    Raises InputRefused for a file that is neither CSV nor XLSX, for columns missing, unknown or named twice, and for
    no lines.
    """
    return reading.read(content, LAYOUT)
