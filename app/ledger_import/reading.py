"""A file's bytes into records by column: CSV in UTF-8 (with or without a byte order mark) or the first XLSX sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.ledger_import import workbook
from app.ledger_import.layout import COLUMNS, MAX_ROWS, REQUIRED, Record, fault

_SAVE_AGAIN = _("Save the file as “CSV UTF-8” or as XLSX and import it again.")
_HEADER = _("Correct the first line; the layout stands in docs/ledger-import.md.")


def read(content: bytes) -> list[Record]:
    """Every line under the header that has any cell filled, in the file's order.

    Raises InputRefused for a file that is neither, for columns missing, unknown or named twice, and for no lines.
    """
    lines = _workbook(content) if content.startswith(b"PK\x03\x04") else _csv(content)
    first = next(lines, None)
    if first is None:
        raise InputRefused(fault("empty", 1, "file", _("The file has no lines."), _SAVE_AGAIN))
    names = _header(*first)
    records: list[Record] = []
    for number, cells in lines:
        if len(records) > MAX_ROWS:
            message = _("The file has more than %(limit)s lines.")
            raise InputRefused(fault("too-long", number, "file", message, _("Divide the file."), limit=MAX_ROWS))
        trimmed = [cell.strip() for cell in cells]
        if any(trimmed[len(names) :]):
            message = _("The line has more cells than the first line names columns.")
            raise InputRefused(fault("too-wide", number, "file", message))
        if any(trimmed):
            records.append(Record(number, dict(zip(names, trimmed, strict=False))))
    if not records:
        raise InputRefused(fault("empty", 2, "file", _("The file has no lines."), _SAVE_AGAIN))
    return records


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from workbook.rows(content)
    except workbook.NotAWorkbook as error:
        message = _("The file cannot be read as an XLSX workbook.")
        raise InputRefused(fault("unreadable", 1, "file", message, _SAVE_AGAIN)) from error


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(fault("unreadable", 1, "file", _("The file is not UTF-8 text."), _SAVE_AGAIN)) from error
    if "\x00" in text:
        raise InputRefused(fault("unreadable", 1, "file", _("The file is not UTF-8 text."), _SAVE_AGAIN))
    yield from _parsed(csv.reader(io.StringIO(text, newline=""), strict=True))


def _parsed(reader: Iterable[list[str]]) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line each starts on: a quoted cell may hold line breaks."""
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        raise InputRefused(
            fault("unreadable", number, "file", _("The quotation marks of this line do not match."))
        ) from error


def _header(number: int, cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    found = []
    for name in dict.fromkeys(names):
        if name not in COLUMNS:
            message = _("There is no column “%(column)s” in the layout.")
            found.append(fault("column-unknown", number, name[:40], message, _HEADER))
        elif names.count(name) > 1:
            found.append(fault("column-twice", number, name, _("The column “%(column)s” stands twice."), _HEADER))
    missing = [name for name in REQUIRED if name not in names]
    if not ({"side", "amount"} <= set(names) or {"debit", "credit"} <= set(names)):
        missing.append("side + amount / debit + credit")
    found += [
        fault("column-missing", number, name, _("The column “%(column)s” is missing."), _HEADER) for name in missing
    ]
    if found:
        raise InputRefused(*found)
    return names
