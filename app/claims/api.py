"""Claims as JSON. Receipts are sent as multipart/form-data, one a call, so that a lost connection costs one file."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.claims import deciding, flagging, gathering, known_before, paying, queries, service
from app.claims.commands import (
    AddLine,
    AddReceipts,
    AnswerLines,
    AttachPaper,
    CheckClaim,
    ClearFlag,
    EditClaim,
    PayClaim,
    SaveLine,
    Seen,
    StartClaim,
    SubmitClaim,
)
from app.claims.forms import (
    AddLineForm,
    AnswersForm,
    CheckForm,
    ClaimListForm,
    ClearFlagForm,
    EditForm,
    LineForm,
    NothingForm,
    PaperForm,
    PayForm,
    ReasonForm,
    ReceiptsForm,
    SeenForm,
    StartForm,
    SubmitForm,
)
from app.claims.line_rules import missing
from app.claims.models import Claim, ClaimFlagClearance, ClaimLine
from app.claims.queries import ClaimFilters
from app.contracts.models import Contract
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out
from app.web.wording import in_words

api = ApiBlueprint("claims", __name__)
P = Permission


class PaperOut(Out):
    """A document behind a line."""

    document_id = fields.UUID()
    kind = CodeOut()


class LineOut(Out):
    """One line, in the currency that was paid; `rate` is contract currency for one unit of it."""

    number = fields.Integer()
    kind = CodeOut()
    cost_on = fields.Date(allow_none=True)
    ends_on = fields.Date(allow_none=True)
    heading = CodeOut()
    place = CodeOut()
    who = fields.String()
    purpose = fields.String()
    amount = MoneyOut()
    tax = MoneyOut()
    seller = fields.String()
    seller_number = fields.String()
    invoice_code = fields.String()
    invoice_number = fields.String()
    quantity = DecimalOut()
    unit_rate = DecimalOut()
    unit_source = fields.String()
    missing_receipt = fields.String()
    rate = DecimalOut()
    rate_id = fields.UUID(allow_none=True)
    verdict = CodeOut()
    verdict_reason = fields.String()
    papers = fields.List(fields.Nested(PaperOut))
    version = fields.Integer()


class ClaimOut(Out):
    """A claim with its lines. `payable` is owed after approval; `version` counts every change."""

    id = fields.UUID()
    reference = fields.String()
    institution_id = fields.UUID()
    contract_id = fields.UUID()
    claimant_id = fields.UUID()
    made_by_id = fields.UUID()
    purpose = fields.String()
    pay_currency = CodeOut()
    status = CodeOut()
    status_reason = fields.String()
    follows_id = fields.UUID(allow_none=True)
    payable = MoneyOut()
    event_id = fields.UUID(allow_none=True)
    paid_on = fields.Date(allow_none=True)
    bank_reference = fields.String()
    payment_entry_id = fields.Integer(allow_none=True)
    lines = fields.List(fields.Nested(LineOut))
    version = fields.Integer()


class CheckOut(Out):
    """A rule that is not satisfied now."""

    code = fields.String()
    message = fields.String()
    cure = fields.String()
    source = fields.String()
    field = fields.String(allow_none=True)
    blocking = fields.Boolean()


class FlagOut(Out):
    """Something for a person to judge; `holds` keeps the claim from approval until it is cleared."""

    code = CodeOut()
    about = fields.String()
    message = fields.String()
    cure = fields.String()
    source = fields.String()
    lines = fields.List(fields.Integer())
    claims = fields.List(fields.String())
    holds = fields.Boolean()
    cleared_by_id = fields.UUID(allow_none=True)
    cleared_at = fields.DateTime(allow_none=True)
    reason = fields.String(allow_none=True)


class MissingOut(Out):
    """What a line still lacks."""

    line = fields.Integer()
    missing = fields.List(fields.String())


def _out(claim: Claim) -> dict[str, Any]:
    own = {name: getattr(claim, name) for name in ClaimOut().fields if name not in ("lines", "payable")}
    payable = paying.payable(claim) if claim.payable_minor is not None else None
    return own | {"payable": payable, "lines": claim.lines}


@api.get("/claims", permission=P.CLAIMS_READ, query=ClaimListForm, response=ClaimOut, many=True, summary="List claims")
def index(session: Session, actor: Actor, query: ClaimFilters) -> Page[dict[str, Any]]:
    """Claims of the institutions in your scope, newest first unless told otherwise."""
    return queries.listed(session, actor, query).map(_out)


@api.get("/claims/<reference:reference>", permission=P.CLAIMS_READ, response=ClaimOut, summary="Show a claim")
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One claim with its lines."""
    return _out(queries.visible_claim(session, actor, reference))


