"""The manpower schedule by screen and by API: engaged, flagged, cleared, months confirmed, files taken whole or not."""

from __future__ import annotations

import io
from collections.abc import Callable
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from app.manpower import queries
from app.manpower.queries import EngagementFilters
from tests.builders import manpower, payments, projects, statements
from tests.builders.manpower import NOVEMBER
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

Browser = Callable[[Actor], FlaskClient]
HEAD = "contract,staff_code,person_name,post,first_month,last_month,percent,currency,monthly_rate\n"


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """The worked example once the money has arrived."""
    with unit_of_work() as session:
        return statements.received(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda actor: signed_in_client(app, actor.person_id)


def typed(made: PaymentWorld, **changes: str) -> dict[str, str]:
    """What a finance officer types for an assistant at half time."""
    return {
        "contract": made.contract.reference,
        "staff_code": "R-1",
        "person_name": "Lin Yue",
        "post": "Research assistant",
        "first_month": "2026-10",
        "last_month": "2026-11",
        "percent": "50",
        "currency": "CNY",
        "monthly_rate": "20000.00",
        "contribution_kind": "NONE",
        "heading": "SALARY",
    } | changes


def names(made: PaymentWorld) -> list[str]:
    """Who stands in the schedule."""
    with unit_of_work() as session:
        return [each.person_name for each in queries.listed(session, made.finance, EngagementFilters()).items]


def charged(made: PaymentWorld, page: str) -> list[str]:
    """What is charged month by month for the engagement of that page."""
    with unit_of_work() as session:
        found = queries.visible_engagement(session, made.finance, page.rpartition("/")[2])
        return [str(each.pay) for each in found.months]


def test_engagement_is_entered_and_its_months_typed(made: PaymentWorld, browser: Browser) -> None:
    keeper = browser(made.finance)
    page = keeper.post("/manpower/keep", data=typed(made)).location
    assert charged(made, page) == ["CNY 10000.00", "CNY 10000.00"]
    month = {"rows-0-month": "2026-11", "rows-0-percent": "10", "rows-0-currency": "CNY", "rows-0-pay": "2345.67"}
    sent = {"version": "1", "rows-0-contribution": "0.00", **month}
    assert keeper.post(f"{page}/months", data=sent).status_code == 303
    assert charged(made, page) == ["CNY 10000.00", "CNY 2345.67"]
    assert "2026-11" in keeper.get(page).text


def test_flag_is_shown_and_cleared_by_another_with_a_reason(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        page = f"/manpower/{manpower.kept(session, made, percent=Decimal(60)).reference}"
        manpower.kept(session, made, first_month=NOVEMBER, percent=Decimal(60))
    keeper, other = browser(made.finance), browser(made.other_finance)
    assert "2026-11: the person&#39;s time over all contracts of the institution is 120 %." in keeper.get(page).text
    clearing = {"month": "2026-11", "reason": "Time sheet corrected"}
    assert keeper.post(f"{page}/clear", data=clearing).status_code == 403
    assert other.post(f"{page}/clear", data={"month": "2026-11"}).status_code == 400
    assert other.post(f"{page}/clear", data=clearing).status_code == 303
    assert "Time sheet corrected" in keeper.get(page).text
    assert other.post(f"{page}/clear", data=clearing).status_code == 409


def test_month_is_confirmed_with_its_difference_and_opened_again(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        manpower.kept(session, made)
    officer, page = browser(made.other_finance), f"/manpower/contracts/{made.contract.reference}"
    assert officer.post(f"{page}/confirm", data={"month": "2026-11"}).status_code == 422
    assert officer.post(f"{page}/confirm", data={"month": "2026-11", "reason": "Paid later"}).status_code == 303
    assert "Paid later" in officer.get(page).text
    assert officer.post(f"{page}/reopen", data={"month": "2026-11", "reason": "A mistake"}).status_code == 303
    assert "Paid later" not in officer.get(page).text


def test_file_is_taken_whole_or_not_and_names_the_wrong_cell(made: PaymentWorld, browser: Browser) -> None:
    keeper = browser(made.finance)
    good = f"{made.contract.reference},A,Lin Yue,Assistant,2026-10,2026-11,50,CNY,20000.00\n"
    wrong = f"{made.contract.reference},B,Wei Lan,Assistant,2026-10,2041-11,50,CNY,20000.00\n"
    answer = keeper.post("/manpower/import", data={"file": (io.BytesIO((HEAD + good + wrong).encode()), "staff.csv")})
    assert answer.status_code == 422
    assert "Line 3, column last_month: " in answer.text
    assert names(made) == []
    for _again in range(2):
        sent = {"file": (io.BytesIO((HEAD + good).encode()), "staff.csv")}
        assert keeper.post("/manpower/import", data=sent).status_code == 303
    assert names(made) == ["Lin Yue"]


def test_api_does_what_the_screens_do(app: Flask, made: PaymentWorld) -> None:
    caller, headers = app.test_client(), a_token(app, made.finance.person_id)
    kept = caller.post("/api/v1/manpower", json=typed(made), headers=headers)
    assert kept.status_code == 201
    assert kept.json is not None
    assert kept.json["months"][0]["pay"] == {"amount": "10000.00", "currency": "CNY"}
    reference = kept.json["reference"]
    months = caller.get(f"/api/v1/manpower/contracts/{made.contract.reference}", headers=headers).json
    assert months is not None
    assert [each["month"] for each in months["items"]] == ["2026-10", "2026-11"]
    assert caller.get(f"/api/v1/manpower/{reference}/flags", headers=headers).json["items"] == []  # type: ignore[index]


def test_engagement_does_not_exist_for_another_institution(app: Flask, made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        reference = manpower.kept(session, made).reference
        elsewhere = projects.institution(session, "Another university")
        stranger = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)
    visitor = browser(stranger)
    for path in (reference, f"{reference}/change", f"{reference}/months", f"contracts/{made.contract.reference}"):
        assert visitor.get(f"/manpower/{path}").status_code == 404
