"""Questions about known parties: the list, sponsors of a contract, suppliers that share something with staff."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.evidence.keys import normalised_seller
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.parties.models import Party, PartyMark
from app.parties.states import MarkKind, PartyKind
from app.web.paging import Order, Page, paginate

LOOKED_AT_WITH = Permission.CLAIMS_CHECK
"""Who checks claims keeps and reads the list."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to."""

    kind: PartyKind | None = None
    text: str = ""
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Shared:
    """A member of staff with whom a supplier has these kinds of mark in common."""

    staff: str
    kinds: tuple[MarkKind, ...]


def listed(session: Session, actor: Actor, filters: Filters) -> Page[Party]:
    """Parties of the institutions at which the actor checks claims, by name."""
    places = institutions_granting(actor, LOOKED_AT_WITH)
    query = select(Party).where(Party.institution_id.in_(places)).options(selectinload(Party.marks))
    if filters.kind is not None:
        query = query.where(Party.kind == filters.kind)
    if filters.text:
        text = filters.text
        query = query.where(or_(Party.name.icontains(text, autoescape=True), Party.number.contains(text)))
    return paginate(session, query, (Order(Party.name), Order(Party.id)), cursor=filters.cursor, limit=filters.limit)


def visible(session: Session, actor: Actor, party_id: UUID) -> Party:
    """One party of the actor's institutions. Raises NotFound."""
    found = session.get(Party, party_id)
    if found is None or found.institution_id not in institutions_granting(actor, LOOKED_AT_WITH):
        raise NotFound(Breach("party.not-found", _("There is no such party.")))
    return found


def known(
    session: Session, institution_id: UUID, kind: PartyKind, names: Iterable[str], numbers: Iterable[str]
) -> list[Party]:
    """Parties of an institution of one kind that bear one of these names, however written, or numbers."""
    keys = {normalised_seller(name) for name in names} - {""}
    wanted = {number for number in numbers if number}
    if not keys and not wanted:
        return []
    query = select(Party).where(
        Party.institution_id == institution_id,
        Party.kind == kind,
        or_(Party.name_key.in_(keys), Party.number.in_(wanted)),
    )
    return list(session.scalars(query.order_by(Party.name, Party.id)))


def shared_with_staff(session: Session, parties: Iterable[Party]) -> dict[UUID, list[Shared]]:
    """By party, the members of staff at the same institution with the same account, address or telephone number."""
    wanted = [each.id for each in parties]
    if not wanted:
        return {}
    theirs, staff = aliased(PartyMark), aliased(Party)
    query = (
        select(PartyMark.party_id, staff.name, PartyMark.kind)
        .join(Party, Party.id == PartyMark.party_id)
        .join(theirs, theirs.digest == PartyMark.digest)
        .join(staff, staff.id == theirs.party_id)
        .where(
            PartyMark.party_id.in_(wanted),
            staff.kind == PartyKind.STAFF,
            staff.institution_id == Party.institution_id,
            staff.id != Party.id,
        )
        .order_by(staff.name, PartyMark.kind)
    )
    found: dict[UUID, dict[str, list[MarkKind]]] = {}
    for party_id, name, kind in session.execute(query):
        found.setdefault(party_id, {}).setdefault(name, []).append(MarkKind(kind))
    return {key: [Shared(name, tuple(kinds)) for name, kinds in each.items()] for key, each in found.items()}
