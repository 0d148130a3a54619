"""Screens of returns: the list, the file, what its columns mean, the preview, the second person's decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, may, requires
from app.access.permissions import Permission
from app.audit.timeline import history
from app.contracts import queries as contracts
from app.contracts.terms.negative_list import NEGATIVE_LIST
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.people import queries as people
from app.returns import gathering, queries, service
from app.returns.columns import COLUMN_LABELS, REQUIRED
from app.returns.forms import (
    COLUMN_FIELDS,
    HEADING_LABELS,
    KIND_LABELS,
    STATUS_LABELS,
    ImportForm,
    LayoutForm,
    PostForm,
    RefuseForm,
    ReturnListForm,
    RowsForm,
    SeenForm,
    SubmitForm,
)
from app.returns.models import SpendingReturn
from app.returns.queries import ReturnFilters
from app.returns.states import ReturnStatus
from app.web.forms import HtmlForm, load_query
from app.web.present import now
from app.web.schemas import Form
from app.web.templating import page
from app.web.translation import current_language
from app.web.wording import shown

pages = Blueprint("returns", __name__)
P = Permission

SHOWN_ROWS = 20
"""Rows of a draft that its preview shows."""

SHOWN_FAULTS = 100
"""Wrong lines that a page names; the command names them all."""


@pages.get("/returns")
@requires(P.RETURNS_READ)
def index() -> ResponseReturnValue:
    """Returns in scope, newest first, with those that wait for the reader above them."""
    filters: ReturnFilters = load_query(ReturnListForm)
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.listed(session, actor, filters)
        waiting = [] if filters.narrowed or filters.cursor else queries.awaiting_posting_by(session, actor)
        shown = [*found.items, *waiting]
        places = {each.grantee_id for each in queries.own_contracts(session, actor)}
        return page(
            "returns/index.html",
            returns=found,
            waiting=waiting,
            filters=filters,
            statuses=STATUS_LABELS,
            contracts=queries.contracts_of(session, shown),
            names=people.names_of(session, [each.made_by_id for each in shown], current_language().code),
            places=sorted(each.code for each in institutions.by_ids(session, places).values()),
        )


@pages.route("/returns/import", methods=["GET", "POST"])
@requires(P.RETURNS_DRAFT)
def import_file() -> ResponseReturnValue:
    """Choose a contract and the file of its spending."""
    form = HtmlForm(ImportForm, initial={"contract_id": request.args.get("contract_id", "")})
    if form.sent:
        reference = form.run(
            lambda session, command: service.import_file(session, current_actor(), command, now=now()).reference
        )
        if form.done:
            return redirect(url_for("returns.detail", reference=reference), 303)
    with unit_of_work() as session:
        own = queries.own_contracts(session, current_actor())
        choices = [(str(each.id), f"{each.reference} ({each.currency}) {each.agreement_number}") for each in own]
    columns = [(COLUMN_LABELS[column], column in REQUIRED) for column in COLUMN_LABELS]
    return page("returns/import.html", form=form, contracts=choices, columns=columns, kinds=KIND_LABELS), form.status


@pages.route("/returns/layouts/<code>", methods=["GET", "POST"])
@requires(P.RETURNS_DRAFT)
def keep_layout(code: str) -> ResponseReturnValue:
    """Say what the columns and words of an institution's files mean; `of` names a draft whose file shows them."""
    of = request.args.get("of", "")
    with unit_of_work() as session:
        actor = current_actor()
        place = queries.institution(session, actor, code)
        draft = queries.visible_return(session, actor, of) if of else None
        read = gathering.file_read(session, draft) if draft and draft.institution_id == place.id else None
        meaning = queries.meaning_of(queries.layout_of(session, place.id))
    known = read.columns if read else meaning.columns
    words = [{"words": text, "heading": heading} for text, heading in meaning.headings.items()]
    initial: dict[str, Any] = {COLUMN_FIELDS[column]: name for column, name in known.items()}
    initial |= {
        "currency": meaning.currency or "",
        "headings": words + [{"words": text, "heading": ""} for text in (read.unknown if read else ())],
    }
    form = HtmlForm(LayoutForm, initial=initial)
    if form.sent:
        form.run(
            lambda session, command: str(service.keep_layout(session, current_actor(), place.id, command, now=now()).id)
        )
        if form.done:
            flash(gettext("What the columns mean is kept for this institution's later files."), "success")
            target = url_for("returns.detail", reference=of) if of else url_for("returns.index")
            return redirect(target, 303)
    return page(
        "returns/layout.html",
        form=form,
        place=place,
        of=of,
        names=[(name, name) for name in read.names] if read else [],
        columns=[(COLUMN_FIELDS[column], label, column in REQUIRED) for column, label in COLUMN_LABELS.items()],
        headings=HEADING_LABELS,
    ), form.status


