"""Evidence packs as JSON: the verbs of their screens, the last of the room's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, current_app
from marshmallow import fields
from sqlalchemy.orm import Session

from app.engagements import packing, queries, service
from app.engagements.forms import PackForm
from app.engagements.models import EvidencePack
from app.engagements.pack_routes import ZIP
from app.engagements.packing import AskForPack
from app.engagements.room_api import ONE, api
from app.kernel.actor import Actor
from app.web.downloads import attachment
from app.web.present import now
from app.web.schemas import CodeOut, Out

__all__ = ["api"]


class PackOut(Out):
    """A pack: `done` of `total` files are written; `failure` says what went wrong, `step` at which file."""

    id = fields.UUID()
    status = CodeOut()
    step = fields.String()
    done = fields.Integer()
    total = fields.Integer()
    failure = fields.String()
    filename = fields.String()
    size_bytes = fields.Integer()
    sha256 = fields.String()
    language = fields.String()
    asked_by_id = fields.UUID()
    asked_at = fields.DateTime()
    finished_at = fields.DateTime(allow_none=True)


_PLAIN = (
    "id", "step", "done", "total", "filename", "size_bytes", "language", "asked_by_id", "asked_at", "finished_at",
)  # fmt: skip


def _out(session: Session, row: EvidencePack) -> dict[str, Any]:
    status, why = packing.state_of(session, row, now())
    told = {"status": status, "failure": why, "sha256": row.sha256.hex() if row.sha256 else ""}
    return {name: getattr(row, name) for name in _PLAIN} | told


@api.get(f"{ONE}/packs", permission=None, response=PackOut, many=True, summary="List evidence packs")
def packs(session: Session, actor: Actor, reference: str) -> list[dict[str, Any]]:
    """The packs of the engagement, the newest first, and how far each is."""
    engagement = service.enter(session, actor, reference, "packs", now=now()).engagement
    return [_out(session, each) for each in queries.packs(session, engagement.id)]


@api.post(
    f"{ONE}/packs", permission=None, body=PackForm, response=PackOut, status=201, summary="Have an evidence pack built"
)
def ask_for_pack(session: Session, actor: Actor, command: AskForPack, reference: str) -> dict[str, Any]:
    """A pack that is built in the background; the one under way, where there is one."""
    made = packing.ask(session, actor, reference, command, now=now())
    if not current_app.testing:
        packing.start(made.id)
    return _out(session, made)


@api.get(f"{ONE}/packs/<uuid:pack_id>/file", permission=None, summary="Get an evidence pack")
def pack_file(session: Session, actor: Actor, reference: str, pack_id: UUID) -> Response:
    """A finished pack, piece by piece."""
    found = packing.to_download(session, actor, reference, pack_id, now=now())
    return attachment(packing.content(found.id), ZIP, found.filename)
