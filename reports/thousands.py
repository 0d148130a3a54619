"""A statement with its amounts in thousands: only how it is printed changes, never its figures or their digest.

Every amount is rounded half-up from its own exact figure, totals too; where rounded rows no longer add up to a rounded
total, the statement says so and by how much.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import product

from app.kernel.messages import _
from app.kernel.money import Money
from reports.model import Report, Row, RowStyle, Span, Table, Text, Words, text
from reports.output.formats import thousands

_TOTALS = (RowStyle.SUBTOTAL, RowStyle.TOTAL)
_MOST_PARTS = 9
"""More parts than this are only added, not also subtracted, to find what a total is made of."""


def in_thousands(report: Report) -> Report:
    """The same report to be printed in thousands of each amount's currency; its digest is unchanged."""
    said: list[Words] = [
        text(
            _(
                "Amounts in the tables are in thousands, each rounded half-up from the exact amount, totals too."
                " The SHA-256 is that of the exact figures, which the files for machines hold."
            )
        )
    ]
    found = [found for table in report.tables for found in _differences(table)]
    if found:
        listed = _joined([text(_("%(row)s by %(difference)s"), row=row, difference=off) for row, off in found])
        said.append(
            text(_("Because of rounding these totals differ from the sum of the rounded rows: %(rows)s."), rows=listed)
        )
    identity = f"{report.document_id}-K"
    return replace(report, in_thousands=True, document_id=identity, presentation=(*report.presentation, *said))


@dataclass
class _Parts:
    """What a total may be made of: the plain rows since the last total, and the totals before it."""

    plain: list[Money] = field(default_factory=list)
    totals: list[Money] = field(default_factory=list)
    all_plain: list[Money] = field(default_factory=list)

    def take(self, cell: Money) -> None:
        """Count a plain row's amount as a part of the totals after it."""
        self.plain.append(cell)
        self.all_plain.append(cell)

    def close(self, whole: Money) -> int:
        """A total: by how much, rounded, it is more than its rounded parts; nil too where nobody can tell its parts."""
        off = 0
        for signed, uses_totals in self._candidates():
            exact = sum(sign * each.minor for sign, each in signed)
            if len(signed) > 1 and exact == whole.minor:
                off = thousands(whole) - sum(sign * thousands(each) for sign, each in signed)
                self.totals = [] if uses_totals else self.totals
                break
        self.totals.append(whole)
        self.plain = []
        return off

    def _candidates(self) -> Iterator[tuple[list[tuple[int, Money]], bool]]:
        """What the total may be the sum of, likeliest first, and whether totals before it are among that."""
        yield [(1, each) for each in self.plain], False
        parts = [*self.totals, *self.plain]
        if len(parts) <= _MOST_PARTS:
            for signs in product((1, -1), repeat=len(parts)):
                yield list(zip(signs, parts, strict=True)), True
        yield [(1, each) for each in self.all_plain], True


def _differences(table: Table) -> Iterator[tuple[Words, int]]:
    """Each total of the table whose rounded rows do not add up, once, with the first difference found in it."""
    columns = [at for at, column in enumerate(table.columns) if column.currency is not None]
    parts = {at: _Parts() for at in columns}
    for row in table.rows:
        if row.style is RowStyle.GROUP and len(row.cells) == 1:
            continue
        off = 0
        for at, cell in _cells(row):
            if at not in parts or not isinstance(cell, Money):
                continue
            if row.style in _TOTALS:
                difference = parts[at].close(cell)
                off = off or difference
            else:
                parts[at].take(cell)
        label = next((cell for _at, cell in _cells(row) if isinstance(cell, Text)), None)
        if off and label is not None:
            yield label, off


def _cells(row: Row) -> Iterator[tuple[int, object]]:
    at = 0
    for cell in row.cells:
        yield at, cell
        at += cell.columns if isinstance(cell, Span) else 1


def _joined(names: list[Text]) -> Text:
    joined = names[0]
    for name in names[1:]:
        joined = text(_("%(one)s, %(other)s"), one=joined, other=name)
    return joined
