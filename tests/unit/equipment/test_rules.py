"""Rules of the register on plain facts: customs, days, and when relief may be asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.equipment.rules import ItemFacts, breaches, may_apply_again_on, remarks
from app.equipment.states import Crossing
from app.kernel.currencies import Currency
from app.kernel.money import Money

COST = Money.parse("100.00", Currency.CNY)
TODAY = date(2026, 11, 20)
SOUND = ItemFacts(
    cost=COST,
    charged=COST,
    contract_currency=Currency.CNY,
    acquired_on=date(2026, 11, 1),
    today=TODAY,
    entry_named=False,
    booked=None,
    crossing=None,
    customs_document="",
    crossed_on=None,
    return_by=None,
    returned_on=None,
    second_line_on=None,
    relief_certificate="",
    supervision_until=None,
    relief_source="",
)


def codes(facts: ItemFacts) -> list[str]:
    """What stands against the item."""
    return [each.code for each in breaches(facts)]


def test_plain_item_of_the_contracts_currency_is_sound() -> None:
    assert codes(SOUND) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"charged": None}, "equipment.charged-missing"),
        ({"charged": COST + COST}, "equipment.charged-above-cost"),
        ({"charged": Money.zero(Currency.HKD)}, "equipment.charged-currency"),
        ({"acquired_on": date(2026, 11, 21)}, "equipment.acquired-later"),
        ({"crossed_on": date(2026, 11, 2), "returned_on": date(2026, 11, 1)}, "equipment.crossing-dates"),
        ({"crossing": Crossing.ORDINARY_IMPORT}, "equipment.customs-document-missing"),
        ({"crossing": Crossing.ATA_CARNET, "customs_document": "A"}, "equipment.return-date-missing"),
        ({"crossing": Crossing.RELIEF_GOODS, "customs_document": "D"}, "equipment.certificate-missing"),
        ({"supervision_until": date(2029, 1, 1)}, "equipment.supervision-source-missing"),
        ({"entry_named": True}, "equipment.entry-unknown"),
    ],
)
def test_each_rule_names_what_is_wrong(changes: dict[str, Any], code: str) -> None:
    assert codes(replace(SOUND, **changes)) == [code]


def test_goods_that_went_back_need_no_date_of_return() -> None:
    back = replace(SOUND, crossing=Crossing.ATA_CARNET, customs_document="A", crossed_on=TODAY, returned_on=TODAY)
    assert codes(back) == []


@pytest.mark.parametrize(
    ("given_up", "again"),
    [
        (date(2026, 2, 10), date(2029, 2, 10)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2026, 1, 31), date(2029, 1, 31)),
    ],
)
def test_relief_given_up_may_be_asked_for_after_thirty_six_months(given_up: date, again: date) -> None:
    assert may_apply_again_on(given_up) == again


@pytest.mark.parametrize(
    ("return_by", "code"), [(TODAY, "equipment.goes-back"), (date(2026, 11, 19), "equipment.return-overdue")]
)
def test_reader_is_told_of_goods_that_must_go_back(return_by: date, code: str) -> None:
    found = remarks(
        today=TODAY,
        crossing=Crossing.ATA_CARNET,
        return_by=return_by,
        returned_on=None,
        supervision_until=None,
        relief_source="",
        relief_renounced_on=None,
    )
    assert [each.code for each in found] == [code]


def test_supervision_is_told_with_its_own_source() -> None:
    found = remarks(
        today=TODAY,
        crossing=None,
        return_by=None,
        returned_on=None,
        supervision_until=TODAY,
        relief_source="Certificate 7",
        relief_renounced_on=None,
    )
    assert [(each.code, each.source, each.blocking) for each in found] == [
        ("equipment.supervised", "Certificate 7", False)
    ]
