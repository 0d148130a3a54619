"""Quotes and expected against received, by screen and by API."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask

from app.db.unit_of_work import unit_of_work
from tests.builders import payments
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


def settled(world: PaymentWorld) -> str:
    with unit_of_work() as session:
        return payments.settled(session, world).reference


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


def quoted(**changes: str) -> dict[str, str]:
    return {
        "side": "PAYEE",
        "bank": "Bank of the Deep Bay",
        "base": "HKD",
        "unit": "100",
        "rate": "92.50",
        "market": "OFFSHORE",
        "firmness": "FIRM",
        "asked_at": "2026-11-20T08:00",
        "valid_until": "2026-11-20T23:59",
        "source": "Dealer Ho",
        "bank_reference": "Q-17",
    } | changes


def test_a_quote_kept_on_the_screen_is_named_by_the_receipt_which_is_then_explained(
    app: Flask, world: PaymentWorld
) -> None:
    path = f"/disbursements/{settled(world)}"
    browser = signed_in_client(app, world.finance.person_id)
    assert "Keep a bank's quote" in text_of(browser.get(path).text)
    assert browser.get(f"{path}/quote").status_code == 200
    refused = browser.post(f"{path}/quote", data=quoted(unit="1"))
    assert refused.status_code == 422
    assert 'value="92.50"' in refused.text
    kept = browser.post(f"{path}/quote", data=quoted())
    assert kept.status_code == 302, kept.text
    form = browser.get(f"{path}/receipt").text
    choice = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>Bank of the Deep Bay', form)
    version = re.search(r'name="version" value="([0-9]+)"', form)
    assert choice is not None
    assert version is not None
    line = {
        "version": version[1],
        "bank_account_id": str(world.payee_account.id),
        "value_date": "2026-11-20",
        "bank_reference": "HK-77",
        "received_currency": "HKD",
        "received": "432282.43",
        "charge_currency": "HKD",
        "charge": "150.00",
        "quote_id": choice[1],
    }
    confirmed = browser.post(f"{path}/receipt", data=line)
    assert confirmed.status_code == 302, confirmed.text
    said = text_of(browser.get(path).text)
    for words in ("Expected to arrive", "432,432 .43", "What banks on the way", "432,282 .43", "Dealt at this quote"):
        assert words.replace(" .", ".") in said.replace(" .", "."), words
    assert "Keep a bank's quote" not in said


def test_a_quote_is_taken_back_on_the_screen_with_a_reason(app: Flask, world: PaymentWorld) -> None:
    path = f"/disbursements/{settled(world)}"
    browser = signed_in_client(app, world.finance.person_id)
    assert "There is no quote to take back" in text_of(browser.get(f"{path}/withdraw-quote").text)
    browser.post(f"{path}/quote", data=quoted())
    choice = re.search(r'<option value="([0-9a-f-]{36})"[^>]*>Bank', browser.get(f"{path}/withdraw-quote").text)
    assert choice is not None
    refused = browser.post(f"{path}/withdraw-quote", data={"quote_id": choice[1], "reason": ""})
    assert refused.status_code == 400
    done = browser.post(f"{path}/withdraw-quote", data={"quote_id": choice[1], "reason": "Typed for another payment"})
    assert done.status_code == 302, done.text
    said = text_of(browser.get(path).text)
    assert "Taken back Typed for another payment" in said
    assert "Take a quote back" not in said


def test_the_api_takes_a_quote_back(app: Flask, world: PaymentWorld) -> None:
    path = f"/api/v1/disbursements/{settled(world)}"
    client, headers = app.test_client(), a_token(app, world.finance.person_id)
    kept = client.post(f"{path}/quotes", json=quoted() | {"unit": 100}, headers=headers)
    body = {"quote_id": kept.json["id"], "reason": "Typed for another payment"}
    taken = client.post(f"{path}/withdraw-quote", json=body, headers=headers)
    assert taken.status_code == 200, taken.text
    assert taken.json["withdrawal_reason"] == "Typed for another payment"
    again = client.post(f"{path}/withdraw-quote", json=body, headers=headers)
    assert again.status_code == 422
    assert "quote.withdrawn" in again.text


def test_the_api_keeps_a_quote_and_answers_expected_against_received(app: Flask, world: PaymentWorld) -> None:
    path = f"/api/v1/disbursements/{settled(world)}"
    client, headers = app.test_client(), a_token(app, world.finance.person_id)
    body = quoted(unit="1", rate="0.9250") | {"unit": 1}
    kept = client.post(f"{path}/quotes", json=body, headers=headers)
    assert kept.status_code == 201, kept.text
    assert kept.json["dearer_percent"] == "0.1082"
    assert kept.json["asked_at"].startswith("2026-11-20T00:00:00")
    assert [each["id"] for each in client.get(f"{path}/quotes", headers=headers).json["items"]] == [kept.json["id"]]
    found = client.get(f"{path}/conversion", headers=headers).json
    assert (found["side"], found["sold"], found["bought"]) == ("PAYEE", "CNY", "HKD")
    assert found["expected_rate"]["quote_id"] == kept.json["id"]
    payee = found["legs"][-1]
    assert payee["expected"] == {"amount": "432432.43", "currency": "HKD"}
    assert payee["moved"] is None
