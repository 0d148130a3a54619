"""Screens of payment files: the list with what waits, a new file with its preview, a file's life, banks' profiles."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound, Refusal
from app.kernel.money import total
from app.payment_files import answer_service, making, profile_routes, queries, return_service, service, showing
from app.payment_files.blueprint import pages as pages
from app.payment_files.commands import MakeFile
from app.payment_files.forms import AnswerForm, FileQuery, MakeForm, ReasonForm, ReturnAllForm, SeenForm, SendForm
from app.payment_files.labels import STATUS_NAMES, WHO_NEXT
from app.payment_files.models import PaymentFile
from app.payment_files.queries import FileFilter
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language
from app.web.uploads import XML
from app.web.wording import words

VIEWS: tuple[ModuleType, ...] = (profile_routes,)
"""The other modules whose views stand on this blueprint."""

MOST_SHOWN = 200
"""Payments previewed on one page; everything that stands in the way is told whatever their number."""


@pages.get("/payments")
@requires(Permission.PAYMENT_FILES_READ)
def index() -> ResponseReturnValue:
    """Payment files with filters, and what waits to be paid."""
    asked = load_query(FileQuery)
    wanted = FileFilter(asked["status"], asked["account"])
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.listed(session, actor, wanted, asked["cursor"] or None, asked["limit"])
        waiting = queries.waiting(session, actor)
        keys = {each.bank_account_id for each in found.items} | {each.account_id for each in waiting}
        return page(
            "payment_files/index.html",
            found=found,
            wanted=wanted,
            waiting=waiting,
            counts=queries.counts(session, actor),
            statuses=STATUS_NAMES,
            accounts={key: institutions.account_by_id(session, key) for key in keys},
        )


@pages.route("/payments/new", methods=["GET", "POST"])
@requires(Permission.PAYMENT_FILES_MAKE)
def new() -> ResponseReturnValue:
    """Pick an account, then its payments; what the bank will see stands beside what is on file."""
    actor = current_actor()
    chosen = _chosen()
    if chosen is None:
        with unit_of_work() as session:
            waiting = queries.waiting(session, actor)
            accounts = {each.account_id: institutions.account_by_id(session, each.account_id) for each in waiting}
            return page("payment_files/choose.html", waiting=waiting, accounts=accounts)
    with unit_of_work() as session:
        context = _context(session, *chosen)
    form = HtmlForm(MakeForm, initial=context["preset"])
    if form.sent and "look" not in request.form:
        made = form.run(lambda session, command: service.make(session, actor, command, now=now()).reference)
        if form.done:
            flash(gettext("The file is made; signatories of the bank mandate sign it."), "success")
            return redirect(url_for("payment_files.detail", reference=made))
    with unit_of_work() as session:
        seen = _preview(session, form)
        shown = page("payment_files/new.html", form=form, seen=seen, most_shown=MOST_SHOWN, **context)
    return shown, form.status


def _chosen() -> tuple[UUID, Currency] | None:
    with suppress(ValueError):
        return UUID(request.values.get("account_id", "")), Currency(request.values.get("currency", ""))
    return None


def _context(session: Session, account_id: UUID, currency: Currency) -> dict[str, Any]:
    """The waiting payments of an account and currency, the rails that fit them, and what the form begins with.

    Ticked is what goes together by the rail that carries most of them; the rest, and other rails, say why not.
    """
    actor = current_actor()
    account = service.account_of(session, actor, account_id, Permission.PAYMENT_FILES_MAKE)
    rows = queries.waiting_payments(session, actor, account_id, currency)
    payees = making.payees_of(session, rows)
    day = max([today() + timedelta(days=1), *(row.requested_value_date for row in rows[:1])])
    fits = making.rail_fits(session, account, rows, payees, day)
    useful = [each for each in fits if len(each.misfits) < len(rows)]
    first = useful[0] if useful else None
    preset = {
        "account_id": account_id,
        "currency": currency,
        "rail": first.rail.code if first else "",
        "execute_on": making.first_day(session, first.rail, day) if first else day,
        "disbursements": [row.reference for row in rows if first is not None and row.id not in first.misfits],
    }
    return {
        "account": account,
        "currency": currency,
        "rows": rows,
        "payees": payees,
        "rails": [(each.rail.code, words(each.rail.name)) for each in useful],
        "unfit": [(each.rail, each.misfits[rows[0].id]) for each in fits if each not in useful],
        "apart": first.misfits if first else {},
        "sum": total((row.amount for row in rows), currency),
        "preset": preset,
    }


def _preview(session: Session, form: HtmlForm) -> making.Gathered | None:
    """What the bank would see of the form as it stands; None where it says too little."""
    if request.method == "POST" and "look" in request.form:
        form.key = uuid4().hex
    try:
        command: MakeFile = form.schema.to_command(form.values, strict=False)
        return service.preview(session, current_actor(), command, now=now())
    except NotFound:
        raise
    except Refusal as refusal:
        if form.sent and not form.errors:
            form.refuse(refusal)
        return None


@pages.get("/payments/<reference:reference>")
@requires(Permission.PAYMENT_FILES_READ)
def detail(reference: str) -> ResponseReturnValue:
    """A file: control totals, payments, signatures, answers, and what happened."""
    return _detail(reference)


def _detail(reference: str, form: HtmlForm | None = None) -> ResponseReturnValue:
    actor = current_actor()
    with unit_of_work() as session:
        row = queries.get_visible(session, actor, reference)
        shown = showing.page_of(session, actor, row, current_language().code)
        html: str = page("payment_files/detail.html", form=form, who_next=WHO_NEXT[row.status], **shown)
    return html, form.status if form is not None else 200


@pages.get("/payments/<reference:reference>/file")
@requires(Permission.PAYMENT_FILES_SEND)
def download(reference: str) -> ResponseReturnValue:
    """The bytes for the bank, the same every time."""
    with unit_of_work() as session:
        row = service.download(session, current_actor(), reference, now=now())
        return attachment(row.content, XML, row.filename)


@pages.post("/payments/<reference:reference>/sign")
@requires(Permission.PAYMENT_FILES_SIGN)
def sign(reference: str) -> ResponseReturnValue:
    """Sign the bytes of the file."""
    return _press(reference, HtmlForm(SeenForm), service.sign, gettext("Your signature is kept."))


@pages.post("/payments/<reference:reference>/send")
@requires(Permission.PAYMENT_FILES_SEND)
def send(reference: str) -> ResponseReturnValue:
    """Enter that the file went to the bank."""
    return _press(reference, HtmlForm(SendForm), service.send, gettext("The file is marked as sent."))


@pages.post("/payments/<reference:reference>/withdraw")
@requires(Permission.PAYMENT_FILES_MAKE)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take the file back before it was sent."""
    said = gettext("The file is withdrawn; its payments may go into another one.")
    return _press(reference, HtmlForm(ReasonForm), service.withdraw, said)


