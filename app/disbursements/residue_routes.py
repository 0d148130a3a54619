"""Screens of residue: the grantee enters and confirms a return, the funder's accountant confirms its arrival."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.db.unit_of_work import unit_of_work
from app.disbursements import queries, residue_service
from app.disbursements.blueprint import pages
from app.disbursements.forms import ReasonForm, ResidueArrivedForm, ResidueForm, ResidueQuery, SeenForm
from app.disbursements.labels import COMPONENT_NAMES, RESIDUE_STATUS_NAMES
from app.institutions import queries as institutions
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language


@pages.get("/residue-returns")
@requires(Permission.RESIDUE_READ)
def residue_list() -> ResponseReturnValue:
    """Returns of unspent money in scope, newest first."""
    asked = load_query(ResidueQuery)
    status = asked["status"] or ""
    with unit_of_work() as session:
        found = queries.listed_returns(
            session,
            current_actor(),
            status,
            asked["cursor"],
            asked["limit"],
        )
        owed = {row.contract_id: contracts.by_id(session, row.contract_id) for row in found.items}
        parties = institutions.by_ids(session, {c.grantee_id for c in owed.values()})
        return page(
            "disbursements/residue_list.html",
            found=found,
            contracts=owed,
            parties=parties,
            statuses=RESIDUE_STATUS_NAMES,
            status=status,
            may_enter=may(current_actor(), Permission.RESIDUE_RETURN),
        )


@pages.route("/residue-returns/enter", methods=["GET", "POST"])
@requires(Permission.RESIDUE_RETURN)
def enter_residue() -> ResponseReturnValue:
    """Enter a return by component, in the contract's currency."""
    reference = request.form.get("contract") or request.args.get("contract", "")
    actor = current_actor()
    with unit_of_work() as session:
        if not reference:
            wanted = contracts.ContractFilter()
            found = contracts.visible_contracts(session, actor, wanted, limit=200)
            mine = [
                row.contract for row in found.items if may(actor, Permission.RESIDUE_RETURN, row.contract.grantee_id)
            ]
            return page("disbursements/enter_residue.html", contract=None, choices=mine)
        contract = contracts.get_visible(session, actor, reference)
        own = institutions.verified_accounts(session, contract.grantee_id)
        theirs = institutions.verified_accounts(session, contract.funder_id, Currency(contract.currency))
    currency = Currency(contract.currency)
    form = HtmlForm(ResidueForm(currency=currency), initial={"sent_on": today(), "rate_base": Currency.HKD})
    if form.sent:
        made = form.run(lambda session, command: residue_service.enter(session, actor, command, now=now()).reference)
        if form.done:
            flash(gettext("The return is entered; a second person confirms and books it."), "success")
            return redirect(url_for("disbursements.residue_detail", reference=made))
    shown = page("disbursements/enter_residue.html", form=form, contract=contract, own=own, theirs=theirs)
    return shown, form.status


@pages.get("/residue-returns/<reference:reference>")
@requires(Permission.RESIDUE_READ)
def residue_detail(reference: str) -> ResponseReturnValue:
    """One return: components, accounts, who did what, and what comes next."""
    return _detail(reference)


def _detail(reference: str, form: HtmlForm | None = None) -> ResponseReturnValue:
    actor = current_actor()
    with unit_of_work() as session:
        row = queries.get_visible_return(session, actor, reference)
        contract: Contract = contracts.by_id(session, row.contract_id)
        parties = institutions.by_ids(session, [contract.funder_id, contract.grantee_id])
        names = people.names_of(
            session, [row.entered_by_id, row.confirmed_by_id, row.received_by_id], current_language().code
        )
        at_grantee = may(actor, Permission.RESIDUE_RETURN, contract.grantee_id)
        html = page(
            "disbursements/residue_detail.html",
            row=row,
            contract=contract,
            funder=parties[contract.funder_id],
            grantee=parties[contract.grantee_id],
            source=institutions.account_by_id(session, row.from_account_id),
            target=institutions.account_by_id(session, row.to_account_id),
            components=[
                (COMPONENT_NAMES[part.component], Money(part.amount_minor, Currency(row.currency)))
                for part in row.components
            ],
            paid=Money(row.paid_minor, Currency(row.paid_currency)) if row.paid_minor and row.paid_currency else None,
            names=names,
            form=form,
            arrived=HtmlForm(ResidueArrivedForm, initial={"version": row.version, "received_on": today()}),
            may_confirm=at_grantee and row.status == "ENTERED" and row.entered_by_id != actor.person_id,
            may_receive=may(actor, Permission.RESIDUE_CONFIRM, contract.funder_id) and row.status == "SENT",
            own=row.entered_by_id == actor.person_id,
            events=history(session, residue_service.SUBJECT, row.id),
        )
    return html, form.status if form is not None else 200


@pages.post("/residue-returns/<reference:reference>/confirm")
@requires(Permission.RESIDUE_RETURN)
def confirm_residue(reference: str) -> ResponseReturnValue:
    """A second person of the grantee confirms; the return is booked."""
    form = HtmlForm(SeenForm)
    form.run(
        lambda session, command: (
            residue_service.confirm(session, current_actor(), reference, command, now=now()).reference
        )
    )
    return _after(form, reference, gettext("The return is booked and on its way."))


@pages.post("/residue-returns/<reference:reference>/refuse")
@requires(Permission.RESIDUE_RETURN)
def refuse_residue(reference: str) -> ResponseReturnValue:
    """A second person of the grantee refuses what was entered."""
    form = HtmlForm(ReasonForm)
    form.run(
        lambda session, command: (
            residue_service.refuse(session, current_actor(), reference, command, now=now()).reference
        )
    )
    return _after(form, reference, gettext("Refused; nothing was booked."))


@pages.post("/residue-returns/<reference:reference>/receive")
@requires(Permission.RESIDUE_CONFIRM)
def receive_residue(reference: str) -> ResponseReturnValue:
    """The funder's accountant confirms the arrival."""
    form = HtmlForm(ResidueArrivedForm)
    form.run(
        lambda session, command: (
            residue_service.receive(session, current_actor(), reference, command, now=now()).reference
        )
    )
    return _after(form, reference, gettext("The arrival is booked; the money is back in the pocket."))


def _after(form: HtmlForm, reference: str, said: str) -> ResponseReturnValue:
    if not form.done:
        return _detail(reference, form)
    flash(said, "success")
    return redirect(url_for("disbursements.residue_detail", reference=reference))
