"""Notifications (camt.054): read exactly, refused by name, and what they add to a statement's lines."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from app.bank_notices.marks import identifiers_of
from app.bank_notices.models import BankNoticeEntry
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.reconciliation import bank_files, camt_notices, notified
from app.reconciliation.notified import LineShown
from app.reconciliation.statements import AccountNamed, NoticeRead
from app.reconciliation.states import Standing, StatementSource
from app.web.uploads import XML, Upload
from tests.builders import banking
from tests.builders.bank_notices import OLD_NAMESPACE, camt054, entry, part
from tests.builders.banking import hkd

SCHEMA = Path(__file__).resolve().parents[2] / "schemas" / "camt.054.001.08.xsd"
NUMBER = "000000000123"
UETR = "0f7c2d31-8a64-4b1e-9d55-3c6e21b07a94"
BATCH = entry("-300.00", "2026-09-03", part("DSB-2026-00051", uetr=UETR), part("DSB-2026-00052"), charge="5.00")
BACK = entry("120.00", "2026-09-04", part("DSB-2026-00061", reason="AC04"), reference="BR2")
TOTALS = (
    "<TxsSummry><TtlNtries><NbOfNtries>2</NbOfNtries><Sum>420.00</Sum></TtlNtries>"
    "<TtlDbtNtries><NbOfNtries>1</NbOfNtries><Sum>300.00</Sum></TtlDbtNtries></TxsSummry>"
)
SOUND = camt054(NUMBER, BATCH, BACK, totals=TOTALS)


def read(content: bytes) -> NoticeRead:
    (found,) = camt_notices.read(content, Currency.HKD, NUMBER)
    return found


def refused(content: bytes) -> list[tuple[str, object]]:
    with pytest.raises(InputRefused) as found:
        camt_notices.read(content, Currency.HKD, NUMBER)
    assert all(each.field == "file" and each.message % dict(each.params) for each in found.value.breaches)
    return [(each.code, each.params.get("element")) for each in found.value.breaches]


def test_the_sample_is_valid_by_the_schema_of_the_message() -> None:
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(etree.fromstring(SOUND)), schema.error_log


def test_a_notification_is_read_to_the_cent_with_everything_that_identifies_its_entries() -> None:
    batch, back = read(SOUND).entries
    assert (batch.amount, batch.charge, batch.bank_reference) == (hkd("-300.00"), hkd("5.00"), "BR1")
    assert (batch.end_to_end, batch.uetr) == ("DSB-2026-00051 DSB-2026-00052", UETR)
    assert (back.amount, back.return_reason) == (hkd("120.00"), "AC04")
    assert camt_notices.accounts(SOUND) == (AccountNamed(NUMBER, "HKD"),)


def test_version_two_of_the_message_is_read_like_version_eight() -> None:
    old = camt054(NUMBER, BATCH, BACK, namespace=OLD_NAMESPACE).replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
    assert read(old) == read(SOUND)


def test_an_entry_that_is_not_booked_does_not_count() -> None:
    assert len(read(camt054(NUMBER, BATCH, entry("1.00", "2026-09-05", status="PDNG"))).entries) == 1


def test_the_content_says_whether_it_is_a_notification_or_a_statement() -> None:
    assert bank_files.source_of(Upload("a.xml", SOUND, XML)) is StatementSource.CAMT_054
    statement = banking.camt(NUMBER, *banking.SOUND)
    assert bank_files.source_of(Upload("a.xml", statement, XML)) is StatementSource.CAMT_053


@pytest.mark.parametrize(
    ("content", "code", "element"),
    [
        (camt054(NUMBER, entry("1.005", "2026-09-03")), "bank-file.amount", "Ntry[1]/Amt"),
        (camt054(NUMBER, BATCH, entry("1.00", "2026-09-31")), "bank-file.day", "Ntry[2]/BookgDt"),
        (camt054(NUMBER, entry("1.00", "2026-09-03", currency="USD")), "bank-file.currency", "Ntry[1]/Amt/@Ccy"),
        (camt054(NUMBER, BATCH, totals=TOTALS), "bank-file.total", "TxsSummry/TtlNtries/NbOfNtries"),
        (SOUND.replace(b"420.00", b"420.01"), "bank-file.total", "TxsSummry/TtlNtries/Sum"),
        (SOUND.replace(b"<Sum>300.00", b"<Sum>299.00"), "bank-file.total", "TxsSummry/TtlDbtNtries/Sum"),
        (banking.camt(NUMBER, *banking.SOUND), "bank-file.not-camt", "Document"),
        (b"<a>", "evidence.damaged", None),
        (camt054(NUMBER, head="<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"), "evidence.xml-entities", None),
        (camt054(NUMBER, head="<!DOCTYPE d SYSTEM 'http://localhost:9/x.dtd'>"), "evidence.xml-entities", None),
    ],
)
def test_what_is_wrong_or_hostile_is_refused_by_name(content: bytes, code: str, element: str | None) -> None:
    assert (code, element) in refused(content)


def test_the_totals_of_one_page_of_several_are_not_held_against_it() -> None:
    page = b"<NtfctnPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></NtfctnPgntn>"
    content = camt054(NUMBER, BATCH, totals=TOTALS).replace(b"</Id><CreDtTm>", b"</Id>" + page + b"<CreDtTm>", 1)
    assert len(read(content).entries) == 1


def kept(
    number: int, amount: str, day: date = date(2026, 9, 3), reference: str = "BR1", **said: str
) -> BankNoticeEntry:
    return BankNoticeEntry(
        id=UUID(int=number),
        booked_on=day,
        value_on=day,
        amount_minor=hkd(amount).minor,
        currency="HKD",
        bank_reference=reference,
        **{
            "end_to_end": "",
            "uetr": "",
            "text": "",
            "return_reason": "",
            "counterparty": "",
            "reversal": False,
            **said,
        },
    )


def test_entries_of_one_reference_belong_to_a_line_only_where_they_make_up_its_amount() -> None:
    first, second = kept(1, "-100.00", end_to_end="DSB-1"), kept(2, "-200.00", end_to_end="DSB-2")
    assert notified.belonging(hkd("-300.00"), (first, second)) == (first, second)
    assert notified.belonging(hkd("-200.00"), (first, second)) == (second,)
    assert notified.belonging(hkd("-250.00"), (first, second)) == ()
    assert notified.told((first, second)).end_to_end == "DSB-1 DSB-2"


def test_an_entry_waits_until_the_statements_reach_its_day_and_is_then_shown_or_missing() -> None:
    early, late = kept(1, "-100.00"), kept(2, "-50.00", date(2026, 9, 9), "BR9", end_to_end="DSB-2026-00042")
    on_it = LineShown("BR1", frozenset(), hkd("-100.00").minor)

    def stands(lines: list[LineShown], reach: date | None) -> list[Standing]:
        return list(notified.standings((early, late), lines, reach).values())

    assert stands([], None) == [Standing.WAITING, Standing.WAITING]
    assert stands([], date(2026, 9, 5)) == [Standing.MISSING, Standing.WAITING]
    assert stands([on_it], date(2026, 9, 5)) == [Standing.SHOWN, Standing.WAITING]
    by_name = LineShown("OTHER", identifiers_of("DSB-2026-00042"), hkd("-50.00").minor)
    assert stands([on_it, by_name], date(2026, 9, 30)) == [Standing.SHOWN, Standing.SHOWN]


def test_several_entries_that_are_one_line_together_are_shown_by_it() -> None:
    both = (kept(1, "-100.00"), kept(2, "-200.00"))
    line = LineShown("BR1", frozenset(), hkd("-300.00").minor)
    assert set(notified.standings(both, [line], date(2026, 9, 30)).values()) == {Standing.SHOWN}
