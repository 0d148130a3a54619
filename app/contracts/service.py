"""The verbs of contracts up to signing, and what may be done to one afterwards. The rest of its life: `life`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid5

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.budgets import service as budgets
from app.budgets.commands import BudgetItem
from app.contracts import authority, fund_control, obligations, opening, queries, rules
from app.contracts.commands import (
    ChangeAccount,
    ConfirmCondition,
    DeclareInterest,
    DraftContract,
    EditContract,
    Sign,
    TrancheInput,
)
from app.contracts.drafting import draft_facts, signing_facts
from app.contracts.life import (
    activate as activate,
    close as close,
    resume as resume,
    start_closing as start_closing,
    suspend as suspend,
    terminate as terminate,
)
from app.contracts.models import ConflictOfInterest, Contract, Programme, Tranche
from app.contracts.queries import amount_of
from app.contracts.states import ContractStatus, TrancheCondition
from app.contracts.terms import family
from app.contracts.terms.family import TOTAL
from app.db.references import next_reference
from app.evidence import service as evidence
from app.evidence.models import Document
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.messages import _
from app.ledger import holds
from app.projects import queries as projects
from app.projects.models import Project
from app.web.uploads import Upload


def draft(session: Session, actor: Actor, command: DraftContract, *, now: datetime) -> Contract:
    """Draft a contract of the programme's funder with its tranches and budget. Nothing is held yet."""
    programme = session.get(Programme, command.programme_id)
    if programme is None:
        raise NotFound(Breach("programme.not-found", _("There is no such programme."), field="programme_id"))
    authorise(actor, Permission.CONTRACTS_DRAFT, programme.funder_id)
    _check_project(session, actor, command.project_id)
    one_currency(command)
    opening.refuse_if(rules.collect(rules.DRAFT_RULES, draft_facts(session, programme, command)))
    contract = Contract(
        reference=next_reference(session, "CTR", business_date(now)),
        project_id=command.project_id,
        programme_id=programme.id,
        funder_id=programme.funder_id,
        status=ContractStatus.DRAFT.value,
        drafted_by_id=actor.person_id,
        drafted_at=now,
    )
    _fill(contract, command)
    session.add(contract)
    session.flush()
    replace_tranches(session, contract, command.tranches)
    budgets.set_approved(session, contract.id, _budget(programme, command))
    opening.record(session, actor, "contract.draft", contract, {"amount": command.amount}, now=now)
    return contract


def edit(session: Session, actor: Actor, contract_id: UUID, command: EditContract, *, now: datetime) -> Contract:
    """Change a draft. Who changed it last counts as its drafter, so that another person signs what stands there."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_DRAFT, command.version)
    opening.must_be_in(contract, ContractStatus.DRAFT)
    programme = session.get(Programme, command.programme_id)
    if programme is None or programme.funder_id != contract.funder_id:
        raise NotFound(Breach("programme.not-found", _("There is no such programme."), field="programme_id"))
    _check_project(session, actor, command.project_id)
    one_currency(command)
    opening.refuse_if(rules.collect(rules.DRAFT_RULES, draft_facts(session, programme, command)))
    before = amount_of(contract)
    contract.project_id, contract.programme_id = command.project_id, programme.id
    contract.drafted_by_id = actor.person_id
    _fill(contract, command)
    contract.version += 1
    replace_tranches(session, contract, command.tranches)
    budgets.set_approved(session, contract.id, _budget(programme, command))
    details = {"before": before, "after": command.amount}
    opening.record(session, actor, "contract.edit", contract, details, now=now)
    return contract


def sign(session: Session, actor: Actor, contract_id: UUID, command: Sign, *, now: datetime) -> Contract:
    """Sign a draft that somebody else drafted: hold its amount on the pocket and write down what will be owed.

    Raises NotPermitted for own work, an interest or an amount beyond the signatory's authority, RuleBreached with
    everything that is missing.
    """
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_SIGN, command.version)
    opening.must_be_another(actor, contract.drafted_by_id, "contract.sign")
    opening.must_be_disinterested(session, actor, contract.id)
    opening.must_be_in(contract, ContractStatus.DRAFT)
    today = business_date(now)
    principal = authority.must_be_within(session, actor, authority.signing_case(contract), today)
    signed_on = command.signed_on or today
    facts = signing_facts(session, contract, signed_on, today)
    found = rules.collect(rules.DRAFT_RULES, facts.draft)
    found += rules.collect(rules.SIGNING_RULES, facts)
    opening.refuse_if([*found, *fund_control.budget_breaches(session, contract, today)])
    opening.move(contract, ContractStatus.SIGNED)
    contract.signed_by_id, contract.signed_on = actor.person_id, signed_on
    session.flush()
    held = holds.open_hold(
        session,
        contract.funder_id,
        opening.pocket_key(contract),
        amount_of(contract),
        contract_id=contract.id,
        actor_id=actor.person_id,
        idempotency_key=uuid5(contract.id, "sign"),
    )
    contract.hold_id = held.hold_id
    obligations.generate(session, contract, signed_on)
    fund_control.refresh(session, contract, today)
    details = {"amount": amount_of(contract), "hold": held.hold_id, "signed_on": signed_on}
    opening.record(session, actor, "contract.sign", contract, details | authority.on_behalf(principal), now=now)
    return contract


def signing_breaches(session: Session, contract: Contract, today: date) -> list[Breach]:
    """Everything that keeps a draft from being signed today, as its page shows it."""
    facts = signing_facts(session, contract, today, today)
    found = [*rules.collect(rules.DRAFT_RULES, facts.draft), *rules.collect(rules.SIGNING_RULES, facts)]
    return [*found, *fund_control.budget_breaches(session, contract, today)]


def keep_commitment_letter(
    session: Session, actor: Actor, contract_id: UUID, file: Upload, *, now: datetime
) -> Document:
    """The grantee's PI or finance officer uploads the signed commitment letter, before signing."""
    contract = opening.seen(session, actor, contract_id)
    authorise(actor, Permission.CONTRACTS_COMMIT, contract.grantee_id)
    opening.must_be_in(contract, ContractStatus.DRAFT)
    document = evidence.keep(
        session,
        actor,
        file,
        subject_kind="contract",
        subject_id=contract.id,
        institution_id=contract.grantee_id,
        title=_("Commitment letter"),
        now=now,
    )
    contract.commitment_letter_id = document.id
    details = {"document": document.id, "sha256": document.sha256.hex()}
    opening.record(session, actor, "contract.commit", contract, details, now=now)
    return document


