"""Disbursements and residue returns as JSON: the same verbs as the screens."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.db.unit_of_work import run_in_unit
from app.disbursements import (
    batch_service,
    commands,
    document_service,
    gathering,
    payment_service,
    queries,
    receipt_service,
    remittance,
    residue_service,
    rules,
    service,
)
from app.disbursements.forms import (
    ApproveForm,
    BatchForm,
    BounceForm,
    DeclarationForm,
    DocumentForm,
    DraftForm,
    EditForm,
    FileQuery,
    MandateForm,
    MinutesForm,
    QueueQuery,
    ReasonForm,
    ReceiptForm,
    ResidueArrivedForm,
    ResidueForm,
    ResidueQuery,
    SeenForm,
    SettleForm,
    WithdrawForm,
)
from app.disbursements.loading import consented
from app.disbursements.models import BankMandate, Disbursement, ResidueReturn
from app.disbursements.remittance import FileFilter, Piece, RemittanceFile
from app.disbursements.showing import STAGE_OF, acting_at
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, DecimalOut, Form, MoneyOut, Out
from app.web.wording import in_words, words

api = ApiBlueprint("disbursements", __name__)
P = Permission
READ = P.DISBURSEMENTS_READ


class DecisionOut(Out):
    """A checker's decision."""

    revision = fields.Integer()
    decision = CodeOut()
    checker_id = fields.UUID()
    reason = fields.String()
    batch_reference = fields.String(allow_none=True)
    decided_at = fields.DateTime()


class DocumentOut(Out):
    """A document of the route."""

    code = fields.String()
    title = fields.String()
    number = fields.String()
    dated_on = fields.Date(allow_none=True)
    expires_on = fields.Date(allow_none=True)
    listed_by_id = fields.UUID()
    confirmed_by_id = fields.UUID(allow_none=True)


class ReceiptOut(Out):
    """What the grantee confirmed."""

    value_date = fields.Date()
    bank_reference = fields.String()
    received = MoneyOut()
    charge = MoneyOut()
    dealt_rate = DecimalOut(allow_none=True)
    rate_base_currency = fields.String(allow_none=True)
    rate_source = fields.String()
    quote_id = fields.UUID(allow_none=True)
    dealt_at = fields.DateTime(allow_none=True)
    difference_reason = fields.String()
    reversed_on = fields.Date(allow_none=True)


class DisbursementOut(Out):
    """One disbursement; `consented` is the fingerprint to send back when approving."""

    id = fields.UUID()
    reference = fields.String()
    status = CodeOut()
    revision = fields.Integer()
    contract_id = fields.UUID()
    tranche_id = fields.UUID()
    funder_id = fields.UUID()
    grantee_id = fields.UUID()
    pocket_id = fields.UUID()
    amount = MoneyOut()
    payer_account_id = fields.UUID()
    payee_account_id = fields.UUID()
    converts_at = CodeOut(allow_none=True)
    requested_value_date = fields.Date()
    purpose = fields.String()
    maker_id = fields.UUID()
    released_by_id = fields.UUID(allow_none=True)
    release_date = fields.Date(allow_none=True)
    event_id = fields.UUID(attribute="release_event_id", allow_none=True)
    settled_on = fields.Date(allow_none=True)
    settlement_rate = DecimalOut(allow_none=True)
    settlement_rate_base = fields.String(allow_none=True)
    settlement_rate_source = fields.String()
    settlement_quote_id = fields.UUID(allow_none=True)
    dealt_at = fields.DateTime(allow_none=True)
    bounced_on = fields.Date(allow_none=True)
    status_reason = fields.String()
    consented = fields.String()
    decisions = fields.List(fields.Nested(DecisionOut))
    documents = fields.List(fields.Nested(DocumentOut))
    receipts = fields.List(fields.Nested(ReceiptOut))
    version = fields.Integer()


class PieceOut(Out):
    """A piece that the corridor asks of a payment, why, and where it stands."""

    code = fields.String()
    kind = CodeOut()
    title = fields.String()
    state = CodeOut()
    waits_for = CodeOut(allow_none=True)
    due_on = fields.Date(allow_none=True)
    number = fields.String(allow_none=True)
    blocks = CodeOut(allow_none=True)
    why = fields.List(fields.String())
    source = fields.String()
    verified = fields.Boolean()


class RemittanceFileOut(Out):
    """The file of one payment across the boundary."""

    reference = fields.String()
    contract = fields.String()
    from_side = CodeOut()
    to_side = CodeOut()
    amount = MoneyOut()
    status = CodeOut()
    pieces = fields.List(fields.Nested(PieceOut))


