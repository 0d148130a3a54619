"""The auditor's room as JSON. Nobody comes in by a role: each verb finds the engagement by the person named in it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.engagements import (
    asking,
    drill,
    handing_out,
    papers,
    population,
    queries,
    record_keeping,
    sample_seals,
    samples,
    service,
)
from app.engagements.api import EngagementOut, QuestionOut, engagement_out
from app.engagements.asking import Ask, CloseQuestion
from app.engagements.forms import (
    AddRecordForm,
    AskForm,
    CloseForm,
    DrawAgainForm,
    DrawForm,
    FindingForm,
    LockForm,
    MoveRecordForm,
    PaperForm,
    PopulationForm,
    ReportFileForm,
    SampleFileForm,
)
from app.engagements.models import AuditRecord, Engagement, EngagementView, Question, Sample
from app.engagements.papers import AddPaper
from app.engagements.population import PopulationFilter, PopulationLine
from app.engagements.record_keeping import AddRecord, MoveRecord
from app.engagements.room import papers_key
from app.engagements.samples import DrawAgain, DrawSample, LockSample, RecordFinding
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out, PageOf, PageQuery
from reports.model import Language
from reports.output import Format

api = ApiBlueprint("room", __name__)
ONE = "/room/<reference:reference>"


class ControlOut(Out):
    """Control totals of one contract and currency; `difference` is nil where they tie to the ledger."""

    contract = fields.String()
    currency = CodeOut()
    opening = MoneyOut()
    received = MoneyOut()
    spent = MoneyOut()
    returned = MoneyOut()
    exchange = MoneyOut()
    closing = MoneyOut()
    difference = MoneyOut()


class RoomOut(EngagementOut):
    """An engagement with its control totals."""

    controls = fields.List(fields.Nested(ControlOut))


class LineOut(Out):
    """A line of the population."""

    key = fields.String()
    entry_id = fields.Integer()
    line_no = fields.Integer()
    effective_on = fields.Date()
    line_class = CodeOut()
    code = CodeOut()
    heading = CodeOut(allow_none=True)
    amount = MoneyOut()
    words = fields.String()


class PostingOut(Out):
    """A posting of an entry."""

    line_no = fields.Integer()
    code = CodeOut()
    side = fields.String()
    amount = MoneyOut()


class DocumentOut(Out):
    """A document behind an entry."""

    id = fields.UUID()
    filename = fields.String()
    title = fields.String()


class SourceOut(Out):
    """The record behind an entry."""

    kind = fields.String()
    reference = fields.String()
    purpose = fields.String()
    status = CodeOut()
    documents = fields.List(fields.Nested(DocumentOut))


class EntryOut(Out):
    """An entry of the scope with what stands behind it."""

    entry_id = fields.Integer()
    effective_on = fields.Date()
    reason = fields.String()
    block_no = fields.Integer(allow_none=True)
    has_other_lines = fields.Boolean()
    lines = fields.List(fields.Nested(PostingOut))
    sources = fields.List(fields.Nested(SourceOut))


class ItemOut(Out):
    """A line of a sample."""

    place = fields.Integer()
    entry_id = fields.Integer()
    line_no = fields.Integer()
    effective_on = fields.Date()
    amount_minor = fields.Integer()
    reason = CodeOut()
    stratum = fields.String()
    audited_minor = fields.Integer(allow_none=True)
    finding = fields.String()


class SamplePlaceOut(Out):
    """The book that seals a locked sample, and the block; null while it is in none."""

    book = fields.String()
    block = fields.Integer(allow_none=True)


class SampleOut(Out):
    """A sample; `sha256` is what the trail and the seal of the book keep of it once locked, `place` where that is."""

    number = fields.Integer()
    currency = CodeOut()
    line_class = CodeOut()
    method = CodeOut()
    seed = fields.String()
    basis = fields.Raw()
    status = CodeOut()
    draws = fields.Integer()
    population_count = fields.Integer()
    population_minor = fields.Integer()
    covered_minor = fields.Integer()
    sha256 = fields.String()
    population_sha256 = fields.String()
    seals = fields.Raw()
    place = fields.Nested(SamplePlaceOut, allow_none=True)
    items = fields.List(fields.Nested(ItemOut))
    upper_limit = MoneyOut()
    version = fields.Integer()


class RecordOut(Out):
    """A record of the audit."""

    number = fields.Integer()
    kind = CodeOut()
    title = fields.String()
    details = fields.String()
    due_on = fields.Date(allow_none=True)
    status = CodeOut()
    outcome = fields.String()
    version = fields.Integer()


class PaperOut(Out):
    """A working paper in clear."""

    id = fields.UUID()
    kind = CodeOut()
    entry_id = fields.Integer(allow_none=True)
    line_no = fields.Integer(allow_none=True)
    text = fields.String(allow_none=True)
    made_by_id = fields.UUID()
    made_at = fields.DateTime()


class FileOut(Out):
    """A kept file of an issued statement."""

    id = fields.UUID()
    filename = fields.String()
    format = fields.String()
    language = fields.String()
    size_bytes = fields.Integer()


class ViewOut(Out):
    """One look of an auditor."""

    at = fields.DateTime()
    person_id = fields.UUID()
    screen = fields.String()
    target = fields.String()


def _enter(session: Session, actor: Actor, reference: str, screen: str, target: str = "") -> Engagement:
    return service.enter(session, actor, reference, screen, target, now=now()).engagement


def _sample_out(session: Session, reference: str, sample: Sample) -> dict[str, Any]:
    names = [
        "number", "currency", "line_class", "method", "seed", "basis", "status", "draws", "population_count",
        "population_minor", "covered_minor", "seals", "items", "version",
    ]  # fmt: skip
    found = samples.evaluation(sample)
    limit = max(found.overstated.upper_limit, found.understated.upper_limit)
    return {name: getattr(sample, name) for name in names} | {
        "sha256": sample.digest.hex(),
        "population_sha256": sample.population_digest.hex(),
        "place": sample_seals.place_of(session, reference, sample),
        "upper_limit": handing_out.amount_of(sample, limit),
    }


@api.get("/room", permission=None, response=EngagementOut, many=True, summary="List the rooms you may enter")
def index(session: Session, actor: Actor) -> list[dict[str, Any]]:
    """Granted engagements in which you are named as an auditor."""
    return [engagement_out(session, row.engagement) for row in queries.rooms_listed(session, actor, today())]


@api.get(ONE, permission=None, response=RoomOut, summary="Show the scope and its control totals")
def home(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """The scope, with opening + received − spent − returned ± exchange = closing per contract and currency."""
    engagement = _enter(session, actor, reference, "home")
    controls = population.controls(session, engagement, queries.contracts_in(session, engagement))
    names = ("currency", "opening", "received", "spent", "returned", "exchange", "closing", "difference")
    told = [{name: getattr(each, name) for name in names} | {"contract": each.contract.reference} for each in controls]
    return engagement_out(session, engagement) | {"controls": told}


@api.get(f"{ONE}/letter", permission=None, summary="Get the letter of engagement")
def letter(session: Session, actor: Actor, reference: str) -> Response:
    """The letter as it was received."""
    engagement = _enter(session, actor, reference, "letter")
    return attachment(*drill.letter_of(session, engagement).original())


@api.get(f"{ONE}/population", permission=None, query=PopulationForm, response=LineOut, many=True, summary="List lines")
def lines(session: Session, actor: Actor, query: PopulationFilter, reference: str) -> Page[PopulationLine]:
    """The lines of one contract and currency (of the first contract, in its currency, unless named)."""
    engagement = _enter(session, actor, reference, "population", query.contract)
    agreed = queries.contracts_in(session, engagement)
    contract = queries.contract_in(session, engagement, query.contract) if query.contract else agreed[0]
    found = population.lines(session, engagement, contract, query.currency or Currency(contract.currency))
    return population.paged(population.narrowed(found, query), query.cursor, query.limit)


@api.get(f"{ONE}/entries/<int:entry_id>", permission=None, response=EntryOut, summary="Show an entry of the scope")
def entry(session: Session, actor: Actor, reference: str, entry_id: int) -> dict[str, Any]:
    """The entry, the record behind it and its documents."""
    engagement = _enter(session, actor, reference, "entry", str(entry_id))
    found = drill.drilled(session, engagement, entry_id)
    row = found.entry
    return {
        "entry_id": row.entry_id,
        "effective_on": row.effective_on,
        "reason": row.reason,
        "block_no": row.block_no,
        "has_other_lines": found.elsewhere,
        "lines": found.lines,
        "sources": found.sources,
    }


@api.get(f"{ONE}/entries/<int:entry_id>/proof", permission=None, summary="Prove an entry")
def proof(session: Session, actor: Actor, reference: str, entry_id: int) -> Response:
    """The proof that the entry is in its book."""
    engagement = _enter(session, actor, reference, "proof", str(entry_id))
    content = drill.proof_of(session, engagement, entry_id)
    return attachment(content, "application/json", f"entry-{entry_id}.proof.json")


@api.get(f"{ONE}/documents/<uuid:document_id>", permission=None, summary="Get a document behind a line")
def document(session: Session, actor: Actor, reference: str, document_id: UUID) -> Response:
    """A document, byte for byte as it was received."""
    engagement = _enter(session, actor, reference, "document", str(document_id))
    return attachment(*drill.document_in(session, engagement, document_id).original())


@api.post(f"{ONE}/samples", permission=None, body=DrawForm, response=SampleOut, status=201, summary="Draw a sample")
def draw(session: Session, actor: Actor, command: DrawSample, reference: str) -> dict[str, Any]:
    """Draw a preview; it is logged with its seed."""
    return _sample_out(session, reference, samples.draw_first(session, actor, reference, command, now=now()))


@api.get(f"{ONE}/samples/<int:number>", permission=None, response=SampleOut, summary="Show a sample")
def sample(session: Session, actor: Actor, reference: str, number: int) -> dict[str, Any]:
    """A sample with its lines."""
    engagement = _enter(session, actor, reference, "sample", str(number))
    return _sample_out(session, reference, queries.sample(session, engagement.id, number))


@api.post(
    f"{ONE}/samples/<int:number>/draw-again",
    permission=None,
    body=DrawAgainForm,
    response=SampleOut,
    summary="Draw a sample again",
)
def draw_again(session: Session, actor: Actor, command: DrawAgain, reference: str, number: int) -> dict[str, Any]:
    """Draw it anew; the drawing before stays in the log."""
    return _sample_out(session, reference, samples.draw_again(session, actor, reference, number, command, now=now()))


@api.post(
    f"{ONE}/samples/<int:number>/lock", permission=None, body=LockForm, response=SampleOut, summary="Lock a sample"
)
def lock(session: Session, actor: Actor, command: LockSample, reference: str, number: int) -> dict[str, Any]:
    """Make it immutable."""
    return _sample_out(session, reference, samples.lock(session, actor, reference, number, command, now=now()))


@api.post(
    f"{ONE}/samples/<int:number>/findings",
    permission=None,
    body=FindingForm,
    response=SampleOut,
    summary="Record what was found of a line",
)
def finding(session: Session, actor: Actor, command: RecordFinding, reference: str, number: int) -> dict[str, Any]:
    """The audited amount of a line of a locked sample."""
    return _sample_out(
        session, reference, samples.record_finding(session, actor, reference, number, command, now=now())
    )


@api.get(f"{ONE}/samples/<int:number>/file", permission=None, query=SampleFileForm, summary="Get a sample as CSV")
def sample_file(session: Session, actor: Actor, query: dict[str, Any], reference: str, number: int) -> Response:
    """The sample, or with `whole` the population it was drawn from."""
    engagement = _enter(session, actor, reference, "sample-file", str(number))
    made = handing_out.sample_file(queries.sample(session, engagement.id, number), whole=query["whole"])
    return attachment(made.content, made.media_type, made.name)


@api.get(f"{ONE}/samples/<int:number>/seal", permission=None, summary="Get the proof that a sample is sealed")
def sample_seal(session: Session, actor: Actor, reference: str, number: int) -> Response:
    """The proof, with its checkpoint, that the sample's digest is sealed with the book it was drawn from."""
    engagement = _enter(session, actor, reference, "sample-seal", str(number))
    proof = sample_seals.proof_to_take(session, reference, queries.sample(session, engagement.id, number))
    return attachment(proof, "application/json", f"{reference}-sample-{number}.proof.json")


