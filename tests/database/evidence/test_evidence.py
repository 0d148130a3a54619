"""Evidence is kept byte for byte, once per record, and read only within scope."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy.orm import Session

from app.evidence import queries, service
from app.evidence.models import Document
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.errors import NotFound, NotPermitted
from app.kernel.identity import new_id
from app.web.uploads import PDF, Upload
from tests.builders import payments, projects
from tests.builders.payments import NOW
from tests.builders.refusing import Refuser

SCAN = Upload("受領證明.pdf", b"%PDF-1.7 bank advice \x00\xff", PDF)
RECORD = new_id()


@pytest.fixture
def university(session: Session) -> Institution:
    return projects.institution(session, "Lion Ridge University")


@pytest.fixture
def officer(session: Session, university: Institution) -> Actor:
    return payments.someone(session, "Chan Ka", Role.FINANCE_OFFICER, university)


def keep(session: Session, actor: Actor, place: Institution, file: Upload = SCAN) -> Document:
    return service.keep(
        session,
        actor,
        file,
        subject_kind="journal",
        subject_id=RECORD,
        institution_id=place.id,
        title="Bank advice",
        now=NOW,
    )


def test_file_is_kept_byte_for_byte_under_its_digest(session: Session, officer: Actor, university: Institution) -> None:
    key = keep(session, officer, university).id
    session.commit()
    session.expunge_all()
    kept = queries.visible(session, officer, key)
    assert kept.content == SCAN.content
    assert kept.sha256 == hashlib.sha256(SCAN.content).digest()
    assert (kept.filename, kept.size_bytes, kept.media_type) == ("受領證明.pdf", len(SCAN.content), PDF)


def test_same_file_of_the_same_record_is_kept_once(session: Session, officer: Actor, university: Institution) -> None:
    assert keep(session, officer, university) is keep(session, officer, university)
    other = keep(session, officer, university, Upload("more.pdf", b"%PDF-1.7 more", PDF))
    assert [each.id for each in queries.of_record(session, "journal", RECORD)][1:] == [other.id]


def test_document_of_another_institution_is_not_found(
    session: Session, officer: Actor, university: Institution
) -> None:
    key = keep(session, officer, university).id
    elsewhere = projects.institution(session, "Qingtan Science Foundation")
    stranger = payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, elsewhere)
    with pytest.raises(NotFound):
        queries.visible(session, stranger, key)


def test_fund_managers_elsewhere_keep_no_evidence_here(
    session: Session, university: Institution, refused: Refuser
) -> None:
    elsewhere = projects.institution(session, "Qingtan Science Foundation")
    stranger = payments.someone(session, "Guo Xin", Role.FUND_MANAGER, elsewhere)
    refused(NotPermitted, "access.not-permitted", lambda own: keep(own, stranger, university))
