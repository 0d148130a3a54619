"""Builders of items of equipment on a world's contract, entered by a finance officer of its grantee."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.equipment import service
from app.equipment.models import EquipmentItem
from app.equipment.service import KeepItem, ProposeDisposal
from app.equipment.states import DisposalKind, Place
from app.kernel.money import Money
from tests.builders.payments import NOW, TODAY, PaymentWorld


def command(made: PaymentWorld, tag: str = "EQ-1", **changes: Any) -> KeepItem:
    """A microscope of 1,000.00 in the contract's currency, unless told otherwise."""
    values: dict[str, Any] = {
        "contract": made.contract.reference,
        "tag": tag,
        "description": "Microscope",
        "cost": Money.parse("1000.00", made.currency),
        "acquired_on": date(2026, 11, 2),
        "place": Place.SZ,
        "supplier": "Optics Limited",
        "location": "Building 2",
    }
    return KeepItem(**(values | changes))


def kept(session: Session, made: PaymentWorld, tag: str = "EQ-1", **changes: Any) -> EquipmentItem:
    """Entered by the first finance officer."""
    return service.keep(session, made.finance, command(made, tag, **changes), now=NOW)


def proposed(session: Session, made: PaymentWorld, item: EquipmentItem, **changes: Any) -> EquipmentItem:
    """The first finance officer proposes to scrap the item today."""
    values: dict[str, Any] = {"kind": DisposalKind.SCRAPPED, "disposed_on": TODAY, "reason": "Beyond repair"}
    wanted = ProposeDisposal(**(values | changes))
    return service.propose_disposal(session, made.finance, item.reference, wanted, version=item.version, now=NOW)


def disposed(session: Session, made: PaymentWorld, item: EquipmentItem, **changes: Any) -> EquipmentItem:
    """Proposed by one finance officer and approved by another."""
    waiting = proposed(session, made, item, **changes)
    return service.approve_disposal(session, made.other_finance, item.reference, version=waiting.version, now=NOW)
