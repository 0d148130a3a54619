"""The first page after signing in: what waits for you, and what comes next."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, may, public, requires, signed_in
from app.access.permissions import Permission
from app.books import queries as books
from app.contracts import queries as contracts
from app.contracts.queries import ObligationFilter
from app.contracts.states import ObligationStatus
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.pages import inbox as waiting
from app.pages.kept_count import KeptCounts
from app.people.account_routes import DEMO_PROGRESS
from app.web.present import now, today
from app.web.templating import page

pages = Blueprint("pages", __name__)

KEPT_COUNTS = "hetao.inbox_counts"

SHOWN_PER_GROUP = 5
"""Items of a group on the inbox; the group's own page shows all of them."""


@pages.get("/")
@signed_in("It only leads on to the inbox or the auditor's room")
def home() -> ResponseReturnValue:
    """The inbox is the first page; for an auditor who holds no right, the room."""
    first = "pages.inbox" if may(current_actor(), Permission.PAGES_READ) else "room.index"
    return redirect(url_for(first))


@pages.get("/inbox")
@requires(Permission.PAGES_READ)
def inbox() -> ResponseReturnValue:
    """What waits for the reader, one list over all kinds of records."""
    actor = current_actor()
    with unit_of_work() as session:
        due = contracts.visible_obligations(
            session, actor, ObligationFilter(status=ObligationStatus.DUE.value), today(), limit=5
        )
        return page(
            "pages/inbox.html",
            groups=waiting.groups(session, actor),
            shown=SHOWN_PER_GROUP,
            currencies=list(Currency),
            due=due.items,
            today=today(),
            sealing=books.alarm(session, actor, now()),
        )


@pages.get("/demo")
@public("It tells only how far the demonstration story is loaded, before anyone can sign in to it")
def demo_progress() -> ResponseReturnValue:
    """How far the demonstration story is; asks again by itself until it is there."""
    read = current_app.extensions.get(DEMO_PROGRESS)
    if read is None:
        raise NotFound(Breach("demo.absent", _("There is no demonstration on this system.")))
    return page("pages/demo.html", progress=read())


def inbox_count(actor: Actor) -> int:
    """How many items wait for the person, for the head of every page."""
    kept: KeptCounts = current_app.extensions.setdefault(KEPT_COUNTS, KeptCounts())
    with unit_of_work() as session:
        return kept.count(session, actor)
