"""Payment files, banks' answers and banks' profiles as JSON: the same verbs as the screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.payment_files import answer_service, commands, profile_service, queries, return_service, service, showing
from app.payment_files.composing import NUMBER, Shown
from app.payment_files.forms import (
    AnswerForm,
    FileQuery,
    MakeForm,
    ProfileForm,
    ReasonForm,
    ReturnAllForm,
    SeenForm,
    SendForm,
)
from app.payment_files.models import BankProfile, PaymentFile
from app.payment_files.queries import FileFilter, Waiting
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, MoneyOut, Out
from app.web.wording import in_words

api = ApiBlueprint("payment_files", __name__)


class FilePaymentOut(Out):
    """One payment of a file, and the bank's newest word about it."""

    number = fields.Integer()
    end_to_end_id = fields.String()
    uetr = fields.UUID()
    amount = MoneyOut()
    live = fields.Boolean()
    answer = CodeOut()
    bank_status = fields.String()
    reason_code = fields.String()
    reason_text = fields.String()


class SignatureOut(Out):
    """A signature on the bytes of a file."""

    signatory_id = fields.UUID()
    signed_at = fields.DateTime()


class AnswerOut(Out):
    """An answer of the bank that was taken."""

    message_id = fields.String()
    accepted = fields.Integer()
    rejected = fields.Integer()
    pending = fields.Integer()
    taken_at = fields.DateTime()


class PaymentFileOut(Out):
    """One payment file; `sha256` is the digest of its bytes."""

    id = fields.UUID()
    reference = fields.String()
    status = CodeOut()
    institution_id = fields.UUID()
    bank_account_id = fields.UUID()
    profile_id = fields.UUID()
    rail = fields.String()
    execute_on = fields.Date()
    purpose_code = fields.String()
    payment_count = fields.Integer()
    total = MoneyOut()
    sha256 = fields.String(attribute="digest")
    maker_id = fields.UUID()
    made_at = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)
    bank_reference = fields.String()
    withdrawal_reason = fields.String()
    payments = fields.List(fields.Nested(FilePaymentOut))
    signatures = fields.List(fields.Nested(SignatureOut))
    answers = fields.List(fields.Nested(AnswerOut))
    version = fields.Integer()


class TakenOut(Out):
    """The file after its answer; `again` says that these very bytes had been taken before, and nothing was."""

    again = fields.Boolean()
    file = fields.Nested(PaymentFileOut)


class PaymentNotifiedOut(Out):
    """What the bank notified of one payment: money out of the paying account is negative."""

    end_to_end_id = fields.String()
    booked_on = fields.Date()
    amount = MoneyOut()
    bank_reference = fields.String()
    return_reason = fields.String()


class WaitingOut(Out):
    """Released payments of one account and currency that are in no file."""

    account_id = fields.UUID()
    count = fields.Integer()
    total = MoneyOut()


class PreviewOut(Out):
    """What the bank would see, and what stands in the way; account numbers are left out."""

    payments = fields.List(fields.Dict())
    breaches = fields.List(fields.Dict())


class ProfileOut(Out):
    """What a bank takes; without an institution it came with the system."""

    id = fields.UUID()
    institution_id = fields.UUID(allow_none=True)
    name = fields.String()
    code_kind = CodeOut()
    code = fields.String()
    repertoire = CodeOut()
    name_length = fields.Integer()
    address_length = fields.Integer()
    remittance_length = fields.Integer()
    address_structured = fields.Boolean()
    purpose_placement = CodeOut()
    charge_bearer = CodeOut()
    source = fields.String()
    verified = fields.Boolean()
    confirmed_by_id = fields.UUID(allow_none=True)


@api.get(
    "/payment-files",
    permission=Permission.PAYMENT_FILES_READ,
    query=FileQuery,
    response=PaymentFileOut,
    many=True,
    summary="List payment files",
)
def index(session: Session, actor: Actor, query: dict[str, Any]) -> Page[PaymentFile]:
    """Files in your scope, newest first, a page at a time."""
    wanted = FileFilter(query["status"], query["account"])
    return queries.listed(session, actor, wanted, query["cursor"], query["limit"])


@api.get(
    "/payment-files/waiting",
    permission=Permission.PAYMENT_FILES_READ,
    response=WaitingOut,
    many=True,
    summary="What waits to be paid",
)
def waiting(session: Session, actor: Actor) -> Sequence[Waiting]:
    """Released payments in no live file, by account and currency."""
    return queries.waiting(session, actor)


@api.get(
    "/payment-files/<reference:reference>",
    permission=Permission.PAYMENT_FILES_READ,
    response=PaymentFileOut,
    summary="Show a payment file",
)
def detail(session: Session, actor: Actor, reference: str) -> PaymentFile:
    """One file with its payments, signatures and answers."""
    return queries.get_visible(session, actor, reference)


@api.get(
    "/payment-files/<reference:reference>/notified",
    permission=Permission.PAYMENT_FILES_READ,
    response=PaymentNotifiedOut,
    many=True,
    summary="What the bank notified of the payments of a file",
)
def notified(session: Session, actor: Actor, reference: str) -> Sequence[dict[str, Any]]:
    """Debits and returns of which the bank told before its statement, or beside it."""
    row = queries.get_visible(session, actor, reference)
    told = showing.notified(session, row)
    return [
        {
            "end_to_end_id": each.end_to_end_id,
            "booked_on": entry.booked_on,
            "amount": entry.amount,
            "bank_reference": entry.bank_reference,
            "return_reason": entry.return_reason,
        }
        for each in row.payments
        for entry in told.get(each.id, ())
    ]


