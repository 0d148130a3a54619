"""Statement D: the equipment of a contract, where it stands, how it crossed the boundary and what left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.equipment import queries as equipment
from app.equipment.models import EquipmentDisposal, EquipmentItem
from app.equipment.states import HEADINGS, Crossing, DisposalKind, DisposalStatus, Place
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading
from app.people import queries as people
from reports.contract_figures import ContractFigures
from reports.model import (
    Column,
    Kind,
    Literal,
    Note,
    Report,
    Row,
    RowStyle,
    Section,
    Table,
    Text,
    Words,
    group,
    row,
    text,
)
from reports.parameters import Parameters
from reports.register_figures import frame, rate_note, tie_section, ties

NAME = "equipment-register"

PLACES = {Place.SZ: text(_("Shenzhen")), Place.HK: text(_("Hong Kong"))}
CROSSINGS = {
    Crossing.TEMPORARY_IMPORT: text(_("Temporary import")),
    Crossing.ATA_CARNET: text(_("ATA carnet")),
    Crossing.RELIEF_GOODS: text(_("Relieved of duty")),
    Crossing.ORDINARY_IMPORT: text(_("Ordinary import, duty paid")),
}
DISPOSALS = {
    DisposalKind.SOLD: text(_("Sold")),
    DisposalKind.SCRAPPED: text(_("Scrapped")),
    DisposalKind.TRANSFERRED: text(_("Transferred to another institution")),
    DisposalKind.RETURNED_TO_FUNDER: text(_("Returned to the funder")),
    DisposalKind.LOST: text(_("Lost")),
}


def build(session: Session, parameters: Parameters) -> Report:
    """Statement D of `parameters.contract_id`: everything acquired up to `parameters.last_day`, as registered now."""
    figures = ContractFigures(session, parameters)
    items = equipment.of_contract(session, figures.contract.id, parameters.last_day)
    registered = {
        heading: total((each.charged for each in items if each.heading == heading), figures.currency)
        for heading in HEADINGS
    }
    found = ties(figures, HEADINGS, registered, [Heading.EQUIPMENT_PURCHASE])
    return Report(
        name=NAME,
        title=text(_("Equipment Register")),
        sections=(
            _register(items, figures.currency, parameters),
            _disposals(session, items, parameters),
            _crossings(items),
            tie_section(_("4. Agreement with the ledger"), _("In the register"), found, figures.currency),
        ),
        notes=(*_notes(), *rate_note(session, "2", (each.rate_id for each in items))),
        **frame(session, figures, parameters, "SER"),
    )


def _left(item: EquipmentItem, last_day: date) -> EquipmentDisposal | None:
    """The approved disposal by which the item had left on the last day."""
    disposal = item.disposal(DisposalStatus.APPROVED)
    return disposal if disposal is not None and disposal.disposed_on <= last_day else None


def _register(items: Sequence[EquipmentItem], currency: Currency, parameters: Parameters) -> Section:
    columns = (
        Column("tag", text(_("Tag")), Kind.REFERENCE),
        Column("description", text(_("Description"))),
        Column("supplier", text(_("Supplier and serial number"))),
        Column("acquired_on", text(_("Acquired on")), Kind.DATE),
        Column("location", text(_("Where")), width=84),
        Column("custodian", text(_("Custodian"))),
        Column("cost", text(_("Cost")), Kind.MONEY),
        Column("share", text(_("Funded share")), Kind.PERCENT, width=40),
        Column("charged", text(_("Charged to the contract")), Kind.MONEY, currency=currency),
        Column("seen_on", text(_("Seen on")), Kind.DATE),
        Column("status", text(_("Status")), width=52),
    )
    before = [each for each in items if each.acquired_on < parameters.first_day]
    within = [each for each in items if each.acquired_on >= parameters.first_day]
    rows: list[Row] = []
    for heading, some in ((_("Acquired before the period"), before), (_("Acquired in the period"), within)):
        if some:
            rows.append(group(text(heading)))
            rows += [_item_row(each, parameters.last_day) for each in some]
            rows.append(_sum_row(_("Subtotal"), some, currency, RowStyle.SUBTOTAL))
    rows += _cost_rows(items)
    rows.append(_sum_row(_("Total charged"), items, currency, RowStyle.TOTAL))
    none = () if items else (text(_("No equipment was acquired up to the end of the period.")),)
    table = Table("items", columns, tuple(rows), caption=text(_("Items of equipment")))
    return Section(text(_("1. Items of equipment")), none, table)


def _item_row(item: EquipmentItem, last_day: date) -> Row:
    maker = " · ".join(each for each in (item.supplier, item.serial_number) if each)
    seen = max((each.seen_on for each in item.sightings if each.seen_on <= last_day), default=None)
    return row(
        item.tag,
        item.description,
        maker,
        item.acquired_on,
        _where(item),
        item.custodian,
        item.cost,
        item.funded_percent,
        item.charged,
        seen,
        text(_("Disposed of")) if _left(item, last_day) else text(_("In use")),
    )


def _where(item: EquipmentItem) -> Words:
    place = PLACES[Place(item.place)]
    return text(_("%(place)s, %(location)s"), place=place, location=Literal(item.location)) if item.location else place


def _sum_row(label: str, items: Iterable[EquipmentItem], currency: Currency, style: RowStyle) -> Row:
    charged = total((each.charged for each in items), currency)
    return row(None, text(label), None, None, None, None, None, None, charged, None, None, style=style)


def _cost_rows(items: Sequence[EquipmentItem]) -> list[Row]:
    """What was paid, a line for each currency: two currencies are never added."""
    rows = []
    for currency in Currency:
        costs = [each.cost for each in items if each.currency == currency]
        if costs:
            label = text(_("Cost paid in %(currency)s"), currency=currency.value)
            paid = total(costs, currency)
            rows.append(row(None, label, None, None, None, None, paid, None, None, None, None, style=RowStyle.SUBTOTAL))
    return rows


def _disposals(session: Session, items: Sequence[EquipmentItem], parameters: Parameters) -> Section:
    left = [(each, disposal) for each in items if (disposal := _left(each, parameters.last_day)) is not None]
    chosen = [pair for pair in left if pair[1].disposed_on >= parameters.first_day]
    names = people.names_of(
        session, [key for _item, each in chosen for key in (each.proposed_by_id, each.decided_by_id)]
    )
    columns = (
        Column("tag", text(_("Tag")), Kind.REFERENCE),
        Column("description", text(_("Description"))),
        Column("disposed_on", text(_("Date")), Kind.DATE),
        Column("kind", text(_("How it left"))),
        Column("proceeds", text(_("Proceeds")), Kind.MONEY),
        Column("reason", text(_("Reason"))),
        Column("release", text(_("Customs release"))),
        Column("proposed_by", text(_("Proposed by"))),
        Column("approved_by", text(_("Approved by"))),
    )
    rows = [
        row(
            item.tag,
            item.description,
            each.disposed_on,
            DISPOSALS[DisposalKind(each.kind)],
            each.proceeds,
            each.reason,
            each.customs_release,
            names.get(each.proposed_by_id, ""),
            names.get(each.decided_by_id, "") if each.decided_by_id else "",
        )
        for item, each in chosen
    ]
    rows += _proceeds_rows([each.proceeds for _item, each in chosen])
    none = () if chosen else (text(_("Nothing left in the period.")),)
    return Section(text(_("2. Disposals in the period")), none, Table("disposals", columns, tuple(rows)))


def _proceeds_rows(proceeds: Sequence[Money]) -> list[Row]:
    rows = []
    for currency in Currency:
        some = [each for each in proceeds if each.currency is currency and each]
        if some:
            label = text(_("Proceeds in %(currency)s"), currency=currency.value)
            whole = total(some, currency)
            rows.append(row(None, label, None, None, whole, None, None, None, None, style=RowStyle.TOTAL))
    return rows


def _crossings(items: Sequence[EquipmentItem]) -> Section:
    chosen = [each for each in items if each.crossing or each.relief_certificate]
    columns = (
        Column("tag", text(_("Tag")), Kind.REFERENCE),
        Column("procedure", text(_("Customs procedure"))),
        Column("document", text(_("Customs document"))),
        Column("crossed_on", text(_("Crossed on")), Kind.DATE),
        Column("return_by", text(_("Goes back by")), Kind.DATE),
        Column("returned_on", text(_("Went back on")), Kind.DATE),
        Column("second_line_on", text(_("Second line on")), Kind.DATE),
        Column("hs_code", text(_("HS code"))),
        Column("certificate", text(_("Relief certificate"))),
        Column("supervision_until", text(_("Supervised until")), Kind.DATE),
        Column("source", text(_("Source of the period"))),
        Column("duty_paid", text(_("Duty and taxes paid")), Kind.MONEY, currency=Currency.CNY),
    )
    rows = tuple(
        row(
            each.tag,
            _procedure(each),
            each.customs_document,
            each.crossed_on,
            each.return_by,
            each.returned_on,
            each.second_line_on,
            each.hs_code,
            each.relief_certificate,
            each.supervision_until,
            each.relief_source,
            each.duty_paid,
        )
        for each in chosen
    )
    none = () if chosen else (text(_("No item crossed the boundary.")),)
    return Section(text(_("3. Line crossing and relief of duty")), none, Table("crossings", columns, rows))


def _procedure(item: EquipmentItem) -> Text | None:
    return CROSSINGS[Crossing(item.crossing)] if item.crossing else None


def _notes() -> tuple[Note, ...]:
    return (
        Note(
            "1",
            text(_("What is listed")),
            (
                text(
                    _(
                        "Every item acquired under the contract up to the last day, those that left too, as the"
                        " register says when the statement is prepared. The cost is in the currency it was paid in;"
                        " what was charged is in the contract's currency, converted at the booking rate of the day of"
                        " acquisition unless what was charged is stated. Two currencies are never added."
                    )
                ),
                text(_("Periods of customs supervision are stated with their source; none is assumed.")),
            ),
        ),
    )
