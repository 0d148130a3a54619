"""Screens of journals: the list, the form with its lines, one journal and the second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.audit.timeline import history
from app.contracts.fund_control import cost_bearer
from app.contracts.terms.negative_list import NEGATIVE_LIST
from app.db.unit_of_work import unit_of_work
from app.evidence import queries as evidence
from app.institutions import queries as institutions
from app.journals import queries, service, workings
from app.journals.forms import (
    HEADING_LABELS,
    KIND_LABELS,
    STATUS_LABELS,
    CorrectForm,
    DecideForm,
    JournalForm,
    JournalListForm,
    ReasonForm,
    WhatIfForm,
)
from app.journals.models import Journal
from app.journals.states import JournalKind, JournalStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused, NotFound
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.chart import CHART
from app.people import queries as people
from app.people.authority import queries as authority
from app.web.forms import HtmlForm, load_form, load_query
from app.web.present import now, today
from app.web.schemas import Form
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import named

pages = Blueprint("journals", __name__)


@pages.get("/journals")
@requires(Permission.JOURNALS_READ)
def index() -> ResponseReturnValue:
    """Journals in scope, newest first, with those that wait for the reader above them."""
    filters = load_query(JournalListForm)
    with unit_of_work() as session:
        actor = current_actor()
        return page(
            "journals/index.html",
            journals=queries.listed(session, actor, filters),
            waiting=queries.awaiting_approval_by(session, actor),
            filters=filters,
            kinds=KIND_LABELS,
            statuses=STATUS_LABELS,
            amounts_of=amounts_of,
        )


@pages.route("/journals/new", methods=["GET", "POST"])
@requires(Permission.JOURNALS_DRAFT)
def submit() -> ResponseReturnValue:
    """Enter a journal and submit it for a second person."""
    initial: dict[str, Any] = {
        "kind": request.args.get("kind", JournalKind.COST),
        "effective_on": today(),
        "reverses_entry_id": request.args.get("reverses", ""),
        "institution_id": request.args.get("book", ""),
        "closes_contract_id": request.args.get("closes", ""),
        "moves_entry_id": request.args.get("moves", ""),
    }
    if not request.form and request.args.get("moves"):
        initial["lines"] = _lines_to_move(request.args.get("book", ""), request.args["moves"])
    form = HtmlForm(JournalForm, initial=initial)
    if form.sent:
        reference = form.run(
            lambda session, command: service.submit(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            flash(gettext("The journal waits for a second person. Nothing is posted yet."), "success")
            return redirect(url_for("journals.detail", reference=reference), 303)
    return _form_page(form, None), form.status


@pages.post("/journals/what-if")
@requires(Permission.JOURNALS_DRAFT)
def what_if() -> ResponseReturnValue:
    """What the journal as typed would leave of the budget, before it is sent; a part of the form's page."""
    found: Any = None
    try:
        command = load_form(WhatIfForm)
        with unit_of_work() as session:
            found = service.effects(session, current_actor(), command, now=now())
    except (InputRefused, NotFound):
        found = None
    return render_template("journals/_what_if.html", found=found)


@pages.route("/journals/<reference:reference>/correct", methods=["GET", "POST"])
@requires(Permission.JOURNALS_DRAFT)
def correct(reference: str) -> ResponseReturnValue:
    """Correct a returned journal and submit it again."""
    with unit_of_work() as session:
        journal = queries.visible_journal(session, current_actor(), reference)
        initial = _as_typed(journal)
    form = HtmlForm(CorrectForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: service.correct(session, current_actor(), journal.id, command, now=now()).reference
        )
        if form.done:
            flash(gettext("The journal waits for a second person. Nothing is posted yet."), "success")
            return redirect(url_for("journals.detail", reference=reference), 303)
    return _form_page(form, reference), form.status


def _as_typed(journal: Journal) -> dict[str, Any]:
    names = ("version", "institution_id", "kind", "effective_on", "reason", "counterparty", "bank_account_id")
    lines = [
        {
            "contract_id": line.contract_id,
            "heading": line.heading,
            "description": line.description,
            "currency": line.currency,
            "amount": Money(line.amount_minor, Currency(line.currency)),
            "to_contract_id": line.to_contract_id,
            "to_heading": line.to_heading,
            "place_of_spend": line.place_of_spend,
        }
        for line in journal.lines
    ]
    return {name: getattr(journal, name) for name in names} | {
        "negative_list_declared": journal.negative_list_declared,
        "reverses_entry_id": journal.reverses_entry_id,
        "moves_entry_id": journal.moves_entry_id,
        "lines": lines,
    }


def _beyond(session: Session, actor: Actor, journal: Journal) -> list[Breach]:
    """Why the reader's authority does not reach this journal, for who may approve journals and did not make it."""
    if journal.made_by_id == actor.person_id or not may(actor, Permission.JOURNALS_APPROVE, journal.institution_id):
        return []
    cases = service.approval_cases(session, journal)
    return [breach for case in cases for breach in authority.check_approval(session, actor, case, today())]


def _lines_to_move(institution_id: str, entry_id: str) -> list[dict[str, Any]]:
    """What is left of an entry's cost, as lines of a transfer to be completed; nothing for who may not draft there."""
    actor = current_actor()
    if not entry_id.isascii() or not entry_id.isdecimal() or len(entry_id) > 15:
        return []
    with unit_of_work() as session:
        place = next(
            (p for p in institutions_granting(actor, Permission.JOURNALS_DRAFT) if str(p) == institution_id), None
        )
        moved = queries.moved_entry(session, place, int(entry_id)) if place is not None else None
    if moved is None:
        return []
    return [
        {"contract_id": contract_id, "heading": heading, "currency": amount.currency, "amount": amount}
        for (contract_id, heading), amount in moved.remaining.items()
        if amount.minor > 0
    ]


