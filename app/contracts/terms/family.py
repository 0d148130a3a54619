"""What a family of funding terms says, as data: modes, rows of its statement, parameters, what the grantee owes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.contracts.states import Basis, FundingMode, ObligationKind, SpendingLimit, TermsFamily
from app.contracts.terms.ratios import Ratio
from app.kernel.money import Money
from app.ledger.headings import Heading

TOTAL = "TOTAL"
"""The one budget line of a mode without a budget by heading."""


class StatementForm(StrEnum):
    """Whose form the family's yearly and final statements take."""

    HONG_KONG = "HONG_KONG"
    FINAL_ACCOUNT = "FINAL_ACCOUNT"
    """决算表."""


class Every(StrEnum):
    """How often something is owed."""

    MONTHS = "MONTHS"
    """Each so many months from the first day; the number is the parameter `<name>_every_months`."""
    YEAR_END = "YEAR_END"
    """At each year end of the programme within the contract."""
    END = "END"
    """Once, after the last day."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the family's statement: its own name (a message id) and the leaves of cost it gathers."""

    code: str
    label: str
    headings: tuple[Heading, ...]
    in_overhead_base: bool = False


@dataclass(frozen=True, slots=True)
class Seed:
    """A parameter as the family starts with it. `verified` is False where no official text has been read.

    `value` is JSON: amounts and percentages as decimal text, counts as whole numbers, lists and yes/no as they are.
    """

    name: str
    value: Any
    label: str
    source: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class Owed:
    """One rule of what the grantee owes; due so many months after what it covers: parameter `<name>_due_months`."""

    name: str
    kind: ObligationKind
    title: str
    every: Every
    blocks_tranche: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """The terms of one family of funders."""

    code: TermsFamily
    name: str
    modes: tuple[FundingMode, ...]
    basis: Basis
    spending_limit: SpendingLimit
    form: StatementForm
    rows: tuple[Row, ...]
    seeds: tuple[Seed, ...]
    owed: tuple[Owed, ...]
    keeps: str
    """Message id: what the terms let the institution keep of money unspent at the end."""
    ratios: tuple[Ratio, ...] = ()
    """Floors and ceilings by ratio, each with the parameter that holds its percentage."""

    @property
    def needs_commitment_letter(self) -> bool:
        """Under lump sum a signed commitment letter stands before signing."""
        return FundingMode.LUMP_SUM in self.modes

    def budget_by_heading(self, mode: FundingMode | str) -> bool:
        """Whether a contract in this mode carries a budget by heading; otherwise its total only."""
        return FundingMode(mode) is FundingMode.ITEMISED

    def overhead_base(self) -> frozenset[str]:
        """Codes of the rows on whose budget overhead is reckoned."""
        return frozenset(row.code for row in self.rows if row.in_overhead_base)

    def row_of(self, heading: Heading) -> Row:
        """The row that gathers a leaf. Every leaf stands in exactly one row."""
        return next(row for row in self.rows if heading in row.headings)

    def row(self, code: str) -> Row:
        """The row of a code; KeyError when the family has none."""
        for row in self.rows:
            if row.code == code:
                return row
        raise KeyError(code)

    def seed(self, name: str) -> Seed | None:
        """The parameter the family starts with, if it knows that name."""
        return next((seed for seed in self.seeds if seed.name == name), None)

    def roll_up(self, by_heading: Mapping[Heading, Money], zero: Money) -> tuple[tuple[Row, Money], ...]:
        """Cost by leaf gathered into the family's rows, in order; all in the contract's currency, that of `zero`."""
        totals = {row.code: zero for row in self.rows}
        for heading, amount in by_heading.items():
            code = self.row_of(heading).code
            totals[code] = totals[code] + amount
        return tuple((row, totals[row.code]) for row in self.rows)


def kept_by_institution(unspent: Money, percent: Decimal) -> Money:
    """What the grantee may keep of money unspent at the end: `percent` of it, half-up, never below nil.

    The percentage is the programme's parameter `unspent_kept_percent`; its source stands with the parameter.
    """
    if unspent.minor <= 0:
        return Money.zero(unspent.currency)
    return Money.rounded(unspent.amount * percent / Decimal(100), unspent.currency)