@pages.get("/returns/<reference:reference>")
@requires(P.RETURNS_READ)
def detail(reference: str) -> ResponseReturnValue:
    """One return: of a draft what its file says, later its rows, with every check while it waits."""
    return _detail(reference, None), 200


def _detail(reference: str, form: HtmlForm | None) -> str:
    with unit_of_work() as session:
        actor = current_actor()
        found = queries.visible_return(session, actor, reference)
        contract = contracts.by_id(session, found.contract_id)
        mine = found.made_by_id == actor.person_id
        is_draft = found.status == ReturnStatus.DRAFT
        return page(
            "returns/detail.html",
            found=found,
            contract=contract,
            place=institutions.by_id(session, found.institution_id),
            mine=mine,
            checked=_checked(session, found),
            rows=queries.page_of_rows(session, found.id, load_query(RowsForm)) if not is_draft else None,
            sums=queries.sums_of(session, found.id) if not is_draft else [],
            orders=[each for each in queries.orders_of(session, found.contract_id) if each.return_id == found.id],
            document=queries.file_of(session, found),
            accounts=[
                (str(each.id), f"{each.currency} {each.masked_number} {each.bank_name}")
                for each in institutions.verified_accounts(session, found.institution_id)
            ],
            names=people.names_of(
                session, [found.made_by_id, found.posted_by_id, found.decided_by_id], current_language().code
            ),
            kinds=KIND_LABELS,
            headings=HEADING_LABELS,
            labels=COLUMN_LABELS,
            negative_list=NEGATIVE_LIST,
            shown_rows=SHOWN_ROWS,
            shown_faults=SHOWN_FAULTS,
            shown=shown,
            events=history(session, "return", found.id),
            form=form,
        )


def _checked(session: Session, found: SpendingReturn) -> service.Checked | None:
    """The checks of a return that waits, for whoever may have a hand in it."""
    waits = found.status in (ReturnStatus.DRAFT, ReturnStatus.SUBMITTED)
    actor = current_actor()
    concerned = any(may(actor, right, found.institution_id) for right in (P.RETURNS_DRAFT, P.RETURNS_POST))
    return service.check(session, actor, found, now=now()) if waits and concerned else None


@pages.post("/returns/<reference:reference>/submit")
@requires(P.RETURNS_DRAFT)
def submit(reference: str) -> ResponseReturnValue:
    """Submit a draft for a second person."""

    def run(session: Session, found: SpendingReturn, command: Any) -> None:
        try:
            service.submit(session, current_actor(), found.id, command, now=now())
        except InputRefused as refusal:
            message = _("Some lines cannot be taken: they are named below. Nothing was written.")
            raise InputRefused(Breach("returns.see-below", message)) from refusal

    return _step(reference, SubmitForm, run, gettext("The return waits for a second person. Nothing is posted yet."))


@pages.post("/returns/<reference:reference>/post")
@requires(P.RETURNS_POST)
def post(reference: str) -> ResponseReturnValue:
    """Post every row of a return."""

    def run(session: Session, found: SpendingReturn, command: Any) -> None:
        service.post(session, current_actor(), found.id, command, now=now())

    return _step(reference, PostForm, run, gettext("Every row of the return is posted."))


@pages.post("/returns/<reference:reference>/refuse")
@requires(P.RETURNS_POST)
def refuse(reference: str) -> ResponseReturnValue:
    """Refuse a return with a reason."""

    def run(session: Session, found: SpendingReturn, command: Any) -> None:
        service.refuse(session, current_actor(), found.id, command["reason"], version=command["version"], now=now())

    return _step(reference, RefuseForm, run, gettext("The return is refused. Nothing was posted."))


@pages.post("/returns/<reference:reference>/withdraw")
@requires(P.RETURNS_DRAFT)
def withdraw(reference: str) -> ResponseReturnValue:
    """Take back one's own return while it is not posted."""

    def run(session: Session, found: SpendingReturn, command: Any) -> None:
        service.withdraw(session, current_actor(), found.id, version=command["version"], now=now())

    return _step(reference, SeenForm, run, gettext("The return is withdrawn; its file may be brought again."))


def _step(
    reference: str, schema: type[Form], verb: Callable[[Session, SpendingReturn, Any], None], said: str
) -> ResponseReturnValue:
    form = HtmlForm(schema)

    def run(session: Session, command: Any) -> str:
        verb(session, queries.visible_return(session, current_actor(), reference), command)
        return reference

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("returns.detail", reference=reference), 303)
    return _detail(reference, form), form.status
