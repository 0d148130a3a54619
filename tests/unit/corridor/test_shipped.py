"""What the product ships with: honest about its sources, complete for both routes."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

from app.corridor.models import CorridorRule
from app.corridor.queries import as_rule
from app.corridor.rules import coverage
from app.corridor.shipped import CODES, rules
from app.corridor.states import ROUTES

EMPTY = {column.name: None for column in CorridorRule.__table__.columns}


def test_every_purpose_of_both_routes_is_covered_and_nothing_is_called_verified() -> None:
    begun = {"number": 1, "suggested": "", "verified": False, "first_day": date(2020, 1, 1)}
    shipped = [as_rule(CorridorRule(**(EMPTY | begun | row | {"id": uuid4()}))) for row in rules()]
    found = coverage(shipped, ROUTES, date(2026, 11, 20))
    assert all(each.rules >= 2 for each in found)
    assert not any(each.verified for each in found)


def test_every_rule_names_its_source() -> None:
    assert all(len(row["source"]) > 20 for row in rules())


def test_a_suggested_code_is_on_its_list() -> None:
    known = {(code_list.value, code) for code_list, code, _name in CODES}
    suggested = [(row["code_list"], row["suggested"]) for row in rules() if row.get("suggested")]
    assert suggested
    assert set(suggested) <= known
