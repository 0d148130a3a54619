"""Screens of whoever claims: the list, the draft with its cards, one line at a time, the review before submitting."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.claims import office_routes, queries, service, showing
from app.claims.blueprint import pages as pages
from app.claims.forms import (
    AddLineForm,
    AnswersForm,
    ClaimListForm,
    EditForm,
    LineForm,
    NothingForm,
    PaperForm,
    ReceiptsForm,
    SeenForm,
    StartForm,
    SubmitForm,
)
from app.claims.labels import (
    HEADING_LABELS,
    KIND_LABELS,
    PAPER_LABELS,
    PLACE_LABELS,
    QUANTITY_LABELS,
    SORT_LABELS,
    STATUS_LABELS,
)
from app.claims.models import Claim
from app.contracts.terms.negative_list import NEGATIVE_LIST
from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people import queries as people
from app.web.forms import HtmlForm, load_query
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import named

P = Permission


@pages.get("/claims")
@requires(P.CLAIMS_READ)
def index() -> ResponseReturnValue:
    """Claims in scope, with those that wait for the reader above them."""
    filters = load_query(ClaimListForm)
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.listed(session, actor, filters)
        waiting = [
            each
            for statement in (queries.returned_to, queries.awaiting_check, queries.awaiting_approval)
            for each in queries.read(session, statement(actor))
        ] + queries.read(session, queries.awaiting_payment(actor))
        shown = [*found.items, *waiting]
        return page(
            "claims/index.html",
            claims=found,
            waiting=[] if filters.narrowed or filters.cursor else waiting,
            filters=filters,
            statuses=STATUS_LABELS,
            sorts=SORT_LABELS,
            names=people.names_of(session, [each.claimant_id for each in shown], current_language().code),
            contracts={row.id: row for row in queries.contracts_of(session, shown)},
            sums=sums,
            who=actor.person_id,
            may_start=bool(queries.claimable_contracts(session, actor, today())),
        )


def sums(claim: Claim) -> dict[str, Money]:
    """A claim's amounts per currency; two currencies are never added."""
    found: dict[str, Money] = {}
    for line in claim.lines:
        if line.amount is not None:
            code = line.amount.currency
            found[code] = found.get(code, Money.zero(Currency(code))) + line.amount
    return found


