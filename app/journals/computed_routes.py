"""Screens of computed journals: choose what is computed, see the calculation, propose it for a second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.contracts.models import Contract
from app.contracts.states import FundingMode
from app.contracts.terms.negative_list import NEGATIVE_LIST
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.institutions.models import BankAccount
from app.journals import computing, queries
from app.journals.computed_forms import ApportionInterestForm, ChargeOverheadForm, InterestForm, OverheadForm
from app.journals.sheets import Sheet
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound, Refusal
from app.web.forms import HtmlForm, load_form, load_query
from app.web.present import now, today
from app.web.schemas import Form
from app.web.templating import page

pages = Blueprint("computed", __name__)


@pages.route("/journals/overhead", methods=["GET", "POST"])
@requires(Permission.JOURNALS_DRAFT)
def overhead() -> ResponseReturnValue:
    """Compute overhead by the contract's formula, and propose the charge."""
    with unit_of_work() as session:
        contracts = _contracts(session, current_actor())
    chosen = contracts.get(request.values.get("contract_id", ""))
    currency = Currency(chosen.currency) if chosen is not None else None
    form = HtmlForm(ChargeOverheadForm(currency=currency), initial=_initial("contract_id"))
    if form.sent and (sent := _proposed(form, computing.charge_overhead)) is not None:
        return sent
    sheet = _computed(form, OverheadForm(currency=currency), "contract_id", computing.overhead)
    return page(
        "journals/overhead.html",
        section="journals",
        form=form,
        contracts=[(key, f"{each.reference} ({each.currency})") for key, each in contracts.items()],
        chosen=chosen,
        sheet=sheet,
        declares=chosen is not None and chosen.funding_mode == FundingMode.LUMP_SUM,
        negative_list=NEGATIVE_LIST,
    ), form.status


@pages.route("/journals/interest", methods=["GET", "POST"])
@requires(Permission.JOURNALS_DRAFT)
def interest() -> ResponseReturnValue:
    """Apportion interest of a pool by average daily balance, and propose the parts."""
    with unit_of_work() as session:
        accounts = _accounts(session, current_actor())
    chosen = accounts.get(request.values.get("bank_account_id", ""))
    currency = Currency(chosen.currency) if chosen is not None else None
    form = HtmlForm(ApportionInterestForm(currency=currency), initial=_initial("bank_account_id"))
    if form.sent and (sent := _proposed(form, computing.apportion_interest)) is not None:
        return sent
    sheet = _computed(form, InterestForm(currency=currency), "bank_account_id", computing.interest)
    return page(
        "journals/interest.html",
        section="journals",
        form=form,
        accounts=[(key, f"{each.currency} {each.masked_number} {each.bank_name}") for key, each in accounts.items()],
        chosen=chosen,
        sheet=sheet,
    ), form.status


def _contracts(session: Session, actor: Actor) -> dict[str, Contract]:
    places = institutions.by_ids(session, institutions_granting(actor, Permission.JOURNALS_DRAFT))
    return {str(each.id): each for key in places for each in queries.own_contracts(session, key)}


def _accounts(session: Session, actor: Actor) -> dict[str, BankAccount]:
    places = institutions.by_ids(session, institutions_granting(actor, Permission.JOURNALS_DRAFT))
    return {str(each.id): each for key in places for each in institutions.verified_accounts(session, key)}


def _initial(subject: str) -> dict[str, Any]:
    """What was asked for in the address; what is proposed is dated on the last day unless something else is typed."""
    asked = request.args.to_dict()
    return {**asked, "effective_on": asked.get("last_day", "")} if asked.get(subject) else {}


def _proposed(form: HtmlForm, verb: Callable[..., Any]) -> ResponseReturnValue | None:
    reference = form.run(lambda session, command: verb(session, current_actor(), command, now=now()).reference)
    if not form.done:
        return None
    flash(gettext("The journal waits for a second person. Nothing is posted yet."), "success")
    return redirect(url_for("journals.detail", reference=reference), 303)


def _computed(form: HtmlForm, schema: Form, subject: str, verb: Callable[..., Sheet]) -> Sheet | None:
    """The calculation of what is asked for, or None with the refusal on the form."""
    if not request.values.get(subject):
        return None
    try:
        asked = load_form(schema) if request.method == "POST" else load_query(schema)
        with unit_of_work() as session:
            return verb(session, current_actor(), asked, today=today())
    except NotFound:
        raise
    except Refusal as refusal:
        if not form.errors:
            form.refuse(refusal)
        return None
