"""What the verbs of contracts take: plain data, made by the forms, the API and the demonstration story alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.budgets.commands import BudgetItem
from app.contracts.states import (
    Basis,
    FundingMode,
    ObligationKind,
    OverdueScope,
    Purpose,
    SpendingLimit,
    TermsFamily,
    TrancheCondition,
    WhitelistEffect,
)
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class CreateProgramme:
    """A funder's scheme. Basis and spending limit left out are the family's own."""

    code: str
    funder_id: UUID
    name_en: str
    terms_family: TermsFamily
    currency: Currency
    year_end_month: int
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    basis: Basis | None = None
    spending_limit: SpendingLimit | None = None
    holdback_percent: Decimal = Decimal(0)
    whitelist_effect: WhitelistEffect = WhitelistEffect.INFORM
    whitelist_kind: str = "FUND_FLOW"
    overdue_scope: OverdueScope = OverdueScope.CONTRACT
    collective_minutes_required: bool = False


@dataclass(frozen=True, slots=True)
class EditProgramme:
    """Changes to a scheme; family, currency and funder never change."""

    version: int
    name_en: str
    year_end_month: int
    basis: Basis
    spending_limit: SpendingLimit
    whitelist_effect: WhitelistEffect
    overdue_scope: OverdueScope
    name_zh_hant: str = ""
    name_zh_hans: str = ""
    whitelist_kind: str = "FUND_FLOW"
    holdback_percent: Decimal = Decimal(0)
    collective_minutes_required: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class ProposeParameter:
    """A new value of a parameter of a programme's terms, with its source, from a day on."""

    name: str
    value: Any
    source: str
    verified: bool
    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class TrancheInput:
    """One instalment; the last one given is the final one. The holdback waits for the accepted final account."""

    amount: Money
    due_on: date
    condition: TrancheCondition = TrancheCondition.DATE
    holdback: Money | None = None
    milestone: str = ""


@dataclass(frozen=True, slots=True)
class DraftContract:
    """A new contract."""

    project_id: UUID
    programme_id: UUID
    grantee_id: UUID
    pocket_id: UUID
    funding_mode: FundingMode
    currency: Currency
    amount: Money
    first_day: date
    last_day: date
    tranches: tuple[TrancheInput, ...]
    budget: tuple[BudgetItem, ...] = ()
    grantee_account_id: UUID | None = None
    purpose: Purpose = Purpose.GRANT
    agreement_number: str = ""
    governing_law: str = ""
    dispute_forum: str = ""
    budget_rate: Decimal | None = None
    negative_list_declared: bool = False


@dataclass(frozen=True, slots=True)
class EditContract(DraftContract):
    """All of a draft as it shall stand, at the version the page showed."""

    version: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Step:
    """A step in a contract's life at the version the page showed, with its reason where one is needed."""

    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sign:
    """Signing, on the day the agreement bears."""

    version: int
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeAccount:
    """The grantee's account that payments under the contract go to."""

    version: int
    grantee_account_id: UUID


@dataclass(frozen=True, slots=True)
class ConfirmCondition:
    """A milestone is confirmed as met, on a day, with what it was confirmed by."""

    met_on: date
    note: str


@dataclass(frozen=True, slots=True)
class AmendContract:
    """A proposed amendment: everything as it shall stand afterwards. `budget` is empty where only the total counts."""

    version: int
    reason: str
    effective_on: date
    amount: Money
    first_day: date
    last_day: date
    tranches: tuple[TrancheInput, ...]
    budget: tuple[BudgetItem, ...] = ()
    currency: Currency | None = None
    """The currency the sender thinks the contract is in; refused when it is not."""


@dataclass(frozen=True, slots=True)
class MoveBudget:
    """Budget to be moved from one line of the terms to another, in the contract's currency."""

    version: int
    from_line: str
    to_line: str
    amount: Money
    reason: str
    currency: Currency | None = None


@dataclass(frozen=True, slots=True)
class AskForItem:
    """An item of a one-line vote (a row code) to be approved for a contract, with the document that says why."""

    line: str
    reason: str
    file: Upload


@dataclass(frozen=True, slots=True)
class AskForYear:
    """The budget of one year of a contract, counted from 1, by row code or `TOTAL`, in the contract's currency."""

    year: int
    budget: tuple[BudgetItem, ...]
    reason: str
    file: Upload | None = None
    currency: Currency | None = None


@dataclass(frozen=True, slots=True)
class DecideRequest:
    """What the funder's person says of a request about the budget; a refusal gives its reason."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecideAmendment:
    """What the second person says of an amendment; a refusal or withdrawal gives its reason."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class AddObligation:
    """Something owed beyond what the terms generate."""

    kind: ObligationKind
    title: str
    due_on: date
    blocks_tranche: bool
    period_first_day: date | None = None
    period_last_day: date | None = None


@dataclass(frozen=True, slots=True)
class SubmitObligation:
    """What is owed is handed in, with its document when there is one."""

    version: int
    note: str = ""
    file: Upload | None = None


@dataclass(frozen=True, slots=True)
class ObligationStep:
    """A step of an obligation at the version the page showed."""

    version: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class ExtendObligation:
    """A later due date, with its reason; the original date is kept."""

    version: int
    due_on: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DeclareInterest:
    """A person's own interest in a contract."""

    statement: str
