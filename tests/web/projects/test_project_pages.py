"""Projects by screen and by API."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.people.models import Person
from tests.builders import contracts, projects
from tests.builders.contracts import World
from tests.builders.people import a_token, give_role, signed_in_client
from tests.builders.projects import NOW

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def world(app: Flask) -> World:
    """A committed world whose people can sign in."""
    with unit_of_work() as session:
        made = contracts.world(session)
        for actor in (made.maker, made.pi, made.finance):
            person = session.get_one(Person, actor.person_id)
            for right in actor.rights:
                give_role(session, person, right.role, session.get_one(Institution, right.institution_id), NOW)
        return made


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which the actor is signed in."""
    return lambda actor: signed_in_client(app, actor.person_id)


def form(world: World, **changes: str) -> dict[str, str]:
    """What a person types to register a project."""
    typed = {
        "title_en": "Quantum memory",
        "first_day": "2026-01-01",
        "last_day": "2027-12-31",
        "confidentiality": "INTERNAL",
        "institution_id": str(world.funder.id),
        "party_ids": str(world.grantee.id),
        "pi_id": str(world.pi.person_id),
        "pi_institution_id": str(world.grantee.id),
    }
    return typed | changes


def test_project_is_registered_and_changed_by_screen(world: World, browser: Browser) -> None:
    client = browser(world.maker)
    assert client.get("/projects/register").status_code == 200
    made = client.post("/projects/register", data=form(world))
    assert made.status_code == 303
    page = client.get(made.location).text
    for words in ("Quantum memory", "Lion Ridge University", "Dr Zhou Yun", "Project registered"):
        assert words in page
    assert client.get(f"{made.location}/edit").status_code == 200
    changed = form(world, title_en="Quantum memory II", version="1")
    assert client.post(f"{made.location}/edit", data=changed).status_code == 303
    assert "Quantum memory II" in client.get("/projects?text=memory").text


def test_secret_project_is_refused_with_words_and_nothing_written(
    world: World, browser: Browser, database_digest: Callable[[], str]
) -> None:
    client = browser(world.maker)
    before = database_digest()
    answer = client.post("/projects/register", data=form(world, confidentiality="SECRET"))
    assert answer.status_code == 422
    assert "A secret project may not be registered here" in answer.text
    assert database_digest() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [("title_en", "x" * 100_000), ("title_en", "a\u202eb"), ("last_day", "2026-02-29"), ("last_day", "2025-01-01")],
)
def test_bad_input_is_refused_and_nothing_written(
    world: World, browser: Browser, database_digest: Callable[[], str], field: str, value: str
) -> None:
    client = browser(world.maker)
    before = database_digest()
    assert client.post("/projects/register", data=form(world, **{field: value})).status_code in (400, 422)
    assert database_digest() == before


def test_stranger_finds_no_project(world: World, app: Flask, browser: Browser) -> None:
    with unit_of_work() as session:
        place = projects.institution(session, "Another funder")
        actor = projects.someone(session, "Stranger")
        give_role(session, session.get_one(Person, actor.person_id), Role.GRANT_OFFICER, place, NOW)
    client = browser(actor)
    assert client.get(f"/projects/{world.project.reference}").status_code == 404
    assert world.project.reference not in client.get("/projects").text


def test_finance_officer_reads_and_cannot_register(world: World, browser: Browser) -> None:
    client = browser(world.finance)
    assert client.get(f"/projects/{world.project.reference}").status_code == 200
    assert client.get("/projects/register").status_code == 403
    assert client.post("/projects/register", data=form(world)).status_code == 403


def test_people_and_parties_are_changed_by_screen(world: World, browser: Browser) -> None:
    client = browser(world.maker)
    path = f"/projects/{world.project.reference}"
    with unit_of_work() as session:
        third = projects.institution(session, "Third Institute").id
    assert client.post(f"{path}/parties", data={"institution_id": str(third)}).status_code == 303
    assert client.post(f"{path}/parties", data={"institution_id": str(third)}).status_code == 409
    member = {"person_id": str(world.finance.person_id), "institution_id": str(third), "team_role": "MEMBER"}
    assert client.post(f"{path}/members", data=member).status_code == 303
    assert "Third Institute" in client.get(path).text
    assert client.post(f"{path}/parties/remove", data={"institution_id": str(third)}).status_code == 303


def test_project_is_registered_by_api(app: Flask, world: World) -> None:
    client, headers = app.test_client(), a_token(app, world.maker.person_id)
    body = {**form(world), "party_ids": [str(world.grantee.id)]}
    made = client.post("/api/v1/projects", json=body, headers=headers)
    assert made.status_code == 201
    assert {party["institution_id"] for party in made.get_json()["parties"]} == {
        str(world.funder.id),
        str(world.grantee.id),
    }
    shown = client.get(f"/api/v1/projects/{made.get_json()['reference']}", headers=headers)
    assert shown.get_json()["members"][0]["team_role"] == "PRINCIPAL_INVESTIGATOR"
    secret = client.post("/api/v1/projects", json=body | {"confidentiality": "SECRET"}, headers=headers)
    assert secret.status_code == 422
