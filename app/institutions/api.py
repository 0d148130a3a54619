"""Institutions and bank accounts as JSON: the same verbs as the screens. Account numbers are masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.institutions import account_service, queries, service
from app.institutions.forms import (
    AccountForm,
    ChangeForm,
    CoolingForm,
    InstitutionFilterForm,
    InstitutionForm,
    MoveForm,
    RefuseForm,
    RevealForm,
    VerifyForm,
    VersionForm,
)
from app.institutions.models import BankAccount, CoolingPolicy, Institution
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import Out

api = ApiBlueprint("institutions", __name__)


class InstitutionOut(Out):
    """An institution."""

    id = fields.UUID()
    code = fields.String()
    side = fields.String()
    kind = fields.String()
    name_en = fields.String()
    name_zh_hant = fields.String()
    name_zh_hans = fields.String()
    industry = fields.String()
    uscc = fields.String()
    br_number = fields.String()
    lei = fields.String()
    address = fields.String()
    year_end_month = fields.Integer()
    functional_currency = fields.String()
    data_residency = fields.String()
    status = fields.String()
    version = fields.Integer()


class BankAccountOut(Out):
    """A bank account with its number masked."""

    id = fields.UUID()
    institution_id = fields.UUID()
    currency = fields.String()
    label = fields.String()
    bank_name = fields.String()
    bank_side = fields.String()
    bic = fields.String()
    cnaps = fields.String()
    hk_bank_code = fields.String()
    masked_number = fields.String()
    holder_name = fields.String()
    status = fields.String()
    replaces_id = fields.UUID()
    entered_by_id = fields.UUID()
    verified_by_id = fields.UUID()
    verified_at = fields.AwareDateTime()
    cooling_until = fields.AwareDateTime()
    call_back_note = fields.String()
    version = fields.Integer()


class FullNumberOut(Out):
    """A full account number, shown because a reason was given."""

    number = fields.String()


class CoolingOut(Out):
    """A cooling period as proposed or confirmed."""

    id = fields.UUID()
    institution_id = fields.UUID()
    days = fields.Integer()
    source = fields.String()
    confirmed_at = fields.AwareDateTime()
    version = fields.Integer()


@api.get(
    "/institutions",
    permission=Permission.INSTITUTIONS_READ,
    query=InstitutionFilterForm,
    response=InstitutionOut,
    many=True,
)
def list_institutions(session: Session, actor: Actor, query: dict[str, Any]) -> Page[Institution]:
    """The institutions in scope."""
    wanted = queries.InstitutionFilter(query["text"], query["side"], query["kind"], query["status"], query["sort"])
    return queries.listed(session, actor, wanted, query["cursor"], query["limit"])


@api.post(
    "/institutions", permission=Permission.INSTITUTIONS_OPEN, body=InstitutionForm, response=InstitutionOut, status=201
)
def open_institution(session: Session, actor: Actor, command: service.InstitutionCommand) -> Institution:
    """Open an institution and its book."""
    return service.open_institution(session, actor, command, now=now())


@api.get("/institutions/<code>", permission=Permission.INSTITUTIONS_READ, response=InstitutionOut)
def get_institution(session: Session, actor: Actor, code: str) -> Institution:
    """One institution."""
    return queries.by_code(session, actor, code)


@api.put("/institutions/<code>", permission=Permission.INSTITUTIONS_CHANGE, body=ChangeForm, response=InstitutionOut)
def change_institution(session: Session, actor: Actor, command: service.ChangeCommand, code: str) -> Institution:
    """Change particulars."""
    return service.change(session, actor, queries.by_code(session, actor, code).id, command, now=now())


@api.post(
    "/institutions/<code>/suspend", permission=Permission.INSTITUTIONS_CHANGE, body=MoveForm, response=InstitutionOut
)
def suspend_institution(session: Session, actor: Actor, command: service.MoveCommand, code: str) -> Institution:
    """Stop new work with an institution."""
    return service.suspend(session, actor, queries.by_code(session, actor, code).id, command, now=now())


@api.post(
    "/institutions/<code>/reinstate", permission=Permission.INSTITUTIONS_CHANGE, body=MoveForm, response=InstitutionOut
)
def reinstate_institution(session: Session, actor: Actor, command: service.MoveCommand, code: str) -> Institution:
    """Allow new work again."""
    return service.reinstate(session, actor, queries.by_code(session, actor, code).id, command, now=now())


@api.post(
    "/institutions/<code>/close", permission=Permission.INSTITUTIONS_CHANGE, body=MoveForm, response=InstitutionOut
)
def close_institution(session: Session, actor: Actor, command: service.MoveCommand, code: str) -> Institution:
    """Close an institution for good."""
    return service.close(session, actor, queries.by_code(session, actor, code).id, command, now=now())


@api.get(
    "/institutions/<code>/bank-accounts", permission=Permission.BANK_ACCOUNTS_READ, response=BankAccountOut, many=True
)
def list_accounts(session: Session, actor: Actor, code: str) -> Sequence[BankAccount]:
    """The bank accounts of an institution, history included."""
    return queries.accounts_of(session, queries.by_code(session, actor, code).id)


@api.post(
    "/institutions/<code>/bank-accounts",
    permission=Permission.BANK_ACCOUNTS_ENTER,
    body=AccountForm,
    response=BankAccountOut,
    status=201,
)
def enter_account(session: Session, actor: Actor, command: account_service.AccountCommand, code: str) -> BankAccount:
    """Enter a bank account of one's own institution."""
    return account_service.enter(session, actor, queries.by_code(session, actor, code).id, command, now=now())


