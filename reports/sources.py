"""Sources of figures and titles of pieces: in the statement's language where the product says them, else as typed."""

from __future__ import annotations

from app.contracts.terms import FAMILIES
from app.corridor import shipped
from app.exchange_rates.sources import OWN as OWN_RATES
from reports.model import Literal, Words, text

_OWN = OWN_RATES | {seed.source for family in FAMILIES.values() for seed in family.seeds}

_OWN_TITLES = {rule["title"] for rule in shipped.rules()}


def source_words(source: str) -> Words:
    """The source as words: translated where it is one of the product's own, else exactly as it was typed."""
    return text(source) if source in _OWN else Literal(source)


def title_words(title: str) -> Words:
    """The title of a rule of the corridor as words: translated where the product ships it, else as it was typed."""
    return text(title) if title in _OWN_TITLES else Literal(title)