class CheckOut(Out):
    """One gate with its outcome, in the reader's words."""

    code = fields.String()
    state = fields.String()
    title = fields.String()
    cure = fields.String()
    source = fields.String()


class OutcomeOut(Out):
    """What became of one row of a batch."""

    reference = fields.String()
    result = fields.String()
    reasons = fields.List(fields.String())


class MandateOut(Out):
    """A bank mandate."""

    id = fields.UUID()
    bank_account_id = fields.UUID()
    above = MoneyOut()
    signatories = fields.Integer()
    source = fields.String()
    confirmed_by_id = fields.UUID(allow_none=True)


class ResidueOut(Out):
    """A return of unspent money."""

    id = fields.UUID()
    reference = fields.String()
    contract_id = fields.UUID()
    status = CodeOut()
    total = MoneyOut()
    components = fields.List(fields.Dict())
    sent_on = fields.Date()
    received_on = fields.Date(allow_none=True)
    event_id = fields.UUID()
    version = fields.Integer()


def _out(session: Session, row: Disbursement) -> dict[str, Any]:
    names = [name for name in DisbursementOut().fields if name not in ("consented", "event_id")]
    shown = {name: getattr(row, name) for name in names}
    return shown | {"consented": consented(session, row).hex(), "release_event_id": row.release_event_id}


def _residue(row: ResidueReturn) -> dict[str, Any]:
    names = [name for name in ResidueOut().fields if name != "components"]
    parts = [
        {"component": part.component, "amount": str(Money(part.amount_minor, Currency(row.currency)).amount)}
        for part in row.components
    ]
    return {name: getattr(row, name) for name in names} | {"components": parts}


def _mandate(session: Session, row: BankMandate) -> dict[str, Any]:
    account = session.get_one(BankAccount, row.bank_account_id)
    names = [name for name in MandateOut().fields if name != "above"]
    return {name: getattr(row, name) for name in names} | {"above": Money(row.above_minor, Currency(account.currency))}


