"""Files of rows: the first line names the columns, a cell says one thing, and what is wrong is named by its place."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from hypothesis import given, strategies as st

from app.kernel.errors import InputRefused
from app.table_files.reading import Layout, read

LAYOUT = Layout(("tag", "name", "amount"), ("tag",), max_rows=3)


def refused(content: bytes) -> list[tuple[str, object, object]]:
    with pytest.raises(InputRefused) as found:
        read(content, LAYOUT)
    return [(each.code, each.params["line"], each.params["column"]) for each in found.value.breaches]


def test_columns_stand_in_any_order_and_in_any_case() -> None:
    (record,) = read(b"Name,TAG\n Laser ,EQ-1\n", LAYOUT)
    assert (record.line, record.cells) == (2, {"name": "Laser", "tag": "EQ-1"})


def test_a_line_is_numbered_where_it_starts_though_a_cell_holds_line_breaks() -> None:
    first, second = read(b'tag,name\nEQ-1,"two\nlines"\nEQ-2,one\n', LAYOUT)
    assert (first.line, first.cells["name"], second.line) == (2, "two\nlines", 4)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ("import.empty", 1, "file")),
        (b"tag\n\n", ("import.empty", 2, "file")),
        (b"name\nx\n", ("import.column-missing", 1, "tag")),
        (b"tag,price\nx,1\n", ("import.column-unknown", 1, "price")),
        (b"tag,tag\nx,y\n", ("import.column-twice", 1, "tag")),
        (b"tag\nx,y\n", ("import.too-wide", 2, "file")),
        (b"tag\n1\n2\n3\n4\n5\n", ("import.too-long", 6, "file")),
        (b"tag\n\xff\n", ("import.unreadable", 1, "file")),
        (b"tag\n\x00\n", ("import.unreadable", 1, "file")),
        (b'tag\n"x\n', ("import.unreadable", 2, "file")),
        (b"PK\x03\x04 no workbook", ("import.unreadable", 1, "file")),
    ],
)
def test_what_is_wrong_is_named_by_line_and_column(content: bytes, fault: tuple[str, int, str]) -> None:
    assert fault in refused(content)


@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1), min_size=1, max_size=3
    )
)
def test_a_workbook_says_what_was_written_into_it(tags: list[str]) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, value in enumerate(["tag", *tags]):
            sheet.write_string(number, 0, value)
    assert [record.cells["tag"] for record in read(out.getvalue(), LAYOUT)] == tags
