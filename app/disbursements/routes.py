"""Screens of maker and checkers: the queue, batch review and outcome, one disbursement, drafting and deciding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from types import ModuleType
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.db.unit_of_work import run_in_unit, unit_of_work
from app.disbursements import (
    bank_routes,
    batch_service,
    comparing,
    conversion_routes,
    document_service,
    gathering,
    payment_service,
    queries,
    remittance_routes,
    residue_routes,
    service,
    showing,
)
from app.disbursements.blueprint import pages as pages
from app.disbursements.commands import Seen
from app.disbursements.consent import batch_fingerprint
from app.disbursements.forms import (
    ApproveForm,
    DraftForm,
    EditForm,
    PickForm,
    QueueQuery,
    ReasonForm,
    SeenForm,
    picked_rows,
)
from app.disbursements.labels import FIRMNESS_NAMES, ROW_WORDS, SHORT, SIDE_NAMES, STATUS_NAMES
from app.disbursements.models import Disbursement
from app.disbursements.queries import DisbursementFilter
from app.disbursements.reading import Queued
from app.disbursements.remittance import PIECE_STATES
from app.evidence import queries as evidence
from app.exchange_rates.forms import MARKET_LABELS
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.errors import Refusal
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.redirects import safe_next
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import all_in_words, words

VIEWS: tuple[ModuleType, ...] = (bank_routes, conversion_routes, remittance_routes, residue_routes)
"""The other modules whose views stand on this blueprint."""

PAGE_ROWS = 50
SAVED_VIEWS = (
    ("to-check", Permission.DISBURSEMENTS_APPROVE),
    ("to-release", Permission.DISBURSEMENTS_RELEASE),
    ("to-settle", Permission.DISBURSEMENTS_SETTLE),
    ("to-confirm", Permission.DISBURSEMENTS_CONFIRM_RECEIPT),
    ("mine", Permission.DISBURSEMENTS_DRAFT),
    ("returned", Permission.DISBURSEMENTS_DRAFT),
    ("approved", Permission.DISBURSEMENTS_READ),
    ("all", Permission.DISBURSEMENTS_READ),
)


@pages.get("/disbursements")
@requires(Permission.DISBURSEMENTS_READ)
def queue() -> ResponseReturnValue:
    """Saved views; what is ready for the checker stands in groups, everything else in pages."""
    asked = load_query(QueueQuery)
    actor = current_actor()
    views = [code for code, permission in SAVED_VIEWS if may(actor, permission)]
    view = asked["view"] if asked["view"] in views else views[0]
    wanted = DisbursementFilter(
        text=asked["text"],
        status=asked["status"],
        funder_id=asked["funder"],
        grantee_id=asked["grantee"],
        currency=asked["currency"],
        view=view,
        sort=asked["sort"] or "reference",
    )
    with unit_of_work() as session:
        shown = (
            _grouped(session, actor, wanted) if view == "to-check" else _paged(session, actor, wanted, asked["cursor"])
        )
        funders, grantees = queries.parties(session, actor)
        return page(
            "disbursements/queue.html",
            view=view,
            views=_counted(session, actor, views),
            wanted=wanted,
            asked=asked,
            funders=funders,
            grantees=grantees,
            funder_options=[(str(each.id), each.name(current_language().code)) for each in funders],
            grantee_options=[(str(each.id), each.name(current_language().code)) for each in grantees],
            status_options=[(str(code), words(name)) for code, name in STATUS_NAMES.items()],
            selected=asked["select"] == "clean",
            age_allowed=showing.AGE_ALLOWED,
            short_words=SHORT,
            row_words=ROW_WORDS,
            **shown,
        )


def _counted(session: Session, actor: Actor, views: list[str]) -> list[tuple[str, int | None]]:
    """The saved views with how much waits in each."""
    numbers = queries.counts(session, actor, [code for code in views if code not in ("all", "mine")])
    return [(code, numbers.get(code)) for code in views]


def _grouped(session: Session, actor: Actor, wanted: DisbursementFilter) -> dict[str, Any]:
    """The checker's queue: one funder at a time, because a batch is one funder's."""
    found = queries.queued(session, actor, wanted)
    funders = sorted({row.funder_id for row in found}, key=str)
    chosen = wanted.funder_id or (funders[0] if funders else None)
    mine = [row for row in found if row.funder_id == chosen]
    rows = showing.queue_rows(session, actor, mine, now=now(), language=current_language().code)
    groups = showing.groups_of(rows)
    whole = showing.Group("all", tuple(rows))
    others = institutions.by_ids(session, [key for key in funders if key != chosen])
    return {"groups": groups, "whole": whole, "page_of": None, "sums": {}, "other_funders": list(others.values())}


def _paged(session: Session, actor: Actor, wanted: DisbursementFilter, cursor: str) -> dict[str, Any]:
    found = queries.listed(session, actor, wanted, cursor or None, PAGE_ROWS)
    rows = showing.queue_rows(session, actor, found.items, now=now(), language=current_language().code)
    sums = queries.totals(session, actor, wanted)
    return {
        "groups": [showing.Group("list", tuple(rows))] if rows else [],
        "whole": None,
        "page_of": found,
        "sums": sums,
        "other_funders": [],
    }


@pages.post("/disbursements/review")
@requires(Permission.DISBURSEMENTS_APPROVE)
def review() -> ResponseReturnValue:
    """What would be approved: totals per payee and pocket, each currency apart, and what each approval means."""
    picked = picked_rows(tuple(request.form.getlist("row")[: batch_service.LARGEST]))
    if not picked:
        flash(gettext("Tick the disbursements you want to approve."), "warning")
        return redirect(url_for("disbursements.queue"))
    actor = current_actor()
    with unit_of_work() as session:
        try:
            batch_service.refuse_mixed(session, actor, picked)
        except Refusal as refusal:
            flash(" ".join(error.message for error in all_in_words(refusal.breaches)), "error")
            return redirect(url_for("disbursements.queue"))
        found = queries.by_references(session, actor, {row.reference for row in picked})
        rows = showing.queue_rows(session, actor, found, now=now(), language=current_language().code)
        around = gathering.Surroundings(session, found, now=now(), actor=actor, language=current_language().code)
        going = [each for each in rows if each.row.status == "SUBMITTED" and not each.own and not each.blocks]
        asked = {row.reference: row for row in picked}
        return page(
            "disbursements/review.html",
            rows=going,
            left_out=[each for each in rows if each not in going],
            whole=showing.Group("all", tuple(going)),
            payees=showing.by_payee(going, around),
            pockets=showing.by_pocket(going, around),
            limits=_limits(going, around),
            changed=[each.row.reference for each in going if each.key != _key(asked.get(each.row.reference))],
            fingerprint=batch_fingerprint(bytes.fromhex(each.key.rsplit(".", 1)[1]) for each in going),
            form=HtmlForm(PickForm),
            read_at=now(),
        )


def _key(row: Any) -> str:
    return f"{row.reference}.{row.version}.{row.consented}" if row else ""


def _limits(rows: list[showing.QueueRow], around: gathering.Surroundings) -> list[dict[str, Any]]:
    """The largest single payment of each currency beside the actor's limit for one payment."""
    lines = []
    for currency in Currency:
        mine = [each.row for each in rows if each.row.currency == currency.value]
        if mine:
            largest = max(mine, key=lambda row: row.amount_minor)
            matrix = around.matrices[largest.funder_id]
            limit = matrix.applied(largest.amount, frozenset({largest.maker_id}), ()).limit
            share = largest.amount_minor * 100 // limit.minor if limit else 100
            lines.append({"largest": largest.amount, "limit": limit, "share": share})
    return lines


