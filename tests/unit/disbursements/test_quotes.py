"""Banks' quotes: which bank converts, what a quote may be, and a dealt rate that names one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.disbursements import conversion, quote_rules
from app.disbursements.conversion import Currencies
from app.disbursements.quote_rules import DealFacts, QuoteFacts
from app.disbursements.states import ConversionSide, Firmness
from app.kernel.currencies import Currency, Market
from app.ledger.entries import Rate
from tests.builders.payments import NOW

CNY, HKD = Currency.CNY, Currency.HKD
PAYER, PAYEE = ConversionSide.PAYER, ConversionSide.PAYEE
QUOTED = Rate(HKD, CNY, Decimal("0.9250"))
REFERENCE = Rate(HKD, CNY, Decimal("0.9240"))


@pytest.mark.parametrize(
    ("contract", "payer", "payee", "chosen", "side", "sold", "bought"),
    [
        (CNY, CNY, CNY, None, None, CNY, CNY),
        (CNY, CNY, CNY, PAYER, None, CNY, CNY),
        (CNY, CNY, HKD, None, PAYEE, CNY, HKD),
        (CNY, CNY, HKD, PAYER, PAYER, CNY, HKD),
        (CNY, HKD, CNY, None, PAYER, HKD, CNY),
        (CNY, HKD, HKD, None, PAYER, HKD, CNY),
        (HKD, HKD, CNY, None, PAYEE, HKD, CNY),
    ],
)
def test_the_accounts_say_whose_bank_converts_and_the_maker_where_they_leave_a_choice(
    contract: Currency,
    payer: Currency,
    payee: Currency,
    chosen: ConversionSide | None,
    side: ConversionSide | None,
    sold: Currency,
    bought: Currency,
) -> None:
    currencies = Currencies(contract, payer, payee)
    assert conversion.converting_side(currencies, chosen) is side
    assert (currencies.sold, currencies.bought) == (sold, bought)
    assert currencies.converted is (side is not None)


def test_a_mainland_bank_deals_onshore_and_every_other_offshore() -> None:
    assert [conversion.market_of(side) for side in ("SZ", "HK", "MO", "OTHER")] == [
        Market.ONSHORE,
        Market.OFFSHORE,
        Market.OFFSHORE,
        Market.OFFSHORE,
    ]


def test_a_higher_price_of_hkd_is_dearer_for_who_gives_cny_and_cheaper_for_who_gives_hkd() -> None:
    assert conversion.dearer_percent(QUOTED, REFERENCE, CNY) == Decimal("0.1082")
    assert conversion.dearer_percent(QUOTED, REFERENCE, HKD) == Decimal("-0.1081")
    other_way = Rate(CNY, HKD, 1 / Decimal("0.9250"))
    assert conversion.dearer_percent(other_way, REFERENCE, CNY) == Decimal("0.1082")


def test_a_rate_for_a_hundred_units_is_a_hundredth_for_one() -> None:
    assert conversion.per_one(Decimal("92.406"), 100) == Decimal("0.9240600000")


def quote(**changes: Any) -> list[str]:
    sound = QuoteFacts(
        currencies=Currencies(CNY, CNY, HKD),
        quoted=QUOTED,
        firmness=Firmness.FIRM,
        asked_at=NOW,
        valid_until=NOW + timedelta(minutes=10),
        now=NOW,
        reference=REFERENCE,
        largest_step_percent=Decimal(10),
        dealt=False,
    )
    return [breach.code for breach in quote_rules.quote_breaches(replace(sound, **changes))]


def test_a_sound_quote_is_kept_also_where_no_reference_rate_is_known() -> None:
    assert quote() == []
    assert quote(reference=None) == []
    assert quote(firmness=Firmness.INDICATIVE, valid_until=None) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"currencies": Currencies(CNY, CNY, CNY)}, "quote.nothing-converted"),
        ({"asked_at": NOW + timedelta(minutes=1)}, "quote.in-future"),
        ({"valid_until": None}, "quote.end-missing"),
        ({"valid_until": NOW}, "quote.ends-early"),
        ({"quoted": Rate(HKD, CNY, Decimal("92.50"))}, "quote.unlikely"),
        ({"quoted": Rate(CNY, HKD, Decimal("0.9250"))}, "quote.unlikely"),
        ({"dealt": True}, "quote.too-late"),
    ],
)
def test_a_quote_is_refused(changes: dict[str, Any], code: str) -> None:
    assert quote(**changes) == [code]


def deal(**changes: Any) -> list[str]:
    sound = DealFacts(
        side=PAYEE,
        quote_side=PAYEE,
        quoted=QUOTED,
        asked_at=NOW,
        valid_until=NOW + timedelta(minutes=10),
        dealt=QUOTED,
        moment=NOW + timedelta(minutes=10),
        stated=True,
    )
    return [breach.code for breach in quote_rules.deal_breaches(replace(sound, **changes))]


def test_a_rate_is_dealt_until_the_last_moment_of_its_quote() -> None:
    assert deal() == []
    assert deal(moment=NOW + timedelta(minutes=10, seconds=1)) == ["quote.ended"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"side": PAYER}, "quote.other-payment"),
        ({"side": None}, "quote.other-payment"),
        ({"moment": NOW - timedelta(seconds=1)}, "quote.later"),
        ({"dealt": REFERENCE}, "quote.rate"),
        ({"dealt": Rate(CNY, HKD, Decimal("0.9250"))}, "quote.rate"),
    ],
)
def test_a_dealt_rate_that_names_the_wrong_quote_is_refused(changes: dict[str, Any], code: str) -> None:
    assert deal(**changes) == [code]


def test_the_earliest_moment_of_a_bank_line_says_nothing_about_when_the_quote_was_asked() -> None:
    assert deal(moment=NOW - timedelta(days=1), stated=False) == []


def test_nothing_is_dealt_in_the_future() -> None:
    assert [breach.code for breach in quote_rules.dealt_by_now(NOW + timedelta(seconds=1), NOW)] == ["deal.in-future"]
    assert quote_rules.dealt_by_now(NOW, NOW) == quote_rules.dealt_by_now(None, NOW) == []


def test_the_payees_bank_is_no_choice_where_the_paying_account_is_in_another_currency() -> None:
    from_hkd = Currencies(CNY, HKD, CNY)
    assert [breach.code for breach in quote_rules.side_fits(from_hkd, PAYEE)] == ["conversion.side"]
    assert quote_rules.side_fits(from_hkd, PAYER) == quote_rules.side_fits(Currencies(CNY, CNY, HKD), PAYEE) == []
