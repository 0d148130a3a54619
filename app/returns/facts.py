"""What the rules of returns look at: plain facts, gathered by `gathering`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from app.contracts.facts import CostBearer
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.returns.kinds import ROW_KINDS
from app.returns.rows import Row
from app.returns.states import RowKind


@dataclass(frozen=True, slots=True)
class Charged:
    """A row with its amount in the contract's currency, half-up at the booking rate of its day; None: no rate."""

    row: Row
    booked: Money | None
    rate_id: UUID | None = None

    @property
    def takes(self) -> Money | None:
        """What it takes of its heading, in the contract's currency: red ink and refunds give back. None: nothing."""
        if self.booked is None or self.row.heading is None or self.row.kind is RowKind.ORDER:
            return None
        return -self.booked if self.row.kind is RowKind.SUPPLIER_REFUND else self.booked

    @property
    def is_cost(self) -> bool:
        """Whether the dates of the contract and the negative list apply."""
        return ROW_KINDS[self.row.kind].is_cost


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """A purchase order as it stands: what of it is committed, in the contract's currency."""

    heading: Heading
    open: Money


@dataclass(frozen=True, slots=True)
class KnownRow:
    """A row that an earlier return brought under the same key."""

    digest: bytes
    reference: str


@dataclass(frozen=True, slots=True)
class ReturnFacts:
    """A return to be judged on `today`; `rows` are those the file has, `known` those of them that came before.

    `advances` are what stands on the contract to be cleared, by currency.
    """

    contract: CostBearer
    today: date
    rows: tuple[Charged, ...]
    has_bank_account: bool
    bank_currency: Currency | None
    negative_list_declared: bool
    closed_months: frozenset[date] = frozenset()
    advances: Mapping[Currency, Money] = field(default_factory=dict)
    known: Mapping[str, KnownRow] = field(default_factory=dict)
    orders: Mapping[str, OpenOrder] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    @property
    def new(self) -> tuple[Charged, ...]:
        """The rows that no earlier return has brought."""
        return tuple(each for each in self.rows if each.row.key not in self.known)
