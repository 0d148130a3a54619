"""What an attacker tries: stolen and stale sessions, forged forms, open redirects, guessing, injected texts."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from app.kernel.clock import Clock, business_date
from app.people import passwords, queries, rights, service
from app.people.models import Person, RoleAssignment
from app.people.service import ReasonCommand
from reports.catalogue import REPORTS
from tests import conftest
from tests.builders.people import PASSWORD
from tests.web.whole.conftest import Visitors, Worlds
from tests.web.whole.matrix import addresses_of, ask, paths

NOW = conftest.NOW
WITHOUT_SIGN_IN = 303


@pytest.fixture
def officer(visitors: Visitors) -> Person:
    """A grant officer who has a password."""
    with unit_of_work() as session:
        person = session.get_one(Person, UUID(visitors.person_id(Role.GRANT_OFFICER)))
        person.password_hash = passwords.hashed(PASSWORD)
        session.flush()
        return person


def signs_in(client: FlaskClient, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def session_id(client: FlaskClient) -> str | None:
    with client.session_transaction() as cookie:
        found: str | None = cookie.get("_user_id")
        return found


def administrator(session: Session, visitors: Visitors) -> Actor:
    person = session.get_one(Person, UUID(visitors.person_id(Role.ADMINISTRATOR)))
    return queries.actor_of(session, person, business_date(NOW))


# Sessions


def test_a_session_planted_before_signing_in_is_not_taken_over(app: Flask, officer: Person) -> None:
    client = app.test_client()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "planted-by-somebody-else"
        cookie["planted"] = "yes"
    assert signs_in(client, officer.email).status_code == 303
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != "planted-by-somebody-else"
        assert "planted" not in cookie


def test_signing_in_again_gives_another_session(app: Flask, officer: Person) -> None:
    client = app.test_client()
    signs_in(client, officer.email)
    first = session_id(client)
    signs_in(client, officer.email)
    assert session_id(client) != first


def test_signing_out_kills_the_session_for_good(app: Flask, officer: Person) -> None:
    client, thief = app.test_client(), app.test_client()
    signs_in(client, officer.email)
    stolen = session_id(client)
    with thief.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = stolen, True
    assert thief.get("/inbox").status_code == 200
    client.post("/sign-out")
    assert thief.get("/inbox").status_code == WITHOUT_SIGN_IN
    assert client.get("/inbox").status_code == WITHOUT_SIGN_IN


def test_a_person_disabled_in_the_middle_of_a_session_is_out_at_once(app: Flask, visitors: Visitors) -> None:
    browser, token = visitors.browser(Role.GRANT_OFFICER), visitors.token(Role.GRANT_OFFICER)
    assert browser.get("/inbox").status_code == 200
    assert app.test_client().get("/api/v1/me", headers=token).status_code == 200
    with unit_of_work() as session:
        person = session.get_one(Person, UUID(visitors.person_id(Role.GRANT_OFFICER)))
        service.disable(
            session, administrator(session, visitors), person.id, ReasonCommand(person.version, "Left"), now=NOW
        )
    assert browser.get("/inbox").status_code == WITHOUT_SIGN_IN
    assert browser.post("/contracts/draft").status_code == WITHOUT_SIGN_IN
    assert app.test_client().get("/api/v1/me", headers=token).status_code == 401


def test_a_right_taken_in_the_middle_of_a_session_counts_at_once(app: Flask, visitors: Visitors) -> None:
    browser, token = visitors.browser(Role.GRANT_OFFICER), visitors.token(Role.GRANT_OFFICER)
    assert browser.get("/contracts").status_code == 200
    assert app.test_client().get("/api/v1/contracts", headers=token).status_code == 200
    with unit_of_work() as session:
        right = session.scalars(
            select(RoleAssignment).where(RoleAssignment.person_id == UUID(visitors.person_id(Role.GRANT_OFFICER)))
        ).one()
        command = ReasonCommand(right.version, "Moved on")
        rights.revoke(session, administrator(session, visitors), right.id, command, now=NOW)
    assert browser.get("/contracts").status_code in {WITHOUT_SIGN_IN, 403}
    assert app.test_client().get("/api/v1/contracts", headers=token).status_code in {401, 403}


@pytest.mark.parametrize("later", [timedelta(hours=2), timedelta(hours=12), timedelta(days=400)])
def test_an_old_session_is_dead(app: Flask, visitors: Visitors, later: timedelta) -> None:
    browser = visitors.browser(Role.GRANT_OFFICER)
    with at(app, NOW + later):
        assert browser.get("/inbox").status_code == WITHOUT_SIGN_IN


def test_an_expired_token_is_dead(app: Flask, visitors: Visitors) -> None:
    token = visitors.token(Role.GRANT_OFFICER)
    with at(app, NOW + timedelta(days=30)):
        assert app.test_client().get("/api/v1/me", headers=token).status_code == 401


class at:  # noqa: N801
    """The application with its clock at another instant."""

    def __init__(self, app: Flask, instant: Any) -> None:
        self.app, self.instant = app, instant

    def __enter__(self) -> None:
        self.before = self.app.extensions["hetao.clock"]
        self.app.extensions["hetao.clock"] = Clock(fixed=self.instant)

    def __exit__(self, *_: object) -> None:
        self.app.extensions["hetao.clock"] = self.before


# Forged forms


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the protection against forged forms switched on, as it is served."""
    from app.application import create_app
    from app.settings import Settings

    settings = Settings(home=tmp_path_factory.mktemp("home"), secret_key="only for tests " * 4, testing=True)
    app = create_app(settings, clock=Clock(fixed=NOW))
    app.config["WTF_CSRF_ENABLED"] = True
    return app


