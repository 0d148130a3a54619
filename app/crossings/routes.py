"""The screen of payments across the boundary."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor, requires
from app.access.permissions import Permission
from app.crossings import gathering
from app.crossings.figures import Place
from app.crossings.forms import ROUTE_LABELS, FiguresForm
from app.crossings.queries import Wanted
from app.db.unit_of_work import unit_of_work
from app.disbursements import queries as disbursements
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.web.forms import HtmlForm, load_query
from app.web.present import today
from app.web.templating import choices, page
from app.web.translation import current_language

pages = Blueprint("crossings", __name__)

WAITS_FOR: dict[Place, str] = {
    Place.RELEASED: _("%(funder)s enters its bank's line"),
    Place.ON_THE_WAY: _("%(grantee)s confirms what arrived"),
}
"""Where a payment is -> who does what next."""


@pages.get("/crossings")
@requires(Permission.DISBURSEMENTS_READ)
def index() -> ResponseReturnValue:
    """What is on its way, how long it takes, how much went, and what to look at twice."""
    form = HtmlForm(FiguresForm, initial=request.args.to_dict())
    wanted = Wanted()
    try:
        wanted = load_query(FiguresForm)
    except InputRefused as refusal:
        form.refuse(refusal)
    language = current_language().code
    with unit_of_work() as session:
        parties = {each.id: each for group in disbursements.parties(session, current_actor()) for each in group}
        shown = page(
            "crossings/index.html",
            form=form,
            figures=gathering.figures_of(session, current_actor(), wanted, today()),
            routes=choices(ROUTE_LABELS),
            route_words=ROUTE_LABELS,
            institutions=sorted(((str(key), each.name(language)) for key, each in parties.items()), key=lambda p: p[1]),
            narrowed=wanted != Wanted(),
            waits_for=WAITS_FOR,
            typed=request.args,
            today=today(),
        )
    return shown, form.status
