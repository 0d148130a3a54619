"""The register: who keeps it, what it refuses, stock-taking, disposal by two people, and files taken whole or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.audit.queries import events_of
from app.contracts.models import Contract
from app.equipment import queries, service
from app.equipment.queries import ItemFilters
from app.equipment.service import ChangeItem, KeepItem, SeeItem
from app.equipment.states import Crossing, DisposalKind, ItemStatus, Place
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.web.row_files import FileRow, Imported, RowFile
from tests.builders import equipment, journals, payments, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example once the money has arrived, in CNY, at a Hong Kong grantee."""
    return statements.received(session)


def codes(refusal: pytest.ExceptionInfo[Any]) -> list[str]:
    """The codes of what was refused."""
    return [breach.code for breach in refusal.value.breaches]


def imported(session: Session, made: PaymentWorld, *commands: KeepItem) -> Imported:
    """A file with one line for each command, from line 2 on."""
    rows = tuple(FileRow(line, each) for line, each in enumerate(commands, 2))
    return service.import_items(session, made.finance, RowFile("items.csv", "0" * 64, rows), now=NOW)


def test_contract_bears_the_funded_share_of_the_cost_rounded_half_up(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made, cost=cny("1000.01"), funded_percent=Decimal(50))
    assert item.charged == cny("500.01")


