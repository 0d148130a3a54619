"""Where a figure comes from, in the statement's language where the product says it, as typed where a person did."""

from __future__ import annotations

from app.contracts.terms import FAMILIES
from app.exchange_rates.sources import OWN as OWN_RATES
from reports.model import Literal, Words, text

_OWN = OWN_RATES | {seed.source for family in FAMILIES.values() for seed in family.seeds}


def source_words(source: str) -> Words:
    """The source as words: translated where it is one of the product's own, else exactly as it was typed."""
    return text(source) if source in _OWN else Literal(source)
