"""Screens of the finance office: verdicts line by line, approval, return, refusal, payment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.claims import deciding, flagging, paying, queries, showing
from app.claims.blueprint import pages
from app.claims.forms import CheckForm, ClearFlagForm, PayForm, ReasonForm, SeenForm
from app.claims.labels import (
    FLAG_LABELS,
    KIND_LABELS,
    PAPER_LABELS,
    PLACE_LABELS,
    QUANTITY_LABELS,
    VERDICT_LABELS,
    WHO_NEXT,
)
from app.claims.models import Claim
from app.claims.states import ClaimStatus
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.web.forms import HtmlForm
from app.web.present import now, today
from app.web.schemas import Form
from app.web.templating import page

P = Permission


@pages.route("/claims/<reference:reference>/check", methods=["GET", "POST"])
@requires(P.CLAIMS_CHECK)
def check_lines(reference: str) -> ResponseReturnValue:
    """Each line with its receipt beside it and three verdicts to choose from."""
    with unit_of_work() as session:
        claim = queries.visible_claim(session, current_actor(), reference)
        verdicts = [{"line": line.number, "verdict": "", "reason": ""} for line in claim.lines]
        initial = {"version": claim.version, "verdicts": verdicts}
    form = HtmlForm(CheckForm, initial=initial)
    if form.sent:
        status = form.run(
            lambda session, command: (
                deciding.check_lines(session, current_actor(), reference, command, now=now()).status
            )
        )
        if form.done:
            flash(_after_check(ClaimStatus(status)), "success")
            return redirect(url_for("claims.detail", reference=reference), 303)
    return _check_page(reference, form), form.status


def _after_check(status: ClaimStatus) -> str:
    said: dict[ClaimStatus, str] = {
        ClaimStatus.CHECKED: gettext("The lines are checked. The claim now waits for its approval."),
        ClaimStatus.RETURNED: gettext("The claim is back with its maker."),
        ClaimStatus.REFUSED: gettext("The claim is refused. Nothing was booked."),
    }
    return said[status]


def _check_page(reference: str, form: HtmlForm) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        seen = showing.view(session, actor, claim, now())
        rows = {str(row.values.get("line")): row for row in form.rows("verdicts")} if claim.lines else {}
        return page(
            "claims/check.html",
            v=seen,
            form=form,
            rows=rows,
            verdicts=VERDICT_LABELS,
            flag_names=FLAG_LABELS,
            places=PLACE_LABELS,
            papers=PAPER_LABELS,
            kinds=KIND_LABELS,
            quantities=QUANTITY_LABELS,
        )


@pages.post("/claims/<reference:reference>/flags/clear")
@requires(P.CLAIMS_CHECK)
def clear_flag(reference: str) -> ResponseReturnValue:
    """Clear a flag with a reason."""
    form = HtmlForm(ClearFlagForm)
    form.run(lambda session, command: flagging.clear(session, current_actor(), reference, command, now=now()).about)
    if form.done:
        flash(gettext("The flag is cleared. The reason stands in the trail."), "success")
        return redirect(url_for("claims.detail", reference=reference, _anchor="flags"), 303)
    return _claim_page(reference, form), form.status


@pages.post("/claims/<reference:reference>/approve")
@requires(P.CLAIMS_APPROVE)
def approve(reference: str) -> ResponseReturnValue:
    """Approve a checked claim; its cost is booked."""
    return _decide(
        reference, SeenForm, deciding.approve, gettext("The claim is approved and its cost is in the books.")
    )


@pages.post("/claims/<reference:reference>/return")
@requires(P.CLAIMS_CHECK)
def send_back(reference: str) -> ResponseReturnValue:
    """Return the whole claim with a reason."""
    return _decide(reference, ReasonForm, deciding.send_back, gettext("The claim is back with its maker."))


@pages.post("/claims/<reference:reference>/refuse")
@requires(P.CLAIMS_CHECK)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse the whole claim with a reason."""
    return _decide(reference, ReasonForm, deciding.refuse, gettext("The claim is refused. Nothing was booked."))


def _decide(reference: str, schema: type[Form], verb: Callable[..., Claim], said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)

    def run(session: Session, command: Any) -> str:
        return verb(session, current_actor(), reference, command, now=now()).reference

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("claims.detail", reference=reference), 303)
    return _claim_page(reference, form), form.status


def _claim_page(reference: str, form: HtmlForm) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        return page("claims/detail.html", form=form, **detail_of(session, actor, claim))


def detail_of(session: Session, actor: Actor, claim: Claim) -> dict[str, Any]:
    """What the page of a claim shows to a reader."""
    return {
        "v": showing.view(session, actor, claim, now()),
        "kinds": KIND_LABELS,
        "places": PLACE_LABELS,
        "papers": PAPER_LABELS,
        "quantities": QUANTITY_LABELS,
        "next_words": WHO_NEXT,
        "flag_names": FLAG_LABELS,
        "withdrawable": showing.withdrawable(actor, claim),
        **showing.extras(session, claim, now()),
    }


@pages.route("/claims/<reference:reference>/pay", methods=["GET", "POST"])
@requires(P.CLAIMS_PAY)
def pay(reference: str) -> ResponseReturnValue:
    """Book the payment from a bank account of the institution."""
    with unit_of_work() as session:
        claim = queries.visible_claim(session, current_actor(), reference)
        initial = {"version": claim.version, "paid_on": today()}
    form = HtmlForm(PayForm, initial=initial)
    if form.sent:
        form.run(lambda session, command: paying.pay(session, current_actor(), reference, command, now=now()).reference)
        if form.done:
            flash(gettext("The payment is booked."), "success")
            return redirect(url_for("claims.detail", reference=reference), 303)
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        currency = Currency(claim.pay_currency)
        accounts = institutions.verified_accounts(session, claim.institution_id, currency)
        return page(
            "claims/pay.html",
            v=showing.view(session, actor, claim, now()),
            form=form,
            accounts=[(str(a.id), f"{a.currency} {a.masked_number} {a.bank_name}") for a in accounts],
        ), form.status