@pages.post("/disbursements/approve-batch")
@requires(Permission.DISBURSEMENTS_APPROVE)
def approve_batch() -> ResponseReturnValue:
    """Approve each item on its own; the page tells the outcome of each. Sent again, it answers the same."""
    form = HtmlForm(PickForm)
    picked = picked_rows(tuple(request.form.getlist("row")), tuple(request.form.getlist("seen")))
    actor = current_actor()
    if not picked:
        return redirect(url_for("disbursements.queue"))
    with unit_of_work() as session:
        try:
            batch_service.refuse_mixed(session, actor, picked)
        except Refusal as refusal:
            flash(" ".join(error.message for error in all_in_words(refusal.breaches)), "error")
            return redirect(url_for("disbursements.queue"))
    reference = batch_service.batch_reference_of(form.key)
    outcomes = batch_service.approve_all(run_in_unit, actor, picked, batch_reference=reference, key=form.key, now=now())
    with unit_of_work() as session:
        found = queries.by_references(session, actor, {row.reference for row in picked})
        rows = {row.reference: row for row in found}
        done = [rows[o.reference] for o in outcomes if o.result in ("approved", "waits") and o.reference in rows]
        look = queries.queued(session, actor, DisbursementFilter(view="to-check"))
        shown = showing.queue_rows(session, actor, look, now=now(), language=current_language().code)
        left = next((each for each in shown if not each.own and not each.clean), None)
        return page(
            "disbursements/approve_batch.html",
            outcomes=outcomes,
            rows=rows,
            cny=showing.in_currency(done, Currency.CNY),
            hkd=showing.in_currency(done, Currency.HKD),
            batch=reference,
            left=left,
            payees=institutions.by_ids(session, {row.grantee_id for row in found}),
        )