def test_cost_in_another_currency_needs_what_was_charged(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(RuleBreached) as refusal:
        equipment.kept(session, made, cost=hkd("1000.00"))
    assert codes(refusal) == ["equipment.charged-missing"]
    item = equipment.kept(session, made, cost=hkd("1000.00"), charged=cny("924.00"))
    assert (item.cost, item.charged) == (hkd("1000.00"), cny("924.00"))


def test_cost_in_another_currency_is_converted_at_the_booking_rate_of_its_day(
    session: Session, made: PaymentWorld
) -> None:
    paid = {"cost": hkd("1000.01"), "acquired_on": TODAY, "funded_percent": Decimal(50)}
    item = equipment.kept(session, made, **paid)
    assert (item.cost, item.charged, item.rate) == (hkd("1000.01"), cny("462.00"), Decimal("0.9240"))
    payments.rate(session, "0.9000", TODAY)
    wanted = replace(service.as_command(item), location="Building 9")
    service.change(session, made.finance, item.reference, ChangeItem(item.version, wanted), now=NOW)
    assert item.charged == cny("462.00")
    session.flush()
    session.expire_all()
    assert imported(session, made, replace(wanted, charged=None)) == Imported(0, 1)
    stated = replace(wanted, charged=cny("460.00"))
    service.change(session, made.finance, item.reference, ChangeItem(item.version, stated), now=NOW)
    assert (item.charged, item.rate_id) == (cny("460.00"), None)


def test_tag_is_used_once_in_an_institution(session: Session, made: PaymentWorld) -> None:
    equipment.kept(session, made)
    with pytest.raises(RuleBreached) as refusal:
        equipment.kept(session, made, description="Another thing")
    assert codes(refusal) == ["equipment.tag-taken"]


def test_items_of_one_entry_come_to_no_more_than_it_booked(session: Session, made: PaymentWorld) -> None:
    entry_id = journals.cost(session, made, hkd("1000.00"), Heading.EQUIPMENT_PURCHASE).entry_id
    equipment.kept(session, made, cost=cny("900.00"), entry_id=entry_id)
    with pytest.raises(RuleBreached) as refusal:
        equipment.kept(session, made, "EQ-2", cost=cny("24.01"), entry_id=entry_id)
    assert codes(refusal) == ["equipment.entry-exceeded"]
    equipment.kept(session, made, "EQ-2", cost=cny("24.00"), entry_id=entry_id)


def test_entry_that_books_no_equipment_is_refused(session: Session, made: PaymentWorld) -> None:
    entry_id = journals.cost(session, made, hkd("1000.00"), Heading.MATERIALS).entry_id
    with pytest.raises(RuleBreached) as refusal:
        equipment.kept(session, made, cost=cny("900.00"), entry_id=entry_id)
    assert codes(refusal) == ["equipment.entry-unknown"]


def test_change_keeps_in_the_trail_what_stood_before(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made)
    wanted = replace(service.as_command(item), location="Building 9")
    service.change(session, made.finance, item.reference, ChangeItem(item.version, wanted), now=NOW)
    session.flush()
    changed = [
        each.details["changed"]
        for each in events_of(session, "equipment-item", item.id)
        if each.verb == "equipment.change"
    ]
    assert changed == [{"location": ["Building 2", "Building 9"]}]


def test_stale_change_is_refused(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made)
    with pytest.raises(Conflict):
        service.change(
            session, made.finance, item.reference, ChangeItem(item.version + 1, service.as_command(item)), now=NOW
        )


def test_item_stands_where_it_was_last_seen(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made)
    service.see(session, made.finance, item.reference, SeeItem(date(2026, 11, 10), Place.HK, "Room 5"), now=NOW)
    service.see(session, made.finance, item.reference, SeeItem(date(2026, 11, 5), Place.SZ, "Corridor"), now=NOW)
    assert (item.place, item.location) == (Place.HK, "Room 5")
    assert [each.seen_on.day for each in item.sightings] == [5, 10]


def test_list_finds_what_no_stock_taking_has_seen(session: Session, made: PaymentWorld) -> None:
    seen, unseen = equipment.kept(session, made), equipment.kept(session, made, "EQ-2")
    service.see(session, made.finance, seen.reference, SeeItem(TODAY, Place.SZ), now=NOW)
    found = queries.listed(session, made.finance, ItemFilters(unseen_since=date(2026, 11, 1)))
    assert [each.tag for each in found.items] == [unseen.tag]


def test_whoever_proposed_a_disposal_cannot_approve_it(session: Session, made: PaymentWorld) -> None:
    item = equipment.proposed(session, made, equipment.kept(session, made))
    with pytest.raises(NotPermitted) as refusal:
        service.approve_disposal(session, made.finance, item.reference, version=item.version, now=NOW)
    assert codes(refusal) == ["access.own-work"]
    service.approve_disposal(session, made.other_finance, item.reference, version=item.version, now=NOW)
    assert item.status == ItemStatus.DISPOSED


def test_item_that_has_left_is_not_changed_any_more(session: Session, made: PaymentWorld) -> None:
    item = equipment.disposed(session, made, equipment.kept(session, made))
    with pytest.raises(Conflict) as refusal:
        service.change(
            session, made.finance, item.reference, ChangeItem(item.version, service.as_command(item)), now=NOW
        )
    assert codes(refusal) == ["equipment.left"]


def test_refused_disposal_leaves_the_item_and_another_may_follow(session: Session, made: PaymentWorld) -> None:
    item = equipment.proposed(session, made, equipment.kept(session, made))
    service.refuse_disposal(session, made.other_finance, item.reference, "It works", version=item.version, now=NOW)
    assert item.status == ItemStatus.HELD
    assert equipment.disposed(session, made, item).status == ItemStatus.DISPOSED


@pytest.mark.parametrize(
    "customs",
    [
        {"crossing": Crossing.ATA_CARNET, "customs_document": "ATA 1", "return_by": date(2027, 5, 1)},
        {
            "crossing": Crossing.RELIEF_GOODS,
            "customs_document": "D 1",
            "relief_certificate": "R 1",
            "supervision_until": date(2029, 5, 1),
            "relief_source": "Certificate R 1",
        },
    ],
)
def test_goods_under_the_customs_leave_with_their_release_only(
    session: Session, made: PaymentWorld, customs: dict[str, Any]
) -> None:
    item = equipment.kept(session, made, **customs)
    with pytest.raises(RuleBreached) as refusal:
        equipment.proposed(session, made, item)
    assert codes(refusal) == ["equipment.under-supervision"]
    assert equipment.disposed(session, made, item, customs_release="REL-7").status == ItemStatus.DISPOSED


def test_sale_needs_proceeds(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made)
    with pytest.raises(RuleBreached) as refusal:
        equipment.proposed(session, made, item, kind=DisposalKind.SOLD)
    assert codes(refusal) == ["equipment.proceeds-missing"]


def test_same_file_twice_enters_nothing_twice(session: Session, made: PaymentWorld) -> None:
    file = [
        equipment.command(made, "A"),
        equipment.command(made, "B", cost=cny("5.00"), funded_percent=Decimal("33.3")),
    ]
    assert imported(session, made, *file) == Imported(2, 0)
    session.expire_all()
    assert imported(session, made, *file) == Imported(0, 2)


def test_one_wrong_line_stops_the_whole_file_and_is_named(session: Session, made: PaymentWorld) -> None:
    wrong = equipment.command(made, "B", crossing=Crossing.TEMPORARY_IMPORT, customs_document="T 1")
    with pytest.raises(RuleBreached) as refusal, session.begin_nested():
        imported(session, made, equipment.command(made, "A"), wrong, equipment.command(made, "A"))
    named = [(each.params["line"], each.params["column"], each.code) for each in refusal.value.breaches]
    assert named == [(3, "return_by", "equipment.return-date-missing"), (4, "tag", "equipment.tag-twice")]
    assert queries.listed(session, made.finance, ItemFilters()).items == []


def test_known_tag_with_other_content_stops_the_file(session: Session, made: PaymentWorld) -> None:
    equipment.kept(session, made)
    with pytest.raises(RuleBreached) as refusal:
        imported(session, made, equipment.command(made, description="Telescope"))
    assert codes(refusal) == ["equipment.tag-taken"]


def test_funder_reads_and_does_not_write(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made)
    assert queries.visible_item(session, made.maker, item.reference).id == item.id
    with pytest.raises(InputRefused) as refusal:
        service.keep(session, made.maker, equipment.command(made, "EQ-2"), now=NOW)
    assert codes(refusal) == ["equipment.contract-unknown"]
    with pytest.raises(NotPermitted):
        service.see(session, made.maker, item.reference, SeeItem(TODAY, Place.SZ), now=NOW)


def test_item_does_not_exist_for_others(session: Session, made: PaymentWorld) -> None:
    item = equipment.kept(session, made)
    other = payments.world(session)
    for stranger in (
        other.finance,
        payments.someone(session, "Another leader", Role.PRINCIPAL_INVESTIGATOR, made.grantee),
    ):
        with pytest.raises(NotFound):
            queries.visible_item(session, stranger, item.reference)
    assert queries.visible_item(session, made.leader, item.reference).id == item.id


def test_contract_of_a_draft_or_another_institution_takes_no_item(session: Session, made: PaymentWorld) -> None:
    session.get_one(Contract, made.contract.id).status = "DRAFT"
    with pytest.raises(InputRefused):
        equipment.kept(session, made)


def test_charged_is_in_the_contracts_currency(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(RuleBreached) as refusal:
        equipment.kept(session, made, charged=Money.parse("1.00", Currency.HKD))
    assert codes(refusal) == ["equipment.charged-currency"]
