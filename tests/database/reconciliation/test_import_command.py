"""`hetao bank import`: the account is found by the file, all of it is taken or nothing, and nothing twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from app.cli import hetao
from app.kernel.errors import InputRefused, RuleBreached
from app.reconciliation import import_service, queries
from app.reconciliation.import_service import Imported
from app.web.uploads import Upload, sniff
from tests.builders import bank_samples, banking
from tests.builders.banking import SOUND, BankWorld, entry
from tests.builders.payments import NOW


@pytest.fixture
def here(session: Session) -> BankWorld:
    found = banking.world(session)
    session.commit()
    return found


def run(here: BankWorld, folder: Path, content: bytes, *options: str, email: str = "") -> Result:
    file = folder / "statement.xml"
    file.write_bytes(content)
    return CliRunner().invoke(hetao, ["bank", "import", str(file), "--as", email or here.clerk.email, *options])


def facts(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.output)
    return said


def taken(session: Session, here: BankWorld, content: bytes, account: str | None = None) -> list[Imported]:
    upload = Upload("statement", content, sniff(content))
    return import_service.import_file(session, here.clerk, upload, account, now=NOW)


def test_the_account_is_found_by_the_file_and_everything_is_told(here: BankWorld, tmp_path: Path) -> None:
    said = facts(run(here, tmp_path, banking.camt(here.bank.number, *SOUND), "--json"))
    (found,) = said["accounts"]
    assert (said["imported"], found["account_id"], found["currency"]) == (1, str(here.bank.id), "HKD")
    (row,) = found["statements"]
    assert row.pop("reference").startswith("BST-")
    assert row == {
        "bank_number": "2026-09", "first_day": "2026-09-01", "last_day": "2026-09-30", "opening": "0.00",
        "closing": "750.00", "lines": 2,
    }  # fmt: skip


def test_a_dry_run_tells_the_same_and_writes_nothing(
    here: BankWorld, tmp_path: Path, database_digest: Callable[[], str]
) -> None:
    before = database_digest()
    said = facts(run(here, tmp_path, banking.camt(here.bank.number, *SOUND), "--json", "--dry-run"))
    assert (said["imported"], said["accounts"][0]["statements"][0]["reference"]) == (1, None)
    assert database_digest() == before


def test_the_same_file_or_statement_again_takes_nothing_and_says_so(
    here: BankWorld, tmp_path: Path, database_digest: Callable[[], str]
) -> None:
    content = banking.camt(here.bank.number, *SOUND)
    assert "Statements taken: 1." in run(here, tmp_path, content).output
    before = database_digest()
    for again in (content, content.replace(b"<MsgId>M1", b"<MsgId>M2")):
        result = run(here, tmp_path, again)
        assert (result.exit_code, "All of this was taken before" in result.output) == (0, True)
    assert database_digest() == before


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (banking.camt("999999999999", *SOUND), "bank-file.unknown-account"),
        (b"Date,Amount\n2026-09-03,1.00\n", "bank-file.table"),
        (b"<a/>", "bank-file.not-camt"),
    ],
)
def test_what_cannot_be_taken_ends_with_status_one_and_its_reason(
    here: BankWorld, tmp_path: Path, database_digest: Callable[[], str], content: bytes, code: str
) -> None:
    before = database_digest()
    result = run(here, tmp_path, content, "--json")
    assert (result.exit_code, [each["code"] for each in json.loads(result.output)["errors"]]) == (1, [code])
    assert database_digest() == before


def test_a_balance_that_is_not_reached_is_refused_in_words(here: BankWorld, tmp_path: Path) -> None:
    result = run(here, tmp_path, banking.camt(here.bank.number, *SOUND, closing="750.01"))
    assert (result.exit_code, "a difference of" in result.output) == (1, True)


def test_a_file_larger_than_allowed_is_not_read(here: BankWorld, tmp_path: Path) -> None:
    result = run(here, tmp_path, b" " * (15 * 1024 * 1024 + 1))
    assert (result.exit_code, "larger than 15 MB" in result.output) == (1, True)


def test_somebody_of_another_institution_finds_no_such_account(here: BankWorld, tmp_path: Path) -> None:
    content = banking.camt(here.bank.number, *SOUND)
    result = run(here, tmp_path, content, "--json", email=here.made.maker.email)
    assert (result.exit_code, json.loads(result.output)["errors"][0]["code"]) == (1, "bank-file.unknown-account")


def test_an_account_asked_for_must_be_the_files_own(session: Session, here: BankWorld) -> None:
    with pytest.raises(RuleBreached) as refused:
        taken(session, here, banking.camt("999999999999", *SOUND), str(here.bank.id))
    assert "bank-statement.account" in [each.code for each in refused.value.breaches]
    with pytest.raises(InputRefused):
        taken(session, here, banking.camt(here.bank.number, *SOUND), "999999999999")


def test_a_line_of_the_banks_own_reference_is_not_taken_twice(session: Session, here: BankWorld) -> None:
    first = entry("5.00", "2026-09-30", "Interest")
    taken(session, here, banking.camt(here.bank.number, first, closing="5.00"))
    again = banking.camt(
        here.bank.number,
        first.replace("<BookgDt><Dt>2026-09-30", "<BookgDt><Dt>2026-10-01"),
        opening="5.00",
        closing="10.00",
        days=("2026-10-01", "2026-10-31"),
    )
    with pytest.raises(RuleBreached) as refused:
        taken(session, here, again)
    assert [each.code for each in refused.value.breaches] == ["bank-statement.line-known"]


def test_mt940_is_taken_with_its_identifiers_and_its_count(session: Session, here: BankWorld) -> None:
    content = bank_samples.MT940["network"].replace(b"012-874509-663001", here.bank.number.encode())
    (found,) = taken(session, here, content)
    (statement,) = found.taken
    assert (statement.sequence, statement.source) == (9, "MT940")
    first = queries.lines(session, here.bank.id)[0]
    assert (first.end_to_end, first.counterparty) == ("DSB-2026-00042", "Stichting Rivierfonds")
    skipped = (
        content.replace(b":28C:9/1", b":28C:11/1")
        .replace(b"1000,00", b"1414,75")
        .replace(b":62F:C260930HKD1414,75", b":62F:C261031HKD1829,50")
    )
    later = skipped.replace(b":60F:C260831", b":60F:C260930").replace(b":61:2609", b":61:2610")
    for day in (b"0903C", b"0905R", b"0907R"):
        later = later.replace(day, b"10" + day[2:])
    assert [each.code for each in taken(session, here, later)[0].notes] == ["bank-statement.sequence"]


def test_a_replaced_account_is_not_meant_where_one_is_in_use(session: Session, here: BankWorld) -> None:
    (found,) = taken(session, here, banking.camt("BANK" + here.bank.number, *SOUND))
    assert found.account.id == here.bank.id
    assert replace(found, taken=()).known
