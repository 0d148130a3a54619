"""How wide a table's columns must, should and will be, and the size of type that makes them fit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import NoneType
from typing import NamedTuple

from app.kernel.money import Money
from reports.model import Carry, Cell, Column, Kind, Literal, Row, RowStyle, Span, Table
from reports.output import formats
from reports.output.pdf.flow import SIDE, Fonts
from reports.output.pdf.fonts import DocumentFont
from reports.output.pdf.pages import LANDSCAPE, MILLIMETRE, PORTRAIT
from reports.output.pdf.wrapping import BESIDE_GAP, longest_word
from reports.output.wording import Voices

PADDING = 1.0 * MILLIMETRE
HEAD_RATIO = 0.93
_PORTRAIT_SIZES = (7.5, 7.25, 7.0)
_LANDSCAPE_SIZES = (7.5, 7.25, 7.0, 6.5, 6.0, 5.5, 5.0)
_TEXT_MINIMUM = 13_000.0
_REFERENCE_MAXIMUM = 16_000.0
_SHORT_HEAD = 5_500.0
_AIR = 9.0
_FIGURES = (Money, Decimal, int)
_REPEATING = (str, date, NoneType)
MOST_KNOWN = 2_000
"""Words and days of a column that come again are prepared once; those that never do must not fill the memory."""


class TableTooWide(ValueError):
    """Raised when a table's figures cannot stand beside each other even on a landscape page in the smallest type."""


class Prepared(NamedTuple):
    """A cell ready to be set: its first column, how many it spans, its texts, and whether it is a figure."""

    column: int
    span: int
    texts: tuple[Literal, ...]
    figure: bool


class PreparedRow(NamedTuple):
    """A row's cells with its style and the fonts of its first and second language."""

    cells: tuple[Prepared, ...]
    style: RowStyle
    fonts: tuple[DocumentFont, DocumentFont]


@dataclass(frozen=True)
class Fit:
    """The type size and the columns' left and right edges, measured from the text area's left."""

    size: float
    edges: tuple[tuple[float, float], ...]


