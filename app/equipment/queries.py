"""Questions about equipment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.equipment.models import EquipmentDisposal, EquipmentItem, EquipmentSighting
from app.equipment.rules import BookedCost
from app.equipment.states import DisposalStatus, ItemStatus, Place
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.balances import PostingRow, Selection, stream_postings
from app.ledger.headings import Heading
from app.web.paging import Order, Page, paginate


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """What the register is narrowed to, and which page of it. `unseen_since`: not seen on or after that day."""

    text: str = ""
    contract: str = ""
    place: Place | None = None
    status: ItemStatus | None = None
    unseen_since: date | None = None
    cursor: str | None = None
    limit: int = 50

    @property
    def narrowed(self) -> bool:
        """Whether anything but the page is chosen."""
        return any((self.text, self.contract, self.place, self.status, self.unseen_since))


_WHOLE = (
    selectinload(EquipmentItem.contract),
    selectinload(EquipmentItem.sightings),
    selectinload(EquipmentItem.disposals),
)


def listed(session: Session, actor: Actor, filters: ItemFilters) -> Page[EquipmentItem]:
    """Items of contracts in the actor's scope, by tag."""
    query = (
        select(EquipmentItem)
        .join(Contract, Contract.id == EquipmentItem.contract_id)
        .where(contracts.in_scope(actor, Permission.EQUIPMENT_READ), *_conditions(filters))
        .options(*_WHOLE)
    )
    order = [Order(EquipmentItem.tag), Order(EquipmentItem.id)]
    return paginate(session, query, order, cursor=filters.cursor, limit=filters.limit, total=True)


def _conditions(filters: ItemFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.text:
        columns = (
            EquipmentItem.reference,
            EquipmentItem.tag,
            EquipmentItem.description,
            EquipmentItem.supplier,
            EquipmentItem.serial_number,
            EquipmentItem.location,
            EquipmentItem.custodian,
        )
        found.append(or_(*(each.icontains(filters.text, autoescape=True) for each in columns)))
    if filters.contract:
        found.append(Contract.reference == filters.contract)
    if filters.place is not None:
        found.append(EquipmentItem.place == filters.place)
    if filters.status is not None:
        found.append(EquipmentItem.status == filters.status)
    if filters.unseen_since is not None:
        seen = select(EquipmentSighting.item_id).where(EquipmentSighting.seen_on >= filters.unseen_since)
        found += [EquipmentItem.id.not_in(seen), EquipmentItem.status == ItemStatus.HELD]
    return found


def visible_item(session: Session, actor: Actor, reference: str) -> EquipmentItem:
    """The item of that reference, if its contract lies in the actor's scope. Raises NotFound otherwise."""
    query = (
        select(EquipmentItem)
        .join(Contract, Contract.id == EquipmentItem.contract_id)
        .where(EquipmentItem.reference == reference, contracts.in_scope(actor, Permission.EQUIPMENT_READ))
        .options(*_WHOLE)
    )
    found = session.scalars(query).first()
    if found is None or not may(actor, Permission.EQUIPMENT_READ):
        raise NotFound(Breach("equipment.not-found", _("There is no such item.")))
    return found


def by_tag(session: Session, institution_id: UUID, tag: str) -> EquipmentItem | None:
    """The institution's item with that tag."""
    query = select(EquipmentItem).where(EquipmentItem.institution_id == institution_id, EquipmentItem.tag == tag)
    return session.scalars(query).first()


def contract_of_keeper(session: Session, actor: Actor, reference: str) -> Contract | None:
    """The contract on which the actor keeps equipment, by reference; None out of scope or where it is not theirs."""
    query = select(Contract).where(Contract.reference == reference, _kept_by(actor))
    return session.scalars(query).first()


def contracts_of_keeper(session: Session, actor: Actor) -> list[Contract]:
    """Contracts on which the actor keeps equipment, newest first."""
    return list(session.scalars(select(Contract).where(_kept_by(actor)).order_by(Contract.reference.desc())))


def _kept_by(actor: Actor) -> ColumnElement[bool]:
    places = institutions_granting(actor, Permission.EQUIPMENT_KEEP)
    return Contract.grantee_id.in_(places) & (Contract.status != ContractStatus.DRAFT)


def of_contract(session: Session, contract_id: UUID, last_day: date) -> Sequence[EquipmentItem]:
    """Every item of a contract acquired up to a day, those that left too, by day and tag."""
    query = (
        select(EquipmentItem)
        .where(EquipmentItem.contract_id == contract_id, EquipmentItem.acquired_on <= last_day)
        .options(*_WHOLE)
        .order_by(EquipmentItem.acquired_on, EquipmentItem.tag)
    )
    return session.scalars(query).all()


def booked_cost(
    session: Session, contract: Contract, heading: Heading, entry_id: int, *, without: UUID | None = None
) -> BookedCost | None:
    """What the entry booked on the contract's heading, less what items other than `without` take of it.

    None where the grantee's book has no such entry, or it books nothing there.
    """
    booked = [
        each.amount
        for each in postings_of_entry(session, contract, entry_id)
        if each.heading is heading and each.amount.currency == contract.currency
    ]
    if not booked:
        return None
    currency = Currency(contract.currency)
    taken = select(func.coalesce(func.sum(EquipmentItem.charged_minor), 0)).where(
        EquipmentItem.contract_id == contract.id,
        EquipmentItem.entry_id == entry_id,
        EquipmentItem.heading == heading,
        EquipmentItem.id != without if without is not None else EquipmentItem.id.is_not(None),
    )
    return BookedCost(entry_id, total(booked, currency) - Money(int(session.scalar(taken) or 0), currency))


def postings_of_entry(session: Session, contract: Contract, entry_id: int) -> list[PostingRow]:
    """The lines of an entry of the grantee's book that lie on the contract."""
    chosen = Selection(book_id=contract.grantee_id, contract_id=contract.id, entry_id=entry_id)
    return list(stream_postings(session, chosen))


def disposals_to_decide(session: Session, actor: Actor) -> Sequence[EquipmentItem]:
    """Items whose disposal waits for the actor's decision: not proposed by themselves."""
    return session.scalars(disposals_awaiting(actor).options(*_WHOLE)).all()


def disposals_awaiting(actor: Actor) -> Select[EquipmentItem]:
    """The statement of `disposals_to_decide`."""
    places = institutions_granting(actor, Permission.EQUIPMENT_APPROVE_DISPOSAL)
    return (
        select(EquipmentItem)
        .join(EquipmentDisposal, EquipmentDisposal.item_id == EquipmentItem.id)
        .where(
            EquipmentItem.institution_id.in_(places),
            EquipmentDisposal.status == DisposalStatus.PROPOSED,
            EquipmentDisposal.proposed_by_id != actor.person_id,
        )
        .order_by(EquipmentDisposal.proposed_at)
    )
