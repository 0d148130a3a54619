"""Screens of amendments: proposing one beside what stands now, and deciding it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.contracts import amendments, authority, drafting, labels, queries
from app.contracts.draft_page import budget_rows
from app.contracts.forms import AmendForm, DecideAmendmentForm
from app.contracts.models import Contract, Programme
from app.contracts.states import AmendmentStatus
from app.contracts.terms import family
from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.projects import queries as projects
from app.web.forms import HtmlForm
from app.web.present import now, today
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("amendments", __name__)


@pages.route("/contracts/<reference:reference>/amend", methods=["GET", "POST"])
@requires(Permission.CONTRACTS_AMEND)
def propose(reference: str) -> ResponseReturnValue:
    """Propose how the contract shall stand; a second person decides."""
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        key, currency = contract.id, Currency(contract.currency)
        form = HtmlForm(AmendForm(currency=currency), initial=_initial(session, contract))
    if form.sent:
        number = form.run(
            lambda session, command: amendments.propose(session, current_actor(), key, command, now=now()).number
        )
        if form.done:
            flash(gettext("The amendment is proposed. Another officer decides."), "success")
            return redirect(url_for("amendments.detail", reference=reference, number=number), 303)
    with unit_of_work() as session:
        contract = queries.by_id(session, key)
        terms = family(session.get_one(Programme, contract.programme_id).terms_family)
        by_heading = terms.budget_by_heading(contract.funding_mode)
        return page(
            "contracts/amend.html",
            section="contracts",
            form=form,
            contract=contract,
            currency=currency.value,
            before=shown(contract, amendments.snapshot(session, contract)),
            budget=budget_rows(form, terms) if by_heading else [],
            affected=amendments.affected_payments(session, key),
            labels=labels,
        ), form.status


def _initial(session: Session, contract: Contract) -> dict[str, Any]:
    command = drafting.as_command(session, contract)
    return {
        "version": contract.version,
        "effective_on": today(),
        "amount": command.amount,
        "first_day": command.first_day,
        "last_day": command.last_day,
        "tranches": command.tranches,
        "budget": command.budget,
    }


@pages.get("/contracts/<reference:reference>/amendments/<int:number>")
@requires(Permission.CONTRACTS_READ)
def detail(reference: str, number: int) -> ResponseReturnValue:
    """One amendment: what stands before and after, its effect on open payments, and its decision."""
    return _detail(reference, number, None), 200


def _detail(reference: str, number: int, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        contract = queries.get_visible(session, actor, reference)
        amendment = queries.amendment(session, contract.id, number)
        pending = amendment.status == AmendmentStatus.PROPOSED
        found = amendments.breaches(session, contract, amendment.before, amendment.after, today()) if pending else []
        people = projects.people(session, [amendment.proposed_by_id, amendment.decided_by_id])
        mine = amendment.proposed_by_id == actor.person_id
        may_decide = may(actor, Permission.CONTRACTS_APPROVE_AMENDMENT, contract.funder_id)
        asked = pending and may_decide and not mine
        case = authority.amendment_case(contract, amendment)
        return page(
            "contracts/amendment.html",
            section="contracts",
            contract=contract,
            amendment=amendment,
            before=shown(contract, amendment.before),
            after=shown(contract, amendment.after),
            changed=amendments.changed_names(amendment.before, amendment.after),
            breaches=found,
            affected=amendments.affected_payments(session, contract.id) if pending else [],
            names={key: named(person) for key, person in people.items()},
            mine=mine,
            interested=queries.has_conflict(session, contract.id, actor.person_id),
            may_decide=may_decide,
            beyond=authority.breaches(session, actor, case, today()) if asked else [],
            labels=labels,
            form=form,
        )


def shown(contract: Contract, plain: Mapping[str, Any]) -> dict[str, Any]:
    """A snapshot as the page shows it: amounts as money, days as dates."""
    currency = Currency(contract.currency)
    return {
        "amount": Money.parse(plain["amount"], currency),
        "first_day": date.fromisoformat(plain["first_day"]),
        "last_day": date.fromisoformat(plain["last_day"]),
        "tranches": amendments.tranches_of(plain, currency),
        "budget": {name: Money.parse(text, currency) for name, text in plain["budget"].items()},
    }


@pages.post("/contracts/<reference:reference>/amendments/<int:number>/approve")
@requires(Permission.CONTRACTS_APPROVE_AMENDMENT)
def approve(reference: str, number: int) -> ResponseReturnValue:
    """A second person approves."""
    said = gettext("The amendment is in force; the hold follows the amount.")
    return _decide(reference, number, amendments.approve, said)


@pages.post("/contracts/<reference:reference>/amendments/<int:number>/refuse")
@requires(Permission.CONTRACTS_APPROVE_AMENDMENT)
def refuse(reference: str, number: int) -> ResponseReturnValue:
    """A second person refuses."""
    return _decide(reference, number, amendments.refuse, gettext("The amendment is refused."))


@pages.post("/contracts/<reference:reference>/amendments/<int:number>/withdraw")
@requires(Permission.CONTRACTS_AMEND)
def withdraw(reference: str, number: int) -> ResponseReturnValue:
    """The proposer takes it back."""
    return _decide(reference, number, amendments.withdraw, gettext("The amendment is withdrawn."))


def _decide(reference: str, number: int, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        key: UUID = queries.get_visible(session, current_actor(), reference).id
    form = HtmlForm(DecideAmendmentForm)
    form.run(lambda session, command: verb(session, current_actor(), key, number, command, now=now()).number)
    if form.done:
        flash(said, "success")
        return redirect(url_for("amendments.detail", reference=reference, number=number), 303)
    return _detail(reference, number, form), form.status
