"""Screens of reconciliation: accounts, statements, a bank's file with its preview, matching, and a month's approval."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.evidence import queries as evidence
from app.institutions.models import BankAccount
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import periods
from app.people import queries as people
from app.reconciliation import figures, matching_service, month_service, notified, queries, statement_service, views
from app.reconciliation.ageing import AGE_LABELS, Age
from app.reconciliation.forms import (
    DATE_LABELS,
    AutomaticForm,
    FileForm,
    MatchForm,
    MonthForm,
    NothingForm,
    ReasonForm,
    SeenForm,
    StatementForm,
)
from app.reconciliation.models import BankMatch
from app.reconciliation.offers import FINDING_LABELS, STEP_LABELS, Step
from app.reconciliation.states import BASIS_LABELS, CERTAIN, DECIMAL_LABELS, SOURCE_LABELS, STANDING_LABELS
from app.web.downloads import attachment
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.schemas import PageQuery
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import all_in_words

pages = Blueprint("reconciliation", __name__)

MOST_SHOWN = 200
"""Open items on one page; what is matched makes room for the rest."""

PAGE_ROWS = 20
"""Statements, files or matches on one page of theirs."""

STEP_PAGES = {
    Step.SETTLE: ("disbursements.settle", "disbursements.settle"),
    Step.BOUNCE: ("disbursements.bounce", "disbursements.bounce"),
    Step.RECEIPT: ("disbursements.confirm_receipt", "disbursements.confirm-receipt"),
}
"""The form that each step is taken on, and the permission it asks for."""

MOST_EVENTS = 30
"""Events at the foot of an account's page; the trail has all of them."""


@pages.get("/bank")
@requires(Permission.BANK_READ)
def index() -> ResponseReturnValue:
    """The bank accounts one may read, each with the day up to which it is reconciled."""
    with unit_of_work() as session:
        actor = current_actor()
        waiting = queries.prepared_by_others(session, actor)
        found = views.accounts(session, actor)
        return page("reconciliation/index.html", accounts=found, waiting=waiting, banks=_by_id(found))


def _by_id(found: list[views.AccountView]) -> dict[UUID, BankAccount]:
    return {each.account.id: each.account for each in found}


@pages.get("/bank/<uuid:account_id>")
@requires(Permission.BANK_READ)
def detail(account_id: UUID) -> ResponseReturnValue:
    """An account: its statements, its months, its files, and what happened."""
    return _detail(account_id, HtmlForm(AutomaticForm)), 200


def _detail(account_id: UUID, form: HtmlForm) -> str:
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        done = {each.month: each for each in queries.months(session, account_id)}
        asked = load_query(PageQuery)
        setting = queries.automatic(session, account_id)
        open_months = figures.unreconciled_months(session, bank, today())
        return page(
            "reconciliation/detail.html",
            bank=bank,
            form=form,
            statements=queries.statement_pages(session, account_id, asked.cursor, PAGE_ROWS),
            months=sorted({*done, *open_months}, reverse=True),
            done=done,
            files=queries.file_pages(session, account_id, request.args.get("files") or None, PAGE_ROWS),
            sources=SOURCE_LABELS,
            ages=AGE_LABELS,
            setting=setting,
            names=people.names_of(session, [setting.changed_by_id] if setting else [], current_language().code),
            items=views.open_items(session, bank, today()),
            watched=notified.watched(session, bank, today()),
            standings=STANDING_LABELS,
            events=history(session, "bank_account", account_id)[:MOST_EVENTS],
        )


@pages.route("/bank/<uuid:account_id>/enter", methods=["GET", "POST"])
@requires(Permission.BANK_IMPORT)
def enter(account_id: UUID) -> ResponseReturnValue:
    """Type a statement from paper."""
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        initial = _next_statement(session, bank)
    form = HtmlForm(StatementForm, initial=initial)
    if form.sent:
        reference = form.run(
            lambda session, command: (
                statement_service.enter(session, current_actor(), account_id, command, now=now()).reference
            )
        )
        if form.done:
            flash(gettext("The statement is kept."), "success")
            return redirect(url_for("reconciliation.statement", account_id=account_id, reference=reference), 303)
    return page("reconciliation/enter.html", bank=bank, form=form), form.status


