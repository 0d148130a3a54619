"""Overhead by formula and apportioned interest by screen and by API: shown first, then proposed, then approved."""

from __future__ import annotations

import pytest
from flask import Flask

from app.db.unit_of_work import unit_of_work
from tests.builders import statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """CNY 400,000.00 received as HKD 432,282.43 under a lump sum with a management fee of 5 per cent."""
    with unit_of_work() as session:
        return statements.received(session)


def test_overhead_is_shown_proposed_and_approved_by_screen(app: Flask, made: PaymentWorld) -> None:
    maker, checker = (signed_in_client(app, each.person_id) for each in (made.finance, made.other_finance))
    asked = {"contract_id": str(made.contract.id), "first_day": "2026-01-01", "last_day": "2026-11-20"}
    shown = maker.get("/journals/overhead", query_string=asked).text
    assert "20,000.00" in shown
    assert "5 % of the base" in shown
    typed = asked | {"effective_on": "2026-11-20", "reason": "Management fee", "negative_list_declared": "yes"}
    assert maker.post("/journals/overhead", data=asked).status_code == 400
    sent = maker.post("/journals/overhead", data=typed)
    assert sent.status_code == 303, sent.text
    page = checker.get(sent.location).text
    assert "Grant received up to" in page
    assert checker.post(f"{sent.location}/approve", data={"version": "1"}).status_code == 303
    assert "Nothing is left to charge" in maker.get("/journals/overhead", query_string=asked).text


def test_interest_is_computed_and_proposed_by_the_api(app: Flask, made: PaymentWorld) -> None:
    caller, headers = app.test_client(), a_token(app, made.finance.person_id)
    asked = {
        "bank_account_id": str(made.payee_account.id),
        "first_day": "2026-11-01",
        "last_day": "2026-11-20",
        "currency": "HKD",
        "whole": "310.00",
    }
    told = caller.post("/api/v1/journals/interest/compute", json=asked, headers=headers).json
    assert told is not None
    (share,) = told["shares"]
    assert (share["days"], share["part"]) == (1, {"amount": "310.00", "currency": "HKD"})
    proposal = asked | {"effective_on": "2026-11-20", "reason": "Interest of November"}
    sent = caller.post("/api/v1/journals/interest", json=proposal, headers=headers)
    assert sent.status_code == 201, sent.text
    again = caller.post("/api/v1/journals/interest/compute", json=asked, headers=headers)
    assert again.status_code == 422
    assert again.json is not None
    assert [each["code"] for each in again.json["breaches"]] == ["journal.interest-apportioned"]
