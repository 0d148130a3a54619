"""Screens of institutions and their bank accounts."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, own_work, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions import account_service, identifiers, queries, rules, service
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
from app.institutions.models import BankAccount
from app.institutions.states import ACCOUNT_STATUS_NAMES, KIND_NAMES, SIDE_NAMES, STATUS_NAMES, Side
from app.kernel.breaches import Breach
from app.web.forms import HtmlForm, load_query
from app.web.present import now
from app.web.templating import page

pages = Blueprint("institutions", __name__)


@pages.get("/")
@requires(Permission.INSTITUTIONS_READ)
def index() -> ResponseReturnValue:
    """The institutions in scope."""
    filters = load_query(InstitutionFilterForm)
    wanted = queries.InstitutionFilter(
        filters["text"], filters["side"], filters["kind"], filters["status"], filters["sort"]
    )
    actor = current_actor()
    with unit_of_work() as session:
        return page(
            "institutions/index.html",
            institutions=queries.listed(session, actor, wanted, filters["cursor"] or None),
            waiting=queries.accounts_awaiting_verification(session, actor),
            filters=filters,
            sides=SIDE_NAMES,
            kinds=KIND_NAMES,
            statuses=STATUS_NAMES,
        )


@pages.route("/new", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_OPEN)
def open_institution() -> ResponseReturnValue:
    """Open an institution and its book."""
    form = HtmlForm(InstitutionForm, {"year_end_month": 12})
    if form.sent:
        code = form.run(
            lambda session, command: service.open_institution(session, current_actor(), command, now=now()).code
        )
        if form.done:
            flash(gettext("The institution and its book are open."), "success")
            return redirect(url_for("institutions.detail", code=code), 303)
    return page("institutions/open_institution.html", form=form), form.status


@pages.get("/<code>")
@requires(Permission.INSTITUTIONS_READ)
def detail(code: str) -> ResponseReturnValue:
    """One institution: identifiers with their check, accounts, cooling period, history."""
    return _detail(code), 200


@pages.route("/<code>/change", methods=["GET", "POST"])
@requires(Permission.INSTITUTIONS_CHANGE)
def change(code: str) -> ResponseReturnValue:
    """Change particulars."""
    with unit_of_work() as session:
        institution = queries.by_code(session, current_actor(), code)
    form = HtmlForm(ChangeForm, institution)
    if form.sent:
        form.run(
            lambda session, command: service.change(session, current_actor(), institution.id, command, now=now()).id
        )
        if form.done:
            flash(gettext("The details are changed."), "success")
            return redirect(url_for("institutions.detail", code=code), 303)
    return page("institutions/change.html", form=form, institution=institution), form.status


@pages.post("/<code>/<any(suspend, reinstate, close):step>")
@requires(Permission.INSTITUTIONS_CHANGE)
def move(code: str, step: str) -> ResponseReturnValue:
    """Suspend, reinstate or close an institution."""
    verb = {"suspend": service.suspend, "reinstate": service.reinstate, "close": service.close}[step]
    form = HtmlForm(MoveForm)

    def carry_out(session: Session, command: service.MoveCommand) -> str:
        institution = queries.by_code(session, current_actor(), code)
        return str(verb(session, current_actor(), institution.id, command, now=now()).id)

    form.run(carry_out)
    return _after(form, code, gettext("The status is changed."))


@pages.route("/<code>/accounts/new", methods=["GET", "POST"])
@requires(Permission.BANK_ACCOUNTS_ENTER)
def enter_account(code: str) -> ResponseReturnValue:
    """Enter a bank account of one's own institution."""
    with unit_of_work() as session:
        institution = queries.by_code(session, current_actor(), code)
        replaceable = queries.verified_accounts(session, institution.id)
    form = HtmlForm(AccountForm, {"bank_side": institution.side, "holder_name": institution.name_en})
    if form.sent:
        key = form.run(
            lambda session, command: (
                account_service.enter(session, current_actor(), institution.id, command, now=now()).id
            )
        )
        if form.done:
            flash(gettext("The account is entered. A second person verifies it by calling back."), "success")
            return redirect(url_for("institutions.account", account_id=key), 303)
    return page(
        "institutions/enter_account.html", form=form, institution=institution, replaceable=replaceable
    ), form.status


@pages.get("/accounts/<uuid:account_id>")
@requires(Permission.BANK_ACCOUNTS_READ)
def account(account_id: UUID) -> ResponseReturnValue:
    """One bank account: checks of its identifiers, who entered and verified it, history."""
    return _account(account_id), 200


@pages.post("/accounts/<uuid:account_id>/verify")
@requires(Permission.BANK_ACCOUNTS_VERIFY)
def verify_account(account_id: UUID) -> ResponseReturnValue:
    """Verify an account by call-back."""
    _in_scope(account_id)
    form = HtmlForm(VerifyForm)
    form.run(
        lambda session, command: account_service.verify(session, current_actor(), account_id, command, now=now()).id
    )
    return _after_account(form, account_id, gettext("The account is verified. Its cooling period has begun."))


