"""Voucher files: the ledger to the cent, under the institution's codes, by two people, or not at all."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.ledger.chart import AccountCode
from app.ledger.headings import Heading
from app.vouchers import queries, service
from app.vouchers.service import MapAccount, WantedFile
from app.vouchers.states import DateFormat, DecimalMark, FileType, SettingStatus
from tests.builders import payments, statements, vouchers
from tests.builders.payments import NOW, PaymentWorld

WANTED = WantedFile("Usual", date(2020, 1, 1), date(2026, 12, 31))
BANK = MapAccount(AccountCode.BANK, Currency.HKD, "1002")


@pytest.fixture
def world(session: Session) -> PaymentWorld:
    return statements.worked_example(session)


def ready(session: Session, world: PaymentWorld, **profile: object) -> None:
    vouchers.all_mapped(session, world.grantee, world.finance, world.other_finance)
    vouchers.profile(session, world.grantee, world.finance, world.other_finance, **profile)  # type: ignore[arg-type]


def rows_of(content: bytes, name: str = "vouchers.csv") -> list[dict[str, str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"))))


def test_the_file_adds_up_to_the_ledger_to_the_cent(session: Session, world: PaymentWorld) -> None:
    ready(session, world)
    made = service.hand_out(session, world.finance, world.grantee.code, WANTED, now=NOW)
    rows, control = rows_of(made.content), rows_of(made.content, "control-totals.csv")
    expected = queries.turnover(session, world.grantee.id, WANTED.first_day, WANTED.last_day)
    for total in control:
        mine = [row for row in rows if row["currency"] == total["currency"]]
        debit = sum((Decimal(row["debit"]) for row in mine if row["debit"]), Decimal(0))
        credit = sum((Decimal(row["credit"]) for row in mine if row["credit"]), Decimal(0))
        ledger = expected[Currency(total["currency"])]
        assert (debit, credit) == (ledger[0].amount, ledger[1].amount)
        assert (str(debit), str(len(mine))) == (str(Decimal(total["debit"])), total["lines"])
    assert len(rows) > 5
    assert {row["account"][:3] for row in rows} == {"GL-"}


def test_only_the_days_asked_for_are_in_the_file(session: Session, world: PaymentWorld) -> None:
    ready(session, world)
    days = [row.effective_on for row in queries.postings(session, world.grantee.id, WANTED.first_day, WANTED.last_day)]
    middle = sorted(days)[len(days) // 2]
    checked = service.check(session, world.finance, world.grantee.code, WantedFile("", middle, middle))
    assert checked.agrees
    assert {line.row.effective_on for line in checked.lines} == {middle}


def test_an_account_without_a_code_is_refused_by_name(session: Session, world: PaymentWorld) -> None:
    vouchers.profile(session, world.grantee, world.finance, world.other_finance)
    vouchers.mapped(session, world.grantee, world.finance, world.other_finance, BANK)
    with pytest.raises(RuleBreached) as refused:
        service.hand_out(session, world.finance, world.grantee.code, WANTED, now=NOW)
    named = {(breach.params["account"], breach.params["currency"]) for breach in refused.value.breaches}
    assert ("4101", "CNY") in named
    assert ("1001", "HKD") not in named
    assert all(breach.cure for breach in refused.value.breaches)


def test_a_profile_says_how_the_file_is_written(session: Session, world: PaymentWorld) -> None:
    ready(
        session,
        world,
        file_type=FileType.XLSX,
        columns="date,voucher,account,currency,side,amount,reason",
        date_format=DateFormat.DAY_FIRST,
        decimal_mark=DecimalMark.COMMA,
    )
    made = service.hand_out(session, world.finance, world.grantee.code, WANTED, now=NOW)
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    rows = list(book["Vouchers"].iter_rows(values_only=True))
    assert rows[0] == ("date", "voucher", "account", "currency", "side", "amount", "reason")
    day, amount = str(rows[1][0]), str(rows[1][5])
    assert (day[2], day[5], amount[-3]) == ("/", "/", ",")
    assert [row[0] for row in book["Control totals"].iter_rows(values_only=True)] == ["currency", "CNY", "HKD"]


def test_the_code_of_a_contract_and_a_heading_are_narrower(session: Session, world: PaymentWorld) -> None:
    ready(session, world)
    narrow = MapAccount(AccountCode.GRANT_RECEIVED, Currency.CNY, "4001-PRJ", contract=world.contract.reference)
    vouchers.mapped(session, world.grantee, world.finance, world.other_finance, narrow)
    made = service.hand_out(session, world.finance, world.grantee.code, WANTED, now=NOW)
    codes = {row["account"] for row in rows_of(made.content)}
    assert "4001-PRJ" in codes
    assert "GL-4101-CNY" not in codes


def test_a_second_person_confirms_and_the_earlier_code_is_replaced(session: Session, world: PaymentWorld) -> None:
    first = vouchers.mapped(session, world.grantee, world.finance, world.other_finance, BANK)
    row = service.propose_mapping(
        session, world.finance, world.grantee.code, MapAccount(AccountCode.BANK, Currency.HKD, "1002.02"), now=NOW
    )
    with pytest.raises(NotPermitted):
        service.confirm_mapping(session, world.finance, row.id, version=row.version, now=NOW)
    service.confirm_mapping(session, world.other_finance, row.id, version=row.version, now=NOW)
    assert (first.status, row.status) == (SettingStatus.REPLACED, SettingStatus.CONFIRMED)
    with pytest.raises(Conflict):
        service.refuse_mapping(session, world.other_finance, row.id, version=row.version, now=NOW)


def test_a_proposal_changes_no_file(session: Session, world: PaymentWorld) -> None:
    service.propose_mapping(session, world.finance, world.grantee.code, BANK, now=NOW)
    assert queries.mapped(session, world.grantee.id) == {}


def test_codes_are_kept_by_the_institutions_own_people(session: Session, world: PaymentWorld) -> None:
    with pytest.raises(NotFound):
        service.propose_mapping(session, world.accountant, world.grantee.code, BANK, now=NOW)
    reader: Actor = payments.someone(session, "A reader", Role.AUDITOR, world.grantee)
    with pytest.raises(NotPermitted):
        service.propose_mapping(session, reader, world.grantee.code, BANK, now=NOW)
    assert service.check(session, reader, world.grantee.code, WANTED).missing


def test_a_profile_that_was_only_proposed_hands_nothing_out(session: Session, world: PaymentWorld) -> None:
    vouchers.waiting(session, world.grantee, world.finance)
    with pytest.raises(NotFound):
        service.hand_out(session, world.finance, world.grantee.code, WANTED, now=NOW)


def test_the_trail_says_who_took_which_days(session: Session, world: PaymentWorld) -> None:
    ready(session, world)
    service.hand_out(session, world.finance, world.grantee.code, WANTED, now=NOW)
    session.flush()
    event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "vouchers.export")).one()
    assert (event.actor_id, event.details["first_day"]) == (world.finance.person_id, "2020-01-01")


def test_a_heading_that_is_not_the_accounts_is_refused(session: Session, world: PaymentWorld) -> None:
    wrong = MapAccount(AccountCode.TRAVEL, Currency.HKD, "6602", heading=Heading.SALARY)
    with pytest.raises(RuleBreached):
        service.propose_mapping(session, world.finance, world.grantee.code, wrong, now=NOW)
