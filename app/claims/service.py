"""The verbs of whoever claims: start, fill line by line, submit, take back. Every step is kept as a draft."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.claims import gathering, known_before, queries, rules, telling
from app.claims.commands import (
    AddLine,
    AddReceipts,
    AnswerLines,
    AttachPaper,
    EditClaim,
    SaveLine,
    StartClaim,
    SubmitClaim,
)
from app.claims.facts import ClaimFacts
from app.claims.filling import copied, fill, new_line, refresh, take_over
from app.claims.models import Claim, ClaimLine, ClaimPaper
from app.claims.states import EDITABLE, ClaimStatus, LineKind, PaperKind, Place, may_move
from app.contracts.models import Contract
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.evidence import service as evidence
from app.evidence.fields import from_json
from app.evidence.models import Document
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.ledger import fund_control
from app.ledger.fund_control import CostLine
from app.web.uploads import RefusedFile, Upload

SUBJECT = "claim"
"""The kind under which the trail and the documents know a claim."""


def start(session: Session, actor: Actor, command: StartClaim, *, now: datetime) -> Claim:
    """Begin a claim as a draft, with a line for each receipt that comes along.

    Raises NotPermitted for a contract the actor may not claim on, InputRefused where no receipt could be taken.
    """
    contract = _contract_to_claim_on(session, actor, command.contract_id, now)
    book = session.get_one(Institution, contract.grantee_id)
    claim = Claim(
        id=new_id(),
        reference=next_reference(session, "CLM", business_date(now)),
        institution_id=contract.grantee_id,
        contract_id=contract.id,
        claimant_id=_claimant(session, actor, contract, command.claimant_id, now),
        made_by_id=actor.person_id,
        made_at=now,
        purpose=command.purpose,
        heading=command.heading,
        place=command.place or (book.side if book.side in Place.__members__ else Place.OTHER),
        pay_currency=command.pay_currency or book.functional_currency,
        status=ClaimStatus.DRAFT,
    )
    session.add(claim)
    session.flush()
    _keep_receipts(session, actor, claim, command.receipts, now)
    trace(session, actor, "claim.start", claim, now)
    return claim


def edit(session: Session, actor: Actor, reference: str, command: EditClaim, *, now: datetime) -> Claim:
    """Change the head of a claim; rates of its lines are looked up again. Raises as `start`, or Conflict."""
    claim = _editable(session, actor, reference, command.version)
    contract = _contract_to_claim_on(session, actor, command.contract_id, now)
    if contract.grantee_id != claim.institution_id:
        raise NotFound(Breach("contract.not-found", _("There is no such contract."), field="contract_id"))
    claim.contract_id, claim.purpose, claim.heading = contract.id, command.purpose, command.heading
    claim.place = command.place or claim.place
    claim.claimant_id = _claimant(session, actor, contract, command.claimant_id or claim.claimant_id, now)
    claim.pay_currency = command.pay_currency or claim.pay_currency
    claim.advance_minor = command.advance.minor if command.advance is not None else 0
    for line in claim.lines:
        refresh(session, claim, line)
    _changed(session, actor, "claim.edit", claim, now)
    return claim


def add_receipts(session: Session, actor: Actor, reference: str, command: AddReceipts, *, now: datetime) -> Claim:
    """Add a line for each file; a file the claim has already is not added again, one that fails spoils no other.

    Raises InputRefused where none of the files could be taken.
    """
    claim = _editable(session, actor, reference)
    _keep_receipts(session, actor, claim, command.receipts, now)
    _changed(session, actor, "claim.add-receipts", claim, now)
    return claim


def add_line(session: Session, actor: Actor, reference: str, command: AddLine, *, now: datetime) -> ClaimLine:
    """Add a line without a file: an allowance, or cost whose receipt comes later or is lost."""
    claim = _editable(session, actor, reference)
    line = new_line(session, claim, command.kind)
    fill(session, claim, line, command.values, keep_defaults=True)
    _changed(session, actor, "claim.add-line", claim, now, line)
    return line


def save_line(
    session: Session, actor: Actor, reference: str, number: int, command: SaveLine, *, now: datetime
) -> ClaimLine:
    """Keep a line as typed, however incomplete. Raises Conflict where it has changed since the page was shown."""
    claim = _editable(session, actor, reference)
    line = lock_for_update(session, ClaimLine, queries.line_of(claim, number).id, command.version)
    fill(session, claim, line, command.values)
    line.version += 1
    _changed(session, actor, "claim.save-line", claim, now, line)
    return line


def answer_lines(session: Session, actor: Actor, reference: str, command: AnswerLines, *, now: datetime) -> Claim:
    """Keep several lines as typed, however incomplete. Raises Conflict where one has changed meanwhile."""
    claim = _editable(session, actor, reference)
    for answer in command.lines:
        line = lock_for_update(session, ClaimLine, queries.line_of(claim, answer.line).id, answer.version)
        fill(session, claim, line, answer.values)
        line.version += 1
        _changed(session, actor, "claim.save-line", claim, now, line)
    return claim


def remove_line(session: Session, actor: Actor, reference: str, number: int, *, now: datetime) -> Claim:
    """Take a line out of a claim; the others keep their numbers."""
    claim = _editable(session, actor, reference)
    line = queries.line_of(claim, number)
    claim.lines.remove(line)
    known_before.forget(session, [line])
    _changed(session, actor, "claim.remove-line", claim, now, line)
    return claim


def attach(
    session: Session, actor: Actor, reference: str, number: int, command: AttachPaper, *, now: datetime
) -> ClaimLine:
    """Put one more document behind a line: its receipt, a quotation, a payroll sheet."""
    claim = _editable(session, actor, reference)
    line = queries.line_of(claim, number)
    _keep_paper(session, actor, claim, line, command.paper, command.kind, now)
    _changed(session, actor, "claim.attach", claim, now, line)
    return line


def copy_last(session: Session, actor: Actor, reference: str, *, now: datetime) -> Claim:
    """Copy the lines of the maker's last claim on the contract, without dates, invoice numbers and papers.

    Raises NotFound where there is none.
    """
    claim = _editable(session, actor, reference)
    last = queries.claim_before(session, claim)
    if last is None:
        raise NotFound(Breach("claim.none-before", _("You have no earlier claim on this contract.")))
    for each in last.lines:
        copied(session, claim, each, dated=False)
    _changed(session, actor, "claim.copy-last", claim, now)
    return claim


def submit(session: Session, actor: Actor, reference: str, command: SubmitClaim, *, now: datetime) -> Claim:
    """Hand the claim to the finance office; its cost is committed. Every rule is looked at, all are told at once.

    Raises RuleBreached, or Conflict where the claim has changed since the page was shown.
    """
    claim = _editable(session, actor, reference, command.version)
    authorise(actor, Permission.CLAIMS_SUBMIT, claim.institution_id)
    claim.declared, claim.negative_list_declared = command.declared, command.negative_list_declared
    for line in claim.lines:
        refresh(session, claim, line)
        line.verdict = None
    move(claim, ClaimStatus.SUBMITTED)
    claim.status_reason, claim.submitted_at = "", now
    claim.checked_by_id = claim.checked_at = None
    session.flush()
    refuse_if_breached(session, claim, now)
    commit_lines(session, claim, now)
    known_before.note(session, actor, claim, now)
    telling.tell(session, claim, now)
    trace(session, actor, "claim.submit", claim, now)
    return claim


def withdraw(session: Session, actor: Actor, reference: str, *, version: int, now: datetime) -> Claim:
    """Take a claim back before it is approved; its room in the budget is free again. Raises Conflict."""
    claim = queries.visible_claim(session, actor, reference)
    claim = lock_for_update(session, Claim, claim.id, version)
    _must_be_own(actor, claim)
    move(claim, ClaimStatus.WITHDRAWN)
    claim.version += 1
    fund_control.commit_cost(session, claim.id, ())
    known_before.forget(session, claim.lines)
    trace(session, actor, "claim.withdraw", claim, now)
    return claim


def move(claim: Claim, after: ClaimStatus) -> None:
    """Change the status as the table of moves allows. Raises Conflict."""
    must_be_able_to_become(claim, after)
    claim.status = after


def must_be_able_to_become(claim: Claim, after: ClaimStatus) -> None:
    """Raise Conflict where the table of moves does not lead from the claim's status to `after`."""
    if not may_move(ClaimStatus(claim.status), after):
        raise moved_on()


