"""Vouchers as JSON: an institution's account codes and profiles, the check of a period, and the file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.vouchers import queries, service
from app.vouchers.forms import DecideForm, MappingForm, ProfileForm, WantedForm
from app.vouchers.models import AccountMapping, VoucherProfile
from app.vouchers.service import AskedFile, Checked, DescribeFile, MapAccount
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out

api = ApiBlueprint("vouchers", __name__)


class MappingOut(Out):
    """The institution's own code for an account of ours."""

    id = fields.UUID()
    account = CodeOut()
    currency = CodeOut()
    heading = fields.String()
    contract_id = fields.UUID(allow_none=True)
    own_account = fields.String()
    own_name = fields.String()
    status = CodeOut()
    version = fields.Integer()


class ProfileOut(Out):
    """How the institution's system wants its file."""

    id = fields.UUID()
    name = fields.String()
    file_type = CodeOut()
    columns = fields.String()
    date_format = CodeOut()
    decimal_mark = CodeOut()
    header = fields.Boolean()
    status = CodeOut()
    version = fields.Integer()


class TotalOut(Out):
    """One currency of a file beside the ledger."""

    currency = CodeOut()
    lines = fields.Integer()
    debit = MoneyOut()
    credit = MoneyOut()
    ledger_debit = MoneyOut()
    ledger_credit = MoneyOut()
    agrees = fields.Boolean()


class MissingOut(Out):
    """An account that moved and has no code."""

    account = fields.Function(lambda breach: breach.params["account"])
    heading = fields.Function(lambda breach: breach.params["heading"])
    currency = fields.Function(lambda breach: breach.params["currency"])


class CheckedOut(Out):
    """What a file of the period would hold."""

    vouchers = fields.Integer()
    agrees = fields.Boolean()
    totals = fields.List(fields.Nested(TotalOut))
    missing = fields.List(fields.Nested(MissingOut))


@api.get(
    "/vouchers/<code>/mappings",
    permission=Permission.VOUCHERS_READ,
    response=MappingOut,
    many=True,
    summary="List the account codes",
)
def mappings(session: Session, actor: Actor, code: str) -> Sequence[AccountMapping]:
    """Proposed ones and those in force."""
    return queries.mappings(session, queries.institution(session, actor, code).id)


@api.post(
    "/vouchers/<code>/mappings",
    permission=Permission.VOUCHERS_MAP,
    body=MappingForm,
    response=MappingOut,
    status=201,
    summary="Propose an account code",
)
def propose_mapping(session: Session, actor: Actor, command: MapAccount, code: str) -> AccountMapping:
    """It counts when a second person has confirmed it."""
    return service.propose_mapping(session, actor, code, command, now=now())


@api.post(
    "/vouchers/mappings/<uuid:mapping_id>/confirm",
    permission=Permission.VOUCHERS_CONFIRM,
    body=DecideForm,
    response=MappingOut,
    summary="Confirm an account code",
)
def confirm_mapping(session: Session, actor: Actor, command: dict[str, Any], mapping_id: UUID) -> AccountMapping:
    """Put it in force; whoever proposed it cannot."""
    return service.confirm_mapping(session, actor, mapping_id, version=command["version"], now=now())


@api.post(
    "/vouchers/mappings/<uuid:mapping_id>/refuse",
    permission=Permission.VOUCHERS_CONFIRM,
    body=DecideForm,
    response=MappingOut,
    summary="Refuse an account code",
)
def refuse_mapping(session: Session, actor: Actor, command: dict[str, Any], mapping_id: UUID) -> AccountMapping:
    """Turn it down; whoever proposed it cannot."""
    return service.refuse_mapping(session, actor, mapping_id, version=command["version"], now=now())


@api.get(
    "/vouchers/<code>/profiles",
    permission=Permission.VOUCHERS_READ,
    response=ProfileOut,
    many=True,
    summary="List the profiles of files",
)
def profiles(session: Session, actor: Actor, code: str) -> Sequence[VoucherProfile]:
    """Proposed ones and those in force."""
    return queries.profiles(session, queries.institution(session, actor, code).id)


@api.post(
    "/vouchers/<code>/profiles",
    permission=Permission.VOUCHERS_MAP,
    body=ProfileForm,
    response=ProfileOut,
    status=201,
    summary="Propose a profile of files",
)
def propose_profile(session: Session, actor: Actor, command: DescribeFile, code: str) -> VoucherProfile:
    """It counts when a second person has confirmed it."""
    return service.propose_profile(session, actor, code, command, now=now())


@api.post(
    "/vouchers/profiles/<uuid:profile_id>/confirm",
    permission=Permission.VOUCHERS_CONFIRM,
    body=DecideForm,
    response=ProfileOut,
    summary="Confirm a profile of files",
)
def confirm_profile(session: Session, actor: Actor, command: dict[str, Any], profile_id: UUID) -> VoucherProfile:
    """Put it in force; whoever proposed it cannot."""
    return service.confirm_profile(session, actor, profile_id, version=command["version"], now=now())


@api.post(
    "/vouchers/profiles/<uuid:profile_id>/refuse",
    permission=Permission.VOUCHERS_CONFIRM,
    body=DecideForm,
    response=ProfileOut,
    summary="Refuse a profile of files",
)
def refuse_profile(session: Session, actor: Actor, command: dict[str, Any], profile_id: UUID) -> VoucherProfile:
    """Turn it down; whoever proposed it cannot."""
    return service.refuse_profile(session, actor, profile_id, version=command["version"], now=now())


@api.get(
    "/vouchers/<code>/check",
    permission=Permission.VOUCHERS_READ,
    query=WantedForm,
    response=CheckedOut,
    summary="Check a period",
)
def check(session: Session, actor: Actor, query: AskedFile, code: str) -> Checked:
    """Control totals beside the ledger's, and the accounts without a code."""
    return service.check(session, actor, code, query.wanted(today()))


@api.get("/vouchers/<code>/file", permission=Permission.VOUCHERS_EXPORT, query=WantedForm, summary="Hand out vouchers")
def file(session: Session, actor: Actor, query: AskedFile, code: str) -> Response:
    """The file under a confirmed profile, only when every account has a code and the file adds up to the ledger."""
    made = service.hand_out(session, actor, code, query.wanted(today()), now=now())
    return attachment(made.content, made.media_type, made.name)
