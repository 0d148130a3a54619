"""Every gate of a disbursement, passing and refusing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.contracts.states import ContractStatus, TrancheCondition, WhitelistEffect
from app.disbursements import rules
from app.disbursements.facts import (
    AuthorityPart,
    DaysPart,
    DocumentPart,
    Facts,
    MandatePart,
    OverduePart,
    RatePart,
    SplitPart,
    Stage,
)
from app.disbursements.labels import SHORT
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.messages import Words
from tests.builders.disbursements import TODAY, account_part, cny, facts, hkd

RATE = RatePart("Lion Ridge University", Currency.HKD, Currency.CNY, True, True, Decimal("0.92"), TODAY, "ECB cross")


def contract(**changes: object) -> Facts:
    base = facts()
    return replace(base, contract=replace(base.contract, **changes))


def tranche(**changes: object) -> Facts:
    base = facts()
    return replace(base, tranche=replace(base.tranche, **changes))


def listing(effect: WhitelistEffect, listed: bool) -> Facts:
    base = facts()
    return replace(base, whitelist=replace(base.whitelist, effect=effect, listed=listed))


def people(stage: Stage, **changes: object) -> Facts:
    base = facts(stage=stage)
    return replace(base, people=replace(base.people, **changes))


def maker_releases() -> Facts:
    base = facts(stage=Stage.RELEASE)
    return replace(base, people=replace(base.people, acting_id=base.people.maker_id))


def checker_releases() -> Facts:
    checker = new_id()
    return people(Stage.RELEASE, checker_ids=(checker,), acting_id=checker)


def signed_by_acting() -> Facts:
    base = facts(stage=Stage.RELEASE)
    assert base.people.acting_id is not None
    return replace(base, people=replace(base.people, signatory_ids=(base.people.acting_id,)))


def closed(*sides: str, touched: tuple[str, ...] = ("SZ", "HK"), **changes: Any) -> Facts:
    """A value date on which banks of these sides are closed."""
    return facts(days=DaysPart(touched, sides, date(2026, 11, 25)), **changes)


PASSING: list[tuple[Callable[[Facts], Breach | None], Callable[[], Facts]]] = [
    (rules.contract_payable, facts),
    (
        rules.contract_payable,
        lambda: replace(contract(status=ContractStatus.CLOSING), tranche=replace(facts().tranche, is_final=True)),
    ),
    (rules.tranche_due, lambda: tranche(due_on=date(2026, 11, 24))),
    (rules.tranche_due, lambda: replace(tranche(due_on=TODAY), stage=Stage.RELEASE)),
    (rules.tranche_condition_met, lambda: tranche(condition=TrancheCondition.DATE, condition_met=False)),
    (rules.tranche_condition_met, facts),
    (rules.within_tranche, lambda: tranche(payable=cny("500000.00"), taken=cny("100000.00"))),
    (rules.one_currency, facts),
    (rules.within_contract, lambda: contract(room=cny("400000.00"))),
    (rules.within_pocket, facts),
    (rules.payee_is_grantee, facts),
    (rules.payee_account_verified, facts),
    (rules.payee_account_cooled, facts),
    (rules.payer_account_usable, facts),
    (rules.whitelist_satisfied, lambda: listing(WhitelistEffect.BLOCK, True)),
    (rules.whitelist_satisfied, lambda: listing(WhitelistEffect.INFORM, False)),
    (rules.no_blocking_obligation_overdue, facts),
    (rules.rates_present, lambda: facts(rates=(RATE,))),
    (rules.rates_fresh, lambda: facts(rates=(RATE,))),
    (rules.people_apart, lambda: people(Stage.RELEASE, checker_ids=(new_id(),))),
    (rules.within_authority, facts),
    (rules.enough_checkers, lambda: facts(authority=AuthorityPart(checkers_needed=2, approvals=1))),
    (rules.minutes_present, lambda: facts(minutes_required=True, minutes_present=True)),
    (rules.no_interest, facts),
    (rules.documents_listed, facts),
    (rules.documents_confirmed, facts),
    (rules.mandate_satisfied, facts),
    (rules.not_signed_twice, lambda: facts(stage=Stage.RELEASE)),
    (rules.value_date_ahead, lambda: facts(requested_value_date=TODAY)),
    (rules.value_date_open, facts),
    (rules.value_date_open, lambda: closed("SZ", requested_value_date=TODAY - timedelta(days=1))),
    (rules.not_split, facts),
]

REFUSING: list[tuple[Callable[[Facts], Breach | None], Callable[[], Facts], str]] = [
    (rules.contract_payable, lambda: contract(status=ContractStatus.SIGNED), "contract.not-payable"),
    (rules.contract_payable, lambda: contract(status=ContractStatus.SUSPENDED), "contract.not-payable"),
    (rules.contract_payable, lambda: contract(status=ContractStatus.CLOSED), "contract.not-payable"),
    (rules.contract_payable, lambda: contract(status=ContractStatus.CLOSING), "contract.not-payable"),
    (rules.tranche_due, lambda: tranche(due_on=date(2026, 11, 25)), "tranche.not-due"),
    (
        rules.tranche_due,
        lambda: replace(tranche(due_on=TODAY + timedelta(days=1)), stage=Stage.RELEASE),
        "tranche.not-due",
    ),
    (rules.tranche_condition_met, lambda: tranche(condition_met=False), "tranche.condition"),
    (rules.within_tranche, lambda: tranche(taken=cny("0.01")), "tranche.exceeded"),
    (rules.one_currency, lambda: facts(amount=hkd("1.00")), "disbursement.currency"),
    (rules.within_contract, lambda: contract(room=cny("399999.99")), "contract.exceeded"),
    (
        rules.within_pocket,
        lambda: facts(pocket=replace(facts().pocket, room=cny("399999.99"))),
        "pocket.insufficient",
    ),
    (rules.payee_is_grantee, lambda: facts(payee=account_part(belongs=False)), "payee.not-grantee"),
    (rules.payee_account_verified, lambda: facts(payee=account_part(verified=False)), "account.not-verified"),
    (rules.payee_account_cooled, lambda: facts(payee=account_part(payable=False)), "account.cooling"),
    (rules.payer_account_usable, lambda: facts(payer=account_part(belongs=False)), "payer-account.unusable"),
    (rules.whitelist_satisfied, lambda: listing(WhitelistEffect.BLOCK, False), "whitelist.not-listed"),
    (
        rules.no_blocking_obligation_overdue,
        lambda: facts(overdue=(OverduePart("Report", date(2026, 10, 1), "CTR-2025-00003", "Lion Ridge"),)),
        "obligation.overdue",
    ),
    (rules.rates_present, lambda: facts(rates=(replace(RATE, found=False),)), "rate.missing"),
    (rules.rates_fresh, lambda: facts(rates=(replace(RATE, fresh=False),)), "rate.stale"),
    (rules.people_apart, maker_releases, "people.not-apart"),
    (rules.people_apart, checker_releases, "people.not-apart"),
    (
        rules.within_authority,
        lambda: facts(authority=AuthorityPart(reasons=(Breach("authority.over-limit", "over"),))),
        "authority.over-limit",
    ),
    (
        rules.enough_checkers,
        lambda: facts(stage=Stage.RELEASE, authority=AuthorityPart(checkers_needed=2, approvals=1)),
        "checkers.missing",
    ),
    (rules.minutes_present, lambda: facts(minutes_required=True), "minutes.missing"),
    (
        rules.no_interest,
        lambda: facts(people=replace(facts().people, interested=("Dr Zhou Yun",))),
        "interest.declared",
    ),
    (
        rules.documents_listed,
        lambda: facts(documents=(DocumentPart("Filing", "Route", False, False, None),)),
        "document.missing",
    ),
    (
        rules.documents_listed,
        lambda: facts(documents=(DocumentPart("Filing", "Route", True, True, date(2026, 11, 23)),)),
        "document.expired",
    ),
    (
        rules.documents_confirmed,
        lambda: facts(documents=(DocumentPart("Filing", "Route", True, False, None),)),
        "document.unconfirmed",
    ),
    (rules.mandate_satisfied, lambda: facts(mandate=MandatePart(None, 0)), "mandate.missing"),
    (rules.not_signed_twice, signed_by_acting, "mandate.signed-already"),
]

NOTING: list[tuple[Callable[[Facts], Breach | None], Callable[[], Facts], str]] = [
    (rules.whitelist_satisfied, lambda: listing(WhitelistEffect.FACILITATED, False), "whitelist.not-facilitated"),
    (
        rules.enough_checkers,
        lambda: facts(authority=AuthorityPart(checkers_needed=2, approvals=0)),
        "checkers.second-needed",
    ),
    (rules.value_date_ahead, lambda: facts(requested_value_date=TODAY - timedelta(days=1)), "value-date.passed"),
    (rules.value_date_open, lambda: closed("SZ"), "value-date.closed"),
    (
        rules.not_split,
        lambda: facts(split=SplitPart(("DSB-2026-00036",), cny("3240000.00"))),
        "payment.split",
    ),
]


@pytest.mark.parametrize(("rule", "build"), PASSING)
def test_gate_lets_pass_what_it_should(rule: Callable[[Facts], Breach | None], build: Callable[[], Facts]) -> None:
    assert rule(build()) is None


@pytest.mark.parametrize(("rule", "build", "code"), REFUSING)
def test_gate_blocks_what_it_should_and_names_source_and_cure(
    rule: Callable[[Facts], Breach | None], build: Callable[[], Facts], code: str
) -> None:
    found = rule(build())
    assert found is not None
    assert (found.code, found.blocking) == (code, True)
    if not code.startswith("authority."):
        assert found.source
        assert found.cure


@pytest.mark.parametrize(("rule", "build", "code"), NOTING)
def test_gate_notes_without_blocking(
    rule: Callable[[Facts], Breach | None], build: Callable[[], Facts], code: str
) -> None:
    found = rule(build())
    assert found is not None
    assert (found.code, found.blocking) == (code, False)


def test_every_gate_has_a_passing_and_a_refusing_case() -> None:
    tested = {rule for rule, _ in PASSING} & ({rule for rule, *_ in REFUSING} | {rule for rule, *_ in NOTING})
    assert {gate.test for gate in rules.GATES} <= tested


@pytest.mark.parametrize("stage", list(Stage))
def test_all_gates_are_met_by_sound_facts_at_every_stage(stage: Stage) -> None:
    sound = facts(stage=stage, authority=AuthorityPart(limit=cny("2000000.00"), approvals=1))
    assert rules.breaches(sound) == []
    assert {check.state for check in rules.checks(sound)} == {"met"}


def test_breaches_are_collected_all_at_once_and_blocking_checks_come_first() -> None:
    bad = replace(
        facts(requested_value_date=TODAY - timedelta(days=1)),
        payee=account_part(verified=False),
        whitelist=listing(WhitelistEffect.BLOCK, False).whitelist,
    )
    codes = {breach.code for breach in rules.breaches(bad)}
    assert codes == {"account.not-verified", "whitelist.not-listed", "value-date.passed"}
    assert [check.state for check in rules.checks(bad)][:3] == ["blocks", "blocks", "note"]


def test_messages_take_their_parameters() -> None:
    for rule, build, _code in [*REFUSING, *NOTING]:
        found = rule(build())
        assert found is not None
        for text in (found.message, found.cure):
            assert text % {key: str(value) for key, value in found.params.items()} is not None


def test_every_breach_has_short_words_for_the_queue() -> None:
    codes = {code for *_, code in [*REFUSING, *NOTING]}
    assert codes <= set(SHORT)


def test_a_line_of_the_queue_counts_and_shows_the_same_gates_as_the_page() -> None:
    for seen in (contract(), contract(status=ContractStatus.CLOSED), maker_releases()):
        whole = rules.checks(seen)
        met, unmet = rules.standing(seen)
        assert met == sum(1 for check in whole if check.state == "met")
        assert list(unmet) == [check for check in whole if check.state != "met"]


@pytest.mark.parametrize(
    ("sides", "touched", "said"),
    [
        (("SZ",), ("SZ", "HK"), "%(day)s is a Mainland day off; next day open on both sides: %(next)s."),
        (("HK",), ("SZ", "HK"), "%(day)s is a Hong Kong day off; next day open on both sides: %(next)s."),
        (("SZ", "HK"), ("SZ", "HK"), "%(day)s is a day off on both sides; next day open on both sides: %(next)s."),
        (("HK",), ("HK",), "%(day)s is no banking day; the next one is %(next)s."),
    ],
)
def test_note_on_the_value_date_says_which_side_is_closed(
    sides: tuple[str, ...], touched: tuple[str, ...], said: str
) -> None:
    found = rules.value_date_open(closed(*sides, touched=touched))
    assert found is not None
    assert found.message == said
    assert found.params == {"day": date(2026, 11, 24), "next": date(2026, 11, 25)}


def test_value_date_in_a_year_not_gazetted_yet_is_told_without_a_note() -> None:
    found = facts(days=DaysPart(("SZ", "HK"), ungazetted=("SZ",)), requested_value_date=date(2027, 2, 12))
    line = next(check for check in rules.checks(found) if check.title == "Value date is a banking day")
    assert line.state == "met"
    assert "not gazetted yet" in line.detail
    assert line.params == {"year": 2027}


def test_the_list_a_grantee_is_missing_on_is_called_in_the_readers_language() -> None:
    facts = listing(WhitelistEffect.BLOCK, False)
    breach = rules.whitelist_satisfied(facts)
    assert breach is not None
    assert breach.params["kind"] == Words((facts.whitelist.kind,))
