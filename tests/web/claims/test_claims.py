"""Claims by screen and by API: from several receipts to the money, and what comes back."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from app.ledger.headings import Heading
from tests.builders import claims, payments, projects
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return claims.ready(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda actor: signed_in_client(app, actor.person_id)


def head(made: PaymentWorld, **changes: Any) -> dict[str, Any]:
    """What a PI types to begin."""
    return {
        "contract_id": str(made.contract.id),
        "purpose": "Visit to the shared facility",
        "heading": "TRAVEL",
        "place": "HK",
    } | changes


def files(*names: str) -> list[tuple[io.BytesIO, str]]:
    return [(io.BytesIO(claims.receipt(name).content), name) for name in names]


def send(client: FlaskClient, path: str, form: dict[str, Any]) -> Any:
    return client.post(path, data=form, content_type="multipart/form-data")


def started(client: FlaskClient, made: PaymentWorld, *names: str) -> str:
    answer = send(client, "/claims/start", head(made) | {"receipts": files(*names)})
    assert answer.status_code == 303, answer.text
    return str(answer.location).partition("?")[0]


def answered(client: FlaskClient, address: str, number: int, amount: str) -> Any:
    page = client.get(f"{address}/lines/{number}")
    assert page.status_code == 200
    typed = {"version": version_of(page.text), "cost_on": "2026-11-20", "currency": "HKD", "amount": amount}
    kept = {"seller": f"Shop {number}", "heading": "TRAVEL", "place": "HK", "who": "Dr Zhou Yun", "purpose": "Visit"}
    return client.post(f"{address}/lines/{number}", data=typed | kept)


def submitted(client: FlaskClient, made: PaymentWorld, *amounts: str) -> str:
    address = started(client, made, *(f"receipt {amount}.pdf" for amount in amounts))
    for number, amount in enumerate(amounts, 1):
        assert answered(client, address, number, amount).status_code == 303
    version = version_of(client.get(f"{address}/submit").text)
    declared = {"version": version, "declared": "yes", "negative_list_declared": "yes"}
    answer = client.post(f"{address}/submit", data=declared)
    assert answer.status_code == 303, answer.text
    return address


def version_of(text: str) -> str:
    return text.split('name="version" value="')[1].split('"')[0]


def test_a_claim_goes_from_receipts_to_the_payment_by_screen(made: PaymentWorld, browser: Browser) -> None:
    leader, checker, payer = browser(made.leader), browser(made.finance), browser(made.other_finance)
    address = started(leader, made, "taxi.pdf", "train.pdf")
    page = leader.get(address)
    assert page.text.count('class="rc ask"') == 2
    assert "Answer for 2 lines" in page.text
    first = answered(leader, address, 1, "120.00")
    assert first.location == f"{address}/lines/2", "the next line that lacks something is asked at once"
    answered(leader, address, 2, "80.50")
    assert "Review and submit" in leader.get(address).text
    review = leader.get(f"{address}/submit")
    assert "200.50" in review.text.replace("<small>", "").replace("</small>", "")
    declared = {"version": version_of(review.text), "declared": "yes", "negative_list_declared": "yes"}
    assert leader.post(f"{address}/submit", data=declared).status_code == 303
    assert "claim" in checker.get("/inbox").text.lower()
    verdicts = {
        "verdicts-0-line": "1",
        "verdicts-0-verdict": "OKAY",
        "verdicts-1-line": "2",
        "verdicts-1-verdict": "OKAY",
    }
    version = version_of(checker.get(f"{address}/check").text)
    answer = checker.post(f"{address}/check", data=verdicts | {"version": version})
    assert answer.status_code == 303, answer.text
    page = checker.get(address)
    assert "Approve the claim" in page.text
    answer = checker.post(f"{address}/approve", data={"version": version_of(page.text)})
    assert answer.status_code == 303, answer.text
    form = payer.get(f"{address}/pay")
    paid = {
        "version": version_of(form.text),
        "bank_account_id": str(made.payee_account.id),
        "paid_on": "2026-11-20",
        "bank_reference": "FPS-7",
    }
    assert payer.post(f"{address}/pay", data=paid).status_code == 303
    page = leader.get(address)
    assert "Done: the money was sent and is in the books." in page.text
    assert page.text.count("Payable to claimants") == 3
    assert leader.get(f"{address}/print").status_code == 200
    assert "Visit to the shared facility" in leader.get("/claims").text


def test_the_same_verbs_stand_in_the_api_and_others_see_nothing(app: Flask, made: PaymentWorld) -> None:
    leader, checker = (a_token(app, actor.person_id) for actor in (made.leader, made.finance))
    with unit_of_work() as session:
        elsewhere = projects.institution(session, "Another university")
        stranger_id = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere).person_id
    stranger, caller = a_token(app, stranger_id), app.test_client()
    body = head(made) | {"receipts": files("taxi.pdf")}
    begun = caller.post("/api/v1/claims", headers=leader, data=body, content_type="multipart/form-data").json
    address = f"/api/v1/claims/{begun['reference']}"
    assert caller.get(f"{address}/missing", headers=leader).json["items"] == [
        {"line": 1, "missing": ["cost_on", "amount", "seller"]}
    ]
    line = {"version": begun["lines"][0]["version"], "cost_on": "2026-11-20", "currency": "HKD", "amount": "80.00"}
    line |= {"seller": "Taxi", "heading": "TRAVEL", "place": "HK", "who": "Dr Zhou Yun", "purpose": "Visit"}
    saved = caller.put(f"{address}/lines/1", headers=leader, json=line)
    assert saved.json["amount"] == {"amount": "80.00", "currency": "HKD"}
    declared = {"declared": True, "negative_list_declared": True}
    version = caller.get(address, headers=leader).json["version"]
    assert caller.post(f"{address}/submit", headers=leader, json=declared | {"version": version}).status_code == 200
    verdicts = [{"line": 1, "verdict": "NOT_OKAY", "reason": "A fine"}]
    version = caller.get(address, headers=checker).json["version"]
    refused = caller.post(f"{address}/check", headers=checker, json={"version": version, "verdicts": verdicts})
    assert (refused.json["status"], refused.json["status_reason"]) == ("REFUSED", "1: A fine")
    assert caller.get(address, headers=stranger).status_code == 404


def test_a_file_that_cannot_be_taken_is_named_and_the_others_stand(made: PaymentWorld, browser: Browser) -> None:
    leader = browser(made.leader)
    torn = (io.BytesIO(b"%PDF-1.7 torn"), "torn.pdf")
    address = str(send(leader, "/claims/start", head(made) | {"receipts": [torn, *files("good.pdf")]}).location)
    address = address.partition("?")[0]
    assert leader.get(address).text.count('class="rc') == 1
    answer = send(leader, f"{address}/receipts", {"receipts": [(io.BytesIO(b"%PDF-1.7 torn"), "torn.pdf")]})
    assert answer.status_code == 400
    assert "damaged" in answer.text


def test_another_principal_investigator_of_the_institution_sees_neither_claim_nor_receipt(
    app: Flask, made: PaymentWorld
) -> None:
    with unit_of_work() as session:
        other_id = payments.someone(session, "Gu Wei", Role.PRINCIPAL_INVESTIGATOR, made.grantee).person_id
    leader, other, caller = a_token(app, made.leader.person_id), a_token(app, other_id), app.test_client()
    body = head(made) | {"receipts": files("taxi.pdf")}
    begun = caller.post("/api/v1/claims", headers=leader, data=body, content_type="multipart/form-data").json
    receipt = caller.get("/api/v1/evidence", headers=leader).json["items"][0]["id"]
    for address in (f"/api/v1/claims/{begun['reference']}", f"/api/v1/evidence/{receipt}"):
        assert caller.get(address, headers=leader).status_code == 200
        assert caller.get(address, headers=other).status_code == 404
    for address in ("/api/v1/claims", "/api/v1/evidence"):
        assert caller.get(address, headers=other).json["items"] == []


def test_what_is_missing_on_several_lines_is_answered_in_one_list(made: PaymentWorld, browser: Browser) -> None:
    client = browser(made.leader)
    address = started(client, made, "one.pdf", "two.pdf")
    asked = client.get(f"{address}/answers").text
    form = dict(re.findall(r'<input type="hidden" name="(lines-[^"]+)" value="([^"]*)"', asked))
    for at, amount in enumerate(("12.00", "13.50")):
        typed = {"cost_on": "2026-11-20", "currency": "HKD", "amount": amount, "seller": f"Shop {at}"}
        form |= {f"lines-{at}-{name}": value for name, value in typed.items()}
    answer = client.post(f"{address}/answers", data=form)
    assert (answer.status_code, answer.location) == (303, f"{address}/submit")
    shown = client.get(address).text
    assert "Shop 0" in shown
    assert "Shop 1" in shown
    again = client.post(f"{address}/answers", data=form)
    assert again.status_code == 409, "the page was shown before the lines changed"


def test_a_flag_is_cleared_by_screen_and_api_with_a_reason_by_somebody_else(
    app: Flask, made: PaymentWorld, browser: Browser
) -> None:
    with unit_of_work() as session:
        lines = [
            claims.values(claims.hkd("6000.00"), Heading.MATERIALS, seller="Crossing Star", invoice_number=f"A{number}")
            for number in (1, 2)
        ]
        reference = claims.submitted(session, made, *lines).reference
    address = f"/claims/{reference}"
    office = browser(made.finance)
    shown = office.get(f"{address}/check").text
    assert "Purchase split below a limit" in shown
    about = re.findall(r'name="about" value="([0-9a-f]{16})"', shown)[0]
    form = {"code": "SPLIT", "about": about, "reason": ""}
    assert office.post(f"{address}/flags/clear", data=form).status_code == 400
    assert browser(made.leader).post(f"{address}/flags/clear", data=form | {"reason": "Mine"}).status_code == 403
    cleared = office.post(f"{address}/flags/clear", data=form | {"reason": "Two orders, two laboratories"})
    assert cleared.status_code == 303
    assert "Two orders, two laboratories" in office.get(address).text
    told = app.test_client().get(f"/api/v1{address}/flags", headers=a_token(app, made.finance.person_id))
    assert [each["reason"] for each in told.json["items"]] == ["Two orders, two laboratories"]
