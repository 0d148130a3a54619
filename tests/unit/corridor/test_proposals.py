"""What a proposed rule may not contradict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from app.corridor.service import ProposeRule, breaches
from app.corridor.states import AskKind, CodeList, ForeignCurrency, Step
from app.institutions.states import Side

TODAY = date(2026, 11, 20)
RULE = ProposeRule("note", Side.SZ, Side.HK, AskKind.NOTE, "A note", "", "Notice 4", TODAY)


def test_a_rule_that_contradicts_nothing_is_let_through() -> None:
    assert breaches(RULE, TODAY) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"to_side": Side.SZ}, "corridor.rule-sides"),
        ({"above": Decimal(5)}, "corridor.rule-threshold"),
        ({"above": Decimal("5.001"), "above_currency": ForeignCurrency.USD}, "corridor.rule-threshold-decimals"),
        ({"kind": AskKind.CODE}, "corridor.rule-code-list"),
        ({"code_list": CodeList.RMB_PURPOSE}, "corridor.rule-code-list"),
        ({"due_days": 5}, "corridor.rule-due-days"),
        ({"blocks": Step.AFTER}, "corridor.rule-after"),
        ({"first_day": date(2026, 11, 19)}, "corridor.rule-past"),
    ],
)
def test_a_contradiction_is_named(change: dict[str, object], code: str) -> None:
    assert [each.code for each in breaches(replace(RULE, **change), TODAY)] == [code]  # type: ignore[arg-type]


def test_a_declaration_follows_the_money_by_its_working_days() -> None:
    declared = replace(RULE, kind=AskKind.DECLARATION, blocks=Step.AFTER, due_days=5)
    assert breaches(declared, TODAY) == []
    assert len(breaches(replace(declared, blocks=None, due_days=None), TODAY)) == 2
