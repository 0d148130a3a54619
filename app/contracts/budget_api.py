"""A contract's fund control as JSON: its limits, and moving budget between lines."""

from __future__ import annotations

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.budgets.rules import LimitStanding
from app.contracts import fund_control, queries, virements
from app.contracts.api import AmendmentOut
from app.contracts.commands import MoveBudget
from app.contracts.forms import MoveBudgetForm
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
