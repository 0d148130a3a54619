"""What the verbs of disbursements take: plain data, made by the forms, the API and the demonstration story alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from app.disbursements.states import ConversionSide, Firmness
from app.kernel.currencies import Currency, Market
from app.kernel.money import Money
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class Draft:
    """A payment to prepare: `amount` in the contract's currency, None for what the tranche has left to pay.

    `converts_at` says whose bank converts where only the payee's account is in another currency.
    """

    contract: str
    tranche: int
    payer_account_id: UUID
    payee_account_id: UUID
    requested_value_date: date
    amount: Money | None = None
    purpose: str = ""
    warning_reason: str = ""
    converts_at: ConversionSide | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """What the maker may change; contract and currency never change."""

    version: int
    tranche: int
    payer_account_id: UUID
    payee_account_id: UUID
    requested_value_date: date
    amount: Money
    purpose: str = ""
    warning_reason: str = ""
    converts_at: ConversionSide | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """A verb on the version the page showed."""

    version: int


@dataclass(frozen=True, slots=True)
class Reasoned:
    """A verb that says why, on the version the page showed."""

    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class Approve:
    """Consent to what was shown; `consented` is its fingerprint in hex, None only where no page was shown."""

    version: int
    consented: str | None = None
    notes_seen: bool = False
    reason: str = ""
    batch_reference: str | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One row of a batch as it was shown."""

    reference: str
    version: int
    consented: str
    notes_seen: bool = False


@dataclass(frozen=True, slots=True)
class Settle:
    """The payer's bank line. `debited` None means the amount; the rate is units of the other for one of `rate_base`.

    `quote_id` names the quote it was dealt at, whose rate it then is; `dealt_at` is when.
    """

    version: int
    value_date: date
    bank_reference: str
    debited: Money | None = None
    charge: Money | None = None
    dealt_rate: Decimal | None = None
    rate_base: Currency | None = None
    rate_source: str = ""
    quote_id: UUID | None = None
    dealt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """The bank sent the money back."""

    version: int
    value_date: date
    bank_reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConfirmReceipt:
    """What the grantee's bank credited, and its charges; the rate as the bank states it."""

    version: int
    bank_account_id: UUID
    value_date: date
    bank_reference: str
    received: Money
    charge: Money | None = None
    dealt_rate: Decimal | None = None
    rate_base: Currency | None = None
    rate_source: str = ""
    difference_reason: str = ""
    quote_id: UUID | None = None
    dealt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class KeepQuote:
    """What a bank quoted for a payment: `rate` of the other currency for `unit` (1 or 100) of `base`."""

    side: ConversionSide
    bank: str
    base: Currency
    unit: int
    rate: Decimal
    market: Market
    firmness: Firmness
    asked_at: datetime
    source: str
    valid_until: datetime | None = None
    bank_reference: str = ""
    file: Upload | None = None


@dataclass(frozen=True, slots=True)
class WithdrawQuote:
    """A quote was kept by mistake."""

    quote_id: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class WithdrawReceipt:
    """A receipt was confirmed by mistake: it is reversed on `reversed_on` and may be confirmed again."""

    version: int
    reversed_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class ListDocument:
    """A document the route asks for: its number, until when it holds, and the file where there is one."""

    code: str
    number: str
    expires_on: date | None = None
    file: Upload | None = None


@dataclass(frozen=True, slots=True)
class DeclareReceipt:
    """The grantee declared to its bank, under this number, what it received: `code` is the corridor rule's."""

    code: str
    number: str
    declared_on: date


@dataclass(frozen=True, slots=True)
class AttachMinutes:
    """The minutes of the collective decision."""

    file: Upload


@dataclass(frozen=True, slots=True)
class EnterMandate:
    """Above `above` (in the account's currency) a payment needs so many signatories."""

    bank_account_id: UUID
    above: Money
    signatories: int
    source: str
    first_day: date
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class EnterResidue:
    """A return of unspent money by component, each in the contract's currency; `paid` is what the bank debited."""

    contract: str
    from_account_id: UUID
    to_account_id: UUID
    sent_on: date
    bank_reference: str
    grant_this_year: Money | None = None
    grant_earlier_years: Money | None = None
    interest: Money | None = None
    other: Money | None = None
    paid: Money | None = None
    dealt_rate: Decimal | None = None
    rate_base: Currency | None = None
    rate_source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ResidueArrived:
    """The funder's bank line of a return."""

    version: int
    received_on: date
    bank_reference: str