@pytest.fixture
def officers_browser(engine: Engine, guarded: Flask, worlds: Worlds) -> FlaskClient:
    return Visitors(guarded, worlds).browser(Role.GRANT_OFFICER)


def token_of(client: FlaskClient, path: str = "/account") -> str:
    return client.get(path).text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def test_no_form_is_taken_without_its_token(
    guarded: Flask, session: Session, officers_browser: FlaskClient, worlds: Worlds, database_digest: Callable[[], str]
) -> None:
    before = database_digest()
    wrong = []
    for address in addresses_of(guarded, "POST", api=False):
        for path in paths(session, address, worlds.home):
            answer = ask(officers_browser, path, "POST", data={"reason": "Forged"})
            if answer.status != 403:
                wrong.append(f"{address}: {answer}")
    assert not wrong, wrong
    assert database_digest() == before


def test_a_token_of_another_session_is_refused(
    guarded: Flask, worlds: Worlds, officers_browser: FlaskClient, database_digest: Callable[[], str]
) -> None:
    foreign = token_of(Visitors(guarded, worlds).browser(Role.ACCOUNTANT))
    before = database_digest()
    data = {"language": "zh-Hant", "density": "compact", "csrf_token": foreign}
    assert officers_browser.post("/account/preferences", data=data).status_code == 403
    assert database_digest() == before


def test_the_own_token_is_taken(officers_browser: FlaskClient) -> None:
    data = {"language": "en", "density": "compact", "csrf_token": token_of(officers_browser)}
    assert officers_browser.post("/account/preferences", data=data).status_code == 303


def test_signing_in_needs_the_token_too(guarded: Flask, engine: Engine, officer: Person) -> None:
    assert signs_in(guarded.test_client(), officer.email).status_code == 403


def test_a_session_cookie_opens_nothing_in_the_api(officers_browser: FlaskClient) -> None:
    assert officers_browser.get("/api/v1/me").status_code == 401
    assert officers_browser.post("/api/v1/projects", json={}).status_code == 401


# Redirects


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "/%5Cevil.example",
        "/%2F%2Fevil.example",
        "http:evil.example",
        "/\tevil.example",
        " //evil.example",
    ],
)
def test_signing_in_never_leads_away(app: Flask, officer: Person, target: str) -> None:
    answer = signs_in(app.test_client(), officer.email, next=target)
    assert answer.status_code == 303
    assert answer.location == "/"


