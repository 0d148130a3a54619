"""Every page of people, institutions, authority, whitelist and the trail opens for those who may see it."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from app.db.unit_of_work import unit_of_work
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Role
from tests.builders.institutions import a_verified_account, an_institution
from tests.builders.people import a_person, an_actor, signed_in_client

LISTS = ["/account", "/people/", "/people/new", "/authority/", "/audit/", "/institutions/", "/institutions/new"]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_administrator_opens_the_page(app: Flask, now: datetime, path: str, language: str) -> None:
    with unit_of_work() as session:
        funder = an_institution(session, now, code="QTSF")
        administrator = an_actor(session, now, Role.ADMINISTRATOR, funder)
        a_person(session, now, language=language)
    answer = signed_in_client(app, administrator.person_id).get(path)
    assert answer.status_code == 200, answer.text
    assert "<h1" in answer.text


def test_officer_opens_institution_account_and_person(app: Flask, now: datetime) -> None:
    with unit_of_work() as session:
        funder = an_institution(session, now, code="QTSF")
        university = an_institution(session, now, code="UNI", side=Side.HK, kind=InstitutionKind.UNIVERSITY)
        enterer = an_actor(session, now, Role.FINANCE_OFFICER, university)
        verifier = an_actor(session, now, Role.FINANCE_OFFICER, university)
        account = a_verified_account(session, enterer, verifier, university, now)
        officer = an_actor(session, now, Role.GRANT_OFFICER, funder)
    client = signed_in_client(app, officer.person_id)
    for path in ("/institutions/UNI", f"/institutions/accounts/{account.id}", f"/people/{officer.person_id}"):
        answer = client.get(path)
        assert answer.status_code == 200, answer.text
        assert account.number not in answer.text


def test_whitelist_pages_open(app: Flask, now: datetime) -> None:
    with unit_of_work() as session:
        authority = an_institution(session, now, code="ZONE", kind=InstitutionKind.ZONE_AUTHORITY)
        officer = an_actor(session, now, Role.WHITELIST_OFFICER, authority)
    client = signed_in_client(app, officer.person_id)
    assert client.get("/whitelist/").status_code == 200
    assert client.get("/whitelist/apply").status_code == 200


def test_finance_officer_opens_the_form_for_an_account(app: Flask, now: datetime) -> None:
    with unit_of_work() as session:
        university = an_institution(session, now, code="UNI", side=Side.HK, kind=InstitutionKind.UNIVERSITY)
        officer = an_actor(session, now, Role.FINANCE_OFFICER, university)
    answer = signed_in_client(app, officer.person_id).get("/institutions/UNI/accounts/new")
    assert answer.status_code == 200, answer.text
