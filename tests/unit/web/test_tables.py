"""Rows get their roles, alignment and column names."""

from __future__ import annotations

from app.web.tables import column, dress_rows

COLUMNS = [column("Reference", labelled=False), column("CNY", bank="cny"), column("HKD", bank="hkd"), "Age"]


def test_every_cell_of_a_row_says_its_role() -> None:
    dressed = dress_rows('<tbody><tr><th scope="row">A</th><td>1.00</td></tr></tbody>', COLUMNS)
    assert dressed.startswith('<tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="row">')
    assert '<td role="cell" data-l="CNY" class="n cny">1.00</td>' in dressed


def test_a_cell_after_a_wide_one_belongs_to_its_own_column() -> None:
    dressed = dress_rows('<tr><th colspan="2">All</th><td>5.00</td></tr>', COLUMNS)
    assert 'data-l="HKD" class="n hkd">5.00' in dressed


def test_a_row_below_a_tall_cell_starts_one_column_later() -> None:
    dressed = dress_rows(
        '<tr><th rowspan="2">A</th><td>1.00</td></tr><tr><td>2.00</td></tr><tr><td>x</td></tr>', COLUMNS
    )
    assert dressed.count('data-l="CNY"') == 2
    assert dressed.endswith('<td role="cell">x</td></tr>')


def test_classes_of_the_page_are_kept() -> None:
    dressed = dress_rows('<tr><td class="quiet">-</td><td class="credit">1.00</td></tr>', COLUMNS)
    assert 'class="credit n cny"' in dressed


def test_negative_figures_hang_their_bracket() -> None:
    assert 'class="n cny n--neg">(1.00)' in dress_rows("<tr><td>A</td><td>(1.00)</td></tr>", COLUMNS)


def test_blank_cells_are_truly_empty() -> None:
    assert "></td>" in dress_rows("<tr><td> \n </td></tr>", COLUMNS)


def test_a_column_name_cannot_break_out_of_its_attribute() -> None:
    assert 'data-l="&#34;&gt;x"' in dress_rows("<tr><td>1</td></tr>", ['">x'])
