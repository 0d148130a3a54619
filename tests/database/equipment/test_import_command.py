"""`hetao equipment import` and `hetao manpower import`: every row of a file or none, tried first if wished."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.cli import hetao
from app.equipment.models import EquipmentItem
from app.manpower.models import StaffEngagement
from app.people.models import Person
from tests.builders import statements
from tests.builders.payments import PaymentWorld

ITEMS = "contract,tag,description,acquired_on,currency,cost,place\n"
STAFF = "contract,staff_code,person_name,post,first_month,last_month,percent,currency,monthly_rate\n"


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    found = statements.received(session)
    session.commit()
    return found


def run(session: Session, made: PaymentWorld, folder: Path, name: str, text: str, *options: str) -> tuple[int, Any]:
    """The command's exit status and its facts."""
    file = folder / f"{name}.csv"
    file.write_text(text, encoding="utf-8")
    email = session.get_one(Person, made.finance.person_id).email
    result = CliRunner().invoke(hetao, [name, "import", str(file), "--as", email, "--json", *options])
    return result.exit_code, json.loads(result.stdout)


def test_items_are_tried_then_entered_once(
    session: Session, made: PaymentWorld, tmp_path: Path, database_digest: Callable[[], str]
) -> None:
    file = f"{ITEMS}{made.contract.reference},EQ-1,Microscope,2026-11-02,CNY,1000.00,SZ\n"
    before = database_digest()
    assert run(session, made, tmp_path, "equipment", file, "--dry-run") == (
        0,
        {"kept": 1, "known": 0, "dry_run": True, "errors": []},
    )
    assert database_digest() == before
    assert run(session, made, tmp_path, "equipment", file)[1]["kept"] == 1
    assert run(session, made, tmp_path, "equipment", file)[1] == {"kept": 0, "known": 1, "dry_run": False, "errors": []}
    assert session.scalar(select(func.count()).select_from(EquipmentItem)) == 1


def test_wrong_cells_are_named_by_line_and_column_and_nothing_is_taken(
    session: Session, made: PaymentWorld, tmp_path: Path
) -> None:
    good = f"{made.contract.reference},EQ-1,Microscope,2026-11-02,CNY,1000.00,SZ\n"
    bad = f"{made.contract.reference},EQ-2,Microscope,2026-11-02,CNY,1e3,SZ\n"
    status, said = run(session, made, tmp_path, "equipment", f"{ITEMS}{good}{bad}")
    (error,) = said["errors"]
    assert (status, error["line"], error["column"], error["message"]) == (1, 3, "cost", "Cost is not an amount.")
    assert session.scalar(select(func.count()).select_from(EquipmentItem)) == 0


def test_engagements_are_entered_with_their_months(session: Session, made: PaymentWorld, tmp_path: Path) -> None:
    file = f"{STAFF}{made.contract.reference},R-1,Chan Siu,Assistant,2026-10,2026-11,50,CNY,20000.00\n"
    assert run(session, made, tmp_path, "manpower", file)[0] == 0
    (engagement,) = session.scalars(select(StaffEngagement))
    assert [str(each.pay) for each in engagement.months] == ["CNY 10000.00", "CNY 10000.00"]
