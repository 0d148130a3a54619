"""What the verbs of payment files take: plain data, made by the forms, the API and the demonstration story alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.currencies import Currency
from app.payment_files.states import BankCodeKind, ChargeBearer, PurposePlacement, Repertoire
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class MakeFile:
    """Released disbursements of one account and currency, by one rail, to be carried out on a day."""

    account_id: UUID
    currency: Currency
    rail: str
    execute_on: date
    disbursements: tuple[str, ...]
    purpose_code: str = ""


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
class Send:
    """The file went to the bank, which gave it a reference of its own or none."""

    version: int
    bank_reference: str = ""


@dataclass(frozen=True, slots=True)
class TakeAnswer:
    """The bank's answer (pain.002) on a file."""

    file: Upload


@dataclass(frozen=True, slots=True)
class ReturnAll:
    """The bank carried out nothing of a file: everything in it goes back, for one reason, on one day."""

    version: int
    value_date: date
    reason: str


@dataclass(frozen=True, slots=True)
class EnterProfile:
    """What a bank takes, on whose word; `verified` where its own guide was seen."""

    institution_id: UUID
    name: str
    code_kind: BankCodeKind
    repertoire: Repertoire
    name_length: int
    address_length: int
    remittance_length: int
    purpose_placement: PurposePlacement
    charge_bearer: ChargeBearer
    source: str
    code: str = ""
    address_structured: bool = False
    verified: bool = False
