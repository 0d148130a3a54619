"""Screens of funds: the trees with both pockets, one fund, a movement and its decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.funds import queries, service
from app.funds.forms import KIND_LABELS, DecideMovementForm, FundForm, MovementForm
from app.funds.models import FundMovement
from app.funds.states import MovementKind
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.templating import page
from app.web.wording import named

pages = Blueprint("funds", __name__)

TREES = 20
"""Most fund trees on one page."""


@pages.get("/funds")
@requires(Permission.FUNDS_READ)
def index() -> ResponseReturnValue:
    """Fund trees in scope with what each pocket has left, a page at a time."""
    asked = load_query(PageQuery)
    with unit_of_work() as session:
        actor = current_actor()
        return page(
            "funds/index.html",
            trees=queries.trees(session, actor, asked.cursor, min(asked.limit, TREES)),
            waiting=queries.awaiting_approval_by(session, actor),
            kinds=KIND_LABELS,
            amount_of=amount_of,
        )


@pages.get("/funds/<reference:reference>")
@requires(Permission.FUNDS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One fund: pockets, sub-funds, contracts held for, movements a page at a time."""
    asked = load_query(PageQuery)
    with unit_of_work() as session:
        actor = current_actor()
        fund = queries.visible_fund(session, actor, reference)
        return page(
            "funds/detail.html",
            node=queries.node(session, fund),
            parent=queries.parent_of(session, fund),
            movements=queries.movements(session, actor, fund, asked.cursor, asked.limit),
            events=history(session, "fund", fund.id),
            kinds=KIND_LABELS,
            amount_of=amount_of,
        )


@pages.route("/funds/open", methods=["GET", "POST"])
@requires(Permission.FUNDS_CREATE)
def open_fund() -> ResponseReturnValue:
    """Open a fund or a sub-fund."""
    form = HtmlForm(FundForm, initial={"opened_on": today(), "parent_id": request.args.get("parent", "")})
    if form.sent:
        reference = form.run(
            lambda session, command: service.open_fund(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The fund is open, with a CNY and an HKD pocket."), "success")
            return redirect(url_for("funds.detail", reference=reference), 303)
    with unit_of_work() as session:
        actor = current_actor()
        keys = institutions_granting(actor, Permission.FUNDS_CREATE)
        return page(
            "funds/open.html",
            form=form,
            owners=[(str(each.id), named(each)) for each in institutions.by_ids(session, keys).values()],
            parents=[(str(f.id), f"{f.reference} {named(f)}") for f in queries.parent_funds(session, actor)],
        ), form.status


@pages.route("/funds/<reference:reference>/move", methods=["GET", "POST"])
@requires(Permission.FUNDS_READ)
def move(reference: str) -> ResponseReturnValue:
    """Enter a contribution or an allocation for a second person's approval."""
    form = HtmlForm(
        MovementForm, initial={"kind": request.args.get("kind", ""), "value_date": today(), "currency": "CNY"}
    )
    if form.sent:
        entered = form.run(
            lambda session, command: service.enter_movement(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The movement waits for a second person. Nothing is posted yet."), "success")
            return redirect(url_for("funds.movement", reference=entered), 303)
    with unit_of_work() as session:
        return _move_page(session, current_actor(), reference, form), form.status


def _move_page(session: Session, actor: Actor, reference: str, form: HtmlForm) -> str:
    fund = queries.visible_fund(session, actor, reference)
    pockets = [
        (
            str(pocket.id),
            f"{pocket.fund.reference} {named(pocket.fund)}, {pocket.currency} "
            f"({queries.available(session, pocket).amount:,})",
        )
        for pocket in queries.pockets_of(session, fund.institution_id)
    ]
    accounts = [
        (str(account.id), f"{account.currency} {account.masked_number} {account.bank_name}")
        for account in institutions.verified_accounts(session, fund.institution_id)
    ]
    return page("funds/move.html", form=form, fund=fund, pockets=pockets, accounts=accounts, kinds=KIND_LABELS)


@pages.get("/funds/movements/<reference:reference>")
@requires(Permission.FUNDS_READ)
def movement(reference: str) -> ResponseReturnValue:
    """One movement and its decision."""
    return _movement_page(reference, None), 200


def _movement_page(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.visible_movement(session, actor, reference)
        pockets = [queries.pocket(session, key) for key in (found.from_pocket_id, found.to_pocket_id) if key]
        return page(
            "funds/movement.html",
            movement=found,
            amount=amount_of(found),
            target=pockets[-1],
            source=pockets[0] if len(pockets) > 1 else None,
            kinds=KIND_LABELS,
            is_contribution=found.kind == MovementKind.CONTRIBUTION,
            mine=found.entered_by_id == actor.person_id,
            events=history(session, "fund-movement", found.id),
            form=form,
        )


@pages.post("/funds/movements/<reference:reference>/approve")
@requires(Permission.FUNDS_APPROVE)
def approve(reference: str) -> ResponseReturnValue:
    """Approve a movement and post it."""
    return _decide(reference, service.approve_movement, gettext("The movement is approved and posted."))


@pages.post("/funds/movements/<reference:reference>/refuse")
@requires(Permission.FUNDS_APPROVE)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse a movement."""
    return _decide(reference, service.refuse_movement, gettext("The movement is refused. Nothing was posted."))


def _decide(reference: str, verb: Callable[..., FundMovement], said: str) -> ResponseReturnValue:
    form = HtmlForm(DecideMovementForm)

    def run(session: Session, command: dict[str, Any]) -> str:
        found = queries.visible_movement(session, current_actor(), reference)
        return verb(session, current_actor(), found.id, version=command["version"], now=now()).reference

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("funds.movement", reference=reference), 303)
    return _movement_page(reference, form), form.status


def amount_of(movement: FundMovement) -> Money:
    """A movement's amount in its currency."""
    return Money(movement.amount_minor, Currency(movement.currency))
