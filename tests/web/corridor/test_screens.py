"""The screens of the corridor and the same verbs as JSON."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from tests.builders import payments
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

RULE = {
    "code": "bank-letter",
    "title": "Letter of the bank",
    "from_side": "SZ",
    "to_side": "HK",
    "purpose": "GRANT",
    "kind": "DOCUMENT",
    "blocks": "RELEASE",
    "source": "Notice 4 of the bank",
    "first_day": "2026-11-20",
}
FILING = {
    "form_number": "SZ-2026-1",
    "verification_code": "8842",
    "filed_on": "2026-11-19",
    "currency": "CNY",
    "value": "999999.00",
}


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


def client_of(app: Flask, actor: Actor) -> FlaskClient:
    return signed_in_client(app, actor.person_id)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).replace("\xa0", " ").split())


def address_of(answer: Any) -> str:
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_a_rule_is_proposed_by_one_person_and_confirmed_by_another(app: Flask, world: PaymentWorld) -> None:
    maker, checker = client_of(app, world.maker), client_of(app, world.checker)
    address = address_of(maker.post("/corridor/rules/propose", data=RULE))
    assert "a second person confirms it" in text_of(maker.get(address).text)
    assert maker.post(f"{address}/confirm", data={"version": "1"}).status_code == 403
    assert checker.post(f"{address}/confirm", data={"version": "1"}).status_code == 303
    assert "In force" in text_of(checker.get(address).text)


def test_the_form_of_a_next_version_begins_with_the_version_it_changes(app: Flask, world: PaymentWorld) -> None:
    maker = client_of(app, world.maker)
    threshold = RULE | {"above": "50000.50", "above_currency": "USD"}
    key = address_of(maker.post("/corridor/rules/propose", data=threshold)).rpartition("/")[2]
    form = maker.get(f"/corridor/rules/propose?of={key}").text
    assert 'value="50000.50"' in form
    assert "Notice 4 of the bank" in form
    assert maker.get("/corridor/rules/propose?of=nonsense").status_code == 200


def test_a_contradiction_is_refused_and_what_was_typed_is_kept(app: Flask, world: PaymentWorld) -> None:
    refused = client_of(app, world.maker).post("/corridor/rules/propose", data=RULE | {"above": "5"})
    assert refused.status_code == 422
    assert "A threshold has an amount and a currency" in text_of(refused.text)
    assert "Letter of the bank" in refused.text


def test_rules_are_narrowed_by_route_purpose_and_verification(app: Flask, world: PaymentWorld) -> None:
    checker = client_of(app, world.checker)
    assert "Tax filing for the outbound payment" in checker.get("/corridor/rules?route=SZ-HK").text
    assert "Tax filing for the outbound payment" not in checker.get("/corridor/rules?route=HK-SZ").text
    assert "Tax filing for the outbound payment" not in checker.get("/corridor/rules?purpose=EQUITY").text
    assert "No rules in this view" in checker.get("/corridor/rules?verified=yes").text


def test_a_case_is_tried_with_reasons_and_sources(app: Flask, world: PaymentWorld) -> None:
    checker = client_of(app, world.checker)
    assert "Give an amount" in text_of(checker.get("/corridor/try").text)
    tried = text_of(checker.get("/corridor/try?amount=400000&currency=CNY").text)
    assert "Tax filing for the outbound payment" in tried
    assert "No confirmed rate from USD to CNY" in tried
    assert "Announcement 40 of 2013" in tried
    back = text_of(checker.get("/corridor/try?amount=400000&currency=CNY&route=HK-SZ&purpose=SERVICES").text)
    assert "Signed contract and invoice" in back
    assert "due after 5 working days" in back


def test_a_confirmed_rate_spares_small_payments_the_filing(app: Flask, world: PaymentWorld) -> None:
    maker, checker = client_of(app, world.maker), client_of(app, world.checker)
    rate = {"base_currency": "USD", "currency": "CNY", "rate": "7.2", "rate_date": "2026-11-20", "source": "Bank"}
    assert maker.post("/corridor/thresholds", data=rate).status_code == 303
    assert "Tax filing" in checker.get("/corridor/try?amount=360000&currency=CNY").text.partition("<table")[2]
    found = re.search(r"/corridor/thresholds/[0-9a-f-]+/confirm", checker.get("/corridor/thresholds").text)
    assert found
    assert checker.post(found[0], data={"version": "1"}).status_code == 303
    assert "Tax filing" not in checker.get("/corridor/try?amount=360000&currency=CNY").text.partition("<table")[2]
    assert "Tax filing" in checker.get("/corridor/try?amount=360000.01&currency=CNY").text.partition("<table")[2]


def test_whoever_proposed_a_rate_is_told_that_a_second_person_confirms_it(app: Flask, world: PaymentWorld) -> None:
    maker, checker = client_of(app, world.maker), client_of(app, world.checker)
    rate = {"base_currency": "USD", "currency": "CNY", "rate": "7.2", "rate_date": "2026-11-20", "source": "Bank"}
    maker.post("/corridor/thresholds", data=rate)
    found = re.search(r"/corridor/thresholds/[0-9a-f-]+/confirm", checker.get("/corridor/thresholds").text)
    assert found
    own = maker.post(found[0], data={"version": "1"})
    assert own.status_code == 403
    assert "error-summary" in own.text
    assert checker.post(found[0], data={}).status_code == 400
    assert found[0] in checker.get("/corridor/thresholds").text


def test_only_those_who_manage_the_corridor_propose_a_rate(app: Flask, world: PaymentWorld) -> None:
    payer = client_of(app, world.payer)
    rate = {"base_currency": "USD", "currency": "CNY", "rate": "7.2", "rate_date": "2026-11-20", "source": "Bank"}
    assert payer.get("/corridor/thresholds").status_code == 200
    assert payer.post("/corridor/thresholds", data=rate).status_code == 403


def test_coverage_shows_every_purpose_of_both_routes(app: Flask, world: PaymentWorld) -> None:
    shown = client_of(app, world.checker).get("/corridor/coverage").text
    assert shown.count("/corridor/rules?route=") == 12
    assert "Not verified" in shown


def test_a_filing_that_differs_from_its_contract_says_so_before_it_is_confirmed(
    app: Flask, world: PaymentWorld
) -> None:
    maker, checker = client_of(app, world.maker), client_of(app, world.checker)
    filing = FILING | {"contract": world.contract.reference}
    address = address_of(maker.post("/corridor/filings/enter", data=filing))
    assert "The filing states CNY 999,999.00, the contract CNY 1,000,000.00" in text_of(checker.get(address).text)
    assert maker.post(f"{address}/confirm", data={"version": "1"}).status_code == 403
    assert checker.post(f"{address}/confirm", data={"version": "1"}).status_code == 303
    assert "They differ" in checker.get("/corridor/filings").text


def test_the_file_of_a_remittance_says_what_it_lacks_and_why(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        reference = payments.submitted(session, world).reference
    checker = client_of(app, world.checker)
    shown = text_of(checker.get(f"/disbursements/{reference}/file").text)
    assert "Balance-of-payments code" in shown
    assert "The money goes from SZ to HK" in shown
    assert "The maker" in shown
    assert reference in checker.get("/corridor/files?missing=bop-code&waits_for=MAKER&route=SZ-HK").text
    assert reference not in checker.get("/corridor/files?waits_for=GRANTEE").text


def test_the_payee_enters_the_declaration_that_waits_in_the_inbox(app: Flask) -> None:
    with unit_of_work() as session:
        world = payments.world(session, funder_side=payments.Side.HK, currency=Currency.HKD)
        row = payments.settled(session, world)
        received = payments.Money.parse("400000.00", Currency.HKD)
        nil = payments.Money.parse("0.00", Currency.HKD)
        payments.received(session, world, row, received=received, charge=nil, dealt_rate=None, rate_base=None)
        reference = row.reference
    finance = client_of(app, world.finance)
    assert "Receipts to declare to the bank" in text_of(finance.get("/inbox").text)
    address = f"/disbursements/{reference}/declaration"
    assert address in finance.get(f"/disbursements/{reference}").text
    assert finance.get(address).status_code == 200
    sent = {"code": "receipt-declaration", "number": "R-9", "declared_on": "2026-11-20"}
    assert finance.post(address, data=sent).status_code == 302
    assert "Receipts to declare to the bank" not in text_of(finance.get("/inbox").text)
    assert "R-9" in finance.get(f"/disbursements/{reference}").text


def test_the_api_does_the_same(app: Flask, world: PaymentWorld) -> None:
    client = app.test_client()
    maker, checker = a_token(app, world.maker.person_id), a_token(app, world.checker.person_id)
    proposed = client.post("/api/v1/corridor/rules", json=RULE, headers=maker)
    assert proposed.status_code == 201, proposed.text
    path = f"/api/v1/corridor/rules/{proposed.json['id']}"
    assert client.post(f"{path}/confirm", json={"version": 1}, headers=maker).status_code == 403
    assert client.post(f"{path}/confirm", json={"version": 1}, headers=checker).status_code == 200
    assert client.get(path, headers=checker).json["status"] == "CONFIRMED"
    tried = client.get("/api/v1/corridor/asked?amount=400000.00&currency=CNY", headers=checker).json["items"]
    assert "bank-letter" in {each["code"] for each in tried}
    cells = client.get("/api/v1/corridor/coverage", headers=checker).json["items"]
    assert len(cells) == 12
    with unit_of_work() as session:
        reference = payments.submitted(session, world).reference
    file = client.get(f"/api/v1/disbursements/{reference}/file", headers=checker).json
    states = {each["code"]: each["state"] for each in file["pieces"]}
    assert states["bank-letter"] == "COMPLETE"
    assert states["bop-code"] == "MISSING"
    listed = client.get("/api/v1/corridor/files?missing=bop-code", headers=checker).json["items"]
    assert reference in {each["reference"] for each in listed}
