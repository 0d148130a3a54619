"""Funds by screen and by API: from the first contribution to a sub-fund's pocket."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.funds import queries, service
from app.institutions.states import Side
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from tests.builders import funds
from tests.builders.funds import FundWorld, allocation, contribution
from tests.builders.journals import cny
from tests.builders.payments import NOW
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def made(app: Flask) -> FundWorld:
    with unit_of_work() as session:
        return funds.world(session)


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def typed(made: FundWorld, **changes: str) -> dict[str, str]:
    """What a fund manager types to enter a contribution of CNY 5,000,000.00."""
    return {
        "kind": "CONTRIBUTION",
        "to_pocket_id": str(made.pocket(made.parent).id),
        "bank_account_id": str(made.accounts[Currency.CNY].id),
        "contributor": "Shenzhen Finance Bureau",
        "currency": "CNY",
        "amount": "5000000.00",
        "value_date": "2026-11-20",
        "reason": "First contribution",
    } | changes


def test_contribution_is_entered_and_approved_by_screen(
    made: FundWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    maker, checker = browser(made.manager), browser(made.other_manager)
    assert maker.get(f"/funds/{made.parent.reference}/move?kind=CONTRIBUTION").status_code == 200
    entered = maker.post(f"/funds/{made.parent.reference}/move", data=typed(made))
    assert entered.status_code == 303, entered.text
    page = maker.get(entered.location).text
    assert "A fund manager other than you approves it." in page
    assert "Approve and post" not in page
    assert "Approve and post" in checker.get(entered.location).text
    assert checker.post(f"{entered.location}/approve", data={"version": "1"}).status_code == 303
    index = checker.get("/funds").text
    assert "5,000,000.00" in index
    assert "First contribution" in checker.get(entered.location).text
    assert checker.get(f"/funds/{made.parent.reference}").status_code == 200


def test_refused_movement_keeps_what_was_typed(
    made: FundWorld, browser: Callable[[Actor], FlaskClient], database_digest: Callable[[], str]
) -> None:
    client = browser(made.manager)
    before = database_digest()
    wrong = typed(made, kind="ALLOCATION", to_pocket_id=str(made.pocket(made.sub_fund).id), reason="Kept words")
    wrong["from_pocket_id"] = str(made.pocket(made.parent).id)
    answer = client.post(f"/funds/{made.parent.reference}/move", data=wrong)
    assert answer.status_code == 422
    assert "Only CNY 0.00 is available" in answer.text
    assert "Kept words" in answer.text
    assert 'value="5000000.00"' in answer.text
    assert database_digest() == before


def test_own_approval_is_refused_with_403(made: FundWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    with unit_of_work() as session:
        reference = funds.entered(session, made, contribution(made, cny("1.00"))).reference
    answer = browser(made.manager).post(f"/funds/movements/{reference}/approve", data={"version": "1"})
    assert answer.status_code == 403


def test_sub_fund_is_opened_by_screen(made: FundWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(made.manager)
    assert client.get(f"/funds/open?parent={made.parent.id}").status_code == 200
    form = {
        "institution_id": str(made.funder.id),
        "parent_id": str(made.parent.id),
        "name_en": "Quantum sub-fund",
        "name_zh_hant": "量子子基金",
        "purpose": "Memory",
        "opened_on": "2026-11-20",
    }
    opened = client.post("/funds/open", data=form)
    assert opened.status_code == 303, opened.text
    assert "Quantum sub-fund" in client.get(opened.location).text


def test_grant_officer_reads_funds_but_moves_nothing(made: FundWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(made.officer)
    assert client.get("/funds").status_code == 200
    assert client.get("/funds/open").status_code == 403
    answer = client.post(f"/funds/{made.parent.reference}/move", data=typed(made))
    assert answer.status_code == 403


def test_stranger_finds_no_fund(app: Flask, made: FundWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    with unit_of_work() as session:
        other = funds.world(session, Side.HK)
        reference = funds.entered(session, made, contribution(made, cny("1.00"))).reference
    client = browser(other.manager)
    assert client.get(f"/funds/{made.parent.reference}").status_code == 404
    assert client.get(f"/funds/movements/{reference}").status_code == 404
    assert client.post(f"/funds/movements/{reference}/approve", data={"version": "1"}).status_code == 404
    api = app.test_client()
    headers = a_token(app, other.manager.person_id)
    assert api.get(f"/api/v1/funds/{made.parent.reference}", headers=headers).status_code == 404


def test_allocation_through_the_api_is_repeated_not_doubled(app: Flask, made: FundWorld) -> None:
    with unit_of_work() as session:
        funds.posted(session, made, contribution(made, cny("1000.00")))
    api = app.test_client()
    maker, checker = a_token(app, made.manager.person_id), a_token(app, made.other_manager.person_id)
    body = {
        "kind": "ALLOCATION",
        "from_pocket_id": str(made.pocket(made.parent).id),
        "to_pocket_id": str(made.pocket(made.sub_fund).id),
        "currency": "CNY",
        "amount": "400.00",
        "value_date": "2026-11-20",
        "reason": "For the call",
    }
    path, once = "/api/v1/fund-movements", {"Idempotency-Key": "allocation-of-november"}
    entered = [api.post(path, json=body, headers={**maker, **once}) for _ in range(2)]
    assert [answer.status_code for answer in entered] == [201, 201], entered[0].text
    reference = entered[0].json["reference"]
    assert entered[1].json["reference"] == reference
    other = api.post(path, json={**body, "amount": "500.00"}, headers={**maker, **once})
    assert other.status_code == 422
    assert api.post(f"{path}/{reference}/approve", json={"version": 1}, headers=maker).status_code == 403
    approve_once = {"Idempotency-Key": "approval-of-november"}
    for _again in range(2):
        approved = api.post(f"{path}/{reference}/approve", json={"version": 1}, headers={**checker, **approve_once})
        assert approved.status_code == 200, approved.text
        assert approved.json["status"] == "APPROVED"
    found = api.get(f"/api/v1/funds/{made.sub_fund.reference}", headers=checker).json
    assert {each["currency"]: each["available"] for each in found["pockets"]} == {
        "CNY": {"currency": "CNY", "amount": "400.00"},
        "HKD": {"currency": "HKD", "amount": "0.00"},
    }
    with unit_of_work() as session:
        assert queries.available(session, made.pocket(made.parent)) == cny("600.00")


def test_allocation_beyond_the_pocket_is_a_problem_through_the_api(app: Flask, made: FundWorld) -> None:
    api, command = app.test_client(), allocation(made, cny("1.00"))
    body = {
        "kind": "ALLOCATION",
        "from_pocket_id": str(command.from_pocket_id),
        "to_pocket_id": str(command.to_pocket_id),
        "currency": "CNY",
        "amount": "1.00",
        "value_date": "2026-11-20",
        "reason": "For the call",
    }
    answer = api.post("/api/v1/fund-movements", json=body, headers=a_token(app, made.manager.person_id))
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert "pocket.insufficient" in answer.text


# page by page


def test_movements_are_listed_page_by_page_newest_first(
    made: FundWorld, app: Flask, browser: Callable[[Actor], FlaskClient]
) -> None:
    with unit_of_work() as session:
        entered = [funds.entered(session, made, contribution(made, cny(f"{n}.00"))).reference for n in (1, 2, 3)]
    client, headers = app.test_client(), a_token(app, made.manager.person_id)
    first = client.get("/api/v1/fund-movements?limit=2", headers=headers).json
    second = client.get(f"/api/v1/fund-movements?limit=2&cursor={first['next']}", headers=headers).json
    assert [each["reference"] for each in first["items"] + second["items"]] == entered[::-1]
    assert (first["total"], second["next"]) == (3, None)
    screen = browser(made.manager)
    page = screen.get(f"/funds/{made.parent.reference}?limit=2").text
    assert entered[0] not in page
    onward = unescape(page.split('rel="next" href="')[1].split('"')[0])
    assert entered[0] in screen.get(onward).text


def test_fund_trees_are_listed_page_by_page_and_each_whole(
    made: FundWorld, app: Flask, browser: Callable[[Actor], FlaskClient]
) -> None:
    with unit_of_work() as session:
        other = service.open_fund(session, made.manager, funds.open_command(made.funder), now=NOW).reference
    screen = browser(made.manager)
    page = screen.get("/funds?limit=1").text
    assert made.parent.reference in page
    assert made.sub_fund.reference in page
    assert other not in page
    onward = unescape(page.split('rel="next" href="')[1].split('"')[0])
    assert other in screen.get(onward).text
    found = app.test_client().get("/api/v1/funds?limit=2", headers=a_token(app, made.manager.person_id)).json
    assert [each["reference"] for each in found["items"]] == [made.parent.reference, made.sub_fund.reference]
    assert found["next"]
    assert [pocket["currency"] for pocket in found["items"][0]["pockets"]] == ["CNY", "HKD"]
