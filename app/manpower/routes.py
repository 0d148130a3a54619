"""Screens of the manpower schedule: the list, one engagement, its forms, the import, and a contract's months."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.manpower import queries, service
from app.manpower.converting import rates_of
from app.manpower.forms import (
    CONTRIBUTION_LABELS,
    HEADING_LABELS,
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
from app.manpower.showing import flags_of
from app.manpower.states import last_day_of
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("manpower", __name__)


@pages.get("/manpower")
@requires(Permission.MANPOWER_READ)
def index() -> ResponseReturnValue:
    """The schedule, with a flag beside those whose time is above full time."""
    filters = load_query(EngagementListForm)
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.listed(session, actor, filters)
        return page(
            "manpower/index.html",
            engagements=found,
            flags=flags_of(session, actor, found.items),
            filters=filters,
        )


@pages.get("/manpower/<reference:reference>")
@requires(Permission.MANPOWER_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One engagement: its months, its flags, and what happened to it."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        engagement = queries.visible_engagement(session, actor, reference)
        flags = flags_of(session, actor, [engagement]).get(engagement.id, [])
        confirmed = queries.confirmations(session, engagement.contract_id)
        return page(
            "manpower/detail.html",
            engagement=engagement,
            book=institutions.by_id(session, engagement.institution_id),
            flags=flags,
            uncleared=[each for each in flags if not each.is_cleared],
            mine=engagement.entered_by_id == actor.person_id,
            confirmed=confirmed,
            rates=rates_of(session, engagement),
            unconverted=[each for each in engagement.months if each.pay is None and last_day_of(each.month) <= today()],
            names=people.names_of(
                session, [engagement.entered_by_id, *(each.cleared_by_id for each in flags)], current_language().code
            ),
            contributions=CONTRIBUTION_LABELS,
            headings=HEADING_LABELS,
            events=history(session, "staff-engagement", engagement.id),
            form=form,
        )


@pages.route("/manpower/keep", methods=["GET", "POST"])
@requires(Permission.MANPOWER_KEEP)
def keep() -> ResponseReturnValue:
    """Enter an engagement."""
    initial = {"contract": request.args.get("contract", ""), "percent": "100", "contribution_kind": "NONE"}
    form = HtmlForm(EngagementForm, initial=initial)
    if form.sent:
        reference = form.run(
            lambda session, command: service.keep(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The engagement stands in the schedule."), "success")
            return redirect(url_for("manpower.detail", reference=reference), 303)
    return _form_page(form, None), form.status


@pages.route("/manpower/<reference:reference>/change", methods=["GET", "POST"])
@requires(Permission.MANPOWER_KEEP)
def change(reference: str) -> ResponseReturnValue:
    """Change an engagement; what stood before is kept."""
    with unit_of_work() as session:
        engagement = queries.visible_engagement(session, current_actor(), reference)
        command = service.as_command(engagement)
        initial = {name: getattr(command, name) for name in command.__slots__}
        initial |= {
            "version": engagement.version,
            "currency": engagement.currency,
            "first_month": f"{engagement.first_month:%Y-%m}",
            "last_month": f"{engagement.last_month:%Y-%m}",
        }
    form = HtmlForm(ChangeForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, wanted: service.change(session, current_actor(), reference, wanted, now=now()).reference
        )
        if form.done:
            flash(gettext("The engagement is changed."), "success")
            return redirect(url_for("manpower.detail", reference=reference), 303)
    return _form_page(form, reference), form.status


def _form_page(form: HtmlForm, reference: str | None) -> str:
    with unit_of_work() as session:
        mine = queries.contracts_of_keeper(session, current_actor())
        return page(
            "manpower/form.html",
            form=form,
            reference=reference,
            contracts=[(each.reference, f"{each.reference} ({each.currency})") for each in mine],
            headings=HEADING_LABELS,
            contributions=CONTRIBUTION_LABELS,
        )


@pages.route("/manpower/<reference:reference>/months", methods=["GET", "POST"])
@requires(Permission.MANPOWER_KEEP)
def set_months(reference: str) -> ResponseReturnValue:
    """Enter months as they were."""
    with unit_of_work() as session:
        engagement = queries.visible_engagement(session, current_actor(), reference)
        confirmed = queries.confirmations(session, engagement.contract_id)
        initial = {"version": engagement.version, "rows": _typed_months(engagement, frozenset(confirmed))}
    form = HtmlForm(MonthsForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: (
                service.set_months(
                    session, current_actor(), reference, command["version"], command["rows"], now=now()
                ).reference
            )
        )
        if form.done:
            flash(gettext("The months are entered."), "success")
            return redirect(url_for("manpower.detail", reference=reference), 303)
    return page("manpower/months.html", form=form, engagement=engagement), form.status


def _typed_months(engagement: StaffEngagement, confirmed: frozenset[Any]) -> list[dict[str, Any]]:
    """The months that may still be typed."""
    return [
        {
            "month": f"{each.month:%Y-%m}",
            "percent": each.percent.normalize() if each.percent else "0",
            "currency": each.currency,
            "pay": each.pay,
            "contribution": each.contribution,
        }
        for each in engagement.months
        if each.month not in confirmed
    ]


@pages.route("/manpower/import", methods=["GET", "POST"])
@requires(Permission.MANPOWER_KEEP)
def import_file() -> ResponseReturnValue:
    """Enter every engagement of a file, or none."""
    form = HtmlForm(ImportForm)
    if form.sent:
        done = form.run(_import)
        if form.done:
            kept, known = done.split()
            flash(gettext("%(kept)s new, %(known)s there already.", kept=kept, known=known), "success")
            return redirect(url_for("manpower.index"), 303)
    return page("manpower/import.html", form=form, columns=list(EngagementForm().fields)), form.status


def _import(session: Session, command: dict[str, Any]) -> str:
    done = service.import_engagements(session, current_actor(), command["file"], now=now())
    return f"{done.kept} {done.known}"


@pages.post("/manpower/<reference:reference>/convert")
@requires(Permission.MANPOWER_KEEP)
def convert(reference: str) -> ResponseReturnValue:
    """Convert the months that are over at the booking rate of their last day."""
    form = HtmlForm(ConvertForm)
    form.run(
        lambda session, command: (
            service.convert_months(session, current_actor(), reference, version=command["version"], now=now()).reference
        )
    )
    if form.done:
        flash(gettext("The months are converted; the rates are kept with them."), "success")
        return redirect(url_for("manpower.detail", reference=reference), 303)
    return _detail(reference, form), form.status


@pages.post("/manpower/<reference:reference>/clear")
@requires(Permission.MANPOWER_CLEAR)
def clear(reference: str) -> ResponseReturnValue:
    """Clear time above full time in one month, with a reason."""
    form = HtmlForm(ClearForm)
    form.run(
        lambda session, command: (
            service.clear_time(
                session, current_actor(), reference, command["month"], command["reason"], now=now()
            ).reference
        )
    )
    if form.done:
        flash(gettext("The flag is cleared; the reason is kept."), "success")
        return redirect(url_for("manpower.detail", reference=reference), 303)
    return _detail(reference, form), form.status


@pages.get("/manpower/contracts/<reference:reference>")
@requires(Permission.MANPOWER_READ)
def contract(reference: str) -> ResponseReturnValue:
    """A contract's months beside its ledger."""
    return _contract(reference, None), 200


