"""Screens of the files of remittances: the list, one file, and the declaration of a receipt."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.corridor import queries as corridor
from app.corridor.states import KIND_NAMES, ROUTES, STEP_NAMES, AskKind
from app.db.unit_of_work import unit_of_work
from app.disbursements import document_service, gathering, queries, remittance
from app.disbursements.blueprint import pages
from app.disbursements.forms import DeclarationForm, FileQuery
from app.disbursements.remittance import PIECE_STATES, WAITING_FOR, FileFilter
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language


@pages.get("/corridor/files")
@requires(Permission.CORRIDOR_READ)
def remittance_files() -> ResponseReturnValue:
    """Payments across the boundary with what each file still lacks, and for whom it waits."""
    asked = load_query(FileQuery)
    actor = current_actor()
    wanted = FileFilter(asked["route"], asked["missing"], asked["waits_for"])
    with unit_of_work() as session:
        return page(
            "corridor/files.html",
            section="corridor",
            files=remittance.files(session, actor, wanted, now=now(), cursor=asked["cursor"] or None),
            asked=asked,
            routes=ROUTES,
            titles={rule.code: rule.title for rule in corridor.rules_on(session, today())},
            waiting=WAITING_FOR,
            piece_states=PIECE_STATES,
        )


@pages.get("/disbursements/<reference:reference>/file")
@requires(Permission.CORRIDOR_READ)
def remittance_file(reference: str) -> ResponseReturnValue:
    """One remittance: every piece asked for, why, by which rule and source, and where it stands."""
    with unit_of_work() as session:
        shown = remittance.one(session, current_actor(), reference, now=now())
        involved: set[UUID | None] = {piece.listed.listed_by_id for piece in shown.pieces if piece.listed}
        involved |= {piece.listed.confirmed_by_id for piece in shown.pieces if piece.listed}
        return page(
            "corridor/file.html",
            section="corridor",
            file=shown,
            row=shown.row,
            names=people.names_of(session, involved, current_language().code),
            kinds=KIND_NAMES,
            steps=STEP_NAMES,
            piece_states=PIECE_STATES,
            waiting=WAITING_FOR,
            may_declare=may(current_actor(), Permission.DISBURSEMENTS_CONFIRM_RECEIPT, shown.row.grantee_id),
        )


@pages.route("/disbursements/<reference:reference>/declaration", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_CONFIRM_RECEIPT)
def declare_receipt(reference: str) -> ResponseReturnValue:
    """The payee's finance officer enters the declaration made to the bank."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        asked = gathering.asked_alone(session, row, now())
    needs = [each.rule for each in asked if each.rule.kind is AskKind.DECLARATION]
    code = request.args.get("code", "") or (needs[0].code if needs else "")
    form = HtmlForm(DeclarationForm, initial={"code": code, "declared_on": today()})
    if form.sent:
        form.run(
            lambda session, command: (
                document_service.declare_receipt(session, current_actor(), reference, command, now=now()).reference
            )
        )
        if form.done:
            flash(gettext("The declaration is entered."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    return page("corridor/declare.html", form=form, row=row, needs=needs), form.status
