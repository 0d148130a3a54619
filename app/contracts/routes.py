"""Screens of contracts: the list, one contract, drafting, the steps of its life, what is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.contracts import drafting, exchange, fund_control, labels, payments_seen, programme_queries, queries, service
from app.contracts.actions import actions_for
from app.contracts.draft_page import draft_choices
from app.contracts.forms import (
    AccountForm,
    ConditionForm,
    ContractQuery,
    DocumentForm,
    DraftForm,
    EditForm,
    InterestForm,
    SignForm,
    StepForm,
)
from app.contracts.models import Contract, Programme
from app.contracts.standing import figures
from app.contracts.states import AmendmentStatus, ContractStatus
from app.contracts.terms import family
from app.db.unit_of_work import unit_of_work
from app.evidence import queries as evidence
from app.evidence.models import Document
from app.institutions import queries as institutions
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.projects import queries as projects
from app.projects.models import Project
from app.web.downloads import attachment
from app.web.formats import share_percent
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("contracts", __name__)


@pages.get("/contracts")
@requires(Permission.CONTRACTS_READ)
def index() -> ResponseReturnValue:
    """The contracts in scope, searched, filtered and sorted."""
    wanted = load_query(ContractQuery)
    names = ("text", "status", "mode", "funder_id", "grantee_id", "programme_id", "project_id", "sort")
    given: dict[str, Any] = {name: wanted[name] for name in names if wanted[name]}
    filters = queries.ContractFilter(**given)
    with unit_of_work() as session:
        actor = current_actor()
        funders, grantees = queries.parties_with_contracts(session, actor)
        return page(
            "contracts/index.html",
            contracts=queries.visible_contracts(session, actor, filters, wanted["cursor"], wanted["limit"]),
            filters=filters,
            funders=funders,
            grantees=grantees,
            labels=labels,
            today=today(),
        )


@pages.get("/contracts/<reference:reference>")
@requires(Permission.CONTRACTS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One contract: its money, tranches, what is owed, budget, amendments, documents, parties, trail."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        contract = queries.get_visible(session, actor, reference)
        programme = session.get_one(Programme, contract.programme_id)
        siblings = [row for row in queries.of_project(session, actor, contract.project_id) if row.contract != contract]
        people = projects.people(session, [each.person_id for each in queries.interests_in(session, contract.id)])
        payments = payments_seen.payments_of(session, contract.id)
        amendments = queries.amendments_of(session, contract.id)
        return page(
            "contracts/detail.html",
            **_heads(session, contract),
            figures=figures(session, contract, today(), payments),
            tranches=queries.states_of(contract, payments, today()),
            actions=actions_for(session, actor, contract, today()),
            blocking=queries.blocking_obligations(session, contract, today()),
            amendments=amendments,
            waiting=next((each for each in amendments if each.status == AmendmentStatus.PROPOSED), None),
            siblings=[(row, figures(session, row.contract, today()).standing) for row in siblings],
            documents=evidence.of_record(session, "contract", contract.id),
            accounts=_accounts(session, contract),
            account=_account(session, contract),
            interests=[named(people[key]) for key in people],
            has_interest=queries.has_conflict(session, contract.id, actor.person_id),
            negative_list=programme_queries.negative_list(session, programme.id, today()),
            may_draft=may(actor, Permission.CONTRACTS_DRAFT, contract.funder_id),
            may_commit=may(actor, Permission.CONTRACTS_COMMIT, contract.grantee_id),
            may_amend=may(actor, Permission.CONTRACTS_AMEND, contract.funder_id),
            may_confirm=may(actor, Permission.TRANCHES_CONFIRM_CONDITION, contract.funder_id),
            may_add_owed=may(actor, Permission.OBLIGATIONS_CREATE, contract.funder_id),
            budget_notes=_budget_notes(session, contract),
            closed_out=exchange.closed_out(session, contract) if contract.closed_on else [],
            events=history(session, "contract", contract.id),
            form=form,
        )


def _budget_notes(session: Session, contract: Contract) -> list[Breach]:
    """What a draft's budget breaks of its terms, as warnings: nothing is refused before it is signed."""
    if contract.status != ContractStatus.DRAFT:
        return []
    return [replace(each, blocking=False) for each in fund_control.budget_breaches(session, contract, today())]