@pages.post("/payments/<reference:reference>/answer")
@requires(Permission.PAYMENT_FILES_SEND)
def answer(reference: str) -> ResponseReturnValue:
    """Bring the bank's answer in."""
    form = HtmlForm(AnswerForm)

    def take(session: Session, command: Any) -> str:
        taken = answer_service.take(session, current_actor(), reference, command, now=now())
        return "again" if taken.again else "taken"

    outcome = form.run(take)
    if not form.done:
        return _detail(reference, form)
    if outcome == "again":
        flash(gettext("This answer was taken before; nothing was taken again."), "warning")
    else:
        flash(gettext("The bank's answer is taken."), "success")
    return redirect(url_for("payment_files.detail", reference=reference))


@pages.post("/payments/<reference:reference>/return-all")
@requires(Permission.DISBURSEMENTS_BOUNCE)
def return_all(reference: str) -> ResponseReturnValue:
    """Enter that everything in a rejected file comes back."""
    said = gettext("Every payment of the file is entered as returned; their amounts are held again.")
    return _press(reference, HtmlForm(ReturnAllForm), return_service.return_all, said)


def _press(reference: str, form: HtmlForm, verb: Callable[..., PaymentFile], said: str) -> ResponseReturnValue:
    form.run(lambda session, command: verb(session, current_actor(), reference, command, now=now()).reference)
    if not form.done:
        return _detail(reference, form)
    flash(said, "success")
    return redirect(url_for("payment_files.detail", reference=reference))
