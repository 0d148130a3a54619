"""Screens around the banks: release, settlement, bounce, receipt, documents of the route, bank mandates."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.corridor import queries as corridor
from app.corridor.states import CODE_LIST_NAMES
from app.db.unit_of_work import unit_of_work
from app.disbursements import comparing, dealing, document_service, payment_service, queries, receipt_service
from app.disbursements.blueprint import pages
from app.disbursements.conversion_routes import quote_options
from app.disbursements.forms import (
    BounceForm,
    DocumentForm,
    MandateForm,
    MinutesForm,
    ReceiptForm,
    SettleForm,
    WithdrawForm,
)
from app.disbursements.models import Disbursement
from app.disbursements.states import ConversionSide
from app.institutions import queries as institutions
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.web.forms import HtmlForm
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language


@pages.route("/disbursements/<reference:reference>/settle", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_SETTLE)
def settle(reference: str) -> ResponseReturnValue:
    """Enter the payer's bank line."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        account = institutions.account_by_id(session, row.payer_account_id)
        converts = dealing.side_of(row, dealing.currencies_of(session, row)) is ConversionSide.PAYER
        quotes = quote_options(session, row, ConversionSide.PAYER) if converts else []
    currency = Currency(account.currency)
    same = account.currency == row.currency
    preset = {
        "version": row.version,
        "value_date": today(),
        "bank_currency": account.currency,
        "debited": row.amount if same else None,
        "charge": Money.zero(currency),
        "rate_base": Currency.HKD,
        **_from_a_line("value_date", "bank_reference", "debited", "charge"),
    }
    form = HtmlForm(SettleForm(currency=currency), initial=preset)
    if form.sent:
        form.run(_verb(payment_service.settle, reference))
        if form.done:
            flash(gettext("The bank's line is entered: settled."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    shown = page("disbursements/settle.html", form=form, row=row, account=account, converts=converts, quotes=quotes)
    return shown, form.status


@pages.route("/disbursements/<reference:reference>/bounce", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_BOUNCE)
def bounce(reference: str) -> ResponseReturnValue:
    """The bank sent the money back."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
    given = _from_a_line("value_date", "bank_reference", "reason")
    form = HtmlForm(BounceForm, initial={"version": row.version, "value_date": today(), **given})
    if form.sent:
        form.run(_verb(payment_service.bounce, reference))
        if form.done:
            flash(gettext("The return is entered; the money is held for the contract again."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    return page("disbursements/bounce.html", form=form, row=row), form.status


@pages.route("/disbursements/<reference:reference>/receipt", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_CONFIRM_RECEIPT)
def confirm_receipt(reference: str) -> ResponseReturnValue:
    """The grantee's finance officer says what arrived, when, at which rate, less which charges."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        accounts = institutions.verified_accounts(session, row.grantee_id)
        paid_to = institutions.account_by_id(session, row.payee_account_id)
        side = dealing.side_of(row, dealing.currencies_of(session, row))
        quotes = quote_options(session, row, ConversionSide.PAYEE) if side is ConversionSide.PAYEE else []
        expected = comparing.conversion_of(session, row, now=now())
    at_payers = side is ConversionSide.PAYER and paid_to.currency != row.currency
    dealt = dealing.settlement_rate_of(row) if at_payers else None
    preset = {
        "version": row.version,
        "bank_account_id": row.payee_account_id,
        "value_date": today(),
        "received_currency": paid_to.currency,
        "received": row.amount if paid_to.currency == row.currency else None,
        "charge_currency": paid_to.currency,
        "rate_base": dealt.base if dealt else Currency.HKD,
        "dealt_rate": dealt.value.normalize() if dealt else None,
        **_from_a_line("value_date", "bank_reference", "received", "charge"),
    }
    form = HtmlForm(ReceiptForm, initial=preset)
    if form.sent:
        form.run(_verb(receipt_service.confirm, reference))
        if form.done:
            flash(gettext("The receipt is confirmed and booked."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    shown = page(
        "disbursements/confirm_receipt.html",
        form=form,
        row=row,
        accounts=accounts,
        converted=paid_to.currency != row.currency,
        quotes=quotes,
        conversion=expected,
        dealt=dealt,
    )
    return shown, form.status


@pages.route("/disbursements/<reference:reference>/withdraw-receipt", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_CONFIRM_RECEIPT)
def withdraw_receipt(reference: str) -> ResponseReturnValue:
    """Take a mistaken confirmation back."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        receipt = row.receipt
    form = HtmlForm(WithdrawForm, initial={"version": row.version, "reversed_on": today()})
    if form.sent:
        form.run(_verb(receipt_service.withdraw, reference))
        if form.done:
            flash(gettext("The confirmation is taken back; its entry is reversed."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    return page("disbursements/withdraw_receipt.html", form=form, row=row, receipt=receipt), form.status


@pages.route("/disbursements/<reference:reference>/documents", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_DRAFT)
def list_document(reference: str) -> ResponseReturnValue:
    """List a document the route asks for."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        needs = document_service.listable(session, row, now())
        lists = {need.code_list: corridor.codes_of(session, need.code_list) for need in needs if need.code_list}
    form = HtmlForm(DocumentForm, initial={"code": request.args.get("code", "")})
    if form.sent:
        form.run(_verb(document_service.list_document, reference))
        if form.done:
            flash(gettext("The document is listed; a second person confirms it."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    shown = page(
        "disbursements/list_document.html", form=form, row=row, needs=needs, lists=lists, names=CODE_LIST_NAMES
    )
    return shown, form.status


@pages.route("/disbursements/<reference:reference>/minutes", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_DRAFT)
def attach_minutes(reference: str) -> ResponseReturnValue:
    """Attach the minutes of the collective decision."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
    form = HtmlForm(MinutesForm)
    if form.sent:
        form.run(_verb(document_service.attach_minutes, reference))
        if form.done:
            flash(gettext("The minutes are attached."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    return page("disbursements/attach_minutes.html", form=form, row=row), form.status


@pages.route("/disbursements/mandates", methods=["GET", "POST"])
@requires(Permission.BANK_ACCOUNTS_READ)
def mandates() -> ResponseReturnValue:
    """Bank mandates of the accounts of one's institutions: how many signatories above which amount."""
    actor = current_actor()
    form = HtmlForm(MandateForm, initial={"first_day": today(), "signatories": 1})
    if form.sent:
        form.run(lambda session, command: document_service.enter_mandate(session, actor, command, now=now()).id)
        if form.done:
            flash(gettext("The mandate is entered; a second person confirms it."), "success")
            return redirect(url_for("disbursements.mandates"))
    with unit_of_work() as session:
        places = institutions.by_ids(session, actor.institutions())
        held = queries.mandates_at(session, list(places))
        accounts = [account for place in places for account in institutions.verified_accounts(session, place)]
        shown = page(
            "disbursements/mandates.html",
            form=form,
            accounts=accounts,
            places=places,
            held=held,
            may_enter=may(actor, Permission.BANK_ACCOUNTS_ENTER),
            may_confirm=may(actor, Permission.BANK_ACCOUNTS_VERIFY),
            me=actor.person_id,
            amount_of=lambda mandate, account: Money(mandate.above_minor, Currency(account.currency)),
            language_code=current_language().code,
        )
    return shown, form.status


@pages.post("/disbursements/mandates/<uuid:mandate_id>/confirm")
@requires(Permission.BANK_ACCOUNTS_VERIFY)
def confirm_mandate(mandate_id: UUID) -> ResponseReturnValue:
    """Confirm a mandate somebody else entered."""
    with unit_of_work() as session:
        document_service.confirm_mandate(session, current_actor(), mandate_id, now=now())
    flash(gettext("The mandate is confirmed."), "success")
    return redirect(url_for("disbursements.mandates"))


def _from_a_line(*names: str) -> dict[str, str]:
    """What a line of the bank fills the form with, named in the address; what is posted is what the form says."""
    return {name: request.args[name] for name in names if request.args.get(name)}


def _verb(function: Callable[..., Disbursement], reference: str) -> Callable[..., str]:
    """A verb on one disbursement, as a form runs it."""
    return lambda session, command: function(session, current_actor(), reference, command, now=now()).reference
