"""A contract's limits and moves of budget by screen and by API, and the what-if of the journal form."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.permissions import Permission
from app.budgets.commands import BudgetItem
from app.contracts.states import FundingMode, TermsFamily
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.ledger.headings import Heading
from tests.builders import budgets, contracts, journals
from tests.builders.budgets import parameter
from tests.builders.journals import VOUCHER, line
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """A contract with CNY 100.00 for operating cost, of which 95.00 is committed."""
    with unit_of_work() as session:
        world = budgets.itemised(session)
        cost = line(world, world.money("95.00"), Heading.MATERIALS)
        journals.submitted(session, world, cost, bank_account_id=None)
        return world


def typed(made: PaymentWorld, **changes: Any) -> dict[str, Any]:
    return {
        "institution_id": str(made.grantee.id),
        "kind": "COST",
        "effective_on": "2026-11-20",
        "lines-0-contract_id": str(made.contract.id),
        "lines-0-heading": "MATERIALS",
        "lines-0-currency": "CNY",
        "lines-0-amount": "10.00",
    } | changes


def test_budget_page_shows_what_is_left_and_what_is_near_its_limit(made: PaymentWorld, browser: Browser) -> None:
    page = browser(made.finance).get(f"/contracts/{made.contract.reference}/budget")
    assert page.status_code == 200
    for words in ("Operating cost is near its limit", "Near its limit", "Floors and ceilings by ratio", "5.00"):
        assert words in page.text
    assert "not verified: warns only" in page.text
    link = f'href="/contracts/{made.contract.reference}/budget"'
    assert link in browser(made.finance).get(f"/contracts/{made.contract.reference}").text


def test_budget_moves_by_screen(made: PaymentWorld, browser: Browser) -> None:
    officer = browser(made.finance)
    path = f"/contracts/{made.contract.reference}/budget"
    form = {
        "version": str(made.contract.version),
        "from_line": "LABOUR",
        "to_line": "OPERATING",
        "currency": "CNY",
        "amount": "400.00",
        "reason": "More samples",
    }
    refused = officer.post(f"{path}/move", data=form | {"to_line": "LABOUR"})
    assert refused.status_code == 422
    assert "Choose two different lines." in refused.text
    assert officer.post(f"{path}/move", data=form).status_code == 303
    page = officer.get(path).text
    assert "The budget has moved." in page
    assert "405.00" in page


def test_limits_and_moves_through_the_api(app: Flask, made: PaymentWorld) -> None:
    scopes = (Permission.CONTRACTS_READ, Permission.BUDGETS_READ, Permission.BUDGETS_DRAFT)
    headers = a_token(app, made.finance.person_id, *scopes)
    api, path = app.test_client(), f"/api/v1/contracts/{made.contract.reference}"
    rows = {row["code"]: row for row in api.get(f"{path}/limits", headers=headers).json["items"]}
    assert rows["OPERATING"]["left"] == {"amount": "5.00", "currency": "CNY"}
    assert (rows["OPERATING"]["near"], rows["indirect_cost_tiers"]["binds"]) == (True, False)
    body = {
        "version": made.contract.version,
        "from_line": "LABOUR",
        "to_line": "INDIRECT",
        "currency": "CNY",
        "amount": "400.00",
        "reason": "Overhead",
    }
    sent = api.post(f"{path}/budget/move", json=body, headers=headers | {"Idempotency-Key": "move-of-budget-1"})
    assert (sent.status_code, sent.json["status"]) == (201, "PROPOSED")


def test_form_says_what_would_be_left_before_it_is_sent(made: PaymentWorld, browser: Browser) -> None:
    officer = browser(made.finance)
    assert 'hx-post="/journals/what-if"' in officer.get("/journals/new").text
    fits = officer.post("/journals/what-if", data=typed(made, **{"lines-0-amount": "5.00"}))
    assert fits.status_code == 200
    assert "What would be left" in fits.text
    assert "would be refused" not in fits.text
    assert "would be refused" in officer.post("/journals/what-if", data=typed(made)).text


@pytest.mark.parametrize("change", [{"lines-0-amount": ""}, {"lines-0-amount": "ten"}, {"lines-0-contract_id": ""}])
def test_a_half_typed_form_says_nothing_yet(made: PaymentWorld, browser: Browser, change: dict[str, str]) -> None:
    answer = browser(made.finance).post("/journals/what-if", data=typed(made, **change))
    assert (answer.status_code, answer.text.strip()) == (200, "")


def test_what_if_through_the_api(app: Flask, made: PaymentWorld) -> None:
    body = {
        "institution_id": str(made.grantee.id),
        "kind": "COST",
        "effective_on": "2026-11-20",
        "lines": [
            {
                "contract_id": str(made.contract.id),
                "heading": "MATERIALS",
                "currency": "CNY",
                "amount": "10.00",
            }
        ],
    }
    headers = a_token(app, made.finance.person_id, Permission.JOURNALS_DRAFT) | {"Idempotency-Key": "what-if-1"}
    answer = app.test_client().post("/api/v1/journals/what-if", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    rows = {row["code"]: row for row in answer.json["items"]}
    assert (rows["OPERATING"]["left_after"]["amount"], rows["OPERATING"]["fits"]) == ("-5.00", False)


def test_a_years_budget_goes_from_the_form_to_the_funder_by_screen(app: Flask, browser: Browser) -> None:
    with unit_of_work() as session:
        world = budgets.itemised(session)
        parameter(session, world, "budget_by_year", value=True)
    path = f"/contracts/{world.contract.reference}/budget"
    officer, funder = browser(world.finance), browser(world.checker)
    assert "so spending is not checked against any year" in officer.get(path).text
    form = {"year": "2", "currency": "CNY", "reason": "The year's plan"}
    assert "Year of the contract" in officer.get(f"{path}/years").text
    lines = {"budget-0-heading": "OPERATING", "budget-0-amount": "100.01", "budget-1-heading": "LABOUR"}
    refused = officer.post(f"{path}/years", data=form | lines)
    assert refused.status_code == 422
    assert "the years come to" in refused.text
    assert officer.post(f"{path}/years", data=form | lines | {"budget-0-amount": "60.00"}).status_code == 303
    assert "Approve request 1" not in officer.get(path).text
    assert "Approve request 1" in funder.get(path).text
    inbox = funder.get("/inbox").text
    assert "Items and yearly budgets to decide" in inbox
    assert f'href="{path}"' in inbox
    assert funder.post(f"{path}/requests/1/approve", data={"reason": ""}).status_code == 303
    page = officer.get(path).text
    for words in ("Budget by year", "Year 2", "60.00", "Approved"):
        assert words in page


def test_an_item_of_a_one_line_vote_is_asked_for_and_refused_through_the_api(app: Flask, browser: Browser) -> None:
    with unit_of_work() as session:
        world = budgets.itemised(session, family=TermsFamily.RGC_ONE_LINE_VOTE, mode=FundingMode.ONE_LINE_VOTE)
        parameter(session, world, "approved_items", ["STAFF"])
    path = f"/api/v1/contracts/{world.contract.reference}/budget"
    api = app.test_client()
    scopes = (Permission.CONTRACTS_READ, Permission.BUDGETS_READ, Permission.BUDGETS_DRAFT, Permission.EVIDENCE_UPLOAD)
    grantee = a_token(app, world.finance.person_id, *scopes)
    body = {"line": "EQUIPMENT", "reason": "A laser", "file": (io.BytesIO(VOUCHER.content), "letter.pdf")}
    asked = api.post(f"{path}/items", data=body, headers=grantee | {"Idempotency-Key": "item-asked"})
    assert (asked.status_code, asked.json["status"]) == (201, "PROPOSED"), asked.text
    funder = a_token(app, world.checker.person_id, *scopes, Permission.BUDGETS_APPROVE)
    said = api.post(
        f"{path}/requests/1/refuse",
        json={"reason": "Not in this grant"},
        headers=funder | {"Idempotency-Key": "item-refused"},
    )
    assert (said.status_code, said.json["status"]) == (200, "REFUSED"), said.text
    (row,) = api.get(f"{path}/requests", headers=grantee).json["items"]
    assert (row["line"], row["decision"], row["decided_by_id"]) == (
        "EQUIPMENT",
        "Not in this grant",
        str(world.checker.person_id),
    )
    page = browser(world.finance).get(f"/contracts/{world.contract.reference}/budget").text
    assert "Items of the one-line vote" in page
    assert "Ask for the item" in browser(world.finance).get(f"/contracts/{world.contract.reference}/budget/items").text


def test_a_draft_shows_the_ratios_its_budget_breaks_with_their_source(app: Flask, browser: Browser) -> None:
    with unit_of_work() as session:
        world = contracts.world(session, TermsFamily.HETAO_PARK)
        budget = (BudgetItem("CONSTRUCTION", contracts.money("450000.00")),)
        budget += (BudgetItem("HUMAN_RESOURCES", contracts.money("550000.00")),)
        draft = contracts.drafted(session, world, budget=budget)
    page = browser(world.maker).get(f"/contracts/{draft.reference}").text
    for words in ("The budget against its terms", "below the least of", "post_11593079"):
        assert words in page
    headers = a_token(app, world.maker.person_id, Permission.CONTRACTS_READ, Permission.BUDGETS_READ)
    rows = app.test_client().get(f"/api/v1/contracts/{draft.reference}/budget/checks", headers=headers).json["items"]
    assert {(row["code"], row["blocking"]) for row in rows} == {
        ("budget.ratio-floor", True),
        ("budget.ratio-ceiling", True),
    }
