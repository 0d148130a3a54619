"""Screens of rails and bank days: the list, a rail with its versions, the calendar, the second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from babel.dates import format_skeleton, get_day_names
from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions.states import SIDE_NAMES
from app.rails import queries, service
from app.rails.forms import DayForm, DecideForm, MonthQuery, RailForm, RailQuery
from app.rails.showing import initial_of, matching, month
from app.rails.states import PARTY_KIND_NAMES
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("rails", __name__)


@pages.get("/rails")
@requires(Permission.RAILS_READ)
def index() -> ResponseReturnValue:
    """The rails in force today, and above them those that wait for a second person."""
    text = load_query(RailQuery)["text"] or ""
    with unit_of_work() as session:
        return page(
            "rails/index.html",
            rails=matching(queries.versions_on(session, today()), text),
            waiting=queries.rails_to_confirm(session, current_actor()),
            text=text,
            kinds=PARTY_KIND_NAMES,
        )


@pages.get("/rails/<code>")
@requires(Permission.RAILS_READ)
def detail(code: str) -> ResponseReturnValue:
    """One rail: what is in force, what is proposed, and every version before."""
    return _detail(code, None), 200


def _detail(code: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        versions = queries.versions(session, code)
        in_force = next((row for row in queries.versions_on(session, today()) if row.code == code), None)
        return page(
            "rails/detail.html",
            code=code,
            rail=in_force or versions[0],
            in_force=in_force,
            versions=versions,
            events=[event for row in versions for event in history(session, "rail", row.id)],
            kinds=PARTY_KIND_NAMES,
            sides=SIDE_NAMES,
            me=current_actor().person_id,
            form=form,
        )


@pages.route("/rails/propose", methods=["GET", "POST"])
@requires(Permission.RAILS_PROPOSE)
def propose() -> ResponseReturnValue:
    """Propose a rail, or a new version of the one whose code is asked for."""
    code = request.args.get("code", "")
    with unit_of_work() as session:
        initial = initial_of(queries.versions(session, code) if code else [], today())
    form = HtmlForm(RailForm, initial=initial)
    if form.sent:
        kept = form.run(
            lambda session, command: service.propose_rail(session, current_actor(), command, now=now()).code
        )
        if form.done:
            flash(gettext("The version is proposed. It counts once a second person confirms it."), "success")
            return redirect(url_for("rails.detail", code=kept), 303)
    return page("rails/propose.html", form=form, code=code), form.status


@pages.post("/rail-versions/<uuid:version_id>/confirm")
@requires(Permission.RAILS_CONFIRM)
def confirm(version_id: UUID) -> ResponseReturnValue:
    """Put a proposed version in force."""
    return _decide_rail(version_id, service.confirm_rail, gettext("The version is confirmed."))


@pages.post("/rail-versions/<uuid:version_id>/refuse")
@requires(Permission.RAILS_CONFIRM)
def refuse(version_id: UUID) -> ResponseReturnValue:
    """Turn a proposed version down."""
    return _decide_rail(version_id, service.refuse_rail, gettext("The version is refused."))


def _decide_rail(version_id: UUID, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = HtmlForm(DecideForm)
    with unit_of_work() as session:
        code = queries.version_by_id(session, version_id).code

    def run(session: Session, command: dict[str, Any]) -> str:
        return str(verb(session, current_actor(), version_id, version=command["version"], now=now()).id)

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("rails.detail", code=code), 303)
    return _detail(code, form), form.status


@pages.get("/calendar")
@requires(Permission.RAILS_READ)
def calendar() -> ResponseReturnValue:
    """A month of both sides: which banks are open, what the holidays are called, and the days entered by hand."""
    return _calendar(load_query(MonthQuery)["month"] or today().replace(day=1), None), 200


def _calendar(first_day: date, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        bank_days = queries.bank_days(session)
        shown = month(bank_days, first_day, current_language().code)
        weekdays = get_day_names("abbreviated", "stand-alone", get_locale())
        return page(
            "rails/calendar.html",
            shown=shown,
            named_month=format_skeleton("yMMMM", first_day, locale=get_locale()),
            weekdays=[weekdays[number] for number in range(7)],
            entered=queries.days_entered(session, shown.first_day, shown.last_day),
            waiting=queries.days_to_confirm(session, current_actor()),
            next_open=bank_days.next_open(("SZ", "HK"), today()),
            today=today(),
            sides=SIDE_NAMES,
            me=current_actor().person_id,
            form=form,
        )


@pages.route("/calendar/enter", methods=["GET", "POST"])
@requires(Permission.RAILS_PROPOSE)
def enter_day() -> ResponseReturnValue:
    """Enter a day on which the banks of a side are open or closed, other than the calendar says."""
    form = HtmlForm(DayForm, initial={"day": today(), "open": ""})
    if form.sent:
        day = form.run(
            lambda session, command: service.propose_day(session, current_actor(), command, now=now()).day.isoformat()
        )
        if form.done:
            flash(gettext("The day is kept. It counts once a second person confirms it."), "success")
            return redirect(url_for("rails.calendar", month=day[:7]), 303)
    return page("rails/enter_day.html", form=form), form.status


@pages.post("/calendar/days/<uuid:day_id>/confirm")
@requires(Permission.RAILS_CONFIRM)
def confirm_day(day_id: UUID) -> ResponseReturnValue:
    """Let a day entered by hand count."""
    return _decide_day(day_id, service.confirm_day, gettext("The day is confirmed and counts from now on."))


@pages.post("/calendar/days/<uuid:day_id>/refuse")
@requires(Permission.RAILS_CONFIRM)
def refuse_day(day_id: UUID) -> ResponseReturnValue:
    """Turn a day entered by hand down."""
    return _decide_day(day_id, service.refuse_day, gettext("The day is refused."))


def _decide_day(day_id: UUID, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = HtmlForm(DecideForm)
    with unit_of_work() as session:
        first_day = queries.day_by_id(session, day_id).day.replace(day=1)

    def run(session: Session, command: dict[str, Any]) -> str:
        return str(verb(session, current_actor(), day_id, version=command["version"], now=now()).id)

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("rails.calendar", month=first_day.isoformat()[:7]), 303)
    return _calendar(first_day, form), form.status
