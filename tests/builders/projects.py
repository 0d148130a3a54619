"""Builders around projects: institutions with open books, people with rights, a joint project of both sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID

from sqlalchemy.orm import Session

from app.institutions.models import BankAccount, Institution
from app.institutions.states import BankAccountStatus, InstitutionKind, Side
from app.kernel.actor import Actor, Right, Role
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.ledger import posting
from app.people.models import Person
from app.projects import service
from app.projects.commands import AddMember, RegisterProject
from app.projects.models import Project
from app.projects.states import TeamRole

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
_numbers = count(1)


def institution(
    session: Session, name: str, side: Side = Side.SZ, kind: str = InstitutionKind.UNIVERSITY
) -> Institution:
    """An institution with an open book in its side's currency."""
    currency = Currency.HKD if side is Side.HK else Currency.CNY
    number = next(_numbers)
    made = Institution(
        id=new_id(),
        code=f"T{number:04d}",
        side=side.value,
        kind=kind,
        name_en=name,
        functional_currency=currency.value,
        data_residency=side.value,
        opened_at=NOW,
    )
    session.add(made)
    session.flush()
    posting.open_book(session, made.id, made.code, currency)
    return made


def person(session: Session, name: str) -> Person:
    """A person without any right."""
    made = Person(id=new_id(), email=f"person{next(_numbers)}@example.org", name_en=name, created_at=NOW)
    session.add(made)
    session.flush()
    return made


def actor(person: Person, *rights: tuple[Role, UUID]) -> Actor:
    """The person acting with these roles at these institutions."""
    held = tuple(Right(role, place, date(2020, 1, 1)) for role, place in rights)
    return Actor(person.id, person.name_en, person.email, held)


def someone(session: Session, name: str, *rights: tuple[Role, UUID]) -> Actor:
    """A new person acting with these roles."""
    return actor(person(session, name), *rights)


def bank_account(
    session: Session, owner: Institution, currency: Currency, entered: UUID, verified: UUID
) -> BankAccount:
    """A verified account past its cooling period."""
    made = BankAccount(
        id=new_id(),
        institution_id=owner.id,
        currency=currency.value,
        bank_name="Test bank",
        bank_side=owner.side,
        number=f"{next(_numbers):012d}",
        holder_name=owner.name_en,
        status=BankAccountStatus.VERIFIED.value,
        entered_by_id=entered,
        entered_at=NOW,
        verified_by_id=verified,
        verified_at=NOW,
        cooling_until=NOW,
    )
    session.add(made)
    session.flush()
    return made


def project(
    session: Session, officer: Actor, funder_id: UUID, parties: Iterable[UUID], leader: tuple[UUID, UUID] | None = None
) -> Project:
    """A registered project of 1 September 2025 to 31 August 2027; `leader` is (person, institution)."""
    command = RegisterProject(
        title_en="Low-noise photonic links",
        title_zh_hans="低噪声光子链路",
        first_day=date(2025, 9, 1),
        last_day=date(2027, 8, 31),
        institution_id=funder_id,
        party_ids=tuple(parties),
    )
    made = service.register(session, officer, command, now=NOW)
    if leader is not None:
        member = AddMember(leader[0], leader[1], TeamRole.PRINCIPAL_INVESTIGATOR)
        service.add_member(session, officer, made.id, member, now=NOW)
    return made