def keep_minutes(session: Session, actor: Actor, contract_id: UUID, file: Upload, *, now: datetime) -> Document:
    """The funder's officer uploads the minutes of the collective decision, before signing."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_DRAFT)
    opening.must_be_in(contract, ContractStatus.DRAFT)
    document = evidence.keep(
        session,
        actor,
        file,
        subject_kind="contract",
        subject_id=contract.id,
        institution_id=contract.funder_id,
        title=_("Minutes of the collective decision"),
        now=now,
    )
    contract.minutes_document_id = document.id
    details = {"document": document.id, "sha256": document.sha256.hex()}
    opening.record(session, actor, "contract.keep-minutes", contract, details, now=now)
    return document


def keep_document(
    session: Session, actor: Actor, contract_id: UUID, file: Upload, title: str, *, now: datetime
) -> Document:
    """Either party keeps a document with the contract."""
    contract = opening.opened_by_either(session, actor, contract_id, Permission.EVIDENCE_UPLOAD)
    home = contract.funder_id if contract.funder_id in actor.institutions() else contract.grantee_id
    return evidence.keep(
        session,
        actor,
        file,
        subject_kind="contract",
        subject_id=contract.id,
        institution_id=home,
        title=title,
        now=now,
    )


def change_account(
    session: Session, actor: Actor, contract_id: UUID, command: ChangeAccount, *, now: datetime
) -> Contract:
    """Choose another of the grantee's accounts for payments to come. Its verification is a gate of each payment."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_DRAFT, command.version)
    if contract.status in (ContractStatus.CLOSED, ContractStatus.TERMINATED):
        opening.must_be_in(contract, ContractStatus.DRAFT, ContractStatus.SIGNED, ContractStatus.ACTIVE)
    owner = account_owner(session, command.grantee_account_id)
    if owner != contract.grantee_id:
        raise RuleBreached(
            Breach(
                "contract.account",
                _("The account belongs to another institution."),
                _("Choose one of the grantee's accounts."),
                _("The payee is the grantee"),
                field="grantee_account_id",
            )
        )
    details = {"before": contract.grantee_account_id, "after": command.grantee_account_id}
    contract.grantee_account_id = command.grantee_account_id
    opening.record(session, actor, "contract.change-account", contract, details, now=now)
    return contract


def confirm_condition(
    session: Session, actor: Actor, contract_id: UUID, number: int, command: ConfirmCondition, *, now: datetime
) -> Tranche:
    """Confirm that a tranche's milestone (or report) is met, with what it was confirmed by."""
    contract = opening.opened(session, actor, contract_id, Permission.TRANCHES_CONFIRM_CONDITION)
    opening.must_be_disinterested(session, actor, contract.id)
    opening.must_be_in(
        contract,
        ContractStatus.SIGNED,
        ContractStatus.ACTIVE,
        ContractStatus.SUSPENDED,
        ContractStatus.CLOSING,
    )
    tranche = next((each for each in contract.tranches if each.number == number), None)
    if tranche is None:
        raise NotFound(Breach("tranche.not-found", _("There is no such tranche.")))
    _check_condition(tranche, command, business_date(now))
    tranche.condition_met_on, tranche.condition_met_by_id = command.met_on, actor.person_id
    tranche.condition_note = command.note
    details = {"tranche": number, "met_on": command.met_on, "note": command.note}
    opening.record(session, actor, "tranche.confirm-condition", contract, details, now=now)
    return tranche


