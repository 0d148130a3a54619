"""What an auditor decides before a sample is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Self

from app.sampling.seeds import Seed
from app.sampling.states import Method


@dataclass(frozen=True, slots=True)
class Plan:
    """Method, seed and measures. Amounts are minor units of the population's currency.

    `tolerable` and `expected` misstatement and `confidence` give the size, unless `size` sets it. `above` (with any
    method) takes every debit larger than it whole, `picked` the rows named, before anything is drawn. `bounds` part
    the strata of a stratified sample by amount, each the largest amount of its stratum but the last; without bounds the
    groups of the rows are the strata.
    """

    method: Method
    seed: Seed
    confidence: Decimal = Decimal("0.95")
    tolerable: int = 0
    expected: int = 0
    above: int | None = None
    picked: tuple[str, ...] = ()
    size: int | None = None
    bounds: tuple[int, ...] = ()

    def facts(self) -> dict[str, Any]:
        """As plain JSON, to keep and to hash; `of_facts` reads it back."""
        return {
            "method": self.method.value,
            "seed": self.seed.text,
            "confidence": format(self.confidence.normalize(), "f"),
            "tolerable": self.tolerable,
            "expected": self.expected,
            "above": self.above,
            "picked": sorted(self.picked),
            "size": self.size,
            "bounds": list(self.bounds),
        }

    @classmethod
    def of_facts(cls, facts: Mapping[str, Any]) -> Self:
        """The plan that gave these facts. Raises KeyError and ValueError for anything else."""
        return cls(
            Method(facts["method"]),
            Seed.parse(facts["seed"]),
            Decimal(facts["confidence"]),
            facts["tolerable"],
            facts["expected"],
            facts["above"],
            tuple(facts["picked"]),
            facts["size"],
            tuple(facts["bounds"]),
        )
