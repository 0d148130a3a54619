"""Files into records and vouchers: what is taken, and how each wrong cell is named."""

from __future__ import annotations

import io
import re
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.money import MAX_MINOR, Money
from app.ledger_import.layout import COLUMNS
from app.ledger_import.reading import read
from app.ledger_import.vouchers import parse_amount, vouchers

HEAD = "voucher,date,account,currency,side,amount,reason\n"
LINE = "V1,2026-03-02,2201,CNY,D,100.00,Brought forward\n"
OTHER = "V1,,2401,CNY,C,100.00,\n"


def faults(text: str) -> list[tuple[object, object, str]]:
    _, found = vouchers(read(text.encode()))
    return [(breach.params["line"], breach.params["column"], breach.code) for breach in found]


@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_a_file_is_taken_with_and_without_a_byte_order_mark(start: str) -> None:
    (voucher,), found = vouchers(read((start + HEAD + LINE + OTHER).encode()))
    assert found == []
    assert (voucher.key, voucher.day, [row.amount.minor for row in voucher.rows]) == (
        "V1", date(2026, 3, 2), [10_000, -10_000],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        ("１００", "import.amount"),
        ('"1,000.00"', "import.amount"),
        ("1e3", "import.amount"),
        ("NaN", "import.amount"),
        ("100.005", "import.amount"),
        ("=1+1", "import.amount"),
        ("+5.00", "import.amount"),
        ("-5.00", "import.amount-sign"),
        ("", "import.amount"),
        ("99999999999999.00", "import.amount"),
    ],
)
def test_an_amount_that_is_not_plain_is_refused_and_named(amount: str, code: str) -> None:
    wrong = f"V1,,2401,CNY,C,{amount},\n"
    assert faults(HEAD + LINE + wrong) == [(3, "amount", code)]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "@SUM(A1)", "-1"])
def test_words_that_a_spreadsheet_would_run_are_refused(text: str) -> None:
    assert faults(HEAD + f'V1,2026-03-02,2201,CNY,D,1.00,"{text}"\n') == [(2, "reason", "import.formula")]


def test_every_wrong_line_is_named_with_its_column() -> None:
    text = HEAD + LINE + "V1,,9999,CNY,C,1.00,\nV2,2026-02-30,2201,CNY,D,1.00,x\nV3,2026-03-02,2201,USD,X,1.00,x\n"
    assert faults(text) == [
        (3, "account", "import.account"),
        (4, "date", "import.date"),
        (5, "currency", "import.currency"),
    ]


def test_the_lines_of_a_voucher_agree_with_its_first() -> None:
    assert faults(HEAD + LINE + "V1,2026-03-03,2401,CNY,C,100.00,\n") == [(3, "date", "import.voucher-differs")]


@pytest.mark.parametrize(
    ("head", "column"),
    [
        ("voucher,date,account,currency,side,amount\n", "reason"),
        ("voucher,date,account,currency,amount,reason\n", "side + amount / debit + credit"),
        ("voucher,date,account,currency,side,amount,reason,ammount\n", "ammount"),
        ("voucher,voucher,date,account,currency,side,amount,reason\n", "voucher"),
    ],
)
def test_a_header_that_does_not_fit_is_refused(head: str, column: str) -> None:
    with pytest.raises(InputRefused) as refused:
        read((head + LINE).encode())
    assert column in {breach.params["column"] for breach in refused.value.breaches}


@pytest.mark.parametrize(
    "content", [b"", HEAD.encode(), b"\xff\xfe\x00", b"PK\x03\x04nonsense", (HEAD + 'V1,"x').encode()]
)
def test_what_is_no_file_of_lines_is_refused(content: bytes) -> None:
    with pytest.raises(InputRefused):
        read(content)


def test_debit_and_credit_columns_stand_for_side_and_amount() -> None:
    head = "voucher,date,account,currency,debit,credit,reason\n"
    (voucher,), found = vouchers(read((head + "V,2026-03-02,2201,HKD,5.00,,x\nV,,2401,HKD,,5.00,\n").encode()))
    assert found == []
    assert [str(row.amount) for row in voucher.rows] == ["HKD 5.00", "HKD -5.00"]
    assert faults(head + "V,2026-03-02,2201,HKD,5.00,5.00,x\n") == [(2, "debit", "import.amount-missing")]


ROWS = [
    ["voucher", "date", "account", "currency", "side", "amount", "reason"],
    ["V1", date(2026, 3, 2), 2201, "CNY", "D", 1.1, "承前結餘"],
    ["V1", None, 2401, "CNY", "C", 1.1, None],
]


def openpyxl_file() -> bytes:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xlsxwriter_file() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, row in enumerate(ROWS):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell, day)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return buffer.getvalue()


@pytest.mark.parametrize("content", [openpyxl_file(), xlsxwriter_file()], ids=["openpyxl", "xlsxwriter"])
def test_a_workbook_says_the_same_as_a_csv(content: bytes) -> None:
    (voucher,), found = vouchers(read(content))
    assert found == []
    assert (voucher.day, voucher.reason, voucher.line) == (date(2026, 3, 2), "承前結餘", 2)
    assert [str(row.amount) for row in voucher.rows] == ["CNY 1.10", "CNY -1.10"]


def test_a_formula_in_a_workbook_is_refused() -> None:
    book = openpyxl.Workbook()
    for row in [*ROWS[:2], ["V1", None, 2401, "CNY", "C", "=F2", None]]:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    _, found = vouchers(read(buffer.getvalue()))
    assert [(breach.params["line"], breach.params["column"]) for breach in found] == [(3, "amount")]


def test_the_documented_layout_names_every_column() -> None:
    from pathlib import Path

    text = Path(__file__).parents[3].joinpath("docs", "ledger-import.md").read_text(encoding="utf-8")
    assert set(COLUMNS) <= set(re.findall(r"^\| `([a-z]+)`", text, re.MULTILINE))


@given(st.integers(0, MAX_MINOR), st.sampled_from(Currency))
def test_every_amount_written_plainly_is_read_back_exactly(minor: int, currency: Currency) -> None:
    amount = Money(minor, currency)
    assert parse_amount(str(amount.amount), currency) == amount


@given(st.text(alphabet="0123456789.,-+eE =@０１２٣\t'\u00a0", max_size=18))
def test_whatever_text_is_given_the_amount_is_exact_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text, Currency.HKD)
    except ValueError:
        return
    assert re.fullmatch(r"[0-9]{1,13}(\.[0-9]{1,2})?", text.strip())
    assert amount.amount == Decimal(text.strip())
