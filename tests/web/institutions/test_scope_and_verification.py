"""Institutions by screen and API: foreign ids look like nothing, own entries cannot be verified."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditEvent
from app.db.unit_of_work import unit_of_work
from app.institutions import account_service
from app.institutions.models import BankAccount
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Role
from tests.builders.institutions import an_account_command, an_institution
from tests.builders.people import a_token, an_actor, signed_in_client

CALL_BACK = "Called the registrar on the number in the contract; agreed."


@dataclass
class Scene:
    account_id: UUID
    maker_id: UUID
    checker_id: UUID
    stranger_id: UUID
    person_id: UUID


@pytest.fixture
def scene(app: Flask, now: datetime) -> Scene:
    with unit_of_work() as session:
        university = an_institution(session, now, code="UNI", side=Side.HK, kind=InstitutionKind.UNIVERSITY)
        other = an_institution(session, now, code="OTHER", side=Side.HK, kind=InstitutionKind.UNIVERSITY)
        maker, checker = (an_actor(session, now, Role.FINANCE_OFFICER, university) for _ in range(2))
        stranger = an_actor(session, now, Role.FINANCE_OFFICER, other)
        account = account_service.enter(session, maker, university.id, an_account_command(Side.HK), now=now)
        return Scene(account.id, maker.person_id, checker.person_id, stranger.person_id, maker.person_id)


def test_maker_cannot_verify_by_screen(app: Flask, scene: Scene, database_digest: Callable[[], str]) -> None:
    client = signed_in_client(app, scene.maker_id)
    before = database_digest()
    answer = client.post(
        f"/institutions/accounts/{scene.account_id}/verify", data={"version": "1", "call_back_note": CALL_BACK}
    )
    assert answer.status_code == 403
    assert database_digest() == before
    with unit_of_work() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.outcome == "DENIED")).one()
        assert event.actor_id == scene.maker_id


def test_maker_cannot_verify_by_api(app: Flask, scene: Scene) -> None:
    headers = a_token(app, scene.maker_id)
    answer = app.test_client().post(
        f"/api/v1/bank-accounts/{scene.account_id}/verify",
        json={"version": 1, "call_back_note": CALL_BACK},
        headers=headers,
    )
    assert answer.status_code == 403
    assert answer.get_json()["breaches"][0]["code"] == "bank-account.own-entry"


def test_checker_verifies_and_the_number_stays_masked(app: Flask, scene: Scene) -> None:
    client = signed_in_client(app, scene.checker_id)
    path = f"/institutions/accounts/{scene.account_id}"
    done = client.post(f"{path}/verify", data={"version": "1", "call_back_note": CALL_BACK})
    assert done.status_code == 303
    with unit_of_work() as session:
        account = session.get_one(BankAccount, scene.account_id)
        assert account.status == "VERIFIED"
    page = client.get(path).text
    assert account.number not in page
    assert "Bank account verified by a second person" in page


def test_stale_page_keeps_what_was_typed(app: Flask, scene: Scene) -> None:
    client = signed_in_client(app, scene.checker_id)
    path = f"/institutions/accounts/{scene.account_id}/verify"
    answer = client.post(path, data={"version": "9", "call_back_note": CALL_BACK})
    assert answer.status_code == 409
    assert CALL_BACK in answer.text


def test_full_number_is_shown_once_with_a_reason(app: Flask, scene: Scene) -> None:
    client = signed_in_client(app, scene.checker_id)
    path = f"/institutions/accounts/{scene.account_id}/reveal"
    assert client.post(path, data={"reason": ""}).status_code == 400
    answer = client.post(path, data={"reason": "Comparing with the bank's letter"})
    with unit_of_work() as session:
        assert session.get_one(BankAccount, scene.account_id).number in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("method", ["get", "post"])
def test_person_of_another_institution_finds_nothing(app: Flask, scene: Scene, method: str) -> None:
    client = signed_in_client(app, scene.stranger_id)
    paths = {
        "get": [
            "/institutions/UNI",
            f"/institutions/accounts/{scene.account_id}",
            f"/people/{scene.person_id}",
            "/authority/?institution=UNI",
            "/institutions/UNI/accounts/new",
        ],
        "post": [
            f"/institutions/accounts/{scene.account_id}/verify",
            f"/institutions/accounts/{scene.account_id}/refuse",
            f"/institutions/accounts/{scene.account_id}/reveal",
        ],
    }[method]
    sent = {"version": "1", "call_back_note": CALL_BACK, "reason": "Long enough"}
    for path in paths:
        answer = client.get(path) if method == "get" else client.post(path, data=sent)
        assert answer.status_code == 404, path


def test_person_of_another_institution_finds_nothing_by_api(app: Flask, scene: Scene) -> None:
    headers = a_token(app, scene.stranger_id)
    client = app.test_client()
    for path in (
        "/institutions/UNI",
        "/institutions/UNI/bank-accounts",
        "/institutions/UNI/authority-limits",
        "/institutions/UNI/delegations",
        f"/bank-accounts/{scene.account_id}",
        f"/people/{scene.person_id}",
    ):
        assert client.get(f"/api/v1{path}", headers=headers).status_code == 404, path


def test_administrator_opens_an_institution_by_screen_with_every_mistake_shown(app: Flask, now: datetime) -> None:
    with unit_of_work() as session:
        administrator = an_actor(session, now, Role.ADMINISTRATOR, an_institution(session, now, code="QTSF"))
    client = signed_in_client(app, administrator.person_id)
    typed = {
        "code": "bad code",
        "side": "SZ",
        "kind": "ENTERPRISE",
        "name_en": "Loop Robotics",
        "functional_currency": "HKD",
        "uscc": "91440304MA5TE8T05M",
        "year_end_month": "12",
    }
    refused = client.post("/institutions/new", data=typed)
    assert refused.status_code == 422
    for field in ("code", "functional_currency", "uscc"):
        assert f'href="#{field}"' in refused.text
    assert "Loop Robotics" in refused.text
    right = typed | {"code": "LOOP", "functional_currency": "CNY", "uscc": "91440304MA5TE8T05N"}
    opened = client.post("/institutions/new", data=right)
    assert (opened.status_code, opened.location) == (303, "/institutions/LOOP")
    assert client.get("/institutions/LOOP").status_code == 200


@pytest.mark.parametrize("name", ["x" * 100_000, "Bidi \u202e evil", "Line\x07bell"])
def test_names_that_hide_something_are_refused(app: Flask, now: datetime, name: str) -> None:
    with unit_of_work() as session:
        administrator = an_actor(session, now, Role.ADMINISTRATOR, an_institution(session, now, code="QTSF"))
    client = signed_in_client(app, administrator.person_id)
    typed = {"code": "LOOP", "side": "SZ", "kind": "FUNDER", "name_en": name, "functional_currency": "CNY"}
    assert client.post("/institutions/new", data=typed | {"year_end_month": "12"}).status_code == 400


def test_markup_in_a_name_is_shown_as_text(app: Flask, now: datetime) -> None:
    with unit_of_work() as session:
        funder = an_institution(session, now, code="QTSF", name_en="<script>alert(1)</script>")
        officer = an_actor(session, now, Role.GRANT_OFFICER, funder)
    page = signed_in_client(app, officer.person_id).get("/institutions/QTSF").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page
