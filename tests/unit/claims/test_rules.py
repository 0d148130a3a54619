"""The rules of claims, each met once satisfied and once broken, and the table of moves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from app.budgets.rules import LimitKind, LimitStanding
from app.claims import line_rules, rules
from app.claims.facts import ClaimFacts, LineFacts, PlaceTerms
from app.claims.states import CLAIM_MOVES, ClaimStatus, LineKind, PaperKind, Place, Verdict, may_move, outcome
from app.contracts.facts import CostBearer
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.headings import Heading

TODAY = date(2026, 11, 20)


def hkd(text: str) -> Money:
    return Money.parse(text, Currency.HKD)


def cny(text: str) -> Money:
    return Money.parse(text, Currency.CNY)


def limit(left: str, *headings: Heading, kind: LimitKind = LimitKind.LINE) -> LimitStanding:
    nil = cny("0.00")
    return LimitStanding(
        kind, "X", "Operating", frozenset(headings or Heading), cny(left), nil, nil, nil, True, "The budget"
    )


CONTRACT = CostBearer(
    contract_id=new_id(),
    reference="CTR-2026-00001",
    currency=Currency.CNY,
    takes_cost=True,
    first_day=date(2025, 9, 1),
    last_day=date(2027, 8, 31),
    is_lump_sum=True,
    grantee_id=new_id(),
    spendable=cny("1000000.00"),
    limit_source="The spending limit",
)
LINE = LineFacts(
    number=1,
    kind=LineKind.RECEIPT,
    cost_on=TODAY,
    heading=Heading.TRAVEL,
    place=Place.HK,
    who="Dr Zhou Yun",
    purpose="Visit",
    amount=hkd("100.00"),
    booked=cny("92.40"),
    owed=hkd("100.00"),
    seller="Taxi",
    papers=frozenset({PaperKind.RECEIPT}),
    receipt_digests=frozenset({"aa"}),
)
CLAIM = ClaimFacts(
    contract=CONTRACT,
    today=TODAY,
    pay_currency=Currency.HKD,
    declared=True,
    negative_list_declared=True,
    advance=hkd("0.00"),
    advance_outstanding=hkd("0.00"),
    quotation_from=(hkd("10000.00"), cny("10000.00")),
    lines=(LINE,),
    homes=frozenset({Place.SZ, Place.HK}),
)
YEAR = replace(
    limit("92.40", Heading.TRAVEL, kind=LimitKind.YEAR), first_day=date(2026, 9, 1), last_day=date(2027, 8, 31)
)
YEAR_BEFORE = replace(LINE, number=2, cost_on=date(2026, 8, 31))
DIEM = replace(LINE, kind=LineKind.PER_DIEM, quantity=Decimal(2), papers=frozenset(), receipt_digests=frozenset())


def with_line(**changes: Any) -> ClaimFacts:
    return replace(CLAIM, lines=(replace(LINE, **changes),))


def on(**changes: Any) -> ClaimFacts:
    return replace(CLAIM, contract=replace(CONTRACT, **changes))


ELSEWHERE = PlaceTerms(frozenset({Place.SZ}), "Clause 8", True)
UNREAD = replace(ELSEWHERE, binds=False)
PAPERS = LINE.papers

BROKEN: list[tuple[Callable[[ClaimFacts], list[Breach]], str, ClaimFacts, bool]] = [
    (rules.has_lines, "claim.no-lines", replace(CLAIM, lines=()), True),
    (rules.contract_takes_cost, "claim.contract-closed", on(takes_cost=False), True),
    (rules.declared_as_spent, "claim.not-declared", replace(CLAIM, declared=False), True),
    (rules.negative_list_declared, "claim.negative-list", replace(CLAIM, negative_list_declared=False), True),
    (rules.each_cost_once, "claim.same-twice", replace(CLAIM, lines=(LINE, replace(LINE, number=2))), True),
    (rules.within_spending_limit, "claim.beyond-limit", on(spendable=cny("92.39")), True),
    (rules.within_budget, "budget.line-exceeded", on(limits=(limit("92.39", Heading.TRAVEL),)), True),
    (
        rules.within_budget,
        "budget.year-exceeded",
        replace(on(limits=(YEAR,)), lines=(LINE, replace(YEAR_BEFORE, cost_on=TODAY))),
        True,
    ),
    (rules.items_approved, "claim.new-item", on(unapproved=frozenset({Heading.TRAVEL})), True),
    (rules.advance_was_given, "claim.advance-too-large", replace(CLAIM, advance=hkd("0.01")), True),
    (line_rules.line_complete, "claim.line-incomplete", with_line(seller=""), True),
    (line_rules.dated_today_or_earlier, "claim.in-future", with_line(cost_on=date(2026, 11, 21)), True),
    (line_rules.within_contract_dates, "claim.outside-dates", with_line(cost_on=date(2025, 8, 31)), True),
    (line_rules.rate_present, "rate.missing", with_line(booked=None), True),
    (line_rules.allowance_has_rate, "claim.no-allowance", with_line(kind=LineKind.MILEAGE, has_unit_rate=False), True),
    (line_rules.place_of_spend, "claim.wrong-place", replace(CLAIM, place_terms=ELSEWHERE), True),
    (line_rules.place_of_spend, "claim.wrong-place", replace(CLAIM, place_terms=UNREAD), False),
    (
        line_rules.place_of_spend,
        "claim.across-boundary",
        with_line(place=Place.OTHER, heading=Heading.MATERIALS),
        False,
    ),
    (line_rules.tax_within_amount, "claim.tax-too-large", with_line(tax=hkd("100.00")), True),
    (line_rules.papers_by_heading, "claim.payroll-sheet-missing", with_line(heading=Heading.SALARY), True),
    (line_rules.papers_by_heading, "claim.quotation-missing", with_line(heading=Heading.EQUIPMENT_PURCHASE), True),
    (
        line_rules.papers_by_heading,
        "claim.quotation-missing",
        with_line(heading=Heading.MATERIALS, amount=hkd("10000.00")),
        False,
    ),
    (
        line_rules.lost_receipts_noted,
        "claim.receipt-lost",
        with_line(papers=frozenset(), missing_receipt="The machine gave none"),
        False,
    ),
]


@pytest.mark.parametrize(("rule", "code", "facts", "blocking"), BROKEN, ids=[each[1] for each in BROKEN])
def test_a_broken_rule_is_told_with_its_source_and_a_kept_one_is_silent(
    rule: Callable[[ClaimFacts], list[Breach]], code: str, facts: ClaimFacts, blocking: bool
) -> None:
    found = rule(facts)
    assert [(each.code, each.blocking) for each in found] == [(code, blocking)]
    assert found[0].source
    assert found[0].cure
    assert not rule(CLAIM)


def test_a_whole_claim_in_order_may_be_submitted_and_paid() -> None:
    assert not rules.while_drafting(CLAIM)
    assert not rules.before_consent(CLAIM)
    assert not rules.before_payment(CLAIM)


def test_the_audit_fee_may_come_after_the_end() -> None:
    late = date(2027, 10, 1)
    facts = replace(with_line(cost_on=late, heading=Heading.AUDIT_FEE), today=late)
    assert not line_rules.within_contract_dates(facts)
    assert line_rules.within_contract_dates(replace(with_line(cost_on=late), today=late))


def test_before_payment_the_budget_is_not_asked_again_because_the_cost_is_in_it() -> None:
    facts = on(limits=(limit("0.00", Heading.TRAVEL),))
    assert rules.before_consent(facts)
    assert not rules.before_payment(facts)


def test_an_invoice_number_is_the_same_only_with_its_seller() -> None:
    first = replace(LINE, invoice_number="17", receipt_digests=frozenset())
    other = replace(first, number=2, seller="Another taxi")
    assert not rules.each_cost_once(replace(CLAIM, lines=(first, other)))
    assert rules.each_cost_once(replace(CLAIM, lines=(first, replace(other, seller="TAXI"))))


@pytest.mark.parametrize(
    ("line", "lacking"),
    [
        (LINE, ()),
        (replace(LINE, cost_on=None, amount=None), ("cost_on", "amount")),
        (replace(LINE, papers=frozenset()), ("receipt",)),
        (replace(LINE, papers=frozenset(), missing_receipt="Lost"), ()),
        (DIEM, ()),
        (replace(DIEM, quantity=None, who=""), ("who", "quantity")),
    ],
)
def test_only_what_a_line_lacks_is_asked(line: LineFacts, lacking: tuple[str, ...]) -> None:
    assert line_rules.missing(line) == lacking


def test_a_breach_of_a_line_leads_to_its_card() -> None:
    assert line_rules.anchor(replace(LINE, number=7)) == "line-7"


def test_cost_is_added_by_heading_in_the_contracts_currency_and_owed_in_the_claimants() -> None:
    facts = replace(CLAIM, lines=(LINE, replace(LINE, number=2), replace(LINE, number=3, heading=Heading.MATERIALS)))
    assert rules.wanted(facts) == {Heading.TRAVEL: cny("184.80"), Heading.MATERIALS: cny("92.40")}
    assert rules.owed(facts) == hkd("300.00")
    left = rules.effects_of(replace(facts, contract=replace(CONTRACT, limits=(limit("200.00", Heading.TRAVEL),))))
    assert [str(each.left_after) for each in left] == ["CNY 15.20"]


# The table of moves


@given(st.lists(st.sampled_from(ClaimStatus), min_size=1, max_size=12))
def test_no_walk_along_the_moves_reaches_the_payment_without_check_and_approval(wishes: list[ClaimStatus]) -> None:
    here, seen = ClaimStatus.DRAFT, [ClaimStatus.DRAFT]
    for wish in wishes:
        if may_move(here, wish):
            here = wish
            seen.append(here)
    if here is ClaimStatus.PAID:
        last = seen[len(seen) - seen[::-1].index(ClaimStatus.SUBMITTED) - 1 :]
        assert last == [ClaimStatus.SUBMITTED, ClaimStatus.CHECKED, ClaimStatus.APPROVED, ClaimStatus.PAID]


@given(st.sampled_from(ClaimStatus), st.sampled_from(ClaimStatus))
def test_what_is_closed_stays_closed(before: ClaimStatus, after: ClaimStatus) -> None:
    closed = {ClaimStatus.PAID, ClaimStatus.REFUSED, ClaimStatus.WITHDRAWN}
    assert may_move(before, after) == (after in CLAIM_MOVES[before])
    if before in closed:
        assert not may_move(before, after)


@given(st.lists(st.sampled_from(Verdict), min_size=1))
def test_one_okay_line_carries_a_claim_on_and_none_okay_never_does(verdicts: list[Verdict]) -> None:
    after = outcome(verdicts)
    assert (after is ClaimStatus.CHECKED) == (Verdict.OKAY in verdicts)
    assert (after is ClaimStatus.REFUSED) == (set(verdicts) == {Verdict.NOT_OKAY})


def test_a_claim_without_lines_has_no_outcome() -> None:
    with pytest.raises(ValueError, match="without lines"):
        outcome([])


def test_a_year_of_the_budget_counts_only_the_lines_of_its_days() -> None:
    (effect,) = rules.effects_of(replace(on(limits=(YEAR,)), lines=(LINE, YEAR_BEFORE)))
    assert effect.wanted == cny("92.40")
