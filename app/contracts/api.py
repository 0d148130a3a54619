"""Contracts, amendments and what grantees owe, as JSON."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts import amendments, commands, obligations, queries, service, standing
from app.contracts.forms import (
    AccountForm,
    AddObligationForm,
    AmendForm,
    ConditionForm,
    ContractQuery,
    DecideAmendmentForm,
    DocumentForm,
    DraftForm,
    EditForm,
    InterestForm,
    SignForm,
    StepForm,
)
from app.contracts.models import Amendment, ConflictOfInterest, Contract, Obligation
from app.contracts.obligation_api import ObligationOut
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out

api = ApiBlueprint("contracts", __name__)
ONE = "/contracts/<reference:reference>"


class TrancheOut(Out):
    """A tranche on the day of asking."""

    number = fields.Integer()
    amount = MoneyOut()
    holdback = MoneyOut()
    condition = CodeOut()
    milestone = fields.String()
    due_on = fields.Date()
    is_final = fields.Boolean()
    due = fields.Boolean()
    condition_met = fields.Boolean()
    met_on = fields.Date()
    payable = MoneyOut()
    committed = MoneyOut()
    paid = MoneyOut()
    ready = fields.Boolean()


class BudgetOut(Out):
    """One heading's budget."""

    heading = fields.String()
    approved = MoneyOut()
    variations = MoneyOut()
    revised = MoneyOut()


class ContractOut(Out):
    """A contract; `reference` names it in every address."""

    id = fields.UUID()
    reference = fields.String()
    agreement_number = fields.String()
    project_id = fields.UUID()
    programme_id = fields.UUID()
    funder_id = fields.UUID()
    grantee_id = fields.UUID()
    pocket_id = fields.UUID()
    grantee_account_id = fields.UUID()
    funding_mode = CodeOut()
    purpose = CodeOut()
    amount = fields.Function(
        lambda contract: {"amount": str(queries.amount_of(contract).amount), "currency": contract.currency}
    )
    budget_rate = DecimalOut()
    first_day = fields.Date()
    last_day = fields.Date()
    governing_law = fields.String()
    dispute_forum = fields.String()
    status = CodeOut()
    status_reason = fields.String()
    negative_list_declared = fields.Boolean()
    signed_on = fields.Date()
    closing_from = fields.Date()
    closed_on = fields.Date()
    version = fields.Integer()


class StandingOut(Out):
    """How the contract's money stands today."""

    contracted = MoneyOut()
    received = MoneyOut()
    spent = MoneyOut()
    held = MoneyOut()
    remaining = MoneyOut()
    not_received = MoneyOut()
    due_to_institution = MoneyOut()
    other_income = MoneyOut()
    paid_by_funder = MoneyOut()
    reserved_by_funder = MoneyOut()
    limit = CodeOut()


class AmendmentOut(Out):
    """An amendment with what stands before and after."""

    id = fields.UUID()
    number = fields.Integer()
    reason = fields.String()
    before = fields.Dict()
    after = fields.Dict()
    effective_on = fields.Date()
    status = CodeOut()
    proposed_by_id = fields.UUID()
    decided_by_id = fields.UUID()


class DocumentOut(Out):
    """A document kept."""

    id = fields.UUID()
    title = fields.String()
    filename = fields.String()
    media_type = fields.String()
    size_bytes = fields.Integer()
    sha256 = fields.Function(lambda document: document.sha256.hex())


class InterestOut(Out):
    """A declared interest."""

    id = fields.UUID()
    person_id = fields.UUID()
    statement = fields.String()
    declared_at = fields.DateTime()


@api.get("/contracts", permission=Permission.CONTRACTS_READ, query=ContractQuery, response=ContractOut, many=True)
def list_contracts(session: Session, actor: Actor, query: dict[str, Any]) -> Page[Contract]:
    """The contracts in scope."""
    names = ("text", "status", "mode", "funder_id", "grantee_id", "programme_id", "project_id", "sort")
    given: dict[str, Any] = {name: query[name] for name in names if query[name]}
    found = queries.visible_contracts(session, actor, queries.ContractFilter(**given), query["cursor"], query["limit"])
    return found.map(lambda row: row.contract)


@api.get(ONE, permission=Permission.CONTRACTS_READ, response=ContractOut)
def show_contract(session: Session, actor: Actor, reference: str) -> Contract:
    """One contract."""
    return queries.get_visible(session, actor, reference)


