"""Signing in by screen: new session each time, ended at once when a right is lost, local redirects only."""

from __future__ import annotations

import statistics
import time
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.access.permissions import Permission
from app.audit.models import AuditEvent
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from app.people import rights, service
from app.people.models import Person, RoleAssignment
from app.people.service import ReasonCommand
from app.people.throttle import MOST_PER_ACCOUNT
from tests.builders.institutions import an_institution
from tests.builders.people import PASSWORD, a_token, an_actor, signed_in_client


@pytest.fixture
def officer(app: Flask, now: datetime) -> Actor:
    with unit_of_work() as session:
        return an_actor(
            session, now, Role.GRANT_OFFICER, an_institution(session, now, code="QTSF"), email="ho@loop.example"
        )


@pytest.fixture
def administrator(app: Flask, now: datetime, officer: Actor) -> Actor:
    with unit_of_work() as session:
        from app.institutions.queries import find_by_code

        funder = find_by_code(session, "QTSF")
        assert funder is not None
        return an_actor(session, now, Role.ADMINISTRATOR, funder)


def sign_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str):  # type: ignore[no-untyped-def]
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def secret_of(client: FlaskClient) -> str | None:
    with client.session_transaction() as cookie:
        return cookie.get("_user_id")


def test_page_without_a_session_leads_to_sign_in_and_back(client: FlaskClient, officer: Actor) -> None:
    asked = client.get("/institutions/")
    assert asked.status_code == 303
    assert "/sign-in" in asked.location
    done = client.post(asked.location, data={"email": officer.email, "password": PASSWORD, "next": "/institutions/"})
    assert (done.status_code, done.location) == (303, "/institutions/")
    assert client.get("/institutions/").status_code == 200


def test_wrong_password_is_refused_without_saying_which_was_wrong(client: FlaskClient, officer: Actor) -> None:
    known = sign_in(client, officer.email, "not the password")
    unknown = sign_in(client, "nobody@loop.example", "not the password")
    assert known.status_code == unknown.status_code == 403
    assert "do not belong together" in known.text
    assert "do not belong together" in unknown.text
    assert "not the password" not in known.text


def test_session_changes_at_sign_in_and_dies_at_sign_out(client: FlaskClient, officer: Actor) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "chosen-by-an-attacker"
    sign_in(client, officer.email)
    first = secret_of(client)
    assert first not in (None, "chosen-by-an-attacker")
    client.post("/sign-out")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = first
    assert client.get("/account").status_code == 303


def test_signing_in_again_gives_another_session(client: FlaskClient, officer: Actor) -> None:
    sign_in(client, officer.email)
    first = secret_of(client)
    sign_in(client, officer.email)
    assert secret_of(client) != first


@pytest.mark.parametrize(
    "target", ["//evil.example", "\\evil", "https://evil.example", "/\\evil.example", "%2f%2fevil"]
)
def test_sign_in_never_sends_a_person_elsewhere(client: FlaskClient, officer: Actor, target: str) -> None:
    assert sign_in(client, officer.email, next=target).location == "/"


def test_too_many_tries_are_told_and_the_owners_device_still_gets_in(app: Flask, officer: Actor) -> None:
    owner, stranger = app.test_client(), app.test_client()
    sign_in(owner, officer.email)
    owner.post("/sign-out")
    answers = [
        stranger.post(
            "/sign-in",
            data={"email": officer.email, "password": "guess"},
            environ_overrides={"REMOTE_ADDR": f"10.0.0.{number}"},
        ).status_code
        for number in range(MOST_PER_ACCOUNT + 2)
    ]
    assert answers[-1] == 429
    moved = owner.post(
        "/sign-in",
        data={"email": officer.email, "password": PASSWORD},
        environ_overrides={"REMOTE_ADDR": "10.9.9.9"},
    )
    assert moved.status_code == 303


def test_disabled_person_is_out_at_the_next_request_with_session_and_token(
    app: Flask, now: datetime, officer: Actor, administrator: Actor
) -> None:
    client, headers = signed_in_client(app, officer.person_id), a_token(app, officer.person_id)
    assert client.get("/account").status_code == 200
    assert client.get("/api/v1/me", headers=headers).status_code == 200
    with unit_of_work() as session:
        version = session.get_one(Person, officer.person_id).version
        service.disable(session, administrator, officer.person_id, ReasonCommand(version, "Left"), now=now)
    assert client.get("/account").status_code == 303
    assert client.get("/api/v1/me", headers=headers).status_code == 401


def test_revoked_right_ends_the_session_at_the_next_request(
    app: Flask, now: datetime, officer: Actor, administrator: Actor
) -> None:
    client = signed_in_client(app, officer.person_id)
    with unit_of_work() as session:
        right = session.scalars(select(RoleAssignment).filter_by(person_id=officer.person_id)).one()
        rights.revoke(session, administrator, right.id, ReasonCommand(1, "Moved on"), now=now)
    assert client.get("/institutions/").status_code == 303


def test_post_without_the_token_of_the_page_is_refused(app: Flask, officer: Actor) -> None:
    client = signed_in_client(app, officer.person_id)
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.post("/account/preferences", data={"language": "zh-Hant", "density": "compact"}).status_code == 403


def test_language_and_row_height_are_kept_per_person(app: Flask, officer: Actor) -> None:
    client = signed_in_client(app, officer.person_id)
    assert client.post("/account/preferences", data={"language": "zh-Hant", "density": "compact"}).status_code == 303
    page = signed_in_client(app, officer.person_id).get("/account").text
    assert 'lang="zh-Hant-HK"' in page
    assert 'data-density="compact"' in page


def test_token_is_shown_once_and_works_within_its_scope_only(app: Flask, officer: Actor) -> None:
    client = signed_in_client(app, officer.person_id)
    made = client.post("/account/tokens", data={"name": "script", "scopes": ["institutions.read"], "days": "30"})
    secret = made.text.partition('class="mono">hetao_')[2].partition("<")[0]
    assert secret
    assert secret not in client.get("/account").text
    headers = {"Authorization": f"Bearer hetao_{secret}"}
    assert client.get("/api/v1/institutions", headers=headers).status_code == 200
    assert client.get("/api/v1/people", headers=headers).status_code == 403


def test_denied_page_is_on_the_trail(app: Flask, officer: Actor) -> None:
    client = signed_in_client(app, officer.person_id)
    assert client.get("/people/new").status_code == 403
    with unit_of_work() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.outcome == "DENIED")).one()
    assert (event.actor_id, event.verb) == (officer.person_id, Permission.PEOPLE_MANAGE.value)
    assert event.details["codes"] == ["access.not-permitted"]


@pytest.mark.slow
def test_unknown_account_takes_as_long_as_a_known_one(app: Flask, officer: Actor) -> None:
    """By the processor's time, in turns: what else the machine does meanwhile is no part of it."""

    def work(email: str, address: str) -> float:
        begun = time.process_time()
        app.test_client().post(
            "/sign-in", data={"email": email, "password": "guess"}, environ_overrides={"REMOTE_ADDR": address}
        )
        return time.process_time() - begun

    work("warm-up@loop.example", "10.1.0.1")
    pairs = [
        (work(officer.email, f"10.2.0.{number}"), work("nobody@loop.example", f"10.3.0.{number}"))
        for number in range(9)
    ]
    known, unknown = (statistics.median(taken) for taken in zip(*pairs, strict=True))
    assert 0.5 < unknown / known < 2