def test_signing_in_leads_back_to_the_page_asked_for(app: Flask, officer: Person) -> None:
    assert signs_in(app.test_client(), officer.email, next="/contracts?sort=reference").location == (
        "/contracts?sort=reference"
    )


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_choosing_a_language_never_leads_away(app: Flask, engine: Engine, target: str) -> None:
    answer = app.test_client().post("/language", data={"language": "zh-Hant", "next": target})
    assert not answer.headers.get("Location", "/").startswith(("//", "http", "\\", "/\\"))


# Guessing


def test_guesses_at_one_account_are_throttled_and_the_owner_still_gets_in(
    app: Flask, officer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = app.test_client()
    assert signs_in(owner, officer.email).status_code == 303
    owner.post("/sign-out")
    with monkeypatch.context() as quick:
        quick.setattr(passwords, "matches", lambda password, stored: False)
        answers = [
            app.test_client().post(
                "/sign-in",
                data={"email": officer.email, "password": f"guess {number}"},
                environ_base={"REMOTE_ADDR": f"203.0.113.{number}"},
            )
            for number in range(12)
        ]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 2
    assert signs_in(owner, officer.email).status_code == 303


def test_guesses_from_one_address_over_many_accounts_are_throttled(
    app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "matches", lambda password, stored: False)
    statuses = [
        app.test_client()
        .post(
            "/sign-in",
            data={"email": f"somebody{number}@loop.example", "password": "guess"},
            environ_base={"REMOTE_ADDR": "198.51.100.7"},
        )
        .status_code
        for number in range(32)
    ]
    assert statuses == [403] * 30 + [429] * 2


def test_unknown_and_known_accounts_are_told_the_same(app: Flask, officer: Person) -> None:
    told = []
    for email in (officer.email, "nobody.at.all@loop.example"):
        answer = signs_in(app.test_client(), email, "a wrong password")
        told.append((answer.status_code, answer.text.count("do not belong together")))
    assert told[0] == told[1] == (403, told[0][1])
    assert told[0][1] >= 1


# Injected texts

FORMULA = "=HYPERLINK(1)"


@pytest.fixture
def poisoned(worlds: Worlds, engine: Engine) -> None:
    """Every free text that reports print begins like a formula."""
    with worlds.database.superuser.transaction():
        for table, column in (
            ("institution", "name_en"),
            ("project", "title_en"),
            ("contract", "agreement_number"),
            ("fund", "name_en"),
            ("disbursement", "purpose"),
            ("person", "name_en"),
            ("programme", "name_en"),
            ("journal", "counterparty"),
        ):
            worlds.database.superuser.execute("SET LOCAL session_replication_role = replica")
            worlds.database.superuser.execute(f"UPDATE {table} SET {column} = '{FORMULA}'")


def _report(browser: FlaskClient, worlds: Worlds, name: str, file_format: str) -> Any:
    kind, made = REPORTS[name], worlds.home.made
    query = {"first_day": "2026-01-01", "last_day": "2026-11-30", "format": file_format, "language": "en"}
    query |= {"contract": made["contract"]} if kind.about_contract else {}
    query |= {"book": made["funder"]} if kind.about_book else {}
    if kind.about_project:
        wanted = "SELECT reference FROM project WHERE id = %s"
        query["project"] = worlds.database.superuser.execute(wanted, [made["project_id"]]).fetchone()[0]
    return browser.get(f"/reports/{name}/file", query_string=query)


@pytest.mark.parametrize("name", list(REPORTS))
def test_no_cell_of_an_exported_report_is_a_formula(
    visitors: Visitors, worlds: Worlds, poisoned: None, name: str
) -> None:
    browser = visitors.browser(Role.ACCOUNTANT)
    answer = _report(browser, worlds, name, "csv")
    assert answer.status_code == 200, answer.text[:500]
    cells = [cell for row in csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))) for cell in row]
    dangerous = [cell for cell in cells if cell[:1] in set("=+@\t\r＝＋＠") or _looks_signed(cell)]
    assert not dangerous
    book = openpyxl.load_workbook(io.BytesIO(_report(browser, worlds, name, "xlsx").get_data()))
    written = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.value for cell in written if cell.data_type == "f"]
    assert any(FORMULA in str(cell.value) for cell in written), "the poisoned text is not in this report at all"


