"""What the verbs of claims take in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.claims.states import FlagCode, LineKind, PaperKind, Place, Verdict
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.web.uploads import RefusedFile, Upload


@dataclass(frozen=True, slots=True)
class StartClaim:
    """A new claim: the contract it is on, what the money was spent for, and who is paid in which currency.

    Without `claimant_id` the maker is paid; without `pay_currency` it is the book's own currency. `heading` and
    `place` fill in new lines.
    """

    contract_id: UUID
    purpose: str
    heading: Heading | None = None
    place: Place | None = None
    claimant_id: UUID | None = None
    pay_currency: Currency | None = None
    receipts: tuple[Upload | RefusedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class EditClaim:
    """The head of a claim as it shall stand. `advance` is in the currency the claim is paid in."""

    version: int
    contract_id: UUID
    purpose: str
    heading: Heading | None
    place: Place | None
    claimant_id: UUID | None
    pay_currency: Currency | None
    advance: Money | None


@dataclass(frozen=True, slots=True)
class AddReceipts:
    """Files; each becomes a line of its own."""

    receipts: tuple[Upload | RefusedFile, ...]


@dataclass(frozen=True, slots=True)
class LineValues:
    """A line as far as it is typed; None and blank mean not yet."""

    cost_on: date | None = None
    ends_on: date | None = None
    heading: Heading | None = None
    place: Place | None = None
    who: str = ""
    purpose: str = ""
    currency: Currency | None = None
    amount: Money | None = None
    tax: Money | None = None
    seller: str = ""
    seller_number: str = ""
    invoice_code: str = ""
    invoice_number: str = ""
    quantity: Decimal | None = None
    missing_receipt: str = ""


@dataclass(frozen=True, slots=True)
class AddLine:
    """A line without a file: an allowance, or cost whose receipt is lost."""

    kind: LineKind
    values: LineValues


@dataclass(frozen=True, slots=True)
class SaveLine:
    """A line as it shall stand, at the version the page showed."""

    version: int
    values: LineValues


@dataclass(frozen=True, slots=True)
class LineAnswer:
    """One of several lines as it shall stand, at the version the page showed."""

    line: int
    version: int
    values: LineValues


@dataclass(frozen=True, slots=True)
class AnswerLines:
    """Several lines at once: what was still missing on them."""

    lines: tuple[LineAnswer, ...]


@dataclass(frozen=True, slots=True)
class AttachPaper:
    """One more document behind a line."""

    kind: PaperKind
    paper: Upload


@dataclass(frozen=True, slots=True)
class SubmitClaim:
    """What the claimant declares on submitting."""

    version: int
    declared: bool
    negative_list_declared: bool


@dataclass(frozen=True, slots=True)
class LineVerdict:
    """What the checker says of one line, with the reason unless it is okay."""

    line: int
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CheckClaim:
    """The verdict on every line."""

    version: int
    verdicts: tuple[LineVerdict, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    """A decision on the version the page showed, with the reason where one is needed."""

    version: int
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ClearFlag:
    """Why a flag is no reason to hold the claim; `about` says which facts were judged."""

    code: FlagCode
    about: str
    reason: str


@dataclass(frozen=True, slots=True)
class PayClaim:
    """The payment: from which account, on which value date, under which reference of the bank."""

    version: int
    bank_account_id: UUID
    paid_on: date
    bank_reference: str
