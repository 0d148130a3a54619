"""What stands in the way of a payment file, of its signature and of the bank's answer. Facts in, breaches out. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.messages import Words, _
from app.kernel.money import Money
from app.payment_files.characters import Change
from app.payment_files.composing import ADDRESS, NAME, NUMBER, REMITTANCE, Composed, Field, Shown
from app.payment_files.states import BankCodeKind

ONE_FILE = _("Duty of payments: one file for one account, currency and rail, and no payment in two files")
MANDATE = _("Bank mandate of the paying account")
PROFILE = _("Profile of the paying bank")
MESSAGE = "ISO 20022 pain.001.001.09"
MOST_PAYMENTS = 5000

_CURES = {
    NAME: _("Enter the account anew with the holder's name in characters the bank takes, or the bank's true profile."),
    NUMBER: _("Enter the account anew with its number as the bank writes it."),
    ADDRESS: _("Correct the institution's address, or enter the bank's true profile."),
    REMITTANCE: _("Enter the bank's true profile, or withdraw the payment and state its purpose anew."),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A disbursement that is to go into a file; `in_file` is the live file that holds it already."""

    reference: str
    status: str
    payer_account_id: UUID
    currency: Currency
    amount: Money
    payee_payable: bool
    in_file: str = ""


@dataclass(frozen=True, slots=True)
class MakingFacts:
    """A file that is to be made."""

    account_id: UUID
    currency: Currency
    asked: tuple[str, ...]
    found: tuple[Candidate, ...]
    payer_payable: bool
    execute_on: date
    today: date


def making_breaches(facts: MakingFacts) -> list[Breach]:
    """Every payment is released, of this account and currency, to a payable account, and in no other live file."""
    found: list[Breach] = []
    if not facts.asked or len(facts.asked) > MOST_PAYMENTS:
        message, cure = _("A file holds between one and %(most)s payments."), _("Tick the payments of this file.")
        return [_making("payment-file.size", message, cure, most=MOST_PAYMENTS)]
    missing = sorted(set(facts.asked) - {each.reference for each in facts.found})
    if missing:
        message, cure = _("There is no payment %(reference)s that waits for a file."), _("Look at the list again.")
        found.append(_making("payment-file.unknown", message, cure, reference=missing[0]))
    if not facts.payer_payable:
        message, cure = _("The paying account is not verified."), _("Another accountant verifies it first.")
        found.append(Breach("payment-file.payer", message, cure, ONE_FILE, field="account_id"))
    if facts.execute_on < facts.today:
        message, cure = _("The day to pay has passed."), _("Choose today or a later day.")
        found.append(Breach("payment-file.day", message, cure, ONE_FILE, field="execute_on"))
    for each in facts.found:
        found += _candidate_breaches(facts, each)
    return found


def _candidate_breaches(facts: MakingFacts, each: Candidate) -> list[Breach]:
    if each.in_file:
        message = _("%(reference)s is in the payment file %(file)s already.")
        cure = _("Withdraw that file first, if it has not been sent.")
        return [_making("payment-file.twice", message, cure, reference=each.reference, file=each.in_file)]
    if each.status != "RELEASED":
        message, cure = _("%(reference)s is not released, or not any more."), _("Take it out of the file.")
        return [_making("payment-file.not-released", message, cure, reference=each.reference)]
    if each.payer_account_id != facts.account_id or each.currency is not facts.currency:
        message = _("%(reference)s is paid from another account, or in another currency.")
        return [_making("payment-file.mixed", message, _("Make a file of its own for it."), reference=each.reference)]
    if not each.payee_payable:
        message = _("The payee's account of %(reference)s is not payable now.")
        cure = _("Have the account verified, or wait for its cooling period to end.")
        return [_making("payment-file.payee", message, cure, reference=each.reference)]
    return []


def text_breaches(composed: Composed) -> list[Breach]:
    """Every text can be sent: no character without a stand-in, no name and no number lost, and every bank is coded."""
    found = []
    for shown in (composed.payer, *composed.payments):
        for field in shown.fields:
            found += _field_breaches(shown, field)
        if shown.reference and not (shown.account.bic or shown.account.clearing_code):
            message = _("%(reference)s: the payee's bank has neither a BIC nor a clearing code.")
            cure = _("Enter the account anew with its BIC, CNAPS code or Hong Kong bank code.")
            found.append(_making("payment-file.no-bank-code", message, cure, MESSAGE, reference=shown.reference))
    payer = composed.payer.account
    if not (payer.bic or payer.clearing_code):
        message = _("The paying account's bank has neither a BIC nor a clearing code.")
        cure = _("Enter the account anew with its BIC, CNAPS code or Hong Kong bank code.")
        found.append(Breach("payment-file.no-payer-code", message, cure, MESSAGE, field="account_id"))
    return found