@api.get(f"{ONE}/tranches", permission=Permission.TRANCHES_READ, response=TrancheOut, many=True)
def list_tranches(session: Session, actor: Actor, reference: str) -> list[Any]:
    """The contract's tranches today."""
    contract = queries.get_visible(session, actor, reference)
    return list(queries.tranche_states(session, contract.id, today()))


@api.get(f"{ONE}/budget", permission=Permission.BUDGETS_READ, response=BudgetOut, many=True)
def show_budget(session: Session, actor: Actor, reference: str) -> list[Any]:
    """The contract's budget by heading today; one row TOTAL where only the total is budgeted."""
    contract = queries.get_visible(session, actor, reference)
    return list(queries.budget_by_heading(session, contract.id, today(), Currency(contract.currency)).rows)


@api.get(f"{ONE}/standing", permission=Permission.CONTRACTS_READ, response=StandingOut)
def show_standing(session: Session, actor: Actor, reference: str) -> standing.Standing:
    """How the contract's money stands today: what is left."""
    contract = queries.get_visible(session, actor, reference)
    return standing.figures(session, contract, today()).standing


@api.post("/contracts", permission=Permission.CONTRACTS_DRAFT, body=DraftForm, response=ContractOut, status=201)
def draft_contract(session: Session, actor: Actor, command: commands.DraftContract) -> Contract:
    """Draft a contract with its tranches and budget."""
    return service.draft(session, actor, command, now=now())


