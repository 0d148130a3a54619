"""Budgets by year: what every family starts with, until a programme's own terms say otherwise."""

from __future__ import annotations

from app.contracts.terms.family import Seed
from app.contracts.terms.seeds import CUSTOM
from app.kernel.messages import _

YEARLY_BUDGETS = (
    Seed(
        "budget_by_year", False, _("The budget is approved year by year, and spending checked against the year"), CUSTOM
    ),
    Seed("year_budget_carries_over", True, _("What a year leaves of its budget goes over into the next"), CUSTOM),
)
