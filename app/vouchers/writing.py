"""Voucher lines and their control totals into a file: CSV files in a ZIP, or an XLSX workbook. Bytes in, nothing else.

Words never become formulas; amounts are decimal text with the profile's mark, never rounded; red ink stays negative on
its own side. The control totals stand beside the lines (a file, a sheet of their own), never among them.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter

from app.kernel.money import Money
from app.kernel.spreadsheet_text import csv_file, harmless
from app.ledger.balances import PostingRow
from app.vouchers.rules import ControlTotal, OwnAccount
from app.vouchers.states import DateFormat, DecimalMark, FileType, VoucherColumn

CONTROL_HEAD = ("currency", "lines", "debit", "credit", "ledger_debit", "ledger_credit")
ZIP = "application/zip"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STAMP = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Style:
    """A profile's wishes."""

    file_type: FileType
    columns: tuple[VoucherColumn, ...]
    date_format: DateFormat
    decimal_mark: DecimalMark
    header: bool


@dataclass(frozen=True, slots=True)
class VoucherLine:
    """One posting with the institution's own account for it, and the contract's reference."""

    row: PostingRow
    own: OwnAccount
    contract: str


def write(lines: Sequence[VoucherLine], totals: Sequence[ControlTotal], style: Style) -> bytes:
    """The file's bytes, the same for the same lines."""
    table = [_cells(line, style) for line in lines]
    control = [_control(total, style) for total in totals]
    head = [column.value for column in style.columns] if style.header else None
    if style.file_type is FileType.XLSX:
        return _workbook(head, table, control)
    parts = {"vouchers.csv": csv_file(head, table), "control-totals.csv": csv_file(CONTROL_HEAD, control)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _cells(line: VoucherLine, style: Style) -> list[str]:
    row = line.row
    is_debit = row.side == "D"
    values = {
        VoucherColumn.VOUCHER: str(row.entry_id),
        VoucherColumn.LINE: str(row.line_no),
        VoucherColumn.DATE: row.effective_on.strftime(style.date_format.pattern),
        VoucherColumn.ACCOUNT: harmless(line.own.code),
        VoucherColumn.ACCOUNT_NAME: harmless(line.own.name),
        VoucherColumn.CURRENCY: row.amount.currency.value,
        VoucherColumn.SIDE: row.side,
        VoucherColumn.AMOUNT: _amount(row.amount, style),
        VoucherColumn.DEBIT: _amount(row.amount, style) if is_debit else "",
        VoucherColumn.CREDIT: "" if is_debit else _amount(-row.amount, style),
        VoucherColumn.FUNCTIONAL: _amount(row.functional, style),
        VoucherColumn.REASON: harmless(" ".join(row.reason.split())),
        VoucherColumn.CONTRACT: line.contract,
        VoucherColumn.HEADING: row.heading.value if row.heading else "",
        VoucherColumn.OUR_ACCOUNT: row.code.value,
    }
    return [values[column] for column in style.columns]


def _control(total: ControlTotal, style: Style) -> list[str]:
    amounts = (total.debit, total.credit, total.ledger_debit, total.ledger_credit)
    return [total.currency.value, str(total.lines), *(_amount(amount, style) for amount in amounts)]


def _amount(amount: Money, style: Style) -> str:
    text = str(amount.amount)
    return text.replace(".", ",") if style.decimal_mark is DecimalMark.COMMA else text


def _workbook(head: Sequence[str] | None, rows: Sequence[Sequence[str]], control: Sequence[Sequence[str]]) -> bytes:
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        for name, table in (
            ("Vouchers", [*([head] if head else []), *rows]),
            ("Control totals", [CONTROL_HEAD, *control]),
        ):
            sheet = book.add_worksheet(name)
            for number, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    sheet.write_string(number, column, cell)
    return buffer.getvalue()
