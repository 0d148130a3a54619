"""Screens of the register: the list, one item, the forms to enter, change, see and dispose, and the import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.claims import queries as claims
from app.db.unit_of_work import unit_of_work
from app.equipment import queries, rules, service
from app.equipment.forms import (
    CROSSING_LABELS,
    DISPOSAL_LABELS,
    DISPOSAL_STATUS_LABELS,
    HEADING_LABELS,
    PLACE_LABELS,
    STATUS_LABELS,
    ChangeForm,
    DecideForm,
    DisposalForm,
    ImportForm,
    ItemForm,
    ItemListForm,
    RefuseForm,
    SeeForm,
)
from app.equipment.models import EquipmentItem
from app.equipment.states import Crossing, DisposalStatus, ItemStatus
from app.exchange_rates import queries as exchange_rates
from app.institutions import queries as institutions
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("equipment", __name__)


@pages.get("/equipment")
@requires(Permission.EQUIPMENT_READ)
def index() -> ResponseReturnValue:
    """The register, with the disposals that wait for the reader above it."""
    filters = load_query(ItemListForm)
    with unit_of_work() as session:
        actor = current_actor()
        return page(
            "equipment/index.html",
            items=queries.listed(session, actor, filters),
            waiting=queries.disposals_to_decide(session, actor),
            filters=filters,
            places=PLACE_LABELS,
            statuses=STATUS_LABELS,
        )


@pages.get("/equipment/<reference:reference>")
@requires(Permission.EQUIPMENT_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One item, what is booked for it, and what happened to it."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        item = queries.visible_item(session, actor, reference)
        names = people.names_of(
            session,
            [item.entered_by_id]
            + [each.seen_by_id for each in item.sightings]
            + [key for each in item.disposals for key in (each.proposed_by_id, each.decided_by_id) if key],
            current_language().code,
        )
        proposed = item.disposal(DisposalStatus.PROPOSED)
        return page(
            "equipment/detail.html",
            item=item,
            book=institutions.by_id(session, item.institution_id),
            booked=_booked(session, item),
            rate=exchange_rates.by_id(session, item.rate_id) if item.rate_id else None,
            remarks=_remarks(item),
            proposed=proposed,
            mine=proposed is not None and proposed.proposed_by_id == actor.person_id,
            names=names,
            places=PLACE_LABELS,
            crossings=CROSSING_LABELS,
            disposals=DISPOSAL_LABELS,
            disposal_statuses=DISPOSAL_STATUS_LABELS,
            headings=HEADING_LABELS,
            events=history(session, "equipment-item", item.id),
            may_read_ledger=may(actor, Permission.LEDGER_READ, item.institution_id),
            form=form,
        )


def _booked(session: Session, item: EquipmentItem) -> dict[str, Any] | None:
    """The entry behind the item: what it booked on the heading, and the claim it came from."""
    if item.entry_id is None:
        return None
    lines = [
        each
        for each in queries.postings_of_entry(session, item.contract, item.entry_id)
        if each.heading == item.heading
    ]
    if not lines:
        return None
    claim = claims.claims_by_id(session, [lines[0].claim_id]).get(lines[0].claim_id) if lines[0].claim_id else None
    return {"line": lines[0], "claim": claim.reference if claim is not None else ""}


def _remarks(item: EquipmentItem) -> list[Any]:
    if item.status != ItemStatus.HELD:
        return []
    return rules.remarks(
        today=today(),
        crossing=Crossing(item.crossing) if item.crossing else None,
        return_by=item.return_by,
        returned_on=item.returned_on,
        supervision_until=item.supervision_until,
        relief_source=item.relief_source,
        relief_renounced_on=item.relief_renounced_on,
    )


@pages.route("/equipment/keep", methods=["GET", "POST"])
@requires(Permission.EQUIPMENT_KEEP)
def keep() -> ResponseReturnValue:
    """Enter an item."""
    initial = {"contract": request.args.get("contract", ""), "acquired_on": today(), "funded_percent": "100"}
    form = HtmlForm(ItemForm, initial=initial)
    if form.sent:
        reference = form.run(
            lambda session, command: service.keep(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The item stands in the register."), "success")
            return redirect(url_for("equipment.detail", reference=reference), 303)
    return _form_page(form, None), form.status


@pages.route("/equipment/<reference:reference>/change", methods=["GET", "POST"])
@requires(Permission.EQUIPMENT_KEEP)
def change(reference: str) -> ResponseReturnValue:
    """Change an item; what stood before is kept."""
    with unit_of_work() as session:
        item = queries.visible_item(session, current_actor(), reference)
        command = service.as_command(item)
        initial = {name: getattr(command, name) for name in command.__slots__}
        initial |= {"version": item.version, "currency": item.currency, "charged_currency": item.charged_currency}
        initial["heading"] = initial["heading"].value
    form = HtmlForm(ChangeForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, wanted: service.change(session, current_actor(), reference, wanted, now=now()).reference
        )
        if form.done:
            flash(gettext("The item is changed."), "success")
            return redirect(url_for("equipment.detail", reference=reference), 303)
    return _form_page(form, reference), form.status


def _form_page(form: HtmlForm, reference: str | None) -> str:
    with unit_of_work() as session:
        mine = queries.contracts_of_keeper(session, current_actor())
        return page(
            "equipment/form.html",
            form=form,
            reference=reference,
            contracts=[(each.reference, f"{each.reference} ({each.currency})") for each in mine],
            places=PLACE_LABELS,
            crossings=CROSSING_LABELS,
            headings=HEADING_LABELS,
        )


@pages.route("/equipment/import", methods=["GET", "POST"])
@requires(Permission.EQUIPMENT_KEEP)
def import_file() -> ResponseReturnValue:
    """Enter every item of a file, or none."""
    form = HtmlForm(ImportForm)
    if form.sent:
        done = form.run(_import)
        if form.done:
            kept, known = done.split()
            flash(gettext("%(kept)s new, %(known)s there already.", kept=kept, known=known), "success")
            return redirect(url_for("equipment.index"), 303)
    return page("equipment/import.html", form=form, columns=list(ItemForm().fields)), form.status


def _import(session: Session, command: dict[str, Any]) -> str:
    done = service.import_items(session, current_actor(), command["file"], now=now())
    return f"{done.kept} {done.known}"


@pages.route("/equipment/<reference:reference>/see", methods=["GET", "POST"])
@requires(Permission.EQUIPMENT_KEEP)
def see(reference: str) -> ResponseReturnValue:
    """Record a stock-taking."""
    with unit_of_work() as session:
        item = queries.visible_item(session, current_actor(), reference)
    form = HtmlForm(SeeForm, initial={"seen_on": today(), "place": item.place, "location": item.location})
    if form.sent:
        form.run(
            lambda session, command: service.see(session, current_actor(), reference, command, now=now()).reference
        )
        if form.done:
            flash(gettext("The item was seen."), "success")
            return redirect(url_for("equipment.detail", reference=reference), 303)
    return page("equipment/see.html", form=form, item=item, places=PLACE_LABELS), form.status


@pages.route("/equipment/<reference:reference>/dispose", methods=["GET", "POST"])
@requires(Permission.EQUIPMENT_KEEP)
def dispose(reference: str) -> ResponseReturnValue:
    """Propose that an item leaves."""
    with unit_of_work() as session:
        item = queries.visible_item(session, current_actor(), reference)
        currency = item.contract.currency
    form = HtmlForm(DisposalForm, initial={"version": item.version, "disposed_on": today(), "currency": currency})
    if form.sent:
        form.run(
            lambda session, command: (
                service.propose_disposal(
                    session, current_actor(), reference, command[1], version=command[0], now=now()
                ).reference
            )
        )
        if form.done:
            flash(gettext("The disposal waits for a second person."), "success")
            return redirect(url_for("equipment.detail", reference=reference), 303)
    return page("equipment/dispose.html", form=form, item=item, kinds=DISPOSAL_LABELS), form.status


@pages.post("/equipment/<reference:reference>/approve-disposal")
@requires(Permission.EQUIPMENT_APPROVE_DISPOSAL)
def approve_disposal(reference: str) -> ResponseReturnValue:
    """The item has left."""

    def run(session: Session, command: dict[str, Any]) -> str:
        actor = current_actor()
        return service.approve_disposal(session, actor, reference, version=command["version"], now=now()).reference

    return _decide(reference, HtmlForm(DecideForm), run, gettext("The item has left the register."))


@pages.post("/equipment/<reference:reference>/refuse-disposal")
@requires(Permission.EQUIPMENT_APPROVE_DISPOSAL)
def refuse_disposal(reference: str) -> ResponseReturnValue:
    """The item stays."""

    def run(session: Session, command: dict[str, Any]) -> str:
        actor = current_actor()
        reason, version = command["reason"], command["version"]
        return service.refuse_disposal(session, actor, reference, reason, version=version, now=now()).reference

    return _decide(reference, HtmlForm(RefuseForm), run, gettext("The disposal is refused. The item stays."))


def _decide(
    reference: str, form: HtmlForm, run: Callable[[Session, dict[str, Any]], str], said: str
) -> ResponseReturnValue:
    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("equipment.detail", reference=reference), 303)
    return _detail(reference, form), form.status