def _next_statement(session: Session, bank: BankAccount) -> dict[str, Any]:
    """What the next statement begins with: the day and the balance after the newest one."""
    standing = queries.statements(session, bank.id)
    if not standing:
        return {"currency": bank.currency}
    newest = standing[-1]
    first = newest.last_day.fromordinal(newest.last_day.toordinal() + 1)
    last = periods.month_end(first)
    return {"currency": bank.currency, "first_day": first, "last_day": last, "opening": newest.closing}


@pages.route("/bank/<uuid:account_id>/bring", methods=["GET", "POST"])
@requires(Permission.BANK_IMPORT)
def bring(account_id: UUID) -> ResponseReturnValue:
    """Bring a bank's file in; its preview comes next."""
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        layout = queries.last_layout(session, account_id)
        initial = _next_statement(session, bank)
        if layout:
            kept = ("booked_on", "value_on", "amount", "paid_in", "paid_out", "reference", "text", "date_form",
                    "decimal_mark")  # fmt: skip
            initial |= {name: layout.get(name) for name in kept}
    form = HtmlForm(FileForm, initial=initial)
    if form.sent:
        file_id = form.run(
            lambda session, command: str(
                statement_service.bring(session, current_actor(), account_id, command, now=now()).id
            )
        )
        if form.done:
            return redirect(url_for("reconciliation.preview", account_id=account_id, file_id=file_id), 303)
    shown = page("reconciliation/bring.html", bank=bank, form=form, dates=DATE_LABELS, decimals=DECIMAL_LABELS)
    return shown, form.status


