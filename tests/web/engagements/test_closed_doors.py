"""Every address of the room, asked for by those who may not come in: a stranger, an auditor too late, the people there.

The auditor opens each of them first, so that an address that opens for nobody cannot pass.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.access.permissions import Permission
from app.db.session import new_session
from app.db.unit_of_work import unit_of_work
from app.engagements.models import Engagement
from app.kernel.actor import Actor, Role
from tests.builders import engagements, issuing, sealing, statements
from tests.builders.payments import TODAY, PaymentWorld, someone
from tests.builders.people import a_token, signed_in_client
from tests.web.whole import addresses
from tests.web.whole.matrix import ask

Doors = list[tuple[str, str]]


@pytest.fixture
def inside(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> tuple[PaymentWorld, Actor, Actor, str]:
    """The world, its auditor (who may hold tokens), an auditor of another engagement, and the engagement's number."""
    with unit_of_work() as session:
        made = statements.worked_example(session)
        issuing.issued(session, made)
        auditor = someone(session, "Kwan Ho-ming", Role.AUDITOR, made.grantee)
        row = engagements.lived_in(session, made, auditor)
        other = statements.mirror(session)
        stranger = someone(session, "A stranger", Role.AUDITOR, other.grantee)
        engagements.granted(session, other, stranger)
        number = row.reference
    with new_session() as session:
        sealing.seal(session)
    return made, auditor, stranger, number


def _doors(app: Flask, number: str, *, api: bool) -> Doors:
    """(method, path) of every address of the room, with identifiers that stand in it."""
    with unit_of_work() as session:
        row = session.query(Engagement).filter_by(reference=number).one()
        known, contract = addresses.in_room(session, row), addresses.contract_of(session, row)
    found = []
    for rule in app.url_map.iter_rules():
        if "/room/<" not in rule.rule or rule.rule.startswith("/api/") is not api:
            continue
        names = addresses.arguments(rule)
        values = {name: number if part == "room" else known[part][0] for part, name in names}
        asked = f"?contract={contract}" if "/reports/" in rule.rule else ""
        found += [
            (method, addresses.filled(rule, values) + asked)
            for method in ("GET", "POST")
            if method in (rule.methods or ())
        ]
    return found


def test_every_page_of_the_room_opens_to_its_auditor_and_to_nobody_else(
    app: Flask, inside: tuple[PaymentWorld, Actor, Actor, str]
) -> None:
    made, auditor, stranger, number = inside
    doors = _doors(app, number, api=False)
    assert len(doors) > 25
    opened = signed_in_client(app, auditor.person_id)
    closed = [path for method, path in doors if method == "GET" and ask(opened, path).status != 200]
    assert not closed, f"closed to the auditor: {closed}"
    for who in (stranger, made.leader, made.finance, made.maker):
        client = signed_in_client(app, who.person_id)
        wrong = [f"{m} {path}: {got}" for m, path in doors if (got := ask(client, path, m)).status != 404]
        assert not wrong, f"{who.name} finds {wrong}"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"expires_on": TODAY - timedelta(days=1)}, id="expired"),
        pytest.param({"status": "ENDED"}, id="ended"),
    ],
)
def test_every_address_is_closed_to_the_auditor_once_the_engagement_is_over(
    app: Flask, inside: tuple[PaymentWorld, Actor, Actor, str], changes: dict[str, object]
) -> None:
    _made, auditor, _stranger, number = inside
    screens, verbs = _doors(app, number, api=False), _doors(app, number, api=True)
    headers = a_token(app, auditor.person_id)
    client, caller = signed_in_client(app, auditor.person_id), app.test_client()
    shut = [path for method, path in verbs if method == "GET" and ask(caller, path, headers=headers).status != 200]
    assert not shut, f"closed to the auditor's token: {shut}"
    with unit_of_work() as session:
        session.execute(update(Engagement).where(Engagement.reference == number).values(**changes))
    wrong = [f"{m} {path}: {got}" for m, path in screens if (got := ask(client, path, m)).status != 404]
    wrong += [
        f"{m} {path}: {got}"
        for m, path in verbs
        if (got := ask(caller, path, m, headers=headers, json={})).status != (404 if m == "GET" else 400)
        and got.status not in (404, 428)
    ]
    assert not wrong, f"still open: {wrong}"


def test_a_token_without_the_scope_opens_no_room(app: Flask, inside: tuple[PaymentWorld, Actor, Actor, str]) -> None:
    _made, auditor, _stranger, number = inside
    headers = a_token(app, auditor.person_id, Permission.CONTRACTS_READ)
    caller = app.test_client()
    wrong = [
        path
        for method, path in _doors(app, number, api=True)
        if method == "GET" and ask(caller, path, headers=headers).status != 404
    ]
    assert not wrong, f"open to a token for something else: {wrong}"