@api.get(
    "/claims/<reference:reference>/checks",
    permission=P.CLAIMS_READ,
    response=CheckOut,
    many=True,
    summary="List what stands in a claim's way",
)
def checks(session: Session, actor: Actor, reference: str) -> list[dict[str, Any]]:
    """Every rule the claim does not satisfy now, with its source and cure; what does not block is a note."""
    claim = queries.visible_claim(session, actor, reference)
    known = known_before.matches(session, actor, claim)
    flagged = flagging.for_claimant(flagging.judged(session, claim, business_date(now())))
    return [_check(each) for each in (*service.check(session, claim, now()), *known_before.flags(known), *flagged)]


def _check(breach: Breach) -> dict[str, Any]:
    said = in_words(breach)
    words = {"message": said.headline, "cure": said.cure, "source": said.source}
    return {"code": breach.code, "field": breach.field, "blocking": breach.blocking, **words}


@api.get(
    "/claims/<reference:reference>/flags",
    permission=P.CLAIMS_CHECK,
    response=FlagOut,
    many=True,
    summary="List the flags of a claim",
)
def flags(session: Session, actor: Actor, reference: str) -> list[dict[str, Any]]:
    """What is pointed out for a person to judge, open or cleared, with who cleared it and why."""
    claim = queries.visible_claim(session, actor, reference)
    return [_flag(session, actor, each) for each in flagging.judged(session, claim, business_date(now()))]


def _flag(session: Session, actor: Actor, judged: flagging.Judged) -> dict[str, Any]:
    said, flag, row = in_words(judged.flag.breach()), judged.flag, judged.clearance
    return {
        "code": flag.code,
        "about": flag.about,
        "message": said.headline,
        "cure": said.cure,
        "source": said.source,
        "lines": list(flag.lines),
        "claims": flagging.claims_named(session, actor, flag),
        "holds": flag.holds,
        "cleared_by_id": row.cleared_by_id if row else None,
        "cleared_at": row.cleared_at if row else None,
        "reason": row.reason if row else None,
    }


class ClearanceOut(Out):
    """A flag that was cleared."""

    code = CodeOut()
    about = fields.String()
    reason = fields.String()
    cleared_by_id = fields.UUID()
    cleared_at = fields.DateTime()


@api.post(
    "/claims/<reference:reference>/flags/clear",
    permission=P.CLAIMS_CHECK,
    body=ClearFlagForm,
    response=ClearanceOut,
    summary="Clear a flag of a claim",
)
def clear_flag(session: Session, actor: Actor, command: ClearFlag, reference: str) -> ClaimFlagClearance:
    """Say why a flag is no reason to hold the claim; whoever has a part in the claim cannot."""
    return flagging.clear(session, actor, reference, command, now=now())


@api.get(
    "/claims/<reference:reference>/missing",
    permission=P.CLAIMS_READ,
    response=MissingOut,
    many=True,
    summary="List what a claim's lines still lack",
)
def lacking(session: Session, actor: Actor, reference: str) -> list[dict[str, Any]]:
    """What is still to be asked, line by line, in the order in which it is asked."""
    claim = queries.visible_claim(session, actor, reference)
    contract = session.get_one(Contract, claim.contract_id)
    pair, papers = (Currency(contract.currency), Currency(claim.pay_currency)), queries.documents_of(session, claim)
    facts = [gathering.line_facts(session, line, *pair, papers) for line in claim.lines]
    return [{"line": each.number, "missing": list(missing(each))} for each in facts if missing(each)]


@api.post("/claims", permission=P.CLAIMS_DRAFT, body=StartForm, response=ClaimOut, status=201, summary="Start a claim")
def start(session: Session, actor: Actor, command: StartClaim) -> dict[str, Any]:
    """Begin a claim as a draft on a contract you may claim on."""
    return _out(service.start(session, actor, command, now=now()))


