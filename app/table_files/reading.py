"""A file's bytes into records by column: CSV in UTF-8 (with or without a byte order mark) or the first XLSX sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.table_files import workbook

MAX_ROWS = 1_000_000
NOTHING_TAKEN = _("Correct line %(line)s, column %(column)s, and import the whole file again: nothing was taken.")
_SAVE_AGAIN = _("Save the file as “CSV UTF-8” or as XLSX and import it again.")
_HEADER = _("Correct the first line; the columns are named where the file is chosen.")


@dataclass(frozen=True, slots=True)
class Record:
    """One line of the file: its number as a spreadsheet counts it, and its cells by column, trimmed."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Layout:
    """The columns a file may have, in any order; others are refused, because a misspelt name would lose its values.

    `source` says where the layout is laid down, `header_cure` what to do about a wrong first line;
    `max_unpacked` are the bytes to which a workbook may unpack.
    """

    columns: Sequence[str]
    required: Sequence[str]
    source: str = ""
    header_cure: str = _HEADER
    max_rows: int = MAX_ROWS
    max_unpacked: int = workbook.MAX_UNPACKED

    def missing(self, names: Sequence[str]) -> list[str]:
        """What a first line with these names lacks."""
        return [name for name in self.required if name not in names]

    def fault(
        self, code: str, line: int, column: str, message: str, cure: str = NOTHING_TAKEN, **params: object
    ) -> Breach:
        """A breach that names the line and the column; `cure` says how to mend it."""
        return Breach(
            f"import.{code}", message, cure, self.source, {"line": line, "column": column, **params}, field="file"
        )


def at_line(breach: Breach, line: int, column: str = "") -> Breach:
    """A breach of one row, said with the line it stands on, and the column where one is to blame."""
    message = _("Line %(line)s, column %(column)s: %(what)s") if column else _("Line %(line)s: %(what)s")
    params = {**breach.params, "line": line, "column": column, "what": breach}
    return replace(breach, message=message, params=params, field="file")


def read(content: bytes, layout: Layout) -> list[Record]:
    """Every line under the header that has any cell filled, in the file's order.

    Raises InputRefused for a file that is neither, for columns missing, unknown or named twice, and for no lines.
    """
    numbered = lines(content, layout)
    first = next(numbered, None)
    if first is None:
        raise InputRefused(layout.fault("empty", 1, "file", _("The file has no lines."), _SAVE_AGAIN))
    names = _header(*first, layout)
    records: list[Record] = []
    for number, cells in numbered:
        if len(records) > layout.max_rows:
            message = _("The file has more than %(limit)s lines.")
            raise InputRefused(
                layout.fault("too-long", number, "file", message, _("Divide the file."), limit=layout.max_rows)
            )
        trimmed = [cell.strip() for cell in cells]
        if any(trimmed[len(names) :]):
            message = _("The line has more cells than the first line names columns.")
            raise InputRefused(layout.fault("too-wide", number, "file", message))
        if any(trimmed):
            records.append(Record(number, dict(zip(names, trimmed, strict=False))))
    if not records:
        raise InputRefused(layout.fault("empty", 2, "file", _("The file has no lines."), _SAVE_AGAIN))
    return records


def lines(content: bytes, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Every line of the file as it stands, numbered as a spreadsheet counts it. Raises InputRefused on the way."""
    return _workbook(content, layout) if content.startswith(b"PK\x03\x04") else _csv(content, layout)


def _workbook(content: bytes, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    try:
        yield from workbook.rows(content, max_unpacked=layout.max_unpacked)
    except workbook.NotAWorkbook as error:
        message = _("The file cannot be read as an XLSX workbook.")
        raise InputRefused(layout.fault("unreadable", 1, "file", message, _SAVE_AGAIN)) from error


def _csv(content: bytes, layout: Layout) -> Iterator[tuple[int, list[str]]]:
    unreadable = layout.fault("unreadable", 1, "file", _("The file is not UTF-8 text."), _SAVE_AGAIN)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputRefused(unreadable) from error
    if "\x00" in text:
        raise InputRefused(unreadable)
    yield from _parsed(csv.reader(io.StringIO(text, newline=""), strict=True), layout)


def _parsed(reader: Iterable[list[str]], layout: Layout) -> Iterator[tuple[int, list[str]]]:
    """Rows with the number of the line each starts on: a quoted cell may hold line breaks."""
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        message = _("The quotation marks of this line do not match.")
        raise InputRefused(layout.fault("unreadable", number, "file", message)) from error


def _header(number: int, cells: list[str], layout: Layout) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    found = []
    cure = layout.header_cure
    for name in dict.fromkeys(names):
        if name not in layout.columns:
            message = _("There is no column “%(column)s” in the layout.")
            found.append(layout.fault("column-unknown", number, name[:40], message, cure))
        elif names.count(name) > 1:
            found.append(layout.fault("column-twice", number, name, _("The column “%(column)s” stands twice."), cure))
    found += [
        layout.fault("column-missing", number, name, _("The column “%(column)s” is missing."), cure)
        for name in layout.missing(names)
    ]
    if found:
        raise InputRefused(*found)
    return names