@pages.route("/disbursements/draft", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_DRAFT)
def draft() -> ResponseReturnValue:
    """Choose a contract, then a tranche, which presets the amount; accounts of both parties come from the register."""
    reference = request.form.get("contract") or request.args.get("contract", "")
    with unit_of_work() as session:
        actor = current_actor()
        if not reference:
            return page("disbursements/draft.html", contract=None, payable=queries.payable_contracts(session, actor))
        contract = contracts.get_visible(session, actor, reference)
        context = _choices(session, contract)
    preset = _preset(context, request.args.get("tranche", ""))
    form = HtmlForm(DraftForm(currency=Currency(contract.currency)), initial=preset)
    if form.sent:
        made = form.run(lambda session, command: service.draft(session, current_actor(), command, now=now()).reference)
        if form.done:
            flash(gettext("The draft is kept. Add the route's documents, then submit it."), "success")
            return redirect(url_for("disbursements.detail", reference=made))
    return page("disbursements/draft.html", form=form, contract=contract, **context), form.status


def _choices(session: Session, contract: Contract) -> dict[str, Any]:
    states = contracts.tranche_states(session, contract.id, today())
    language = current_language().code
    parties = institutions.by_ids(session, [contract.funder_id, contract.grantee_id])
    payers = institutions.verified_accounts(session, contract.funder_id)
    payees = institutions.verified_accounts(session, contract.grantee_id)
    own = [account for account in payers if account.currency == contract.currency]
    return {
        "states": states,
        "payers": [*own, *(account for account in payers if account not in own)],
        "payees": sorted(payees, key=lambda account: account.id != contract.grantee_account_id),
        "funder": parties[contract.funder_id].name(language),
        "grantee": parties[contract.grantee_id].name(language),
    }


def _preset(context: dict[str, Any], tranche: str) -> dict[str, Any]:
    states = context["states"]
    chosen = next((state for state in states if str(state.number) == tranche), None)
    chosen = chosen or next((state for state in states if state.ready), states[0] if states else None)
    if chosen is None:
        return {"requested_value_date": today()}
    return {
        "tranche": chosen.number,
        "amount": chosen.open if chosen.open else None,
        "requested_value_date": max(today(), chosen.due_on),
    }


