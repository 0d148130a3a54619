"""Exposure as JSON: pockets with what they owe abroad, and notes of forward cover."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.exposure import queries, service
from app.exposure.figures import PocketExposure
from app.exposure.forms import CoverForm
from app.exposure.models import ForwardCover
from app.exposure.service import EnterCover
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now, today
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out, PageOf, PageQuery

api = ApiBlueprint("exposure", __name__)


class OwedOut(Out):
    """What one contract still takes from the pocket, in the pocket's currency."""

    contract = fields.String()
    payee_currency = CodeOut()
    held = MoneyOut()
    on_the_way = MoneyOut()
    named = fields.Boolean()


class LatestRateOut(Out):
    """The latest rate: `rate` units of `quote` for `unit` units of `base`."""

    base = CodeOut()
    quote = CodeOut()
    unit = fields.Integer()
    rate = DecimalOut()
    rate_date = fields.Date()
    source = fields.String()
    market = CodeOut()


class ExposureOut(Out):
    """One pocket: its position, what it owes in the other currency, and how much of that is covered."""

    pocket_id = fields.UUID(attribute="pocket.id")
    fund = fields.String(attribute="fund.reference")
    currency = CodeOut()
    allocated = MoneyOut(attribute="position.credit")
    held = MoneyOut(attribute="position.held")
    available = MoneyOut(attribute="position.available")
    exposed_held = MoneyOut(attribute="held")
    exposed_on_the_way = MoneyOut(attribute="on_the_way")
    exposed = MoneyOut(attribute="unpaid")
    in_foreign = MoneyOut()
    rate = fields.Nested(LatestRateOut, allow_none=True)
    covered = MoneyOut()
    uncovered = MoneyOut()
    over_covered = MoneyOut()
    owed = fields.List(fields.Nested(OwedOut))


class CoverOut(Out):
    """A note of forward cover; it is never booked."""

    id = fields.UUID()
    pocket_id = fields.UUID()
    bank = fields.String()
    bank_reference = fields.String()
    amount = MoneyOut()
    rate = DecimalOut()
    rate_base = CodeOut()
    first_day = fields.Date()
    last_day = fields.Date()
    note = fields.String()
    status = CodeOut()
    entered_by_id = fields.UUID()
    decided_by_id = fields.UUID(allow_none=True)


@api.get(
    "/exposure",
    permission=Permission.FUNDS_READ,
    query=PageQuery,
    response=ExposureOut,
    many=True,
    summary="List the exposure of pockets",
)
def index(session: Session, actor: Actor, query: PageOf) -> Page[PocketExposure]:
    """Pockets in your scope by fund: unpaid balances of payees in the other currency, and the cover noted."""
    return queries.pocket_page(session, actor, today(), query.cursor, query.limit)


@api.get(
    "/exposure/pockets/<uuid:pocket_id>",
    permission=Permission.FUNDS_READ,
    response=ExposureOut,
    summary="Show the exposure of a pocket",
)
def pocket(session: Session, actor: Actor, pocket_id: UUID) -> PocketExposure:
    """One pocket with what each contract still takes."""
    return queries.exposures(session, [queries.visible_pocket(session, actor, pocket_id)], today())[0]


@api.get(
    "/forward-covers",
    permission=Permission.FUNDS_READ,
    query=PageQuery,
    response=CoverOut,
    many=True,
    summary="List notes of forward cover",
)
def covers(session: Session, actor: Actor, query: PageOf) -> Page[ForwardCover]:
    """Notes in your scope, the newest first."""
    return queries.cover_page(session, actor, query.cursor, query.limit)


@api.post(
    "/forward-covers",
    permission=Permission.RATES_ENTER,
    body=CoverForm,
    response=CoverOut,
    status=201,
    summary="Note forward cover",
)
def enter_cover(session: Session, actor: Actor, command: EnterCover) -> ForwardCover:
    """Note what a bank promised; a second person confirms it, and nothing is booked."""
    return service.enter(session, actor, command, now=now())


@api.post(
    "/forward-covers/<uuid:cover_id>/confirm",
    permission=Permission.RATES_CONFIRM,
    response=CoverOut,
    summary="Confirm a note of forward cover",
)
def confirm_cover(session: Session, actor: Actor, cover_id: UUID) -> ForwardCover:
    """Let a note count; whoever entered it cannot."""
    return service.confirm(session, actor, cover_id, now=now())


@api.post(
    "/forward-covers/<uuid:cover_id>/refuse",
    permission=Permission.RATES_CONFIRM,
    response=CoverOut,
    summary="Refuse a note of forward cover",
)
def refuse_cover(session: Session, actor: Actor, cover_id: UUID) -> ForwardCover:
    """Refuse a note: it stays on record and covers nothing."""
    return service.refuse(session, actor, cover_id, now=now())
