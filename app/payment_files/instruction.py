"""A payment file as plain data: the snapshot that is kept, and out of which the bytes are made. Pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.payment_files.states import ChargeBearer, PurposePlacement


@dataclass(frozen=True, slots=True)
class Address:
    """A party's address as it is sent: structured (town and street), or in lines."""

    country: str = ""
    town: str = ""
    street: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An account, whose it is, and the codes of its bank; every text as the bank sees it."""

    holder: str
    number: str
    currency: str
    bic: str
    clearing_system: str
    clearing_code: str
    address: Address


@dataclass(frozen=True, slots=True)
class Exchange:
    """A rate agreed with the paying bank: so much of the other currency for one `unit_currency`, and its reference."""

    unit_currency: str
    rate: str
    contract: str


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; the amount in whole minor units of the file's currency.

    Where the paying bank converts what it is told to pay, `sent_in` is the currency it sends; otherwise it is empty.
    """

    end_to_end_id: str
    uetr: str
    amount_minor: int
    payee: Account
    remittance: str
    sent_in: str = ""
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """Everything a payment file says."""

    reference: str
    made_at: datetime
    execute_on: date
    currency: Currency
    rail: str
    payer: Account
    payments: tuple[Payment, ...]
    charge_bearer: ChargeBearer
    purpose_code: str
    purpose_placement: PurposePlacement

    @property
    def total(self) -> Money:
        """What all payments come to, in the file's currency, exactly."""
        return Money(sum(each.amount_minor for each in self.payments), self.currency)

    @property
    def control_sum(self) -> Decimal:
        """The total as the decimal number of the group header."""
        return self.total.amount

    def to_json(self) -> dict[str, Any]:
        """The snapshot as JSON values."""
        return asdict(self) | {"made_at": self.made_at.isoformat(), "execute_on": self.execute_on.isoformat()}


def from_json(kept: dict[str, Any]) -> Instruction:
    """The instruction out of its snapshot."""
    return Instruction(
        kept["reference"],
        datetime.fromisoformat(kept["made_at"]),
        date.fromisoformat(kept["execute_on"]),
        Currency(kept["currency"]),
        kept["rail"],
        _account(kept["payer"]),
        tuple(_payment(each) for each in kept["payments"]),
        ChargeBearer(kept["charge_bearer"]),
        kept["purpose_code"],
        PurposePlacement(kept["purpose_placement"]),
    )


def _payment(kept: dict[str, Any]) -> Payment:
    exchange = Exchange(**kept["exchange"]) if kept["exchange"] else None
    return Payment(**(kept | {"payee": _account(kept["payee"]), "exchange": exchange}))


def _account(kept: dict[str, Any]) -> Account:
    address = kept["address"]
    return Account(**(kept | {"address": Address(**(address | {"lines": tuple(address["lines"])}))}))
