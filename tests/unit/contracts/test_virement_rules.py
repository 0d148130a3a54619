"""Moving budget between lines: freely, with notice, with approval; and every refusal."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from app.contracts.facts import Parameter
from app.contracts.limits import ContractTerms
from app.contracts.states import TermsFamily
from app.contracts.terms import FAMILIES
from app.contracts.virement_rules import Freedom, Move, breaches, budget_ratios, freedom, moved
from app.kernel.currencies import Currency
from app.kernel.money import Money, total


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def terms(family: TermsFamily, **budget: str) -> ContractTerms:
    """A contract of CNY 1,000,000.00 under the family's own starting parameters."""
    known = FAMILIES[family]
    parameters = {
        seed.name: Parameter(seed.name, seed.label, seed.value, seed.source, seed.verified, None)
        for seed in known.seeds
    }
    lines = {code: cny(text) for code, text in budget.items()}
    return ContractTerms(known, known.modes[0], known.spending_limit, cny("1000000.00"), lines, parameters)


PARK = terms(
    TermsFamily.HETAO_PARK, CONSTRUCTION="550000.00", HUMAN_RESOURCES="350000.00", COMMISSIONED="50000.00",
    OPERATING="50000.00",
)  # fmt: skip


def codes(found: ContractTerms, from_line: str, to_line: str, amount: str, left: str = "1000000.00") -> set[str]:
    return {each.code for each in breaches(Move(found, from_line, to_line, cny(amount), cny(left)))}


@pytest.mark.parametrize(
    ("family", "from_line", "to_line", "answer"),
    [
        (TermsFamily.MAINLAND_ITEMISED, "OPERATING", "LABOUR", Freedom.FREE),
        (TermsFamily.MAINLAND_ITEMISED, "EQUIPMENT", "LABOUR", Freedom.NOTICE),
        (TermsFamily.MAINLAND_ITEMISED, "LABOUR", "INDIRECT", Freedom.APPROVAL),
        (TermsFamily.HETAO_PARK, "OPERATING", "CONSTRUCTION", Freedom.NOTICE),
        (TermsFamily.HETAO_PARK, "OPERATING", "INDIRECT", Freedom.APPROVAL),
        (TermsFamily.ITF, "MANPOWER", "EQUIPMENT", Freedom.APPROVAL),
    ],
)
def test_each_family_says_who_decides(family: TermsFamily, from_line: str, to_line: str, answer: Freedom) -> None:
    found, parameter = freedom(terms(family), from_line, to_line)
    assert found is answer
    assert (parameter is None) == (answer is Freedom.APPROVAL)


def test_a_free_move_says_nothing_and_the_others_warn() -> None:
    mainland = terms(TermsFamily.MAINLAND_ITEMISED, OPERATING="500000.00", LABOUR="300000.00", EQUIPMENT="200000.00")
    assert codes(mainland, "OPERATING", "LABOUR", "1.00") == set()
    assert codes(mainland, "EQUIPMENT", "LABOUR", "1.00") == {"virement.notice"}
    assert codes(mainland, "LABOUR", "INDIRECT", "1.00") == {"virement.approval"}


@pytest.mark.parametrize(
    ("from_line", "to_line", "amount", "left", "code"),
    [
        ("OPERATING", "OPERATING", "1.00", "50000.00", "virement.lines"),
        ("OPERATING", "MATERIALS", "1.00", "50000.00", "virement.lines"),
        ("OPERATING", "COMMISSIONED", "0.00", "50000.00", "virement.amount"),
        ("OPERATING", "COMMISSIONED", "40000.01", "40000.00", "virement.beyond-line"),
        ("OPERATING", "HUMAN_RESOURCES", "50000.01", "60000.00", "budget.ratio-ceiling"),
        ("CONSTRUCTION", "OPERATING", "50000.01", "550000.00", "budget.ratio-floor"),
    ],
)
def test_what_is_refused(from_line: str, to_line: str, amount: str, left: str, code: str) -> None:
    found = breaches(Move(PARK, from_line, to_line, cny(amount), cny(left)))
    assert code in {each.code for each in found if each.blocking}
    assert all(each.cure for each in found)


def test_a_budget_is_held_against_the_ratios_of_its_terms() -> None:
    over = terms(TermsFamily.HETAO_PARK, CONSTRUCTION="300000.00", HUMAN_RESOURCES="650000.00", OPERATING="50000.00")
    assert {each.code for each in budget_ratios(over)} >= {"budget.ratio-ceiling", "budget.ratio-floor"}
    assert [each for each in budget_ratios(PARK) if each.blocking] == []


def test_up_to_the_ratio_itself_is_allowed() -> None:
    assert codes(PARK, "OPERATING", "HUMAN_RESOURCES", "50000.00") == {"virement.notice"}
    assert codes(PARK, "CONSTRUCTION", "OPERATING", "50000.00") == {"virement.notice"}


@pytest.mark.parametrize("family", [TermsFamily.MAINLAND_LUMP_SUM, TermsFamily.RGC_ONE_LINE_VOTE])
def test_terms_without_lines_have_nothing_to_move(family: TermsFamily) -> None:
    assert codes(terms(family), "EQUIPMENT", "TRAVEL", "1.00") == {"virement.no-lines"}


def test_a_ratio_broken_before_and_left_alone_stops_no_other_move() -> None:
    over = terms(TermsFamily.HETAO_PARK, CONSTRUCTION="500000.00", HUMAN_RESOURCES="450000.00", OPERATING="50000.00")
    assert codes(over, "OPERATING", "CONSTRUCTION", "1.00") == {"virement.notice"}


LINES = st.dictionaries(st.sampled_from(["A", "B", "C"]), st.integers(0, 10**9), min_size=1)


@given(LINES, st.sampled_from(["A", "B", "C"]), st.sampled_from(["A", "B", "C"]), st.integers(1, 10**9))
def test_moving_neither_makes_nor_loses_money(lines: dict[str, int], come: str, go: str, minor: int) -> None:
    budget = {line: Money(amount, Currency.CNY) for line, amount in lines.items()}
    after = moved(budget, come, go, Money(minor, Currency.CNY))
    assert total(after.values(), Currency.CNY) == total(budget.values(), Currency.CNY)
