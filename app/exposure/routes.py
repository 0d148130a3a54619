"""Screens of exposure: every pocket, one pocket with its contracts and its cover, a note and its second person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.exposure import queries, service, views
from app.exposure.forms import CoverForm, DecideForm
from app.exposure.models import ForwardCover
from app.institutions import queries as institutions
from app.kernel.currencies import Currency
from app.people import queries as people
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("exposure", __name__)


@pages.get("/exposure")
@requires(Permission.FUNDS_READ)
def index() -> ResponseReturnValue:
    """Every pocket in scope: allocated, held, what it owes in the other currency, and how much is covered."""
    asked = load_query(PageQuery)
    with unit_of_work() as session:
        actor = current_actor()
        return page(
            "exposure/index.html",
            pockets=queries.pocket_page(session, actor, today(), asked.cursor, asked.limit),
            waiting=queries.waiting_for(session, actor),
            today=today(),
            section="funds",
        )


@pages.get("/exposure.csv")
@requires(Permission.FUNDS_READ)
def file() -> ResponseReturnValue:
    """The same for a spreadsheet, every pocket on a line."""
    with unit_of_work() as session:
        return attachment(*views.exposure_file(queries.every_pocket(session, current_actor(), today()), today()))


@pages.get("/exposure/pockets/<uuid:pocket_id>")
@requires(Permission.FUNDS_READ)
def pocket(pocket_id: UUID) -> ResponseReturnValue:
    """One pocket: what each contract still takes, and the notes of forward cover."""
    return _pocket(pocket_id, None), 200


def _pocket(pocket_id: UUID, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.visible_pocket(session, actor, pocket_id)
        shown = queries.exposures(session, [found], today())[0]
        covers = queries.covers_of(session, found.id)
        language = current_language().code
        involved = {each.entered_by_id for each in covers} | {each.decided_by_id for each in covers}
        return page(
            "exposure/pocket.html",
            each=shown,
            covers=covers,
            names=people.names_of(session, involved, language),
            grantees=institutions.by_ids(session, {owed.grantee_id for owed in shown.owed}),
            me=actor.person_id,
            form=form,
            today=today(),
            section="funds",
        )


@pages.route("/exposure/pockets/<uuid:pocket_id>/cover", methods=["GET", "POST"])
@requires(Permission.RATES_ENTER)
def enter_cover(pocket_id: UUID) -> ResponseReturnValue:
    """Note forward cover of a pocket; a second person confirms it."""
    with unit_of_work() as session:
        found = queries.visible_pocket(session, current_actor(), pocket_id)
        shown = queries.exposures(session, [found], today())[0]
    initial = {"pocket_id": pocket_id, "currency": shown.foreign, "rate_base": Currency.HKD, "first_day": today()}
    form = HtmlForm(CoverForm, initial=initial)
    if form.sent:
        form.run(lambda session, command: str(service.enter(session, current_actor(), command, now=now()).id))
        if form.done:
            flash(gettext("The cover is noted. It counts when a second person confirms it."), "success")
            return redirect(url_for("exposure.pocket", pocket_id=pocket_id), 303)
    return page("exposure/enter_cover.html", form=form, each=shown, section="funds"), form.status


@pages.post("/exposure/covers/<uuid:cover_id>/confirm")
@requires(Permission.RATES_CONFIRM)
def confirm_cover(cover_id: UUID) -> ResponseReturnValue:
    """Let a note count."""
    return _decide(cover_id, service.confirm, gettext("The cover counts from now on; nothing is booked."))


@pages.post("/exposure/covers/<uuid:cover_id>/refuse")
@requires(Permission.RATES_CONFIRM)
def refuse_cover(cover_id: UUID) -> ResponseReturnValue:
    """Refuse a note."""
    return _decide(cover_id, service.refuse, gettext("The note is refused and covers nothing."))


def _decide(cover_id: UUID, verb: Callable[..., ForwardCover], said: str) -> ResponseReturnValue:
    with unit_of_work() as session:
        pocket_id = queries.visible_cover(session, current_actor(), cover_id).pocket_id
    form = HtmlForm(DecideForm)

    def run(session: Session, _command: Any) -> str:
        return str(verb(session, current_actor(), cover_id, now=now()).id)

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("exposure.pocket", pocket_id=pocket_id), 303)
    return _pocket(pocket_id, form), form.status
