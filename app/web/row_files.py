"""A file of rows as the field of a form: each row is loaded by one schema, each wrong cell named by line and column.

The same schema may serve a screen and the API one record at a time, so that a row of a file is judged no otherwise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from marshmallow import ValidationError

from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.table_files.reading import Layout, Record, at_line, read
from app.web.fields import FileField
from app.web.schemas import Form
from app.web.uploads import TEXT, XLSX, Upload

MOST_ROWS = 20_000
MOST_FAULTS = 100
"""So many wrong cells are named at a time; the others follow when these are put right."""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row: the line it stands on, and the command its cells make."""

    line: int
    command: Any


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file whose every cell could be read: its name, its SHA-256 and its rows in order."""

    name: str
    sha256: str
    rows: tuple[FileRow, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did: `kept` rows are new, `known` ones stood there already with the same content."""

    kept: int
    known: int


class RowFileField(FileField):
    """A CSV (UTF-8) or XLSX file; gives a `RowFile`. Its first line names fields of `row`, in any order."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "binary"}

    def __init__(self, row: type[Form], *, source: str = "", **options: Any) -> None:
        """`source` says where the columns are laid down."""
        super().__init__(types=frozenset({TEXT, XLSX}), **options)
        self.row = row
        fields = row().fields
        required = [name for name, declared in fields.items() if declared.required]
        self.layout = Layout(tuple(fields), required, source, max_rows=MOST_ROWS)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        upload: Upload = super()._deserialize(value, attr, data, **kwargs)
        try:
            return self.rows_of(upload)
        except InputRefused as refusal:
            raise ValidationError(list(refusal.breaches)) from refusal

    def rows_of(self, upload: Upload) -> RowFile:
        """The rows of a file, wherever it comes from. Raises InputRefused with every wrong cell, by line and column."""
        if len(upload.content) > self.max_bytes:
            raise InputRefused(
                Breach(
                    "import.too-large",
                    _("The file is too large."),
                    _("Divide it; at most %(limit)s MB are taken."),
                    params={"limit": self.max_bytes // (1024 * 1024)},
                    field="file",
                )
            )
        records = read(upload.content, self.layout)
        rows: list[FileRow] = []
        found: list[Breach] = []
        for record in records:
            try:
                rows.append(FileRow(record.line, self.row().to_command(record.cells)))
            except InputRefused as refusal:
                found += _named(record, refusal)
        if found:
            raise InputRefused(*found[:MOST_FAULTS])
        return RowFile(upload.name, hashlib.sha256(upload.content).hexdigest(), tuple(rows))


def _named(record: Record, refusal: InputRefused) -> Iterator[Breach]:
    for breach in refusal.breaches:
        yield at_line(breach, record.line, breach.field or "")
