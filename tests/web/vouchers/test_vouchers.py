"""Vouchers by screen and by API: codes and profiles by two people, the check, the file, refusals by name."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from tests.builders import statements, vouchers
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

SPAN = "first_day=2025-09-01&last_day=2026-11-30"
TYPED = {"account": "1001", "currency": "HKD", "own_account": "1002.01", "own_name": "Bank"}
PROFILE = {"name": "Usual", "file_type": "CSV", "columns": "voucher,date,account,currency,debit,credit",
           "date_format": "YYYYMMDD", "decimal_mark": "POINT", "header": "yes"}  # fmt: skip


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return statements.worked_example(session)


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def test_a_code_is_proposed_and_confirmed_by_screen(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    maker, checker = browser(made.finance), browser(made.other_finance)
    address = f"/vouchers/{made.grantee.code}"
    assert maker.get("/vouchers").location == address
    answer = maker.post(f"{address}/mappings", data=TYPED)
    assert (answer.status_code, answer.location) == (303, f"{address}/accounts")
    assert "Another person confirms this" in maker.get(answer.location).text
    page = checker.get(answer.location).text
    confirm = re.search(r'action="(/vouchers/mappings/[^"]+/confirm)"', page)
    assert confirm
    assert checker.post(confirm[1], data={"version": "1"}).status_code == 303
    page = checker.get(answer.location).text
    assert "1002.01" in page
    assert not re.search(r"/vouchers/mappings/[^\"]+/confirm", page)


def test_own_proposal_is_refused_and_shown(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    maker = browser(made.finance)
    with unit_of_work() as session:
        vouchers.waiting(session, made.grantee, made.finance)
    page = browser(made.other_finance).get(f"/vouchers/{made.grantee.code}").text
    confirm = re.search(r'action="(/vouchers/profiles/[^"]+/confirm)"', page)
    assert confirm
    refused = maker.post(confirm[1], data={"version": "1"})
    assert refused.status_code == 403
    assert "You prepared this yourself" in refused.text


def test_a_wrong_profile_keeps_what_was_typed(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    answer = browser(made.finance).post(
        f"/vouchers/{made.grantee.code}/profiles", data=PROFILE | {"columns": "voucher,colour"}
    )
    assert answer.status_code == 422
    assert "There is no column “colour”." in answer.text
    assert 'value="voucher,colour"' in answer.text


def test_the_check_names_what_has_no_code_and_the_file_is_refused(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(made.finance)
    with unit_of_work() as session:
        vouchers.profile(session, made.grantee, made.finance, made.other_finance)
    page = client.get(f"/vouchers/{made.grantee.code}?{SPAN}&profile=Usual").text
    assert "Accounts without a code" in page
    assert "4101 Grant received" in page
    refused = client.get(f"/vouchers/{made.grantee.code}/file?{SPAN}&profile=Usual")
    assert refused.status_code == 422
    assert "has no code in the ledger of" in refused.text


def test_the_file_is_saved_when_it_adds_up(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(made.finance)
    with unit_of_work() as session:
        vouchers.all_mapped(session, made.grantee, made.finance, made.other_finance)
        vouchers.profile(session, made.grantee, made.finance, made.other_finance)
    page = client.get(f"/vouchers/{made.grantee.code}?{SPAN}&profile=Usual").text
    assert "Save the file" in page
    saved = client.get(f"/vouchers/{made.grantee.code}/file?{SPAN}&profile=Usual")
    assert (saved.status_code, saved.mimetype) == (200, "application/zip")
    assert "attachment" in saved.headers["Content-Disposition"]


def test_other_institutions_vouchers_do_not_exist(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(made.finance)
    assert client.get(f"/vouchers/{made.funder.code}").status_code == 404
    assert client.post(f"/vouchers/{made.funder.code}/mappings", data=TYPED).status_code == 404


def test_vouchers_through_the_api(app: Flask, made: PaymentWorld) -> None:
    client = app.test_client()

    def headers(actor: Actor, key: str) -> dict[str, str]:
        return a_token(app, actor.person_id) | {"Idempotency-Key": key}

    address = f"/api/v1/vouchers/{made.grantee.code}"
    proposed = client.post(f"{address}/mappings", json=TYPED, headers=headers(made.finance, "code-0001"))
    assert proposed.status_code == 201, proposed.text
    confirmed = client.post(
        f"/api/v1/vouchers/mappings/{proposed.json['id']}/confirm",
        json={"version": proposed.json["version"]},
        headers=headers(made.other_finance, "code-0002"),
    )
    assert confirmed.json["status"] == "CONFIRMED", confirmed.text
    checked = client.get(f"{address}/check?{SPAN}", headers=headers(made.finance, "code-0003"))
    assert checked.json["agrees"] is False
    assert {"account": "4101", "heading": "", "currency": "CNY"} in checked.json["missing"]