def _contract(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.visible_contract(session, actor, reference)
        months = service.schedule(session, found)
        confirmed_by = [each.confirmation.confirmed_by_id for each in months if each.confirmation is not None]
        return page(
            "manpower/contract.html",
            contract=found,
            months=months,
            open_months=_choices(months, confirmed=False),
            confirmed_months=_choices(months, confirmed=True),
            names=people.names_of(session, confirmed_by, current_language().code),
            form=form,
        )


def _choices(months: list[service.ScheduleMonth], *, confirmed: bool) -> list[tuple[str, str]]:
    found = [each for each in months if (each.confirmation is not None) is confirmed and each.month <= today()]
    return [(f"{each.month:%Y-%m}", f"{each.month:%Y-%m}") for each in found]


@pages.post("/manpower/contracts/<reference:reference>/confirm")
@requires(Permission.MANPOWER_CONFIRM)
def confirm(reference: str) -> ResponseReturnValue:
    """Confirm a month of the contract against its ledger."""

    def run(session: Session, command: dict[str, Any]) -> str:
        month, reason = command["month"], command["reason"]
        return str(service.confirm_month(session, current_actor(), reference, month, reason, now=now()).id)

    return _of_month(reference, HtmlForm(ConfirmForm), run, gettext("The month is confirmed."))


@pages.post("/manpower/contracts/<reference:reference>/reopen")
@requires(Permission.MANPOWER_CONFIRM)
def reopen(reference: str) -> ResponseReturnValue:
    """Open a confirmed month again."""

    def run(session: Session, command: dict[str, Any]) -> str:
        month, reason = command["month"], command["reason"]
        return service.reopen_month(session, current_actor(), reference, month, reason, now=now()).reference

    return _of_month(reference, HtmlForm(ReopenForm), run, gettext("The month is open again."))


def _of_month(
    reference: str, form: HtmlForm, run: Callable[[Session, dict[str, Any]], str], said: str
) -> ResponseReturnValue:
    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("manpower.contract", reference=reference), 303)
    return _contract(reference, form), form.status
