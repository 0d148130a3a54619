"""Facts about contracts as other slices and rules take them: frozen, plain, no database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.budgets.rules import LimitStanding
from app.contracts.states import (
    Basis,
    ContractStatus,
    FundingMode,
    ObligationKind,
    OverdueScope,
    SpendingLimit,
    TermsFamily,
    TrancheCondition,
    WhitelistEffect,
)
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading


@dataclass(frozen=True, slots=True)
class ContractFacts:
    """A contract with its programme's terms, as the gates of a payment need it."""

    id: UUID
    reference: str
    status: ContractStatus
    amount: Money
    currency: Currency
    funding_mode: FundingMode
    funder_id: UUID
    grantee_id: UUID
    project_id: UUID
    programme_id: UUID
    pocket_id: UUID
    hold_id: UUID | None
    grantee_account_id: UUID | None
    first_day: date
    last_day: date
    closing_from: date | None
    budget_rate: Decimal | None
    terms_family: TermsFamily
    basis: Basis
    spending_limit: SpendingLimit
    year_end_month: int
    whitelist_effect: WhitelistEffect
    whitelist_kind: str
    overdue_scope: OverdueScope
    collective_minutes_required: bool
    pi_ids: frozenset[UUID]

    def pays(self, *, final_tranche: bool) -> bool:
        """Whether money may be paid in this status: active, or closing for the final tranche."""
        return self.status is ContractStatus.ACTIVE or (self.status is ContractStatus.CLOSING and final_tranche)


@dataclass(frozen=True, slots=True)
class TrancheTerms:
    """A tranche on a day as its contract has it: whether it is due, whether its condition is met, what may be paid.

    `waiting_for` is a message id that says what is missing (placeholders in `params`), empty when nothing is.
    `payable` is the whole amount once the final account is accepted, before that the amount less the holdback.
    """

    id: UUID
    contract_id: UUID
    number: int
    amount: Money
    holdback: Money
    condition: TrancheCondition
    milestone: str
    due_on: date
    is_final: bool
    due: bool
    condition_met: bool
    met_on: date | None
    waiting_for: str
    params: dict[str, Any]
    final_account_accepted: bool

    @property
    def payable(self) -> Money:
        """How much of the tranche may be paid in all, today, once due and met."""
        return self.amount if self.final_account_accepted else self.amount - self.holdback


@dataclass(frozen=True, slots=True)
class TrancheState(TrancheTerms):
    """The same with its payments: `committed` is what is paid or reserved under it already."""

    committed: Money
    paid: Money
    paid_on: date | None

    @property
    def open(self) -> Money:
        """What may still be paid: payable less committed, never below nil."""
        left = self.payable - self.committed
        return left if left.minor > 0 else Money.zero(left.currency)

    @property
    def ready(self) -> bool:
        """Whether it may be paid today as far as the tranche is concerned."""
        return self.due and self.condition_met and bool(self.open)


@dataclass(frozen=True, slots=True)
class BlockingObligation:
    """Something overdue that keeps the next tranche back."""

    id: UUID
    contract_reference: str
    kind: ObligationKind
    title: str
    due_on: date
    days_overdue: int
    scope: OverdueScope


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a programme's terms on a day: value, where it comes from, whether it is verified."""

    name: str
    label: str
    value: Any
    source: str
    verified: bool
    first_day: date | None
    """None: the family's own starting value."""


@dataclass(frozen=True, slots=True)
class CostBearer:
    """The contract that bears a cost, as the rules of whoever charges it need it; amounts in its currency.

    `spendable` is what may still be spent; `unapproved` are headings outside the items a one-line vote has approved.
    """

    contract_id: UUID
    reference: str
    currency: Currency
    grantee_id: UUID
    takes_cost: bool
    first_day: date
    last_day: date
    is_lump_sum: bool
    spendable: Money
    limit_source: str
    limits: tuple[LimitStanding, ...] = ()
    unapproved: frozenset[Heading] = frozenset()
