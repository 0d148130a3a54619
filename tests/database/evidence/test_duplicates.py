"""A document presented twice is found anywhere, and names its record only to those who may know it."""

from __future__ import annotations

import hashlib
import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.evidence import duplicates
from app.evidence.fields import DocumentFields
from app.evidence.keys import keys_of
from app.evidence.models import DocumentKey
from app.evidence.states import KeyKind
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.identity import new_id
from tests.builders import papers, payments, projects
from tests.builders.payments import NOW

INVOICE = keys_of(DocumentFields(invoice_number="25442000000012345678"))


@pytest.fixture
def university(session: Session) -> Institution:
    return projects.institution(session, "Lion Ridge University")


@pytest.fixture
def foundation(session: Session) -> Institution:
    return projects.institution(session, "Qingtan Science Foundation")


@pytest.fixture
def officer(session: Session, university: Institution) -> Actor:
    return payments.someone(session, "Chan Ka", Role.FINANCE_OFFICER, university)


def present(session: Session, place: Institution, keys=INVOICE, **options: object) -> tuple[UUID, tuple]:
    line = new_id()
    return line, duplicates.register(session, keys, "claim-line", line, place.id, now=NOW, **options)


def test_first_presentation_matches_nothing(session: Session, university: Institution) -> None:
    assert present(session, university)[1] == ()


def test_second_presentation_within_scope_names_the_record(
    session: Session, university: Institution, officer: Actor
) -> None:
    first, _none = present(session, university)
    _second, matches = present(session, university, actor=officer)
    (match,) = matches
    assert (match.subject, match.certain, match.kind) == (("claim-line", first), True, KeyKind.DIGITAL_INVOICE)
    assert match.presented_on == date(2026, 11, 20)
    breach = duplicates.breach_of(match)
    assert (breach.code, breach.blocking, breach.params["subject_id"]) == ("evidence.duplicate", False, first)


def test_presentation_elsewhere_is_told_without_the_record(
    session: Session, foundation: Institution, university: Institution, officer: Actor
) -> None:
    there, _none = present(session, foundation)
    (match,) = duplicates.look_up(session, INVOICE, officer)
    assert match.subject is None
    assert Role.FINANCE_OFFICER in match.clearers
    breach = duplicates.breach_of(match)
    assert breach.code == "evidence.duplicate-elsewhere"
    told = repr(breach) + repr(match)
    assert str(there) not in told
    assert str(foundation.id) not in told


def test_without_a_reader_nothing_is_in_scope(session: Session, university: Institution) -> None:
    present(session, university)
    assert [match.subject for match in duplicates.look_up(session, INVOICE)] == [None]


def test_the_own_records_are_no_duplicates_of_themselves(session: Session, university: Institution) -> None:
    line, _none = present(session, university)
    again = duplicates.register(session, INVOICE, "claim-line", line, university.id, now=NOW + timedelta(days=3))
    assert again == ()
    assert duplicates.look_up(session, INVOICE, besides={("claim-line", line)}) == ()
    assert session.scalars(select(DocumentKey.registered_at)).all() == [NOW]


def test_a_record_that_matches_by_several_keys_is_told_once_by_the_surest(
    session: Session, university: Institution
) -> None:
    keys = keys_of(DocumentFields(invoice_number="25442000000012345678"), hashlib.sha256(b"x").digest())
    present(session, university, keys)
    assert [match.kind for match in duplicates.look_up(session, keys)] == [KeyKind.DIGITAL_INVOICE]
    assert [match.kind for match in duplicates.look_up(session, keys[1:])] == [KeyKind.FILE]


def test_what_was_withdrawn_was_never_presented(session: Session, university: Institution) -> None:
    line, _none = present(session, university)
    duplicates.withdraw(session, "claim-line", line)
    assert duplicates.look_up(session, INVOICE) == ()


def test_the_register_holds_digests_and_nothing_of_the_document(session: Session, university: Institution) -> None:
    present(session, university)
    row = session.scalars(select(DocumentKey)).one()
    said = [str(getattr(row, column.key)) for column in DocumentKey.__table__.columns]
    assert not any("25442000000012345678" in text for text in said)
    assert len(row.digest) == 32


def test_pictures_that_look_alike_are_a_hint_only(session: Session, university: Institution) -> None:
    from app.evidence.examination.pictures import fingerprints

    picture = papers.motif(7, (800, 600))
    present(session, university, keys_of(DocumentFields(), None, fingerprints(picture.convert("L"))))
    turned = fingerprints(picture.resize((400, 300)).rotate(90, expand=True).convert("L"))
    (match,) = duplicates.look_up(session, keys_of(DocumentFields(), None, turned))
    assert (match.kind, match.certain) == (KeyKind.PICTURE, False)
    assert duplicates.breach_of(match).code == "evidence.alike-elsewhere"
    another = fingerprints(papers.motif(9).convert("L"))
    assert duplicates.look_up(session, keys_of(DocumentFields(), None, another)) == ()


def test_of_two_who_present_it_at_once_one_waits_and_finds_the_other(session: Session, university: Institution) -> None:
    session.commit()
    key, found = university.id, []

    def second() -> None:
        with unit_of_work() as own:
            found.append(len(duplicates.register(own, INVOICE, "claim-line", new_id(), key, now=NOW)))

    other = threading.Thread(target=second)
    with unit_of_work() as own:
        assert duplicates.register(own, INVOICE, "claim-line", new_id(), key, now=NOW) == ()
        other.start()
        other.join(timeout=1)
        assert other.is_alive()
    other.join(timeout=30)
    assert found == [1]
