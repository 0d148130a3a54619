"""Computed journals as JSON: the calculation by itself, and the proposal that a second person approves."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.journals import computing
from app.journals.api import JournalOut, journal_out
from app.journals.computed_forms import ApportionInterestForm, ChargeOverheadForm, InterestForm, OverheadForm
from app.journals.computing import ApportionInterest, ChargeOverhead, InterestAsked, OverheadAsked
from app.journals.interest import Apportionment
from app.journals.overhead import Overhead
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out

api = ApiBlueprint("computed", __name__)


class FormulaOut(Out):
    """The rate of the terms: a percentage, or pairs of upper end and percentage by slice."""

    parameter = fields.String()
    value = fields.Raw()
    source = fields.String()
    verified = fields.Boolean()
    of = CodeOut()
    row = fields.String()


class RowCostOut(Out):
    """Cost on one row of the terms; `counted` rows make the base."""

    code = fields.String()
    before = MoneyOut()
    within = MoneyOut()
    upto = MoneyOut()
    counted = fields.Boolean()


class OverheadOut(Out):
    """The calculation: `charge` is what the formula gives of the base, less what is charged and what waits."""

    contract = fields.String()
    first_day = fields.Date()
    last_day = fields.Date()
    formula = fields.Nested(FormulaOut)
    costs = fields.List(fields.Nested(RowCostOut))
    received = MoneyOut()
    gross = MoneyOut()
    sponsorship = MoneyOut()
    left_out = MoneyOut()
    left_out_reason = fields.String()
    base = MoneyOut()
    given = MoneyOut()
    charged = MoneyOut()
    waiting = MoneyOut()
    charge = MoneyOut()


class ShareOut(Out):
    """One contract's part; `minor_days` is its exact weight: minor units times days."""

    contract_id = fields.UUID()
    contract = fields.String()
    days = fields.Integer()
    minor_days = fields.Integer()
    average = MoneyOut()
    part = MoneyOut()


class ApportionmentOut(Out):
    """The interest of a period by contract; the parts and `other_part` add up to `whole`."""

    first_day = fields.Date()
    last_day = fields.Date()
    days = fields.Integer()
    whole = MoneyOut()
    other_average = MoneyOut()
    other_part = MoneyOut()
    shares = fields.List(fields.Nested(ShareOut))


@api.post(
    "/journals/overhead/compute",
    permission=Permission.JOURNALS_DRAFT,
    body=OverheadForm,
    response=OverheadOut,
    summary="Compute overhead by formula",
)
def compute_overhead(session: Session, actor: Actor, command: OverheadAsked) -> Overhead:
    """What overhead a contract bears up to a day, and what of it is still to be charged; nothing is written."""
    return computing.overhead(session, actor, command, today=today())


@api.post(
    "/journals/overhead",
    permission=Permission.JOURNALS_DRAFT,
    body=ChargeOverheadForm,
    response=JournalOut,
    status=201,
    summary="Propose overhead by formula",
)
def charge_overhead(session: Session, actor: Actor, command: ChargeOverhead) -> dict[str, Any]:
    """Compute it and submit the charge for a second person's approval."""
    return journal_out(computing.charge_overhead(session, actor, command, now=now()))


@api.post(
    "/journals/interest/compute",
    permission=Permission.JOURNALS_DRAFT,
    body=InterestForm,
    response=ApportionmentOut,
    summary="Apportion interest of a pool",
)
def compute_interest(session: Session, actor: Actor, command: InterestAsked) -> Apportionment:
    """Whose the interest of a period is, by average daily balance; nothing is written."""
    return computing.interest(session, actor, command, today=today())


@api.post(
    "/journals/interest",
    permission=Permission.JOURNALS_DRAFT,
    body=ApportionInterestForm,
    response=JournalOut,
    status=201,
    summary="Propose apportioned interest",
)
def apportion_interest(session: Session, actor: Actor, command: ApportionInterest) -> dict[str, Any]:
    """Compute it and submit the contracts' parts for a second person's approval."""
    return journal_out(computing.apportion_interest(session, actor, command, now=now()))
