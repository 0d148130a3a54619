"""Files of items as a form takes them: every wrong cell is named by line and column, and nothing is guessed."""

from __future__ import annotations

import io

import pytest
import xlsxwriter
from werkzeug.datastructures import FileStorage

from app.equipment.forms import ImportForm
from app.kernel.errors import InputRefused
from app.web.row_files import RowFile

HEAD = "contract,tag,description,acquired_on,currency,cost,place\n"
LINE = "CTR-2026-00001,EQ-1,Cryostat,2026-03-31,CNY,185000.00,SZ\n"


def taken(content: bytes) -> RowFile:
    """The file as the form loads it."""
    file: RowFile = ImportForm().to_command({"file": FileStorage(io.BytesIO(content), "items.csv")})["file"]
    return file


def faults(text: str) -> list[tuple[object, object, str]]:
    """Line, column and code of every wrong cell."""
    with pytest.raises(InputRefused) as refusal:
        taken(text.encode())
    return [(each.params["line"], each.params["column"], each.code) for each in refusal.value.breaches]


def test_row_of_a_file_makes_the_command_of_a_form() -> None:
    (row,) = taken((HEAD + LINE).encode()).rows
    assert (row.line, row.command.tag, str(row.command.cost), row.command.charged) == (2, "EQ-1", "CNY 185000.00", None)


def test_workbook_is_read_like_text() -> None:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        sheet = book.add_worksheet()
        for at, line in enumerate((HEAD, LINE)):
            sheet.write_row(at, 0, line.strip().split(","))
    assert taken(content.getvalue()).rows == taken((HEAD + LINE).encode()).rows


def test_every_wrong_cell_is_named() -> None:
    wrong = "CTR-2026-00001,EQ-2,Laser,31/03/2026,USD,1e5,SZ\n" + "x,EQ-3,,2026-03-31,CNY,5.00,MARS\n"
    assert faults(HEAD + LINE + wrong) == [
        (3, "acquired_on", "input.not-a-date"),
        (3, "currency", "input.unknown-currency"),
        (3, "cost", "input.no-currency"),
        (4, "contract", "input.not-a-reference"),
        (4, "description", "input.missing"),
        (4, "place", "input.not-a-choice"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "input.empty-file"),
        (HEAD, "import.empty"),
        (HEAD.replace("tag,", "") + LINE, "import.column-missing"),
        (HEAD.replace("place", "plaice") + LINE, "import.column-unknown"),
        (HEAD + LINE.replace("SZ", "SZ,HK"), "import.too-wide"),
        (HEAD + '"open\n', "import.unreadable"),
    ],
)
def test_file_that_is_no_register_is_refused(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as refusal:
        taken(text.encode())
    assert code in [each.code for each in refusal.value.breaches]


def test_formula_is_no_amount() -> None:
    assert faults(HEAD + LINE.replace("185000.00", "=1+1")) == [(2, "cost", "input.not-an-amount")]
