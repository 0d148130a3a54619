"""The register of equipment as JSON: the same verbs as the screens."""

from __future__ import annotations

from typing import Any

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.equipment import queries, service
from app.equipment.forms import (
    ChangeForm,
    DecideForm,
    DisposalForm,
    ImportForm,
    ItemForm,
    ItemListForm,
    RefuseForm,
    SeeForm,
)
from app.equipment.models import EquipmentItem
from app.equipment.queries import ItemFilters
from app.equipment.service import ChangeItem, KeepItem, ProposeDisposal, SeeItem
from app.kernel.actor import Actor
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.row_files import Imported
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, Out

api = ApiBlueprint("equipment", __name__)


class SightingOut(Out):
    """When a stock-taking saw the item."""

    seen_on = fields.Date()
    seen_by_id = fields.UUID()
    place = CodeOut()
    location = fields.String()
    condition = fields.String()


class DisposalOut(Out):
    """How the item left, or is to leave."""

    kind = CodeOut()
    disposed_on = fields.Date()
    proceeds = MoneyOut()
    reason = fields.String()
    customs_release = fields.String()
    status = CodeOut()
    proposed_by_id = fields.UUID()
    decided_by_id = fields.UUID()


class ItemOut(Out):
    """One item of the register; `rate` is contract currency for one unit of the cost's, where it was converted."""

    id = fields.UUID()
    reference = fields.String()
    institution_id = fields.UUID()
    contract = fields.Function(lambda item: item.contract.reference)
    tag = fields.String()
    description = fields.String()
    supplier = fields.String()
    serial_number = fields.String()
    heading = CodeOut()
    acquired_on = fields.Date()
    cost = MoneyOut()
    funded_percent = DecimalOut()
    charged = MoneyOut()
    rate = DecimalOut()
    rate_id = fields.UUID(allow_none=True)
    entry_id = fields.Integer()
    place = CodeOut()
    location = fields.String()
    custodian = fields.String()
    crossing = CodeOut()
    customs_document = fields.String()
    crossed_on = fields.Date()
    return_by = fields.Date()
    returned_on = fields.Date()
    second_line_on = fields.Date()
    hs_code = fields.String()
    relief_item = fields.String()
    relief_certificate = fields.String()
    customs_account = fields.String()
    supervision_until = fields.Date()
    relief_source = fields.String()
    duty_paid = MoneyOut()
    relief_renounced_on = fields.Date()
    status = CodeOut()
    sightings = fields.List(fields.Nested(SightingOut))
    disposals = fields.List(fields.Nested(DisposalOut))
    version = fields.Integer()


class ImportedOut(Out):
    """What an import did."""

    kept = fields.Integer()
    known = fields.Integer()


@api.get("/equipment", permission=Permission.EQUIPMENT_READ, query=ItemListForm, response=ItemOut, many=True)
def index(session: Session, actor: Actor, query: ItemFilters) -> Page[EquipmentItem]:
    """Items of the contracts in scope, by tag."""
    return queries.listed(session, actor, query)


@api.post(
    "/equipment",
    permission=Permission.EQUIPMENT_KEEP,
    body=ItemForm,
    response=ItemOut,
    status=201,
    summary="Enter an item in the register",
)
def keep(session: Session, actor: Actor, command: KeepItem) -> EquipmentItem:
    """Enter an item."""
    return service.keep(session, actor, command, now=now())


@api.post(
    "/equipment/import",
    permission=Permission.EQUIPMENT_KEEP,
    body=ImportForm,
    response=ImportedOut,
    status=201,
    summary="Enter a file of items",
)
def import_file(session: Session, actor: Actor, command: dict[str, Any]) -> Imported:
    """A CSV or XLSX file whose first line names fields of an item: all or nothing; known tags stay as they are."""
    return service.import_items(session, actor, command["file"], now=now())


@api.get("/equipment/<reference:reference>", permission=Permission.EQUIPMENT_READ, response=ItemOut)
def detail(session: Session, actor: Actor, reference: str) -> EquipmentItem:
    """One item."""
    return queries.visible_item(session, actor, reference)


@api.post(
    "/equipment/<reference:reference>/change",
    permission=Permission.EQUIPMENT_KEEP,
    body=ChangeForm,
    response=ItemOut,
    summary="Change an item",
)
def change(session: Session, actor: Actor, command: ChangeItem, reference: str) -> EquipmentItem:
    """The item as it shall stand."""
    return service.change(session, actor, reference, command, now=now())


@api.post(
    "/equipment/<reference:reference>/see",
    permission=Permission.EQUIPMENT_KEEP,
    body=SeeForm,
    response=ItemOut,
    summary="Record a stock-taking of an item",
)
def see(session: Session, actor: Actor, command: SeeItem, reference: str) -> EquipmentItem:
    """It was seen on a day, at a place."""
    return service.see(session, actor, reference, command, now=now())


@api.post(
    "/equipment/<reference:reference>/dispose",
    permission=Permission.EQUIPMENT_KEEP,
    body=DisposalForm,
    response=ItemOut,
    summary="Propose that an item leaves",
)
def dispose(session: Session, actor: Actor, command: tuple[int, ProposeDisposal], reference: str) -> EquipmentItem:
    """A second person decides."""
    version, wanted = command
    return service.propose_disposal(session, actor, reference, wanted, version=version, now=now())


@api.post(
    "/equipment/<reference:reference>/approve-disposal",
    permission=Permission.EQUIPMENT_APPROVE_DISPOSAL,
    body=DecideForm,
    response=ItemOut,
    summary="Approve a disposal",
)
def approve_disposal(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> EquipmentItem:
    """The item has left; whoever proposed it cannot decide."""
    return service.approve_disposal(session, actor, reference, version=command["version"], now=now())


@api.post(
    "/equipment/<reference:reference>/refuse-disposal",
    permission=Permission.EQUIPMENT_APPROVE_DISPOSAL,
    body=RefuseForm,
    response=ItemOut,
    summary="Refuse a disposal",
)
def refuse_disposal(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> EquipmentItem:
    """The item stays; the reason is kept."""
    return service.refuse_disposal(session, actor, reference, command["reason"], version=command["version"], now=now())
