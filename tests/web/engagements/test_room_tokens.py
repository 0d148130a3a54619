"""Tokens that read one room: made by an auditor without any role, for reading only, ended with the engagement."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from flask import Flask
from sqlalchemy import select

from app.db.unit_of_work import unit_of_work
from app.engagements import service
from app.engagements.models import Engagement
from app.engagements.service import Step
from app.people.models import PersonalToken
from tests.builders import engagements
from tests.builders.engagements import a_room_token
from tests.builders.payments import NOW
from tests.web.engagements.conftest import Browser, Room

API = "/api/v1/room"


def test_an_auditor_without_a_role_makes_a_token_and_reads_the_room_with_it(
    app: Flask, room: Room, browser: Browser
) -> None:
    answer = browser(room.auditor).post(
        room.path("token"), data={"name": "Sampling", "days": "366", "idempotency_key": uuid4().hex}
    )
    shown = re.search(r"hetao_[\w-]{20,}", answer.text)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), answer.text
    assert shown is not None
    headers, caller = {"Authorization": f"Bearer {shown[0]}"}, app.test_client()
    read = caller.get(f"{API}/{room.reference}/population", headers=headers)
    assert (read.status_code, len(read.json["items"]) > 0) == (200, True)
    assert caller.get("/api/v1/me", headers=headers).json["scopes"] == [f"room:{room.reference}"]
    assert caller.get("/api/v1/contracts", headers=headers).status_code == 403
    with unit_of_work() as session:
        made = session.scalars(select(PersonalToken)).one()
        assert made.expires_at == NOW.replace(hour=16, minute=0, second=0, microsecond=0) + timedelta(days=60)


def test_a_room_token_changes_nothing_in_the_room(app: Flask, room: Room) -> None:
    headers, caller = a_room_token(app, room.auditor.person_id, room.reference), app.test_client()
    answer = caller.post(
        f"{API}/{room.reference}/papers", headers=headers, json={"kind": "NOTE", "text": "Seen by a program"}
    )
    assert answer.status_code == 403
    assert answer.json["breaches"][0]["code"] == "room.token-reads"


def test_a_room_token_reads_no_other_room_of_its_auditor(app: Flask, room: Room) -> None:
    headers, caller = a_room_token(app, room.auditor.person_id, room.reference), app.test_client()
    with unit_of_work() as session:
        other = engagements.granted(session, room.made, room.auditor).reference
    assert caller.get(f"{API}/{other}", headers=headers).status_code == 404
    assert [each["reference"] for each in caller.get(API, headers=headers).json["items"]] == [room.reference]


def test_a_room_token_ends_when_the_engagement_is_ended_early(app: Flask, room: Room) -> None:
    headers, caller = a_room_token(app, room.auditor.person_id, room.reference), app.test_client()
    with unit_of_work() as session:
        row = session.scalars(select(Engagement).where(Engagement.reference == room.reference)).one()
        service.end(session, room.made.checker, row.reference, Step(row.version, "The audit is over"), now=NOW)
    assert caller.get(f"{API}/{room.reference}", headers=headers).status_code == 401
    assert caller.get("/api/v1/me", headers=headers).status_code == 401


def test_nobody_but_an_auditor_of_the_room_makes_a_token_for_it(room: Room, browser: Browser) -> None:
    given = {"name": "Mine", "days": "5", "idempotency_key": uuid4().hex}
    assert browser(room.made.leader).post(room.path("token"), data=given).status_code == 404
    with unit_of_work() as session:
        assert session.scalars(select(PersonalToken)).all() == []


def test_an_auditor_without_a_role_revokes_a_token(app: Flask, room: Room, browser: Browser) -> None:
    headers = a_room_token(app, room.auditor.person_id, room.reference)
    with unit_of_work() as session:
        token_id = session.scalars(select(PersonalToken.id)).one()
    answer = browser(room.auditor).post(f"/account/tokens/{token_id}/revoke", data={"idempotency_key": uuid4().hex})
    assert answer.status_code == 303
    assert app.test_client().get(f"{API}/{room.reference}", headers=headers).status_code == 401
