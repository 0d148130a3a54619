"""Screens of periods: the books, a book's months, and a month with its checks, exceptions and steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.ledger import periods
from app.people import queries as people
from app.periods import queries, revaluation, service
from app.periods.forms import EndExceptionForm, ExceptionForm, ExplainForm, OpenAgainForm, StepForm
from app.periods.states import CHECK_LABELS, OUTCOME_LABELS
from app.web.downloads import attachment
from app.web.forms import HtmlForm
from app.web.present import now, today
from app.web.templating import page
from app.web.translation import current_language

pages = Blueprint("periods", __name__)


@pages.get("/periods")
@requires(Permission.LEDGER_READ)
def index() -> ResponseReturnValue:
    """The books one may read; the only one opens at once."""
    with unit_of_work() as session:
        found = queries.books(session, current_actor())
        if len(found) == 1:
            return redirect(url_for("periods.months", code=found[0].code))
        return page("periods/index.html", books=found)


@pages.get("/periods/<code>")
@requires(Permission.LEDGER_READ)
def months(code: str) -> ResponseReturnValue:
    """The months of a book, newest first."""
    with unit_of_work() as session:
        place = queries.book(session, current_actor(), code)
        rows = periods.months(session, place.id, until=today())
        names = people.names_of(session, service.persons_of(rows), current_language().code)
        return page("periods/book.html", book=place, months=rows, names=names)


@pages.get("/periods/<code>/months/<month>")
@requires(Permission.LEDGER_READ)
def detail(code: str, month: str) -> ResponseReturnValue:
    """A month with its checks."""
    return _month(code, month), 200


def _month(code: str, month: str, form: HtmlForm | None = None, schema: Any = None) -> str:
    giving = form if form and schema is ExceptionForm else HtmlForm(ExceptionForm, initial={"days": 3})
    noting = form if form and schema is ExplainForm else HtmlForm(ExplainForm)
    with unit_of_work() as session:
        place = queries.book(session, current_actor(), code)
        first_day = service.first_day_of(month, today())
        row = periods.month(session, place.id, first_day)
        exceptions = periods.exceptions(session, place.id, first_day)
        posted = periods.posted_under_exception(session, place.id, first_day)
        notes = periods.notes(session, place.id, first_day)
        named = {key for each in exceptions for key in (each.person_id, each.given_by)}
        named |= {each.actor_id for each in posted} | {each.actor_id for each in notes.values()}
        language = current_language().code
        return page(
            "periods/month.html",
            book=place,
            name=month,
            month=row,
            form=form or giving,
            giving=giving,
            noting=noting,
            checks=service.checks(session, place, first_day, now=now()),
            check_words=CHECK_LABELS,
            outcome_words=OUTCOME_LABELS,
            exceptions=exceptions,
            posted=posted,
            notes=notes,
            revaluations=periods.revaluations(session, place.id, first_day, Currency(place.functional_currency)),
            names=people.names_of(session, named | service.persons_of([row]), language),
            posters=[
                (str(each.id), each.name(language))
                for each in queries.posters(session, place.id, today())
                if each.id != current_actor().person_id
            ],
            me=current_actor().person_id,
            at=now(),
        )


@pages.post("/periods/<code>/months/<month>/close")
@requires(Permission.CLOSING_CLOSE)
def start_closing(code: str, month: str) -> ResponseReturnValue:
    """Begin to close the month."""
    said = gettext("The month is closing. Only persons with an exception post into it now.")
    return _step(code, month, StepForm, service.start_closing, said)


@pages.post("/periods/<code>/months/<month>/open")
@requires(Permission.CLOSING_CONFIRM)
def open_again(code: str, month: str) -> ResponseReturnValue:
    """Open a month that was being closed."""
    return _step(code, month, OpenAgainForm, service.open_again, gettext("The month is open again."))


@pages.post("/periods/<code>/months/<month>/exceptions")
@requires(Permission.CLOSING_CONFIRM)
def give_exception(code: str, month: str) -> ResponseReturnValue:
    """Let a person post into the closing month."""
    return _step(code, month, ExceptionForm, service.give_exception, gettext("The exception is given."))


@pages.post("/periods/<code>/months/<month>/exceptions/end")
@requires(Permission.CLOSING_CONFIRM)
def end_exception(code: str, month: str) -> ResponseReturnValue:
    """Take an exception back."""
    return _step(code, month, EndExceptionForm, service.end_exception, gettext("The exception has ended."))


@pages.post("/periods/<code>/months/<month>/notes")
@requires(Permission.CLOSING_CLOSE)
def explain(code: str, month: str) -> ResponseReturnValue:
    """Explain a check by a note."""
    return _step(code, month, ExplainForm, service.explain, gettext("The note is kept."))


@pages.post("/periods/<code>/months/<month>/revaluation")
@requires(Permission.CLOSING_CLOSE)
def revalue(code: str, month: str) -> ResponseReturnValue:
    """Run the revaluation."""
    said = gettext("The foreign balances are revalued; the entry is taken back on day 1 of the next month.")
    return _step(code, month, StepForm, revaluation.revalue, said)


@pages.post("/periods/<code>/months/<month>/seal")
@requires(Permission.CLOSING_CONFIRM)
def seal(code: str, month: str) -> ResponseReturnValue:
    """Seal the month for good."""
    return _step(code, month, StepForm, service.seal, gettext("The month is sealed, for good."))


def _step(code: str, month: str, schema: Any, verb: Callable[..., Any], said: str) -> ResponseReturnValue:
    form = HtmlForm(schema)

    def run(session: Session, command: Any) -> str:
        verb(session, current_actor(), code, month, command, now=now())
        return month

    form.run(run)
    if form.done:
        flash(said, "success")
        return redirect(url_for("periods.detail", code=code, month=month), 303)
    return _month(code, month, form, schema), form.status


@pages.get("/periods/<code>/months/<month>/pack")
@requires(Permission.LEDGER_READ)
def pack(code: str, month: str) -> ResponseReturnValue:
    """The pack of a sealed month."""
    with unit_of_work() as session:
        kept = service.file(session, current_actor(), code, month, now=now())
    return attachment(kept.content, "application/zip", kept.name)
