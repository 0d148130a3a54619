"""The chart of accounts."""

from __future__ import annotations

from app.ledger.chart import CHART, AccountCode, AccountRole, cost_code, heading_of
from app.ledger.headings import Heading


def test_every_code_has_one_row() -> None:
    assert set(CHART) == set(AccountCode)


def test_every_heading_has_its_own_cost_account() -> None:
    assert {heading_of(cost_code(heading)) for heading in Heading} == set(Heading)
    assert {row.code for row in CHART.values() if row.role is AccountRole.COST} == {cost_code(h) for h in Heading}


def test_only_limited_accounts_stand_on_one_row() -> None:
    assert all((row.stripes == 1) == row.limited for row in CHART.values())


def test_pockets_are_limited() -> None:
    assert CHART[AccountCode.POCKET].limited
    assert CHART[AccountCode.POCKET].normal_side == "C"


def test_every_account_is_explained() -> None:
    assert all(len(row.meaning) > 20 and row.name for row in CHART.values())