def _heads(session: Session, contract: Contract) -> dict[str, Any]:
    """What stands at the head of every page of a contract."""
    programme = session.get_one(Programme, contract.programme_id)
    parties = institutions.by_ids(session, [contract.funder_id, contract.grantee_id])
    return {
        "contract": contract,
        "amount": queries.amount_of(contract),
        "project": session.get_one(Project, contract.project_id),
        "programme": programme,
        "terms": family(programme.terms_family),
        "funder": parties[contract.funder_id],
        "grantee": parties[contract.grantee_id],
        "leaders": projects.principal_investigators(session, contract.project_id, today()),
        "labels": labels,
        "today": today(),
        "settled": queries.SETTLED,
        "owed_statuses": queries.OWED,
        "share": lambda part: share_percent(part, queries.amount_of(contract)),
        "part_of": share_percent,
    }


def _accounts(session: Session, contract: Contract) -> list[tuple[str, str]]:
    found = institutions.verified_accounts(session, contract.grantee_id)
    return [(str(each.id), f"{each.currency} {each.masked_number} {each.bank_name}") for each in found]


def _account(session: Session, contract: Contract) -> str:
    if contract.grantee_account_id is None:
        return ""
    account = institutions.account_by_id(session, contract.grantee_account_id)
    return f"{account.currency} {account.masked_number} {account.bank_name}"


@pages.get("/contracts/<reference:reference>/left")
@requires(Permission.CONTRACTS_READ)
def left(reference: str) -> ResponseReturnValue:
    """What is left, for the principal investigator: in words, as a bar, then the table."""
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        return page(
            "contracts/left.html",
            **_heads(session, contract),
            figures=figures(session, contract, today()),
            tranches=queries.tranche_states(session, contract.id, today()),
            blocking=queries.blocking_obligations(session, contract, today()),
        )


