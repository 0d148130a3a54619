"""Policy numbers by screen and by API: proposed by one administrator, confirmed by another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policies.models import PolicySetting
from app.access.policies.states import POLICIES
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from tests.builders import payments, projects
from tests.builders.people import a_token, signed_in_client

TYPED = {
    "name": "old-transfer-days",
    "value": "60",
    "source": "Resolution 12 of 2026",
    "first_day": "2026-12-01",
}


@pytest.fixture
def people(app: Flask) -> dict[str, Actor]:
    with unit_of_work() as session:
        zone = projects.institution(session, "Zone authority")
        return {
            "first": payments.someone(session, "Ada", Role.ADMINISTRATOR, zone),
            "second": payments.someone(session, "Bo", Role.ADMINISTRATOR, zone),
            "accountant": payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, zone),
        }


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def change_id() -> str:
    """The key of the only change."""
    with unit_of_work() as session:
        return str(session.query(PolicySetting).one().id)


def test_value_is_proposed_and_confirmed_by_screen(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    first, second = browser(people["first"]), browser(people["second"])
    page = first.get("/settings").text
    for words in ("Oldest booking rate that counts as fresh", "House rule", "Not verified", "Nothing has been changed"):
        assert words in page
    assert first.post("/settings", data=TYPED).status_code == 303
    assert "Another administrator confirms this" in first.get("/settings").text
    path = f"/settings/{change_id()}"
    assert first.post(f"{path}/confirm", data={"version": "1"}).status_code == 403
    assert f"{path}/confirm" in second.get("/settings").text
    assert second.post(f"{path}/confirm", data={"version": "1"}).status_code == 303
    done = second.get("/settings").text
    assert "Confirmed" in done
    assert "Resolution 12 of 2026" in done


def test_refused_proposal_keeps_what_was_typed(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    answer = browser(people["first"]).post("/settings", data=TYPED | {"value": "2.5"})
    assert answer.status_code == 422
    assert "Give a whole number from 1 to 730." in answer.text
    assert 'value="2.5"' in answer.text
    assert "Resolution 12 of 2026" in answer.text


def test_accountant_may_not_open_the_settings(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(people["accountant"])
    assert client.get("/settings").status_code == 403
    assert client.post("/settings", data=TYPED).status_code == 403


def test_policies_through_the_api(app: Flask, people: dict[str, Actor]) -> None:
    api = app.test_client()
    first, second = (a_token(app, people[name].person_id) for name in ("first", "second"))
    listed = api.get("/api/v1/policies", headers=first).json["items"]
    assert {row["name"]: row["value"] for row in listed} == {
        name.value: str(policy.value) for name, policy in POLICIES.items()
    }
    once = {"Idempotency-Key": "old-transfers-sooner"}
    made = [api.post("/api/v1/policies/changes", json=TYPED, headers={**first, **once}) for _ in range(2)]
    assert [answer.status_code for answer in made] == [201, 201], made[0].text
    path = f"/api/v1/policies/changes/{made[0].json['id']}"
    assert api.post(f"{path}/confirm", json={"version": 1}, headers=first).status_code == 403
    confirmed = api.post(f"{path}/confirm", json={"version": 1}, headers=second)
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json["status"] == "CONFIRMED"
    assert [row["status"] for row in api.get("/api/v1/policies/changes", headers=second).json["items"]] == ["CONFIRMED"]
    token = a_token(app, people["accountant"].person_id)
    assert api.get("/api/v1/policies", headers=token).status_code == 403
