"""What the bank will see of payments: every text fitted to the bank's profile beside what is on file. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money
from app.payment_files.characters import Fitted, fit, in_lines, unchanged
from app.payment_files.instruction import Account, Address, Exchange, Instruction, Payment
from app.payment_files.states import ChargeBearer, PurposePlacement, Repertoire

COUNTRIES = {Side.SZ: "CN", Side.HK: "HK", Side.MO: "MO"}
TOWNS = {Side.SZ: "Shenzhen", Side.HK: "Hong Kong", Side.MO: "Macao"}
ADDRESS_LINES = 3
LONGEST_NUMBER = 34

LONGEST_CONTRACT = 35

NAME, NUMBER, ADDRESS, REMITTANCE = _("Account holder"), _("Account number"), _("Address"), _("Remittance information")
SENT_IN, RATE, DEAL = _("Sent in"), _("Rate agreed"), _("Bank's reference of the rate")


@dataclass(frozen=True, slots=True)
class Taking:
    """What a bank takes, out of its profile."""

    repertoire: Repertoire
    name_length: int
    address_length: int
    remittance_length: int
    address_structured: bool
    purpose_placement: PurposePlacement
    charge_bearer: ChargeBearer


@dataclass(frozen=True, slots=True)
class AccountOnFile:
    """An account as the register has it."""

    holder: str
    number: str
    currency: str
    bic: str
    cnaps: str
    hk_bank_code: str
    side: Side
    address: str


@dataclass(frozen=True, slots=True)
class PaymentOnFile:
    """A disbursement as it is on file; `said` is what the remittance information is made of.

    `sent_in` is the currency the paying bank sends where it converts; `exchange` the rate agreed with it, if one was.
    """

    reference: str
    uetr: str
    amount: Money
    payee: AccountOnFile
    said: str
    sent_in: str = ""
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One text of a payment: its label (a message id), what is on file, and what the bank will see of it."""

    label: str
    on_file: str
    fitted: Fitted


@dataclass(frozen=True, slots=True)
class Shown:
    """A payment as the bank will see it, field by field; the paying account has reference and amount of none."""

    reference: str
    amount: Money | None
    fields: tuple[Field, ...]
    account: Account

    @property
    def changed(self) -> bool:
        """Whether the bank will see anything else than what is on file."""
        return any(field.fitted.changed for field in self.fields)


@dataclass(frozen=True, slots=True)
class Composed:
    """The instruction, and what the bank will see of payer and payments."""

    instruction: Instruction
    payer: Shown
    payments: tuple[Shown, ...]


def compose(
    *,
    reference: str,
    made_at: datetime,
    execute_on: date,
    currency: Currency,
    rail: str,
    purpose_code: str,
    payer: AccountOnFile,
    payments: Sequence[PaymentOnFile],
    taking: Taking,
) -> Composed:
    """The instruction of a file with every text as the bank will see it. Amounts are taken over exactly."""
    paying = _shown("", None, payer, "", taking)
    shown, made = [], []
    for each in payments:
        said = each.said
        if taking.purpose_placement is PurposePlacement.REMITTANCE and purpose_code:
            said = f"{purpose_code} {said}"
        seen = _shown(each.reference, each.amount, each.payee, said, taking)
        text = seen.fields[-1].fitted.text
        exchange, told = _exchange(each)
        shown.append(replace(seen, fields=(*told, *seen.fields)))
        made.append(Payment(each.reference, each.uetr, each.amount.minor, seen.account, text, each.sent_in, exchange))
    instruction = Instruction(
        reference,
        made_at,
        execute_on,
        currency,
        rail,
        paying.account,
        tuple(made),
        taking.charge_bearer,
        purpose_code,
        taking.purpose_placement,
    )
    return Composed(instruction, paying, tuple(shown))


def _shown(reference: str, amount: Money | None, account: AccountOnFile, said: str, taking: Taking) -> Shown:
    """An account and its texts as the bank will see them; the remittance information stands last."""
    name = fit(account.holder, taking.repertoire, taking.name_length)
    number = fit(account.number, Repertoire.LATIN, LONGEST_NUMBER)
    address, sent_address = _address(account, taking)
    fields = [Field(NAME, account.holder, name), Field(NUMBER, account.number, number)]
    fields.append(Field(ADDRESS, account.address, address))
    if reference:
        remittance = fit(said, taking.repertoire, taking.remittance_length)
        fields.append(Field(REMITTANCE, said, remittance))
    system, code = _clearing(account)
    sent = Account(name.text, number.text, account.currency, account.bic, system, code, sent_address)
    return Shown(reference, amount, tuple(fields), sent)


def _exchange(payment: PaymentOnFile) -> tuple[Exchange | None, tuple[Field, ...]]:
    """The rate agreed as it is sent, and what the bank will see of the conversion it is asked for."""
    told = [(SENT_IN, payment.sent_in)] if payment.sent_in else []
    agreed = payment.exchange
    if agreed is None:
        return None, tuple(Field(label, said, unchanged(said)) for label, said in told)
    deal = fit(agreed.contract, Repertoire.LATIN, LONGEST_CONTRACT)
    told.append((RATE, f"1 {agreed.unit_currency} = {agreed.rate}"))
    fields = [Field(label, said, unchanged(said)) for label, said in told]
    return replace(agreed, contract=deal.text), (*fields, Field(DEAL, agreed.contract, deal))


def _address(account: AccountOnFile, taking: Taking) -> tuple[Fitted, Address]:
    country = COUNTRIES.get(account.side, "")
    if taking.address_structured:
        street = fit(account.address, taking.repertoire, taking.address_length)
        return street, Address(country, TOWNS.get(account.side, ""), street.text)
    whole, lines = in_lines(account.address, taking.repertoire, taking.address_length, ADDRESS_LINES)
    return whole, Address(country, lines=lines)


def _clearing(account: AccountOnFile) -> tuple[str, str]:
    """The clearing system and the bank's code in it, in the codes of ISO 20022; empty for a bank known by BIC only."""
    if account.cnaps:
        return "CNAPS", account.cnaps
    return ("HKNCC", account.hk_bank_code) if account.hk_bank_code else ("", "")
