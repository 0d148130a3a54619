"""The screen of a room's tokens: make one that reads the room from a program, and see one's own."""

from __future__ import annotations

from flask import current_app, flash, make_response
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlalchemy.orm import Session

from app.access.guards import current_actor
from app.db.unit_of_work import unit_of_work
from app.engagements import room_tokens
from app.engagements.forms import RoomTokenForm
from app.engagements.room import ONE, enter, named_auditors, pages, room_page
from app.engagements.room_tokens import MakeToken
from app.web.api import PREFIX
from app.web.forms import HtmlForm
from app.web.present import now

USUAL_DAYS = 90


@pages.route(f"{ONE}/token", methods=["GET", "POST"])
@named_auditors
def token(reference: str) -> ResponseReturnValue:
    """One's own tokens for this room, and a new one, which is shown this once."""
    form = HtmlForm(RoomTokenForm, initial={"days": USUAL_DAYS})
    made: list[str] = []

    def make(session: Session, command: MakeToken) -> str:
        row, secret = room_tokens.make(session, current_actor(), reference, command, now=now())
        made.append(secret)
        return str(row.id)

    if form.sent:
        form.run(make)
        if form.done and not made:
            flash(gettext("The token was made already; it is not shown again."), "success")
    with unit_of_work() as session:
        row = enter(session, reference, "token")
        shown = room_page(
            "engagements/token.html",
            row,
            form=None if form.done else form,
            secret=made[-1] if made else "",
            tokens=room_tokens.own(session, current_actor(), reference),
            address=f"{current_app.extensions['hetao.settings'].public_url}{PREFIX}/room/{reference}",
            usual_days=USUAL_DAYS,
            now=now(),
        )
    response = make_response(shown, 200 if form.done else form.status)
    response.headers["Cache-Control"] = "no-store"
    return response
