"""The auditor's room over HTTP: what it shows, who does not find it, and the way from population to finding."""

from __future__ import annotations

import re

from flask import Flask
from flask.testing import FlaskClient

from app.db.session import new_session
from tests.builders import engagements, sealing
from tests.web.engagements.conftest import Browser, Room

SCREENS = ("", "population", "questions", "questions/ask", "records", "papers", "statements", "trail", "samples/draw")


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_every_screen_of_the_room_opens_to_its_auditor(room: Room, browser: Browser) -> None:
    client = browser(room.auditor)
    assert client.get("/room").status_code == 200
    for each in SCREENS:
        answer = client.get(room.path(each).rstrip("/"))
        assert answer.status_code == 200, (each, answer.text[:2000])


def test_the_control_totals_tie_to_the_ledger(room: Room, browser: Browser) -> None:
    words = _words(browser(room.auditor).get(room.path()).text)
    assert words.count("Ties to the ledger") == 2
    assert "400,000.00(92,538.75)–(307,461.25)–" in words
    assert "332,282.43332,282.43" in words


def _a_sample(client: FlaskClient, room: Room) -> str:
    sent = {
        "contract": room.made.contract.reference, "currency": "CNY", "line_class": "COST", "method": "MONETARY_UNIT",
        "seed": "c0ffee", "tolerable": "20000.00", "confidence": "95",
    }  # fmt: skip
    answer = client.post(room.path("samples/draw"), data=sent)
    assert answer.status_code == 303, _words(answer.text)
    return str(answer.location)


def test_a_sample_is_previewed_locked_and_judged(room: Room, browser: Browser) -> None:
    client = browser(room.auditor)
    address = _a_sample(client, room)
    preview = client.get(address)
    assert "Lock the sample" in preview.text
    assert client.post(f"{address}/lock", data={"version": "1"}).status_code == 303
    answer = client.post(
        f"{address}/findings", data={"place": "1", "currency": "CNY", "audited": "90000.00", "finding": "Two days"}
    )
    assert answer.status_code == 303
    assert "Above the tolerable misstatement" not in preview.text
    assert "Two days" in client.get(address).text


def test_the_seal_of_a_sample_is_shown_and_taken_along_once_it_is_in_a_block(
    app: Flask, room: Room, browser: Browser
) -> None:
    client, caller = browser(room.auditor), app.test_client()
    headers = engagements.a_room_token(app, room.auditor.person_id, room.reference)
    address = _a_sample(client, room)
    assert "block of book" not in client.get(address).text
    client.post(f"{address}/lock", data={"version": "1"})
    code = room.made.grantee.code
    assert f"Not in a block of book {code} yet." in client.get(address).text
    assert caller.get(f"/api/v1{address}", headers=headers).json["place"] == {"book": code, "block": None}
    assert client.get(f"{address}/seal").status_code == 404
    with new_session() as session:
        sealing.seal(session)
    place = caller.get(f"/api/v1{address}", headers=headers).json["place"]
    assert f"In the seal: book {code}, block {place['block']}." in client.get(address).text
    taken = client.get(f"{address}/seal")
    assert sealing.proof_verifier.check_proof(taken.get_json(force=True)) == []
    assert caller.get(f"/api/v1{address}/seal", headers=headers).data == taken.data