@api.put(
    "/claims/<reference:reference>",
    permission=P.CLAIMS_DRAFT,
    body=EditForm,
    response=ClaimOut,
    summary="Change the head of a claim",
)
def edit(session: Session, actor: Actor, command: EditClaim, reference: str) -> dict[str, Any]:
    """Change contract, purpose, currency of payment or the advance to clear, while it is a draft."""
    return _out(service.edit(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/receipts",
    permission=P.CLAIMS_DRAFT,
    body=ReceiptsForm,
    response=ClaimOut,
    summary="Add a receipt to a claim",
)
def add_receipts(session: Session, actor: Actor, command: AddReceipts, reference: str) -> dict[str, Any]:
    """Add a line for the file sent; the same file again adds nothing."""
    return _out(service.add_receipts(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/lines",
    permission=P.CLAIMS_DRAFT,
    body=AddLineForm,
    response=LineOut,
    status=201,
    summary="Add a line to a claim",
)
def add_line(session: Session, actor: Actor, command: AddLine, reference: str) -> ClaimLine:
    """Add a line without a file: an allowance, or cost whose receipt is lost."""
    return service.add_line(session, actor, reference, command, now=now())


@api.put(
    "/claims/<reference:reference>/lines",
    permission=P.CLAIMS_DRAFT,
    body=AnswersForm,
    response=ClaimOut,
    summary="Keep several lines of a claim",
)
def answer(session: Session, actor: Actor, command: AnswerLines, reference: str) -> dict[str, Any]:
    """Keep several lines as they shall stand, all or none, however incomplete."""
    return _out(service.answer_lines(session, actor, reference, command, now=now()))


@api.put(
    "/claims/<reference:reference>/lines/<int:number>",
    permission=P.CLAIMS_DRAFT,
    body=LineForm,
    response=LineOut,
    summary="Keep a line of a claim",
)
def save_line(session: Session, actor: Actor, command: SaveLine, reference: str, number: int) -> ClaimLine:
    """Keep the line as it shall stand, however incomplete."""
    return service.save_line(session, actor, reference, number, command, now=now())


@api.post(
    "/claims/<reference:reference>/lines/<int:number>/papers",
    permission=P.CLAIMS_DRAFT,
    body=PaperForm,
    response=LineOut,
    summary="Attach a document to a line",
)
def attach(session: Session, actor: Actor, command: AttachPaper, reference: str, number: int) -> ClaimLine:
    """Put one more document behind a line: its receipt, a quotation, a payroll sheet."""
    return service.attach(session, actor, reference, number, command, now=now())


@api.post(
    "/claims/<reference:reference>/lines/<int:number>/remove",
    permission=P.CLAIMS_DRAFT,
    body=NothingForm,
    response=ClaimOut,
    summary="Remove a line of a claim",
)
def remove_line(session: Session, actor: Actor, command: Any, reference: str, number: int) -> dict[str, Any]:
    """Take a line out of a draft."""
    return _out(service.remove_line(session, actor, reference, number, now=now()))


@api.post(
    "/claims/<reference:reference>/copy-last",
    permission=P.CLAIMS_DRAFT,
    body=NothingForm,
    response=ClaimOut,
    summary="Copy the lines of your last claim",
)
def copy_last(session: Session, actor: Actor, command: Any, reference: str) -> dict[str, Any]:
    """Copy the lines of your last claim on the contract, without dates, invoice numbers and papers."""
    return _out(service.copy_last(session, actor, reference, now=now()))


@api.post(
    "/claims/<reference:reference>/submit",
    permission=P.CLAIMS_SUBMIT,
    body=SubmitForm,
    response=ClaimOut,
    summary="Submit a claim",
)
def submit(session: Session, actor: Actor, command: SubmitClaim, reference: str) -> dict[str, Any]:
    """Hand the claim to the finance office; its cost is committed."""
    return _out(service.submit(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/withdraw",
    permission=P.CLAIMS_DRAFT,
    body=SeenForm,
    response=ClaimOut,
    summary="Take a claim back",
)
def withdraw(session: Session, actor: Actor, command: Seen, reference: str) -> dict[str, Any]:
    """Take a claim back for good before it is approved."""
    return _out(service.withdraw(session, actor, reference, version=command.version, now=now()))


@api.post(
    "/claims/<reference:reference>/check",
    permission=P.CLAIMS_CHECK,
    body=CheckForm,
    response=ClaimOut,
    summary="Check a claim line by line",
)
def check_lines(session: Session, actor: Actor, command: CheckClaim, reference: str) -> dict[str, Any]:
    """Give every line its verdict; lines that need details go back in a claim of their own."""
    return _out(deciding.check_lines(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/approve",
    permission=P.CLAIMS_APPROVE,
    body=SeenForm,
    response=ClaimOut,
    summary="Approve a claim",
)
def approve(session: Session, actor: Actor, command: Seen, reference: str) -> dict[str, Any]:
    """Approve a checked claim within your authority; its cost is booked."""
    return _out(deciding.approve(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/return",
    permission=P.CLAIMS_CHECK,
    body=ReasonForm,
    response=ClaimOut,
    summary="Return a claim",
)
def send_back(session: Session, actor: Actor, command: Seen, reference: str) -> dict[str, Any]:
    """Back to its maker with a reason; what was typed is kept."""
    return _out(deciding.send_back(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/refuse",
    permission=P.CLAIMS_CHECK,
    body=ReasonForm,
    response=ClaimOut,
    summary="Refuse a claim",
)
def refuse(session: Session, actor: Actor, command: Seen, reference: str) -> dict[str, Any]:
    """For good, with a reason; nothing is booked."""
    return _out(deciding.refuse(session, actor, reference, command, now=now()))


@api.post(
    "/claims/<reference:reference>/pay",
    permission=P.CLAIMS_PAY,
    body=PayForm,
    response=ClaimOut,
    summary="Book the payment of a claim",
)
def pay(session: Session, actor: Actor, command: PayClaim, reference: str) -> dict[str, Any]:
    """Book the payment of an approved claim from a bank account of the institution; once."""
    return _out(paying.pay(session, actor, reference, command, now=now()))
