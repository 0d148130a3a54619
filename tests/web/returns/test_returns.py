"""Returns by screen and by API: imported, mapped, previewed with its wrong lines, submitted, posted, withdrawn."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from tests.builders import payments, projects, returns, statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client
from tests.builders.returns import row

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """The worked example once the money has arrived."""
    with unit_of_work() as session:
        return statements.received(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda actor: signed_in_client(app, actor.person_id)


def send(client: FlaskClient, made: PaymentWorld, content: bytes, name: str = "november.csv") -> Any:
    """Send the file as a browser does."""
    form = {"contract_id": str(made.contract.id), "file": (io.BytesIO(content), name)}
    return client.post("/returns/import", data=form, content_type="multipart/form-data")


def test_a_return_goes_from_file_to_ledger_by_screen(made: PaymentWorld, browser: Browser) -> None:
    maker, checker = browser(made.finance), browser(made.other_finance)
    assert "No spending return yet" in maker.get("/returns").text
    entered = send(maker, made, returns.file(row("V-1"), row("V-2", Amount="800.00")).content)
    assert entered.status_code == 303, entered.text
    preview = maker.get(entered.location).text
    assert "Invoice No" in preview
    assert "1,200" in preview
    assert "What stands in the way" not in preview
    sent = maker.post(f"{entered.location}/submit", data={"version": "1", "negative_list_declared": "yes"})
    assert sent.status_code == 303, sent.text
    assert "Post every row" not in maker.get(entered.location).text
    assert "Waiting for you to post" in checker.get("/returns").text
    assert "Post every row" in checker.get(entered.location).text
    seen = checker.get(entered.location).text.split('name="version" value="')[1].split('"')[0]
    posted = checker.post(f"{entered.location}/post", data={"version": seen})
    assert posted.status_code == 303, posted.text
    page = checker.get(entered.location).text
    assert page.count("/entries/") == 2
    assert "Withdraw the return" not in maker.get(entered.location).text


def test_the_preview_names_wrong_lines_and_what_is_read_of_others(made: PaymentWorld, browser: Browser) -> None:
    maker = browser(made.finance)
    content = returns.file(row("V-1"), row("V-2", Amount="12.345"), row("V-3", Heading="Office 5401")).content
    entered = send(maker, made, content)
    page = maker.get(entered.location).text
    assert "What stands in the way" in page
    assert "“12.345” is not an amount." in page
    assert "There is no heading “Office 5401”." in page
    assert "Submit for a second person" not in page
    refused = maker.post(f"{entered.location}/submit", data={"version": "1", "negative_list_declared": "yes"})
    assert refused.status_code == 400
    assert "Some lines cannot be taken" in refused.text


def test_what_columns_and_words_mean_is_kept_for_the_institution(made: PaymentWorld, browser: Browser) -> None:
    maker = browser(made.finance)
    lines = "Beleg,Tag,Konto,Betrag\nB-1,2026-11-20,5401,100.00\n"
    entered = send(maker, made, lines.encode())
    reference = entered.location.rsplit("/", 1)[-1]
    assert "No column of the file is read as this." in maker.get(entered.location).text
    address = f"/returns/layouts/{made.grantee.code}?of={reference}"
    assert "Beleg" in maker.get(address).text
    typed = {
        "row_key": "Beleg",
        "cost_on": "Tag",
        "heading": "Konto",
        "amount": "Betrag",
        "currency": "CNY",
        "headings-0-words": "5401",
        "headings-0-heading": "TRAVEL",
    }
    kept = maker.post(address, data=typed)
    assert (kept.status_code, kept.location) == (303, entered.location), kept.text
    preview = maker.get(entered.location).text
    assert "What stands in the way" not in preview
    assert "Travel" in preview


def test_one_column_is_not_chosen_for_two_things(made: PaymentWorld, browser: Browser) -> None:
    address = f"/returns/layouts/{made.grantee.code}"
    answer = browser(made.finance).post(address, data={"row_key": "A", "amount": "A"})
    assert answer.status_code == 400
    assert "One column of the file is chosen for two things." in answer.text


def test_a_file_that_is_no_table_is_refused(made: PaymentWorld, browser: Browser) -> None:
    answer = send(browser(made.finance), made, b"%PDF-1.7 not a table", "november.csv")
    assert answer.status_code == 400


def test_a_stranger_does_not_find_the_return(app: Flask, made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        found = returns.submitted(session, made)
        elsewhere = projects.institution(session, "Another university")
        stranger = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)
        reference = found.reference
    assert browser(stranger).get(f"/returns/{reference}").status_code == 404
    assert browser(stranger).get(f"/returns/layouts/{made.grantee.code}").status_code == 404
    assert browser(made.leader).get(f"/returns/{reference}").status_code == 200


def test_the_api_does_all_of_it(app: Flask, made: PaymentWorld) -> None:
    maker, checker = (a_token(app, each.person_id) for each in (made.finance, made.other_finance))
    caller = app.test_client()
    form = {"contract_id": str(made.contract.id), "file": (io.BytesIO(returns.file().content), "november.csv")}
    made_key = {"Idempotency-Key": uuid4().hex}
    drafted = caller.post("/api/v1/returns", data=form, headers=maker | made_key, content_type="multipart/form-data")
    assert drafted.status_code == 201, drafted.text
    address = f"/api/v1/returns/{drafted.json['reference']}"
    assert caller.get(f"{address}/checks", headers=maker).json["items"] == []
    consent = {"version": 1, "negative_list_declared": True}
    submitted = caller.post(f"{address}/submit", json=consent, headers=maker | {"Idempotency-Key": uuid4().hex})
    assert submitted.json["status"] == "SUBMITTED", submitted.text
    seen = {"version": submitted.json["version"]}
    own = caller.post(f"{address}/post", json=seen, headers=maker | {"Idempotency-Key": uuid4().hex})
    assert own.status_code == 403
    posted = caller.post(f"{address}/post", json=seen, headers=checker | {"Idempotency-Key": uuid4().hex})
    assert posted.json["status"] == "POSTED", posted.text
    rows = caller.get(f"{address}/rows", headers=checker).json["items"]
    assert [each["key"] for each in rows] == ["V-1"]
    assert rows[0]["entry_id"]


def test_the_same_file_again_is_a_conflict_that_names_the_return(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        reference = returns.posted(session, made).reference
    again = send(browser(made.finance), made, returns.file().content)
    assert again.status_code == 409
    assert reference in again.text
