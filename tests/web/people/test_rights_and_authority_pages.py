"""Rights and the authority matrix by screen: two administrators, and the box that tries a case."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from app.people.authority.models import AuthorityLimit
from app.people.models import PasswordLink, Person, RoleAssignment
from tests.builders.institutions import an_institution
from tests.builders.people import an_actor, signed_in_client


@pytest.fixture
def scene(app: Flask, now: datetime) -> tuple[Actor, Actor, Actor, str]:
    with unit_of_work() as session:
        funder = an_institution(session, now, code="QTSF")
        first, second = (an_actor(session, now, Role.ADMINISTRATOR, funder) for _ in range(2))
        officer = an_actor(session, now, Role.GRANT_OFFICER, funder, name="Officer Ho")
        return first, second, officer, str(funder.id)


def test_newcomer_gets_a_right_and_a_password_from_two_administrators(
    app: Flask, today: date, scene: tuple[Actor, Actor, Actor, str]
) -> None:
    first, second, _officer, funder_id = scene
    one, two = signed_in_client(app, first.person_id), signed_in_client(app, second.person_id)
    created = one.post("/people/new", data={"email": "new@loop.example", "name_en": "New Comer", "language": "en"})
    path = created.location
    right = {"role": "GRANT_OFFICER", "institution_id": funder_id, "first_day": today.isoformat()}
    assert one.post(f"{path}/rights", data=right).status_code == 303
    with unit_of_work() as session:
        key = session.scalars(select(RoleAssignment.id).where(RoleAssignment.status == "PROPOSED")).one()
    assert one.post(f"/people/rights/{key}/confirm", data={"version": "1"}).status_code == 403
    assert two.post(f"/people/rights/{key}/confirm", data={"version": "1"}).status_code == 303
    assert one.post(f"{path}/password-link").status_code == 303
    with unit_of_work() as session:
        asked = session.scalars(select(PasswordLink)).one()
    address = f"{path}/password-links/{asked.id}/issue"
    assert address in two.get(path).text
    assert one.post(address, data={"version": "1"}).status_code == 403
    issued = two.post(address, data={"version": "1"})
    link = issued.text.partition("/set-password/")[2].partition("<")[0]
    newcomer = app.test_client()
    assert newcomer.post(f"/set-password/{link}", data={"password": "a wholly new phrase"}).status_code == 303
    assert newcomer.post(f"/set-password/{link}", data={"password": "another new phrase"}).status_code == 404
    signed_in = newcomer.post("/sign-in", data={"email": "new@loop.example", "password": "a wholly new phrase"})
    assert signed_in.status_code == 303
    assert newcomer.get("/institutions/QTSF").status_code == 200


def test_limit_is_proposed_by_one_and_confirmed_by_another(
    app: Flask, today: date, scene: tuple[Actor, Actor, Actor, str]
) -> None:
    first, second, officer, funder_id = scene
    form = {
        "institution_id": funder_id,
        "role": "GRANT_OFFICER",
        "kind": "DISBURSEMENT",
        "currency": "CNY",
        "maximum": "500000.00",
        "second_checker_above": "200000.00",
        "first_day": today.isoformat(),
        "source": "Board resolution 12",
    }
    one = signed_in_client(app, first.person_id)
    assert one.post("/authority/limits", data=form).status_code == 303
    with unit_of_work() as session:
        limit = session.scalars(select(AuthorityLimit)).one()
    path = f"/authority/limits/{limit.id}/confirm"
    assert one.post(path, data={"version": "1"}).status_code == 403
    assert signed_in_client(app, second.person_id).post(path, data={"version": "1"}).status_code == 303
    client = signed_in_client(app, officer.person_id)
    tried = client.get("/authority/?institution=QTSF&kind=DISBURSEMENT&currency=CNY&amount=300000.00").text
    assert "Officer Ho can approve this." in tried
    assert "2 different checkers are needed." in tried
    over = client.get("/authority/?institution=QTSF&kind=DISBURSEMENT&currency=CNY&amount=600000.00").text
    assert "over your limit" in over
    own = client.get(
        f"/authority/?institution=QTSF&kind=DISBURSEMENT&currency=CNY&amount=1.00&maker_id={officer.person_id}"
    ).text
    assert "You prepared this, so you cannot approve it." in own


@pytest.mark.parametrize("amount", ["0", "-1", "1e308", "NaN", "0.001", "1,000", "１００", str(2**63)])
def test_limit_with_a_bad_amount_is_refused(
    app: Flask, today: date, scene: tuple[Actor, Actor, Actor, str], amount: str
) -> None:
    first, _second, _officer, funder_id = scene
    form = {
        "institution_id": funder_id,
        "role": "GRANT_OFFICER",
        "kind": "DISBURSEMENT",
        "currency": "CNY",
        "maximum": amount,
        "first_day": today.isoformat(),
        "source": "Board resolution 12",
    }
    assert signed_in_client(app, first.person_id).post("/authority/limits", data=form).status_code == 400
    with unit_of_work() as session:
        assert session.scalars(select(AuthorityLimit)).all() == []


def test_person_is_disabled_by_screen_and_the_history_says_so(
    app: Flask, scene: tuple[Actor, Actor, Actor, str]
) -> None:
    first, _second, officer, _funder_id = scene
    client = signed_in_client(app, first.person_id)
    with unit_of_work() as session:
        version = session.get_one(Person, officer.person_id).version
    path = f"/people/{officer.person_id}"
    assert client.post(f"{path}/disable", data={"version": str(version), "reason": "Left the team"}).status_code == 303
    page = client.get(path).text
    assert "Person disabled" in page
    assert "Left the team" in page