@api.get(f"{ONE}/questions", permission=None, response=QuestionOut, many=True, summary="List questions")
def questions(session: Session, actor: Actor, reference: str) -> list[Question]:
    """The questions of the engagement with their answers."""
    engagement = _enter(session, actor, reference, "questions")
    return list(queries.questions(session, engagement.id))


@api.post(f"{ONE}/questions", permission=None, body=AskForm, response=QuestionOut, status=201, summary="Ask a question")
def ask(session: Session, actor: Actor, command: Ask, reference: str) -> Question:
    """Ask a leader of the project or an officer of a party."""
    return asking.ask(session, actor, reference, command, now=now())


@api.post(
    f"{ONE}/questions/<int:number>/close",
    permission=None,
    body=CloseForm,
    response=QuestionOut,
    summary="Close a question",
)
def close_question(session: Session, actor: Actor, command: CloseQuestion, reference: str, number: int) -> Question:
    """Be content with the answer."""
    return asking.close(session, actor, reference, number, command, now=now())


@api.get(f"{ONE}/answers/<uuid:document_id>", permission=None, summary="Get a document of an answer")
def answer_file(session: Session, actor: Actor, reference: str, document_id: UUID) -> Response:
    """A document that came with an answer."""
    engagement = _enter(session, actor, reference, "answer", str(document_id))
    return attachment(*asking.paper_of(session, engagement, document_id).original())


