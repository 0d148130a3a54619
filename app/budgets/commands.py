"""What the verbs of budgets take."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """One heading's approved amount. `heading` is a row code of the terms family, or `TOTAL`."""

    heading: str
    amount: Money
    justification: str = ""


@dataclass(frozen=True, slots=True)
class Variation:
    """A signed change to one heading's budget, in the contract's currency."""

    heading: str
    change: Money
    reason: str
