"""Exposure by screen, as a file and by API; cover noted by one person and confirmed by another."""

from __future__ import annotations

import csv
import io
import re

import pytest
from flask import Flask

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Role
from tests.builders import payments
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


def noted(world: PaymentWorld) -> dict[str, str]:
    return {
        "pocket_id": str(world.pocket.id),
        "bank": "Bank of the Deep Bay",
        "bank_reference": "FW-2026-9",
        "currency": "HKD",
        "amount": "500000.00",
        "rate": "0.9260",
        "rate_base": "HKD",
        "first_day": "2026-11-20",
        "last_day": "2027-02-20",
        "note": "For the second tranche",
    }


def test_cover_noted_on_the_screen_counts_after_the_second_person(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        second = payments.someone(session, "Sun Ping", Role.ACCOUNTANT, world.funder)
    maker, checker = (signed_in_client(app, each.person_id) for each in (world.accountant, second))
    path = f"/exposure/pockets/{world.pocket.id}"
    assert maker.get(f"{path}/cover").status_code == 200
    assert maker.post(f"{path}/cover", data=noted(world) | {"rate": "92.60"}).status_code == 422
    assert maker.post(f"{path}/cover", data=noted(world)).status_code == 303
    shown = maker.get(path).text
    assert "Another accountant confirms it." in shown
    assert "For the second tranche" in shown
    assert str(world.pocket.id) in checker.get("/exposure").text
    decide = re.search(r'action="(/exposure/covers/[0-9a-f-]+/confirm)"', checker.get(path).text)
    assert decide is not None
    assert maker.post(decide[1]).status_code == 403
    assert checker.post(decide[1]).status_code == 303
    rows = list(csv.DictReader(io.StringIO(checker.get("/exposure.csv").get_data(as_text=True).lstrip("\ufeff"))))
    mine = next(row for row in rows if row["exposed"] == "1000000.00")
    assert (mine["covered"], mine["uncovered"]) == ("500000.00", "582251.08")
    assert (mine["currency"], mine["foreign_currency"]) == ("CNY", "HKD")


def test_the_api_notes_cover_and_shows_exposure(app: Flask, world: PaymentWorld) -> None:
    client, headers = app.test_client(), a_token(app, world.accountant.person_id)
    kept = client.post("/api/v1/forward-covers", json=noted(world), headers=headers)
    assert kept.status_code == 201, kept.text
    assert kept.json["status"] == "ENTERED"
    refused = client.post(f"/api/v1/forward-covers/{kept.json['id']}/confirm", headers=headers)
    assert refused.status_code == 403
    shown = client.get(f"/api/v1/exposure/pockets/{world.pocket.id}", headers=headers).json
    assert shown["in_foreign"] == {"amount": "1082251.08", "currency": "HKD"}
    assert shown["covered"] == {"amount": "0.00", "currency": "HKD"}
    assert shown["owed"][0]["contract"] == world.contract.reference
