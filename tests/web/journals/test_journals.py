"""Journals by screen and by API, with their evidence: entered, approved, returned, corrected, downloaded."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.evidence import queries as evidence
from app.journals import service
from app.kernel.actor import Actor, Role
from tests.builders import journals, payments, projects, statements
from tests.builders.journals import VOUCHER, hkd, line
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """The worked example once the money has arrived."""
    with unit_of_work() as session:
        return statements.received(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda actor: signed_in_client(app, actor.person_id)


@pytest.fixture
def stranger(app: Flask) -> Actor:
    with unit_of_work() as session:
        elsewhere = projects.institution(session, "Another university")
        return payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)


def typed(made: PaymentWorld, **changes: Any) -> dict[str, Any]:
    """What a finance officer types for a salary of HKD 100,000.00."""
    return {
        "institution_id": str(made.grantee.id),
        "kind": "COST",
        "effective_on": "2026-11-20",
        "reason": "Salary of November",
        "counterparty": "Payroll",
        "bank_account_id": str(made.payee_account.id),
        "negative_list_declared": "on",
        "lines-0-contract_id": str(made.contract.id),
        "lines-0-heading": "SALARY",
        "lines-0-currency": "HKD",
        "lines-0-amount": "100000.00",
    } | changes


def send(client: FlaskClient, path: str, form: dict[str, Any], content: bytes | None = VOUCHER.content) -> Any:
    """Send the form as a browser does, with the voucher."""
    file = {"evidence": (io.BytesIO(content), "Gehälter 糧單.pdf")} if content is not None else {}
    return client.post(path, data={**form, **file}, content_type="multipart/form-data")


def test_journal_goes_from_form_to_ledger_by_screen(made: PaymentWorld, browser: Browser) -> None:
    maker, checker = browser(made.finance), browser(made.other_finance)
    form = maker.get("/journals/new")
    assert form.status_code == 200
    assert "NL01" in form.text
    entered = send(maker, "/journals/new", typed(made))
    assert entered.status_code == 303, entered.text
    own = maker.get(entered.location).text
    assert "Approve and post" not in own
    assert "100,000.00" in own
    page = checker.get(entered.location).text
    assert "Approve and post" in page
    assert checker.get("/journals").text.count("Salary of November") >= 2
    approved = checker.post(f"{entered.location}/approve", data={"version": "1"})
    assert approved.status_code == 303, approved.text
    assert "92,400.00" in checker.get(entered.location).text


def test_refused_journal_keeps_what_was_typed(
    made: PaymentWorld, browser: Browser, database_digest: Callable[[], str]
) -> None:
    client = browser(made.finance)
    before = database_digest()
    wrong = typed(made, **{"lines-0-amount": "500000.00", "lines-0-heading": ""})
    answer = send(client, "/journals/new", wrong, None)
    assert answer.status_code == 422
    for words in ("names no heading", "No evidence is attached", "Salary of November", 'value="500000.00"'):
        assert words in answer.text
    assert database_digest() == before


def test_rows_are_added_and_removed_without_scripts(made: PaymentWorld, browser: Browser) -> None:
    client = browser(made.finance)
    more = client.post("/journals/new", data=typed(made, **{"add-lines": "1"}))
    assert 'name="lines-1-amount"' in more.text
    assert 'value="100000.00"' in more.text
    less = client.post("/journals/new", data=typed(made, **{"lines-1-amount": "7.00", "remove-lines-0": "1"}))
    assert 'value="7.00"' in less.text
    assert 'name="lines-1-amount"' not in less.text


def test_evidence_is_known_by_its_content(made: PaymentWorld, browser: Browser) -> None:
    answer = send(browser(made.finance), "/journals/new", typed(made), b"<script>alert(1)</script>")
    assert answer.status_code == 400
    assert "alert(1)" not in answer.text


def test_returned_journal_is_corrected_by_screen(made: PaymentWorld, browser: Browser) -> None:
    maker, checker = browser(made.finance), browser(made.other_finance)
    place = send(maker, "/journals/new", typed(made)).location
    assert checker.post(f"{place}/return", data={"version": "1"}).status_code == 400
    assert checker.post(f"{place}/return", data={"version": "1", "reason": "Wrong month"}).status_code == 303
    assert "Wrong month" in maker.get(place).text
    form = maker.get(f"{place}/correct")
    assert 'value="100000.00"' in form.text
    version = form.text.split('name="version" value="')[1].split('"')[0]
    stale = send(maker, f"{place}/correct", typed(made, reason="Seen before", version="1"), None)
    assert stale.status_code == 409
    assert "Someone else changed this record" in stale.text
    better = typed(made, reason="Salary of October", version=version)
    assert send(maker, f"{place}/correct", better, None).status_code == 303
    assert "Salary of October" in checker.get(place).text


def test_own_journal_is_refused_with_403(made: PaymentWorld, browser: Browser) -> None:
    maker = browser(made.finance)
    place = send(maker, "/journals/new", typed(made)).location
    assert maker.post(f"{place}/approve", data={"version": "1"}).status_code == 403


def test_stranger_finds_neither_journal_nor_evidence(made: PaymentWorld, browser: Browser, stranger: Actor) -> None:
    with unit_of_work() as session:
        journal = journals.submitted(session, made, line(made, hkd("1.00")))
        (document,) = evidence.of_record(session, service.EVIDENCE_KIND, journal.id)
    client = browser(stranger)
    assert client.get(f"/journals/{journal.reference}").status_code == 404
    assert client.post(f"/journals/{journal.reference}/approve", data={"version": "1"}).status_code == 404
    assert client.get(f"/evidence/{document.id}").status_code == 404
    assert journal.reference not in client.get("/journals").text


def test_investigator_reads_journals_but_enters_none(made: PaymentWorld, browser: Browser) -> None:
    client = browser(made.leader)
    assert client.get("/journals").status_code == 200
    assert client.get("/journals/new").status_code == 403


def test_evidence_is_downloaded_as_it_came_and_never_shown_inline(made: PaymentWorld, browser: Browser) -> None:
    maker, checker = browser(made.finance), browser(made.other_finance)
    place = send(maker, "/journals/new", typed(made)).location
    page = checker.get(place).text
    path = page[page.index("/evidence/") :].split('"')[0]
    answer = checker.get(path)
    assert answer.data == VOUCHER.content
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "filename*=UTF-8''Geh%C3%A4lter%20%E7%B3%A7%E5%96%AE.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_journal_through_the_api(app: Flask, made: PaymentWorld) -> None:
    api = app.test_client()
    maker, checker = (a_token(app, each.person_id) for each in (made.finance, made.other_finance))
    lines = [
        {"contract_id": str(made.contract.id), "heading": "SALARY", "currency": "HKD", "amount": "100000.00"},
    ]
    fields = {
        "institution_id": str(made.grantee.id),
        "kind": "COST",
        "effective_on": "2026-11-20",
        "reason": "Salary of November",
        "bank_account_id": str(made.payee_account.id),
        "negative_list_declared": "true",
        "lines": json.dumps(lines),
    }

    def submit() -> Any:
        data = {**fields, "evidence": (io.BytesIO(VOUCHER.content), "voucher.pdf")}
        headers = {**maker, "Idempotency-Key": "salary-of-november"}
        return api.post("/api/v1/journals", data=data, content_type="multipart/form-data", headers=headers)

    first, again = submit(), submit()
    assert (first.status_code, again.status_code) == (201, 201), first.text
    assert first.json["reference"] == again.json["reference"]
    path = f"/api/v1/journals/{first.json['reference']}"
    assert api.post(f"{path}/approve", json={"version": 1}, headers=maker).status_code == 403
    assert api.post(f"{path}/approve", json={"version": 9}, headers=checker).status_code in (409, 412)
    approved = api.post(f"{path}/approve", json={"version": 1}, headers=checker)
    assert approved.status_code == 200, approved.text
    assert approved.json["status"] == "APPROVED"
    assert approved.json["entry_id"] is not None
    assert approved.json["lines"][0]["amount"] == {"currency": "HKD", "amount": "100000.00"}


def test_a_cost_moves_to_another_heading_by_screen_from_its_own_page(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        posted = journals.posted(session, made, line(made, hkd("1000.00")), bank_account_id=None)
        entry, reference = posted.entry_id, posted.reference
    maker, checker = browser(made.finance), browser(made.other_finance)
    assert f"moves={entry}" in maker.get(f"/journals/{reference}").text
    form = maker.get(f"/journals/new?kind=COST_TRANSFER&moves={entry}&book={made.grantee.id}").text
    assert 'value="924.00"' in form
    sent = typed(made, kind="COST_TRANSFER", moves_entry_id=str(entry), bank_account_id="")
    sent |= {"lines-0-currency": "CNY", "lines-0-amount": "924.01", "lines-0-to_heading": "TRAVEL"}
    refused = send(maker, "/journals/new", sent)
    assert refused.status_code == 422
    assert "CNY 924.00 is left on this heading" in refused.text
    entered = send(maker, "/journals/new", sent | {"lines-0-amount": "924.00"})
    assert entered.status_code == 303, entered.text
    approved = checker.post(f"{entered.location}/approve", data={"version": "1"}, follow_redirects=True)
    for words in ("Entry in red ink", "Salary → Travel"):
        assert words in approved.text
    assert f"moves={entry}" not in maker.get(f"/journals/{reference}").text
