"""What the rules of journals look at: plain facts, gathered by the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.contracts.facts import CostBearer
from app.journals.kinds import KINDS, KindRow
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading


@dataclass(frozen=True, slots=True)
class LineChecked:
    """One line as typed, with its contracts and its amount in the contract's currency (None: no rate).

    `outstanding`: for kinds that settle something, what stands on the contract to be settled, in the line's currency.
    """

    number: int
    contract: CostBearer
    to_contract: CostBearer | None
    heading: Heading | None
    amount: Money
    booked: Money | None
    outstanding: Money | None = None
    to_heading: Heading | None = None
    """Where a cost transfer takes the cost; None: the heading it stands on."""
    spent: Money | None = None
    """For a disallowance: what stands on the contract's heading, in the contract's currency."""

    @property
    def target(self) -> CostBearer:
        """The contract that bears the cost afterwards."""
        return self.to_contract or self.contract

    @property
    def target_heading(self) -> Heading | None:
        """The heading that bears the cost afterwards."""
        return self.to_heading or self.heading


@dataclass(frozen=True, slots=True)
class MovedEntry:
    """The entry whose cost a transfer moves: its date, and what of its cost is neither transferred nor reversed.

    `remaining` is by contract and heading, in each contract's currency; empty where the entry posted no cost.
    `rate_id` is the rate its cost was brought into the book's own currency at.
    """

    entry_id: int
    effective_on: date
    remaining: Mapping[tuple[UUID, Heading], Money]
    rate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReversalChecked:
    """The entry a reversal names: whether a journal of this book posted it, whether it has been reversed or moved.

    `is_transfer`: it is a cost transfer's own entry; `moved`: a transfer has moved part of its cost, or waits to.
    """

    posted_by_journal: bool
    reversed_already: bool
    is_transfer: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True)
class JournalFacts:
    """A journal to be judged on `today`.

    A transfer of cost older than `old_transfer_days` is pointed out to the approver.
    """

    kind: JournalKind
    institution_id: UUID
    effective_on: date
    today: date
    bank_account_currency: Currency | None
    has_bank_account: bool
    negative_list_declared: bool
    has_evidence: bool
    old_transfer_days: int
    lines: tuple[LineChecked, ...]
    reversal: ReversalChecked | None = None
    moved: MovedEntry | None = None

    @property
    def row(self) -> KindRow:
        """The kind's row of the table."""
        return KINDS[self.kind]