@api.get(
    "/disbursements",
    permission=READ,
    query=QueueQuery,
    response=DisbursementOut,
    many=True,
    summary="List disbursements",
)
def index(session: Session, actor: Actor, query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Disbursements in your scope, a page at a time."""
    wanted = queries.DisbursementFilter(
        text=query["text"],
        status=query["status"],
        funder_id=query["funder"],
        grantee_id=query["grantee"],
        currency=query["currency"],
        view=query["view"],
        sort=query["sort"] or "reference",
    )
    found = queries.listed(session, actor, wanted, query["cursor"], query["limit"])
    return found.map(lambda row: _out(session, row))


@api.get(
    "/disbursements/<reference:reference>", permission=READ, response=DisbursementOut, summary="Show a disbursement"
)
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One disbursement with decisions, documents and receipts."""
    return _out(session, queries.get_visible(session, actor, reference))


@api.get(
    "/disbursements/<reference:reference>/checks",
    permission=READ,
    response=CheckOut,
    many=True,
    summary="Every gate ahead of a disbursement",
)
def checks(session: Session, actor: Actor, reference: str) -> list[dict[str, Any]]:
    """All gates of the next step as you would meet them: met, to note, blocking."""
    row = queries.get_visible(session, actor, reference)
    stage = STAGE_OF.get(row.status)
    if stage is None:
        return []
    acting = acting_at(actor, row.status, row.funder_id)
    facts = gathering.gather(session, [row], stage=stage, now=now(), actor=acting)[row.id]
    return [_check(check) for check in rules.checks(facts)]


def _check(check: rules.Check) -> dict[str, Any]:
    if check.breach is not None:
        said = in_words(check.breach)
        return {
            "code": check.code,
            "state": check.state,
            "title": said.headline,
            "cure": said.cure,
            "source": said.source,
        }
    title = words(check.title, check.params)
    return {"code": check.code, "state": check.state, "title": title, "cure": "", "source": words(check.source)}


@api.get(
    "/corridor/files",
    permission=P.CORRIDOR_READ,
    query=FileQuery,
    response=RemittanceFileOut,
    many=True,
    summary="List files of remittances",
)
def remittance_files(session: Session, actor: Actor, query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Payments in your scope that cross the boundary, newest first; a page may be shorter than its limit."""
    wanted = FileFilter(query["route"], query["missing"], query["waits_for"])
    found = remittance.files(session, actor, wanted, now=now(), cursor=query["cursor"], limit=query["limit"])
    return found.map(_file)


@api.get(
    "/disbursements/<reference:reference>/file",
    permission=P.CORRIDOR_READ,
    response=RemittanceFileOut,
    summary="Show the file of a remittance",
)
def remittance_file(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """Every piece asked for, why, by which source, and where it stands."""
    return _file(remittance.one(session, actor, reference, now=now()))


def _file(file: RemittanceFile) -> dict[str, Any]:
    plain = {name: getattr(file, name) for name in ("contract", "from_side", "to_side", "amount")}
    known = {"reference": file.row.reference, "status": file.row.status}
    return plain | known | {"pieces": [_piece(piece) for piece in file.pieces]}


def _piece(piece: Piece) -> dict[str, Any]:
    rule = piece.asked.rule
    number = piece.filing.form_number if piece.filing else piece.listed.number if piece.listed else None
    found = {name: getattr(rule, name) for name in ("code", "kind", "blocks", "source", "verified")}
    found |= {"state": piece.state, "waits_for": piece.waits_for, "due_on": piece.due_on, "number": number}
    why = [words(reason.message, reason.params) for reason in piece.asked.why]
    return found | {"title": words(rule.title), "why": why}


@api.post(
    "/disbursements",
    permission=P.DISBURSEMENTS_DRAFT,
    body=DraftForm,
    response=DisbursementOut,
    status=201,
    summary="Draft a disbursement",
)
def draft(session: Session, actor: Actor, command: commands.Draft) -> dict[str, Any]:
    """Prepare a payment of a tranche; without an amount, what the tranche has left."""
    return _out(session, service.draft(session, actor, command, now=now()))


@api.put(
    "/disbursements/<reference:reference>",
    permission=P.DISBURSEMENTS_DRAFT,
    body=EditForm,
    response=DisbursementOut,
    summary="Change a disbursement",
)
def edit(session: Session, actor: Actor, command: commands.Edit, reference: str) -> dict[str, Any]:
    """Change it; once submitted this voids all approvals."""
    return _out(session, service.edit(session, actor, reference, command, now=now()))


VERBS: tuple[tuple[str, Permission, type[Form], Any, str], ...] = (
    ("submit", P.DISBURSEMENTS_SUBMIT, SeenForm, service.submit, "Submit a disbursement"),
    ("approve", P.DISBURSEMENTS_APPROVE, ApproveForm, service.approve, "Approve a disbursement"),
    ("return", P.DISBURSEMENTS_RETURN, ReasonForm, service.return_to_maker, "Return a disbursement to its maker"),
    ("refuse", P.DISBURSEMENTS_REFUSE, ReasonForm, service.refuse, "Refuse a disbursement"),
    ("cancel", P.DISBURSEMENTS_CANCEL, ReasonForm, service.cancel, "Cancel a disbursement"),
    ("recall", P.DISBURSEMENTS_RECALL, ReasonForm, service.recall, "Recall one's approval"),
    ("release", P.DISBURSEMENTS_RELEASE, SeenForm, payment_service.release, "Sign the release"),
    ("settle", P.DISBURSEMENTS_SETTLE, SettleForm, payment_service.settle, "Enter the payer's bank line"),
    ("bounce", P.DISBURSEMENTS_BOUNCE, BounceForm, payment_service.bounce, "Enter a return by the bank"),
    (
        "confirm-receipt",
        P.DISBURSEMENTS_CONFIRM_RECEIPT,
        ReceiptForm,
        receipt_service.confirm,
        "Confirm what arrived",
    ),
    (
        "withdraw-receipt",
        P.DISBURSEMENTS_CONFIRM_RECEIPT,
        WithdrawForm,
        receipt_service.withdraw,
        "Take a confirmed receipt back",
    ),
    ("documents", P.DISBURSEMENTS_DRAFT, DocumentForm, document_service.list_document, "List a document of the route"),
    (
        "declare-receipt",
        P.DISBURSEMENTS_CONFIRM_RECEIPT,
        DeclarationForm,
        document_service.declare_receipt,
        "Enter the declaration of a receipt",
    ),
    ("minutes", P.DISBURSEMENTS_DRAFT, MinutesForm, document_service.attach_minutes, "Attach the minutes"),
)
"""Verbs of one disbursement: last part of the address, permission, body, function, summary."""


def _declare(verb: str, permission: Permission, body: type[Form], function: Any, summary: str) -> None:
    def view(session: Session, actor: Actor, command: Any, reference: str) -> dict[str, Any]:
        return _out(session, function(session, actor, reference, command, now=now()))

    view.__name__ = verb.replace("-", "_")
    view.__doc__ = function.__doc__
    rule = f"/disbursements/<reference:reference>/{verb}"
    api.post(rule, permission=permission, body=body, response=DisbursementOut, summary=summary)(view)


for _verb in VERBS:
    _declare(*_verb)


@api.post(
    "/disbursements/<reference:reference>/documents/<code>/confirm",
    permission=P.DISBURSEMENTS_CONFIRM_DOCUMENTS,
    body=SeenForm,
    response=DisbursementOut,
    summary="Confirm a document of the route",
)
def confirm_document(
    session: Session, actor: Actor, command: commands.Seen, reference: str, code: str
) -> dict[str, Any]:
    """Confirm a document somebody else listed, at the version of the disbursement that showed it."""
    return _out(session, document_service.confirm_document(session, actor, reference, code, command, now=now()))


@api.post(
    "/disbursements/approve-batch",
    permission=P.DISBURSEMENTS_APPROVE,
    body=BatchForm,
    response=OutcomeOut,
    many=True,
    summary="Approve many disbursements of one funder",
)
def approve_batch(session: Session, actor: Actor, command: dict[str, Any]) -> list[dict[str, Any]]:
    """Each item in a transaction of its own, with its own outcome; one that changed drops out, the others go on."""
    rows = command["rows"]
    batch_service.refuse_mixed(session, actor, rows)
    key = f"batch-{request.headers.get('Idempotency-Key') or new_id()}"
    outcomes = batch_service.approve_all(
        run_in_unit, actor, rows, batch_reference=batch_service.batch_reference_of(key), key=key, now=now()
    )
    return [
        {
            "reference": each.reference,
            "result": each.result,
            "reasons": [in_words(breach).message for breach in each.breaches],
        }
        for each in outcomes
    ]


@api.post(
    "/bank-mandates",
    permission=P.BANK_ACCOUNTS_ENTER,
    body=MandateForm,
    response=MandateOut,
    status=201,
    summary="Enter a bank mandate",
)
def enter_mandate(session: Session, actor: Actor, command: commands.EnterMandate) -> dict[str, Any]:
    """How many signatories an account needs above an amount; a second person confirms it."""
    return _mandate(session, document_service.enter_mandate(session, actor, command, now=now()))


@api.post(
    "/bank-mandates/<uuid:mandate_id>/confirm",
    permission=P.BANK_ACCOUNTS_VERIFY,
    response=MandateOut,
    summary="Confirm a bank mandate",
)
def confirm_mandate(session: Session, actor: Actor, mandate_id: UUID) -> dict[str, Any]:
    """Confirm a mandate somebody else entered."""
    return _mandate(session, document_service.confirm_mandate(session, actor, mandate_id, now=now()))


@api.get(
    "/residue-returns",
    permission=P.RESIDUE_READ,
    query=ResidueQuery,
    response=ResidueOut,
    many=True,
    summary="List residue returns",
)
def residue_returns(session: Session, actor: Actor, query: dict[str, Any]) -> Page[dict[str, Any]]:
    """Returns of unspent money in your scope, newest first, a page at a time."""
    found = queries.listed_returns(session, actor, query["status"] or "", query["cursor"], query["limit"])
    return found.map(_residue)


@api.get(
    "/residue-returns/<reference:reference>",
    permission=P.RESIDUE_READ,
    response=ResidueOut,
    summary="Show a residue return",
)
def residue_return(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One return by component."""
    return _residue(queries.get_visible_return(session, actor, reference))


@api.post(
    "/residue-returns",
    permission=P.RESIDUE_RETURN,
    body=ResidueForm,
    response=ResidueOut,
    status=201,
    summary="Enter a residue return",
)
def enter_residue(session: Session, actor: Actor, command: commands.EnterResidue) -> dict[str, Any]:
    """Enter a return by component; a second person of the grantee confirms it."""
    return _residue(residue_service.enter(session, actor, command, now=now()))


RESIDUE_VERBS: tuple[tuple[str, Permission, type[Form], Any, str], ...] = (
    ("confirm", P.RESIDUE_RETURN, SeenForm, residue_service.confirm, "Confirm and book a residue return"),
    ("refuse", P.RESIDUE_RETURN, ReasonForm, residue_service.refuse, "Refuse a residue return"),
    ("receive", P.RESIDUE_CONFIRM, ResidueArrivedForm, residue_service.receive, "Confirm the arrival of residue"),
)


def _declare_residue(verb: str, permission: Permission, body: type[Form], function: Any, summary: str) -> None:
    def view(session: Session, actor: Actor, command: Any, reference: str) -> dict[str, Any]:
        return _residue(function(session, actor, reference, command, now=now()))

    view.__name__ = f"{verb}_residue"
    view.__doc__ = function.__doc__
    rule = f"/residue-returns/<reference:reference>/{verb}"
    api.post(rule, permission=permission, body=body, response=ResidueOut, summary=summary)(view)


for _residue_verb in RESIDUE_VERBS:
    _declare_residue(*_residue_verb)
