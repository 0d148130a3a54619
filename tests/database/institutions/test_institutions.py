"""Institutions: opened with their book, found within scope, changed at the version the page showed."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.institutions import queries, service
from app.institutions.queries import InstitutionFilter
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from tests.builders.institutions import an_institution
from tests.builders.people import an_actor


def command(code: str = "NEWU", **changes: object) -> service.InstitutionCommand:
    given: dict[str, object] = {
        "code": code,
        "side": Side.HK,
        "kind": InstitutionKind.UNIVERSITY,
        "name_en": "New University",
        "functional_currency": Currency.HKD,
        "br_number": "12345678",
    }
    return service.InstitutionCommand(**(given | changes))  # type: ignore[arg-type]


def test_opening_an_institution_opens_its_book(session: Session, now: datetime) -> None:
    administrator = an_actor(session, now, Role.ADMINISTRATOR, an_institution(session, now))
    opened = service.open_institution(session, administrator, command(), now=now)
    book = session.execute(text("SELECT code FROM ledger.book WHERE book_id = :id"), {"id": opened.id}).scalar()
    assert book == "NEWU"


def test_second_institution_with_the_same_number_is_refused(session: Session, now: datetime) -> None:
    administrator = an_actor(session, now, Role.ADMINISTRATOR, an_institution(session, now))
    service.open_institution(session, administrator, command(), now=now)
    with pytest.raises(RuleBreached) as refused:
        service.open_institution(session, administrator, command("OTHER"), now=now)
    assert [(breach.code, breach.field) for breach in refused.value.breaches] == [("institution.taken", "br_number")]


def test_grant_officer_cannot_open_an_institution(session: Session, now: datetime) -> None:
    officer = an_actor(session, now, Role.GRANT_OFFICER, an_institution(session, now))
    with pytest.raises(NotPermitted):
        service.open_institution(session, officer, command(), now=now)


def test_finance_officer_finds_only_their_own_institution(session: Session, now: datetime) -> None:
    own, other = (an_institution(session, now, side=Side.HK, kind=InstitutionKind.UNIVERSITY) for _ in range(2))
    officer = an_actor(session, now, Role.FINANCE_OFFICER, own)
    assert [each.code for each in queries.listed(session, officer, InstitutionFilter()).items] == [own.code]
    with pytest.raises(NotFound):
        queries.by_code(session, officer, other.code)


def test_grant_officer_looks_up_every_institution(session: Session, now: datetime) -> None:
    funder = an_institution(session, now)
    other = an_institution(session, now, side=Side.HK, kind=InstitutionKind.UNIVERSITY)
    officer = an_actor(session, now, Role.GRANT_OFFICER, funder)
    assert queries.by_code(session, officer, other.code).id == other.id
    found = queries.listed(session, officer, InstitutionFilter(side="HK"))
    assert [each.id for each in found.items] == [other.id]


def test_wildcards_in_a_search_are_ordinary_characters(session: Session, now: datetime) -> None:
    officer = an_actor(session, now, Role.GRANT_OFFICER, an_institution(session, now))
    assert queries.listed(session, officer, InstitutionFilter(text="%")).items == []


def test_stale_change_is_refused(session: Session, now: datetime) -> None:
    funder = an_institution(session, now)
    administrator = an_actor(session, now, Role.ADMINISTRATOR, funder)
    change = service.ChangeCommand(version=1, kind=InstitutionKind.FUNDER, name_en="Renamed")
    service.change(session, administrator, funder.id, change, now=now)
    session.flush()
    with pytest.raises(Conflict):
        service.change(session, administrator, funder.id, change, now=now)


def test_closed_institution_cannot_be_reinstated(session: Session, now: datetime) -> None:
    funder = an_institution(session, now)
    administrator = an_actor(session, now, Role.ADMINISTRATOR, funder)
    service.close(session, administrator, funder.id, service.MoveCommand(1, "Merged"), now=now)
    session.flush()
    with pytest.raises(Conflict):
        service.reinstate(session, administrator, funder.id, service.MoveCommand(2, "Again"), now=now)
