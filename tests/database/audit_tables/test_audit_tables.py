"""The auditor's tables: complete, adding up, honest about which names were verified."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from app.audit_tables import building
from app.audit_tables.names import TABLES
from app.cli import hetao
from app.kernel.errors import NotFound
from tests.builders import statements
from tests.builders.payments import NOW, PaymentWorld

FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)


@pytest.fixture
def world(session: Session) -> PaymentWorld:
    made = statements.worked_example(session)
    session.commit()
    return made


@pytest.fixture
def made(session: Session, world: PaymentWorld) -> dict[str, bytes]:
    return dict(building.files(session, world.grantee.code, FIRST, LAST, now=NOW))


def rows(made: dict[str, bytes], table: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made[f"{table}.csv"].decode("utf-8"))))


def test_every_table_is_there_with_its_fields(made: dict[str, bytes]) -> None:
    for table in TABLES:
        head = made[f"{table.name}.csv"].decode().splitlines()[0]
        assert head == ",".join(field.name for field in table.fields)
    assert set(made) == {f"{table.name}.csv" for table in TABLES} | {"mapping.csv", "manifest.json"}


def test_the_details_add_up_to_the_trial_balance(made: dict[str, bytes]) -> None:
    details = rows(made, "GL_Details")
    assert len(details) > 5
    for account in rows(made, "GL_Trial_Balance"):
        key = (account["GL_Account_Number"], account["Subject_ID"], account["Currency_Code"])
        mine = [d for d in details if (d["GL_Account_Number"], d["Subject_ID"], d["Amount_Currency_Code"]) == key]
        debit = sum((Decimal(d["Debit_Amount"]) for d in mine if d["Debit_Amount"]), Decimal(0))
        credit = sum((Decimal(d["Credit_Amount"]) for d in mine if d["Credit_Amount"]), Decimal(0))
        assert (debit, credit) == (Decimal(account["Debit_Amount"]), Decimal(account["Credit_Amount"]))
        movement = Decimal(account["Ending_Balance"]) - Decimal(account["Beginning_Balance"])
        assert debit - credit == movement


def test_what_the_details_name_stands_in_the_base_tables(made: dict[str, bytes]) -> None:
    details = rows(made, "GL_Details")
    for column, table, key in (
        ("GL_Account_Number", "BAS_Chart_Of_Accounts", "GL_Account_Number"),
        ("Entered_By", "BAS_User", "User_ID"),
        ("Contract_ID", "BAS_Project", "Contract_ID"),
        ("Amount_Currency_Code", "BAS_Currency", "Currency_Code"),
        ("Journal_Entry_Type_Code", "BAS_Journal_Entry_Type", "Journal_Entry_Type_Code"),
    ):
        known = {row[key] for row in rows(made, table)}
        assert {row[column] for row in details if row[column]} <= known, column


def test_the_manifest_holds_every_digest_and_says_what_is_unverified(made: dict[str, bytes]) -> None:
    manifest = json.loads(made["manifest.json"])
    digests = {each["file"]: each["sha256"] for each in manifest["files"]}
    assert digests == {
        name: hashlib.sha256(content).hexdigest() for name, content in made.items() if name != "manifest.json"
    }
    verified = {each["file"]: each.get("table_name_verified") for each in manifest["files"]}
    assert (verified["BAS_Currency.csv"], verified["GL_Details.csv"]) == (True, False)
    mapping = list(csv.DictReader(io.StringIO(made["mapping.csv"].decode())))
    assert {row["gbt_24589_verified"] for row in mapping} == {"no"}


def test_full_account_numbers_are_not_in_the_tables(made: dict[str, bytes], world: PaymentWorld) -> None:
    assert not any(world.payee_account.number.encode() in content for content in made.values())


def test_a_book_that_does_not_exist_is_refused(session: Session) -> None:
    with pytest.raises(NotFound):
        list(building.files(session, "NOBOOK", FIRST, LAST, now=NOW))


def test_the_command_writes_a_folder_and_a_zip(world: PaymentWorld, tmp_path: Path) -> None:
    options = ["ledger", "audit-tables", "--book", world.grantee.code, "--from", "2025-01-01", "--to", "2026-12-31"]
    for out in ("tables", "tables.zip"):
        result = CliRunner().invoke(hetao, [*options, "--out", str(tmp_path / out)])
        assert result.exit_code == 0, result.output
    in_folder = {path.name for path in (tmp_path / "tables").iterdir()}
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        assert set(archive.namelist()) == in_folder
    assert "GL_Details.csv" in in_folder


def test_days_the_wrong_way_round_are_refused(world: PaymentWorld, tmp_path: Path) -> None:
    options = ["--book", world.grantee.code, "--from", "2026-01-02", "--to", "2026-01-01", "--out", str(tmp_path)]
    assert CliRunner().invoke(hetao, ["ledger", "audit-tables", *options]).exit_code == 2
