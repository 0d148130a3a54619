"""Overhead by the contract's formula: rate times base up to a day, less what was charged before; pure.

Amounts are in the contract's currency and come from its ledger. What the formula gives is rounded half-up once, to the
minor unit; nothing else is rounded. A negative base counts as nil.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.contracts.terms.ratios import Of, share
from app.kernel.money import Money, total


@dataclass(frozen=True, slots=True)
class RowCost:
    """Cost on one row of the terms: before the period and within it. `counted`: it is part of the base.

    `label` is a message id.
    """

    code: str
    label: str
    before: Money
    within: Money
    counted: bool

    @property
    def upto(self) -> Money:
        """Cost up to the last day of the period."""
        return self.before + self.within


@dataclass(frozen=True, slots=True)
class Formula:
    """The percentage, or percentages by slice, of the terms: where it comes from and whether anybody has read it.

    `row` and `row_label` name the row of the terms on which overhead stands; `of` says what the percentage is of.
    """

    parameter: str
    label: str
    value: Any
    source: str
    verified: bool
    of: Of
    row: str
    row_label: str

    @property
    def tiers(self) -> tuple[tuple[str | None, str], ...]:
        """The slices as upper end (None: everything above) and percentage; one slice for a plain percentage."""
        if not isinstance(self.value, list):
            return ((None, str(self.value)),)
        return tuple((top, percent) for top, percent in self.value)


@dataclass(frozen=True, slots=True)
class Overhead:
    """What overhead a contract bears up to the last day of a period, and what of it is still to be charged.

    `received` is the grant received up to that day: the base where the terms reckon from the grant. `sponsorship` is
    taken off the base where the terms say so, `left_out` where the officer does, for a reason. `charged` is all cost
    on the row of overhead whatever its day, `waiting` what is on its way there and not posted.
    """

    contract: str
    first_day: date
    last_day: date
    formula: Formula
    costs: tuple[RowCost, ...]
    received: Money
    sponsorship: Money
    left_out: Money
    left_out_reason: str
    charged: Money
    waiting: Money

    @property
    def of_grant(self) -> bool:
        """Whether the percentage is of the grant and not of cost."""
        return self.formula.of is Of.GRANT

    @property
    def gross(self) -> Money:
        """The base before anything is taken off."""
        if self.of_grant:
            return self.received
        return total((each.upto for each in self.costs if each.counted), self.received.currency)

    @property
    def base(self) -> Money:
        """What the rate is applied to; never below nil."""
        return max(self.gross - self.sponsorship - self.left_out, Money.zero(self.received.currency))

    @property
    def given(self) -> Money:
        """What the formula gives of the base: rounded half-up once."""
        found = share(self.formula.value, self.base)
        if found is None:
            raise ValueError("a formula that cannot be read is refused before it is applied")
        return found

    @property
    def charge(self) -> Money:
        """What is still to be charged; negative where more is charged, or waits, than the formula gives."""
        return self.given - self.charged - self.waiting
