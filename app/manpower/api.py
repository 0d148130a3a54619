"""The manpower schedule as JSON: the same verbs as the screens."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.manpower import queries, service
from app.manpower.forms import (
    ChangeForm,
    ClearForm,
    ConfirmForm,
    ConvertForm,
    EngagementForm,
    EngagementListForm,
    ImportForm,
    MonthsForm,
    ReopenForm,
)
from app.manpower.models import StaffEngagement
from app.manpower.queries import EngagementFilters
from app.manpower.service import ChangeEngagement, KeepEngagement, ScheduleMonth
from app.manpower.showing import flags_of
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.row_files import Imported
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out

api = ApiBlueprint("manpower", __name__)


class MonthOut(Out):
    """What the contract bears of one month; amounts are null while they are not known.

    `rate` is contract currency for one unit of the engagement's, where the month was converted.
    """

    month = fields.Function(lambda row: f"{row.month:%Y-%m}")
    percent = DecimalOut()
    pay = MoneyOut()
    contribution = MoneyOut()
    rate = DecimalOut()
    rate_id = fields.UUID(allow_none=True)


class EngagementOut(Out):
    """One engagement with its months."""

    id = fields.UUID()
    reference = fields.String()
    institution_id = fields.UUID()
    contract = fields.Function(lambda row: row.contract.reference)
    staff_code = fields.String()
    person_name = fields.String()
    orcid = fields.String()
    post = fields.String()
    heading = CodeOut()
    first_month = fields.Function(lambda row: f"{row.first_month:%Y-%m}")
    last_month = fields.Function(lambda row: f"{row.last_month:%Y-%m}")
    percent = DecimalOut()
    monthly_rate = MoneyOut()
    contribution_kind = CodeOut()
    contribution = MoneyOut()
    months = fields.List(fields.Nested(MonthOut))
    version = fields.Integer()


class FlagOut(Out):
    """A month in which the person's time is above 100 %; `percent` is null where others' contracts add to it."""

    month = fields.Function(lambda flag: f"{flag.month:%Y-%m}")
    percent = DecimalOut()
    elsewhere = fields.Boolean()
    is_cleared = fields.Boolean()
    reason = fields.String()


class ScheduleMonthOut(Out):
    """One month of a contract beside its ledger."""

    month = fields.Function(lambda row: f"{row.month:%Y-%m}")
    scheduled = MoneyOut()
    booked = fields.Function(lambda row: {"amount": str(row.booked.whole.amount), "currency": row.pay.currency.value})
    difference = MoneyOut()
    flagged = fields.Boolean()
    confirmed = fields.Function(lambda row: row.confirmation is not None)


class ImportedOut(Out):
    """What an import did."""

    kept = fields.Integer()
    known = fields.Integer()


@api.get("/manpower", permission=Permission.MANPOWER_READ, query=EngagementListForm, response=EngagementOut, many=True)
def index(session: Session, actor: Actor, query: EngagementFilters) -> Page[StaffEngagement]:
    """Engagements on the contracts in scope, by name."""
    return queries.listed(session, actor, query)


@api.post(
    "/manpower",
    permission=Permission.MANPOWER_KEEP,
    body=EngagementForm,
    response=EngagementOut,
    status=201,
    summary="Enter an engagement",
)
def keep(session: Session, actor: Actor, command: KeepEngagement) -> StaffEngagement:
    """Enter an engagement with its months."""
    return service.keep(session, actor, command, now=now())


@api.post(
    "/manpower/import",
    permission=Permission.MANPOWER_KEEP,
    body=ImportForm,
    response=ImportedOut,
    status=201,
    summary="Enter a file of engagements",
)
def import_file(session: Session, actor: Actor, command: dict[str, Any]) -> Imported:
    """A CSV or XLSX file whose first line names fields of an engagement: all of it or nothing."""
    return service.import_engagements(session, actor, command["file"], now=now())


@api.get("/manpower/<reference:reference>", permission=Permission.MANPOWER_READ, response=EngagementOut)
def detail(session: Session, actor: Actor, reference: str) -> StaffEngagement:
    """One engagement."""
    return queries.visible_engagement(session, actor, reference)


@api.get("/manpower/<reference:reference>/flags", permission=Permission.MANPOWER_READ, response=FlagOut, many=True)
def flags(session: Session, actor: Actor, reference: str) -> list[Any]:
    """Months in which the person's time is above 100 %, over all contracts."""
    engagement = queries.visible_engagement(session, actor, reference)
    return flags_of(session, actor, [engagement]).get(engagement.id, [])


@api.post(
    "/manpower/<reference:reference>/change",
    permission=Permission.MANPOWER_KEEP,
    body=ChangeForm,
    response=EngagementOut,
    summary="Change an engagement",
)
def change(session: Session, actor: Actor, command: ChangeEngagement, reference: str) -> StaffEngagement:
    """The engagement as it shall stand."""
    return service.change(session, actor, reference, command, now=now())


@api.post(
    "/manpower/<reference:reference>/months",
    permission=Permission.MANPOWER_KEEP,
    body=MonthsForm,
    response=EngagementOut,
    summary="Enter months as they were",
)
def set_months(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> StaffEngagement:
    """Share of time and what was charged, month by month."""
    return service.set_months(session, actor, reference, command["version"], command["rows"], now=now())


@api.post(
    "/manpower/<reference:reference>/convert",
    permission=Permission.MANPOWER_KEEP,
    body=ConvertForm,
    response=EngagementOut,
    summary="Convert months at the booking rate",
)
def convert(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> StaffEngagement:
    """Months that are over, of an engagement in another currency: each at the booking rate of its last day."""
    return service.convert_months(session, actor, reference, version=command["version"], now=now())


@api.post(
    "/manpower/<reference:reference>/clear",
    permission=Permission.MANPOWER_CLEAR,
    body=ClearForm,
    response=EngagementOut,
    summary="Clear time above 100 %",
)
def clear(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> StaffEngagement:
    """Clear one month with a reason; whoever entered the engagement cannot."""
    return service.clear_time(session, actor, reference, command["month"], command["reason"], now=now())


@api.get(
    "/manpower/contracts/<reference:reference>",
    permission=Permission.MANPOWER_READ,
    response=ScheduleMonthOut,
    many=True,
)
def contract(session: Session, actor: Actor, reference: str) -> list[ScheduleMonth]:
    """A contract's months beside its ledger."""
    return service.schedule(session, queries.visible_contract(session, actor, reference))


@api.post(
    "/manpower/contracts/<reference:reference>/confirm",
    permission=Permission.MANPOWER_CONFIRM,
    body=ConfirmForm,
    response=ScheduleMonthOut,
    summary="Confirm a month against the ledger",
)
def confirm(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> ScheduleMonth:
    """A difference needs a reason; the rows of the month cannot change afterwards."""
    service.confirm_month(session, actor, reference, command["month"], command["reason"], now=now())
    return _month(session, actor, reference, command["month"])


@api.post(
    "/manpower/contracts/<reference:reference>/reopen",
    permission=Permission.MANPOWER_CONFIRM,
    body=ReopenForm,
    response=ScheduleMonthOut,
    summary="Open a confirmed month again",
)
def reopen(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> ScheduleMonth:
    """The confirmation is taken back; the trail keeps it and the reason."""
    service.reopen_month(session, actor, reference, command["month"], command["reason"], now=now())
    return _month(session, actor, reference, command["month"])


def _month(session: Session, actor: Actor, reference: str, month: Any) -> ScheduleMonth:
    found = service.schedule(session, queries.visible_contract(session, actor, reference))
    return next(each for each in found if each.month == month)