@api.get(f"{ONE}/records", permission=None, response=RecordOut, many=True, summary="List records")
def records(session: Session, actor: Actor, reference: str) -> list[AuditRecord]:
    """Confirmations, representation letter, subsequent events and procedures."""
    engagement = _enter(session, actor, reference, "records")
    return list(queries.records(session, engagement.id))


@api.post(
    f"{ONE}/records", permission=None, body=AddRecordForm, response=RecordOut, status=201, summary="Begin a record"
)
def add_record(session: Session, actor: Actor, command: AddRecord, reference: str) -> AuditRecord:
    """Begin a record."""
    return record_keeping.add(session, actor, reference, command, now=now())


@api.post(
    f"{ONE}/records/<int:number>", permission=None, body=MoveRecordForm, response=RecordOut, summary="Change a record"
)
def move_record(session: Session, actor: Actor, command: MoveRecord, reference: str, number: int) -> AuditRecord:
    """Say how far a record is."""
    return record_keeping.move(session, actor, reference, number, command, now=now())


@api.get(f"{ONE}/papers", permission=None, response=PaperOut, many=True, summary="List working papers")
def working_papers(session: Session, actor: Actor, reference: str) -> list[papers.Paper]:
    """The auditors' ticks and notes in clear."""
    engagement = _enter(session, actor, reference, "papers")
    return papers.opened(session, engagement, papers_key())