def _is_movable(session: Session, journal: Journal) -> bool:
    """Whether something is left of the journal's cost that a transfer could move."""
    if journal.status != JournalStatus.APPROVED:
        return False
    moved = queries.moved_entry(session, journal.institution_id, journal.entry_id)
    return moved is not None and any(amount.minor > 0 for amount in moved.remaining.values())


def _form_page(form: HtmlForm, reference: str | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        books = institutions.by_ids(session, institutions_granting(actor, Permission.JOURNALS_DRAFT))
        contracts = [contract for key in books for contract in queries.own_contracts(session, key)]
        accounts = [account for key in books for account in institutions.verified_accounts(session, key)]
        return page(
            "journals/form.html",
            form=form,
            reference=reference,
            books=[(str(book.id), f"{book.code} {named(book)}") for book in books.values()],
            contracts=[(str(each.id), f"{each.reference} ({each.currency})") for each in contracts],
            accounts=[(str(a.id), f"{a.currency} {a.masked_number} {a.bank_name}") for a in accounts],
            kinds=KIND_LABELS,
            headings=HEADING_LABELS,
            negative_list=NEGATIVE_LIST,
        )


@pages.get("/journals/<reference:reference>")
@requires(Permission.JOURNALS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One journal: its lines, its checks, what it posts, its evidence and what happened."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        journal = queries.visible_journal(session, actor, reference)
        waiting = journal.status == JournalStatus.SUBMITTED
        return page(
            "journals/detail.html",
            journal=journal,
            book=institutions.by_id(session, journal.institution_id),
            lines=[_line_view(session, line) for line in journal.lines],
            checks=service.check(session, journal, now()) if waiting else [],
            beyond=_beyond(session, actor, journal) if waiting else [],
            documents=evidence.of_record(session, service.EVIDENCE_KIND, journal.id),
            sheet=workings.sheet_of(session, journal),
            posted=[
                row
                for entry_id in (journal.red_entry_id, journal.entry_id)
                if entry_id is not None
                for row in balances.postings(session, balances.Selection(entry_id=entry_id))
            ],
            movable=_is_movable(session, journal),
            names=people.names_of(session, [journal.made_by_id, journal.approved_by_id], current_language().code),
            kinds=KIND_LABELS,
            account_name=lambda code: CHART[code].name,
            mine=journal.made_by_id == actor.person_id,
            events=history(session, "journal", journal.id),
            form=form,
        )


def _line_view(session: Session, line: Any) -> dict[str, Any]:
    contract = cost_bearer(session, line.contract_id)
    target = cost_bearer(session, line.to_contract_id) if line.to_contract_id else None
    return {
        "number": line.number,
        "contract": contract.reference,
        "to_contract": target.reference if target else "",
        "heading": HEADING_LABELS.get(line.heading, ""),
        "to_heading": HEADING_LABELS.get(line.to_heading, ""),
        "description": line.description,
        "amount": Money(line.amount_minor, Currency(line.currency)),
        "rate": line.rate,
        "contract_currency": contract.currency,
    }


@pages.post("/journals/<reference:reference>/approve")
@requires(Permission.JOURNALS_APPROVE)
def approve(reference: str) -> ResponseReturnValue:
    """Approve a journal and post it."""

    def run(session: Session, actor: Any, journal: Journal, command: dict[str, Any]) -> None:
        service.approve(session, actor, journal.id, version=command["version"], now=now())

    return _decide(reference, DecideForm, run, gettext("The journal is approved and posted."))


@pages.post("/journals/<reference:reference>/return")
@requires(Permission.JOURNALS_APPROVE)
def send_back(reference: str) -> ResponseReturnValue:
    """Return a journal to its maker with a reason."""

    def run(session: Session, actor: Any, journal: Journal, command: dict[str, Any]) -> None:
        service.send_back(session, actor, journal.id, command["reason"], version=command["version"], now=now())

    return _decide(reference, ReasonForm, run, gettext("The journal is back with its maker."))


@pages.post("/journals/<reference:reference>/refuse")
@requires(Permission.JOURNALS_APPROVE)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse a journal for good, with a reason."""

    def run(session: Session, actor: Any, journal: Journal, command: dict[str, Any]) -> None:
        service.refuse(session, actor, journal.id, command["reason"], version=command["version"], now=now())

    return _decide(reference, ReasonForm, run, gettext("The journal is refused. Nothing was posted."))


def _decide(
    reference: str, schema: type[Form], verb: Callable[[Session, Any, Journal, dict[str, Any]], None], said: str
) -> ResponseReturnValue:
    form = HtmlForm(schema)

    def run(session: Session, command: dict[str, Any]) -> str:
        actor = current_actor()
        verb(session, actor, queries.visible_journal(session, actor, reference), command)
        return reference

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("journals.detail", reference=reference), 303)
    return _detail(reference, form), form.status


def amounts_of(journal: Journal) -> dict[str, Money]:
    """A journal's amounts per currency; two currencies are never added."""
    sums: dict[str, Money] = {}
    for line in journal.lines:
        amount = Money(line.amount_minor, Currency(line.currency))
        sums[line.currency] = sums.get(line.currency, Money.zero(amount.currency)) + amount
    return sums
