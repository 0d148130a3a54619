"""Rails and the calendar by screen and by API: what everybody reads, and what two people change."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from tests.builders import payments, projects
from tests.builders.people import a_token, signed_in_client

DAY = {
    "side": "HK",
    "day": "2026-11-24",
    "reason": "Typhoon signal 10",
    "source": "Observatory, 23 November 2026",
}


@pytest.fixture
def people(app: Flask) -> dict[str, Actor]:
    with unit_of_work() as session:
        bank = projects.institution(session, "Qingtan Science Foundation", Side.SZ, InstitutionKind.FUNDER)
        return {
            "maker": payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, bank),
            "checker": payments.someone(session, "Sun Ping", Role.ACCOUNTANT, bank),
            "reader": payments.someone(session, "Fong Chi-wai", Role.PAYMENTS_OFFICER, bank),
        }


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def rail(**changes: object) -> dict[str, object]:
    return {
        "code": "CIPS",
        "name": "CIPS, cross-border renminbi",
        "currencies": ["CNY"],
        "from_sides": ["SZ", "HK"],
        "to_sides": ["SZ", "HK"],
        "crossing": "yes",
        "payer_kinds": ["INSTITUTION"],
        "payee_kinds": ["INSTITUTION", "PERSON"],
        "opens_at": "08:30",
        "closes_at": "20:00",
        "cut_off": "19:30",
        "days_of": ["SZ", "HK"],
        "largest_currency": "CNY",
        "largest": "50000000.00",
        "source": "Letter of the bank, 19 November 2026",
        "first_day": "2026-11-20",
    } | changes


def test_list_names_every_rail_and_says_which_were_not_checked(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    page = browser(people["reader"]).get("/rails").text
    assert "PAYMENT-CONNECT-NORTH" in page
    assert "08:30–17:00, cut-off 17:00" in page
    assert page.count("Not verified") >= 9
    assert "Propose a rail" not in page


def test_list_is_searched_by_code_and_by_name(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(people["reader"])
    assert "CHATS-CNY" not in client.get("/rails?text=cips").text
    assert "FPS-HKD" in client.get("/rails?text=faster payment").text
    assert "No rail with this code or name" in client.get("/rails?text=pigeon").text


def test_version_is_proposed_and_confirmed_by_screen(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    maker, checker = browser(people["maker"]), browser(people["checker"])
    form = maker.get("/rails/propose?code=CIPS").text
    assert 'value="17:00"' in form
    kept = maker.post("/rails/propose", data=rail())
    assert kept.status_code == 303, kept.text
    assert "Another person confirms this" in maker.get(kept.location).text
    page = checker.get(kept.location).text
    assert "cut-off 19:30" in page
    address = page.split('action="/rail-versions/')[1].split('"')[0]
    assert checker.post(f"/rail-versions/{address}", data={"version": "1"}).status_code == 303
    assert "cut-off 19:30" in checker.get("/rails?text=CIPS").text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"cut_off": ""}, "Hours, cut-off and banking days go together."),
        ({"cut_off": "25:00"}, "Write hours and minutes: 17:15."),
        ({"code": "cips"}, "CHATS-HKD"),
        ({"first_day": "2026-11-19"}, "Choose today or a later day."),
        ({"last_day": "2026-11-19"}, "The last day lies before the first."),
        ({"largest_currency": ""}, "Choose its currency as well."),
    ],
)
def test_version_that_makes_no_sense_is_refused_and_what_was_typed_is_kept(
    people: dict[str, Actor],
    browser: Callable[[Actor], FlaskClient],
    database_digest: Callable[[], str],
    changes: dict[str, object],
    said: str,
) -> None:
    client = browser(people["maker"])
    before = database_digest()
    answer = client.post("/rails/propose", data=rail(**changes))
    assert answer.status_code in {400, 422}
    assert said in answer.text
    assert "Letter of the bank" in answer.text
    assert database_digest() == before


def test_unknown_rail_is_not_found(people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]) -> None:
    assert browser(people["reader"]).get("/rails/PIGEON").status_code == 404


def test_calendar_names_the_holidays_of_both_sides_in_the_language_of_the_reader(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(people["reader"])
    english = client.get("/calendar?month=2026-02").text
    assert "February 2026" in english
    assert "Lunar New Year" in english
    assert "Working weekend" in english
    assert "month=2026-01" in english
    assert "month=2026-03" in english
    client.post("/account/preferences", data={"language": "zh-Hans", "density": "comfortable"})
    chinese = client.get("/calendar?month=2026-02").text
    assert "2026年2月" in chinese
    assert "春节" in chinese


def test_calendar_of_a_year_that_is_not_gazetted_says_so(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(people["reader"])
    assert "are not gazetted yet" in client.get("/calendar?month=2027-02").text
    assert "are not gazetted yet" not in client.get("/calendar?month=2026-12").text


def test_month_that_is_none_is_refused(people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(people["reader"])
    assert client.get("/calendar?month=2026-13").status_code in {400, 422}
    assert "month=1999" not in client.get("/calendar?month=2000-01").text


def test_day_is_entered_and_confirmed_by_screen(
    people: dict[str, Actor], browser: Callable[[Actor], FlaskClient]
) -> None:
    maker, checker = browser(people["maker"]), browser(people["checker"])
    kept = maker.post("/calendar/enter", data=DAY)
    assert kept.status_code == 303, kept.text
    assert "Another person confirms this" in maker.get(kept.location).text
    assert "Typhoon signal 10" in checker.get("/inbox").text
    page = checker.get(kept.location).text
    address = page.split('action="/calendar/days/')[1].split('"')[0]
    assert checker.post(f"/calendar/days/{address}", data={"version": "1"}).status_code == 303
    shown = checker.get("/calendar?month=2026-11").text
    assert "The day is confirmed and counts from now on." in shown
    assert "Typhoon signal 10" in shown.split("Days entered by hand")[0]


def test_the_same_by_the_api(people: dict[str, Actor], app: Flask) -> None:
    caller = app.test_client()
    maker, checker = (a_token(app, people[name].person_id) for name in ("maker", "checker"))
    entered = caller.post("/api/v1/calendar/days", json=DAY | {"open": False}, headers=maker)
    assert entered.status_code == 201, entered.text
    confirm = f"/api/v1/calendar/days/{entered.json['id']}/confirm"
    assert caller.post(confirm, json={"version": 1}, headers=maker).status_code == 403
    assert caller.post(confirm, json={"version": 1}, headers=checker).json["status"] == "CONFIRMED"
    month = caller.get("/api/v1/calendar?month=2026-11", headers=maker).json
    day = next(each for each in month["days"] if each["day"] == "2026-11-24")
    assert day["open_on_both"] is False
    assert {side["side"]: side["open"] for side in day["sides"]} == {"SZ": True, "HK": False}
    asked = rail() | {"crossing": True}
    proposed = caller.post("/api/v1/rails", json=asked, headers=maker)
    assert proposed.status_code == 201, proposed.text
    refuse = f"/api/v1/rail-versions/{proposed.json['id']}/refuse"
    assert caller.post(refuse, json={"version": 1}, headers=checker).json["status"] == "REFUSED"
    versions = caller.get("/api/v1/rails/CIPS", headers=maker).json
    assert sorted(each["status"] for each in versions["items"]) == ["CONFIRMED", "REFUSED"]
