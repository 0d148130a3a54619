"""Payments across the boundary as JSON: the figures of the screen."""

from __future__ import annotations

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.crossings import gathering, queries
from app.crossings.figures import Crossing
from app.crossings.forms import FiguresForm
from app.crossings.gathering import Figures
from app.crossings.queries import Wanted
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import today
from app.web.schemas import CodeOut, MoneyOut, Out

api = ApiBlueprint("crossings", __name__)


class ValueOut(Out):
    """How many payments, and how much of each currency."""

    count = fields.Integer()
    cny = MoneyOut()
    hkd = MoneyOut()


class CrossingOut(Out):
    """A payment that left and has not arrived yet."""

    reference = fields.String()
    contract = fields.String()
    route = fields.String()
    amount = MoneyOut()
    place = CodeOut()
    released_on = fields.Date()
    settled_on = fields.Date(allow_none=True)
    days = fields.Function(lambda each: each.days_out(today()))


class PaceOut(Out):
    """Calendar days from release to arrival: the median, and the day by which nine of ten had arrived."""

    route = fields.String()
    arrived = fields.Integer()
    median = fields.Integer()
    ninetieth = fields.Integer()


class WeekOut(Out):
    """What was released on a route in a week."""

    monday = fields.Date()
    route = fields.String()
    value = fields.Nested(ValueOut)


class FlowOut(Out):
    """What one institution sent to another, in one currency."""

    funder = fields.String(attribute="funder.code")
    grantee = fields.String(attribute="grantee.code")
    count = fields.Integer(attribute="flow.count")
    amount = MoneyOut(attribute="flow.amount")


class AlertOut(Out):
    """What to look at twice."""

    reference = fields.String(attribute="crossing.reference")
    code = fields.String(attribute="says.code")


class FiguresOut(Out):
    """The figures of the days asked for; `waiting` is of any day."""

    first_day = fields.Date(attribute="wanted.first_day")
    last_day = fields.Date(attribute="wanted.last_day")
    released = fields.Nested(ValueOut)
    sent_back = fields.Nested(ValueOut)
    waiting = fields.Nested(ValueOut)
    paces = fields.List(fields.Nested(PaceOut))
    weeks = fields.List(fields.Nested(WeekOut))
    flows = fields.List(fields.Nested(FlowOut), attribute="bars")
    alerts = fields.List(fields.Nested(AlertOut))


@api.get(
    "/crossings",
    permission=Permission.DISBURSEMENTS_READ,
    query=FiguresForm,
    response=FiguresOut,
    summary="Figures of payments across the boundary",
)
def index(session: Session, actor: Actor, query: Wanted) -> Figures:
    """Days to cross, value by week and route, flows, and what to look at twice; without days, of the last year."""
    return gathering.figures_of(session, actor, query, today())


@api.get(
    "/crossings/on-the-way",
    permission=Permission.DISBURSEMENTS_READ,
    query=FiguresForm,
    response=CrossingOut,
    many=True,
    summary="Payments that left and have not arrived",
)
def on_the_way(session: Session, actor: Actor, query: Wanted) -> Page[Crossing]:
    """The longest out first; the days asked for do not bind."""
    return queries.on_the_way(session, actor, query)
