"""Every role at every address: the guard decides, a foreign record does not exist, and nothing ever fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.engagements.models import Engagement
from app.kernel.actor import Role
from tests.builders.engagements import a_room_token
from tests.web.whole.addresses import unknown_parts
from tests.web.whole.conftest import Visitors, Worlds
from tests.web.whole.matrix import Address, addresses_of, ask, paths

OPENED = {200, 302, 303}
REFUSED = {400, 403, 404, 405, 409, 412, 413, 415, 422, 428}
SIDES = [pytest.param(False, id="funder"), pytest.param(True, id="grantee")]


def _told(wrong: list[str]) -> str:
    return f"{len(wrong)} answers are wrong:\n" + "\n".join(wrong)


def test_the_kinds_of_all_addresses_are_known(app: Flask) -> None:
    unknown = unknown_parts(app.url_map.iter_rules())
    assert not unknown, f"add them to tests/web/whole/addresses.py: {sorted(unknown)}"


def test_a_world_holds_a_record_for_every_address(app: Flask, session: Session, worlds: Worlds) -> None:
    empty = [
        str(address)
        for api in (False, True)
        for address in addresses_of(app, "GET", "POST", "PUT", "DELETE", api=api)
        if not paths(session, address, worlds.home) and not _of_own_account(address)
    ]
    assert not empty, f"no record of this kind in the world of the tests: {empty}"


def test_nobody_is_sent_to_sign_in(app: Flask, session: Session, worlds: Worlds) -> None:
    stranger = app.test_client()
    wrong = []
    for address in addresses_of(app, "GET", "POST", api=False):
        for path in paths(session, address, worlds.home):
            answer = ask(stranger, path, address.method)
            if answer.status != 303 or not answer.location.startswith("/sign-in"):
                wrong.append(f"{address}: {answer}")
    assert not wrong, _told(wrong)


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="no-token"),
        pytest.param({"Authorization": "Bearer hetao_not-a-token"}, id="unknown-token"),
        pytest.param({"Authorization": "Basic dXNlcjpwYXNz"}, id="basic"),
    ],
)
def test_the_api_asks_for_a_token(app: Flask, session: Session, worlds: Worlds, headers: dict[str, str]) -> None:
    stranger = app.test_client()
    wrong = []
    for address in addresses_of(app, "GET", "POST", "PUT", "DELETE", api=True):
        for path in paths(session, address, worlds.home):
            answer = ask(stranger, path, address.method, headers=headers)
            if answer.status != 401 or answer.media_type != "application/problem+json":
                wrong.append(f"{address}: {answer}")
    assert not wrong, _told(wrong)


def test_a_token_without_the_scope_is_refused(app: Flask, session: Session, visitors: Visitors, worlds: Worlds) -> None:
    headers = visitors.token(Role.GRANT_OFFICER, Permission.TOKENS_OWN)
    stranger = app.test_client()
    wrong = []
    for address in addresses_of(app, "GET", "POST", "PUT", "DELETE", api=True):
        if address.guard.permission in (None, Permission.TOKENS_OWN):
            continue
        for path in paths(session, address, worlds.home):
            answer = ask(stranger, path, address.method, headers=headers)
            if answer.status != 403:
                wrong.append(f"{address}: {answer}")
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("grantee", SIDES)
@pytest.mark.parametrize("role", list(Role))
def test_pages_open_to_those_whose_role_carries_the_permission(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, role: Role, grantee: bool
) -> None:
    browser = visitors.browser(role, grantee=grantee)
    wrong = []
    for address in addresses_of(app, "GET", api=False):
        if grantee and not address.admits(role):
            continue
        for path in paths(session, address, worlds.home):
            answer = ask(browser, path)
            if not address.admits(role):
                expected = {403}
            else:
                expected = OPENED | ({400, 403, 404, 409, 422} if address.parts else set())
            if answer.status not in expected:
                wrong.append(f"{address}: {answer}, not {sorted(expected)}")
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("grantee", SIDES)
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OVERSEER])
def test_pages_of_a_foreign_record_do_not_exist(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, role: Role, grantee: bool
) -> None:
    browser = visitors.browser(role, grantee=grantee)
    wrong = []
    for address in addresses_of(app, "GET", api=False):
        if address.shows_foreign(role) or not address.admits(role):
            continue
        for path in paths(session, address, worlds.foreign):
            answer = ask(browser, path)
            if answer.status != 404:
                wrong.append(f"{address}: {answer}")
    assert not wrong, _told(wrong)


@pytest.mark.parametrize("role", list(Role))
def test_the_guard_decides_who_may_post(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, role: Role
) -> None:
    browser = visitors.browser(role)
    wrong = []
    for address in addresses_of(app, "POST", api=False):
        if address.admits(role):
            continue
        for path in paths(session, address, worlds.home):
            answer = ask(browser, path, "POST")
            if answer.status != 403:
                wrong.append(f"{address}: {answer}")
    assert not wrong, _told(wrong)


EMPTY_IS_ENOUGH = {
    "api_parties.remove",
    "api_reconciliation.match_certain",
    "api_reconciliation.undo",
    "api_returns.keep_layout",
    "api_room.ask_for_pack",
    "parties.remove",
    "reconciliation.match_certain",
    "reconciliation.undo",
    "returns.keep_layout",
    "room.ask_for_pack",
    "account.revoke_token",
    "api_contracts.approve_amendment",
    "api_disbursements.confirm_document",
    "api_people.revoke_token",
    "api_programmes.confirm_parameter",
    "api_programmes.refuse_parameter",
    "amendments.approve",
    "programmes.confirm",
    "programmes.refuse",
    "disbursements.confirm_document",
    "people.request_password_link",
}
"""Verbs that need nothing but the record: what they decide cannot change once it is proposed."""

ASKS_FIRST = {"contracts.draft", "disbursements.draft", "disbursements.enter_residue", "payment_files.new"}
"""Forms whose first step chooses what the second is about; left empty, they show the first step again."""

ONLY_TELLS = {"journals.what_if"}
"""Says what would be left, of whatever has been typed so far, and writes nothing."""

NOTHING_CHOSEN = {"disbursements.approve_batch", "disbursements.review"}
"""With nothing ticked these go back to the list and say so."""


@pytest.mark.parametrize("grantee", SIDES)
@pytest.mark.parametrize("role", list(Role))
def test_an_empty_post_is_refused_in_words_and_changes_nothing(
    app: Flask,
    session: Session,
    visitors: Visitors,
    worlds: Worlds,
    database_digest: Callable[[], str],
    role: Role,
    grantee: bool,
) -> None:
    browser = visitors.browser(role, grantee=grantee)
    before = database_digest()
    wrong = []
    for address in addresses_of(app, "POST", api=False):
        if not address.admits(role) or address.rule.endpoint in EMPTY_IS_ENOUGH:
            continue
        expected = REFUSED | ({200} if address.rule.endpoint in ASKS_FIRST | ONLY_TELLS else set())
        expected |= {302, 303} if address.rule.endpoint in NOTHING_CHOSEN else set()
        for path in paths(session, address, worlds.home):
            answer = ask(browser, path, "POST")
            if answer.status not in expected:
                wrong.append(f"{address} ({address.rule.endpoint}): {answer}")
    assert not wrong, _told(wrong)
    assert database_digest() == before


@pytest.mark.parametrize("role", list(Role))
def test_the_api_answers_each_role_as_the_table_of_grants_says(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str], role: Role
) -> None:
    headers = visitors.token(role)
    caller = app.test_client()
    before = database_digest()
    wrong = []
    for address in addresses_of(app, "GET", "POST", "PUT", "DELETE", api=True):
        if address.rule.endpoint in EMPTY_IS_ENOUGH and address.admits(role):
            continue
        for path in paths(session, address, worlds.home):
            answer = ask(caller, path, address.method, headers=headers)
            allowed = _expected(address, role)
            problem = answer.media_type == "application/problem+json"
            if answer.status not in allowed or problem != (answer.status >= 400):
                wrong.append(f"{address}: {answer}, not {sorted(allowed)}")
    assert not wrong, _told(wrong)
    assert database_digest() == before


def _expected(address: Address, role: Role) -> set[int]:
    if not address.admits(role):
        return {403}
    if address.method == "GET":
        return {200} | ({400, 403, 404, 409} if address.parts else set())
    return REFUSED


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OVERSEER])
def test_foreign_records_do_not_exist_for_the_api(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, role: Role
) -> None:
    headers = visitors.token(role)
    caller = app.test_client()
    wrong = []
    for address in addresses_of(app, "GET", "POST", "PUT", "DELETE", api=True):
        if address.shows_foreign(role) or not address.admits(role):
            continue
        for path in paths(session, address, worlds.foreign):
            asked = "?earlier=1" if path.endswith("/growth") else ""
            answer = ask(caller, path + asked, address.method, headers=headers, json={"version": 1})
            if answer.status != 404 and not (address.method != "GET" and answer.status in (400, 428)):
                wrong.append(f"{address}: {answer}")
    assert not wrong, _told(wrong)


def test_a_token_of_a_room_reads_that_room_and_nothing_else(
    app: Flask, session: Session, worlds: Worlds, database_digest: Callable[[], str]
) -> None:
    room = session.scalars(select(Engagement).where(Engagement.reference == worlds.home.ids["room"][0])).one()
    headers, caller = a_room_token(app, room.auditors[0].person_id, room.reference), app.test_client()
    before, wrong, read = database_digest(), [], 0
    for address in addresses_of(app, "GET", "POST", "PUT", "DELETE", api=True):
        for land in (worlds.home, worlds.foreign):
            for path in paths(session, address, land):
                answer = ask(caller, path, address.method, headers=headers)
                allowed = _open_to_room_token(address, path, f"/api/v1/room/{room.reference}")
                read += answer.status == 200 and "/room/" in path
                if answer.status not in allowed:
                    wrong.append(f"{address} ({path}): {answer}, not {sorted(allowed)}")
    assert not wrong, _told(wrong)
    assert read >= 10
    assert database_digest() == before


def _open_to_room_token(address: Address, path: str, room: str) -> set[int]:
    """Reading in its own room; who it is; what is open to everybody."""
    if address.guard.permission is not None:
        return {403}
    if address.rule.rule.startswith("/api/v1/room/"):
        reading = address.method == "GET"
        return ({200, 400, 404} if reading else {400, 403, 404, 428}) if path.startswith(room) else {400, 404, 428}
    return {200} if address.method == "GET" else {400}


ASKED = {
    "room.report": "?contract={contract}",
    "reporting.download": "?first_day=2026-01-01&last_day=2026-11-20&format=csv&contract={contract}",
    "vouchers.file": "?profile=Monthly&first_day=2020-01-01&last_day=2020-01-31",
}
"""What a page has to be asked beyond its address."""

ONLY_THE_ASKED = {"engagements.answer"}
"""A question of an auditor, found by nobody but the person it was put to: tests/web/engagements."""

NEEDS_A_SEAL = {"books.prove_growth", "periods.pack"}
"""Files of a sealed book and of a sealed month, which stand in no world here: tests/web/books, tests/web/periods."""


def test_every_page_opens_for_somebody(app: Flask, session: Session, visitors: Visitors, worlds: Worlds) -> None:
    browsers = {(role, grantee): visitors.browser(role, grantee=grantee) for role in Role for grantee in (False, True)}
    closed = []
    for address in addresses_of(app, "GET", api=False):
        if address.rule.endpoint in NEEDS_A_SEAL | ONLY_THE_ASKED:
            continue
        asked = ASKED.get(address.rule.endpoint, "").format(**worlds.home.made)
        if not any(
            ask(browsers[role, grantee], path + asked).status in OPENED
            for role, grantee in browsers
            if address.admits(role)
            for path in paths(session, address, worlds.home, most=12)
        ):
            closed.append(str(address))
    assert not closed, f"open for nobody: {closed}"


def _of_own_account(address: Address) -> bool:
    return address.rule.endpoint.startswith("account.") and bool(address.parts)
