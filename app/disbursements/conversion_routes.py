"""The screens that keep what a bank quoted for a payment, or take it back; the rest stands on the payment's page."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.disbursements import comparing, conversion, dealing, queries, quote_service
from app.disbursements.blueprint import pages
from app.disbursements.commands import KeepQuote, WithdrawQuote
from app.disbursements.forms import QuoteForm, WithdrawQuoteForm
from app.disbursements.labels import SIDE_NAMES
from app.disbursements.models import Disbursement
from app.disbursements.states import ConversionSide, Firmness
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.web.forms import HtmlForm
from app.web.present import now
from app.web.templating import page
from app.web.wording import words


@pages.route("/disbursements/<reference:reference>/quote", methods=["GET", "POST"])
@requires(Permission.QUOTES_KEEP)
def keep_quote(reference: str) -> ResponseReturnValue:
    """Keep what a bank of one's own side quoted, before the money is converted."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        preset = _preset(session, row)
        shown = comparing.conversion_of(session, row, now=now())
    sides = [(side.value, words(SIDE_NAMES[side])) for side in sides_of(current_actor(), row)]
    form = HtmlForm(QuoteForm, initial=preset)
    if form.sent:
        form.run(_keep(reference))
        if form.done:
            flash(gettext("The quote is kept with the payment."), "success")
            return redirect(url_for("disbursements.detail", reference=reference) + "#conversion")
    return page("disbursements/keep_quote.html", form=form, row=row, conversion=shown, sides=sides), form.status


@pages.route("/disbursements/<reference:reference>/withdraw-quote", methods=["GET", "POST"])
@requires(Permission.QUOTES_KEEP)
def withdraw_quote(reference: str) -> ResponseReturnValue:
    """Take back a quote of one's own side's bank that was kept by mistake."""
    actor = current_actor()
    with unit_of_work() as session:
        row = queries.get_visible(session, actor, reference)
        options = [option for side in sides_of(actor, row) for option in quote_options(session, row, side)]
    form = HtmlForm(WithdrawQuoteForm, initial={"quote_id": request.args.get("quote", "")})
    if form.sent:
        form.run(_withdraw(reference))
        if form.done:
            flash(gettext("The quote is taken back. It stays on record."), "success")
            return redirect(url_for("disbursements.detail", reference=reference) + "#conversion")
    return page("disbursements/withdraw_quote.html", form=form, row=row, options=options), form.status


def sides_of(actor: Actor, row: Disbursement) -> list[ConversionSide]:
    """The sides whose bank the actor may keep quotes of."""
    places = ((ConversionSide.PAYER, row.funder_id), (ConversionSide.PAYEE, row.grantee_id))
    return [side for side, place in places if may(actor, Permission.QUOTES_KEEP, place)]


def quote_options(session: Session, row: Disbursement, side: ConversionSide) -> list[tuple[str, str]]:
    """The quotes of one side's bank as choices: bank, rate, until when."""
    return [(str(quote.id), _in_short(quote)) for quote in comparing.choosable(session, row, side)]


def _in_short(quote: Any) -> str:
    rate = dealing.rate_of(quote)
    text = f"{quote.bank} · 1 {rate.base} = {rate.value.normalize():f} {rate.quote}"
    return f"{text} · {quote.bank_reference}" if quote.bank_reference else text


def _preset(session: Session, row: Disbursement) -> dict[str, Any]:
    """Of the side asked for, else of the first side the actor keeps quotes of: its bank and that bank's market."""
    mine = sides_of(current_actor(), row) or [ConversionSide.PAYER]
    side = next((each for each in mine if each == request.args.get("side")), mine[0])
    key = row.payer_account_id if side is ConversionSide.PAYER else row.payee_account_id
    account = institutions.account_by_id(session, key)
    return {
        "side": side,
        "bank": account.bank_name,
        "base": Currency.HKD,
        "unit": 1,
        "market": conversion.market_of(account.bank_side),
        "firmness": Firmness.INDICATIVE,
        "asked_at": now(),
    }


def _keep(reference: str) -> Any:
    def run(session: Session, command: KeepQuote) -> str:
        return str(quote_service.keep(session, current_actor(), reference, command, now=now()).id)

    return run


def _withdraw(reference: str) -> Any:
    def run(session: Session, command: WithdrawQuote) -> str:
        return str(quote_service.withdraw(session, current_actor(), reference, command, now=now()).id)

    return run
