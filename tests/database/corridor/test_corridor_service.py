"""Rules, rates and filings take effect on the word of two people, and the payments see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contracts.states import Purpose
from app.corridor import queries, service
from app.corridor.models import TaxFiling
from app.corridor.service import Decide, EnterFiling, ProposeRate, ProposeRule
from app.corridor.states import AskKind, ForeignCurrency, Step
from app.disbursements import document_service
from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld

NOTE = ProposeRule(
    "bank-letter",
    Side.SZ,
    Side.HK,
    AskKind.DOCUMENT,
    "Letter of the bank",
    "Ask the bank",
    "Notice 4 of the bank",
    TODAY,
    purpose=Purpose.GRANT,
    blocks=Step.RELEASE,
)


def wanted(session: Session, world: PaymentWorld, amount: str = "400000.00") -> set[str]:
    row = payments.drafted(session, world, amount, documents=False)
    return {each.code for each in document_service.requirements_of(session, row, NOW)}


def confirmed_rate(session: Session, world: PaymentWorld, rate: str = "7.2") -> None:
    command = ProposeRate(ForeignCurrency.USD, Currency.CNY, Decimal(rate), TODAY, "Bank")
    row = service.propose_rate(session, world.maker, command, now=NOW)
    service.confirm_rate(session, world.checker, row.id, Decide(row.version), now=NOW)


def entered_filing(session: Session, world: PaymentWorld) -> TaxFiling:
    command = EnterFiling(world.contract.reference, "SZ-2026-1", "8842", TODAY, world.money("1000000.00"))
    return service.enter_filing(session, world.maker, command, now=NOW)


def test_a_rule_counts_once_a_second_person_confirmed_it(session: Session) -> None:
    world = payments.world(session)
    row = service.propose_rule(session, world.maker, NOTE, now=NOW)
    assert "bank-letter" not in wanted(session, world)
    service.confirm_rule(session, world.checker, row.id, Decide(row.version), now=NOW)
    assert "bank-letter" in wanted(session, world)


def test_a_refused_rule_counts_for_nothing_and_is_not_confirmed_later(session: Session) -> None:
    world = payments.world(session)
    row = service.propose_rule(session, world.maker, NOTE, now=NOW)
    service.refuse_rule(session, world.checker, row.id, Decide(row.version), now=NOW)
    assert "bank-letter" not in wanted(session, world)
    with pytest.raises(Conflict):
        service.confirm_rule(session, world.checker, row.id, Decide(row.version), now=NOW)


def test_the_next_version_takes_the_place_of_the_one_before(session: Session) -> None:
    world = payments.world(session)
    assert "approval-and-contract" in wanted(session, world)
    start = next(each for each in queries.rules_on(session, TODAY) if each.code == "approval-and-contract")
    ended = ProposeRule(
        start.code,
        Side.SZ,
        Side.HK,
        start.kind,
        start.title,
        start.how,
        "Repealed",
        TODAY,
        last_day=TODAY,
        purpose=Purpose.GRANT,
        blocks=Step.SUBMISSION,
    )
    row = service.propose_rule(session, world.maker, ended, now=NOW)
    assert row.number == 2
    service.confirm_rule(session, world.checker, row.id, Decide(row.version), now=NOW)
    assert "approval-and-contract" not in {each.code for each in queries.rules_on(session, TODAY + timedelta(1))}


def test_a_rule_that_contradicts_itself_is_not_proposed(session: Session) -> None:
    world = payments.world(session)
    past = ProposeRule("x-1", Side.SZ, Side.HK, AskKind.NOTE, "Note", "", "Source", date(2020, 1, 1))
    with pytest.raises(RuleBreached):
        service.propose_rule(session, world.maker, past, now=NOW)


PROPOSALS: dict[str, tuple[Callable[..., Any], Callable[..., Any], Callable[..., Any]]] = {
    "rule": (lambda s, w: service.propose_rule(s, w.maker, NOTE, now=NOW), service.confirm_rule, service.refuse_rule),
    "filing": (entered_filing, service.confirm_filing, service.refuse_filing),
    "rate": (
        lambda s, w: service.propose_rate(
            s, w.maker, ProposeRate(ForeignCurrency.USD, Currency.CNY, Decimal(7), TODAY, "Bank"), now=NOW
        ),
        service.confirm_rate,
        service.refuse_rate,
    ),
}


@pytest.mark.parametrize("kind", PROPOSALS)
@pytest.mark.parametrize("place", [1, 2], ids=["confirm", "refuse"])
def test_nobody_decides_their_own_proposal(session: Session, kind: str, place: int) -> None:
    world = payments.world(session)
    row = PROPOSALS[kind][0](session, world)
    with pytest.raises(NotPermitted):
        PROPOSALS[kind][place](session, world.maker, row.id, Decide(row.version), now=NOW)


def test_a_payment_at_the_threshold_needs_no_filing_and_one_above_does(session: Session) -> None:
    world = payments.world(session)
    assert "outbound-tax-filing" in wanted(session, world, "100.00"), "without a rate nobody can tell"
    confirmed_rate(session, world)
    assert "outbound-tax-filing" not in wanted(session, world, "360000.00")
    assert "outbound-tax-filing" in wanted(session, world, "360000.01")


def test_a_confirmed_filing_of_the_contract_answers_for_its_later_payments(session: Session) -> None:
    world = payments.world(session)
    row = entered_filing(session, world)
    assert "outbound-tax-filing" in wanted(session, world)
    service.confirm_filing(session, world.checker, row.id, Decide(row.version), now=NOW)
    assert "outbound-tax-filing" not in wanted(session, world)
    assert payments.approved(session, world).status == "APPROVED"


def test_a_filing_of_a_day_to_come_is_refused(session: Session) -> None:
    world = payments.world(session)
    day = TODAY + timedelta(1)
    command = EnterFiling(world.contract.reference, "SZ-2026-1", "8842", day, world.money("1.00"))
    with pytest.raises(RuleBreached):
        service.enter_filing(session, world.maker, command, now=NOW)


def test_a_filing_of_another_funder_is_not_found(session: Session) -> None:
    world, other = payments.world(session), payments.world(session)
    row = entered_filing(session, world)
    with pytest.raises(NotFound):
        service.confirm_filing(session, other.checker, row.id, Decide(row.version), now=NOW)
