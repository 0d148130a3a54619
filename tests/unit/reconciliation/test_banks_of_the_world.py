"""Statements in the manner of banks of several countries: each is read to the cent, with what identifies a line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.money import total
from app.reconciliation import camt, mt940_files, rules
from app.reconciliation.statements import AccountNamed, LineRead, StatementRead, is_number_of
from app.web.uploads import TEXT, sniff
from tests.builders import bank_samples, banking
from tests.builders.bank_samples import CAMT, MT940, NUMBER, UETR, swift
from tests.builders.banking import hkd

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"
EVERY = [pytest.param(camt.read, content, id=name) for name, content in CAMT.items()] + [
    pytest.param(mt940_files.read, content, id=name) for name, content in MT940.items()
]


def lines(name: str) -> tuple[LineRead, ...]:
    reader, content = (camt.read, CAMT[name]) if name in CAMT else (mt940_files.read, MT940[name])
    return reader(content, Currency.HKD, NUMBER)[0].lines


@pytest.mark.parametrize("name", CAMT)
def test_each_camt_sample_is_valid_by_the_schema_of_its_version(name: str) -> None:
    tree = etree.fromstring(CAMT[name])
    version = etree.QName(tree).namespace.rsplit(":", 1)[-1]
    schema = etree.XMLSchema(etree.parse(str(SCHEMAS / f"{version}.xsd")))
    assert schema.validate(tree), schema.error_log


@pytest.mark.parametrize(("reader", "content"), EVERY)
def test_each_sample_is_one_statement_that_adds_up(reader: object, content: bytes) -> None:
    (found,) = reader(content, Currency.HKD, NUMBER)  # type: ignore[operator]
    assert (found.opening, found.closing, found.last_day) == (hkd("1000.00"), hkd("1414.75"), date(2026, 9, 30))
    assert rules.statement_breaches(found, []) == []
    assert total((line.amount for line in found.lines), Currency.HKD) == hkd("414.75")
    assert is_number_of(found.account, NUMBER)


def test_a_batch_is_one_line_with_every_identifier_and_its_charge() -> None:
    batch = lines("alpine")[0]
    assert batch.end_to_end == "DSB-2026-00051 DSB-2026-00052 DSB-2026-00053"
    assert (batch.amount, batch.charge, batch.counterparty) == (hkd("-600.25"), hkd("0.25"), "")


def test_a_returned_payment_keeps_the_reason_and_names_whom_it_was_paid_to() -> None:
    returned, fee = lines("rhineland")
    assert (returned.return_reason, returned.reversal) == ("AC04 KONTO ERLOSCHEN", True)
    assert returned.counterparty == "Institut für Strömung"
    assert (returned.mandate_reference, returned.clearing_reference) == ("M-4471", "CLR-20260914-8")
    assert (fee.return_reason, fee.reversal, fee.bank_reference) == ("", False, "RT-9914")


def test_a_uetr_an_ultimate_debtor_and_chinese_text_are_kept() -> None:
    line = lines("harbour")[0]
    assert (line.uetr, line.counterparty, line.counterparty_account) == (UETR, "深圳河套研究基金", "7559 1234 5678")
    assert line.text == "第二期研究经费"


def test_an_entry_without_a_booking_day_is_booked_on_its_value_day() -> None:
    assert lines("fjords")[0].booked_on == date(2026, 9, 17)
    assert lines("fjords")[0].charge is None


def test_reversals_of_mt940_have_the_sign_of_the_money() -> None:
    assert [(each.amount, each.reversal) for each in lines("network")] == [
        (hkd("500.00"), False), (hkd("-100.00"), True), (hkd("14.75"), True),
    ]  # fmt: skip


def test_the_words_of_field_86_become_the_parts_of_a_line() -> None:
    first = lines("network")[0]
    assert (first.end_to_end, first.counterparty) == ("DSB-2026-00042", "Stichting Rivierfonds")
    assert first.counterparty_account == "NL69INGB0123456789"
    returned = lines("structured")[0]
    assert (returned.end_to_end, returned.return_reason) == ("DSB-2026-00061", "AC04")
    assert returned.counterparty == "Institut für Strömung"


def test_mt940_in_a_mainland_character_set_is_read() -> None:
    assert lines("mainland")[0].text == "付款人 深圳河套研究基金 第二期研究经费"
    assert lines("structured")[1].text == "ENTGELT · Rückgabe"


def test_mt940_is_known_as_text_whatever_its_character_set() -> None:
    for name, content in MT940.items():
        assert (sniff(content), mt940_files.is_mt940(content)) == (TEXT, True), name
    assert not mt940_files.is_mt940(b"Date,Amount,:20:,:25:")


def refused(content: bytes) -> list[str]:
    with pytest.raises(InputRefused) as found:
        mt940_files.read(content, Currency.HKD, NUMBER)
    assert all(each.message % dict(each.params) for each in found.value.breaches)
    return [each.code for each in found.value.breaches]


LINE = ":61:2609030903C414,75NTRFNONREF//B1"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (swift(":61:2609030903C414,755NTRFNONREF//B1"), "bank-file.amount"),
        (swift(":61:2609310903C414,75NTRFNONREF//B1"), "bank-file.unreadable"),
        (swift(":61:2609030903X414,75NTRFNONREF//B1"), "bank-file.unreadable"),
        (swift(":61:2609030903C414,7,5NTRFNONREF//B1"), "bank-file.unreadable"),
        (swift(":61:2609030903C400,00", LINE), "bank-file.line-lost"),
        (swift(LINE, opening="C260831EUR1000,00", closing="C260930EUR1414,75"), "bank-file.currency"),
        (swift(LINE).replace(":62F:", ":62M:"), "bank-file.no-balance"),
        (swift(LINE).replace(":60F:", ":60M:"), "bank-file.no-balance"),
        (":20:X\r\n:25:1\r\n", "bank-file.no-balance"),
        (swift(*[LINE] * 50_001), "bank-file.too-long"),
        (":20:X\n:25:1\n" + ":20:\n" * 5_000, "bank-file.too-long"),
        (swift(LINE, ":86:" + "x" * 10_001), "bank-file.too-long"),
        ("nothing of the kind", "bank-file.no-statement"),
    ],
)
def test_a_wrong_mt940_is_refused_by_name(content: str, code: str) -> None:
    assert code in refused(content.encode())


def test_what_a_file_says_is_never_written_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    refused(swift(":61:2609030903X414,75NTRFNONREF//B1").encode())
    assert caplog.text == ""


def test_a_part_that_does_not_continue_the_one_before_is_refused() -> None:
    broken = MT940["in_parts"].replace(b":60M:C260915HKD1500,00", b":60M:C260915HKD1400,00")
    assert refused(broken) == ["bank-file.parts"]


def test_a_text_that_names_a_file_is_never_opened(tmp_path: Path) -> None:
    place = tmp_path / "statement.sta"
    place.write_bytes(MT940["network"])
    assert refused(str(place).encode()) == ["bank-file.no-statement"]


def test_a_balance_that_the_lines_do_not_reach_is_refused() -> None:
    (found,) = mt940_files.read(swift(":61:2609030903C414,74NTRFNONREF//B1").encode(), Currency.HKD)
    assert [each.code for each in rules.statement_breaches(found, [])] == ["bank-statement.adds-up"]


def test_a_file_of_several_accounts_gives_each_its_own_statements() -> None:
    ours, theirs = banking.camt("000000000123", *banking.SOUND), banking.camt("999999999999", closing="0.00")
    both = ours.replace(b"</Stmt>", b"</Stmt>" + theirs[theirs.index(b"<Stmt>") : theirs.index(b"</BkToCstmrStmt>")])
    assert camt.accounts(both) == (AccountNamed("000000000123", "HKD"), AccountNamed("999999999999", "HKD"))
    assert [each.account for each in camt.read(both, Currency.HKD, "999999999999")] == ["999999999999"]
    assert len(camt.read(both, Currency.HKD, "5555")) == 2


def test_a_skipped_number_of_the_banks_count_is_told_and_a_new_year_is_not() -> None:
    def counted(*sequence: int) -> list[StatementRead]:
        day, nil = date(2026, 9, 1), hkd("0.00")
        return [StatementRead(day, day, nil, nil, (), sequence=each) for each in sequence]

    assert rules.sequence_notes(counted(8, 9), 7) == []
    assert rules.sequence_notes(counted(8), None) == []
    assert [dict(each.params) for each in rules.sequence_notes(counted(8, 10), 7)] == [{"last": 8, "next": 10}]
    assert rules.sequence_notes(counted(1), 253) == []


def test_a_line_of_the_banks_own_reference_that_stands_already_is_refused() -> None:
    (found,) = mt940_files.read(swift(LINE).encode(), Currency.HKD)
    known = {rules.mark_of(found.lines[0]): "BST-2026-00001"}
    assert [each.code for each in rules.lines_are_new(found, known)] == ["bank-statement.line-known"]
    assert rules.lines_are_new(found, {}) == []
    assert found.account == bank_samples.NUMBER
