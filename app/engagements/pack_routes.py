"""Screens of evidence packs in the room: ask for one, see how far it is, take it along."""

from __future__ import annotations

from uuid import UUID

from flask import current_app, redirect, url_for
from flask.typing import ResponseReturnValue

from app.access.guards import current_actor
from app.db.unit_of_work import unit_of_work
from app.engagements import packing, queries
from app.engagements.forms import PackForm
from app.engagements.packing import AskForPack
from app.engagements.room import ONE, enter, named_auditors, pages, room_page
from app.web.downloads import attachment
from app.web.forms import HtmlForm
from app.web.present import now
from app.web.translation import current_language
from reports.model import Language

ZIP = "application/zip"


@pages.get(f"{ONE}/packs")
@named_auditors
def packs(reference: str) -> ResponseReturnValue:
    """The packs of the engagement, the newest first; while one is being built the page asks again by itself."""
    with unit_of_work() as session:
        row = enter(session, reference, "packs")
        found = queries.packs(session, row.engagement.id)
        states = {each.id: packing.state_of(session, each, now()) for each in found}
        return room_page(
            "engagements/packs.html",
            row,
            packs=found,
            states=states,
            under_way=any(status in packing.UNFINISHED for status, _why in states.values()),
            samples=queries.samples(session, row.engagement.id),
        )


@pages.post(f"{ONE}/packs")
@named_auditors
def ask_for_pack(reference: str) -> ResponseReturnValue:
    """Have a pack built, its index in the reader's language."""
    command = AskForPack(Language(current_language().code))
    form = HtmlForm(PackForm)
    made = form.run(
        lambda session, _command: str(packing.ask(session, current_actor(), reference, command, now=now()).id)
    )
    if form.done and not current_app.testing:
        packing.start(UUID(made))
    return redirect(url_for("room.packs", reference=reference), 303)


@pages.get(f"{ONE}/packs/<uuid:pack_id>/file")
@named_auditors
def pack_file(reference: str, pack_id: UUID) -> ResponseReturnValue:
    """A finished pack, sent piece by piece."""
    with unit_of_work() as session:
        found = packing.to_download(session, current_actor(), reference, pack_id, now=now())
    response = attachment(packing.content(found.id), ZIP, found.filename)
    response.content_length = found.size_bytes
    return response