def _check_condition(tranche: Tranche, command: ConfirmCondition, today: date) -> None:
    if tranche.condition not in (TrancheCondition.MILESTONE, TrancheCondition.ACCEPTED_REPORT):
        raise RuleBreached(
            Breach(
                "tranche.no-milestone",
                _("Tranche %(number)s waits for nothing that an officer confirms."),
                params={"number": tranche.number},
            )
        )
    if tranche.condition_met_on is not None:
        raise Conflict(Breach("tranche.confirmed", _("The condition has been confirmed already.")))
    if command.met_on > today:
        raise RuleBreached(Breach("tranche.met-ahead", _("A condition is not met on a day to come."), field="met_on"))
    if not command.note.strip():
        raise RuleBreached(Breach("tranche.no-note", _("Write what it was confirmed by."), field="note"))


def declare_interest(
    session: Session, actor: Actor, contract_id: UUID, command: DeclareInterest, *, now: datetime
) -> ConflictOfInterest:
    """Declare one's own interest in a contract. It is never taken back; this person decides nothing on it any more."""
    contract = opening.opened_by_either(session, actor, contract_id, Permission.CONTRACTS_READ)
    if any(each.person_id == actor.person_id for each in queries.interests_in(session, contract.id)):
        raise Conflict(Breach("interest.declared", _("You have declared an interest already.")))
    interest = ConflictOfInterest(
        contract_id=contract.id, person_id=actor.person_id, statement=command.statement, declared_at=now
    )
    session.add(interest)
    opening.record(session, actor, "contract.declare-interest", contract, {"statement": command.statement}, now=now)
    return interest


def account_owner(session: Session, account_id: UUID) -> UUID | None:
    """Whose account it is."""
    account = session.get(BankAccount, account_id)
    return account.institution_id if account else None


def replace_tranches(session: Session, contract: Contract, tranches: Sequence[TrancheInput]) -> None:
    """Write a draft's tranches anew, numbered from 1; the last one is final."""
    session.execute(delete(Tranche).where(Tranche.contract_id == contract.id))
    for number, given in enumerate(tranches, 1):
        session.add(tranche_row(contract, number, given, is_final=number == len(tranches)))
    session.flush()
    session.expire(contract, ["tranches"])


def tranche_row(contract: Contract, number: int, given: TrancheInput, *, is_final: bool) -> Tranche:
    """A tranche as a new row."""
    return Tranche(
        contract_id=contract.id,
        number=number,
        amount_minor=given.amount.minor,
        holdback_minor=given.holdback.minor if given.holdback else 0,
        condition=given.condition.value,
        due_on=given.due_on,
        milestone=given.milestone,
        is_final=is_final,
    )


def one_currency(command: DraftContract) -> None:
    """Every amount of the draft is in its currency. Raises RuleBreached before anything is added up."""
    amounts = [
        command.amount,
        *(tranche.amount for tranche in command.tranches),
        *(tranche.holdback for tranche in command.tranches if tranche.holdback),
        *(item.amount for item in command.budget),
    ]
    if all(amount.currency is command.currency for amount in amounts):
        return
    raise RuleBreached(
        Breach(
            "contract.currency-mixed",
            _("Every amount of a contract is in its own currency."),
            _("Enter all amounts in %(currency)s."),
            rules.ONE_CURRENCY,
            {"currency": command.currency},
            "currency",
        )
    )


def _fill(contract: Contract, command: DraftContract) -> None:
    contract.purpose = command.purpose.value
    contract.agreement_number = command.agreement_number
    contract.grantee_id = command.grantee_id
    contract.pocket_id = command.pocket_id
    contract.grantee_account_id = command.grantee_account_id
    contract.funding_mode = command.funding_mode.value
    contract.amount_minor = command.amount.minor
    contract.currency = Currency(command.currency).value
    contract.budget_rate = command.budget_rate
    contract.first_day, contract.last_day = command.first_day, command.last_day
    contract.governing_law = command.governing_law
    contract.dispute_forum = command.dispute_forum
    contract.negative_list_declared = command.negative_list_declared


def _budget(programme: Programme, command: DraftContract) -> Sequence[BudgetItem]:
    if family(programme.terms_family).budget_by_heading(command.funding_mode):
        return command.budget
    return (BudgetItem(TOTAL, command.amount),)


def _check_project(session: Session, actor: Actor, project_id: UUID) -> None:
    """The project exists and lies in the actor's scope."""
    project = session.get(Project, project_id)
    if project is None or not projects.sees(session, actor, project_id):
        raise NotFound(Breach("project.not-found", _("There is no such project."), field="project_id"))