@api.post(
    f"{ONE}/papers", permission=None, body=PaperForm, response=PaperOut, status=201, summary="Keep a working paper"
)
def add_paper(session: Session, actor: Actor, command: AddPaper, reference: str) -> dict[str, Any]:
    """Keep a tick or note, encrypted."""
    kept = papers.add(session, actor, reference, command, papers_key(), now=now())
    names = ("id", "kind", "entry_id", "line_no", "made_by_id", "made_at")
    return {name: getattr(kept, name) for name in names} | {"text": command.text}


@api.get(f"{ONE}/statements", permission=None, response=FileOut, many=True, summary="List files of issued statements")
def statements(session: Session, actor: Actor, reference: str) -> list[Any]:
    """Kept files of statements whose days lie within the engagement's."""
    engagement = _enter(session, actor, reference, "statements")
    issued = [statement for statement, _contract in handing_out.statements_of(session, engagement)]
    return [each for files in handing_out.statement_files(session, issued).values() for each in files]


@api.get(f"{ONE}/statements/<uuid:file_id>", permission=None, summary="Get a file of an issued statement")
def statement_file(session: Session, actor: Actor, reference: str, file_id: UUID) -> Response:
    """A kept file, byte for byte."""
    engagement = _enter(session, actor, reference, "statement-file", str(file_id))
    made = handing_out.statement_file(session, engagement, file_id)
    return attachment(made.content, made.media_type, made.name)


@api.get(f"{ONE}/reports/<name>", permission=None, query=ReportFileForm, summary="Get a report of the scope")
def report(session: Session, actor: Actor, query: dict[str, Any], reference: str, name: str) -> Response:
    """A report of a contract over the engagement's days."""
    engagement = _enter(session, actor, reference, "report", name)
    contract = queries.contract_in(session, engagement, query["contract"])
    form, language = query["format"] or Format.PDF, query["language"] or Language.EN
    made = handing_out.report(session, engagement, contract, name, language, form, now=now())
    return attachment(made.content, made.media_type, made.name)


@api.get(f"{ONE}/trail", permission=None, query=PageQuery, response=ViewOut, many=True, summary="List your looks")
def trail(session: Session, actor: Actor, query: PageOf, reference: str) -> Page[EngagementView]:
    """What the auditors looked at, for them alone."""
    engagement = _enter(session, actor, reference, "trail")
    return queries.views(session, engagement.id, query.cursor, query.limit)