@pages.get("/bank/<uuid:account_id>/files/<uuid:file_id>")
@requires(Permission.BANK_READ)
def preview(account_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """What a bank's file says, before and after it is taken."""
    return _preview(account_id, file_id, HtmlForm(SeenForm)), 200


def _preview(account_id: UUID, file_id: UUID, form: HtmlForm) -> str:
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        kept = queries.file(session, account_id, file_id)
        read = statement_service.preview(session, bank, kept)
        return page(
            "reconciliation/preview.html",
            bank=bank,
            file=kept,
            read=read,
            notified=statement_service.notices(bank, kept),
            notes=all_in_words(statement_service.notes(session, bank, kept, read)),
            taken=queries.statements_of_file(session, file_id),
            names=people.names_of(session, [kept.brought_by_id], current_language().code),
            form=form,
            most_shown=MOST_SHOWN,
        )


@pages.post("/bank/<uuid:account_id>/files/<uuid:file_id>/take")
@requires(Permission.BANK_IMPORT)
def take(account_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """Take every statement of a file."""
    form = HtmlForm(SeenForm)

    def run(session: Session, command: Any) -> int:
        taken = statement_service.take(session, current_actor(), account_id, file_id, command, now=now())
        return len(taken)

    count = form.run(run)
    if form.done and not count:
        flash(gettext("What the bank notified is kept; its statement will show it."), "success")
        return redirect(url_for("reconciliation.detail", account_id=account_id), 303)
    if form.done:
        flash(ngettext("%(num)s statement is taken.", "%(num)s statements are taken.", count), "success")
        return redirect(url_for("reconciliation.detail", account_id=account_id), 303)
    return _preview(account_id, file_id, form), form.status


@pages.get("/bank/<uuid:account_id>/files/<uuid:file_id>/original")
@requires(Permission.BANK_READ)
def original(account_id: UUID, file_id: UUID) -> ResponseReturnValue:
    """The file as the bank made it."""
    with unit_of_work() as session:
        queries.account(session, current_actor(), account_id)
        kept = queries.file(session, account_id, file_id)
        return attachment(kept.content, kept.media_type, kept.filename)


@pages.get("/bank/<uuid:account_id>/statements/<reference:reference>")
@requires(Permission.BANK_READ)
def statement(account_id: UUID, reference: str) -> ResponseReturnValue:
    """A statement with its lines, each matched or not."""
    return _statement(account_id, reference, HtmlForm(ReasonForm)), 200


def _statement(account_id: UUID, reference: str, form: HtmlForm) -> str:
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        row = queries.statement(session, account_id, reference)
        return page(
            "reconciliation/statement.html",
            bank=bank,
            statement=row,
            lines=views.balances_beside(row.lines, row.opening),
            told=notified.of_lines(session, account_id, row.lines),
            matched=queries.cleared_lines(session, account_id),
            documents=evidence.of_record(session, statement_service.EVIDENCE_KIND, row.id),
            sources=SOURCE_LABELS,
            names=people.names_of(session, [row.entered_by_id], current_language().code),
            form=form,
        )


@pages.post("/bank/<uuid:account_id>/statements/<reference:reference>/withdraw")
@requires(Permission.BANK_IMPORT)
def withdraw(account_id: UUID, reference: str) -> ResponseReturnValue:
    """Withdraw the newest statement."""
    form = HtmlForm(ReasonForm)
    form.run(
        lambda session, command: (
            statement_service.withdraw(session, current_actor(), account_id, reference, command, now=now()).reference
        )
    )
    if form.done:
        flash(gettext("The statement is withdrawn."), "success")
        return redirect(url_for("reconciliation.detail", account_id=account_id), 303)
    return _statement(account_id, reference, form), form.status


@pages.route("/bank/<uuid:account_id>/match", methods=["GET", "POST"])
@requires(Permission.BANK_RECONCILE)
def match(account_id: UUID) -> ResponseReturnValue:
    """Lines of the bank beside postings of the book: suggestions first, then what is ticked on both sides."""
    form = HtmlForm(MatchForm)
    if form.sent:
        form.run(
            lambda session, command: str(
                matching_service.match(session, current_actor(), account_id, command, now=now()).id
            )
        )
        if form.done:
            flash(gettext("They are matched."), "success")
            return redirect(url_for("reconciliation.match", account_id=account_id), 303)
    return _match(account_id, form), form.status


def _match(account_id: UUID, form: HtmlForm) -> str:
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        earlier = request.args.get("earlier") == "1"
        items = views.open_items(session, bank, today(), earlier=earlier)
        made = queries.match_pages(session, account_id, load_query(PageQuery).cursor, PAGE_ROWS)
        age, order = request.args.get("age", ""), request.args.get("order", "")
        lines, postings = views.narrowed(items, age if age in list(Age) else "", order, today())
        return page(
            "reconciliation/match.html",
            bank=bank,
            items=items,
            form=form,
            earlier=earlier,
            certain=sum(each.basis in CERTAIN for each in items.suggestions),
            bases=BASIS_LABELS,
            place_of=matching_service.place_of,
            lines={line.id: line for line in items.figures.lines},
            told=notified.of_lines(session, account_id, items.figures.lines),
            postings={(row.entry_id, row.line_no): row for row in items.figures.postings},
            open_lines=lines,
            open_postings=postings,
            age=age,
            order=order,
            ages=AGE_LABELS,
            steps=STEP_LABELS,
            findings=FINDING_LABELS,
            step_pages=STEP_PAGES,
            matches=made.map(lambda each: (each, _sum_of(each, bank))),
            names=people.names_of(session, [each.matched_by_id for each in made.items], current_language().code),
            approved_to=_standing_to(session, account_id),
            most_shown=MOST_SHOWN,
        )


def _sum_of(match: BankMatch, bank: BankAccount) -> Money:
    """What a match is about: its postings together; the lines come to the same."""
    currency = Currency(bank.currency)
    return total((Money(each.amount_minor, currency) for each in match.postings), currency)


def _standing_to(session: Session, account_id: UUID) -> Any:
    """The last day of the newest month that is prepared or approved: matches that count up to it stand."""
    return max((periods.month_end(each.month) for each in queries.months(session, account_id)), default=None)


@pages.post("/bank/<uuid:account_id>/match-certain")
@requires(Permission.BANK_RECONCILE)
def match_certain(account_id: UUID) -> ResponseReturnValue:
    """Take every suggestion that agrees by reference and amount."""
    form = HtmlForm(NothingForm)
    count = form.run(
        lambda session, command: len(matching_service.match_certain(session, current_actor(), account_id, now=now()))
    )
    if form.done:
        flash(ngettext("%(num)s match is made.", "%(num)s matches are made.", count), "success")
        return redirect(url_for("reconciliation.match", account_id=account_id), 303)
    return _match(account_id, form), form.status


@pages.post("/bank/<uuid:account_id>/automatic")
@requires(Permission.BANK_RECONCILE)
def switch_automatic(account_id: UUID) -> ResponseReturnValue:
    """Switch matching by identifier on or off for the account."""
    form = HtmlForm(AutomaticForm)
    form.run(
        lambda session, command: str(
            matching_service.switch_automatic(session, current_actor(), account_id, command, now=now()).bank_account_id
        )
    )
    if form.done:
        flash(gettext("The setting is kept."), "success")
        return redirect(url_for("reconciliation.detail", account_id=account_id), 303)
    return _detail(account_id, form), form.status


@pages.get("/bank/<uuid:account_id>/ageing.csv")
@requires(Permission.BANK_READ)
def ageing_file(account_id: UUID) -> ResponseReturnValue:
    """What is unmatched on either side, with the age of each, for a spreadsheet."""
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        return attachment(*views.ageing_file(session, bank, today()))


@pages.post("/bank/<uuid:account_id>/matches/<uuid:match_id>/undo")
@requires(Permission.BANK_RECONCILE)
def undo(account_id: UUID, match_id: UUID) -> ResponseReturnValue:
    """Take a match apart."""
    form = HtmlForm(NothingForm)

    def run(session: Session, _command: Any) -> str:
        matching_service.undo(session, current_actor(), account_id, match_id, now=now())
        return str(match_id)

    form.run(run)
    if form.done:
        flash(gettext("The match is undone."), "success")
        return redirect(url_for("reconciliation.match", account_id=account_id), 303)
    return _match(account_id, form), form.status


@pages.get("/bank/<uuid:account_id>/months/<month>")
@requires(Permission.BANK_READ)
def month(account_id: UUID, month: str) -> ResponseReturnValue:
    """A month: both balances and every difference, and the steps of its approval."""
    return _month(account_id, month, HtmlForm(MonthForm)), 200


def _month(account_id: UUID, month: str, form: HtmlForm) -> str:
    with unit_of_work() as session:
        bank = queries.account(session, current_actor(), account_id)
        first_day = month_service.first_day_of(month, today())
        seen = views.month_view(session, bank, first_day, today())
        rows = [each for each in (seen.standing, *seen.returned) if each is not None]
        named = {key for row in rows for key in (row.prepared_by_id, row.approved_by_id, row.returned_by_id) if key}
        return page(
            "reconciliation/month.html",
            bank=bank,
            name=month,
            v=seen,
            found=seen.figures,
            last_day=periods.month_end(first_day),
            form=form,
            names=people.names_of(session, named, current_language().code),
            me=current_actor().person_id,
        )


@pages.post("/bank/<uuid:account_id>/months/<month>/prepare")
@requires(Permission.BANK_RECONCILE)
def prepare(account_id: UUID, month: str) -> ResponseReturnValue:
    """Prepare a month for another person."""
    said = gettext("The month is prepared. Another person approves it.")
    return _step(account_id, month, MonthForm, month_service.prepare, said)


@pages.post("/bank/<uuid:account_id>/months/<month>/approve")
@requires(Permission.BANK_APPROVE)
def approve(account_id: UUID, month: str) -> ResponseReturnValue:
    """Approve a prepared month."""
    return _step(account_id, month, SeenForm, month_service.approve, gettext("The month is reconciled and approved."))


@pages.post("/bank/<uuid:account_id>/months/<month>/return")
@requires(Permission.BANK_READ)
def send_back(account_id: UUID, month: str) -> ResponseReturnValue:
    """Return a prepared month: whoever may approve it, or whoever prepared it."""
    return _step(account_id, month, ReasonForm, month_service.send_back, gettext("The month is open again."))


def _step(account_id: UUID, month: str, schema: Any, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)

    def run(session: Session, command: Any) -> str:
        return str(verb(session, current_actor(), account_id, month, command, now=now()).id)

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("reconciliation.month", account_id=account_id, month=month), 303)
    return _month(account_id, month, form), form.status