@api.get("/bank-accounts/<uuid:account_id>", permission=Permission.BANK_ACCOUNTS_READ, response=BankAccountOut)
def get_account(session: Session, actor: Actor, account_id: UUID) -> BankAccount:
    """One bank account."""
    return queries.account_for(session, actor, account_id)


@api.post(
    "/bank-accounts/<uuid:account_id>/verify",
    permission=Permission.BANK_ACCOUNTS_VERIFY,
    body=VerifyForm,
    response=BankAccountOut,
)
def verify_account(
    session: Session, actor: Actor, command: account_service.VerifyCommand, account_id: UUID
) -> BankAccount:
    """Verify an account by call-back, as another person than entered it."""
    queries.account_for(session, actor, account_id)
    return account_service.verify(session, actor, account_id, command, now=now())


@api.post(
    "/bank-accounts/<uuid:account_id>/refuse",
    permission=Permission.BANK_ACCOUNTS_VERIFY,
    body=RefuseForm,
    response=BankAccountOut,
)
def refuse_account(
    session: Session, actor: Actor, command: account_service.RefuseCommand, account_id: UUID
) -> BankAccount:
    """Turn an entered account down."""
    queries.account_for(session, actor, account_id)
    return account_service.refuse(session, actor, account_id, command, now=now())


@api.post(
    "/bank-accounts/<uuid:account_id>/reveal",
    permission=Permission.BANK_ACCOUNTS_REVEAL,
    body=RevealForm,
    response=FullNumberOut,
)
def reveal_account(
    session: Session, actor: Actor, command: account_service.RevealCommand, account_id: UUID
) -> dict[str, str]:
    """The full number, after the reason is on the trail."""
    return {"number": account_service.reveal(session, actor, account_id, command, now=now())}


@api.post(
    "/institutions/<code>/cooling-periods",
    permission=Permission.SETTINGS_PROPOSE,
    body=CoolingForm,
    response=CoolingOut,
    status=201,
)
def propose_cooling(
    session: Session, actor: Actor, command: account_service.CoolingCommand, code: str
) -> CoolingPolicy:
    """Propose how long newly verified accounts wait."""
    return account_service.propose_cooling(session, actor, queries.by_code(session, actor, code).id, command, now=now())


@api.post(
    "/cooling-periods/<uuid:policy_id>/confirm",
    permission=Permission.SETTINGS_CONFIRM,
    body=VersionForm,
    response=CoolingOut,
)
def confirm_cooling(session: Session, actor: Actor, command: dict[str, int], policy_id: UUID) -> CoolingPolicy:
    """Put a proposed cooling period in force."""
    queries.cooling_for(session, actor, policy_id)
    return account_service.confirm_cooling(session, actor, policy_id, command["version"], now=now())