def _field_breaches(shown: Shown, field: Field) -> list[Breach]:
    told = {"reference": shown.reference or "–", "field": Words((field.label,))}
    if field.fitted.unsendable:
        message = _("%(reference)s: the bank does not take “%(characters)s” in: %(field)s.")
        told["characters"] = field.fitted.unsendable[:20]
        return [_making("payment-file.characters", message, _CURES[field.label], PROFILE, **told)]
    if field.label is NUMBER and any(piece.change is not Change.KEPT for piece in field.fitted.pieces):
        message = _("%(reference)s: the account number cannot be sent as it stands.")
        return [_making("payment-file.number", message, _CURES[NUMBER], MESSAGE, **told)]
    if field.label in (NAME, NUMBER) and not field.fitted.text:
        message = _("%(reference)s: nothing is left to send of: %(field)s.")
        return [_making("payment-file.empty", message, _CURES[field.label], MESSAGE, **told)]
    return []


@dataclass(frozen=True, slots=True)
class SigningFacts:
    """A file before a signature: what the mandate asks for, None where no mandate is confirmed for its total."""

    signatories: int | None
    signed_already: bool
    part_in_payments: bool
    changed: tuple[str, ...]
    execute_on: date
    today: date


def signing_breaches(facts: SigningFacts) -> list[Breach]:
    """A mandate covers the total, the person is new to the file and its payments, and every payment still stands."""
    found = []
    if facts.signatories is None:
        message = _("No confirmed bank mandate of the paying account covers the total of this file.")
        cure = _("An accountant enters the mandate and another confirms it.")
        found.append(Breach("payment-file.no-mandate", message, cure, MANDATE))
    if facts.signed_already:
        message, cure = _("You have signed this file."), _("Another signatory signs it.")
        found.append(Breach("payment-file.signed-already", message, cure, MANDATE))
    if facts.part_in_payments:
        message = _("You prepared or approved a payment of this file.")
        found.append(Breach("payment-file.took-part", message, _("Another signatory signs it."), MANDATE))
    return found + standing_breaches(facts.changed, facts.execute_on, facts.today)


def standing_breaches(changed: Sequence[str], execute_on: date, today: date) -> list[Breach]:
    """Every payment is still released and payable, and the day to pay has not passed."""
    found = []
    if changed:
        message = _("%(reference)s is no longer as it was when the file was made.")
        cure = _("Withdraw this file and make a new one.")
        found.append(Breach("payment-file.changed", message, cure, ONE_FILE, {"reference": ", ".join(changed[:5])}))
    if execute_on < today:
        message, cure = _("The day to pay has passed."), _("Withdraw this file and make a new one.")
        found.append(Breach("payment-file.day-passed", message, cure, ONE_FILE))
    return found


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """A profile that is to be entered."""

    code_kind: BankCodeKind
    code: str


_CODE_LENGTHS = {BankCodeKind.NONE: (0,), BankCodeKind.BIC: (8,), BankCodeKind.CNAPS: (3,), BankCodeKind.HKNCC: (3,)}


def profile_breaches(facts: ProfileFacts) -> list[Breach]:
    """The bank's code is of its kind: eight characters of a BIC, or three digits."""
    code = facts.code
    fits = len(code) in _CODE_LENGTHS[facts.code_kind] and (not code or (code.isascii() and code.isalnum()))
    if fits and (facts.code_kind is BankCodeKind.BIC or code.isdigit() or not code):
        return []
    message = _("The code does not fit its kind.")
    cure = _("Eight characters of a BIC, the first three digits of a CNAPS code, or a Hong Kong bank code.")
    return [Breach("bank-profile.code", message, cure, MESSAGE, field="code")]


def _making(code: str, message: str, cure: str, source: str = ONE_FILE, **params: object) -> Breach:
    return Breach(code, message, cure, source, params, field="disbursements")
