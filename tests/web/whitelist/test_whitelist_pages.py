"""The whitelist by screen and API, from application to removal."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from flask import Flask

from app.db.unit_of_work import unit_of_work
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from tests.builders.institutions import an_institution
from tests.builders.people import a_token, an_actor, signed_in_client


@pytest.fixture
def people(app: Flask, now: datetime) -> tuple[Actor, Actor, str]:
    with unit_of_work() as session:
        university = an_institution(session, now, code="UNI", side=Side.HK, kind=InstitutionKind.UNIVERSITY)
        applicant = an_actor(session, now, Role.FINANCE_OFFICER, university)
        zone = an_institution(session, now, code="ZONE", kind=InstitutionKind.ZONE_AUTHORITY)
        officer = an_actor(session, now, Role.WHITELIST_OFFICER, zone)
        return applicant, officer, str(university.id)


def test_entry_is_applied_for_listed_suspended_and_removed_by_screen(
    app: Flask, today: date, people: tuple[Actor, Actor, str]
) -> None:
    applicant, officer, university_id = people
    form = {
        "kind": "FUND_FLOW",
        "subject_kind": "INSTITUTION",
        "institution_id": university_id,
        "applied_for_id": university_id,
        "source": "Pilot notice 7",
    }
    applied = signed_in_client(app, applicant.person_id).post("/whitelist/apply", data=form)
    assert applied.status_code == 303
    client, path = signed_in_client(app, officer.person_id), applied.location
    listed = client.post(
        f"{path}/list", data={"version": "1", "valid_from": today.isoformat(), "source": "Decision 44"}
    )
    assert listed.status_code == 303
    assert "Listed" in client.get(path).text
    assert client.post(f"{path}/suspend", data={"version": "2", "reason": "Inquiry"}).status_code == 303
    assert client.post(f"{path}/suspend", data={"version": "3", "reason": "Again"}).status_code == 409
    assert client.post(f"{path}/remove", data={"version": "3", "reason": "Closed down"}).status_code == 303
    page = client.get(path).text
    for words in ("Listing applied for", "Listing suspended", "Removed from the list", "Closed down"):
        assert words in page
    assert client.get("/whitelist/?status=REMOVED").text.count(path) == 1
    assert client.get("/whitelist/?status=LISTED").text.count(path) == 0


def test_applicant_cannot_list_by_api(app: Flask, today: date, people: tuple[Actor, Actor, str]) -> None:
    applicant, officer, university_id = people
    body = {
        "kind": "FUND_FLOW",
        "subject_kind": "INSTITUTION",
        "institution_id": university_id,
        "applied_for_id": university_id,
        "source": "Pilot notice 7",
    }
    client = app.test_client()
    made = client.post("/api/v1/whitelist", json=body, headers=a_token(app, applicant.person_id))
    assert made.status_code == 201
    path = f"/api/v1/whitelist/{made.get_json()['id']}/list"
    decision = {"version": 1, "valid_from": today.isoformat(), "source": "Decision 44"}
    assert client.post(path, json=decision, headers=a_token(app, applicant.person_id)).status_code == 403
    listed = client.post(path, json=decision, headers=a_token(app, officer.person_id))
    assert (listed.status_code, listed.get_json()["state"]) == (200, "LISTED")
    assert listed.headers["ETag"]
