"""Periods as JSON: the months of a book, a month's checks and exceptions, and its steps."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.ledger import periods
from app.ledger.periods import Month, PostingException, Revaluation
from app.periods import queries, revaluation, service
from app.periods.commands import EndException, Explain, GiveException, OpenAgain, Step
from app.periods.forms import EndExceptionForm, ExceptionForm, ExplainForm, OpenAgainForm, StepForm
from app.periods.rules import Check
from app.web.api import ApiBlueprint
from app.web.downloads import attachment
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out

api = ApiBlueprint("periods", __name__)


class MonthOut(Out):
    """A book's month as it stands."""

    first_day = fields.Date()
    last_day = fields.Date()
    state = CodeOut()
    entries = fields.Integer()
    started_by = fields.UUID(allow_none=True)
    changed_by = fields.UUID(allow_none=True)
    changed_at = fields.AwareDateTime(allow_none=True)


class CheckOut(Out):
    """One closing check. `found` and `cure` are English with their figures filled in."""

    code = CodeOut()
    outcome = CodeOut()
    found = fields.String(attribute="found_exactly")
    cure = fields.String()
    note = fields.String()


class ExceptionOut(Out):
    """Who may post into a closing month."""

    id = fields.UUID()
    month = fields.Date()
    person_id = fields.UUID()
    given_by = fields.UUID()
    reason = fields.String()
    given_at = fields.AwareDateTime()
    expires_at = fields.AwareDateTime()
    ended_at = fields.AwareDateTime(allow_none=True)
    used = fields.Integer()


class ExceptionalEntryOut(Out):
    """An entry posted under an exception."""

    entry_id = fields.Integer()
    effective_on = fields.Date()
    recorded_at = fields.AwareDateTime()
    reason = fields.String()
    actor_id = fields.UUID()
    exception_id = fields.UUID()


class RevaluationOut(Out):
    """A run of the revaluation."""

    number = fields.Integer()
    rate_id = fields.UUID()
    foreign = MoneyOut()
    carried = MoneyOut()
    worth = MoneyOut()
    run_at = fields.AwareDateTime()


@api.get(
    "/periods/<code>", permission=Permission.LEDGER_READ, response=MonthOut, many=True, summary="List a book's months"
)
def months(session: Session, actor: Actor, code: str) -> Sequence[Month]:
    """The last three years at most, newest first."""
    return periods.months(session, queries.book(session, actor, code).id, until=today())


@api.get("/periods/<code>/months/<month>", permission=Permission.LEDGER_READ, response=MonthOut, summary="Read a month")
def detail(session: Session, actor: Actor, code: str, month: str) -> Month:
    """Its state, who brought it there and when."""
    place = queries.book(session, actor, code)
    return periods.month(session, place.id, service.first_day_of(month, today()))


@api.get(
    "/periods/<code>/months/<month>/checks",
    permission=Permission.LEDGER_READ,
    response=CheckOut,
    many=True,
    summary="Check a month",
)
def checks(session: Session, actor: Actor, code: str, month: str) -> Sequence[Check]:
    """Every closing check as it stands now."""
    place = queries.book(session, actor, code)
    return service.checks(session, place, service.first_day_of(month, today()), now=now())


@api.get(
    "/periods/<code>/months/<month>/exceptions",
    permission=Permission.LEDGER_READ,
    response=ExceptionOut,
    many=True,
    summary="List a month's exceptions",
)
def exceptions(session: Session, actor: Actor, code: str, month: str) -> Sequence[PostingException]:
    """Newest first."""
    place = queries.book(session, actor, code)
    return periods.exceptions(session, place.id, service.first_day_of(month, today()))


@api.get(
    "/periods/<code>/months/<month>/posted-under-exception",
    permission=Permission.LEDGER_READ,
    response=ExceptionalEntryOut,
    many=True,
    summary="List what was posted under an exception",
)
def posted_under_exception(session: Session, actor: Actor, code: str, month: str) -> Sequence[periods.ExceptionalEntry]:
    """In order of posting."""
    place = queries.book(session, actor, code)
    return periods.posted_under_exception(session, place.id, service.first_day_of(month, today()))


@api.post(
    "/periods/<code>/months/<month>/close",
    permission=Permission.CLOSING_CLOSE,
    body=StepForm,
    response=MonthOut,
    summary="Start closing a month",
)
def start_closing(session: Session, actor: Actor, command: Step, code: str, month: str) -> Month:
    """From then on only those with an exception post into it."""
    return service.start_closing(session, actor, code, month, command, now=now())


@api.post(
    "/periods/<code>/months/<month>/open",
    permission=Permission.CLOSING_CONFIRM,
    body=OpenAgainForm,
    response=MonthOut,
    summary="Open a closing month again",
)
def open_again(session: Session, actor: Actor, command: OpenAgain, code: str, month: str) -> Month:
    """For a reason; a sealed month is never opened."""
    return service.open_again(session, actor, code, month, command, now=now())


@api.post(
    "/periods/<code>/months/<month>/exceptions",
    permission=Permission.CLOSING_CONFIRM,
    body=ExceptionForm,
    response=ExceptionOut,
    status=201,
    summary="Give an exception",
)
def give_exception(session: Session, actor: Actor, command: GiveException, code: str, month: str) -> PostingException:
    """Let a person post into the closing month for some days."""
    return service.give_exception(session, actor, code, month, command, now=now())


@api.post(
    "/periods/<code>/months/<month>/exceptions/end",
    permission=Permission.CLOSING_CONFIRM,
    body=EndExceptionForm,
    response=ExceptionOut,
    summary="Take an exception back",
)
def end_exception(session: Session, actor: Actor, command: EndException, code: str, month: str) -> PostingException:
    """Before it expires."""
    return service.end_exception(session, actor, code, month, command, now=now())


@api.post(
    "/periods/<code>/months/<month>/notes",
    permission=Permission.CLOSING_CLOSE,
    body=ExplainForm,
    response=CheckOut,
    summary="Explain a check",
)
def explain(session: Session, actor: Actor, command: Explain, code: str, month: str) -> Check:
    """By a note, which goes into the pack."""
    return service.explain(session, actor, code, month, command, now=now())


@api.post(
    "/periods/<code>/months/<month>/revaluation",
    permission=Permission.CLOSING_CLOSE,
    body=StepForm,
    response=RevaluationOut,
    summary="Revalue foreign balances",
)
def revalue(session: Session, actor: Actor, command: Step, code: str, month: str) -> Revaluation:
    """At the month's period-end rate; taken back on day 1 of the next month."""
    return revaluation.revalue(session, actor, code, month, command, now=now())


@api.post(
    "/periods/<code>/months/<month>/seal",
    permission=Permission.CLOSING_CONFIRM,
    body=StepForm,
    response=MonthOut,
    summary="Seal a month",
)
def seal(session: Session, actor: Actor, command: Step, code: str, month: str) -> Month:
    """For good, as another person than started the closing."""
    return service.seal(session, actor, code, month, command, now=now())


@api.get("/periods/<code>/months/<month>/pack", permission=Permission.LEDGER_READ, summary="Save a month's pack")
def pack(session: Session, actor: Actor, code: str, month: str) -> Response:
    """A ZIP, once the month is sealed."""
    kept = service.file(session, actor, code, month, now=now())
    return attachment(kept.content, "application/zip", kept.name)
