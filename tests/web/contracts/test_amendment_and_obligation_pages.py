"""Amendments, obligations and programmes by screen and by API."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import AuthorityKind
from app.contracts.models import Contract
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from tests.builders import contracts, papers
from tests.builders.contracts import World
from tests.builders.people import a_token

Browser = Callable[[Actor], FlaskClient]


def active(world: World) -> Contract:
    """An active contract of CNY 1,000,000.00, committed, with its obligations loaded."""
    with unit_of_work() as session:
        contract = contracts.active(session, world)
        assert contract.obligations
        return contract


def amend_form(contract: Contract, amount: str, last: str) -> dict[str, str]:
    """What a person types to change the amount."""
    return {
        "version": str(contract.version),
        "reason": "More samples",
        "effective_on": "2026-11-20",
        "currency": contract.currency,
        "amount": amount,
        "first_day": "2025-09-01",
        "last_day": "2027-08-31",
        "tranches-0-amount": "800000.00",
        "tranches-0-due_on": "2025-09-15",
        "tranches-0-condition": "DATE",
        "tranches-1-amount": last,
        "tranches-1-due_on": "2027-12-31",
        "tranches-1-condition": "FINAL_ACCOUNT",
    }


def test_amendment_is_proposed_and_approved_by_screen(world: World, browser: Browser) -> None:
    contract = active(world)
    maker, checker = browser(world.maker), browser(world.checker)
    path = f"/contracts/{contract.reference}"
    assert maker.get(f"{path}/amend").status_code == 200
    proposed = maker.post(f"{path}/amend", data=amend_form(contract, "1200000.00", "400000.00"))
    assert proposed.status_code == 303
    assert "You proposed this" in maker.get(proposed.location).text
    assert maker.post(f"{proposed.location}/approve", data={}).status_code == 403
    page = checker.get(proposed.location).text
    assert "Before" in page
    assert "1,200,000" in page
    assert checker.post(f"{proposed.location}/approve", data={}).status_code == 303
    assert "1,200,000" in checker.get(path).text


def test_amendment_that_does_not_add_up_keeps_what_was_typed(world: World, browser: Browser) -> None:
    contract = active(world)
    answer = browser(world.maker).post(
        f"/contracts/{contract.reference}/amend", data=amend_form(contract, "1200000.00", "1.00")
    )
    assert answer.status_code == 422
    assert 'value="1200000.00"' in answer.text


def test_obligation_is_submitted_with_a_file_and_accepted_by_screen(world: World, browser: Browser) -> None:
    contract = active(world)
    owed = contract.obligations[0]
    path = f"/obligations/{owed.id}"
    finance, checker = browser(world.finance), browser(world.checker)
    sent = finance.post(
        f"{path}/submit",
        data={"version": "1", "note": "Signed", "file": (BytesIO(papers.pdf("Statement")), "statement.pdf")},
    )
    assert sent.status_code == 303
    assert "statement.pdf" in checker.get(path).text
    assert finance.post(f"{path}/accept", data={"version": "2"}).status_code == 403
    assert checker.post(f"{path}/accept", data={"version": "2"}).status_code == 303
    assert "Accepted" in checker.get(path).text


def test_overdue_view_lists_only_what_is_late(world: World, browser: Browser) -> None:
    active(world)
    client = browser(world.maker)
    page = client.get("/obligations?overdue=yes").text
    assert "days overdue" in page
    assert "Final account" not in page.split("</form>")[-1]
    assert "Return of residue" in client.get("/obligations").text


def test_stranger_finds_no_obligation(world: World, stranger: Actor, browser: Browser) -> None:
    owed = active(world).obligations[0]
    assert browser(stranger).get(f"/obligations/{owed.id}").status_code == 404


def test_parameter_is_proposed_and_confirmed_by_screen(world: World, browser: Browser) -> None:
    maker, checker = browser(world.maker), browser(world.checker)
    path = f"/programmes/{world.programme.code}"
    page = maker.get(path).text
    assert "Not verified" in page
    form = {
        "name": "final_account_due_months",
        "value": "2",
        "source": "Agreement, clause 9",
        "verified": "true",
        "first_day": "2026-11-01",
    }
    assert maker.get(f"{path}/parameters?name=final_account_due_months").status_code == 200
    assert maker.post(f"{path}/parameters", data=form).status_code == 303
    shown = checker.get(path).text
    confirm = shown.split('action="/programmes/parameters/')[1].split('"')[0]
    assert maker.post(f"/programmes/parameters/{confirm}").status_code == 403
    assert checker.post(f"/programmes/parameters/{confirm}").status_code == 303
    assert "Agreement, clause 9" in checker.get(path).text


def test_every_programme_page_opens(world: World, browser: Browser) -> None:
    client = browser(world.maker)
    for path in ("/programmes", "/programmes/create", f"/programmes/{world.programme.code}/edit"):
        assert client.get(path).status_code == 200, path
    assert client.get("/programmes/NONE").status_code == 404


def test_programme_is_opened_and_changed_by_screen(world: World, browser: Browser) -> None:
    client = browser(world.maker)
    form = {
        "funder_id": str(world.funder.id),
        "code": "QT-ITF-2026",
        "name_en": "Qingtan ITF",
        "terms_family": "itf",
        "currency": "HKD",
        "year_end_month": "3",
        "whitelist_kind": "FUND_FLOW",
        "whitelist_effect": "INFORM",
        "overdue_scope": "CONTRACT",
        "holdback_percent": "10",
    }
    opened = client.post("/programmes/create", data=form)
    assert opened.status_code == 303
    change = form | {"version": "1", "basis": "ACCRUAL", "spending_limit": "RECEIVED", "active": "true"}
    assert client.post(f"{opened.location}/edit", data=change).status_code == 303
    assert client.post("/programmes/create", data=form).status_code == 409
    assert client.post("/programmes/create", data=form | {"code": "a/b"}).status_code == 422


def test_contract_goes_from_draft_to_active_by_api(app: Flask, world: World) -> None:
    client = app.test_client()
    maker, checker, pi = (a_token(app, actor.person_id) for actor in (world.maker, world.checker, world.pi))
    body = {
        "project_id": str(world.project.id),
        "programme_id": str(world.programme.id),
        "grantee_id": str(world.grantee.id),
        "pocket_id": str(world.pocket.id),
        "funding_mode": "LUMP_SUM",
        "currency": "CNY",
        "amount": "1000.00",
        "first_day": "2025-09-01",
        "last_day": "2027-08-31",
        "negative_list_declared": True,
        "tranches": [{"amount": "1000.00", "due_on": "2025-09-15", "condition": "DATE"}],
    }
    made = client.post("/api/v1/contracts", json=body, headers=maker | {"Idempotency-Key": "draft-one-2026"})
    assert made.status_code == 201
    again = client.post("/api/v1/contracts", json=body, headers=maker | {"Idempotency-Key": "draft-one-2026"})
    assert again.get_json() == made.get_json()
    path = f"/api/v1/contracts/{made.get_json()['reference']}"
    letter = {"file": (BytesIO(papers.pdf("Letter")), "letter.pdf")}
    assert client.post(f"{path}/commitment-letter", data=letter, headers=pi).status_code == 201
    own = client.post(f"{path}/sign", json={"version": 2}, headers=maker)
    assert own.status_code == 403
    assert "access.own-work" in own.text
    stale = client.post(f"{path}/sign", json={}, headers=checker | {"If-Match": '"1"'})
    assert stale.status_code == 412
    signed = client.post(f"{path}/sign", json={"version": 2}, headers=checker)
    assert (signed.status_code, signed.get_json()["status"]) == (200, "SIGNED")
    step = {"version": signed.get_json()["version"]}
    assert client.post(f"{path}/activate", json=step, headers=maker).get_json()["status"] == "ACTIVE"
    tranches = client.get(f"{path}/tranches", headers=pi).get_json()["items"]
    assert (tranches[0]["ready"], tranches[0]["payable"]) == (True, {"amount": "1000.00", "currency": "CNY"})
    standing = client.get(f"{path}/standing", headers=pi).get_json()
    assert standing["not_received"] == {"amount": "1000.00", "currency": "CNY"}
    late = client.get("/api/v1/obligations?overdue=true", headers=pi).get_json()["items"]
    assert late[0]["kind"] == "YEARLY_STATEMENT"


def beyond(world: World, kind: AuthorityKind) -> None:
    """The checker has a limit a cent below the contract's amount; a director has the role's."""
    with unit_of_work() as session:
        low = contracts.money("999999.99")
        contracts.limit(session, world.funder, world.maker, world.checker, kind, low, only=world.checker)
        contracts.officer(session, "Director Ho", world.funder)


def test_amendment_beyond_the_limit_is_refused_by_screen_and_may_be_turned_down(world: World, browser: Browser) -> None:
    contract = active(world)
    form = amend_form(contract, "900000.00", "100000.00")
    path = browser(world.maker).post(f"/contracts/{contract.reference}/amend", data=form).location
    beyond(world, AuthorityKind.AMENDMENT)
    client = browser(world.checker)
    page = client.get(path).text
    assert "Director Ho can approve this." in page
    assert "Approve the amendment" not in page
    assert client.post(f"{path}/approve", data={}).status_code == 403
    assert client.post(f"{path}/refuse", data={"reason": "Not now"}).status_code == 303


def test_contract_beyond_the_limit_is_refused_by_api(app: Flask, world: World) -> None:
    with unit_of_work() as session:
        contract = contracts.drafted(session, world)
    beyond(world, AuthorityKind.CONTRACT)
    headers = a_token(app, world.checker.person_id)
    path = f"/api/v1/contracts/{contract.reference}"
    refused = app.test_client().post(f"{path}/sign", json={"version": contract.version}, headers=headers)
    assert refused.status_code == 403
    (breach,) = refused.get_json()["breaches"]
    assert (breach["code"], breach["cure"]) == ("authority.over-limit", "Director Ho can approve this.")


def test_amendment_beyond_the_limit_is_refused_by_api(app: Flask, world: World, browser: Browser) -> None:
    contract = active(world)
    form = amend_form(contract, "900000.00", "100000.00")
    browser(world.maker).post(f"/contracts/{contract.reference}/amend", data=form)
    beyond(world, AuthorityKind.AMENDMENT)
    headers = a_token(app, world.checker.person_id)
    path = f"/api/v1/contracts/{contract.reference}/amendments/1/approve"
    refused = app.test_client().post(path, json={}, headers=headers)
    assert refused.status_code == 403
    assert [breach["code"] for breach in refused.get_json()["breaches"]] == ["authority.over-limit"]


def test_bad_json_amount_is_refused_by_api(app: Flask, world: World) -> None:
    headers = a_token(app, world.maker.person_id)
    answer = app.test_client().post("/api/v1/contracts", json={"amount": 1000, "currency": "CNY"}, headers=headers)
    assert answer.status_code == 400
    assert answer.mimetype == "application/problem+json"