class Measured:
    """A table with all cells as text and the widths they need, in thousandths of the type size."""

    def __init__(self, table: Table, voices: Voices, fonts: Fonts) -> None:
        """Prepares every cell once; nothing here depends on the page."""
        self.table, self.voices, self.fonts = table, voices, fonts
        self.bracket = fonts.regular.width(")")
        self.figures = [column.kind.is_figure for column in table.columns]
        self._known: list[dict[tuple[Cell, RowStyle], Prepared]] = [{} for _column in table.columns]
        self._compact = [column.kind in (Kind.REFERENCE, Kind.DATE) for column in table.columns]
        self.heads = [self._head(column) for column in table.columns]
        self.natural, self.least = [0.0] * len(table.columns), [0.0] * len(table.columns)
        bold, regular = fonts.bold, fonts.regular
        self._pairs = dict.fromkeys(RowStyle, (regular, regular))
        self._pairs |= {RowStyle.GROUP: (bold, regular), RowStyle.SUBTOTAL: (bold, bold), RowStyle.TOTAL: (bold, bold)}
        self.rows = [self.prepare(row) for row in table.rows]
        for number, head in enumerate(self.heads):
            self._need_head(number, head)
        for number, amount in self._largest_carried().items():
            self._need(number, (Literal(formats.amount(amount)),), (bold, bold), figure=True)

    def _largest_carried(self) -> dict[int, Money]:
        """The widest amount that can stand in each carried-forward row."""
        found: dict[int, Money] = {}
        carried = [(at, column) for at, column in enumerate(self.table.columns) if column.carry is not Carry.NOTHING]
        whole = [row.cells for row in self.table.rows if carried and row.width() == len(row.cells)]
        for at, column in carried:
            money = [cell for cells in whole for cell in cells[at : at + 1] if isinstance(cell, Money)]
            if money:
                widest = sum(abs(each.minor) for each in money)
                found[at] = -Money(widest, money[0].currency) if column.carry is Carry.SUM else max(money, key=_digits)
        return found

    def _head(self, column: Column) -> list[Literal]:
        lines = list(self.voices.say(column.head))
        if column.letter:
            lines.append(Literal(column.letter))
        if column.currency is not None:
            lines.append(Literal(self.voices.first.currency_head(column.currency)))
        return [line for line in lines if line.text]

    def prepare(self, row: Row) -> PreparedRow:
        """A row's cells as texts; what they need is noted for the columns' widths."""
        cells, at = [], 0
        across = row.style is RowStyle.GROUP and len(row.cells) == 1
        for cell in row.cells:
            span = len(self.table.columns) if across else cell.columns if isinstance(cell, Span) else 1
            if span == 1 and isinstance(cell, _REPEATING):
                known, key = self._known[at], (cell, row.style)
                prepared = known.get(key) or self._cell(cell, at, span, row.style)
                if len(known) < MOST_KNOWN:
                    known[key] = prepared
            else:
                prepared = self._cell(cell, at, span, row.style)
            cells.append(prepared)
            at += span
        return PreparedRow(tuple(cells), row.style, self._pairs[row.style])

    def _cell(self, cell: Cell, at: int, span: int, style: RowStyle) -> Prepared:
        texts = self.voices.cell(cell, self.table.columns[at])
        figure = self.figures[at] and isinstance(cell, _FIGURES)
        if span == 1 and texts:
            self._need(at, texts, self._pairs[style], figure)
        return Prepared(at, span, texts, figure)

    def _need(self, at: int, texts: tuple[Literal, ...], pair: tuple[DocumentFont, DocumentFont], figure: bool) -> None:
        width = pair[0].width(texts[0].text)
        if figure:
            least = width = width + (0 if texts[0].text.endswith(")") else self.bracket)
        elif self._compact[at]:
            least = min(width, _REFERENCE_MAXIMUM)
        else:
            if len(texts) > 1:
                width += pair[1].width(texts[1].text) + BESIDE_GAP
            least = min(width, _TEXT_MINIMUM)
        if width > self.natural[at]:
            self.natural[at] = width
        if least > self.least[at]:
            self.least[at] = least

    def _need_head(self, at: int, head: list[Literal]) -> None:
        font, extra = self.fonts.bold, self.bracket if self.figures[at] else 0
        for line in head:
            unbroken = max(longest_word(line.text, font), min(font.width(line.text), _SHORT_HEAD))
            self.least[at] = max(self.least[at], unbroken * HEAD_RATIO + extra)
        self.natural[at] = max(self.natural[at], self.least[at])

    def fits(self, size: float, width: float) -> bool:
        """Whether every column gets at least what it must have."""
        return self._least_total(size) <= width

    def _least_total(self, size: float) -> float:
        return sum(self._least(at, size) for at in range(len(self.least)))

    def _least(self, at: int, size: float) -> float:
        hint = self.table.columns[at].width or 0.0
        return max(self.least[at] * size / 1000, hint) + PADDING + self.indent(at)

    def indent(self, at: int) -> float:
        """White space at a column's left: none at the margin, more after a figure's hanging bracket."""
        if at == 0:
            return 0.0
        return 2 * PADDING if self.figures[at - 1] and not self.figures[at] else PADDING

    def fit(self, landscape: bool) -> Fit:
        """The largest type that fits and the columns' places. Raises TableTooWide if none does."""
        page = LANDSCAPE if landscape else PORTRAIT
        width = page[0] - 2 * SIDE
        for size in _LANDSCAPE_SIZES:
            if self.fits(size, width):
                return Fit(size, self._edges(size, width))
        raise TableTooWide(f"{self.table.key}: {len(self.table.columns)} columns do not fit on a page")

    def _edges(self, size: float, width: float) -> tuple[tuple[float, float], ...]:
        columns = self.table.columns
        widths = [self._least(at, size) for at in range(len(columns))]
        spare = width - sum(widths)
        wordy = [at for at, column in enumerate(columns) if column.kind is Kind.TEXT]
        wishes = {at: max(0.0, (self.natural[at] - self.least[at]) * size / 1000) for at in range(len(columns))}
        spare = _share(widths, spare, {at: wishes[at] for at in wishes if at not in wordy})
        spare = _share(widths, spare, {at: wishes[at] for at in wordy})
        spare = _share(widths, spare, {at: _AIR for at, column in enumerate(columns) if column.kind.is_figure})
        growing = wordy or list(range(len(columns)))
        for at in growing:
            widths[at] += spare / len(growing)
        edges, left = [], 0.0
        for each in widths:
            edges.append((left, left + each))
            left += each
        return tuple(edges)


def _digits(amount: Money) -> int:
    return abs(amount.minor)


def _share(widths: list[float], spare: float, wishes: dict[int, float]) -> float:
    """Give columns what they wish for, in proportion if it is too much; returns what is left."""
    wanted = sum(wishes.values())
    if wanted <= 0 or spare <= 0:
        return spare
    part = min(1.0, spare / wanted)
    for at, wish in wishes.items():
        widths[at] += wish * part
    return spare - wanted * part


def needs_landscape(tables: list[Measured]) -> bool:
    """Whether any of a document's tables cannot stand on a portrait page in type of a good size."""
    width = PORTRAIT[0] - 2 * SIDE
    return any(not any(table.fits(size, width) for size in _PORTRAIT_SIZES) for table in tables)
