"""Items of a one-line vote and budgets by year: asked for, approved by another, then spent on."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.budgets.commands import BudgetItem
from app.budgets.models import BudgetRequest
from app.budgets.rules import LimitKind
from app.budgets.states import RequestStatus
from app.contracts import budget_requests, fund_control
from app.contracts.commands import AskForItem, AskForYear, DecideRequest
from app.contracts.states import FundingMode, TermsFamily
from app.journals import service
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.ledger.checking import check
from app.ledger.headings import Heading
from app.web.uploads import PDF, Upload
from tests.builders import budgets, journals, papers
from tests.builders.budgets import parameter
from tests.builders.journals import cny, line
from tests.builders.payments import NOW, TODAY, PaymentWorld

LETTER = Upload("letter.pdf", papers.pdf("Why the project needs a laser"), PDF)
SAID = DecideRequest("Needed for the third aim")


def charged(session: Session, made: PaymentWorld, amount: str, heading: Heading, **changes: Any) -> Any:
    """A cost charged by the institution, waiting for its second person."""
    return journals.submitted(session, made, line(made, cny(amount), heading), bank_account_id=None, **changes)


# items of a one-line vote


@pytest.fixture
def vote(session: Session) -> PaymentWorld:
    """A one-line vote on staff only."""
    made = budgets.itemised(session, family=TermsFamily.RGC_ONE_LINE_VOTE, mode=FundingMode.ONE_LINE_VOTE)
    parameter(session, made, "approved_items", ["STAFF"])
    return made


def asked_item(session: Session, made: PaymentWorld, row: str = "EQUIPMENT") -> BudgetRequest:
    command = AskForItem(row, "A laser", LETTER)
    return budget_requests.ask_for_item(session, made.finance, made.contract.id, command, now=NOW)


def test_an_item_is_spent_on_once_the_funder_has_approved_it_for_the_contract(
    session: Session, vote: PaymentWorld
) -> None:
    for step in ("unasked", "asked"):
        with pytest.raises(RuleBreached) as refused:
            charged(session, vote, "10.00", Heading.EQUIPMENT_PURCHASE)
        (breach,) = refused.value.breaches
        assert breach.code == "journal.new-item"
        assert "approve the item first" in breach.cure
        if step == "unasked":
            asked = asked_item(session, vote)
    budget_requests.approve(session, vote.checker, vote.contract.id, asked.number, SAID, now=NOW)
    assert (asked.decided_by_id, asked.decided_at, asked.document_id is not None) == (vote.checker.person_id, NOW, True)
    charged(session, vote, "10.00", Heading.EQUIPMENT_PURCHASE)
    with pytest.raises(RuleBreached):
        charged(session, vote, "10.00", Heading.TRAVEL)


def test_an_item_approved_for_one_contract_is_not_for_another(session: Session, vote: PaymentWorld) -> None:
    asked = asked_item(session, vote)
    budget_requests.approve(session, vote.checker, vote.contract.id, asked.number, SAID, now=NOW)
    other = budgets.itemised(session, family=TermsFamily.RGC_ONE_LINE_VOTE, mode=FundingMode.ONE_LINE_VOTE)
    parameter(session, other, "approved_items", ["STAFF"])
    assert Heading.EQUIPMENT_PURCHASE in fund_control.unapproved_items(session, other.contract, TODAY)


def test_a_refused_item_stays_closed_and_is_decided_once(session: Session, vote: PaymentWorld) -> None:
    asked = asked_item(session, vote)
    budget_requests.refuse(session, vote.checker, vote.contract.id, asked.number, SAID, now=NOW)
    assert asked.status == RequestStatus.REFUSED
    assert Heading.EQUIPMENT_PURCHASE in fund_control.unapproved_items(session, vote.contract, TODAY)
    with pytest.raises(Conflict):
        budget_requests.approve(session, vote.checker, vote.contract.id, asked.number, SAID, now=NOW)


def test_who_asked_does_not_decide_and_the_grantee_decides_nothing(session: Session, vote: PaymentWorld) -> None:
    command = AskForItem("EQUIPMENT", "A laser", LETTER)
    asked = budget_requests.ask_for_item(session, vote.maker, vote.contract.id, command, now=NOW)
    for actor in (vote.maker, vote.finance):
        with pytest.raises(NotPermitted):
            budget_requests.approve(session, actor, vote.contract.id, asked.number, SAID, now=NOW)


def test_an_item_approved_already_or_asked_for_already_is_refused(session: Session, vote: PaymentWorld) -> None:
    asked_item(session, vote)
    for row, code in (("EQUIPMENT", "item.asked"), ("STAFF", "item.needs-none")):
        with pytest.raises(RuleBreached) as refused:
            asked_item(session, vote, row)
        assert [each.code for each in refused.value.breaches] == [code]


# budgets by year


@pytest.fixture
def yearly(session: Session) -> PaymentWorld:
    """An itemised contract whose terms budget by year, CNY 100.00 of operating cost in all."""
    made = budgets.itemised(session)
    parameter(session, made, "budget_by_year", value=True)
    return made


def approved_year(session: Session, made: PaymentWorld, year: int, amount: str) -> BudgetRequest:
    command = AskForYear(year, (BudgetItem("OPERATING", cny(amount)),), "The year's plan")
    asked = budget_requests.ask_for_year(session, made.finance, made.contract.id, command, now=NOW)
    return budget_requests.approve(session, made.checker, made.contract.id, asked.number, DecideRequest(), now=NOW)


def this_year(session: Session, made: PaymentWorld) -> int:
    """The year of the contract that today lies in."""
    years = fund_control.terms_of(session, made.contract, TODAY).years
    return next(each.year for each in years if each.first_day <= TODAY <= each.last_day)


def left(session: Session, made: PaymentWorld) -> dict[int, str]:
    """What operating cost has left in each year."""
    found = fund_control.standings(session, made.contract, TODAY)
    return {
        each.year or 0: str(each.left.amount)
        for each in found
        if each.kind is LimitKind.YEAR and each.code == "OPERATING"
    }


def test_spending_is_checked_against_the_year_it_is_dated_in(session: Session, yearly: PaymentWorld) -> None:
    now = this_year(session, yearly)
    approved_year(session, yearly, now, "40.00")
    charged(session, yearly, "40.00", Heading.MATERIALS)
    with pytest.raises(RuleBreached) as refused:
        charged(session, yearly, "0.01", Heading.MATERIALS)
    (breach,) = refused.value.breaches
    assert (breach.code, breach.params["year"], breach.params["left"]) == ("budget.year-exceeded", now, cny("0.00"))
    assert check(session).differences == ()


def test_a_years_budget_is_in_force_only_once_approved_by_another(session: Session, yearly: PaymentWorld) -> None:
    command = AskForYear(this_year(session, yearly), (BudgetItem("OPERATING", cny("1.00")),), "The year's plan")
    asked = budget_requests.ask_for_year(session, yearly.maker, yearly.contract.id, command, now=NOW)
    charged(session, yearly, "10.00", Heading.MATERIALS)
    with pytest.raises(NotPermitted):
        budget_requests.approve(session, yearly.maker, yearly.contract.id, asked.number, SAID, now=NOW)


@pytest.mark.parametrize(("carries", "room"), [(True, "60.00"), (False, "40.00")])
def test_what_a_year_leaves_goes_over_or_lapses_as_the_terms_say(
    session: Session, yearly: PaymentWorld, carries: bool, room: str
) -> None:
    parameter(session, yearly, "year_budget_carries_over", value=carries)
    now = this_year(session, yearly)
    assert now > 1, "the contract began in an earlier year"
    approved_year(session, yearly, now - 1, "20.00")
    approved_year(session, yearly, now, "40.00")
    assert left(session, yearly)[now] == room


def test_posted_cost_stands_in_its_own_year(session: Session, yearly: PaymentWorld) -> None:
    parameter(session, yearly, "year_budget_carries_over", value=False)
    now = this_year(session, yearly)
    approved_year(session, yearly, now - 1, "20.00")
    approved_year(session, yearly, now, "40.00")
    journal = charged(session, yearly, "15.00", Heading.MATERIALS)
    service.approve(session, yearly.other_finance, journal.id, now=NOW)
    assert (left(session, yearly)[now - 1], left(session, yearly)[now]) == ("20.00", "25.00")
    fund_control.refresh(session, yearly.contract, TODAY)
    assert (left(session, yearly)[now - 1], left(session, yearly)[now]) == ("20.00", "25.00")


def test_terms_without_yearly_budgets_take_none(session: Session) -> None:
    made = budgets.itemised(session)
    with pytest.raises(RuleBreached) as refused:
        approved_year(session, made, 1, "10.00")
    assert [each.code for each in refused.value.breaches] == ["year.unknown"]