@api.put(ONE, permission=Permission.CONTRACTS_DRAFT, body=EditForm, response=ContractOut)
def edit_contract(session: Session, actor: Actor, command: commands.EditContract, reference: str) -> Contract:
    """Change a draft."""
    return service.edit(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/sign", permission=Permission.CONTRACTS_SIGN, body=SignForm, response=ContractOut)
def sign_contract(session: Session, actor: Actor, command: commands.Sign, reference: str) -> Contract:
    """Sign a draft that somebody else drafted; its amount is held on the pocket."""
    return service.sign(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/activate", permission=Permission.CONTRACTS_ACTIVATE, body=StepForm, response=ContractOut)
def activate_contract(session: Session, actor: Actor, command: commands.Step, reference: str) -> Contract:
    """Let payments begin."""
    return service.activate(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/suspend", permission=Permission.CONTRACTS_SUSPEND, body=StepForm, response=ContractOut)
def suspend_contract(session: Session, actor: Actor, command: commands.Step, reference: str) -> Contract:
    """Stop payments for a reason."""
    return service.suspend(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/resume", permission=Permission.CONTRACTS_SUSPEND, body=StepForm, response=ContractOut)
def resume_contract(session: Session, actor: Actor, command: commands.Step, reference: str) -> Contract:
    """Let payments go on."""
    return service.resume(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/start-closing", permission=Permission.CONTRACTS_CLOSE, body=StepForm, response=ContractOut)
def start_closing_contract(session: Session, actor: Actor, command: commands.Step, reference: str) -> Contract:
    """Begin to close."""
    return service.start_closing(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/close", permission=Permission.CONTRACTS_CLOSE, body=StepForm, response=ContractOut)
def close_contract(session: Session, actor: Actor, command: commands.Step, reference: str) -> Contract:
    """Close; what is still held goes back."""
    return service.close(session, actor, _key(session, actor, reference), command, now=now())


@api.post(f"{ONE}/terminate", permission=Permission.CONTRACTS_TERMINATE, body=StepForm, response=ContractOut)
def terminate_contract(session: Session, actor: Actor, command: commands.Step, reference: str) -> Contract:
    """End early, or drop a draft."""
    return service.terminate(session, actor, _key(session, actor, reference), command, now=now())


@api.post(
    f"{ONE}/commitment-letter",
    permission=Permission.CONTRACTS_COMMIT,
    body=DocumentForm,
    response=DocumentOut,
    status=201,
)
def keep_commitment_letter(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> Document:
    """The grantee's signed commitment letter."""
    key = _key(session, actor, reference)
    return service.keep_commitment_letter(session, actor, key, command["file"], now=now())


@api.post(f"{ONE}/minutes", permission=Permission.CONTRACTS_DRAFT, body=DocumentForm, response=DocumentOut, status=201)
def keep_collective_minutes(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> Document:
    """The minutes of the collective decision."""
    return service.keep_minutes(session, actor, _key(session, actor, reference), command["file"], now=now())


@api.post(
    f"{ONE}/documents", permission=Permission.EVIDENCE_UPLOAD, body=DocumentForm, response=DocumentOut, status=201
)
def keep_contract_document(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> Document:
    """A further document."""
    file = command["file"]
    key = _key(session, actor, reference)
    return service.keep_document(session, actor, key, file, command["title"] or file.name, now=now())


@api.post(f"{ONE}/account", permission=Permission.CONTRACTS_DRAFT, body=AccountForm, response=ContractOut)
def change_contract_account(
    session: Session, actor: Actor, command: commands.ChangeAccount, reference: str
) -> Contract:
    """Another of the grantee's accounts."""
    return service.change_account(session, actor, _key(session, actor, reference), command, now=now())


@api.post(
    f"{ONE}/tranches/<int:number>/confirm-condition",
    permission=Permission.TRANCHES_CONFIRM_CONDITION,
    body=ConditionForm,
    response=TrancheOut,
)
def confirm_tranche_condition(
    session: Session, actor: Actor, command: commands.ConfirmCondition, reference: str, number: int
) -> Any:
    """A milestone is met."""
    key = _key(session, actor, reference)
    tranche = service.confirm_condition(session, actor, key, number, command, now=now())
    return queries.tranche_state(session, tranche.id, today())


@api.post(f"{ONE}/interests", permission=Permission.CONTRACTS_READ, body=InterestForm, response=InterestOut, status=201)
def declare_contract_interest(
    session: Session, actor: Actor, command: commands.DeclareInterest, reference: str
) -> ConflictOfInterest:
    """One's own interest in the contract."""
    return service.declare_interest(session, actor, _key(session, actor, reference), command, now=now())


@api.get(f"{ONE}/amendments", permission=Permission.CONTRACTS_READ, response=AmendmentOut, many=True)
def list_amendments(session: Session, actor: Actor, reference: str) -> list[Amendment]:
    """The contract's amendments, newest first."""
    return list(queries.amendments_of(session, _key(session, actor, reference)))


@api.post(f"{ONE}/amendments", permission=Permission.CONTRACTS_AMEND, body=AmendForm, response=AmendmentOut, status=201)
def propose_amendment(session: Session, actor: Actor, command: commands.AmendContract, reference: str) -> Amendment:
    """How the contract shall stand; name the currency of the amounts."""
    return amendments.propose(session, actor, _key(session, actor, reference), command, now=now())


@api.post(
    f"{ONE}/amendments/<int:number>/approve",
    permission=Permission.CONTRACTS_APPROVE_AMENDMENT,
    body=DecideAmendmentForm,
    response=AmendmentOut,
)
def approve_amendment(
    session: Session, actor: Actor, command: commands.DecideAmendment, reference: str, number: int
) -> Amendment:
    """A second person approves."""
    return amendments.approve(session, actor, _key(session, actor, reference), number, command, now=now())


@api.post(
    f"{ONE}/amendments/<int:number>/refuse",
    permission=Permission.CONTRACTS_APPROVE_AMENDMENT,
    body=DecideAmendmentForm,
    response=AmendmentOut,
)
def refuse_amendment(
    session: Session, actor: Actor, command: commands.DecideAmendment, reference: str, number: int
) -> Amendment:
    """A second person refuses, for a reason."""
    return amendments.refuse(session, actor, _key(session, actor, reference), number, command, now=now())


@api.post(
    f"{ONE}/amendments/<int:number>/withdraw",
    permission=Permission.CONTRACTS_AMEND,
    body=DecideAmendmentForm,
    response=AmendmentOut,
)
def withdraw_amendment(
    session: Session, actor: Actor, command: commands.DecideAmendment, reference: str, number: int
) -> Amendment:
    """The proposer takes it back."""
    return amendments.withdraw(session, actor, _key(session, actor, reference), number, command, now=now())


@api.post(
    f"{ONE}/obligations",
    permission=Permission.OBLIGATIONS_CREATE,
    body=AddObligationForm,
    response=ObligationOut,
    status=201,
)
def add_obligation(session: Session, actor: Actor, command: commands.AddObligation, reference: str) -> Obligation:
    """Something owed beyond what the terms generate."""
    return obligations.add(session, actor, _key(session, actor, reference), command, now=now())


def _key(session: Session, actor: Actor, reference: str) -> Any:
    """The id of the contract, if in scope."""
    return queries.get_visible(session, actor, reference).id
