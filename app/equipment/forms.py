"""What comes in for equipment: an item, a file of items, a stock-taking, a disposal, and the filters of the list."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, ClassVar

from app.equipment.queries import ItemFilters
from app.equipment.service import ChangeItem, KeepItem, ProposeDisposal, SeeItem
from app.equipment.states import HEADINGS, Crossing, DisposalKind, DisposalStatus, ItemStatus, Place
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.ledger.headings import Heading
from app.web.fields import (
    AmountField,
    ChoiceField,
    CurrencyField,
    DateField,
    LineField,
    PercentField,
    ReferenceField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.row_files import RowFileField
from app.web.schemas import Form, PageQuery

PLACE_LABELS = {Place.SZ: _("Shenzhen"), Place.HK: _("Hong Kong")}
HEADING_LABELS = {heading: heading.label for heading in HEADINGS}
CROSSING_LABELS = {
    Crossing.TEMPORARY_IMPORT: _("Temporary import"),
    Crossing.ATA_CARNET: _("ATA carnet"),
    Crossing.RELIEF_GOODS: _("Relieved of duty"),
    Crossing.ORDINARY_IMPORT: _("Ordinary import, duty paid"),
}
STATUS_LABELS = {ItemStatus.HELD: _("In use"), ItemStatus.DISPOSED: _("Disposed of")}
DISPOSAL_LABELS = {
    DisposalKind.SOLD: _("Sold"),
    DisposalKind.SCRAPPED: _("Scrapped"),
    DisposalKind.TRANSFERRED: _("Transferred to another institution"),
    DisposalKind.RETURNED_TO_FUNDER: _("Returned to the funder"),
    DisposalKind.LOST: _("Lost"),
}
DISPOSAL_STATUS_LABELS = {
    DisposalStatus.PROPOSED: _("Waiting for a second person"),
    DisposalStatus.APPROVED: _("Approved"),
    DisposalStatus.REFUSED: _("Refused"),
}


def _item(*, currency: Any, charged_currency: Any, **values: Any) -> KeepItem:
    """The currencies stand in the amounts already."""
    return KeepItem(**values)


def _changed(*, version: int, **values: Any) -> ChangeItem:
    return ChangeItem(version, _item(**values))


class ItemForm(Form):
    """One item. A file of items names these fields in its first line."""

    command: ClassVar[Callable[..., Any] | None] = staticmethod(_item)

    contract = ReferenceField(label=_("Contract"))
    tag = LineField(max_length=60, label=_("Tag"))
    description = LineField(label=_("Description"))
    supplier = LineField(label=_("Supplier"), load_default="")
    serial_number = LineField(label=_("Serial number"), load_default="")
    heading = ChoiceField(
        Heading, HEADING_LABELS, only=HEADINGS, label=_("Heading"), load_default=Heading.EQUIPMENT_PURCHASE
    )
    acquired_on = DateField(label=_("Acquired on"))
    currency = CurrencyField(label=_("Currency"))
    cost = AmountField(label=_("Cost"))
    funded_percent = PercentField(label=_("Funded share in percent"), load_default=Decimal(100))
    charged = AmountField(
        currency_from="charged_currency", zero=True, label=_("Charged to the contract"), required=False
    )
    charged_currency = CurrencyField(label=_("Currency charged"), required=False)
    entry_id = WholeNumberField(low=1, high=2**53, label=_("Entry that booked the cost"), required=False)
    place = ChoiceField(Place, PLACE_LABELS, label=_("Side"))
    location = LineField(label=_("Location"), load_default="")
    custodian = LineField(label=_("Custodian"), load_default="")
    crossing = ChoiceField(Crossing, CROSSING_LABELS, label=_("Customs procedure"), required=False)
    customs_document = LineField(label=_("Customs document"), load_default="")
    crossed_on = DateField(label=_("Crossed on"), required=False)
    return_by = DateField(label=_("Goes back by"), required=False)
    returned_on = DateField(label=_("Went back on"), required=False)
    second_line_on = DateField(label=_("Crossed the second line on"), required=False)
    hs_code = LineField(max_length=12, label=_("HS code"), load_default="")
    relief_item = LineField(label=_("Class and item of the relief list"), load_default="")
    relief_certificate = LineField(label=_("Relief certificate"), load_default="")
    customs_account = LineField(label=_("Customs electronic account"), load_default="")
    supervision_until = DateField(label=_("Supervised until"), required=False)
    relief_source = LineField(label=_("Source of the period"), load_default="")
    duty_paid = AmountField(currency=Currency.CNY, zero=True, label=_("Duty and taxes paid"), required=False)
    relief_renounced_on = DateField(label=_("Relief given up on"), required=False)


class ChangeForm(ItemForm):
    """An item as it shall stand."""

    command = staticmethod(_changed)

    version = VersionField()


class ImportForm(Form):
    """A file of items."""

    file = RowFileField(ItemForm, source=_("Columns of a register of equipment"), label=_("File"))


class SeeForm(Form):
    """A stock-taking."""

    command = SeeItem

    seen_on = DateField(label=_("Seen on"))
    place = ChoiceField(Place, PLACE_LABELS, label=_("Side"))
    location = LineField(label=_("Location"), load_default="")
    condition = LineField(label=_("Condition"), load_default="")


def _disposal(*, currency: Any, version: int, **values: Any) -> tuple[int, ProposeDisposal]:
    return version, ProposeDisposal(**values)


class DisposalForm(Form):
    """How an item is to leave."""

    command = staticmethod(_disposal)

    version = VersionField()
    kind = ChoiceField(DisposalKind, DISPOSAL_LABELS, label=_("How it leaves"))
    disposed_on = DateField(label=_("Date"))
    currency = CurrencyField(label=_("Currency"), required=False)
    proceeds = AmountField(zero=True, label=_("Proceeds"), required=False)
    reason = TextField(max_length=400, label=_("Reason"))
    customs_release = LineField(label=_("Customs release or payment of duty"), load_default="")


class DecideForm(Form):
    """A decision on the version the page showed."""

    version = VersionField()


class RefuseForm(Form):
    """A refusal, which says why."""

    version = VersionField()
    reason = TextField(max_length=400, label=_("Reason"))


class ItemListForm(PageQuery):
    """Filters of the register."""

    command = ItemFilters

    text = LineField(label=_("Search"), load_default="")
    contract = LineField(label=_("Contract"), load_default="")
    place = ChoiceField(Place, PLACE_LABELS, label=_("Side"), required=False)
    status = ChoiceField(ItemStatus, STATUS_LABELS, label=_("Status"), required=False)
    unseen_since = DateField(label=_("Not seen since"), required=False)
