"""Rules of contracts: each with a case that passes and one that is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.contracts import rules
from app.contracts.states import FundingMode, TermsFamily, TrancheCondition, WhitelistEffect
from app.contracts.terms import FAMILIES
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money

FUNDER, GRANTEE = new_id(), new_id()
DAY = date(2026, 11, 20)


def cny(text: str) -> Money:
    """Renminbi from decimal text."""
    return Money.parse(text, Currency.CNY)


def tranche(number: int, amount: str, condition: TrancheCondition = TrancheCondition.DATE, **changes: Any) -> Any:
    """An instalment."""
    return replace(rules.TrancheFacts(number, cny(amount), cny("0"), condition, DAY), **changes)


def draft(**changes: Any) -> rules.DraftFacts:
    """A lump-sum draft of CNY 1,000.00 with nothing wrong."""
    facts = rules.DraftFacts(
        family=FAMILIES[TermsFamily.MAINLAND_LUMP_SUM],
        mode=FundingMode.LUMP_SUM,
        currency=Currency.CNY,
        amount=cny("1000.00"),
        first_day=date(2025, 9, 1),
        last_day=date(2027, 8, 31),
        tranches=(tranche(1, "800.00"), tranche(2, "200.00", TrancheCondition.FINAL_ACCOUNT)),
        budget=(),
        funder_id=FUNDER,
        grantee_id=GRANTEE,
        party_ids=frozenset({FUNDER, GRANTEE}),
        programme_currency=Currency.CNY,
        programme_active=True,
        pocket_currency=Currency.CNY,
        pocket_funder_id=FUNDER,
        account_owner_id=GRANTEE,
    )
    return replace(facts, **changes)


def itemised(**changes: Any) -> rules.DraftFacts:
    """An ITF draft with a budget by heading and nothing wrong."""
    facts = draft(
        family=FAMILIES[TermsFamily.ITF],
        mode=FundingMode.ITEMISED,
        budget=(("MANPOWER", cny("600.00")), ("EQUIPMENT", cny("400.00"))),
    )
    return replace(facts, **changes)


def signing(**changes: Any) -> rules.SigningFacts:
    """A draft ready to be signed."""
    facts = rules.SigningFacts(
        draft=draft(),
        holdback_percent=Decimal(20),
        whitelist_effect=WhitelistEffect.BLOCK,
        whitelist_kind="FUND_FLOW",
        whitelisted=True,
        available=cny("1000.00"),
        letter_kept=True,
        negative_list_declared=True,
        minutes_required=True,
        minutes_kept=True,
        has_pi=True,
        signed_on=DAY,
        today=DAY,
    )
    return replace(facts, **changes)


def amendment(**changes: Any) -> rules.AmendmentFacts:
    """An amendment from CNY 900.00 to CNY 1,000.00 with nothing wrong."""
    facts = rules.AmendmentFacts(
        after=draft(),
        before_amount=cny("900.00"),
        available=cny("100.00"),
        committed=cny("500.00"),
        unchanged_since=True,
        differs=True,
    )
    return replace(facts, **changes)


def codes(found: list[Any]) -> list[str]:
    """Codes of breaches."""
    return [breach.code for breach in found]


@pytest.mark.parametrize("facts", [draft(), itemised(), draft(account_owner_id=None)])
def test_draft_without_fault_breaches_nothing(facts: rules.DraftFacts) -> None:
    assert codes(rules.collect(rules.DRAFT_RULES, facts)) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (draft(programme_active=False), "contract.programme-closed"),
        (draft(programme_currency=Currency.HKD), "contract.currency"),
        (draft(pocket_currency=Currency.HKD), "contract.pocket"),
        (draft(pocket_funder_id=GRANTEE), "contract.pocket"),
        (draft(mode=FundingMode.ONE_LINE_VOTE), "contract.mode"),
        (draft(grantee_id=FUNDER, account_owner_id=None), "contract.one-party"),
        (draft(party_ids=frozenset({FUNDER})), "contract.grantee-not-party"),
        (draft(account_owner_id=FUNDER), "contract.account"),
        (draft(amount=cny("1000.01")), "contract.tranches-sum"),
        (draft(tranches=()), "contract.tranches-sum"),
        (draft(tranches=(tranche(1, "1000.00", holdback=cny("1000.01")),)), "contract.holdback"),
        (draft(tranches=(tranche(1, "1000.00", TrancheCondition.MILESTONE),)), "contract.milestone-unnamed"),
        (draft(budget=(("EQUIPMENT", cny("1000.00")),)), "contract.budget-not-by-heading"),
        (itemised(budget=()), "contract.budget-headings"),
        (itemised(budget=(("SALARY", cny("1000.00")),)), "contract.budget-headings"),
        (itemised(budget=(("EQUIPMENT", cny("500.00")),) * 2), "contract.budget-headings"),
        (itemised(budget=(("EQUIPMENT", cny("999.99")),)), "contract.budget-sum"),
        (draft(last_day=date(2025, 8, 31)), "contract.days"),
    ],
)
def test_faulty_draft_is_refused(facts: rules.DraftFacts, code: str) -> None:
    assert codes(rules.collect(rules.DRAFT_RULES, facts)) == [code]


def test_ready_draft_can_be_signed() -> None:
    assert codes(rules.collect(rules.SIGNING_RULES, signing())) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (signing(whitelisted=False), "contract.not-whitelisted"),
        (signing(available=cny("999.99")), "contract.pocket-short"),
        (signing(letter_kept=False), "contract.no-commitment-letter"),
        (signing(negative_list_declared=False), "contract.negative-list"),
        (signing(minutes_kept=False), "contract.no-minutes"),
        (signing(holdback_percent=Decimal("20.01")), "contract.holdback-short"),
        (signing(has_pi=False), "contract.no-pi"),
        (signing(signed_on=date(2026, 11, 21)), "contract.signed-ahead"),
    ],
)
def test_unready_draft_is_refused(facts: rules.SigningFacts, code: str) -> None:
    found = rules.collect(rules.SIGNING_RULES, facts)
    assert codes(found) == [code]
    assert found[0].blocking


def test_missing_listing_is_a_warning_where_it_only_facilitates() -> None:
    facts = signing(whitelisted=False, whitelist_effect=WhitelistEffect.FACILITATED)
    found = rules.collect(rules.SIGNING_RULES, facts)
    assert [(breach.code, breach.blocking) for breach in found] == [("contract.not-whitelisted", False)]


def test_missing_listing_says_nothing_where_it_only_informs() -> None:
    facts = signing(whitelisted=False, whitelist_effect=WhitelistEffect.INFORM)
    assert codes(rules.collect(rules.SIGNING_RULES, facts)) == []


def test_itemised_contract_needs_no_commitment_letter() -> None:
    assert codes(rules.collect(rules.SIGNING_RULES, signing(draft=itemised(), letter_kept=False))) == []


def test_holdback_of_a_tranche_counts_as_waiting_for_the_final_account() -> None:
    held = draft(tranches=(tranche(1, "1000.00", holdback=cny("200.00")),))
    assert codes(rules.collect(rules.SIGNING_RULES, signing(draft=held))) == []


def test_amendment_without_fault_breaches_nothing() -> None:
    assert codes(rules.collect(rules.AMENDMENT_RULES, amendment())) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (amendment(differs=False), "amendment.no-change"),
        (amendment(unchanged_since=False), "amendment.outdated"),
        (amendment(committed=cny("1000.01")), "amendment.below-committed"),
        (
            amendment(after=draft(tranches=(tranche(1, "1000.00", paid=cny("1000.01")),))),
            "amendment.tranche-below-paid",
        ),
        (amendment(removed_paid=(3,)), "amendment.tranche-gone"),
        (amendment(available=cny("99.99")), "amendment.pocket-short"),
    ],
)
def test_faulty_amendment_is_refused(facts: rules.AmendmentFacts, code: str) -> None:
    assert codes(rules.collect(rules.AMENDMENT_RULES, facts)) == [code]


def test_settled_contract_can_close() -> None:
    assert codes(rules.collect(rules.CLOSING_RULES, rules.ClosingFacts((), (), (), ()))) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (rules.ClosingFacts(("Final account",), (), (), ()), "contract.obligations-open"),
        (rules.ClosingFacts((), ("DSB-2026-00001",), (), ()), "contract.payments-reserved"),
        (rules.ClosingFacts((), (), ("DSB-2026-00001",), ()), "contract.payments-open"),
        (rules.ClosingFacts((), (), (), (2,)), "contract.amendment-waiting"),
        (rules.ClosingFacts((), (), (), (), ("HKD",)), "contract.rate-missing"),
    ],
)
def test_unsettled_contract_cannot_close(facts: rules.ClosingFacts, code: str) -> None:
    assert codes(rules.collect(rules.CLOSING_RULES, facts)) == [code]


def test_every_breach_says_what_to_do_and_where_the_rule_comes_from() -> None:
    broken = [
        *rules.collect(rules.DRAFT_RULES, draft(programme_active=False, mode=FundingMode.ITEMISED)),
        *rules.collect(rules.SIGNING_RULES, signing(letter_kept=False, has_pi=False, minutes_kept=False)),
        *rules.collect(rules.AMENDMENT_RULES, amendment(differs=False, unchanged_since=False)),
    ]
    assert len(broken) >= 7
    assert all(breach.cure and breach.source for breach in broken)
