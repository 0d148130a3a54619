"""Evidence packs over HTTP: asked for on a page, watched, taken along; and nothing of it for anyone else."""

from __future__ import annotations

import hashlib
import re

import pytest
from flask import Flask

from app.access.permissions import Permission
from app.db.unit_of_work import unit_of_work
from app.engagements import pack_routes, packing
from app.engagements.models import EvidencePack
from app.kernel.actor import Role
from app.kernel.identity import new_id
from tests.builders import payments
from tests.builders.payments import NOW
from tests.builders.people import a_token
from tests.web.engagements.conftest import Browser, Room


def _pack() -> EvidencePack:
    with unit_of_work() as session:
        return session.query(EvidencePack).one()


def test_a_pack_is_asked_for_watched_and_downloaded(room: Room, browser: Browser) -> None:
    client = browser(room.auditor)
    assert client.post(room.path("packs")).location == room.path("packs")
    waiting = client.get(room.path("packs")).text
    assert "It is about to begin." in waiting
    assert "Build the pack" not in waiting
    packing.build(_pack().id, lambda: NOW)
    ready = client.get(room.path("packs")).text
    link = re.search(r'href="([^"]+/file)"', ready)
    assert link is not None
    answer = client.get(link[1])
    assert answer.content_type == "application/zip"
    assert hashlib.sha256(answer.data).hexdigest() in re.sub(r"<wbr>", "", ready)
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_a_pack_that_failed_says_at_which_file_and_what_to_do(
    room: Room, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise OSError("no space")

    monkeypatch.setattr("app.engagements.pack._control_totals", broken)
    client = browser(room.auditor)
    client.post(room.path("packs"))
    packing.build(_pack().id, lambda: NOW)
    page = client.get(room.path("packs")).text
    assert "population/control-totals.csv" in page
    assert "Build it again" in page
    assert "Build the pack" in page
    assert client.get(room.path("packs", _pack().id, "file")).status_code == 404


def test_packs_are_not_there_for_anyone_else(room: Room, browser: Browser) -> None:
    browser(room.auditor).post(room.path("packs"))
    packing.build(_pack().id, lambda: NOW)
    for actor in (room.made.finance, room.made.maker, room.made.leader):
        client = browser(actor)
        for each in ("packs", f"packs/{_pack().id}/file"):
            assert client.get(room.path(each)).status_code == 404
        assert client.post(room.path("packs")).status_code == 404


def test_a_pack_is_asked_for_and_taken_by_the_api(app: Flask, room: Room) -> None:
    with unit_of_work() as session:
        payments.right(session, room.auditor.person_id, Role.AUDITOR, session.merge(room.made.funder))
    headers = a_token(app, room.auditor.person_id, Permission.ENGAGEMENTS_READ)
    client = app.test_client()
    path = f"/api/v1{room.path('packs')}"
    made = client.post(path, json={"language": "zh-Hans"}, headers=headers | {"Idempotency-Key": str(new_id())})
    assert (made.status_code, made.json["status"], made.json["language"]) == (201, "WAITING", "zh-Hans")
    packing.build(_pack().id, lambda: NOW)
    told = client.get(path, headers=headers).json
    found = told["items"][0]
    assert found["status"] == "READY"
    answer = client.get(f"{path}/{found['id']}/file", headers=headers)
    assert hashlib.sha256(answer.data).hexdigest() == found["sha256"]


def test_a_server_starts_the_process_that_builds(room: Room, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[object] = []
    monkeypatch.setattr(packing, "start", started.append)
    monkeypatch.setattr(pack_routes, "current_app", type("Served", (), {"testing": False}))
    browser(room.auditor).post(room.path("packs"))
    assert started == [_pack().id]
