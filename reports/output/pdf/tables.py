"""A table over as many pages as it takes: heads repeated, rows whole, totals ruled, amounts carried forward."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from app.kernel.messages import _
from app.kernel.money import Money
from reports.model import Carry, Cell, Kind, Literal, Row, RowStyle, Span, Text
from reports.output.pdf.flow import Flow
from reports.output.pdf.measures import HEAD_RATIO, MOST_KNOWN, PADDING, Fit, Measured, Prepared, PreparedRow
from reports.output.pdf.pages import Alignment
from reports.output.pdf.tags import cell_attributes
from reports.output.pdf.wrapping import Line, one_line, set_lines

_LEADING = 1.32
_BASELINE = 1.0
_PADDINGS = ((61, 1.7), (25, 2.25), (0, 2.75))
"""Space above and below a row's text by how many rows there are: a statement of thirty rows keeps to one page."""
_SHORT_GROUP = 12
_RULE = 0.6
_GROUP_SPACE = 4.5
_STRONG = (RowStyle.SUBTOTAL, RowStyle.TOTAL)


class SetRow(NamedTuple):
    """A row with its cells' lines, how many the tallest has, and the height they take."""

    row: PreparedRow
    lines: list[list[Line]]
    tallest: int
    height: float


class TablePrinter:
    """Draws one measured table into a flow of pages."""

    def __init__(self, measured: Measured, fit: Fit, flow: Flow) -> None:
        """The fit must be for the flow's page width."""
        self.measured, self.table, self.flow = measured, measured.table, flow
        self.size = fit.size
        self.edges = [(flow.left + left, flow.left + right) for left, right in fit.edges]
        self.step = self.size * _LEADING
        self.padding = next(padding for rows, padding in _PADDINGS if len(self.table.rows) >= rows)
        self.bracket = measured.bracket * self.size / 1000
        self.row_head = next((at for at, column in enumerate(self.table.columns) if column.kind is Kind.TEXT), -1)
        carries = {at: column.carry for at, column in enumerate(self.table.columns)}
        self.carried = {at: carry for at, carry in carries.items() if carry is not Carry.NOTHING}
        self.lines: dict[tuple[int, int, RowStyle, tuple[Literal, ...]], list[Line]] = {}
        self.boxes: dict[tuple[int, int], tuple[float, float]] = {}
        self.sums: dict[int, Money] = {}
        self.element = -1
        self.head_lines = self._set_heads()

    def draw(self) -> None:
        """The whole table as one Table element."""
        flow = self.flow
        rows, sources = self.measured.rows, self.table.rows
        if not rows:
            sources = (Row((Span(Text(_("None in this period")), len(self.table.columns)),)),)
            rows = [self.measured.prepare(sources[0])]
        self.element = flow.structure.add("Table")
        tail = self._tail(rows)
        first = self._set(rows[0]).height
        flow.ensure(self._heads_height() + first * 2)
        self._draw_heads(repeated=False)
        for position, (row, source) in enumerate(zip(rows, sources, strict=True)):
            ready = self._set(row)
            needed = ready.height + (self.step + 2 * self.padding if self.carried else 0)
            if position == tail:
                needed = sum(self._set(each).height for each in rows[tail:])
            elif position + 1 < len(rows) and (row.style is RowStyle.GROUP or rows[position + 1].style in _STRONG):
                needed += self._set(rows[position + 1]).height
            if flow.space < needed and flow.space < flow.whole_page - self._heads_height() - 1:
                self._turn_page()
            self._draw_row(ready)
            self._carry(source)
        flow.y -= 2

    @staticmethod
    def _tail(rows: list[PreparedRow]) -> int:
        """Where the last group begins, if it is short: it is kept whole, so that no total stands alone on a page."""
        groups = [at for at, row in enumerate(rows) if row.style is RowStyle.GROUP]
        return groups[-1] if len(groups) > 1 and len(rows) - groups[-1] <= _SHORT_GROUP else -1

    def _set(self, row: PreparedRow) -> SetRow:
        lines = [self._set_cell(cell, row) for cell in row.cells]
        count = max(map(len, lines), default=0) or 1
        height = count * self.step + 2 * self.padding
        if row.style is RowStyle.GROUP:
            height += _GROUP_SPACE
        elif row.style is RowStyle.TOTAL:
            height += 3
        return SetRow(row, lines, count, height)

    def _set_cell(self, cell: Prepared, row: PreparedRow) -> list[Line]:
        if not cell.texts:
            return []
        if cell.figure:
            return [one_line(cell.texts[0], row.fonts[0], self.size)]
        key = (cell.column, cell.span, row.style, cell.texts)
        known = self.lines.get(key)
        if known is None:
            left, right = self._box(cell)
            if row.style is RowStyle.CREDIT_INDENT and cell.column == self.row_head:
                left += 2 * self.size
            known = set_lines(cell.texts, row.fonts, self.size, right - left + 0.05, beside=True)
            if len(self.lines) < MOST_KNOWN:
                self.lines[key] = known
        return known

    def _box(self, cell: Prepared) -> tuple[float, float]:
        """The left and right edges of a cell's text; figures leave room for a closing bracket."""
        known = self.boxes.get((cell.column, cell.span))
        if known is None:
            left = self.edges[cell.column][0] + self.measured.indent(cell.column)
            right = self.edges[cell.column + cell.span - 1][1] - PADDING
            if self._is_flush_right(cell):
                right -= self.bracket
            known = self.boxes[cell.column, cell.span] = (left, right)
        return known

    def _is_flush_right(self, cell: Prepared) -> bool:
        return self.measured.figures[cell.column]

    # heads

    def _set_heads(self) -> list[list[Line]]:
        size, font = self.size * HEAD_RATIO, self.measured.fonts.bold
        found = []
        for at, head in enumerate(self.measured.heads):
            left, right = self._box(Prepared(at, 1, (), False))
            lines: list[Line] = []
            for place, literal in enumerate(head):
                chosen = font if place == 0 else self.measured.fonts.regular
                lines += set_lines((literal,), (chosen,), size, right - left + 0.05)
            found.append(lines)
        return found

    def _heads_height(self) -> float:
        return max((len(lines) for lines in self.head_lines), default=0) * self.step * HEAD_RATIO + 8

    def _draw_heads(self, *, repeated: bool) -> None:
        flow, step, size = self.flow, self.step * HEAD_RATIO, self.size * HEAD_RATIO
        bottom = flow.y - self._heads_height()
        row = None if repeated else flow.structure.add("TR", self.element)
        for at, lines in enumerate(self.head_lines):
            cell = Prepared(at, 1, (), False)
            left, right = self._box(cell)
            place = (left, right, bottom + 4.5 + (len(lines) - 1) * step + size * 0.12)
            align: Alignment = "right" if self._is_flush_right(cell) else "left"
            if row is None:
                with flow.page.artifact():
                    flow.page.lines(lines, place, size, step, None, align=align)
            else:
                head = flow.structure.add("TH", row, attributes=cell_attributes(scope="Column"))
                flow.page.lines(lines, place, size, step, head, kind="TH", align=align)
        flow.page.rules([(flow.left, flow.right, bottom)], 0.75)
        flow.y = bottom - 1.5

    # rows

    def _draw_row(self, ready: SetRow) -> None:
        row = self.flow.structure.add("TR", self.element)
        cells = [self._cell_element(cell, ready.row, row) for cell in ready.row.cells]
        if ready.tallest == 1 or ready.height <= self.flow.space:
            self._draw_lines(ready, cells, ready.lines)
            return
        waiting = ready.lines
        while any(waiting):
            fitting = max(1, int((self.flow.space - 2 * self.padding) / self.step))
            self._draw_lines(ready, cells, [lines[:fitting] for lines in waiting])
            waiting = [lines[fitting:] for lines in waiting]
            if any(waiting):
                self._turn_page()

    def _cell_element(self, cell: Prepared, row: PreparedRow, parent: int) -> tuple[int, str]:
        heads = cell.column == self.row_head or row.style is RowStyle.GROUP
        kind = "TH" if heads and cell.texts else "TD"
        attributes = cell_attributes(scope="Row" if kind == "TH" else None, columns=cell.span)
        return self.flow.structure.add(kind, parent, attributes=attributes), kind

    def _draw_lines(self, ready: SetRow, cells: list[tuple[int, str]], cell_lines: list[list[Line]]) -> None:
        flow, style = self.flow, ready.row.style
        top = flow.y - (_GROUP_SPACE if style is RowStyle.GROUP else 0)
        for cell, (element, kind), lines in zip(ready.row.cells, cells, cell_lines, strict=True):
            self._draw_cell(cell, lines, style, top, element, kind)
        count = max(map(len, cell_lines)) or 1
        flow.y = top - count * self.step - 2 * self.padding - (3 if style is RowStyle.TOTAL else 0)
        if style in _STRONG:
            self._rule_totals(ready.row, top, top - count * self.step - 2 * self.padding)

    def _draw_cell(
        self, cell: Prepared, lines: list[Line], style: RowStyle, top: float, element: int | None, kind: str
    ) -> None:
        """A cell's lines; a closing bracket hangs to the right, so that digits stand under digits."""
        if not lines:
            return
        left, right = self._box(cell)
        if style is RowStyle.CREDIT_INDENT and cell.column == self.row_head:
            left += 2 * self.size
        if cell.figure and lines[0].runs[0].text.endswith(")"):
            right += self.bracket
        align: Alignment = "right" if self._is_flush_right(cell) else "left"
        place = (left, right, top - self.padding - self.size * _BASELINE)
        self.flow.page.lines(lines, place, self.size, self.step, element, kind=kind, align=align)

    def _rule_totals(self, row: PreparedRow, top: float, bottom: float) -> None:
        edges = []
        for cell in row.cells:
            if cell.figure and cell.texts and self.table.columns[cell.column].kind in (Kind.MONEY, Kind.INTEGER):
                edges.append((self.edges[cell.column][0] + PADDING, self.edges[cell.column][1] - PADDING))
        segments = [(left, right, top) for left, right in edges]
        if row.style is RowStyle.TOTAL:
            for below in (bottom + 0.4, bottom - 1.4):
                segments += [(left, right, below) for left, right in edges]
        self.flow.page.rules(segments, _RULE)

    # page breaks

    def _turn_page(self) -> None:
        if self.sums:
            self._draw_carried(_("Carried forward"), ruled=True)
        self.flow.new_page()
        self._draw_heads(repeated=True)
        if self.sums:
            self._draw_carried(_("Brought forward"), ruled=False)

    def _draw_carried(self, label: str, *, ruled: bool) -> None:
        """The running totals, as an artifact: they repeat what the rows already say."""
        cells: list[Cell] = [self.sums.get(at) for at in range(len(self.table.columns))]
        if self.row_head >= 0 and cells[self.row_head] is None:
            cells[self.row_head] = Text(label)
        ready = self._set(self.measured.prepare(Row(tuple(cells), RowStyle.SUBTOTAL)))
        top = self.flow.y
        with self.flow.page.artifact():
            for cell, lines in zip(ready.row.cells, ready.lines, strict=True):
                self._draw_cell(cell, lines, RowStyle.SUBTOTAL, top, None, "TD")
        if ruled:
            self._rule_totals(ready.row, top, top - ready.height)
        self.flow.y = top - ready.height

    def _carry(self, row: Row) -> None:
        if not self.carried or row.style in (*_STRONG, RowStyle.GROUP):
            return
        cells: Sequence[Cell] = row.cells
        if len(cells) < len(self.table.columns):
            cells = [cell for cell in cells for _ in range(cell.columns if isinstance(cell, Span) else 1)]
        for at, rule in self.carried.items():
            amount = cells[at]
            if isinstance(amount, Money):
                before = self.sums.get(at)
                self.sums[at] = amount if rule is Carry.LAST or before is None else before + amount