def moved_on() -> Conflict:
    """The refusal of a step on a claim that stands elsewhere by now."""
    return Conflict(
        Breach(
            "claim.moved-on",
            _("This claim has moved on since you opened it."),
            cure=_("Open it again to see what happened to it."),
        )
    )


def check(session: Session, claim: Claim, now: datetime) -> list[Breach]:
    """Every rule the claim does not satisfy now, warnings included: what a page shows before consent."""
    return check_facts(claim, gathering.claim_facts(session, claim, business_date(now)))


def check_facts(claim: Claim, facts: ClaimFacts) -> list[Breach]:
    """The same of facts already gathered."""
    if claim.status in EDITABLE:
        return rules.while_drafting(facts)
    return rules.before_payment(facts) if claim.status == ClaimStatus.APPROVED else rules.before_consent(facts)


def refuse_if_breached(session: Session, claim: Claim, now: datetime) -> None:
    """Raise RuleBreached with everything that stands in the way."""
    blocking = [breach for breach in check(session, claim, now) if breach.blocking]
    if blocking:
        raise RuleBreached(*blocking)


def commit_lines(session: Session, claim: Claim, now: datetime) -> None:
    """Commit what each line still in question takes of the limits of its day, in place of what was committed before.

    Raises RuleBreached `budget.exceeded` when somebody else has taken the room in the meantime.
    """
    facts = gathering.claim_facts(session, claim, business_date(now))
    lines = [
        CostLine(claim.contract_id, claim.institution_id, line.heading, line.booked, line.cost_on or facts.today)
        for line in facts.lines
        if line.heading is not None and line.booked is not None
    ]
    fund_control.commit_cost(session, claim.id, lines)


