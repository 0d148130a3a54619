"""What may be moved between the lines of a budget: freely, with notice to the funder, with approval, or not. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from app.contracts.facts import Parameter
from app.contracts.limits import ContractTerms, RatioLimit, ratio_limits
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money

TERMS = _("Terms of the programme")
BUDGET = _("The approved budget by heading, as varied")


class Freedom(StrEnum):
    """Who has to do what before budget has moved."""

    FREE = "FREE"
    """The institution decides by itself; it stands in the trail."""
    NOTICE = "NOTICE"
    """The institution decides and files it: it is in force at once and the funder sees it."""
    APPROVAL = "APPROVAL"
    """It waits for a person of the funder."""


@dataclass(frozen=True, slots=True)
class Move:
    """Budget to be moved, in the contract's currency, and what the line it leaves has not spent or committed."""

    terms: ContractTerms
    from_line: str
    to_line: str
    amount: Money
    left: Money


def freedom(terms: ContractTerms, from_line: str, to_line: str) -> tuple[Freedom, Parameter | None]:
    """What the terms ask for a move between two lines, with the parameter that says so, if one does."""
    for name, answer in (("virement_free_lines", Freedom.FREE), ("virement_notice_lines", Freedom.NOTICE)):
        parameter = terms.parameters.get(name)
        lines = parameter.value if parameter is not None else None
        if isinstance(lines, list) and from_line in lines and to_line in lines:
            return answer, parameter
    return Freedom.APPROVAL, None


def moved(budget: Mapping[str, Money], from_line: str, to_line: str, amount: Money) -> dict[str, Money]:
    """The budget by line afterwards; its total does not change."""
    nil = Money.zero(amount.currency)
    changed = dict(budget)
    changed[from_line] = changed.get(from_line, nil) - amount
    changed[to_line] = changed.get(to_line, nil) + amount
    return changed


def breaches(move: Move) -> list[Breach]:
    """Every rule the move breaks, and what to know about it as warnings."""
    known = {row.code for row in move.terms.family.rows}
    if not move.terms.by_heading:
        return [_no_lines()]
    if move.from_line not in known or move.to_line not in known or move.from_line == move.to_line:
        return [_lines_differ()]
    found = [] if move.amount.minor > 0 else [_amount()]
    if move.amount > move.left:
        found.append(_too_much(move))
    after = replace(move.terms, budget=moved(move.terms.budget, move.from_line, move.to_line, move.amount))
    found += [each for each in budget_ratios(after) if not _stood_before(move.terms, each)]
    return found + _freedom_in_words(move)


def budget_ratios(terms: ContractTerms) -> list[Breach]:
    """Floors and ceilings that the budget itself breaks; a figure nobody has read only warns."""
    if not terms.by_heading:
        return []
    return [each for found in ratio_limits(terms) if (each := _ratio(terms, found)) is not None]


def _ratio(terms: ContractTerms, found: RatioLimit) -> Breach | None:
    row = terms.family.row(found.ratio.row)
    budgeted = terms.budget.get(row.code, Money.zero(terms.amount.currency))
    if budgeted >= found.amount if found.ratio.least else budgeted <= found.amount:
        return None
    message = (
        _("%(label)s has a budget of %(budget)s, below the least of %(limit)s.")
        if found.ratio.least
        else _("%(label)s has a budget of %(budget)s, above the most of %(limit)s.")
    )
    return Breach(
        "budget.ratio-floor" if found.ratio.least else "budget.ratio-ceiling",
        message,
        _("Change the budget of this line, or ask for other terms.")
        if found.binds
        else _("A warning only: nobody has read the source of this figure yet. Have an officer confirm it."),
        found.parameter.source,
        {"label": row.label, "budget": budgeted, "limit": found.amount, "line": row.code},
        "budget",
        blocking=found.binds,
    )


def _stood_before(terms: ContractTerms, breach: Breach) -> bool:
    """A ratio that the budget breaks already and the move does not touch is no reason to refuse the move."""
    return any((each.code, each.params) == (breach.code, breach.params) for each in budget_ratios(terms))


def _freedom_in_words(move: Move) -> list[Breach]:
    answer, parameter = freedom(move.terms, move.from_line, move.to_line)
    source = parameter.source if parameter is not None else TERMS
    if answer is Freedom.FREE:
        return []
    if answer is Freedom.NOTICE:
        message = _("This move is filed with the funder.")
        cure = _("It is in force at once; the funder sees it among the amendments.")
        return [Breach("virement.notice", message, cure, source, blocking=False)]
    message = _("This move waits for the funder's approval.")
    cure = _("Nothing changes until an officer of the funder has approved it.")
    return [Breach("virement.approval", message, cure, source, blocking=False)]


def _no_lines() -> Breach:
    return Breach(
        "virement.no-lines",
        _("Under these terms there is no budget by heading, so there is nothing to move."),
        _("Spend within the whole; under a one-line vote ask for a new item first."),
        TERMS,
    )


def _lines_differ() -> Breach:
    return Breach(
        "virement.lines",
        _("Budget moves from one line of the terms to another."),
        _("Choose two different lines."),
        BUDGET,
        field="to_line",
    )


def _amount() -> Breach:
    return Breach(
        "virement.amount", _("The amount is more than nil."), _("Enter the amount to move."), BUDGET, field="amount"
    )


def _too_much(move: Move) -> Breach:
    return Breach(
        "virement.beyond-line",
        _("%(label)s has only %(left)s left that is neither spent nor committed."),
        _("Move less, or from another line."),
        BUDGET,
        {"label": move.terms.family.row(move.from_line).label, "left": move.left},
        "amount",
    )
