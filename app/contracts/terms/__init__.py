"""Funding terms: one file per family and one line each in `FAMILIES`. Pure: no database, no screens.

To add a funder's terms: a file here with a `Family`, a line below, and its code in `contracts.states.TermsFamily`.
"""

from __future__ import annotations

from dataclasses import replace

from app.contracts.states import TermsFamily
from app.contracts.terms import hetao_park, itf, mainland_itemised, mainland_lump_sum, rgc_one_line_vote
from app.contracts.terms.family import Family
from app.contracts.terms.yearly import YEARLY_BUDGETS

FAMILIES: dict[TermsFamily, Family] = {
    each.code: replace(each, seeds=(*each.seeds, *YEARLY_BUDGETS))
    for each in (
        mainland_lump_sum.FAMILY,
        mainland_itemised.FAMILY,
        hetao_park.FAMILY,
        itf.FAMILY,
        rgc_one_line_vote.FAMILY,
    )
}
"""Every family by its code."""


def family(code: str) -> Family:
    """The family of a stored code. KeyError means a code the database should not hold."""
    return FAMILIES[TermsFamily(code)]
