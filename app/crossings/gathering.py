"""Gathers the figures of payments across the boundary for one reader: screen and API show the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.crossings import figures, queries
from app.crossings.alerts import Alert, alerts
from app.crossings.figures import Crossing, Flow, Pace, Place, Value, Week
from app.crossings.queries import Wanted
from app.crossings.sankey import Drawing, drawings
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.web.paging import Page

A_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Bar:
    """A flow with the institutions' rows, and its share of the largest in its currency in whole per cent."""

    flow: Flow
    funder: Institution
    grantee: Institution
    percent: int


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything the page shows. `wanted` has both days filled in."""

    wanted: Wanted
    released: Value
    sent_back: Value
    waiting: Value
    on_the_way: Page[Crossing]
    paces: list[Pace]
    weeks: list[Week]
    bars: list[Bar]
    drawings: list[Drawing]
    alerts: list[Alert]
    places: Mapping[UUID, Institution]


def figures_of(session: Session, actor: Actor, wanted: Wanted, today: date) -> Figures:
    """The figures; without days, of the year that ends today."""
    last = wanted.last_day or today
    asked = replace(wanted, first_day=wanted.first_day or last - A_YEAR, last_day=last)
    found = queries.crossings(session, actor, asked)
    went = [each for each in found if each.place is not Place.SENT_BACK]
    back = [each for each in found if each.place is Place.SENT_BACK]
    on_the_way = queries.on_the_way(session, actor, asked)
    flows = figures.flows(found)
    keys = {key for each in (*found, *on_the_way.items) for key in (each.funder_id, each.grantee_id)}
    places = institutions.by_ids(session, keys)
    return Figures(
        asked,
        figures.value_of(went),
        figures.value_of(back),
        figures.value_of(queries.waiting(session, actor, asked)),
        on_the_way,
        figures.pace(found),
        figures.weeks(found),
        [
            Bar(each, places[each.funder_id], places[each.grantee_id], figures.percent_of_largest(each, flows))
            for each in flows
        ],
        drawings(flows),
        alerts(
            found,
            queries.pasts(session, actor, found),
            queries.approvals(session, found, today),
            queries.limits(session, today),
        ),
        places,
    )