def _looks_signed(cell: str) -> bool:
    return (
        cell.startswith("-") and not cell[1:].replace(",", "").replace(".", "").isdecimal() and cell not in {"-", "--"}
    )


ODD = [
    "' OR '1'='1",
    "'; DROP TABLE contract; --",
    "%' AND pg_sleep(5) --",
    "{{ 7*7 }}${7*7}",
    "%%%___",
    "<script>alert(1)</script>",
    "9" * 400,
    "\u202etxt",
    "bm90LWEtY3Vyc29y",
    "WyJuIixbInUiLCJub3QtYS11dWlkIl1d",
    "WyJuIixbImkiLCI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OSJdLFsicyIsIngiXV0",
]
NAMES = (  # noqa: SIM905
    "cursor text q sort view status kind currency side party_id funder_id grantee_id maker_id subject_kind limit "
    "first_day last_day institution institution_id contract book person role verb tab fund next day pair market page"
).split()


@pytest.mark.parametrize("role", [Role.GRANT_OFFICER])
def test_no_parameter_of_a_list_can_be_made_to_fail(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, role: Role
) -> None:
    browser, caller, headers = visitors.browser(role), app.test_client(), visitors.token(role)
    wrong = []
    for api in (False, True):
        for address in addresses_of(app, "GET", api=api):
            if not address.admits(role) or (address.parts and address.parts[0][0] != "reports"):
                continue
            for path in paths(session, address, worlds.home):
                for text in (ODD[1], ODD[6], ODD[7]) if not address.parts else ODD[:1]:
                    query = dict.fromkeys(NAMES, text)
                    options: dict[str, Any] = {"headers": headers} if api else {}
                    answer = ask(caller if api else browser, path, query_string=query, **options)
                    if answer.status >= 500:
                        wrong.append(f"{address} {text[:30]!r}: {answer}")
    assert not wrong, "\n".join(wrong)


LISTS = ("contracts", "projects", "disbursements", "journals", "obligations", "people/", "whitelist/", "institutions/")


@pytest.mark.parametrize("text", ODD)
def test_one_odd_parameter_alone_does_not_fail_either(visitors: Visitors, text: str) -> None:
    browser = visitors.browser(Role.GRANT_OFFICER)
    wrong = []
    for path in LISTS:
        for name in ("text", "cursor", "sort", "status"):
            answer = ask(browser, f"/{path}", query_string={name: text})
            if answer.status >= 500:
                wrong.append(f"{path} {name}: {answer}")
    assert not wrong, "\n".join(wrong)


def test_a_cursor_of_another_list_is_refused_in_words(app: Flask, visitors: Visitors) -> None:
    headers, caller = visitors.token(Role.GRANT_OFFICER), app.test_client()
    page = caller.get("/api/v1/rates?limit=1", headers=headers).json
    assert page["next"]
    for path in ("/api/v1/people", "/api/v1/projects", "/api/v1/whitelist", "/api/v1/audit-events"):
        answer = caller.get(path, query_string={"cursor": page["next"]}, headers=headers)
        assert answer.status_code in {200, 400}, f"{path}: {answer.text}"


def test_searched_text_is_shown_and_never_run(visitors: Visitors) -> None:
    browser = visitors.browser(Role.GRANT_OFFICER)
    for path in ("/contracts", "/projects", "/people/", "/whitelist/", "/institutions/", "/journals"):
        text = browser.get(path, query_string={"text": "<script>alert(1)</script>", "q": '"><img src=x>'}).text
        assert "<script>alert(1)" not in text, path
        assert "<img src=x>" not in text, path
