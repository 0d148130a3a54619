"""A contract's fund control as JSON: its limits, and moving budget between lines."""

from __future__ import annotations

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.budgets import queries as budgets
from app.budgets.models import BudgetRequest
from app.budgets.rules import LimitStanding
from app.contracts import budget_requests, fund_control, queries, virements
from app.contracts.api import AmendmentOut
from app.contracts.commands import AskForItem, AskForYear, DecideRequest, MoveBudget
from app.contracts.forms import AskForItemForm, AskForYearForm, DecideRequestForm, MoveBudgetForm
from app.contracts.models import Amendment
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.web.api import ApiBlueprint
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out
from app.web.wording import in_words

api = ApiBlueprint("contract_budget", __name__)
ONE = "/contracts/<reference:reference>"


class LimitOut(Out):
    """One limit: a line, a ratio or the whole. `binds`: spending beyond it is refused; otherwise it only warns."""

    kind = CodeOut()
    code = fields.String()
    year = fields.Integer(allow_none=True)
    first_day = fields.Date(allow_none=True)
    last_day = fields.Date(allow_none=True)
    headings = fields.Function(lambda limit: sorted(heading.value for heading in limit.headings))
    budget = MoneyOut()
    received = MoneyOut()
    limit = MoneyOut()
    committed = MoneyOut()
    actual = MoneyOut()
    left = MoneyOut()
    reserved = MoneyOut()
    near = fields.Boolean()
    exceeded = fields.Boolean()
    binds = fields.Boolean()
    source = fields.String()
    verified = fields.Boolean()


@api.get(f"{ONE}/limits", permission=Permission.BUDGETS_READ, response=LimitOut, many=True)
def show_limits(session: Session, actor: Actor, reference: str) -> list[LimitStanding]:
    """Every limit of the contract and how it stands now; empty before it is signed."""
    contract = queries.get_visible(session, actor, reference)
    return list(fund_control.standings(session, contract, today()))


class BudgetCheckOut(Out):
    """A floor, ceiling or tier that the budget breaks. `blocking`: signing and moves refuse it; else a warning."""

    code = fields.String()
    message = fields.Function(lambda breach: in_words(breach).headline)
    cure = fields.Function(lambda breach: in_words(breach).cure)
    source = fields.Function(lambda breach: in_words(breach).source)
    blocking = fields.Boolean()


@api.get(f"{ONE}/budget/checks", permission=Permission.BUDGETS_READ, response=BudgetCheckOut, many=True)
def check_budget(session: Session, actor: Actor, reference: str) -> list[Breach]:
    """The contract's budget held against the ratios of its terms, of a draft already."""
    contract = queries.get_visible(session, actor, reference)
    return fund_control.budget_breaches(session, contract, today())


@api.post(
    f"{ONE}/budget/move", permission=Permission.BUDGETS_DRAFT, body=MoveBudgetForm, response=AmendmentOut, status=201
)
def move_budget(session: Session, actor: Actor, command: MoveBudget, reference: str) -> Amendment:
    """Move budget between lines: in force at once where the terms leave it so (`APPROVED`), else `PROPOSED`."""
    contract = queries.get_visible(session, actor, reference)
    return virements.move(session, actor, contract.id, command, now=now())


class BudgetRequestOut(Out):
    """What was asked of the funder about a budget: an item (`line`) or the budget of a year (`year`, `lines`)."""

    number = fields.Integer()
    kind = CodeOut()
    line = fields.String()
    year = fields.Integer()
    lines = fields.Dict(keys=fields.String(), values=fields.String())
    currency = fields.String()
    reason = fields.String()
    document_id = fields.UUID(allow_none=True)
    status = CodeOut()
    asked_by_id = fields.UUID()
    asked_at = fields.DateTime()
    decided_by_id = fields.UUID(allow_none=True)
    decided_at = fields.DateTime(allow_none=True)
    decision = fields.String()


@api.get(f"{ONE}/budget/requests", permission=Permission.BUDGETS_READ, response=BudgetRequestOut, many=True)
def show_requests(session: Session, actor: Actor, reference: str) -> list[BudgetRequest]:
    """Items and yearly budgets asked for, newest first, with who approved each and when."""
    return list(budgets.requests_of(session, queries.get_visible(session, actor, reference).id))


@api.post(
    f"{ONE}/budget/items",
    permission=Permission.BUDGETS_DRAFT,
    body=AskForItemForm,
    response=BudgetRequestOut,
    status=201,
)
def ask_for_item(session: Session, actor: Actor, command: AskForItem, reference: str) -> BudgetRequest:
    """Ask for an item of a one-line vote to be approved, with its document."""
    contract = queries.get_visible(session, actor, reference)
    return budget_requests.ask_for_item(session, actor, contract.id, command, now=now())


@api.post(
    f"{ONE}/budget/years",
    permission=Permission.BUDGETS_DRAFT,
    body=AskForYearForm,
    response=BudgetRequestOut,
    status=201,
)
def ask_for_year(session: Session, actor: Actor, command: AskForYear, reference: str) -> BudgetRequest:
    """Enter the budget of a year; in force once the funder has approved it."""
    contract = queries.get_visible(session, actor, reference)
    return budget_requests.ask_for_year(session, actor, contract.id, command, now=now())


@api.post(
    f"{ONE}/budget/requests/<int:number>/approve",
    permission=Permission.BUDGETS_APPROVE,
    body=DecideRequestForm,
    response=BudgetRequestOut,
)
def approve_request(
    session: Session, actor: Actor, command: DecideRequest, reference: str, number: int
) -> BudgetRequest:
    """Approve an item or a yearly budget that somebody else asked for."""
    contract = queries.get_visible(session, actor, reference)
    return budget_requests.approve(session, actor, contract.id, number, command, now=now())


@api.post(
    f"{ONE}/budget/requests/<int:number>/refuse",
    permission=Permission.BUDGETS_APPROVE,
    body=DecideRequestForm,
    response=BudgetRequestOut,
)
def refuse_request(
    session: Session, actor: Actor, command: DecideRequest, reference: str, number: int
) -> BudgetRequest:
    """Refuse it, with the reason."""
    contract = queries.get_visible(session, actor, reference)
    return budget_requests.refuse(session, actor, contract.id, number, command, now=now())
