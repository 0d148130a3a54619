"""What a cost would leave of its contract's limits, and what is refused or only warned of."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from uuid import UUID

import pytest

from app.budgets.rules import LimitKind, LimitStanding
from app.journals.rules import LineChecked, committed_by, effects_of, wanted_by_contract, within_budget
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading

ONE, OTHER = UUID(int=1), UUID(int=2)


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def travel_line(budget: str, *, binds: bool = True) -> LimitStanding:
    nil = cny("0.00")
    travel = frozenset({Heading.TRAVEL})
    return LimitStanding(LimitKind.LINE, "TRAVEL", "Travel", travel, cny(budget), nil, nil, nil, binds, "The budget")


def contract(key: UUID, *limits: LimitStanding) -> SimpleNamespace:
    reference = f"CTR-2026-0000{key.int}"
    return SimpleNamespace(contract_id=key, reference=reference, currency=Currency.CNY, limits=limits)


def line(number: int, on: SimpleNamespace, amount: str, heading: Heading | None = Heading.TRAVEL) -> LineChecked:
    return LineChecked(number, on, None, heading, cny(amount), cny(amount))  # type: ignore[arg-type]


def facts(*lines: LineChecked, kind: JournalKind = JournalKind.COST, is_cost: bool = True) -> SimpleNamespace:
    on = date(2026, 11, 20)
    return SimpleNamespace(kind=kind, row=SimpleNamespace(is_cost=is_cost), lines=lines, effective_on=on)


def test_lines_of_one_heading_are_added_up_for_each_contract() -> None:
    mine, theirs = contract(ONE), contract(OTHER)
    found = wanted_by_contract(facts(line(1, mine, "10.00"), line(2, theirs, "5.00"), line(3, mine, "2.50")))
    assert [(each.reference, wanted, number) for each, wanted, number in found] == [
        (mine.reference, {Heading.TRAVEL: cny("12.50")}, 1),
        (theirs.reference, {Heading.TRAVEL: cny("5.00")}, 2),
    ]


def test_income_wants_no_budget() -> None:
    assert wanted_by_contract(facts(line(1, contract(ONE), "10.00"), is_cost=False)) == ()


def test_a_transfer_wants_the_budget_of_the_contract_it_goes_to() -> None:
    moved = replace(line(1, contract(ONE), "10.00"), to_contract=contract(OTHER))  # type: ignore[arg-type]
    found = wanted_by_contract(facts(moved, kind=JournalKind.COST_TRANSFER, is_cost=False))
    assert [each.contract_id for each, _wanted, _number in found] == [OTHER]


def test_a_correction_between_headings_takes_from_one_what_it_adds_to_the_other_and_commits_nothing() -> None:
    moved = replace(line(1, contract(ONE), "10.00"), to_heading=Heading.MATERIALS)
    found = facts(moved, kind=JournalKind.COST_TRANSFER, is_cost=False)
    ((_contract, wanted, _number),) = wanted_by_contract(found)
    assert wanted == {Heading.MATERIALS: cny("10.00"), Heading.TRAVEL: cny("-10.00")}
    assert committed_by(found) == ()


def test_the_what_if_says_what_would_be_left() -> None:
    ((_contract, (effect,)),) = effects_of(facts(line(1, contract(ONE, travel_line("100.00")), "30.00")))
    assert effect.left_after == cny("70.00")


@pytest.mark.parametrize(("amount", "codes"), [("100.00", []), ("100.01", ["budget.line-exceeded"])])
def test_cost_up_to_the_line_is_taken_and_a_cent_more_is_refused(amount: str, codes: list[str]) -> None:
    found = within_budget(facts(line(1, contract(ONE, travel_line("100.00")), amount)))
    assert [each.code for each in found] == codes
    assert all(each.blocking and each.field == "lines-0-amount" for each in found)


def test_beyond_a_line_that_does_not_bind_is_a_warning() -> None:
    (found,) = within_budget(facts(line(1, contract(ONE, travel_line("1.00", binds=False)), "2.00")))
    assert not found.blocking
