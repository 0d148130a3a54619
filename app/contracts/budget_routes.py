"""Screens of a contract's fund control: every limit and how it stands, and moving budget between lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.budgets import queries as budgets
from app.budgets.models import BudgetRequest
from app.budgets.rules import LimitKind
from app.contracts import amendments, budget_requests, fund_control, labels, queries, virement_rules, virements
from app.contracts.draft_page import year_rows
from app.contracts.forms import AskForItemForm, AskForYearForm, DecideRequestForm, MoveBudgetForm
from app.contracts.limits import ContractTerms
from app.contracts.models import Contract
from app.contracts.states import AmendmentStatus
from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.people import queries as people
from app.projects.models import Project
from app.web.forms import HtmlForm
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("contract_budget", __name__)


@pages.get("/contracts/<reference:reference>/budget")
@requires(Permission.BUDGETS_READ)
def show(reference: str) -> ResponseReturnValue:
    """Every limit of a contract: budget, committed, actual and left, and its ratios."""
    return _show(reference, None), 200


@pages.post("/contracts/<reference:reference>/budget/move")
@requires(Permission.BUDGETS_DRAFT)
def move(reference: str) -> ResponseReturnValue:
    """Move budget from one line to another, as the terms allow it."""
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        key = contract.id
        form = HtmlForm(MoveBudgetForm(currency=Currency(contract.currency)))

    def once(session: Session, command: object) -> str:
        made = virements.move(session, current_actor(), key, command, now=now())  # type: ignore[arg-type]
        return str(made.status)

    status = form.run(once)
    if form.done:
        waits = status == AmendmentStatus.PROPOSED
        flash(gettext("The move waits for the funder.") if waits else gettext("The budget has moved."), "success")
        return redirect(url_for("contract_budget.show", reference=reference), 303)
    return _show(reference, form), form.status


@pages.route("/contracts/<reference:reference>/budget/items", methods=["GET", "POST"])
@requires(Permission.BUDGETS_DRAFT)
def ask_item(reference: str) -> ResponseReturnValue:
    """Ask the funder to approve an item of a one-line vote for this contract."""
    form = HtmlForm(AskForItemForm)
    if form.sent and _asked(reference, form, budget_requests.ask_for_item):
        return redirect(url_for("contract_budget.show", reference=reference), 303)
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        terms = fund_control.terms_of(session, contract, today())
        approved = fund_control.approved_rows(session, contract, terms)
        items = {row.code: row.label for row in terms.family.rows if approved is not None and row.code not in approved}
        return page("contracts/ask_item.html", contract=contract, form=form, open_items=items), form.status


@pages.route("/contracts/<reference:reference>/budget/years", methods=["GET", "POST"])
@requires(Permission.BUDGETS_DRAFT)
def ask_year(reference: str) -> ResponseReturnValue:
    """Enter the budget of a year of the contract for the funder to approve."""
    with unit_of_work() as session:
        currency = Currency(queries.get_visible(session, current_actor(), reference).currency)
    form = HtmlForm(AskForYearForm(currency=currency))
    if form.sent and _asked(reference, form, budget_requests.ask_for_year):
        return redirect(url_for("contract_budget.show", reference=reference), 303)
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        terms = fund_control.terms_of(session, contract, today())
        years = [(str(each.year), f"{each.year}: {each.first_day} – {each.last_day}") for each in terms.years]
        rows = year_rows(form, terms.family, by_heading=terms.by_heading)
        return page("contracts/ask_year.html", contract=contract, form=form, years=years, year_rows=rows), form.status


@pages.post("/contracts/<reference:reference>/budget/requests/<int:number>/approve")
@requires(Permission.BUDGETS_APPROVE)
def approve_request(reference: str, number: int) -> ResponseReturnValue:
    """Approve an item or a yearly budget that somebody else asked for."""
    return _decided(reference, number, budget_requests.approve, gettext("It is approved and in force."))


@pages.post("/contracts/<reference:reference>/budget/requests/<int:number>/refuse")
@requires(Permission.BUDGETS_APPROVE)
def refuse_request(reference: str, number: int) -> ResponseReturnValue:
    """Refuse an item or a yearly budget, with the reason."""
    return _decided(reference, number, budget_requests.refuse, gettext("It is refused."))


def _asked(reference: str, form: HtmlForm, verb: Callable[..., BudgetRequest]) -> bool:
    def once(session: Session, command: object) -> str:
        contract = queries.get_visible(session, current_actor(), reference)
        return str(verb(session, current_actor(), contract.id, command, now=now()).number)

    form.run(once)
    if form.done:
        flash(gettext("The request waits for the funder."), "success")
    return form.done


def _decided(reference: str, number: int, verb: Callable[..., BudgetRequest], said: str) -> ResponseReturnValue:
    form = HtmlForm(DecideRequestForm)

    def once(session: Session, command: object) -> str:
        contract = queries.get_visible(session, current_actor(), reference)
        return str(verb(session, current_actor(), contract.id, number, command, now=now()).status)

    form.run(once)
    if form.done:
        flash(said, "success")
        return redirect(url_for("contract_budget.show", reference=reference), 303)
    return _show(reference, None, decision=form), form.status


def _show(reference: str, form: HtmlForm | None, *, decision: HtmlForm | None = None) -> str:
    refused = form or decision
    with unit_of_work() as session:
        actor = current_actor()
        contract = queries.get_visible(session, actor, reference)
        terms = fund_control.terms_of(session, contract, today())
        standings = fund_control.standings(session, contract, today())
        if form is None:
            currency = Currency(contract.currency)
            form = HtmlForm(MoveBudgetForm(currency=currency), initial={"version": contract.version})
        return page(
            "contracts/budget.html",
            section="contracts",
            contract=contract,
            project=session.get_one(Project, contract.project_id),
            whole=[each for each in standings if each.kind is LimitKind.WHOLE],
            lines=[each for each in standings if each.kind is LimitKind.LINE],
            ratios=[each for each in standings if each.kind in (LimitKind.CEILING, LimitKind.FLOOR)],
            years=[each for each in standings if each.kind is LimitKind.YEAR],
            notes=virement_rules.budget_ratios(terms),
            requests=_requests(session, contract, terms),
            refused=refused,
            rows={row.code: row.label for row in terms.family.rows},
            by_heading=terms.by_heading,
            parameters=terms.parameters,
            may_move=_may_move(session, contract),
            labels=labels,
            form=form,
        )


def _requests(session: Session, contract: Contract, terms: ContractTerms) -> dict[str, Any]:
    """Items and yearly budgets: what the terms ask for, what was asked and decided, and who may do so."""
    actor = current_actor()
    asked = budgets.requests_of(session, contract.id)
    approved = fund_control.approved_rows(session, contract, terms)
    open_now = contract.status in amendments.AMENDABLE
    return {
        "asked": asked,
        "names": people.names_of(
            session, [key for each in asked for key in (each.asked_by_id, each.decided_by_id)], current_language().code
        ),
        "amounts": {each.number: budgets.amounts_of(each) for each in asked},
        "approved": approved,
        "open_items": {row.code: row.label for row in terms.family.rows if row.code not in (approved or ())},
        "years": terms.years if terms.budgets_by_year else (),
        "carries": terms.says("year_budget_carries_over"),
        "carries_source": terms.source_of("year_budget_carries_over"),
        "may_ask": open_now and _has(contract, Permission.BUDGETS_DRAFT),
        "may_decide": open_now and may(actor, Permission.BUDGETS_APPROVE, contract.funder_id),
        "me": actor.person_id,
    }


def _has(contract: Contract, permission: Permission) -> bool:
    return any(may(current_actor(), permission, place) for place in (contract.funder_id, contract.grantee_id))


def _may_move(session: Session, contract: Contract) -> bool:
    return (
        _has(contract, Permission.BUDGETS_DRAFT)
        and contract.status in amendments.AMENDABLE
        and amendments.waiting(session, contract.id) is None
    )
