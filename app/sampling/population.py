"""What is drawn from: lines of one currency, sorted by key, credits and nil lines apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Self

from app.kernel.currencies import Currency


@dataclass(frozen=True, slots=True)
class Row:
    """One line: its unique key, its recorded amount in minor units, and the group it may be stratified by."""

    key: str
    amount: int
    group: str = ""


class NotOnePopulation(ValueError):
    """Two rows with the same key, an empty key, or an amount that is no whole number."""


@dataclass(frozen=True, slots=True)
class Population:
    """Lines of one currency. Only `debits` (amounts above nil) are drawn from; the others are chosen by hand."""

    currency: Currency
    debits: tuple[Row, ...]
    credits: tuple[Row, ...]
    nil: tuple[Row, ...]

    @classmethod
    def of(cls, rows: Iterable[Row], currency: Currency) -> Self:
        """Sort the rows by key (code points) and part them by sign. Raises NotOnePopulation."""
        ordered = sorted(rows, key=lambda row: row.key)
        for before, row in zip([None, *ordered], ordered, strict=False):
            if not row.key or type(row.amount) is not int:
                raise NotOnePopulation(f"not a row: {row.key!r}")
            if before is not None and before.key == row.key:
                raise NotOnePopulation(f"two rows are called {row.key!r}")
        return cls(
            currency,
            tuple(row for row in ordered if row.amount > 0),
            tuple(row for row in ordered if row.amount < 0),
            tuple(row for row in ordered if row.amount == 0),
        )

    def credits_turned(self) -> Self:
        """The credits as a population of their own, their amounts turned positive, to be drawn from."""
        return type(self).of((Row(row.key, -row.amount, row.group) for row in self.credits), self.currency)

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every row, by key."""
        return tuple(sorted((*self.debits, *self.credits, *self.nil), key=lambda row: row.key))

    @property
    def by_key(self) -> Mapping[str, Row]:
        """Every row under its key."""
        return MappingProxyType({row.key: row for row in (*self.debits, *self.credits, *self.nil)})

    @property
    def total(self) -> int:
        """What is drawn from, in minor units: the sum of the debits."""
        return sum(row.amount for row in self.debits)
