"""Files are handed out as attachments that nothing can run in, within scope, and as received to examiners only."""

from __future__ import annotations

import io
from uuid import UUID

import pytest
from flask import Flask
from PIL import Image

from app.db.unit_of_work import unit_of_work
from app.evidence import service
from app.institutions.models import Institution
from app.kernel.actor import Role
from app.kernel.identity import new_id
from app.web.uploads import JPEG, PDF, Upload
from tests.builders import papers, payments, projects
from tests.builders.payments import NOW
from tests.builders.people import a_token, signed_in_client

PHOTOGRAPH = papers.jpeg(exif=papers.with_position())


@pytest.fixture
def place(app: Flask) -> UUID:
    with unit_of_work() as session:
        return projects.institution(session, "Lion Ridge University").id


@pytest.fixture
def document(place: UUID) -> UUID:
    with unit_of_work() as session:
        officer = payments.someone(session, "Chan Ka", Role.FINANCE_OFFICER, session.get_one(Institution, place))
        file = Upload('l"un\r\nch\u202egpj.jpg', PHOTOGRAPH, JPEG)
        kept = service.keep(
            session, officer, file, subject_kind="claim", subject_id=new_id(), institution_id=place, title="x", now=NOW
        )
        return kept.id


def person(role: Role, place: UUID | None = None) -> UUID:
    """A person with this role there, or at an institution of their own."""
    with unit_of_work() as session:
        home = session.get_one(Institution, place) if place else projects.institution(session, "Elsewhere")
        return payments.someone(session, f"A {role.value}", role, home).person_id


def test_a_file_is_an_attachment_in_which_nothing_runs(app: Flask, place: UUID, document: UUID) -> None:
    answer = signed_in_client(app, person(Role.FINANCE_OFFICER, place)).get(f"/evidence/{document}")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith("attachment; ")
    assert not set("\r\n\u202e") & set(answer.headers["Content-Disposition"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_others_see_no_position_and_the_examiner_gets_every_byte(app: Flask, place: UUID, document: UUID) -> None:
    colleague, auditor = (person(role, place) for role in (Role.FINANCE_OFFICER, Role.AUDITOR))
    assert b"Phone of somebody" not in signed_in_client(app, colleague).get(f"/evidence/{document}").data
    assert signed_in_client(app, colleague).get(f"/evidence/{document}/original").status_code == 403
    assert signed_in_client(app, auditor).get(f"/evidence/{document}/original").data == PHOTOGRAPH
    original = app.test_client().get(f"/api/v1/evidence/{document}/original", headers=a_token(app, auditor))
    assert original.data == PHOTOGRAPH


def test_to_an_investigator_the_file_of_a_stranger_s_claim_does_not_exist(
    app: Flask, place: UUID, document: UUID
) -> None:
    browser = signed_in_client(app, person(Role.PRINCIPAL_INVESTIGATOR, place))
    assert browser.get(f"/evidence/{document}").status_code == 404


@pytest.mark.parametrize("role", [Role.FINANCE_OFFICER, Role.AUDITOR])
def test_a_file_of_another_institution_does_not_exist(app: Flask, document: UUID, role: Role) -> None:
    stranger = person(role)
    browser = signed_in_client(app, stranger)
    assert browser.get(f"/evidence/{document}").status_code == 404
    assert browser.get(f"/evidence/{document}/original").status_code == (404 if role is Role.AUDITOR else 403)
    headers = a_token(app, stranger)
    assert app.test_client().get(f"/api/v1/evidence/{document}", headers=headers).status_code == 404
    assert app.test_client().get(f"/api/v1/evidence/{document}/file", headers=headers).status_code == 404
    listed = app.test_client().get("/api/v1/evidence", headers=headers)
    assert (listed.status_code, listed.json["items"]) == (200, [])


def test_the_api_finds_a_document_by_its_digest(app: Flask, place: UUID, document: UUID) -> None:
    headers = a_token(app, person(Role.AUDITOR, place))
    shown = app.test_client().get(f"/api/v1/evidence/{document}", headers=headers).json
    found = app.test_client().get(f"/api/v1/evidence?sha256={shown['sha256']}", headers=headers).json
    assert [each["id"] for each in found["items"]] == [str(document)]
    assert app.test_client().get("/api/v1/evidence?sha256=00", headers=headers).json["items"] == []
    assert app.test_client().get("/api/v1/evidence?sha256=no", headers=headers).json["items"] == []


def test_a_small_picture_stands_for_a_photograph_and_for_a_pdf_and_only_within_scope(app: Flask, place: UUID) -> None:
    owner, stranger = person(Role.FINANCE_OFFICER, place), person(Role.FINANCE_OFFICER)
    for number, (content, kind) in enumerate(((PHOTOGRAPH, JPEG), (papers.pdf("Harbour Taxi"), PDF))):
        with unit_of_work() as session:
            officer = payments.someone(
                session, f"Keeper {number}", Role.FINANCE_OFFICER, session.get_one(Institution, place)
            )
            file = Upload("receipt", content, kind)
            kept = service.keep(
                session,
                officer,
                file,
                subject_kind="claim",
                subject_id=new_id(),
                institution_id=place,
                title="x",
                now=NOW,
            ).id
        answer = signed_in_client(app, owner).get(f"/evidence/{kept}/picture")
        assert (answer.status_code, answer.mimetype, answer.headers["X-Content-Type-Options"]) == (200, JPEG, "nosniff")
        picture = Image.open(io.BytesIO(answer.data))
        assert max(picture.size) <= 1100
        assert not picture.getexif()
        assert signed_in_client(app, stranger).get(f"/evidence/{kept}/picture").status_code == 404