def trace(session: Session, actor: Actor, verb: str, claim: Claim, now: datetime, **details: object) -> None:
    """Write what the verb changed, and record it in the trail."""
    session.flush()
    told = {"reference": claim.reference, **details}
    trail.record(session, actor, verb, (SUBJECT, claim.id), told, now=now, institution_id=claim.institution_id)


def _changed(
    session: Session, actor: Actor, verb: str, claim: Claim, now: datetime, line: ClaimLine | None = None
) -> None:
    claim.version += 1
    session.flush()
    trace(session, actor, verb, claim, now, **({"line": line.number} if line is not None else {}))


def _editable(session: Session, actor: Actor, reference: str, version: int | None = None) -> Claim:
    """The claim, locked, if it is the actor's and still a draft. Raises NotFound, NotPermitted or Conflict."""
    claim = queries.visible_claim(session, actor, reference)
    claim = lock_for_update(session, Claim, claim.id, version)
    authorise(actor, Permission.CLAIMS_DRAFT, claim.institution_id)
    _must_be_own(actor, claim)
    if claim.status not in EDITABLE:
        raise Conflict(
            Breach(
                "claim.not-a-draft",
                _("This claim is with the finance office and cannot be changed now."),
                cure=_("Take it back first, or wait until it comes back to you."),
            )
        )
    return claim


def _must_be_own(actor: Actor, claim: Claim) -> None:
    if actor.person_id not in (claim.made_by_id, claim.claimant_id):
        raise NotPermitted(
            Breach(
                "claim.not-yours",
                _("Only the person who made a claim, or is paid by it, changes it."),
                cure=_("Ask them, or make a claim of your own."),
                source=_("A claim is its maker's until it is submitted"),
            )
        )


def _contract_to_claim_on(session: Session, actor: Actor, contract_id: UUID, now: datetime) -> Contract:
    """The contract, if the actor may claim on it. Raises NotFound outside their institution, else NotPermitted."""
    contract = session.get(Contract, contract_id)
    if contract is None or contract.grantee_id not in actor.institutions():
        raise NotFound(Breach("contract.not-found", _("There is no such contract."), field="contract_id"))
    authorise(actor, Permission.CLAIMS_DRAFT, contract.grantee_id)
    if contract.id not in {each.id for each in queries.claimable_contracts(session, actor, business_date(now))}:
        raise NotPermitted(
            Breach(
                "claim.other-project",
                _("You cannot claim on contract %(contract)s: it takes no cost now, or you are not in its project."),
                cure=_("Choose a contract of your project, or ask the institution's project manager."),
                source=_("Principal investigators claim on their own projects"),
                params={"contract": contract.reference},
                field="contract_id",
            )
        )
    return contract


def _claimant(session: Session, actor: Actor, contract: Contract, person_id: UUID | None, now: datetime) -> UUID:
    """Who is paid: the actor, or a member of the project. Raises InputRefused for anybody else."""
    if person_id is None or person_id == actor.person_id:
        return actor.person_id
    if person_id not in {each.id for each in queries.people_of_contract(session, contract, business_date(now))}:
        raise InputRefused(
            Breach(
                "claim.claimant",
                _("That person does not belong to the project."),
                cure=_("Choose a member of the project, or have them join it first."),
                source=_("Claims pay back members of the project"),
                field="claimant_id",
            )
        )
    return person_id


def _keep_receipts(
    session: Session, actor: Actor, claim: Claim, files: Iterable[Upload | RefusedFile], now: datetime
) -> None:
    """A line for each file that can be taken. Raises InputRefused where there are files and none can."""
    refused: list[Breach] = []
    taken = 0
    for file in files:
        if isinstance(file, RefusedFile):
            refused.append(file.breach)
            continue
        try:
            with session.begin_nested():
                _keep_receipt(session, actor, claim, file, now)
            taken += 1
        except InputRefused as refusal:
            session.refresh(claim, ["lines"])
            refused += refusal.breaches
    if refused and not taken:
        raise InputRefused(*refused)


def _keep_receipt(session: Session, actor: Actor, claim: Claim, file: Upload, now: datetime) -> None:
    if file.sha256 in {each.sha256.hex() for each in queries.documents_of(session, claim).values()}:
        return
    line = new_line(session, claim, LineKind.RECEIPT)
    session.flush()
    document = _keep_paper(session, actor, claim, line, file, PaperKind.RECEIPT, now)
    if document.said:
        take_over(session, claim, line, from_json(document.said))


def _keep_paper(
    session: Session, actor: Actor, claim: Claim, line: ClaimLine, file: Upload, kind: PaperKind, now: datetime
) -> Document:
    document = evidence.keep(
        session,
        actor,
        file,
        subject_kind=SUBJECT,
        subject_id=claim.id,
        institution_id=claim.institution_id,
        title=claim.reference,
        now=now,
    )
    if document.id not in {each.document_id for each in line.papers}:
        line.papers.append(ClaimPaper(id=new_id(), document_id=document.id, kind=kind))
        session.flush()
    return document
