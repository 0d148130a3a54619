"""The verbs of the register: enter, change, see, dispose of with a second person, and import a file of items."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.contracts.models import Contract
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.equipment import queries, rules
from app.equipment.models import EquipmentDisposal, EquipmentItem, EquipmentSighting
from app.equipment.states import Crossing, DisposalKind, DisposalStatus, ItemStatus, Place
from app.exchange_rates import queries as exchange_rates
from app.exchange_rates.queries import FoundRate
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.table_files.reading import at_line
from app.web.row_files import MOST_FAULTS, Imported, RowFile


@dataclass(frozen=True, slots=True)
class KeepItem:
    """An item as it shall stand in the register.

    Without `charged` the contract bears `funded_percent` of the cost, converted at the booking rate of the day of
    acquisition where it was paid in another currency.
    """

    contract: str
    tag: str
    description: str
    cost: Money
    acquired_on: date
    place: Place
    supplier: str = ""
    serial_number: str = ""
    heading: Heading = Heading.EQUIPMENT_PURCHASE
    funded_percent: Decimal = Decimal(100)
    charged: Money | None = None
    entry_id: int | None = None
    location: str = ""
    custodian: str = ""
    crossing: Crossing | None = None
    customs_document: str = ""
    crossed_on: date | None = None
    return_by: date | None = None
    returned_on: date | None = None
    second_line_on: date | None = None
    hs_code: str = ""
    relief_item: str = ""
    relief_certificate: str = ""
    customs_account: str = ""
    supervision_until: date | None = None
    relief_source: str = ""
    duty_paid: Money | None = None
    relief_renounced_on: date | None = None


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """The item as it shall stand, over the version the page showed."""

    version: int
    item: KeepItem


@dataclass(frozen=True, slots=True)
class SeeItem:
    """A stock-taking saw the item."""

    seen_on: date
    place: Place
    location: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class ProposeDisposal:
    """The item is to leave, or has left."""

    kind: DisposalKind
    disposed_on: date
    reason: str
    proceeds: Money | None = None
    customs_release: str = ""


_PLAIN = tuple(each.name for each in fields(KeepItem) if each.name not in {"contract", "cost", "charged", "duty_paid"})
"""What the item takes from the command as it is."""


def keep(session: Session, actor: Actor, command: KeepItem, *, now: datetime) -> EquipmentItem:
    """Enter an item in the register of the contract's grantee.

    Raises InputRefused for a contract on which the actor keeps nothing or a tag in use, RuleBreached with every rule
    it breaks.
    """
    contract = _contract(session, actor, command.contract)
    found = _breaches(session, contract, command, business_date(now))
    if queries.by_tag(session, contract.grantee_id, command.tag) is not None:
        found.append(_tag_taken())
    if found:
        raise RuleBreached(*found)
    return _add(session, actor, contract, command, now)


def _contract(session: Session, actor: Actor, reference: str) -> Contract:
    contract = queries.contract_of_keeper(session, actor, reference)
    if contract is None:
        raise InputRefused(_not_your_contract())
    authorise(actor, Permission.EQUIPMENT_KEEP, contract.grantee_id)
    return contract


def _not_your_contract() -> Breach:
    return Breach(
        "equipment.contract-unknown",
        _("You keep no register for a contract of this number."),
        _("Enter the number of a contract of your institution."),
        field="contract",
    )


def _tag_taken() -> Breach:
    return Breach(
        "equipment.tag-taken",
        _("Another item of your institution bears this tag, or this one is registered with other content."),
        _("Correct the tag, or change the item on its page."),
        field="tag",
    )


def charged_to(contract: Contract, command: KeepItem, rate: FoundRate | None) -> Money | None:
    """What the contract bears, in its currency, rounded half up to the cent once.

    What is stated goes first; else the funded share of the cost, at `rate` where it was paid in another currency. None
    where that needs a rate and there is none.
    """
    if command.charged is not None:
        return command.charged
    into = Currency(contract.currency)
    share = command.cost.amount * command.funded_percent / 100
    if command.cost.currency is into:
        return Money.rounded(share, into)
    return Money.rounded(share * rate.units(into), into) if rate is not None else None


def rate_of(
    session: Session, contract: Contract, command: KeepItem, item: EquipmentItem | None = None
) -> FoundRate | None:
    """The booking rate of the day of acquisition, or the one kept with the item while day and currency stay.

    None where none is needed, because one currency is involved or the charge is stated, or where there is none.
    """
    if command.charged is not None or command.cost.currency == contract.currency:
        return None
    wanted = (command.acquired_on, command.cost.currency)
    if item is not None and item.rate_id is not None and (item.acquired_on, item.currency) == wanted:
        return exchange_rates.by_id(session, item.rate_id)
    into = Currency(contract.currency)
    return exchange_rates.booking_rate(session, command.cost.currency, into, command.acquired_on, contract.grantee_id)


def _breaches(
    session: Session, contract: Contract, command: KeepItem, today: date, *, item: EquipmentItem | None = None
) -> list[Breach]:
    booked = None
    if command.entry_id is not None:
        without = item.id if item is not None else None
        booked = queries.booked_cost(session, contract, command.heading, command.entry_id, without=without)
    return rules.breaches(
        rules.ItemFacts(
            cost=command.cost,
            charged=charged_to(contract, command, rate_of(session, contract, command, item)),
            contract_currency=Currency(contract.currency),
            acquired_on=command.acquired_on,
            today=today,
            entry_named=command.entry_id is not None,
            booked=booked,
            crossing=command.crossing,
            customs_document=command.customs_document,
            crossed_on=command.crossed_on,
            return_by=command.return_by,
            returned_on=command.returned_on,
            second_line_on=command.second_line_on,
            relief_certificate=command.relief_certificate,
            supervision_until=command.supervision_until,
            relief_source=command.relief_source,
        )
    )


def _add(session: Session, actor: Actor, contract: Contract, command: KeepItem, now: datetime) -> EquipmentItem:
    item = EquipmentItem(
        id=new_id(),
        reference=next_reference(session, "EQP", business_date(now)),
        institution_id=contract.grantee_id,
        contract=contract,
        status=ItemStatus.HELD,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    _fill(session, item, contract, command)
    session.add(item)
    session.flush()
    _trace(session, actor, "equipment.keep", item, now, amount=item.cost)
    return item


def _fill(session: Session, item: EquipmentItem, contract: Contract, command: KeepItem) -> None:
    rate = rate_of(session, contract, command, item)
    charged = charged_to(contract, command, rate)
    if charged is None:
        raise AssertionError("the rules ask for what was charged")
    for name in _PLAIN:
        setattr(item, name, getattr(command, name))
    item.rate = rate.units(charged.currency) if rate is not None else None
    item.rate_id = rate.rate_id if rate is not None else None
    item.cost_minor, item.currency = command.cost.minor, command.cost.currency
    item.charged_minor, item.charged_currency = charged.minor, charged.currency
    item.duty_paid_minor = command.duty_paid.minor if command.duty_paid is not None else None


def change(session: Session, actor: Actor, reference: str, command: ChangeItem, *, now: datetime) -> EquipmentItem:
    """Change what the register says of an item; what stood before is kept in the trail. The contract stays.

    Raises Conflict for a stale version or an item that has left, RuleBreached with every rule it breaks.
    """
    item = _locked(session, actor, reference, Permission.EQUIPMENT_KEEP, command.version)
    _must_be_held(item)
    wanted = command.item
    if wanted.contract != item.contract.reference:
        raise InputRefused(_not_your_contract())
    found = _breaches(session, item.contract, wanted, business_date(now), item=item)
    other = queries.by_tag(session, item.institution_id, wanted.tag)
    if other is not None and other.id != item.id:
        found.append(_tag_taken())
    if found:
        raise RuleBreached(*found)
    before = as_command(item)
    _fill(session, item, item.contract, wanted)
    item.version += 1
    changed = _differences(before, as_command(item))
    _trace(session, actor, "equipment.change", item, now, changed=changed)
    return item


def as_command(item: EquipmentItem) -> KeepItem:
    """The item as a form would send it; what was converted at a rate is left to be converted again."""
    command = KeepItem(
        contract=item.contract.reference,
        tag=item.tag,
        description=item.description,
        cost=item.cost,
        acquired_on=item.acquired_on,
        place=Place(item.place),
    )
    plain: dict[str, Any] = {name: getattr(item, name) for name in _PLAIN}
    plain |= {
        "heading": Heading(item.heading),
        "place": Place(item.place),
        "crossing": Crossing(item.crossing) if item.crossing else None,
    }
    charged = item.charged if item.rate_id is None else None
    return replace(command, **plain, charged=charged, duty_paid=item.duty_paid)


def _differences(before: KeepItem, after: KeepItem) -> dict[str, list[str]]:
    """What changed, by field: before and after, as plain text."""
    pairs = {each.name: (getattr(before, each.name), getattr(after, each.name)) for each in fields(KeepItem)}
    return {name: [_plain(one), _plain(other)] for name, (one, other) in pairs.items() if one != other}


def _plain(value: object) -> str:
    return "" if value is None else str(value)


def _locked(
    session: Session, actor: Actor, reference: str, permission: Permission, version: int | None
) -> EquipmentItem:
    seen = queries.visible_item(session, actor, reference)
    authorise(actor, permission, seen.institution_id)
    return lock_for_update(session, EquipmentItem, seen.id, version)


def _must_be_held(item: EquipmentItem) -> None:
    if item.status != ItemStatus.HELD:
        raise Conflict(
            Breach(
                "equipment.left",
                _("The item has left the institution."),
                _("Open it again to see how."),
            )
        )


def see(session: Session, actor: Actor, reference: str, command: SeeItem, *, now: datetime) -> EquipmentItem:
    """Record that a stock-taking saw the item; it then stands where it was last seen. Raises RuleBreached."""
    item = _locked(session, actor, reference, Permission.EQUIPMENT_KEEP, None)
    _must_be_held(item)
    if not item.acquired_on <= command.seen_on <= business_date(now):
        raise RuleBreached(
            Breach(
                "equipment.seen-date",
                _("The item was seen before it was acquired, or after today."),
                _("Correct the date."),
                field="seen_on",
            )
        )
    location = command.location or item.location
    sighting = EquipmentSighting(
        id=new_id(),
        item_id=item.id,
        seen_on=command.seen_on,
        seen_by_id=actor.person_id,
        place=command.place,
        location=location,
        condition=command.condition,
        recorded_at=now,
    )
    latest = max((each.seen_on for each in item.sightings), default=None)
    session.add(sighting)
    if latest is None or command.seen_on >= latest:
        item.place, item.location = command.place, location
    item.version += 1
    session.flush()
    session.expire(item, ["sightings"])
    _trace(session, actor, "equipment.see", item, now, note=f"{command.seen_on.isoformat()} {location}".strip())
    return item


def propose_disposal(
    session: Session, actor: Actor, reference: str, command: ProposeDisposal, *, version: int, now: datetime
) -> EquipmentItem:
    """Propose that an item leaves; a second person decides. Raises RuleBreached, or Conflict where one waits."""
    item = _locked(session, actor, reference, Permission.EQUIPMENT_KEEP, version)
    _must_be_held(item)
    if item.disposal(DisposalStatus.PROPOSED) is not None:
        raise Conflict(
            Breach(
                "equipment.disposal-waits",
                _("A disposal of this item waits for a second person already."),
                _("Ask for a decision on it first."),
            )
        )
    proceeds = command.proceeds or Money.zero(Currency(item.contract.currency))
    disposal = EquipmentDisposal(
        id=new_id(),
        item_id=item.id,
        kind=command.kind,
        disposed_on=command.disposed_on,
        proceeds_minor=proceeds.minor,
        currency=proceeds.currency,
        reason=command.reason,
        customs_release=command.customs_release,
        status=DisposalStatus.PROPOSED,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    _refuse_disposal_if_breached(item, disposal, business_date(now))
    session.add(disposal)
    item.version += 1
    session.flush()
    session.expire(item, ["disposals"])
    _trace(session, actor, "equipment.propose-disposal", item, now, reason=command.reason, amount=proceeds)
    return item


def _refuse_disposal_if_breached(item: EquipmentItem, disposal: EquipmentDisposal, today: date) -> None:
    found = rules.disposal_breaches(
        rules.DisposalFacts(
            kind=DisposalKind(disposal.kind),
            disposed_on=disposal.disposed_on,
            acquired_on=item.acquired_on,
            today=today,
            proceeds=disposal.proceeds,
            contract_currency=Currency(item.contract.currency),
            customs_release=disposal.customs_release,
            crossing=Crossing(item.crossing) if item.crossing else None,
            returned_on=item.returned_on,
            supervision_until=item.supervision_until,
        )
    )
    if found:
        raise RuleBreached(*found)


def approve_disposal(session: Session, actor: Actor, reference: str, *, version: int, now: datetime) -> EquipmentItem:
    """Approve a disposal: the item has left. Whoever proposed it cannot; every rule is looked at again."""
    item, disposal = _proposed(session, actor, reference, version, "equipment.approve-disposal")
    _refuse_disposal_if_breached(item, disposal, business_date(now))
    item.status = ItemStatus.DISPOSED
    _decide(session, actor, item, disposal, DisposalStatus.APPROVED, now)
    _trace(session, actor, "equipment.approve-disposal", item, now, amount=disposal.proceeds)
    return item


def refuse_disposal(
    session: Session, actor: Actor, reference: str, reason: str, *, version: int, now: datetime
) -> EquipmentItem:
    """Refuse a disposal, with a reason: the item stays. Whoever proposed it cannot."""
    item, disposal = _proposed(session, actor, reference, version, "equipment.refuse-disposal")
    _decide(session, actor, item, disposal, DisposalStatus.REFUSED, now)
    _trace(session, actor, "equipment.refuse-disposal", item, now, reason=reason)
    return item


def _proposed(
    session: Session, actor: Actor, reference: str, version: int, verb: str
) -> tuple[EquipmentItem, EquipmentDisposal]:
    item = _locked(session, actor, reference, Permission.EQUIPMENT_APPROVE_DISPOSAL, version)
    disposal = item.disposal(DisposalStatus.PROPOSED)
    if disposal is None:
        raise Conflict(
            Breach(
                "equipment.no-disposal",
                _("No disposal of this item waits for a decision."),
                _("Open it again to see what happened to it."),
            )
        )
    if disposal.proposed_by_id == actor.person_id:
        raise own_work(verb)
    return item, disposal


def _decide(
    session: Session,
    actor: Actor,
    item: EquipmentItem,
    disposal: EquipmentDisposal,
    status: DisposalStatus,
    now: datetime,
) -> None:
    disposal.status = status
    disposal.decided_by_id = actor.person_id
    disposal.decided_at = now
    item.version += 1
    session.flush()


def import_items(session: Session, actor: Actor, file: RowFile, *, now: datetime) -> Imported:
    """Enter every item of a file that the register does not have yet, or none. An item is known by its tag.

    Raises RuleBreached naming each wrong line and column; a tag registered with other content is one of them.
    """
    found: list[Breach] = []
    kept = known = 0
    contracts: dict[str, Contract | None] = {}
    lines: dict[str, int] = {}
    institutions: set[UUID] = set()
    for row in file.rows:
        command = row.command
        if command.contract not in contracts:
            contracts[command.contract] = queries.contract_of_keeper(session, actor, command.contract)
        contract = contracts[command.contract]
        if contract is None:
            found.append(at_line(_not_your_contract(), row.line, "contract"))
            continue
        institutions.add(contract.grantee_id)
        if command.tag in lines:
            found.append(at_line(_tag_twice(lines[command.tag]), row.line, "tag"))
            continue
        lines[command.tag] = row.line
        there = queries.by_tag(session, contract.grantee_id, command.tag)
        if there is not None and _same(session, there, contract, command):
            known += 1
            continue
        wrong = _breaches(session, contract, command, business_date(now)) + ([_tag_taken()] if there else [])
        found += [at_line(each, row.line, each.field or "") for each in wrong]
        if not wrong and not found:
            _add(session, actor, contract, command, now)
            kept += 1
    if found:
        raise RuleBreached(*found[:MOST_FAULTS])
    for institution_id in institutions:
        details = {"file": file.name, "sha256": file.sha256, "kept": kept, "known": known}
        subject = ("institution", institution_id)
        trail.record(session, actor, "equipment.import", subject, details, now=now, institution_id=institution_id)
    return Imported(kept, known)


def _same(session: Session, item: EquipmentItem, contract: Contract, command: KeepItem) -> bool:
    charged = charged_to(contract, command, rate_of(session, contract, command, item))
    return replace(as_command(item), charged=item.charged) == replace(command, charged=charged)


def _tag_twice(first: int) -> Breach:
    return Breach(
        "equipment.tag-twice",
        _("The tag stands on line %(first)s already."),
        _("Give each item its own tag."),
        params={"first": first},
        field="tag",
    )


def _trace(session: Session, actor: Actor, verb: str, item: EquipmentItem, now: datetime, **details: Any) -> None:
    trail.record(
        session,
        actor,
        verb,
        ("equipment-item", item.id),
        {"reference": item.reference, "tag": item.tag, **details},
        now=now,
        institution_id=item.institution_id,
    )
