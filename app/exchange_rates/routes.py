"""Screens of exchange rates: the list, a rate by hand, a file of rates, and the second person's decision."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.exchange_rates import queries, service
from app.exchange_rates.forms import (
    KIND_LABELS,
    MARKET_LABELS,
    STATUS_LABELS,
    DecideForm,
    RateFileForm,
    RateFilterForm,
    RateForm,
)
from app.exchange_rates.models import RateKind
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.currencies import Currency, Market
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("exchange_rates", __name__)


@pages.get("/rates")
@requires(Permission.RATES_READ)
def index() -> ResponseReturnValue:
    """The list of rates, newest first, with those that wait for a second person above it."""
    filters = load_query(RateFilterForm)
    with unit_of_work() as session:
        actor = current_actor()
        latest = queries.latest(session, RateKind.BOOKING, Currency.HKD, Currency.CNY, today())
        return page(
            "exchange_rates/index.html",
            rates=queries.listed(session, actor, filters),
            waiting=queries.awaiting_confirmation_by(session, actor),
            latest=latest,
            by_market=[
                (market, queries.latest(session, RateKind.BOOKING, Currency.HKD, Currency.CNY, today(), market))
                for market in Market
            ],
            markets=MARKET_LABELS,
            today=today(),
            latest_age_days=latest.age_days(today()) if latest else None,
            latest_is_fresh=latest is not None and latest.is_fresh(today()),
            filters=filters,
            kinds=KIND_LABELS,
            statuses=STATUS_LABELS,
        )


@pages.get("/rates/<uuid:rate_id>")
@requires(Permission.RATES_READ)
def detail(rate_id: UUID) -> ResponseReturnValue:
    """One rate with its source and what happened to it."""
    return _detail(rate_id, None), 200


def _detail(rate_id: UUID, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        rate = queries.visible_rate(session, current_actor(), rate_id)
        return page(
            "exchange_rates/detail.html",
            rate=rate,
            place=session.get(Institution, rate.institution_id) if rate.institution_id else None,
            kinds=KIND_LABELS,
            events=history(session, "rate", rate.id),
            form=form,
            mine=rate.entered_by_id == current_actor().person_id,
        )


@pages.route("/rates/enter", methods=["GET", "POST"])
@requires(Permission.RATES_ENTER)
def enter() -> ResponseReturnValue:
    """Enter one rate; a second person confirms it."""
    initial = {"kind": RateKind.BOOKING, "base": Currency.HKD, "quote": Currency.CNY, "market": Market.ONSHORE}
    form = HtmlForm(RateForm, initial={**initial, "unit": 1, "rate_date": today()})
    if form.sent:
        rate_id = form.run(lambda session, command: str(service.enter(session, current_actor(), command, now=now()).id))
        if form.done:
            flash(gettext("The rate is kept. It takes effect when a second person confirms it."), "success")
            return redirect(url_for("exchange_rates.detail", rate_id=rate_id), 303)
    with unit_of_work() as session:
        return page("exchange_rates/enter.html", form=form, places=_places(session)), form.status


def _places(session: Session) -> list[tuple[str, str]]:
    """Institutions for whose books the actor enters rates of their own bank."""
    keys = [key for key in current_actor().institutions() if may(current_actor(), Permission.RATES_ENTER, key)]
    found = institutions.by_ids(session, keys)
    return sorted(((str(key), found[key].name(current_language().code)) for key in keys), key=lambda each: each[1])


@pages.route("/rates/import", methods=["GET", "POST"])
@requires(Permission.RATES_ENTER)
def import_file() -> ResponseReturnValue:
    """Enter every rate of a CSV file, or none."""
    form = HtmlForm(RateFileForm)
    if form.sent:
        count = form.run(
            lambda session, command: len(
                service.import_file(
                    session, current_actor(), command["file"].content, source=command["source"], now=now()
                )
            )
        )
        if form.done:
            said = ngettext("%(num)s rate waits for a second person.", "%(num)s rates wait for a second person.", count)
            flash(said, "success")
            return redirect(url_for("exchange_rates.index"), 303)
    return page("exchange_rates/import.html", form=form), form.status


@pages.post("/rates/<uuid:rate_id>/confirm")
@requires(Permission.RATES_CONFIRM)
def confirm(rate_id: UUID) -> ResponseReturnValue:
    """Put an entered rate into effect."""
    form = HtmlForm(DecideForm)
    form.run(lambda session, command: str(service.confirm(session, current_actor(), rate_id, now=now()).id))
    return _decided(form, rate_id, gettext("The rate is in effect."))


@pages.post("/rates/<uuid:rate_id>/refuse")
@requires(Permission.RATES_CONFIRM)
def refuse(rate_id: UUID) -> ResponseReturnValue:
    """Refuse an entered rate."""
    form = HtmlForm(DecideForm)
    form.run(lambda session, command: str(service.refuse(session, current_actor(), rate_id, now=now()).id))
    return _decided(form, rate_id, gettext("The rate is refused and will not be used."))


def _decided(form: HtmlForm, rate_id: UUID, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("exchange_rates.detail", rate_id=rate_id), 303)
    return _detail(rate_id, form), form.status