@pages.get("/disbursements/<reference:reference>")
@requires(Permission.DISBURSEMENTS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One disbursement: steps, checks, documents, account, rates, what is and will be posted, what happened."""
    return _detail(reference)


def _detail(reference: str, form: HtmlForm | None = None) -> ResponseReturnValue:
    actor = current_actor()
    with unit_of_work() as session:
        row = queries.get_visible(session, actor, reference)
        language = current_language().code
        shown = showing.detail_of(session, actor, row, now=now(), language=language)
        waiting: list[Queued] = []
        if request.args.get("from") == "look" and may(actor, Permission.DISBURSEMENTS_APPROVE):
            waiting = queries.queued(session, actor, DisbursementFilter(view="to-check"))
        look = [
            each.row.reference
            for each in showing.queue_rows(session, actor, waiting, now=now(), language=language)
            if not each.own and not each.clean
        ]
        after = next((each for each in look if each > reference), None)
        html = page(
            "disbursements/detail.html",
            d=shown,
            row=row,
            conversion=comparing.conversion_of(session, row, now=now()),
            side_names=SIDE_NAMES,
            markets=MARKET_LABELS,
            firmness_names=FIRMNESS_NAMES,
            quoting=bool(conversion_routes.sides_of(actor, row)),
            form=form,
            verbs=_verbs(actor, row),
            piece_states=PIECE_STATES,
            events=history(session, "disbursement", row.id),
            files=evidence.of_record(session, "disbursement", row.id),
            place=look.index(reference) + 1 if reference in look else 0,
            places=len(look),
            after=f"{url_for('disbursements.detail', reference=after)}?from=look" if after else "",
        )
    return html, form.status if form is not None else 200


def _verbs(actor: Actor, row: Disbursement) -> frozenset[str]:
    """What the actor's roles let them try in this status; the service decides."""
    before = {"DRAFT", "SUBMITTED", "RETURNED_TO_MAKER", "APPROVED"}
    mine = row.maker_id == actor.person_id
    table: tuple[tuple[str, set[str], Permission, bool], ...] = (
        ("submit", {"DRAFT", "RETURNED_TO_MAKER"}, Permission.DISBURSEMENTS_SUBMIT, mine),
        ("edit", before, Permission.DISBURSEMENTS_DRAFT, mine),
        ("approve", {"SUBMITTED"}, Permission.DISBURSEMENTS_APPROVE, not mine),
        ("return", {"SUBMITTED"}, Permission.DISBURSEMENTS_RETURN, not mine),
        ("refuse", {"SUBMITTED", "APPROVED"}, Permission.DISBURSEMENTS_REFUSE, not mine),
        ("cancel", before, Permission.DISBURSEMENTS_CANCEL, mine),
        ("recall", {"APPROVED"}, Permission.DISBURSEMENTS_RECALL, actor.person_id in gathering.approvers_of(row)),
        ("release", {"APPROVED"}, Permission.DISBURSEMENTS_RELEASE, True),
        ("settle", {"RELEASED"}, Permission.DISBURSEMENTS_SETTLE, True),
        ("bounce", {"RELEASED", "SETTLED"}, Permission.DISBURSEMENTS_BOUNCE, True),
        ("document", before, Permission.DISBURSEMENTS_DRAFT, True),
        ("confirm-document", before, Permission.DISBURSEMENTS_CONFIRM_DOCUMENTS, True),
        ("note", before | {"RELEASED", "SETTLED"}, Permission.DISBURSEMENTS_DRAFT, True),
        ("confirm-note", before | {"RELEASED", "SETTLED"}, Permission.DISBURSEMENTS_CONFIRM_DOCUMENTS, True),
        ("minutes", before - {"APPROVED"}, Permission.DISBURSEMENTS_DRAFT, True),
    )
    verbs = {verb for verb, at, right, also in table if row.status in at and also and may(actor, right, row.funder_id)}
    if row.status in ("RELEASED", "SETTLED") and may(actor, Permission.DISBURSEMENTS_CONFIRM_RECEIPT, row.grantee_id):
        verbs |= {"receipt"} if row.receipt is None else {"withdraw", "declare"}
    return frozenset(verbs)


@pages.route("/disbursements/<reference:reference>/edit", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_DRAFT)
def edit(reference: str) -> ResponseReturnValue:
    """Change what the maker prepared; after approval, approvals are void."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        contract = contracts.by_id(session, row.contract_id)
        context = _choices(session, contract)
        number = next(state.number for state in context["states"] if state.id == row.tranche_id)
    initial = {name: getattr(row, name, None) for name in EditForm().fields} | {"tranche": number, "amount": row.amount}
    form = HtmlForm(EditForm(currency=Currency(row.currency)), initial=initial)
    if form.sent:
        form.run(
            lambda session, command: service.edit(session, current_actor(), reference, command, now=now()).reference
        )
        if form.done:
            flash(gettext("The change is kept."), "success")
            return redirect(url_for("disbursements.detail", reference=reference))
    return page("disbursements/edit.html", form=form, contract=contract, row=row, **context), form.status


@pages.post("/disbursements/<reference:reference>/submit")
@requires(Permission.DISBURSEMENTS_SUBMIT)
def submit(reference: str) -> ResponseReturnValue:
    """Hand it to the checkers."""
    return _press(reference, HtmlForm(SeenForm), service.submit, gettext("Submitted to the checkers."))


@pages.post("/disbursements/<reference:reference>/approve")
@requires(Permission.DISBURSEMENTS_APPROVE)
def approve(reference: str) -> ResponseReturnValue:
    """Approve what the page showed."""
    return _press(reference, HtmlForm(ApproveForm), service.approve, gettext("Your approval is kept."))


@pages.post("/disbursements/<reference:reference>/release")
@requires(Permission.DISBURSEMENTS_RELEASE)
def release(reference: str) -> ResponseReturnValue:
    """Sign the release under the bank mandate."""
    form = HtmlForm(SeenForm)
    status = form.run(
        lambda session, command: payment_service.release(session, current_actor(), reference, command, now=now()).status
    )
    if not form.done:
        return _detail(reference, form)
    signed = gettext("Your signature is kept; the mandate wants one more.")
    flash(gettext("Released.") if status == "RELEASED" else signed, "success")
    return redirect(_onwards(reference))


@pages.post("/disbursements/<reference:reference>/documents/<code>/confirm")
@requires(Permission.DISBURSEMENTS_CONFIRM_DOCUMENTS)
def confirm_document(reference: str, code: str) -> ResponseReturnValue:
    """Confirm a document somebody else listed, as the page showed it."""

    def confirm(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> Disbursement:
        return document_service.confirm_document(session, actor, reference, code, command, now=now)

    return _press(reference, HtmlForm(SeenForm), confirm, gettext("The document is confirmed."))


def _press(reference: str, form: HtmlForm, verb: Callable[..., Disbursement], said: str) -> ResponseReturnValue:
    """A verb behind one button: back to the record, or on to the next one that needs a look."""
    form.run(lambda session, command: verb(session, current_actor(), reference, command, now=now()).reference)
    if not form.done:
        return _detail(reference, form)
    flash(said, "success")
    return redirect(_onwards(reference))


def _onwards(reference: str) -> str:
    return safe_next(request.form.get("next"), url_for("disbursements.detail", reference=reference))


@pages.route("/disbursements/<reference:reference>/return", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_RETURN)
def return_to_maker(reference: str) -> ResponseReturnValue:
    """Give it back to the maker, with the reason."""
    return _decide(reference, "return", service.return_to_maker, gettext("Returned to the maker."))


@pages.route("/disbursements/<reference:reference>/refuse", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_REFUSE)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse it for good, with the reason."""
    return _decide(reference, "refuse", service.refuse, gettext("Refused."))


@pages.route("/disbursements/<reference:reference>/cancel", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_CANCEL)
def cancel(reference: str) -> ResponseReturnValue:
    """Take it back before release, with the reason."""
    return _decide(reference, "cancel", service.cancel, gettext("Cancelled."))


@pages.route("/disbursements/<reference:reference>/recall", methods=["GET", "POST"])
@requires(Permission.DISBURSEMENTS_RECALL)
def recall(reference: str) -> ResponseReturnValue:
    """Take one's approval back before release, with the reason."""
    return _decide(reference, "recall", service.recall, gettext("Recalled: it is submitted again."))


def _decide(reference: str, verb: str, function: Callable[..., Disbursement], said: str) -> ResponseReturnValue:
    """A verb that asks for a reason on a page of its own."""
    with unit_of_work() as session:
        row = queries.get_visible(session, current_actor(), reference)
        grantee = institutions.by_id(session, row.grantee_id)
        maker = people.names_of(session, [row.maker_id], current_language().code).get(row.maker_id, "")
    form = HtmlForm(ReasonForm, initial={"version": row.version})
    if form.sent:
        form.run(lambda session, command: function(session, current_actor(), reference, command, now=now()).reference)
        if form.done:
            flash(said, "success")
            return redirect(_onwards(reference))
    onwards = request.values.get("next", "")
    shown = page(
        "disbursements/decide.html", form=form, row=row, verb=verb, grantee=grantee, maker=maker, onwards=onwards
    )
    return shown, form.status