@pages.route("/contracts/draft", methods=["GET", "POST"])
@requires(Permission.CONTRACTS_DRAFT)
def draft() -> ResponseReturnValue:
    """Draft a contract: first the project and the programme, then everything else."""
    form = HtmlForm(DraftForm, initial=_first_values())
    if form.sent:
        reference = form.run(
            lambda session, command: service.draft(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The contract is drafted. Another officer signs it."), "success")
            return redirect(url_for("contracts.detail", reference=reference), 303)
    with unit_of_work() as session:
        chosen = draft_choices(session, current_actor(), form)
        if chosen is None:
            return page(
                "contracts/choose.html",
                projects=projects.choices(session, current_actor()),
                programmes=_own_programmes(session),
                project=request.args.get("project", ""),
            )
        return page("contracts/draft.html", form=form, choice=chosen, labels=labels, reference=""), form.status


def _own_programmes(session: Session) -> list[Any]:
    """Programmes of funders the actor may draft for."""
    keys = frozenset(
        right.institution_id
        for right in current_actor().rights
        if may(current_actor(), Permission.CONTRACTS_DRAFT, right.institution_id)
    )
    return list(programme_queries.open_programmes(session, keys))


def _first_values() -> dict[str, Any]:
    """Project and programme chosen on the first page, with what the programme settles."""
    if request.method == "POST":
        return {}
    with unit_of_work() as session:
        try:
            project = projects.get_visible(session, current_actor(), request.args.get("project", ""))
            programme = programme_queries.programme_by_code(session, request.args.get("programme", ""))
        except NotFound:
            return {}
        terms = family(programme.terms_family)
        return {
            "project_id": project.id,
            "programme_id": programme.id,
            "currency": programme.currency,
            "funding_mode": terms.modes[0],
            "first_day": project.first_day,
            "last_day": project.last_day,
        }


@pages.route("/contracts/<reference:reference>/edit", methods=["GET", "POST"])
@requires(Permission.CONTRACTS_DRAFT)
def edit(reference: str) -> ResponseReturnValue:
    """Change a draft; who changed it last does not sign it."""
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        key = contract.id
        form = HtmlForm(EditForm, initial=drafting.as_command(session, contract))
    if form.sent:
        form.run(lambda session, command: service.edit(session, current_actor(), key, command, now=now()).reference)
        if form.done:
            flash(gettext("The draft is changed."), "success")
            return redirect(url_for("contracts.detail", reference=reference), 303)
    with unit_of_work() as session:
        chosen = draft_choices(session, current_actor(), form)
        if chosen is None:
            raise NotFound(Breach("contract.not-found", _("There is no such contract.")))
        return page("contracts/draft.html", form=form, choice=chosen, labels=labels, reference=reference), form.status


def _step(
    reference: str, schema: type[Any], verb: Callable[[Session, UUID, Any], Any], said: str
) -> ResponseReturnValue:
    """Run one verb on the contract; after a refusal its page is shown again with the reasons."""
    with unit_of_work() as session:
        key = queries.get_visible(session, current_actor(), reference).id
    form = HtmlForm(schema)

    def once(session: Session, command: Any) -> str:
        verb(session, key, command)
        return reference

    form.run(once)
    if form.done:
        flash(said, "success")
        return redirect(url_for("contracts.detail", reference=reference), 303)
    return _detail(reference, form), form.status


@pages.post("/contracts/<reference:reference>/sign")
@requires(Permission.CONTRACTS_SIGN)
def sign(reference: str) -> ResponseReturnValue:
    """Sign a draft that somebody else drafted."""
    said = gettext("The contract is signed and its amount held on the pocket.")
    return _step(reference, SignForm, lambda s, key, c: service.sign(s, current_actor(), key, c, now=now()), said)


@pages.post("/contracts/<reference:reference>/activate")
@requires(Permission.CONTRACTS_ACTIVATE)
def activate(reference: str) -> ResponseReturnValue:
    """Let payments begin."""
    said = gettext("The contract is active.")
    return _step(reference, StepForm, lambda s, key, c: service.activate(s, current_actor(), key, c, now=now()), said)


@pages.post("/contracts/<reference:reference>/suspend")
@requires(Permission.CONTRACTS_SUSPEND)
def suspend(reference: str) -> ResponseReturnValue:
    """Stop payments."""
    said = gettext("The contract is suspended; nothing is paid until it is resumed.")
    return _step(reference, StepForm, lambda s, key, c: service.suspend(s, current_actor(), key, c, now=now()), said)


@pages.post("/contracts/<reference:reference>/resume")
@requires(Permission.CONTRACTS_SUSPEND)
def resume(reference: str) -> ResponseReturnValue:
    """Let payments go on."""
    said = gettext("The contract is active again.")
    return _step(reference, StepForm, lambda s, key, c: service.resume(s, current_actor(), key, c, now=now()), said)


@pages.post("/contracts/<reference:reference>/start-closing")
@requires(Permission.CONTRACTS_CLOSE)
def start_closing(reference: str) -> ResponseReturnValue:
    """Begin to close."""
    said = gettext("Closing has started; only the final tranche can be paid now.")
    return _step(
        reference, StepForm, lambda s, key, c: service.start_closing(s, current_actor(), key, c, now=now()), said
    )


@pages.post("/contracts/<reference:reference>/close")
@requires(Permission.CONTRACTS_CLOSE)
def close(reference: str) -> ResponseReturnValue:
    """Close, and give back what is still held."""
    said = gettext("The contract is closed; what was still held is back in the pocket.")
    return _step(reference, StepForm, lambda s, key, c: service.close(s, current_actor(), key, c, now=now()), said)


@pages.post("/contracts/<reference:reference>/terminate")
@requires(Permission.CONTRACTS_TERMINATE)
def terminate(reference: str) -> ResponseReturnValue:
    """End early, or drop a draft."""
    said = gettext("The contract has ended; what was still held is back in the pocket.")
    return _step(reference, StepForm, lambda s, key, c: service.terminate(s, current_actor(), key, c, now=now()), said)


@pages.post("/contracts/<reference:reference>/letter")
@requires(Permission.CONTRACTS_COMMIT)
def keep_letter(reference: str) -> ResponseReturnValue:
    """The grantee uploads the signed commitment letter."""
    said = gettext("The commitment letter is kept.")
    return _step(
        reference,
        DocumentForm,
        lambda s, key, c: service.keep_commitment_letter(s, current_actor(), key, c["file"], now=now()),
        said,
    )


@pages.post("/contracts/<reference:reference>/minutes")
@requires(Permission.CONTRACTS_DRAFT)
def keep_minutes(reference: str) -> ResponseReturnValue:
    """The funder uploads the minutes of the collective decision."""
    said = gettext("The minutes are kept.")
    return _step(
        reference,
        DocumentForm,
        lambda s, key, c: service.keep_minutes(s, current_actor(), key, c["file"], now=now()),
        said,
    )


@pages.post("/contracts/<reference:reference>/documents")
@requires(Permission.EVIDENCE_UPLOAD)
def keep_document(reference: str) -> ResponseReturnValue:
    """Either party keeps a document with the contract."""
    said = gettext("The document is kept.")
    return _step(
        reference,
        DocumentForm,
        lambda s, key, c: service.keep_document(
            s, current_actor(), key, c["file"], c["title"] or c["file"].name, now=now()
        ),
        said,
    )


@pages.get("/contracts/<reference:reference>/documents/<uuid:document_id>")
@requires(Permission.CONTRACTS_READ)
def document(reference: str, document_id: UUID) -> ResponseReturnValue:
    """A document of the contract or of what is owed under it, for both parties: as an attachment, never inline."""
    with unit_of_work() as session:
        contract = queries.get_visible(session, current_actor(), reference)
        found = session.get(Document, document_id)
        subjects = {contract.id, *(each.id for each in contract.obligations)}
        if found is None or found.subject_kind not in ("contract", "obligation") or found.subject_id not in subjects:
            raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
        return attachment(*found.shared())


@pages.post("/contracts/<reference:reference>/account")
@requires(Permission.CONTRACTS_DRAFT)
def change_account(reference: str) -> ResponseReturnValue:
    """Choose another of the grantee's accounts."""
    said = gettext("Payments to come go to the chosen account.")
    return _step(
        reference, AccountForm, lambda s, key, c: service.change_account(s, current_actor(), key, c, now=now()), said
    )


@pages.post("/contracts/<reference:reference>/tranches/<int:number>/confirm")
@requires(Permission.TRANCHES_CONFIRM_CONDITION)
def confirm_condition(reference: str, number: int) -> ResponseReturnValue:
    """Confirm that a tranche's condition is met."""
    said = gettext("The condition is confirmed.")
    return _step(
        reference,
        ConditionForm,
        lambda s, key, c: service.confirm_condition(s, current_actor(), key, number, c, now=now()),
        said,
    )


@pages.post("/contracts/<reference:reference>/interest")
@requires(Permission.CONTRACTS_READ)
def declare_interest(reference: str) -> ResponseReturnValue:
    """Declare one's own interest; from then on this person decides nothing here."""
    said = gettext("Your interest is declared. Others decide about this contract from now on.")
    return _step(
        reference,
        InterestForm,
        lambda s, key, c: service.declare_interest(s, current_actor(), key, c, now=now()),
        said,
    )
