"""The register by screen and by API: entered, imported, seen, disposed of by two people; foreign items do not exist."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.equipment import queries
from app.equipment.queries import ItemFilters
from app.kernel.actor import Actor, Role
from tests.builders import equipment, payments, projects, statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

Browser = Callable[[Actor], FlaskClient]
HEAD = "contract,tag,description,acquired_on,currency,cost,place\n"


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """The worked example once the money has arrived."""
    with unit_of_work() as session:
        return statements.received(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda actor: signed_in_client(app, actor.person_id)


def typed(made: PaymentWorld, **changes: str) -> dict[str, str]:
    """What a finance officer types for a microscope."""
    return {
        "contract": made.contract.reference,
        "tag": "EQ-1",
        "description": "Microscope",
        "acquired_on": "2026-11-02",
        "currency": "CNY",
        "cost": "1000.00",
        "funded_percent": "100",
        "place": "SZ",
    } | changes


def tags(made: PaymentWorld) -> list[str]:
    """The tags in the register."""
    with unit_of_work() as session:
        return [each.tag for each in queries.listed(session, made.finance, ItemFilters()).items]


def test_item_is_entered_seen_and_disposed_of_by_two_people(made: PaymentWorld, browser: Browser) -> None:
    keeper, other = browser(made.finance), browser(made.other_finance)
    page = keeper.post("/equipment/keep", data=typed(made)).location
    assert "Microscope" in keeper.get(page).text
    assert (
        keeper.post(f"{page}/see", data={"seen_on": "2026-11-19", "place": "HK", "location": "Room 5"}).status_code
        == 303
    )
    with unit_of_work() as session:
        version = str(queries.by_tag(session, made.grantee.id, "EQ-1").version)  # type: ignore[union-attr]
    proposal = {"version": version, "kind": "SCRAPPED", "disposed_on": "2026-11-20", "reason": "Broken"}
    assert keeper.post(f"{page}/dispose", data=proposal).status_code == 303
    decision = {"version": str(int(version) + 1)}
    assert keeper.post(f"{page}/approve-disposal", data=decision).status_code == 403
    assert other.post(f"{page}/approve-disposal", data=decision).status_code == 303
    shown = other.get(page).text
    assert "Disposed of" in shown
    assert "Room 5" in shown


def test_wrong_form_keeps_what_was_typed(made: PaymentWorld, browser: Browser) -> None:
    answer = browser(made.finance).post("/equipment/keep", data=typed(made, cost="1e3", tag="KEPT-7"))
    assert answer.status_code == 400
    assert "KEPT-7" in answer.text
    assert tags(made) == []


def test_file_is_taken_whole_or_not_and_names_the_wrong_cell(made: PaymentWorld, browser: Browser) -> None:
    keeper = browser(made.finance)
    good = f"{made.contract.reference},A,Laser,2026-11-02,CNY,5.00,SZ\n"
    wrong = f"{made.contract.reference},B,Laser,2026-11-02,CNY,5.00,MARS\n"
    answer = keeper.post("/equipment/import", data={"file": (io.BytesIO((HEAD + good + wrong).encode()), "items.csv")})
    assert answer.status_code == 400
    assert "Line 3, column place: Side is not one of the choices." in answer.text
    assert tags(made) == []
    for _again in range(2):
        sent = {"file": (io.BytesIO((HEAD + good).encode()), "items.csv")}
        assert keeper.post("/equipment/import", data=sent).status_code == 303
    assert tags(made) == ["A"]


def test_api_does_what_the_screens_do(app: Flask, made: PaymentWorld) -> None:
    caller, headers = app.test_client(), a_token(app, made.finance.person_id)
    kept = caller.post("/api/v1/equipment", json=typed(made), headers=headers)
    assert kept.status_code == 201
    assert kept.json is not None
    assert kept.json["charged"] == {"amount": "1000.00", "currency": "CNY"}
    listed = caller.get("/api/v1/equipment?text=microscope", headers=headers).json
    assert listed is not None
    assert [each["tag"] for each in listed["items"]] == ["EQ-1"]


def test_another_file_under_the_key_of_an_earlier_one_is_refused(app: Flask, made: PaymentWorld) -> None:
    caller, headers = app.test_client(), a_token(app, made.finance.person_id) | {"Idempotency-Key": "a" * 32}
    rows = [f"{HEAD}{made.contract.reference},{tag},Laser,2026-11-02,CNY,5.00,SZ\n" for tag in "AAB"]
    answers = [
        caller.post("/api/v1/equipment/import", data={"file": (io.BytesIO(each.encode()), "f.csv")}, headers=headers)
        for each in rows
    ]
    assert [each.status_code for each in answers] == [201, 201, 422]
    assert answers[0].json == answers[1].json
    assert tags(made) == ["A"]


def test_item_does_not_exist_for_another_institution(app: Flask, made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        reference = equipment.kept(session, made).reference
        elsewhere = projects.institution(session, "Another university")
        stranger = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)
    visitor = browser(stranger)
    for path in ("", "/change", "/see", "/dispose"):
        assert visitor.get(f"/equipment/{reference}{path}").status_code == 404
    assert visitor.get("/equipment/EQP-1999-00001").status_code == 404
