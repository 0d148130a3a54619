"""Floors and ceilings by ratio: what share of a base a row of the terms takes at least or at most. Pure.

The percentages are parameters of the programme, with their source and whether anybody has read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from app.kernel.money import Money


class Of(StrEnum):
    """What a percentage is a share of."""

    GRANT = "GRANT"
    """The contract's amount."""
    OVERHEAD_BASE = "OVERHEAD_BASE"
    """The budget of the rows that the family counts in its overhead base: under Mainland terms direct cost less
    equipment purchase, under ITF every direct cost but the audit fee."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One floor (`least`) or ceiling on a row: the parameter that holds its percentage or its tiers, and the base."""

    parameter: str
    row: str
    least: bool = False
    of: Of = Of.GRANT


def share(value: Any, base: Money) -> Money | None:
    """What the parameter allows (or asks for) of `base`: a percentage, or percentages by slice of it.

    Rounded half-up once, in the base's currency; a negative base counts as nil. None: the value is neither, so there is
    no limit to compute and none is guessed.
    """
    whole = max(base.amount, Decimal(0))
    found = _tiered(value, whole) if isinstance(value, list) else _percent(value, whole)
    return None if found is None else Money.rounded(found, base.currency)


def _percent(value: Any, whole: Decimal) -> Decimal | None:
    percent = _number(value)
    return None if percent is None else whole * percent / 100


def _tiered(tiers: list[Any], whole: Decimal) -> Decimal | None:
    """Each slice at its own percentage: [["5000000.00", "30"], ["10000000.00", "25"], [null, "20"]]."""
    summed, floor = Decimal(0), Decimal(0)
    for tier in tiers:
        if not isinstance(tier, list) or len(tier) != 2:
            return None
        top = whole if tier[0] is None else _number(tier[0])
        percent = _number(tier[1])
        if top is None or percent is None:
            return None
        upto = min(whole, top)
        if upto > floor:
            summed += (upto - floor) * percent / 100
            floor = upto
    return summed


def _number(value: Any) -> Decimal | None:
    try:
        return Decimal(value) if isinstance(value, str) else None
    except InvalidOperation:
        return None
