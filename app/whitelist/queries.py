"""Every SELECT on the whitelist, named by its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.access.guards import may
from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.web.paging import Order, Page, paginate
from app.whitelist.models import WhitelistEntry
from app.whitelist.states import WhitelistKind, WhitelistStatus

LIVE = (WhitelistStatus.APPLIED, WhitelistStatus.LISTED, WhitelistStatus.SUSPENDED)
SORTS = {
    "name": Order(WhitelistEntry.subject_name),
    "-name": Order(WhitelistEntry.subject_name, descending=True),
    "since": Order(WhitelistEntry.status_since),
    "-since": Order(WhitelistEntry.status_since, descending=True),
}


class StandingState(StrEnum):
    """How a subject stands on a list on a day."""

    LISTED = "LISTED"
    NOT_YET = "NOT_YET"
    LAPSED = "LAPSED"
    SUSPENDED = "SUSPENDED"
    APPLIED = "APPLIED"
    REMOVED = "REMOVED"
    ABSENT = "ABSENT"


@dataclass(frozen=True, slots=True)
class Standing:
    """How an institution stands on a list today, and the entry that says so."""

    state: StandingState
    entry: WhitelistEntry | None = None

    @property
    def is_listed(self) -> bool:
        """Whether the listing holds today."""
        return self.state is StandingState.LISTED


@dataclass(frozen=True, slots=True)
class WhitelistFilter:
    """What the list is narrowed to. `status` also takes LAPSED and EXPIRING."""

    text: str = ""
    kind: str = ""
    subject_kind: str = ""
    status: str = ""
    sort: str = "name"


def standing(session: Session, kind: WhitelistKind, institution_id: UUID, today: date) -> Standing:
    """How an institution stands on a list today: the best of its entries. It is asked again at release."""
    statement = (
        select(WhitelistEntry)
        .where(WhitelistEntry.kind == kind.value, WhitelistEntry.institution_id == institution_id)
        .order_by(WhitelistEntry.status_since.desc())
    )
    ranked = [(state_of(entry, today), entry) for entry in session.scalars(statement)]
    for state in StandingState:
        for found, entry in ranked:
            if found is state:
                return Standing(state, entry)
    return Standing(StandingState.ABSENT)


def state_of(entry: WhitelistEntry, today: date) -> StandingState:
    """How one entry stands on a day; a listed one may not have begun yet or have lapsed."""
    if entry.status != WhitelistStatus.LISTED:
        return StandingState(entry.status)
    if entry.valid_from is not None and today < entry.valid_from:
        return StandingState.NOT_YET
    return StandingState.LISTED if entry.stands_on(today) else StandingState.LAPSED


def entry_for(session: Session, actor: Actor, entry_id: UUID) -> WhitelistEntry:
    """The entry, if the actor may see it. Raises NotFound."""
    statement = (
        select(WhitelistEntry)
        .where(WhitelistEntry.id == entry_id, in_scope(actor))
        .options(
            joinedload(WhitelistEntry.institution),
            joinedload(WhitelistEntry.applied_by),
            joinedload(WhitelistEntry.listed_by),
        )
    )
    found = session.scalar(statement)
    if found is None:
        raise NotFound(Breach("whitelist.not-found", _("There is no such entry.")))
    return found


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """The directory right shows the whole list; others see what concerns or was applied for by their institution."""
    if may(actor, Permission.INSTITUTIONS_DIRECTORY):
        return WhitelistEntry.id.is_not(None)
    own = actor.institutions()
    return or_(WhitelistEntry.institution_id.in_(own), WhitelistEntry.applied_for_id.in_(own))


def listed(
    session: Session,
    actor: Actor,
    wanted: WhitelistFilter,
    today: date,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[WhitelistEntry]:
    """One page of the entries the actor may see."""
    statement = (
        select(WhitelistEntry)
        .where(in_scope(actor), *_conditions(wanted, today))
        .options(joinedload(WhitelistEntry.institution))
    )
    order = [SORTS.get(wanted.sort, SORTS["name"]), Order(WhitelistEntry.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def _conditions(wanted: WhitelistFilter, today: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.text:
        columns = (WhitelistEntry.subject_name, WhitelistEntry.subject_identifier, WhitelistEntry.source)
        found.append(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.kind:
        found.append(WhitelistEntry.kind == wanted.kind)
    if wanted.subject_kind:
        found.append(WhitelistEntry.subject_kind == wanted.subject_kind)
    listed_now = WhitelistEntry.status == WhitelistStatus.LISTED
    if wanted.status == StandingState.LAPSED:
        found += [listed_now, WhitelistEntry.valid_to < today]
    elif wanted.status == "EXPIRING":
        found += [listed_now, WhitelistEntry.valid_to.between(today, today + timedelta(days=60))]
    elif wanted.status == WhitelistStatus.LISTED:
        found += [listed_now, or_(WhitelistEntry.valid_to.is_(None), WhitelistEntry.valid_to >= today)]
    elif wanted.status:
        found.append(WhitelistEntry.status == wanted.status)
    return found


def live_entry_exists(
    session: Session, kind: WhitelistKind, institution_id: UUID | None, name: str, identifier: str, today: date
) -> bool:
    """Whether the subject has an entry on the list that has not lapsed or been removed."""
    statement = select(func.count()).where(
        WhitelistEntry.kind == kind.value,
        WhitelistEntry.status.in_(LIVE),
        or_(WhitelistEntry.valid_to.is_(None), WhitelistEntry.valid_to >= today),
    )
    if institution_id is not None:
        statement = statement.where(WhitelistEntry.institution_id == institution_id)
    else:
        statement = statement.where(
            WhitelistEntry.subject_name == name, WhitelistEntry.subject_identifier == identifier
        )
    return bool(session.scalar(statement))


def awaiting_listing(session: Session, actor: Actor) -> Sequence[WhitelistEntry]:
    """Applications somebody else made, that wait for a whitelist officer: for the inbox."""
    if not may(actor, Permission.WHITELIST_LIST):
        return []
    return session.scalars(to_list(actor).options(joinedload(WhitelistEntry.institution))).all()


def to_list(actor: Actor) -> Select[WhitelistEntry]:
    """The statement of `awaiting_listing`."""
    return (
        select(WhitelistEntry)
        .where(WhitelistEntry.status == WhitelistStatus.APPLIED, WhitelistEntry.applied_by_id != actor.person_id)
        .order_by(WhitelistEntry.applied_at)
    )


def of_institution(session: Session, institution_id: UUID) -> Sequence[WhitelistEntry]:
    """Every entry of an institution, by list."""
    statement = select(WhitelistEntry).where(WhitelistEntry.institution_id == institution_id)
    return session.scalars(statement.order_by(WhitelistEntry.kind, WhitelistEntry.status_since.desc())).all()
