"""Exchange rates as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.exchange_rates import queries, service
from app.exchange_rates.forms import RateFileForm, RateFilterForm, RateForm
from app.exchange_rates.models import ExchangeRate
from app.exchange_rates.queries import RateFilters
from app.exchange_rates.service import EnterRate
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, DecimalOut, Out

api = ApiBlueprint("exchange_rates", __name__)


class RateOut(Out):
    """A rate: `rate` units of `quote` for `unit` units of `base`."""

    id = fields.UUID()
    kind = CodeOut()
    base = CodeOut(attribute="base_currency")
    quote = CodeOut(attribute="quote_currency")
    market = CodeOut()
    unit = fields.Integer()
    rate = DecimalOut()
    rate_date = fields.Date()
    source = fields.String()
    institution_id = fields.UUID(allow_none=True)
    note = fields.String()
    status = CodeOut()


@api.get(
    "/rates", permission=Permission.RATES_READ, query=RateFilterForm, response=RateOut, many=True, summary="List rates"
)
def index(session: Session, actor: Actor, query: RateFilters) -> Page[ExchangeRate]:
    """Newest first, common ones and those of your institutions."""
    return queries.listed(session, actor, query)


@api.get("/rates/<uuid:rate_id>", permission=Permission.RATES_READ, response=RateOut, summary="Show a rate")
def detail(session: Session, actor: Actor, rate_id: UUID) -> ExchangeRate:
    """One rate with its source."""
    return queries.visible_rate(session, actor, rate_id)


@api.post(
    "/rates", permission=Permission.RATES_ENTER, body=RateForm, response=RateOut, status=201, summary="Enter a rate"
)
def enter(session: Session, actor: Actor, command: EnterRate) -> ExchangeRate:
    """It takes effect when a second person confirms it."""
    return service.enter(session, actor, command, now=now())


@api.post(
    "/rates/import",
    permission=Permission.RATES_ENTER,
    body=RateFileForm,
    response=RateOut,
    many=True,
    status=201,
    summary="Enter a file of rates",
)
def import_file(session: Session, actor: Actor, command: dict[str, Any]) -> list[ExchangeRate]:
    """A CSV file with the columns base, quote, unit, rate, date: all of it or nothing."""
    return service.import_file(session, actor, command["file"].content, source=command["source"], now=now())


@api.post(
    "/rates/<uuid:rate_id>/confirm", permission=Permission.RATES_CONFIRM, response=RateOut, summary="Confirm a rate"
)
def confirm(session: Session, actor: Actor, rate_id: UUID) -> ExchangeRate:
    """Put an entered rate into effect; whoever entered it cannot."""
    return service.confirm(session, actor, rate_id, now=now())


@api.post(
    "/rates/<uuid:rate_id>/refuse", permission=Permission.RATES_CONFIRM, response=RateOut, summary="Refuse a rate"
)
def refuse(session: Session, actor: Actor, rate_id: UUID) -> ExchangeRate:
    """Refuse an entered rate: it stays on record and is never used."""
    return service.refuse(session, actor, rate_id, now=now())
