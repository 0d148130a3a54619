"""Evidence is kept byte for byte, once per record, and read only within scope."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy.orm import Session

from app.evidence import queries, service
from app.evidence.models import Document
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.errors import InputRefused, NotFound, NotPermitted
from app.kernel.identity import new_id
from app.web.uploads import JPEG, PDF, Upload
from tests.builders import papers, payments, projects
from tests.builders.payments import NOW
from tests.builders.refusing import Refuser

SCAN = Upload("受領證明.pdf", papers.pdf("Bank advice"), PDF)
MORE = Upload("more.pdf", papers.pdf("More"), PDF)
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
    other = keep(session, officer, university, MORE)
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


def test_hostile_file_is_refused_in_words_and_nothing_is_kept(
    session: Session, officer: Actor, university: Institution, refused: Refuser
) -> None:
    drawing = Upload("receipt.pdf", b'<svg xmlns="http://www.w3.org/2000/svg"/>', PDF)
    answer = refused(InputRefused, "evidence.drawing", lambda own: keep(own, officer, university, drawing))
    assert "SVG" in answer.breaches[0].message


def test_kind_is_decided_by_content_and_the_name_follows(
    session: Session, officer: Actor, university: Institution
) -> None:
    kept = keep(session, officer, university, Upload("receipt.pdf", papers.jpeg(), PDF))
    assert (kept.media_type, kept.filename) == (JPEG, "receipt.jpg")


def test_others_see_a_photograph_without_its_position_and_the_original_stays(
    session: Session, officer: Actor, university: Institution
) -> None:
    photograph = papers.jpeg(exif=papers.with_position())
    key = keep(session, officer, university, Upload("lunch.jpg", photograph, JPEG)).id
    session.commit()
    session.expunge_all()
    kept = queries.visible(session, officer, key)
    assert kept.original() == (photograph, JPEG, "lunch.jpg")
    assert hashlib.sha256(kept.original()[0]).digest() == kept.sha256
    assert b"Phone of somebody" not in kept.shared()[0]
    assert kept.shared()[1:] == (JPEG, "lunch.jpg")
    assert len(kept.fingerprints()) == 4


def test_what_an_invoice_says_is_kept_beside_it(session: Session, officer: Actor, university: Institution) -> None:
    said = keep(session, officer, university, Upload("f.xml", papers.xml_invoice(), "application/xml")).said
    assert (said["amount"], said["currency"], said["sources"]["amount"]) == ("1272.00", "CNY", "XML")
    assert said["verification"] == {"status": "NOT_VERIFIED", "source": ""}


def test_documents_are_listed_within_scope_and_found_by_digest(
    session: Session, officer: Actor, university: Institution
) -> None:
    first, second = keep(session, officer, university), keep(session, officer, university, MORE)
    found = queries.in_scope(session, officer, sha256=first.sha256, cursor=None, limit=10)
    assert [each.id for each in found.items] == [first.id]
    everything = queries.in_scope(session, officer, cursor=None, limit=10)
    assert {each.id for each in everything.items} == {first.id, second.id}
    elsewhere = projects.institution(session, "Qingtan Science Foundation")
    stranger = payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, elsewhere)
    assert queries.in_scope(session, stranger, sha256=first.sha256, cursor=None, limit=10).items == []
