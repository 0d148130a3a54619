"""What the rules of claims look at, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.claims.states import LineKind, PaperKind, Place
from app.contracts.facts import CostBearer
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading


@dataclass(frozen=True, slots=True)
class PlaceTerms:
    """Where the programme lets money be spent. `binds`: an officer has read the source; otherwise it only warns."""

    places: frozenset[Place]
    source: str
    binds: bool


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line: what was paid, the same in the contract's currency (`booked`) and as owed to the claimant (`owed`).

    `booked` and `owed` are None while the amount or a fresh rate of the date is missing.
    """

    number: int
    kind: LineKind
    cost_on: date | None
    heading: Heading | None
    place: Place | None
    who: str
    purpose: str
    amount: Money | None
    booked: Money | None
    owed: Money | None
    tax: Money | None = None
    seller: str = ""
    seller_number: str = ""
    invoice_code: str = ""
    invoice_number: str = ""
    quantity: Decimal | None = None
    has_unit_rate: bool = True
    missing_receipt: str = ""
    papers: frozenset[PaperKind] = frozenset()
    receipt_digests: frozenset[str] = frozenset()
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """A claim to be judged on `today`. Only lines that are still in question are in it.

    `homes` are the sides of the contract's two parties: spending there needs no explanation.
    """

    contract: CostBearer
    today: date
    pay_currency: Currency
    declared: bool
    negative_list_declared: bool
    advance: Money
    advance_outstanding: Money
    quotation_from: tuple[Money, ...]
    lines: tuple[LineFacts, ...]
    homes: frozenset[Place]
    place_terms: PlaceTerms | None = None
    quotation_source: str = ""
