"""Rails and bank days as JSON."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.rails import queries, service
from app.rails.commands import ProposeDay, ProposeRail
from app.rails.forms import DayForm, DecideForm, MonthQuery, RailForm, RailQuery
from app.rails.models import CalendarDay, RailVersion
from app.rails.showing import MonthShown, matching, month
from app.web.api import ApiBlueprint
from app.web.present import now, today
from app.web.schemas import CodeOut, MoneyOut, Out
from app.web.translation import current_language

api = ApiBlueprint("rails", __name__)
HOUR = "%H:%M"


class RailOut(Out):
    """One version of a rail; without hours it runs around the clock."""

    id = fields.UUID()
    code = fields.String()
    name = fields.String()
    currencies = fields.List(CodeOut())
    from_sides = fields.List(CodeOut())
    to_sides = fields.List(CodeOut())
    crossing = fields.Boolean()
    payer_kinds = fields.List(CodeOut())
    payee_kinds = fields.List(CodeOut())
    opens_at = fields.Time(format=HOUR, allow_none=True)
    closes_at = fields.Time(format=HOUR, allow_none=True)
    cut_off = fields.Time(format=HOUR, allow_none=True)
    days_of = fields.List(CodeOut())
    makeup_days = fields.Boolean()
    largest = MoneyOut(allow_none=True)
    note = fields.String()
    source = fields.String()
    verified = fields.Boolean()
    first_day = fields.Date()
    last_day = fields.Date(allow_none=True)
    status = CodeOut()
    version = fields.Integer()


class SideOfDayOut(Out):
    """How a day stands on one side; `makeup` is a working weekend, on which only some rails run."""

    side = CodeOut()
    open = fields.Boolean()
    makeup = fields.Boolean()
    entered = fields.Boolean()
    name = fields.String()


class DayOut(Out):
    """A day on both sides."""

    day = fields.Date()
    open_on_both = fields.Boolean()
    sides = fields.List(fields.Nested(SideOfDayOut))


class MonthOut(Out):
    """A month of both calendars; `ungazetted` names the sides whose days of the year are not known yet."""

    first_day = fields.Date()
    last_day = fields.Date()
    ungazetted = fields.List(CodeOut())
    days = fields.List(fields.Nested(DayOut))


class EnteredDayOut(Out):
    """A day entered by hand, and what became of it."""

    id = fields.UUID()
    side = CodeOut()
    day = fields.Date()
    open = fields.Boolean()
    reason = fields.String()
    source = fields.String()
    status = CodeOut()
    version = fields.Integer()


@api.get(
    "/rails", permission=Permission.RAILS_READ, query=RailQuery, response=RailOut, many=True, summary="List the rails"
)
def index(session: Session, actor: Actor, query: dict[str, Any]) -> list[RailVersion]:
    """The rails in force today, by code."""
    return matching(queries.versions_on(session, today()), query["text"] or "")


@api.get("/rails/<code>", permission=Permission.RAILS_READ, response=RailOut, many=True, summary="Versions of a rail")
def detail(session: Session, actor: Actor, code: str) -> list[RailVersion]:
    """Every version of a rail, newest first, with those that wait and those refused."""
    return queries.versions(session, code)


@api.post(
    "/rails",
    permission=Permission.RAILS_PROPOSE,
    body=RailForm,
    response=RailOut,
    status=201,
    summary="Propose a version of a rail",
)
def propose(session: Session, actor: Actor, command: ProposeRail) -> RailVersion:
    """It counts from its first day once a second person has confirmed it."""
    return service.propose_rail(session, actor, command, now=now())


@api.post(
    "/rail-versions/<uuid:version_id>/confirm",
    permission=Permission.RAILS_CONFIRM,
    body=DecideForm,
    response=RailOut,
    summary="Confirm a version of a rail",
)
def confirm(session: Session, actor: Actor, command: dict[str, Any], version_id: UUID) -> RailVersion:
    """Put it in force; whoever proposed it cannot."""
    return service.confirm_rail(session, actor, version_id, version=command["version"], now=now())


@api.post(
    "/rail-versions/<uuid:version_id>/refuse",
    permission=Permission.RAILS_CONFIRM,
    body=DecideForm,
    response=RailOut,
    summary="Refuse a version of a rail",
)
def refuse(session: Session, actor: Actor, command: dict[str, Any], version_id: UUID) -> RailVersion:
    """It stays on record and never counts; whoever proposed it cannot refuse it."""
    return service.refuse_rail(session, actor, version_id, version=command["version"], now=now())


@api.get(
    "/calendar", permission=Permission.RAILS_READ, query=MonthQuery, response=MonthOut, summary="A month of bank days"
)
def calendar(session: Session, actor: Actor, query: dict[str, Any]) -> MonthShown:
    """Which days banks are open on each side, with the names of holidays in the language asked for."""
    return month(queries.bank_days(session), _first_day(query), current_language().code)


@api.get(
    "/calendar/days",
    permission=Permission.RAILS_READ,
    query=MonthQuery,
    response=EnteredDayOut,
    many=True,
    summary="Days entered by hand",
)
def days(session: Session, actor: Actor, query: dict[str, Any]) -> list[CalendarDay]:
    """Those of a month, whatever became of them."""
    shown = month(queries.bank_days(session), _first_day(query), current_language().code)
    return queries.days_entered(session, shown.first_day, shown.last_day)


@api.post(
    "/calendar/days",
    permission=Permission.RAILS_PROPOSE,
    body=DayForm,
    response=EnteredDayOut,
    status=201,
    summary="Enter a day by hand",
)
def enter_day(session: Session, actor: Actor, command: ProposeDay) -> CalendarDay:
    """It counts once a second person has confirmed it."""
    return service.propose_day(session, actor, command, now=now())


@api.post(
    "/calendar/days/<uuid:day_id>/confirm",
    permission=Permission.RAILS_CONFIRM,
    body=DecideForm,
    response=EnteredDayOut,
    summary="Confirm a day entered by hand",
)
def confirm_day(session: Session, actor: Actor, command: dict[str, Any], day_id: UUID) -> CalendarDay:
    """Let it count; whoever entered it cannot."""
    return service.confirm_day(session, actor, day_id, version=command["version"], now=now())


@api.post(
    "/calendar/days/<uuid:day_id>/refuse",
    permission=Permission.RAILS_CONFIRM,
    body=DecideForm,
    response=EnteredDayOut,
    summary="Refuse a day entered by hand",
)
def refuse_day(session: Session, actor: Actor, command: dict[str, Any], day_id: UUID) -> CalendarDay:
    """It stays on record and never counts; whoever entered it cannot refuse it."""
    return service.refuse_day(session, actor, day_id, version=command["version"], now=now())


def _first_day(query: dict[str, Any]) -> date:
    asked: date | None = query["month"]
    return asked or today().replace(day=1)
