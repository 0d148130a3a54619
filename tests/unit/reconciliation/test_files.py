"""Files of banks: what is read exactly, and everything hostile or wrong refused by name."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import xlsxwriter

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.reconciliation import bank_tables, camt
from app.reconciliation.commands import TableLayout
from app.reconciliation.statements import StatementRead
from app.reconciliation.states import DateForm, DecimalMark
from tests.builders import banking
from tests.builders.banking import entry, hkd

NUMBER = "000000000123"
LAYOUT = TableLayout(
    booked_on="Date",
    amount="Amount",
    reference="Ref",
    text="Details",
    first_day=date(2026, 9, 1),
    last_day=date(2026, 9, 30),
    opening=hkd("0.00"),
    closing=hkd("750.00"),
)


def read(content: bytes) -> StatementRead:
    return camt.read(content, Currency.HKD)[0]


def refused(content: bytes) -> list[tuple[str, Mapping[str, Any]]]:
    with pytest.raises(InputRefused) as found:
        camt.read(content, Currency.HKD)
    assert all(each.field == "file" and each.message % dict(each.params) for each in found.value.breaches)
    return [(each.code, each.params) for each in found.value.breaches]


def test_a_camt_statement_is_read_to_the_cent() -> None:
    found = read(banking.camt(NUMBER, *banking.SOUND))
    assert (found.account, found.bank_number) == (NUMBER, "2026-09")
    assert (found.first_day, found.last_day) == (date(2026, 9, 1), date(2026, 9, 30))
    assert (found.opening, found.closing) == (hkd("0.00"), hkd("750.00"))
    assert [each.amount for each in found.lines] == [hkd("1000.00"), hkd("-250.00")]
    assert (found.lines[0].text, found.lines[0].bank_reference) == ("DSB-2026-00042", "BR1")


def test_version_two_of_the_message_is_read_like_version_eight() -> None:
    old = banking.camt(NUMBER, *banking.SOUND, namespace="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02")
    old = old.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
    assert read(old) == read(banking.camt(NUMBER, *banking.SOUND))


def test_entries_that_are_not_booked_do_not_count() -> None:
    content = banking.camt(NUMBER, *banking.SOUND, entry("9.00", "2026-09-29", status="PDNG"))
    assert len(read(content).lines) == 2


def test_an_overdrawn_balance_is_negative() -> None:
    assert read(banking.camt(NUMBER, opening="-10.00", closing="-10.00")).opening == hkd("-10.00")


def test_without_days_of_its_own_a_statement_begins_with_its_first_line() -> None:
    content = banking.camt(NUMBER, *banking.SOUND)
    begin, end = content.index(b"<FrToDt>"), content.index(b"</FrToDt>") + len(b"</FrToDt>")
    assert read(content[:begin] + content[end:]).first_day == date(2026, 9, 3)


LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY a{n} '&{'a' if n == 1 else f'a{n - 1}'};{'&a;' * 9}'>" for n in range(1, 10)
) + "]>"  # fmt: skip
OUTSIDE = "<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
FAR = "<!DOCTYPE d SYSTEM 'http://localhost:9/x.dtd'>"
STYLE = "<?xml-stylesheet href='http://localhost:9/x.xsl'?>"


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE, FAR, STYLE], ids=["laughs", "entity", "dtd", "style"])
def test_entities_doctypes_and_style_sheets_are_refused_unread(head: str) -> None:
    codes = [code for code, _params in refused(banking.camt(NUMBER, *banking.SOUND, head=head))]
    assert codes in (["evidence.xml-entities"], ["evidence.xml-style"])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<a>", "evidence.damaged"),
        (b"<a/>", "bank-file.not-camt"),
        (banking.camt(NUMBER, namespace="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"), "bank-file.not-camt"),
        (b"<x>" * 100 + b"</x>" * 100, "evidence.too-complex"),
    ],
)
def test_what_is_no_bank_statement_is_refused(content: bytes, code: str) -> None:
    assert [found for found, _params in refused(content)] == [code]


@pytest.mark.parametrize(
    ("wrong", "code", "element"),
    [
        (entry("1.005", "2026-09-03"), "bank-file.amount", "Ntry[3]/Amt"),
        (entry("1,00", "2026-09-03"), "bank-file.amount", "Ntry[3]/Amt"),
        (entry("1e3", "2026-09-03"), "bank-file.amount", "Ntry[3]/Amt"),
        (entry("NaN", "2026-09-03"), "bank-file.amount", "Ntry[3]/Amt"),
        (entry("١", "2026-09-03"), "bank-file.amount", "Ntry[3]/Amt"),
        (entry("99999999999999.00", "2026-09-03"), "bank-file.amount", "Ntry[3]/Amt"),
        (entry("1.00", "2026-09-03", currency="USD"), "bank-file.currency", "Ntry[3]/Amt/@Ccy"),
        (entry("1.00", "2026-09-31"), "bank-file.day", "Ntry[3]/BookgDt"),
        (entry("1.00", "2026-09-03").replace("CRDT", "PLUS"), "bank-file.sign", "Ntry[3]/CdtDbtInd"),
    ],
)
def test_a_wrong_entry_is_named_by_its_number_and_element(wrong: str, code: str, element: str) -> None:
    found = refused(banking.camt(NUMBER, *banking.SOUND, wrong))
    assert (code, element) in [(each, params["element"]) for each, params in found]


def test_a_statement_in_another_currency_or_without_a_balance_is_refused() -> None:
    assert refused(banking.camt(NUMBER, currency="CNY"))[0][0] == "bank-file.currency"
    assert refused(banking.camt(NUMBER).replace(b"CLBD", b"ITBD"))[0][0] == "bank-file.no-balance"
    without = banking.camt(NUMBER)
    begin, end = without.index(b"<Stmt>"), without.index(b"</Stmt>") + len(b"</Stmt>")
    assert refused(without[:begin] + without[end:])[0][0] == "bank-file.no-statement"


# Tables

CSV = 'Ref,Date,Details,Amount,Branch\nA1,2026-09-03,DSB-2026-00042,"1,000.00",7\n,2026-09-21,Reagents,-250,7\n\n'


def test_a_table_is_read_by_its_layout_whatever_else_it_holds() -> None:
    found = bank_tables.read(CSV.encode("utf-8-sig"), LAYOUT, Currency.HKD)[0]
    assert [each.amount for each in found.lines] == [hkd("1000.00"), hkd("-250.00")]
    assert (found.lines[0].bank_reference, found.lines[0].text) == ("A1", "DSB-2026-00042")
    assert (found.opening, found.closing) == (hkd("0.00"), hkd("750.00"))


def test_two_columns_of_amounts_other_days_and_commas() -> None:
    layout = replace(
        LAYOUT, amount="", paid_in="In", paid_out="Out", date_form=DateForm.DAY_FIRST, decimal_mark=DecimalMark.COMMA,
        reference="", text="",
    )  # fmt: skip
    text = 'date;In;Out\n03/09/2026;"1.000,00";\n21/09/2026;;"250,00"\n'.replace(";", ",")
    found = bank_tables.read(text.encode(), layout, Currency.HKD)[0]
    assert [(each.booked_on.day, each.amount) for each in found.lines] == [(3, hkd("1000.00")), (21, hkd("-250.00"))]


def test_a_workbook_is_read_like_its_csv() -> None:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made)
    sheet = book.add_worksheet()
    rows = [("Ref", "Date", "Details", "Amount"), ("A1", "2026-09-03", "Grant", 1000.1), ("", "2026-09-21", "Fee", -2)]
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    found = bank_tables.read(made.getvalue(), LAYOUT, Currency.HKD)[0]
    assert [each.amount for each in found.lines] == [hkd("1000.10"), hkd("-2.00")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (CSV.replace("-250", "-250.005"), "bank-file.amount"),
        (CSV.replace("-250", "=1+1"), "bank-file.amount"),
        (CSV.replace("1,000.00", "10,00.00"), "bank-file.amount"),
        (CSV.replace("2026-09-21", "21 September"), "bank-file.day"),
        (CSV.replace("Date", "When"), "bank-file.column"),
        (CSV.replace("Branch", "Date"), "bank-file.column"),
        ('a,"b\n', "import.unreadable"),
    ],
)
def test_a_wrong_table_is_refused_by_line_and_column(text: str, code: str) -> None:
    with pytest.raises(InputRefused) as found:
        bank_tables.read(text.encode(), LAYOUT, Currency.HKD)
    assert [each.code for each in found.value.breaches] == [code]


@pytest.mark.parametrize(
    ("layout", "fields"),
    [
        (replace(LAYOUT, booked_on="", opening=None), ["opening", "booked_on"]),
        (replace(LAYOUT, amount=""), ["amount"]),
        (replace(LAYOUT, paid_in="In", paid_out="Out"), ["amount"]),
        (replace(LAYOUT, amount="", paid_in="In"), ["amount"]),
    ],
)
def test_what_a_layout_lacks_is_named_by_its_field(layout: TableLayout, fields: list[str]) -> None:
    with pytest.raises(InputRefused) as found:
        bank_tables.read(CSV.encode(), layout, Currency.HKD)
    assert [each.field for each in found.value.breaches] == fields