@pages.post("/accounts/<uuid:account_id>/refuse")
@requires(Permission.BANK_ACCOUNTS_VERIFY)
def refuse_account(account_id: UUID) -> ResponseReturnValue:
    """Turn an entered account down."""
    _in_scope(account_id)
    form = HtmlForm(RefuseForm)
    form.run(
        lambda session, command: account_service.refuse(session, current_actor(), account_id, command, now=now()).id
    )
    return _after_account(form, account_id, gettext("The account is refused."))


@pages.post("/accounts/<uuid:account_id>/reveal")
@requires(Permission.BANK_ACCOUNTS_REVEAL)
def reveal_account(account_id: UUID) -> ResponseReturnValue:
    """Show the full number once, after its reason is on the trail."""
    form = HtmlForm(RevealForm)
    seen: list[str] = []

    def show(session: Session, command: account_service.RevealCommand) -> str:
        seen.append(account_service.reveal(session, current_actor(), account_id, command, now=now()))
        return str(account_id)

    form.run(show)
    response = make_response(_account(account_id, form, seen[-1] if form.done and seen else ""), form.status)
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/<code>/cooling")
@requires(Permission.SETTINGS_PROPOSE)
def propose_cooling(code: str) -> ResponseReturnValue:
    """Propose how long newly verified accounts wait."""
    form = HtmlForm(CoolingForm)

    def propose(session: Session, command: account_service.CoolingCommand) -> str:
        institution = queries.by_code(session, current_actor(), code)
        return str(account_service.propose_cooling(session, current_actor(), institution.id, command, now=now()).id)

    form.run(propose)
    return _after(form, code, gettext("Proposed. A second administrator confirms it."))


@pages.post("/<code>/cooling/<uuid:policy_id>/confirm")
@requires(Permission.SETTINGS_CONFIRM)
def confirm_cooling(code: str, policy_id: UUID) -> ResponseReturnValue:
    """Put a proposed cooling period in force."""
    form = HtmlForm(VersionForm)

    def confirm(session: Session, command: dict[str, int]) -> str:
        queries.cooling_for(session, current_actor(), policy_id)
        return str(
            account_service.confirm_cooling(session, current_actor(), policy_id, command["version"], now=now()).id
        )

    form.run(confirm)
    return _after(form, code, gettext("The cooling period is in force."))


def _in_scope(account_id: UUID) -> None:
    """Outside the actor's scope the account does not exist. Raises NotFound."""
    with unit_of_work() as session:
        queries.account_for(session, current_actor(), account_id)


def _detail(code: str, form: HtmlForm | None = None) -> str:
    actor = current_actor()
    with unit_of_work() as session:
        institution = queries.by_code(session, actor, code)
        accounts = queries.accounts_of(session, institution.id) if may(actor, Permission.BANK_ACCOUNTS_READ) else []
        return page(
            "institutions/detail.html",
            institution=institution,
            accounts=accounts,
            form=form,
            checks=_identifier_checks(institution.uscc, institution.br_number, institution.lei),
            cooling=queries.cooling_setting(session, institution.id),
            proposals=queries.cooling_proposals(session, institution.id),
            events=history(session, "institution", institution.id) if _trail_open() else [],
            sides=SIDE_NAMES,
            kinds=KIND_NAMES,
            account_statuses=ACCOUNT_STATUS_NAMES,
            me=actor.person_id,
            now=now(),
        )


def _identifier_checks(uscc: str | None, br_number: str | None, lei: str | None) -> list[Breach]:
    """What the check digits say about the identifiers kept: warnings only, because refusals never get this far."""
    found = identifiers.check_uscc(uscc)[1] if uscc else []
    found += identifiers.check_br(br_number)[1] if br_number else []
    return found + (identifiers.check_lei(lei)[1] if lei else [])


def _account(account_id: UUID, form: HtmlForm | None = None, full_number: str = "") -> str:
    actor = current_actor()
    with unit_of_work() as session:
        found = queries.account_for(session, actor, account_id)
        return page(
            "institutions/account.html",
            account=found,
            institution=found.institution,
            form=form,
            full_number=full_number,
            checks=rules.account_breaches(_facts(found)),
            own=own_work("bank-account.verify").breaches[0] if found.entered_by_id == actor.person_id else None,
            people=queries.people_of_account(session, found),
            earlier=session.get(BankAccount, found.replaces_id) if found.replaces_id else None,
            events=history(session, "bank_account", found.id) if _trail_open() else [],
            account_statuses=ACCOUNT_STATUS_NAMES,
            sides=SIDE_NAMES,
            now=now(),
        )


def _facts(found: BankAccount) -> rules.AccountFacts:
    return rules.AccountFacts(
        Side(found.bank_side), found.bic or "", found.cnaps or "", found.hk_bank_code or "", found.number
    )


def _trail_open() -> bool:
    """The history is for the institution's own people, funders' officers who vet the payee, and overseers."""
    return may(current_actor(), Permission.AUDIT_READ)


def _after(form: HtmlForm, code: str, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("institutions.detail", code=code), 303)
    return _detail(code, form), form.status


def _after_account(form: HtmlForm, account_id: UUID, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("institutions.account", account_id=account_id), 303)
    return _account(account_id, form), form.status
