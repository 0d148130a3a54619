"""Screens of a contract's fund control: every limit and how it stands, and moving budget between lines."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.budgets.rules import LimitKind
from app.contracts import amendments, fund_control, labels, queries, virement_rules, virements
from app.contracts.forms import MoveBudgetForm
from app.contracts.models import Contract
from app.contracts.states import AmendmentStatus
from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.projects.models import Project
from app.web.forms import HtmlForm
from app.web.present import now, today
from app.web.templating import page

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


def _show(reference: str, form: HtmlForm | None) -> str:
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
            notes=virement_rules.budget_ratios(terms),
            rows={row.code: row.label for row in terms.family.rows},
            by_heading=terms.by_heading,
            parameters=terms.parameters,
            may_move=_may_move(session, contract),
            labels=labels,
            form=form,
        )


def _may_move(session: Session, contract: Contract) -> bool:
    actor = current_actor()
    places = (contract.funder_id, contract.grantee_id)
    return (
        any(may(actor, Permission.BUDGETS_DRAFT, place) for place in places)
        and contract.status in amendments.AMENDABLE
        and amendments.waiting(session, contract.id) is None
    )
