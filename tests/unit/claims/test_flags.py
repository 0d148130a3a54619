"""Flags of claims: each met once as it must be, and kept silent where honest claims look alike."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.claims import flag_rules
from app.claims.flag_rules import Connected, FlagFacts, LastMonth, Spent, flags
from app.claims.states import FlagCode, LineKind, Place
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.headings import Heading

DAY = date(2026, 11, 2)
OTHER_CLAIM = new_id()
SEED = 20261122


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def hkd(text: str) -> Money:
    return Money.parse(text, Currency.HKD)


def spent(number: int | None = 1, **changes: Any) -> Spent:
    given: dict[str, Any] = {
        "line_id": new_id(),
        "claim_id": OTHER_CLAIM,
        "number": number,
        "same_claimant": True,
        "kind": LineKind.RECEIPT,
        "heading": Heading.MATERIALS,
        "place": Place.SZ,
        "who": "Dr Zhou Yun",
        "seller": "华强电子有限公司",
        "seller_number": "",
        "first_day": DAY,
        "last_day": DAY,
        "quantity": None,
        "amount": cny("6000.00"),
    }
    given |= changes
    given["last_day"] = max(given["last_day"], given["first_day"])
    return Spent(**given)


def facts(*lines: Spent, earlier: tuple[Spent, ...] = (), **changes: Any) -> FlagFacts:
    given: dict[str, Any] = {
        "lines": lines,
        "earlier": earlier,
        "limits": (cny("10000.00"), hkd("10000.00")),
        "limit_source": "Purchasing rules",
        "within_days": 30,
    }
    return FlagFacts(**(given | changes))


def diem(number: int | None, first: date, days: str, **changes: Any) -> Spent:
    whole = int(-(-Decimal(days) // 1))
    last = first + timedelta(days=whole - 1)
    return spent(
        number,
        kind=LineKind.PER_DIEM,
        heading=Heading.TRAVEL,
        first_day=first,
        last_day=last,
        quantity=Decimal(days),
        **changes,
    )


def stay(number: int | None, first: date, nights: int, place: Place, **changes: Any) -> Spent:
    last = first + timedelta(days=nights)
    return spent(number, heading=Heading.TRAVEL, first_day=first, last_day=last, place=place, **changes)


MONTH = LastMonth(DAY, cny("25001.00"), cny("100000.00"))
LINE = spent()

RULES = {
    FlagCode.SPLIT: flag_rules.split_purchases,
    FlagCode.OVERLAPPING_TRAVEL: flag_rules.overlapping_travel,
    FlagCode.SPONSOR_IS_PAYEE: flag_rules.connected_parties,
    FlagCode.SHARED_WITH_STAFF: flag_rules.connected_parties,
    FlagCode.LAST_MONTH_RUSH: flag_rules.last_month_rush,
}
RAISED: list[tuple[str, FlagFacts, FlagCode]] = [
    ("within one claim", facts(spent(1), spent(2)), FlagCode.SPLIT),
    (
        "over two claims, the seller written otherwise",
        facts(spent(1, seller="华强电子 公司"), earlier=(spent(None),)),
        FlagCode.SPLIT,
    ),
    (
        "on the last day of the stretch",
        facts(spent(1, first_day=DAY + timedelta(days=29)), earlier=(spent(None),)),
        FlagCode.SPLIT,
    ),
    (
        "two allowances for a day",
        facts(diem(1, DAY, "3"), earlier=(diem(None, DAY + timedelta(days=2), "2"),)),
        FlagCode.OVERLAPPING_TRAVEL,
    ),
    (
        "two places at once",
        facts(stay(1, DAY, 3, Place.HK), earlier=(stay(None, DAY, 1, Place.SZ),)),
        FlagCode.OVERLAPPING_TRAVEL,
    ),
    ("much in the last month", facts(LINE, last_month=MONTH), FlagCode.LAST_MONTH_RUSH),
    (
        "a sponsor is paid",
        facts(LINE, connected=(Connected(FlagCode.SPONSOR_IS_PAYEE, LINE.line_id, "JNL-1", ()),)),
        FlagCode.SPONSOR_IS_PAYEE,
    ),
    (
        "a seller shares a number with staff",
        facts(LINE, connected=(Connected(FlagCode.SHARED_WITH_STAFF, LINE.line_id, "Mr Ho", ("a bank account",)),)),
        FlagCode.SHARED_WITH_STAFF,
    ),
]

SILENT: list[tuple[str, FlagFacts]] = [
    ("below the limit together", facts(spent(1), spent(2, amount=cny("3999.99")))),
    ("a day too far apart", facts(spent(1, first_day=DAY + timedelta(days=30)), earlier=(spent(None),))),
    ("another seller", facts(spent(1), spent(2, seller="Crossing Star"))),
    ("another currency", facts(spent(1), spent(2, amount=hkd("6000.00")))),
    ("with its quotation", facts(spent(1), spent(2, has_quotation=True))),
    ("travel is no purchase", facts(spent(1, heading=Heading.TRAVEL), spent(2, heading=Heading.TRAVEL))),
    ("one large purchase has its own rule", facts(spent(1, amount=cny("10000.00")))),
    ("a stretch wholly of earlier claims", facts(spent(1, seller="X"), earlier=(spent(None), spent(None)))),
    ("two halves of a day", facts(diem(1, DAY, "0.5"), diem(2, DAY, "0.5", place=Place.HK))),
    ("one journey after the other", facts(diem(1, DAY, "3"), earlier=(diem(None, DAY + timedelta(days=3), "2"),))),
    ("two people travelling together", facts(diem(1, DAY, "3"), earlier=(diem(None, DAY, "3", who="Ms Lau"),))),
    (
        "a stay that ends where the next begins",
        facts(stay(1, DAY, 2, Place.HK), stay(2, DAY + timedelta(days=2), 1, Place.SZ)),
    ),
    ("two bills of one stay", facts(stay(1, DAY, 2, Place.HK), stay(2, DAY, 2, Place.HK))),
    ("a quarter in the last month", facts(LINE, last_month=replace(MONTH, spent=cny("25000.00")))),
    ("nothing of it in this claim", facts(LINE, last_month=replace(MONTH, first_day=DAY + timedelta(days=1)))),
]


@pytest.mark.parametrize(("looked_at", "code"), [row[1:] for row in RAISED], ids=[row[0] for row in RAISED])
def test_what_belongs_together_is_flagged_once_by_name(looked_at: FlagFacts, code: FlagCode) -> None:
    found = flags(looked_at)
    assert [each.code for each in found] == [code]
    assert RULES[code](looked_at) == list(found)
    said = found[0].breach()
    assert said.message
    assert said.cure
    assert not said.blocking
    assert found[0].lines


@pytest.mark.parametrize("looked_at", [row[1] for row in SILENT], ids=[row[0] for row in SILENT])
def test_what_only_looks_alike_is_not_flagged(looked_at: FlagFacts) -> None:
    assert flags(looked_at) == ()


def test_a_flag_is_another_one_once_its_facts_change() -> None:
    one, two = spent(1), spent(2)
    first = flags(facts(one, two))[0]
    assert flags(facts(one, two))[0].about == first.about
    assert flags(facts(one, replace(two, amount=cny("6000.01"))))[0].about != first.about
    assert flags(facts(one, two, spent(3, amount=cny("1.00"))))[0].about != first.about


def test_only_the_rush_at_the_end_leaves_a_claim_free() -> None:
    assert {code for _name, looked_at, code in RAISED if not flags(looked_at)[0].holds} == {FlagCode.LAST_MONTH_RUSH}


def test_flags_that_speak_of_others_are_not_told_to_the_claimant() -> None:
    told = {name for name, looked_at, _code in RAISED if flags(looked_at)[0].for_claimant}
    assert not {name for name in told if "sponsor" in name or "staff" in name}
    assert not flags(facts(spent(1), earlier=(spent(None, same_claimant=False),)))[0].for_claimant


def test_of_five_hundred_lines_every_planted_pattern_is_found_and_hardly_an_honest_one_is_flagged() -> None:
    chance = random.Random(SEED)
    planted, missed, wrong, lines = 0, 0, 0, 0
    while lines < 500:
        honest = [_honest(chance, number) for number in range(1, 11)]
        lines += len(honest)
        wrong += len({number for flag in flags(facts(*honest)) for number in flag.lines})
        split = [spent(90 + n, seller="Planted", first_day=DAY + timedelta(days=n * 9)) for n in range(3)]
        twice = [diem(95, DAY, "2", who="Planted"), diem(96, DAY + timedelta(days=1), "2", who="Planted")]
        found = {flag.code for flag in flags(facts(*honest, *split, *twice)) if min(flag.lines) >= 90}
        planted += 2
        missed += len({FlagCode.SPLIT, FlagCode.OVERLAPPING_TRAVEL} - found)
    assert (lines, planted, missed) == (500, 100, 0)
    assert wrong <= 10


def _honest(chance: random.Random, number: int) -> Spent:
    """A line as teams claim it: small purchases from many shops over a year, a journey now and then."""
    first = date(2026, 1, 1) + timedelta(days=chance.randrange(330))
    if chance.random() < 0.2:
        return diem(number, first, chance.choice(["0.5", "1", "2", "3"]), who=f"Person {chance.randrange(12)}")
    amount = Money(chance.randrange(2_000, 300_000), chance.choice(list(Currency)))
    return spent(number, seller=f"Shop {chance.randrange(40)}", first_day=first, amount=amount)
