"""What may be asked of the funder about a budget: an item of a one-line vote, the budget of one year. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.contracts.limits import ContractTerms
from app.contracts.terms.family import TOTAL
from app.contracts.virement_rules import BUDGET, TERMS
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item asked for. `approved`: rows that may be spent on already, None: all may; `waiting`: rows asked for."""

    terms: ContractTerms
    line: str
    approved: frozenset[str] | None
    waiting: frozenset[str]


@dataclass(frozen=True, slots=True)
class YearFacts:
    """The budget of a year as asked for, in the contract's currency; `waiting`: years asked for already."""

    terms: ContractTerms
    year: int
    lines: Mapping[str, Money]
    waiting: frozenset[int]


def item_breaches(facts: ItemFacts) -> list[Breach]:
    """Every rule the request for an item breaks."""
    return [each for rule in (item_is_open, item_asked_once) if (each := rule(facts)) is not None]


def year_breaches(facts: YearFacts) -> list[Breach]:
    """Every rule the request for a year's budget breaks."""
    rules = (years_are_asked_for, year_asked_once, lines_are_the_terms, years_within_the_budget)
    return [each for rule in rules if (each := rule(facts)) is not None]


def item_is_open(facts: ItemFacts) -> Breach | None:
    """Only a row of a one-line vote that is not approved yet needs approval."""
    known = {row.code for row in facts.terms.family.rows}
    if facts.approved is not None and facts.line in known - facts.approved:
        return None
    return Breach(
        "item.needs-none",
        _("This item needs no approval under the terms of this contract."),
        _("Choose an item that is not approved yet."),
        TERMS,
        field="line",
    )


def item_asked_once(facts: ItemFacts) -> Breach | None:
    """An item is asked for once at a time."""
    if facts.line not in facts.waiting:
        return None
    return Breach(
        "item.asked",
        _("This item has been asked for and waits for the funder."),
        _("Wait for the decision."),
        TERMS,
        field="line",
    )


def years_are_asked_for(facts: YearFacts) -> Breach | None:
    """The terms ask for a budget by year, and the contract has that year."""
    if facts.terms.budgets_by_year and facts.year in {each.year for each in facts.terms.years}:
        return None
    message = (
        _("This contract has no year %(year)s.")
        if facts.terms.budgets_by_year
        else _("These terms ask for no budget by year.")
    )
    cure = _("Choose a year of the contract; whether budgets are by year stands in the programme's terms.")
    return Breach("year.unknown", message, cure, TERMS, {"year": facts.year}, "year")


def year_asked_once(facts: YearFacts) -> Breach | None:
    """The budget of a year waits for one decision at a time."""
    if facts.year not in facts.waiting:
        return None
    return Breach(
        "year.asked",
        _("A budget of this year waits for the funder already."),
        _("Wait for the decision."),
        TERMS,
        field="year",
    )


def lines_are_the_terms(facts: YearFacts) -> Breach | None:
    """The budget of a year stands on the rows of the terms, or on the total where there is none by heading."""
    known = {row.code for row in facts.terms.family.rows} if facts.terms.by_heading else {TOTAL}
    if facts.lines and set(facts.lines) <= known:
        return None
    return Breach(
        "year.lines",
        _("The budget of a year stands under the same headings as the whole budget."),
        _("Enter an amount under each heading that is spent on in this year."),
        TERMS,
        field="budget",
    )


def years_within_the_budget(facts: YearFacts) -> Breach | None:
    """The years of a line come to no more than the line's budget."""
    currency = facts.terms.amount.currency
    others = [each.lines for each in facts.terms.years if each.lines is not None and each.year != facts.year]
    for line, amount in facts.lines.items():
        whole = facts.terms.budget.get(line, Money.zero(currency)) if facts.terms.by_heading else facts.terms.amount
        summed = total([amount, *(lines[line] for lines in others if line in lines)], currency)
        if summed > whole:
            label = facts.terms.family.row(line).label if facts.terms.by_heading else _("The whole contract")
            return Breach(
                "year.beyond-budget",
                _("%(label)s: the years come to %(sum)s, its budget is %(budget)s."),
                _("Lower this year, or move budget to this line first."),
                BUDGET,
                {"label": label, "sum": summed, "budget": whole},
                "budget",
            )
    return None