@api.post(
    "/payment-files/preview",
    permission=Permission.PAYMENT_FILES_MAKE,
    body=MakeForm,
    response=PreviewOut,
    summary="What the bank would see of a payment file",
)
def preview(session: Session, actor: Actor, command: commands.MakeFile) -> dict[str, Any]:
    """Every text beside what is on file, and everything that stands in the way; nothing is kept."""
    seen = service.preview(session, actor, command, now=now())
    found = [in_words(each) for each in seen.breaches]
    breaches = [
        {"code": each.code, "title": said.headline, "cure": said.cure}
        for each, said in zip(seen.breaches, found, strict=True)
    ]
    return {"payments": [_seen(each) for each in (seen.composed.payer, *seen.composed.payments)], "breaches": breaches}


def _seen(shown: Shown) -> dict[str, Any]:
    texts = [
        {"field": each.label, "on_file": each.on_file, "sent": each.fitted.text, "changed": each.fitted.changed}
        for each in shown.fields
        if each.label != NUMBER
    ]
    return {"reference": shown.reference, "fields": texts}


@api.post(
    "/payment-files",
    permission=Permission.PAYMENT_FILES_MAKE,
    body=MakeForm,
    response=PaymentFileOut,
    status=201,
    summary="Make a payment file",
)
def make(session: Session, actor: Actor, command: commands.MakeFile) -> PaymentFile:
    """Of released disbursements of one account, currency and rail."""
    return service.make(session, actor, command, now=now())


@api.post(
    "/payment-files/<reference:reference>/sign",
    permission=Permission.PAYMENT_FILES_SIGN,
    body=SeenForm,
    response=PaymentFileOut,
    summary="Sign a payment file",
)
def sign(session: Session, actor: Actor, command: commands.Seen, reference: str) -> PaymentFile:
    """Under the bank mandate, by somebody who did not make it."""
    return service.sign(session, actor, reference, command, now=now())


@api.post(
    "/payment-files/<reference:reference>/send",
    permission=Permission.PAYMENT_FILES_SEND,
    body=SendForm,
    response=PaymentFileOut,
    summary="Enter that a payment file was sent",
)
def send(session: Session, actor: Actor, command: commands.Send, reference: str) -> PaymentFile:
    """With the bank's own reference, if it gave one."""
    return service.send(session, actor, reference, command, now=now())


@api.post(
    "/payment-files/<reference:reference>/withdraw",
    permission=Permission.PAYMENT_FILES_MAKE,
    body=ReasonForm,
    response=PaymentFileOut,
    summary="Withdraw a payment file",
)
def withdraw(session: Session, actor: Actor, command: commands.Reasoned, reference: str) -> PaymentFile:
    """Before it was sent; its payments may go into another one."""
    return service.withdraw(session, actor, reference, command, now=now())


@api.post(
    "/payment-files/<reference:reference>/answer",
    permission=Permission.PAYMENT_FILES_SEND,
    body=AnswerForm,
    response=TakenOut,
    summary="Bring the bank's answer in",
)
def answer(session: Session, actor: Actor, command: commands.TakeAnswer, reference: str) -> dict[str, Any]:
    """A pain.002 about this file: taken whole or not at all, once."""
    taken = answer_service.take(session, actor, reference, command, now=now())
    return {"again": taken.again, "file": taken.file}


@api.post(
    "/payment-files/<reference:reference>/return-all",
    permission=Permission.DISBURSEMENTS_BOUNCE,
    body=ReturnAllForm,
    response=PaymentFileOut,
    summary="Enter the return of a whole rejected file",
)
def return_all(session: Session, actor: Actor, command: commands.ReturnAll, reference: str) -> PaymentFile:
    """The bank rejected every payment of it for one reason: all of them go back to their holds, or none."""
    return return_service.return_all(session, actor, reference, command, now=now())


@api.get(
    "/bank-profiles",
    permission=Permission.PAYMENT_FILES_READ,
    response=ProfileOut,
    many=True,
    summary="List banks' profiles",
)
def profiles(session: Session, actor: Actor) -> Sequence[BankProfile]:
    """What banks take: those of your institutions and those that came with the system."""
    return queries.profiles(session, actor)


@api.post(
    "/bank-profiles",
    permission=Permission.BANK_ACCOUNTS_ENTER,
    body=ProfileForm,
    response=ProfileOut,
    status=201,
    summary="Enter a bank's profile",
)
def enter_profile(session: Session, actor: Actor, command: commands.EnterProfile) -> BankProfile:
    """What a bank takes, with its source; a second person confirms it."""
    return profile_service.enter(session, actor, command, now=now())


@api.post(
    "/bank-profiles/<uuid:profile_id>/confirm",
    permission=Permission.BANK_ACCOUNTS_VERIFY,
    response=ProfileOut,
    summary="Confirm a bank's profile",
)
def confirm_profile(session: Session, actor: Actor, profile_id: UUID) -> BankProfile:
    """Confirm a profile somebody else entered."""
    return profile_service.confirm(session, actor, profile_id, now=now())
