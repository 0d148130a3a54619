"""Rates by screen and by API: by hand, by file, and the second person."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db.unit_of_work import unit_of_work
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from tests.builders import payments, projects
from tests.builders.people import a_token, signed_in_client

FILE = b"base,quote,unit,rate,date\nHKD,CNY,100,92.406,2026-11-18\nHKD,CNY,1,0.9231,2026-11-19\n"


@pytest.fixture
def people(app: Flask) -> dict[str, Actor]:
    with unit_of_work() as session:
        bank = projects.institution(session, "Qingtan Science Foundation", Side.SZ, InstitutionKind.FUNDER)
        return {
            "maker": payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, bank),
            "checker": payments.someone(session, "Sun Ping", Role.ACCOUNTANT, bank),
            "payer": payments.someone(session, "Fong Chi-wai", Role.PAYMENTS_OFFICER, bank),
        }


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def typed(**changes: str) -> dict[str, str]:
    return {
        "kind": "BOOKING",
        "base": "HKD",
        "quote": "CNY",
        "market": "ONSHORE",
        "unit": "100",
        "rate": "92.406",
        "rate_date": "2026-11-20",
        "source": "CFETS central parity",
    } | changes


def test_rate_is_entered_and_confirmed_by_screen(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    maker, checker = browser(people["maker"]), browser(people["checker"])
    assert maker.get("/rates/enter").status_code == 200
    entered = maker.post("/rates/enter", data=typed())
    assert entered.status_code == 303, entered.text
    page = maker.get(entered.location).text
    assert "100 HKD = 92.4060 CNY" in page
    assert "An accountant other than you confirms it." in page
    assert "Confirm the rate" in checker.get(entered.location).text
    assert "92.406" in checker.get("/rates").text
    assert checker.post(f"{entered.location}/confirm").status_code == 303
    assert checker.get("/rates?status=CONFIRMED&kind=BOOKING").text.count("92.406") >= 1


def test_slip_by_a_hundred_keeps_what_was_typed(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient], database_digest: Callable[[], str]
) -> None:
    with unit_of_work() as session:
        payments.rate(session, "0.9255", payments.TODAY)
    client = browser(people["maker"])
    before = database_digest()
    answer = client.post("/rates/enter", data=typed(unit="1"))
    assert answer.status_code == 422
    assert "Check whether the source quotes 1 or 100 units" in answer.text
    assert "CFETS central parity" in answer.text
    assert database_digest() == before


def test_own_rate_is_refused_with_403(people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(people["maker"])
    entered = client.post("/rates/enter", data=typed())
    assert client.post(f"{entered.location}/confirm").status_code == 403


def test_payments_officer_reads_rates_only(people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(people["payer"])
    assert client.get("/rates").status_code == 200
    assert client.get("/rates/enter").status_code == 403
    assert client.post("/rates/enter", data=typed()).status_code == 403


def upload(client: FlaskClient, path: str, content: bytes, headers: dict[str, str] | None = None) -> TestResponse:
    """Send a file of rates as a browser does."""
    data = {"file": (io.BytesIO(content), "rates.csv"), "source": "Bank of China"}
    return client.post(path, data=data, content_type="multipart/form-data", headers=headers)


def test_file_is_imported_by_screen(people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(people["maker"])
    assert client.get("/rates/import").status_code == 200
    answer = upload(client, "/rates/import", FILE)
    assert answer.status_code == 303, answer.text
    assert "2 rates wait for a second person." in client.get("/rates").text


def test_file_with_a_wrong_line_names_it_and_nothing_is_taken(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient], database_digest: Callable[[], str]
) -> None:
    client = browser(people["maker"])
    before = database_digest()
    answer = upload(client, "/rates/import", FILE.replace(b"0.9231", b"NaN"))
    assert answer.status_code == 400
    assert "Correct line 3, column rate" in answer.text
    assert "Bank of China" in answer.text
    assert database_digest() == before


def test_rates_through_the_api(app: Flask, people: dict[str, Actor]) -> None:
    api = app.test_client()
    maker, checker = (a_token(app, people[name].person_id) for name in ("maker", "checker"))
    once = {"Idempotency-Key": "rate-of-the-day"}
    entered = [api.post("/api/v1/rates", json=typed(), headers={**maker, **once}) for _ in range(2)]
    assert [answer.status_code for answer in entered] == [201, 201], entered[0].text
    key = entered[0].json["id"]
    assert entered[1].json["id"] == key
    assert api.post(f"/api/v1/rates/{key}/confirm", json={}, headers=maker).status_code == 403
    confirmed = api.post(f"/api/v1/rates/{key}/confirm", json={}, headers=checker)
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json["status"] == "CONFIRMED"
    assert confirmed.json["rate"].startswith("92.406")
    listed = api.get("/api/v1/rates?status=CONFIRMED", headers=checker).json
    assert [row["id"] for row in listed["items"]] == [key]


def test_file_through_the_api(app: Flask, people: dict[str, Actor]) -> None:
    headers = a_token(app, people["maker"].person_id)
    answer = upload(app.test_client(), "/api/v1/rates/import", FILE, headers)
    assert answer.status_code == 201, answer.text
    assert [row["status"] for row in answer.json["items"]] == ["ENTERED", "ENTERED"]


def test_rate_of_the_own_bank_is_entered_by_screen_and_by_api(
    app: Flask, people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    maker = browser(people["maker"])
    (place,) = people["maker"].institutions()
    form = maker.get("/rates/enter").text
    assert f'<option value="{place}">Qingtan Science Foundation</option>' in form
    entered = maker.post("/rates/enter", data=typed(institution_id=str(place)))
    assert entered.status_code == 303
    assert "Qingtan Science Foundation" in maker.get(entered.location).text
    assert "Of an institution's own bank" in maker.get("/rates").text
    headers = a_token(app, people["maker"].person_id)
    body = typed(rate_date="2026-11-19") | {"unit": 100, "institution_id": str(place)}
    made = app.test_client().post("/api/v1/rates", json=body, headers=headers)
    assert (made.status_code, made.get_json()["institution_id"]) == (201, str(place))


def test_rate_for_the_book_of_another_institution_is_refused_by_screen_and_by_api(
    app: Flask, people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    with unit_of_work() as session:
        other = projects.institution(session, "Lion Ridge University").id
    refused = browser(people["maker"]).post("/rates/enter", data=typed(institution_id=str(other)))
    assert refused.status_code == 403
    headers = a_token(app, people["maker"].person_id)
    body = typed() | {"unit": 100, "institution_id": str(other)}
    assert app.test_client().post("/api/v1/rates", json=body, headers=headers).status_code == 403
