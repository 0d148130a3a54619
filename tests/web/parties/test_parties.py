"""The list of known parties by screen: entered by the finance office, seen by nobody else."""

from __future__ import annotations

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.unit_of_work import unit_of_work
from app.parties.models import Party
from tests.builders import claims
from tests.builders.payments import PaymentWorld
from tests.builders.people import signed_in_client


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return claims.ready(session)


def entered(made: PaymentWorld) -> UUID:
    with unit_of_work() as session:
        return session.scalars(select(Party.id).where(Party.institution_id == made.grantee.id)).one()


def test_a_party_is_entered_once_shown_by_its_last_places_and_taken_out(app: Flask, made: PaymentWorld) -> None:
    client = signed_in_client(app, made.finance.person_id)
    form = {
        "institution_id": str(made.grantee.id),
        "kind": "SUPPLIER",
        "name": "Peak Instruments Ltd",
        "account": "012-345-678901",
    }
    assert client.post("/parties/add", data=form).status_code == 303
    listed = client.get("/parties").text
    assert "Peak Instruments Ltd" in listed
    assert "…8901" in listed
    assert "012-345-678901" not in listed
    twice = client.post("/parties/add", data=form | {"name": "PEAK INSTRUMENTS LIMITED"})
    assert twice.status_code in (400, 409, 422)
    assert "is in the list already" in twice.text
    assert client.post(f"/parties/{entered(made)}/remove").status_code == 303
    assert "Peak Instruments Ltd" not in client.get("/parties").text


def test_those_who_check_no_claims_do_not_see_the_list(app: Flask, made: PaymentWorld) -> None:
    assert signed_in_client(app, made.leader.person_id).get("/parties").status_code == 403
    assert signed_in_client(app, made.maker.person_id).get("/parties").status_code == 403
