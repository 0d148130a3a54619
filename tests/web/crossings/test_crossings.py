"""Crossings by screen and API: figures, filters kept, a wrong filter named."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from tests.builders import payments
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """One payment that left and has not arrived."""
    with unit_of_work() as session:
        made = payments.world(session)
        payments.released(session, made)
        return made


@pytest.fixture
def maker(app: Flask, made: PaymentWorld) -> FlaskClient:
    return signed_in_client(app, made.maker.person_id)


def test_what_is_on_its_way_stands_with_for_whom_it_waits(maker: FlaskClient, made: PaymentWorld) -> None:
    page = maker.get("/crossings").text
    assert "400,000" in page
    assert f"{made.funder.name_en} enters its bank" in page.replace("&#39;", "'")
    assert "Nothing arrived in these days" in page


def test_a_wrong_filter_is_named_and_kept_as_typed(maker: FlaskClient) -> None:
    answer = maker.get("/crossings?first_day=2026-13-01")
    assert answer.status_code == 400
    assert "error-summary" in answer.text
    assert 'value="2026-13-01"' in answer.text


def test_days_in_the_wrong_order_are_refused(maker: FlaskClient) -> None:
    assert maker.get("/crossings?first_day=2026-03-02&last_day=2026-03-01").status_code == 400


def test_the_api_tells_the_same(app: Flask, made: PaymentWorld) -> None:
    headers = a_token(app, made.maker.person_id)
    client = app.test_client()
    figures = client.get("/api/v1/crossings", headers=headers).json
    assert figures["released"]["count"] == figures["waiting"]["count"] == 1
    assert figures["released"]["cny"]["amount"] == "400000.00"
    assert figures["flows"][0]["amount"] == {"amount": "400000.00", "currency": "CNY"}
    (out,) = client.get("/api/v1/crossings/on-the-way", headers=headers).json["items"]
    assert (out["route"], out["place"]) == ("SZ-HK", "RELEASED")
