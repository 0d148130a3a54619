"""Journals as JSON. Evidence is sent as multipart/form-data beside the same fields."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.journals import queries, service
from app.journals.forms import CorrectForm, DecideForm, JournalForm, JournalListForm, ReasonForm, WhatIfForm
from app.journals.models import Journal, JournalLine
from app.journals.queries import JournalFilters
from app.journals.service import CorrectJournal, SubmitJournal, WhatIf
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out

api = ApiBlueprint("journals", __name__)


class LineOut(Out):
    """One line, in the currency that moved; `rate` is contract currency for one unit of it."""

    number = fields.Integer()
    contract_id = fields.UUID()
    to_contract_id = fields.UUID(allow_none=True)
    heading = CodeOut()
    to_heading = CodeOut(allow_none=True)
    description = fields.String()
    amount = MoneyOut()
    rate = DecimalOut()


class JournalOut(Out):
    """A journal with its lines."""

    id = fields.UUID()
    reference = fields.String()
    institution_id = fields.UUID()
    kind = CodeOut()
    effective_on = fields.Date()
    reason = fields.String()
    counterparty = fields.String()
    status = CodeOut()
    moves_entry_id = fields.Integer(allow_none=True)
    entry_id = fields.Integer(allow_none=True)
    red_entry_id = fields.Integer(allow_none=True)
    lines = fields.List(fields.Nested(LineOut))
    version = fields.Integer()


def journal_out(journal: Journal) -> dict[str, Any]:
    """A journal as `JournalOut` declares it."""
    names = [name for name in JournalOut().fields if name != "lines"]
    return {name: getattr(journal, name) for name in names} | {"lines": [_line(line) for line in journal.lines]}


def _line(line: JournalLine) -> dict[str, Any]:
    names = [name for name in LineOut().fields if name != "amount"]
    return {name: getattr(line, name) for name in names} | {"amount": Money(line.amount_minor, Currency(line.currency))}


@api.get(
    "/journals",
    permission=Permission.JOURNALS_READ,
    query=JournalListForm,
    response=JournalOut,
    many=True,
    summary="List journals",
)
def index(session: Session, actor: Actor, query: JournalFilters) -> Page[dict[str, Any]]:
    """Journals of the books in your scope, newest first."""
    return queries.listed(session, actor, query).map(journal_out)


@api.get(
    "/journals/<reference:reference>",
    permission=Permission.JOURNALS_READ,
    response=JournalOut,
    summary="Show a journal",
)
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One journal with its lines."""
    return journal_out(queries.visible_journal(session, actor, reference))


@api.post(
    "/journals",
    permission=Permission.JOURNALS_DRAFT,
    body=JournalForm,
    response=JournalOut,
    status=201,
    summary="Submit a journal",
)
def submit(session: Session, actor: Actor, command: SubmitJournal) -> dict[str, Any]:
    """Enter a journal with its evidence for a second person's approval."""
    return journal_out(service.submit(session, actor, command, now=now()))


class EffectOut(Out):
    """What a journal would leave of one limit of a contract."""

    contract = fields.String()
    kind = CodeOut()
    code = fields.String()
    wanted = MoneyOut()
    left = MoneyOut()
    left_after = MoneyOut()
    fits = fields.Boolean()
    binds = fields.Boolean()


@api.post(
    "/journals/what-if",
    permission=Permission.JOURNALS_DRAFT,
    body=WhatIfForm,
    response=EffectOut,
    many=True,
    summary="Show what a journal would leave",
)
def what_if(session: Session, actor: Actor, command: WhatIf) -> list[dict[str, Any]]:
    """What the lines as typed would leave of every limit they touch; nothing is written."""
    return [
        {
            "contract": contract.reference,
            "kind": effect.standing.kind,
            "code": effect.standing.code,
            "wanted": effect.wanted,
            "left": effect.standing.left,
            "left_after": effect.left_after,
            "fits": effect.fits,
            "binds": effect.standing.binds,
        }
        for contract, found in service.effects(session, actor, command, now=now())
        for effect in found
    ]


@api.post(
    "/journals/<reference:reference>/correct",
    permission=Permission.JOURNALS_DRAFT,
    body=CorrectForm,
    response=JournalOut,
    summary="Correct a returned journal",
)
def correct(session: Session, actor: Actor, command: CorrectJournal, reference: str) -> dict[str, Any]:
    """Correct and submit again; only whoever made it."""
    journal = queries.visible_journal(session, actor, reference)
    return journal_out(service.correct(session, actor, journal.id, command, now=now()))


@api.post(
    "/journals/<reference:reference>/approve",
    permission=Permission.JOURNALS_APPROVE,
    body=DecideForm,
    response=JournalOut,
    summary="Approve a journal",
)
def approve(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """Approve and post it; its maker cannot."""
    journal = queries.visible_journal(session, actor, reference)
    return journal_out(service.approve(session, actor, journal.id, version=command["version"], now=now()))


@api.post(
    "/journals/<reference:reference>/return",
    permission=Permission.JOURNALS_APPROVE,
    body=ReasonForm,
    response=JournalOut,
    summary="Return a journal",
)
def send_back(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """Back to its maker, with a reason."""
    journal = queries.visible_journal(session, actor, reference)
    returned = service.send_back(session, actor, journal.id, command["reason"], version=command["version"], now=now())
    return journal_out(returned)


@api.post(
    "/journals/<reference:reference>/refuse",
    permission=Permission.JOURNALS_APPROVE,
    body=ReasonForm,
    response=JournalOut,
    summary="Refuse a journal",
)
def refuse(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """For good, with a reason; nothing is posted."""
    journal = queries.visible_journal(session, actor, reference)
    return journal_out(
        service.refuse(session, actor, journal.id, command["reason"], version=command["version"], now=now())
    )
