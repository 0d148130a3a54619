"""What the gates of a disbursement look at, as plain data gathered by `gathering.py`. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from app.contracts.states import ContractStatus, TrancheCondition, WhitelistEffect
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.money import Money


class Stage(StrEnum):
    """At which verb the gates are looked at."""

    SUBMISSION = "SUBMISSION"
    APPROVAL = "APPROVAL"
    RELEASE = "RELEASE"


@dataclass(frozen=True, slots=True)
class ContractPart:
    """The contract: `room` is what its hold still covers for this disbursement."""

    reference: str
    status: ContractStatus
    first_day: date
    last_day: date
    currency: Currency
    room: Money


@dataclass(frozen=True, slots=True)
class TranchePart:
    """The tranche: `payable` after holdback, `taken` by other disbursements that were not refused or sent back."""

    number: int
    due_on: date
    payable: Money
    taken: Money
    condition: TrancheCondition
    condition_met: bool
    condition_met_on: date | None
    is_final: bool


@dataclass(frozen=True, slots=True)
class PocketPart:
    """The pocket: `room` is what is available there plus what is held for this disbursement's contract."""

    name: str
    currency: Currency
    room: Money


@dataclass(frozen=True, slots=True)
class AccountPart:
    """A bank account, masked: whose it is, whether a second person verified it, when its cooling period ends."""

    masked: str
    currency: Currency
    belongs: bool
    verified: bool
    payable: bool
    cooling_until: date | None
    state: str


@dataclass(frozen=True, slots=True)
class WhitelistPart:
    """What the terms want of the list, and how the grantee stands on it today."""

    effect: WhitelistEffect
    kind: str
    subject: str
    listed: bool
    until: date | None


@dataclass(frozen=True, slots=True)
class OverduePart:
    """An obligation that is overdue and stands in the way of the next tranche."""

    title: str
    due_on: date
    contract_reference: str
    owner: str


@dataclass(frozen=True, slots=True)
class RatePart:
    """A rate that is needed because a currency differs from a book's: what was found, and whether it is fresh."""

    book: str
    base: Currency
    quote: Currency
    found: bool
    fresh: bool
    rate: Decimal | None = None
    rate_date: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class DocumentPart:
    """What the route asks for before the money moves; `blocks` is the first step that waits for it."""

    title: str
    source: str
    listed: bool
    confirmed: bool
    expires_on: date | None
    blocks: Stage = Stage.SUBMISSION


@dataclass(frozen=True, slots=True)
class PeoplePart:
    """Who did what on this revision; `acting_id` is the person now looking (None: nobody in particular)."""

    maker_id: UUID
    maker_name: str
    checker_ids: tuple[UUID, ...] = ()
    signatory_ids: tuple[UUID, ...] = ()
    acting_id: UUID | None = None
    interested: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AuthorityPart:
    """The authority matrix applied to the acting person: `reasons` why not, empty when within authority.

    `on_behalf_of_id` is who delegated the authority used, None where it is the person's own.
    """

    reasons: tuple[Breach, ...] = ()
    limit: Money | None = None
    checkers_needed: int = 1
    approvals: int = 0
    others: tuple[str, ...] = ()
    on_behalf_of_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class MandatePart:
    """The bank mandate of the payer's account for this amount: None signatories means that no mandate is confirmed."""

    signatories: int | None
    signed: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class SplitPart:
    """Other payments to the same payee by the same maker within a week, which together pass the acting one's limit."""

    references: tuple[str, ...] = ()
    together: Money | None = None


@dataclass(frozen=True, slots=True)
class DaysPart:
    """The value date in the calendars of the banks' sides: where it is closed, the next day open on all of them.

    `sides` whose calendar is kept; `ungazetted` those whose days of that year are not known yet.
    """

    sides: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    next_open: date | None = None
    ungazetted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything the gates look at. All amounts but rates are in the contract's currency."""

    stage: Stage
    today: date
    amount: Money
    requested_value_date: date
    contract: ContractPart
    tranche: TranchePart
    pocket: PocketPart
    payee: AccountPart
    payer: AccountPart
    grantee: str
    whitelist: WhitelistPart
    people: PeoplePart
    authority: AuthorityPart
    mandate: MandatePart
    minutes_required: bool = False
    minutes_present: bool = False
    overdue: tuple[OverduePart, ...] = ()
    rates: tuple[RatePart, ...] = ()
    documents: tuple[DocumentPart, ...] = ()
    split: SplitPart = field(default_factory=SplitPart)
    days: DaysPart = field(default_factory=DaysPart)
