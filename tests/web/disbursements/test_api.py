"""The API does what the screens do, and refuses what they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from tests.builders import payments
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


class Caller:
    """Calls the API as one person."""

    def __init__(self, app: Flask, actor: Actor) -> None:
        self.client = app.test_client()
        self.headers = a_token(app, actor.person_id)

    def post(self, path: str, body: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        return self.client.post(f"/api/v1{path}", json=body or {}, headers={**self.headers, **headers})

    def get(self, path: str) -> TestResponse:
        return self.client.get(f"/api/v1{path}", headers=self.headers)


def submitted(world: PaymentWorld, amount: str = "10000.00") -> str:
    with unit_of_work() as session:
        return payments.submitted(session, world, amount).reference


def test_path_through_the_api(app: Flask, world: PaymentWorld) -> None:
    maker, checker = Caller(app, world.maker), Caller(app, world.checker)
    drafted = maker.post(
        "/disbursements",
        {
            "contract": world.contract.reference,
            "tranche": 1,
            "currency": "CNY",
            "amount": "400000.00",
            "payer_account_id": str(world.payer_account.id),
            "payee_account_id": str(world.payee_account.id),
            "requested_value_date": "2026-11-24",
        },
    )
    assert drafted.status_code == 201, drafted.text
    reference = drafted.json["reference"]
    path = f"/disbursements/{reference}"
    for code in ("approval-and-contract", "outbound-tax-filing"):
        assert maker.post(f"{path}/documents", {"code": code, "number": "7"}).status_code == 200
        seen = {"If-Match": checker.get(path).headers["ETag"]}
        assert checker.post(f"{path}/documents/{code}/confirm", **seen).status_code == 200
    done = maker.post(f"{path}/submit", {"version": maker.get(path).json["version"]})
    assert done.status_code == 200, done.text
    shown = checker.get(path).json
    states = {check["state"] for check in checker.get(f"{path}/checks").json["items"]}
    assert states == {"met"}
    approved = checker.post(f"{path}/approve", {"version": shown["version"], "consented": shown["consented"]})
    assert approved.status_code == 200, approved.text
    released = Caller(app, world.payer).post(f"{path}/release", {"version": approved.json["version"]})
    assert released.status_code == 200, released.text
    settle = {"version": released.json["version"], "value_date": "2026-11-20", "bank_reference": "B"}
    settled = Caller(app, world.accountant).post(f"{path}/settle", settle)
    assert settled.status_code == 200, settled.text
    receipt = {
        "version": settled.json["version"],
        "bank_account_id": str(world.payee_account.id),
        "value_date": "2026-11-20",
        "bank_reference": "HK",
        "received_currency": "HKD",
        "received": "432282.43",
        "charge_currency": "HKD",
        "charge": "150.00",
        "dealt_rate": "0.9250",
        "rate_base": "HKD",
    }
    confirmed = Caller(app, world.finance).post(f"{path}/confirm-receipt", receipt)
    assert confirmed.status_code == 200, confirmed.text
    assert confirmed.json["receipts"][0]["received"] == {"amount": "432282.43", "currency": "HKD"}


def test_maker_is_refused_by_the_api(app: Flask, world: PaymentWorld) -> None:
    reference = submitted(world)
    maker = Caller(app, world.maker)
    shown = maker.get(f"/disbursements/{reference}").json
    body = {"version": shown["version"], "consented": shown["consented"]}
    assert maker.post(f"/disbursements/{reference}/approve", body).status_code == 403


def test_approval_needs_the_fingerprint_and_the_version(app: Flask, world: PaymentWorld) -> None:
    reference = submitted(world)
    checker = Caller(app, world.checker)
    assert checker.post(f"/disbursements/{reference}/approve", {}).status_code in (400, 428)
    wrong = {"version": checker.get(f"/disbursements/{reference}").json["version"], "consented": "0" * 64}
    assert checker.post(f"/disbursements/{reference}/approve", wrong).status_code == 409


def test_impossible_amounts_are_refused(app: Flask, world: PaymentWorld) -> None:
    body: dict[str, Any] = {
        "contract": world.contract.reference,
        "tranche": 1,
        "currency": "CNY",
        "payer_account_id": str(world.payer_account.id),
        "payee_account_id": str(world.payee_account.id),
        "requested_value_date": "2026-11-24",
    }
    maker = Caller(app, world.maker)
    for amount in ("0", "-1", "1e308", "NaN", "0.001", "1,000", "１００", str(2**63), 5):
        answer = maker.post("/disbursements", body | {"amount": amount})
        assert answer.status_code == 400, amount


def test_batch_over_the_api(app: Flask, world: PaymentWorld) -> None:
    checker = Caller(app, world.checker)
    rows = []
    for _ in range(2):
        shown = checker.get(f"/disbursements/{submitted(world)}").json
        rows.append({name: shown[name] for name in ("reference", "version", "consented")})
    rows[1]["consented"] = "0" * 64
    answer = checker.post("/disbursements/approve-batch", {"rows": rows}, **{"Idempotency-Key": "batch-of-two-1"})
    assert answer.status_code == 200, answer.text
    assert [each["result"] for each in answer.json["items"]] == ["approved", "changed"]
    again = checker.post("/disbursements/approve-batch", {"rows": rows}, **{"Idempotency-Key": "batch-of-two-1"})
    assert again.json == answer.json


def test_list_and_residue_lists_open(app: Flask, world: PaymentWorld) -> None:
    submitted(world)
    checker = Caller(app, world.checker)
    assert len(checker.get("/disbursements?view=to-check").json["items"]) == 1
    assert checker.get("/residue-returns").json["items"] == []


def listed_document(app: Flask, world: PaymentWorld) -> tuple[str, str]:
    """A draft with one document listed: its address in the API, and the document's."""
    with unit_of_work() as session:
        reference = payments.drafted(session, world, documents=False).reference
    path = f"/disbursements/{reference}"
    listed = Caller(app, world.maker).post(
        f"{path}/documents", {"code": "approval-and-contract", "number": "2026-17", "expires_on": "2026-12-31"}
    )
    assert listed.status_code == 200, listed.text
    return path, f"{path}/documents/approval-and-contract"


def test_document_listed_again_after_it_was_seen_is_not_confirmed_through_the_api(
    app: Flask, world: PaymentWorld
) -> None:
    path, document = listed_document(app, world)
    checker = Caller(app, world.checker)
    seen = checker.get(path)
    again = {"code": "approval-and-contract", "number": "2026-18"}
    assert Caller(app, world.maker).post(f"{path}/documents", again).status_code == 200
    assert checker.post(f"{document}/confirm", **{"If-Match": seen.headers["ETag"]}).status_code == 412
    assert checker.post(f"{document}/confirm", {"version": seen.json["version"]}).status_code == 409
    shown = checker.get(path).json
    assert [each["confirmed_by_id"] for each in shown["documents"]] == [None]
    assert checker.post(f"{document}/confirm", {"version": shown["version"]}).status_code == 200


def test_confirming_a_document_asks_for_the_version(app: Flask, world: PaymentWorld) -> None:
    _path, document = listed_document(app, world)
    assert Caller(app, world.checker).post(f"{document}/confirm").status_code == 428


def test_a_confirmed_document_is_another_version_of_the_disbursement(app: Flask, world: PaymentWorld) -> None:
    path, document = listed_document(app, world)
    checker = Caller(app, world.checker)
    seen = {"If-Match": checker.get(path).headers["ETag"]}
    confirmed = checker.post(f"{document}/confirm", **seen)
    assert confirmed.headers["ETag"] == checker.get(path).headers["ETag"] != seen["If-Match"]
