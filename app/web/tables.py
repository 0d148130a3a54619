"""Finishes a table's rows: alignment from the columns, column names for phones, explicit roles for screen readers.

On phones a table of work turns into cards (`display: block`), and some browsers then forget that it is a table;
so every row and cell says its role. Authors write plain rows; `dress_rows` adds the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

_TAG = re.compile(r"<(tbody|tfoot|tr|td|th)\b([^>]*)>")
_BLANK_CELL = re.compile(r"(<td\b[^>]*>)\s+(</td>)")
_SPAN = re.compile(r'\bcolspan="(\d+)"')
_CLASS = re.compile(r'\bclass="([^"]*)"')
_REFERENCE = re.compile(r">([A-Z]{3}-\d{4}-\d{5,})</a>")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `bank` is `cny` or `hkd` where the river runs beside it; `hidden` names it for screen readers only.

    `labelled` is whether the cell repeats the column's name when the table turns into cards.
    """

    name: str
    number: bool = False
    bank: str = ""
    hidden: bool = False
    labelled: bool = True
    narrow: bool = False

    @property
    def classes(self) -> str:
        """The classes of the column's cells."""
        parts = ("n" if self.number else "", self.bank, "pickcell" if self.narrow else "")
        return " ".join(part for part in parts if part)


def column(
    name: str,
    *,
    number: bool = False,
    bank: str = "",
    hidden: bool = False,
    labelled: bool = True,
    narrow: bool = False,
) -> Column:
    """A column for the table component. Columns of one currency pass `bank="cny"` or `bank="hkd"`."""
    return Column(name, number or bool(bank), bank, hidden, labelled and not hidden, narrow)


class _Dresser:
    """Walks the tags of the rows from left to right and remembers the column it stands in."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = columns
        self.index = 0
        self.carried: dict[int, int] = {}
        self.known: dict[tuple[str, str, int, bool], tuple[str, int]] = {}

    def __call__(self, match: re.Match[str]) -> str:
        tag, attributes = match.group(1), match.group(2)
        if tag in ("tbody", "tfoot"):
            return f'<{tag} role="rowgroup"{attributes}>'
        if tag == "tr":
            self.index = 0
            self.carried = {at: rows - 1 for at, rows in self.carried.items() if rows > 1}
            return f'<tr role="row"{attributes}>'
        return self._cell(tag, attributes, match.string[match.end() : match.end() + 1] == "(")

    def _cell(self, tag: str, attributes: str, negative: bool) -> str:
        while self.carried.get(self.index, 0):
            self.index += 1
        at = self.index
        if not self.carried and (known := self.known.get((tag, attributes, at, negative))):
            self.index += known[1]
            return known[0]
        span = int(found.group(1)) if (found := _SPAN.search(attributes)) else 1
        self.index += span
        given = attributes
        if down := re.search(r'\browspan="(\d+)"', attributes):
            # The count includes this row; the next `tr` takes one off before it looks.
            self.carried.update({at + step: int(down.group(1)) for step in range(span)})
        here = self.columns[at] if at < len(self.columns) else None
        role = "cell" if tag == "td" else "rowheader"
        extra = "" if "role=" in attributes else f' role="{role}"'
        if here is not None and span == 1:
            hanging = " n--neg" if negative and here.number else ""
            attributes = _with_classes(attributes, here.classes + hanging)
            if tag == "td" and here.labelled and "data-l=" not in attributes:
                extra += f' data-l="{escape(here.name)}"'
        dressed = f"<{tag}{extra}{attributes}>"
        if not self.carried:
            self.known[tag, given, at, negative] = dressed, span
        return dressed


def _with_classes(attributes: str, classes: str) -> str:
    if not classes:
        return attributes
    if found := _CLASS.search(attributes):
        return attributes.replace(found.group(0), f'class="{found.group(1)} {classes}"')
    return f'{attributes} class="{classes}"'


def dress_rows(rows: str, columns: Sequence[Column | Mapping[str, object] | str]) -> Markup:
    """Give the rows of a table (escaped HTML) their roles, classes and column names."""
    dresser = _Dresser([as_column(each) for each in columns])
    kept = _REFERENCE.sub(r'><span class="nowrap">\1</span></a>', _BLANK_CELL.sub(r"\1\2", str(rows)))
    return Markup(_TAG.sub(dresser, kept))  # noqa: S704 - rows come from our templates


def as_column(given: Column | Mapping[str, object] | str) -> Column:
    """A Column from a Column, its keyword arguments, or a bare name."""
    if isinstance(given, Column):
        return given
    if isinstance(given, str):
        return column(given)
    return column(**given)  # type: ignore[arg-type]
