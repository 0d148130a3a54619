"""The limits of a contract from its terms, parameters and budget: which lines there are and which bind. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.contracts.facts import Parameter
from app.contracts.states import FundingMode, SpendingLimit
from app.contracts.terms.family import TOTAL, Family
from app.contracts.terms.ratios import Of, Ratio, share
from app.kernel.money import Money, total
from app.ledger.chart import AccountCode
from app.ledger.fund_control import Limit
from app.ledger.headings import Heading

INCOME = (
    AccountCode.INTEREST,
    AccountCode.SPONSORSHIP_CASH,
    AccountCode.SPONSORSHIP_IN_KIND,
    AccountCode.SALE_OF_ASSETS,
    AccountCode.OTHER_INCOME,
)
REFUNDS = (AccountCode.REFUND_OF_GRANT, AccountCode.REFUND_OF_INTEREST, AccountCode.REFUND_OTHER)


@dataclass(frozen=True, slots=True)
class YearBudget:
    """One year of a contract and its budget by row code (or `TOTAL`); None: nothing is entered for it."""

    year: int
    first_day: date
    last_day: date
    lines: Mapping[str, Money] | None = None


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What a contract's limits are made of; amounts in its currency. `budget` is the revised budget by row code."""

    family: Family
    mode: FundingMode
    spending_limit: SpendingLimit
    amount: Money
    budget: Mapping[str, Money]
    parameters: Mapping[str, Parameter]
    years: tuple[YearBudget, ...] = ()

    @property
    def budgets_by_year(self) -> bool:
        """Whether the terms ask for a budget by year."""
        return self.says("budget_by_year")

    def says(self, name: str) -> bool:
        """Whether a parameter of yes or no says yes."""
        parameter = self.parameters.get(name)
        return parameter is not None and parameter.value is True

    def source_of(self, name: str) -> str:
        """Where a parameter comes from."""
        parameter = self.parameters.get(name)
        return parameter.source if parameter is not None else ""

    @property
    def by_heading(self) -> bool:
        """Whether the budget stands by heading."""
        return self.family.budget_by_heading(self.mode)


@dataclass(frozen=True, slots=True)
class RatioLimit:
    """One ratio with its figures: the floor or ceiling in money, and the parameter it comes from."""

    ratio: Ratio
    parameter: Parameter
    base: Money
    amount: Money

    @property
    def binds(self) -> bool:
        """A figure nobody has verified warns; it refuses nothing."""
        return self.parameter.verified


def limits(terms: ContractTerms) -> tuple[Limit, ...]:
    """Every limit of the contract: the whole, its lines where there is a budget by heading, and its ratios.

    A floor on one row is a ceiling on all the others together: what they may take without making it unreachable.
    """
    lines = [_whole(terms)]
    if terms.by_heading:
        binds = terms.says("budget_lines_bind")
        nil = Money.zero(terms.amount.currency)
        lines.extend(Limit(row.code, terms.budget.get(row.code, nil), row.headings, binds) for row in terms.family.rows)
    lines.extend(_ratio(terms, found) for found in ratio_limits(terms))
    return (*lines, *year_limits(terms))


def year_limits(terms: ContractTerms) -> tuple[Limit, ...]:
    """The limits of each year, where the terms ask for a budget by year and one has been entered for any.

    A year without a budget has nil. Where the terms carry unspent budget over, a year's limit holds for all cost up to
    its end together; otherwise for the year's own, and what was left of the year before has lapsed.
    """
    if not terms.budgets_by_year or all(year.lines is None for year in terms.years):
        return ()
    carries = terms.says("year_budget_carries_over")
    rows = [(row.code, row.headings) for row in terms.family.rows] if terms.by_heading else [(TOTAL, tuple(Heading))]
    binds = terms.says("budget_lines_bind") if terms.by_heading else True
    found = []
    for year in terms.years:
        counted = [each for each in terms.years if each.year <= year.year] if carries else [year]
        for code, headings in rows:
            amounts = [each.lines[code] for each in counted if each.lines is not None and code in each.lines]
            budget = total(amounts, terms.amount.currency)
            found.append(Limit(code, budget, headings, binds, (), year.year, counted[0].first_day, year.last_day))
    return tuple(found)


def ratio_limits(terms: ContractTerms) -> tuple[RatioLimit, ...]:
    """The family's ratios with their figures; one whose parameter cannot be read is left out."""
    found = []
    for ratio in terms.family.ratios:
        parameter = terms.parameters.get(ratio.parameter)
        base = _base(terms, ratio)
        amount = share(parameter.value, base) if parameter is not None else None
        if parameter is not None and amount is not None:
            found.append(RatioLimit(ratio, parameter, base, amount))
    return tuple(found)


def _whole(terms: ContractTerms) -> Limit:
    """The spending limit: the amount contracted, or what was received; other income adds to either."""
    raised_by = (*INCOME, *REFUNDS)
    if terms.spending_limit is SpendingLimit.CONTRACTED:
        return Limit(TOTAL, terms.amount, tuple(Heading), True, raised_by)
    received = (AccountCode.GRANT_RECEIVED, *raised_by)
    return Limit(TOTAL, Money.zero(terms.amount.currency), tuple(Heading), True, received)


def _ratio(terms: ContractTerms, found: RatioLimit) -> Limit:
    headings = terms.family.row(found.ratio.row).headings
    if not found.ratio.least:
        return Limit(found.ratio.parameter, found.amount, headings, found.binds)
    others = tuple(heading for heading in Heading if heading not in headings)
    rest = max(terms.amount - found.amount, Money.zero(terms.amount.currency))
    return Limit(found.ratio.parameter, rest, others, found.binds)


def _base(terms: ContractTerms, ratio: Ratio) -> Money:
    if ratio.of is Of.GRANT:
        return terms.amount
    rows = terms.family.overhead_base()
    return total((amount for code, amount in terms.budget.items() if code in rows), terms.amount.currency)