@pages.route("/claims/start", methods=["GET", "POST"])
@requires(P.CLAIMS_DRAFT)
def start() -> ResponseReturnValue:
    """Begin a claim: the contract, what for, and the receipts at once."""
    initial: dict[str, Any] = {"contract_id": request.args.get("contract_id", "")}
    with unit_of_work() as session:
        actor = current_actor()
        contracts = queries.claimable_contracts(session, actor, today())
        last = queries.last_contract_of(session, actor.person_id)
        chosen = next((each for each in contracts if each.id == last), contracts[0] if contracts else None)
        if chosen is not None and not initial["contract_id"]:
            initial["contract_id"] = chosen.id
            initial["heading"] = queries.last_heading_of(session, actor.person_id, chosen.id)
    form = HtmlForm(StartForm, initial=initial)
    if form.sent:
        reference = form.run(
            lambda session, command: service.start(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            return redirect(url_for("claims.detail", reference=reference, started=1), 303)
    return _head_page(form, None), form.status


def _head_page(form: HtmlForm, claim: Claim | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        contracts = queries.claimable_contracts(session, actor, today())
        members = {each.id: each for row in contracts for each in queries.people_of_contract(session, row, today())}
        own = [(str(actor.person_id), gettext("Myself"))]
        return page(
            "claims/head.html",
            form=form,
            claim=claim,
            who=actor.person_id,
            contracts=[
                (str(each.id), f"{each.reference} ({each.currency}) {each.agreement_number}") for each in contracts
            ],
            claimants=own + [(str(key), named(each)) for key, each in members.items() if key != actor.person_id],
            headings=HEADING_LABELS,
            places=PLACE_LABELS,
        )


@pages.route("/claims/<reference:reference>/edit", methods=["GET", "POST"])
@requires(P.CLAIMS_DRAFT)
def edit(reference: str) -> ResponseReturnValue:
    """Change the head of a draft."""
    with unit_of_work() as session:
        claim = queries.visible_claim(session, current_actor(), reference)
        names = ("version", "contract_id", "purpose", "heading", "place", "claimant_id", "pay_currency")
        initial = {name: getattr(claim, name) for name in names}
        initial["advance"] = Money(claim.advance_minor, Currency(claim.pay_currency)) if claim.advance_minor else ""
    form = HtmlForm(EditForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: service.edit(session, current_actor(), reference, command, now=now()).reference
        )
        if form.done:
            return redirect(url_for("claims.detail", reference=reference), 303)
    return _head_page(form, claim), form.status


@pages.get("/claims/<reference:reference>")
@requires(P.CLAIMS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One claim: cards while its maker fills it, the lines with their checks and entries afterwards."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        shown = office_routes.detail_of(session, actor, claim)
        if not shown["v"].editable:
            return page("claims/detail.html", form=form, **shown)
        earlier = queries.claim_before(session, claim) is not None
        return page("claims/draft.html", form=form, has_earlier=earlier, who=actor.person_id, **shown)


@pages.post("/claims/<reference:reference>/receipts")
@requires(P.CLAIMS_DRAFT)
def add_receipts(reference: str) -> ResponseReturnValue:
    """Add a line for each file; files that cannot be taken are named, the others stand."""
    form = HtmlForm(ReceiptsForm)
    form.run(
        lambda session, command: service.add_receipts(session, current_actor(), reference, command, now=now()).reference
    )
    if request.headers.get("X-One-File"):
        return (form.errors[0].message, 422) if form.errors else ("", 200)
    if form.done:
        return redirect(url_for("claims.detail", reference=reference), 303)
    return _detail(reference, form), form.status


@pages.post("/claims/<reference:reference>/lines")
@requires(P.CLAIMS_DRAFT)
def add_line(reference: str) -> ResponseReturnValue:
    """Add a line without a file, and go on to its page."""
    form = HtmlForm(AddLineForm)

    def run(session: Session, command: Any) -> int:
        return service.add_line(session, current_actor(), reference, command, now=now()).number

    number = form.run(run)
    if form.done:
        return redirect(url_for("claims.save_line", reference=reference, number=number, all=1), 303)
    return _detail(reference, form), form.status


_TYPED = (
    *("version", "cost_on", "ends_on", "heading", "place", "who", "purpose", "currency", "amount", "tax", "seller"),
    *("seller_number", "invoice_code", "invoice_number", "quantity", "missing_receipt"),
)


@pages.route("/claims/<reference:reference>/lines/<int:number>", methods=["GET", "POST"])
@requires(P.CLAIMS_DRAFT)
def save_line(reference: str, number: int) -> ResponseReturnValue:
    """One line: only what is missing is asked, or everything with `all`; saved however incomplete."""
    with unit_of_work() as session:
        claim = queries.visible_claim(session, current_actor(), reference)
        initial = {name: getattr(queries.line_of(claim, number), name) for name in _TYPED}
    form = HtmlForm(LineForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: (
                service.save_line(session, current_actor(), reference, number, command, now=now()).number
            )
        )
        if form.done:
            return redirect(_after_line(reference, number), 303)
    return _line_page(reference, number, form), form.status


def _after_line(reference: str, number: int) -> str:
    """The next line that lacks something, else the claim; the claim too where everything was asked for."""
    here = url_for("claims.detail", reference=reference, _anchor=f"line-{number}")
    if request.args.get("all"):
        return here
    with unit_of_work() as session:
        claim = queries.visible_claim(session, current_actor(), reference)
        lines = showing.view(session, current_actor(), claim, now()).lines
    later = [each.row.number for each in lines if each.lacking and each.row.number > number]
    return url_for("claims.save_line", reference=reference, number=later[0]) if later else here


def _line_page(reference: str, number: int, form: HtmlForm) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        seen = showing.view(session, actor, claim, now())
        line = next(each for each in seen.lines if each.row.number == number)
        asked = [each.row.number for each in seen.lines if each.lacking]
        wrong = {error.field for error in form.errors}
        return page(
            "claims/line.html",
            v=seen,
            line=line,
            form=form,
            everything=bool(request.args.get("all")) or not line.lacking or bool(wrong),
            position=asked.index(number) + 1 if number in asked else 0,
            asked=len(asked),
            headings=HEADING_LABELS,
            places=PLACE_LABELS,
            papers=PAPER_LABELS,
            quantities=QUANTITY_LABELS,
            kinds=KIND_LABELS,
        )


@pages.route("/claims/<reference:reference>/answers", methods=["GET", "POST"])
@requires(P.CLAIMS_DRAFT)
def answer(reference: str) -> ResponseReturnValue:
    """What is missing on all lines, in one list; saved however incomplete."""
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        lines = [each.row for each in showing.view(session, actor, claim, now()).lines if each.lacking]
        initial = {"lines": [{name: getattr(row, name) for name in _TYPED} | {"line": row.number} for row in lines]}
    form = HtmlForm(AnswersForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: (
                service.answer_lines(session, current_actor(), reference, command, now=now()).reference
            )
        )
        if form.done:
            return redirect(_after_answers(reference), 303)
    return _answers_page(reference, form), form.status


def _after_answers(reference: str) -> str:
    """The review, once nothing is missing and nothing stands in the way; else the claim."""
    with unit_of_work() as session:
        actor = current_actor()
        seen = showing.view(session, actor, queries.visible_claim(session, actor, reference), now())
        ready = not seen.open_lines and not any(each.blocked for each in seen.lines) and may(actor, P.CLAIMS_SUBMIT)
    return url_for("claims.submit" if ready else "claims.detail", reference=reference)


def _answers_page(reference: str, form: HtmlForm) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        seen = showing.view(session, actor, claim, now())
        by_number = {str(each.row.number): each for each in seen.lines}
        rows = [(row, by_number.get(str(row.values.get("line")))) for row in form.rows("lines")]
        return page(
            "claims/answers.html",
            v=seen,
            form=form,
            rows=[(row, line) for row, line in rows if line is not None],
            headings=HEADING_LABELS,
            places=PLACE_LABELS,
            papers=PAPER_LABELS,
            quantities=QUANTITY_LABELS,
            kinds=KIND_LABELS,
        )


@pages.post("/claims/<reference:reference>/lines/<int:number>/remove")
@requires(P.CLAIMS_DRAFT)
def remove_line(reference: str, number: int) -> ResponseReturnValue:
    """Take a line out of a draft."""
    form = HtmlForm(NothingForm)
    form.run(
        lambda session, command: service.remove_line(session, current_actor(), reference, number, now=now()).reference
    )
    return _back(reference, form, gettext("The line is taken out."))


@pages.post("/claims/<reference:reference>/lines/<int:number>/papers")
@requires(P.CLAIMS_DRAFT)
def attach(reference: str, number: int) -> ResponseReturnValue:
    """Put one more document behind a line."""
    form = HtmlForm(PaperForm)
    form.run(
        lambda session, command: service.attach(session, current_actor(), reference, number, command, now=now()).number
    )
    return _back(reference, form, gettext("The document is attached."))


@pages.post("/claims/<reference:reference>/copy-last")
@requires(P.CLAIMS_DRAFT)
def copy_last(reference: str) -> ResponseReturnValue:
    """Copy the lines of the maker's last claim on the contract."""
    form = HtmlForm(NothingForm)
    form.run(lambda session, command: service.copy_last(session, current_actor(), reference, now=now()).reference)
    return _back(
        reference, form, gettext("The lines of your last claim are copied; dates and receipts are asked again.")
    )


def _back(reference: str, form: HtmlForm, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("claims.detail", reference=reference), 303)
    return _detail(reference, form), form.status


@pages.route("/claims/<reference:reference>/submit", methods=["GET", "POST"])
@requires(P.CLAIMS_SUBMIT)
def submit(reference: str) -> ResponseReturnValue:
    """Review the claim, make the declarations and submit it."""
    with unit_of_work() as session:
        claim = queries.visible_claim(session, current_actor(), reference)
        initial = {"version": claim.version}
    form = HtmlForm(SubmitForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: service.submit(session, current_actor(), reference, command, now=now()).reference
        )
        if form.done:
            flash(gettext("The claim is with the finance office. Nothing is paid yet."), "success")
            return redirect(url_for("claims.detail", reference=reference), 303)
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        return page(
            "claims/review.html",
            v=showing.view(session, actor, claim, now()),
            form=form,
            negative_list=NEGATIVE_LIST,
            **showing.extras(session, claim, now()),
        ), form.status


@pages.post("/claims/<reference:reference>/withdraw")
@requires(P.CLAIMS_DRAFT)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take a claim back for good."""
    form = HtmlForm(SeenForm)
    form.run(
        lambda session, command: (
            service.withdraw(session, current_actor(), reference, version=command.version, now=now()).reference
        )
    )
    return _back(reference, form, gettext("The claim is taken back."))


@pages.get("/claims/<reference:reference>/print")
@requires(P.CLAIMS_READ)
def print_view(reference: str) -> ResponseReturnValue:
    """The claim on paper: its lines, declarations, decisions and entries."""
    with unit_of_work() as session:
        actor = current_actor()
        claim = queries.visible_claim(session, actor, reference)
        return page(
            "claims/print.html",
            v=showing.view(session, actor, claim, now()),
            places=PLACE_LABELS,
            kinds=KIND_LABELS,
            printed_on=today(),
            **showing.extras(session, claim, now()),
        )
