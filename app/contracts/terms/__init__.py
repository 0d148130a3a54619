"""Funding terms: one file per family and one line each in `FAMILIES`. Pure: no database, no screens.

To add a funder's terms: a file here with a `Family`, a line below, and its code in `contracts.states.TermsFamily`.
"""

from __future__ import annotations

from app.contracts.states import TermsFamily
from app.contracts.terms import hetao_park, itf, mainland_itemised, mainland_lump_sum, rgc_one_line_vote
from app.contracts.terms.family import Family

FAMILIES: dict[TermsFamily, Family] = {
    TermsFamily.MAINLAND_LUMP_SUM: mainland_lump_sum.FAMILY,
    TermsFamily.MAINLAND_ITEMISED: mainland_itemised.FAMILY,
    TermsFamily.HETAO_PARK: hetao_park.FAMILY,
    TermsFamily.ITF: itf.FAMILY,
    TermsFamily.RGC_ONE_LINE_VOTE: rgc_one_line_vote.FAMILY,
}
"""Every family by its code."""


def family(code: str) -> Family:
    """The family of a stored code. KeyError means a code the database should not hold."""
    return FAMILIES[TermsFamily(code)]
