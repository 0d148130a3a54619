"""Overhead by formula and apportioned interest from the ledger: proposed, approved by another person, posted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.contracts.states import TermsFamily
from app.evidence import queries as evidence
from app.journals import computing, queries, service, workings
from app.journals.computing import ApportionInterest, ChargeOverhead, InterestAsked, OverheadAsked
from app.journals.interest import Apportionment
from app.journals.models import Journal
from app.journals.overhead import Overhead
from app.journals.states import JournalKind
from app.kernel.errors import InputRefused, NotFound, NotPermitted, RuleBreached
from app.ledger import balances
from app.ledger.headings import Heading
from app.projects.models import Project
from tests.builders import journals, payments, statements
from tests.builders.journals import cny, hkd, line
from tests.builders.payments import NOW, TODAY, PaymentWorld

START = date(2026, 1, 1)


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """CNY 400,000.00 received as HKD 432,282.43 under a lump sum with a management fee of 5 per cent."""
    return statements.received(session)


def asked(made: PaymentWorld, **changes: Any) -> OverheadAsked:
    return replace(OverheadAsked(made.contract.id, START, TODAY), **changes)


def charged(session: Session, made: PaymentWorld) -> Journal:
    command = ChargeOverhead(asked(made), TODAY, "Management fee to date", negative_list_declared=True)
    return computing.charge_overhead(session, made.finance, command, now=NOW)


def interest(made: PaymentWorld, whole: str = "310.00", **changes: Any) -> InterestAsked:
    return replace(InterestAsked(made.payee_account.id, START, TODAY, hkd(whole)), **changes)


def shared(session: Session, made: PaymentWorld, **changes: Any) -> Journal:
    command = ApportionInterest(interest(made, **changes), TODAY, "Interest of the year")
    return computing.apportion_interest(session, made.finance, command, now=NOW)


def approved(session: Session, made: PaymentWorld, journal: Journal) -> Journal:
    return service.approve(session, made.other_finance, journal.id, version=journal.version, now=NOW)


def codes(breached: Any) -> set[str]:
    return {each.code for each in breached.value.breaches}


# overhead


def test_overhead_goes_from_the_formula_to_its_heading_by_two_people(session: Session, made: PaymentWorld) -> None:
    journal = charged(session, made)
    with pytest.raises(NotPermitted):
        service.approve(session, made.finance, journal.id, version=journal.version, now=NOW)
    approved(session, made, journal)
    rows = balances.postings(session, balances.Selection(entry_id=journal.entry_id))
    assert {(row.code.name, str(row.amount)) for row in rows} == {
        ("OVERHEAD", "CNY 20000.00"),
        ("INSTITUTION_CLEARING", "CNY -20000.00"),
    }


def test_the_calculation_is_the_evidence_that_the_entry_seals(session: Session, made: PaymentWorld) -> None:
    journal = approved(session, made, charged(session, made))
    (document,) = evidence.of_record(session, service.EVIDENCE_KIND, journal.id)
    (row, *_others) = balances.postings(session, balances.Selection(entry_id=journal.entry_id))
    assert row.evidence_sha256 == document.sha256
    kept = workings.sheet_of(session, journal)
    assert isinstance(kept, Overhead)
    assert (kept.base, kept.given) == (cny("400000.00"), cny("20000.00"))


def test_what_waits_and_what_is_charged_is_not_charged_again(session: Session, made: PaymentWorld) -> None:
    journal = charged(session, made)
    waiting = computing.overhead(session, made.finance, asked(made), today=TODAY)
    assert (waiting.waiting, waiting.charge.minor) == (cny("20000.00"), 0)
    approved(session, made, journal)
    posted = computing.overhead(session, made.finance, asked(made), today=TODAY)
    assert (posted.charged, posted.waiting.minor, posted.charge.minor) == (cny("20000.00"), 0, 0)
    with pytest.raises(RuleBreached) as refused:
        charged(session, made)
    assert codes(refused) == {"journal.nothing-to-charge"}


def test_a_charge_that_the_books_no_longer_bear_out_is_not_approved(session: Session, made: PaymentWorld) -> None:
    journal = charged(session, made)
    other = line(made, cny("1.00"), Heading.MANAGEMENT_FEE)
    journals.posted(session, made, other, kind=JournalKind.PAYROLL_RECHARGE)
    with pytest.raises(RuleBreached) as refused:
        approved(session, made, journal)
    assert "journal.overhead-moved" in codes(refused)


def test_rows_outside_the_base_and_sponsorship_are_left_out_under_itf(session: Session, made: PaymentWorld) -> None:
    journals.cost(session, made, hkd("100000.00"))
    journals.cost(session, made, hkd("1000.00"), Heading.AUDIT_FEE)
    journals.posted(session, made, line(made, hkd("10000.00"), None), kind=JournalKind.SPONSORSHIP)
    made.programme.terms_family = TermsFamily.ITF.value
    session.flush()
    sheet = computing.overhead(session, made.finance, asked(made), today=TODAY)
    assert (sheet.gross, sheet.sponsorship, sheet.base) == (cny("92538.75"), cny("9240.00"), cny("83298.75"))
    assert sheet.given == cny("12494.81")
    less = asked(made, left_out=cny("298.75"), left_out_reason="A subcontract")
    assert computing.overhead(session, made.finance, less, today=TODAY).base == cny("83000.00")


def test_cost_left_out_needs_its_reason_and_the_contracts_currency(session: Session, made: PaymentWorld) -> None:
    for left_out in (cny("1.00"), hkd("1.00")):
        with pytest.raises(InputRefused):
            computing.overhead(session, made.finance, asked(made, left_out=left_out), today=TODAY)


def test_terms_without_a_rate_of_overhead_are_said_so(session: Session, made: PaymentWorld) -> None:
    made.programme.terms_family = TermsFamily.HETAO_PARK.value
    session.flush()
    with pytest.raises(RuleBreached) as refused:
        computing.overhead(session, made.finance, asked(made), today=TODAY)
    assert codes(refused) == {"journal.no-formula"}


def test_another_institution_finds_neither_contract_nor_account(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(NotFound):
        computing.overhead(session, made.maker, asked(made), today=TODAY)
    with pytest.raises(NotFound):
        computing.interest(session, made.maker, interest(made), today=TODAY)


# interest


def test_interest_is_posted_as_income_of_each_contract(session: Session, made: PaymentWorld) -> None:
    journal = approved(session, made, shared(session, made))
    rows = balances.postings(session, balances.Selection(entry_id=journal.entry_id))
    assert {(row.code.name, str(row.amount)) for row in rows} == {
        ("BANK", "HKD 310.00"),
        ("INTEREST", "CNY -286.44"),
        ("CURRENCY_TRADING", "CNY 286.44"),
        ("CURRENCY_TRADING", "HKD -310.00"),
    }
    kept = workings.sheet_of(session, journal)
    assert isinstance(kept, Apportionment)
    assert [each.part for each in kept.shares] == [hkd("310.00")]


def test_cost_borne_by_the_institution_lowers_what_stands_in_the_pool(session: Session, made: PaymentWorld) -> None:
    day = interest(made, first_day=TODAY)
    assert computing.interest(session, made.finance, day, today=TODAY).shares[0].average == hkd("432282.43")
    journals.posted(session, made, line(made, hkd("282.43")), bank_account_id=None)
    assert computing.interest(session, made.finance, day, today=TODAY).shares[0].average == hkd("432000.00")


def test_each_contract_of_the_pool_gets_its_part(session: Session, made: PaymentWorld) -> None:
    people = [made.maker, made.checker]
    project = session.get_one(Project, made.contract.project_id)
    places = (made.funder, made.grantee)
    second = payments.contract_in(session, project, *places, people, made.programme, made.pocket, "100000.00")
    given = line(made, hkd("432282.43"), None, contract_id=second.id)
    journals.posted(session, made, given, kind=JournalKind.SPONSORSHIP)
    journal = approved(session, made, shared(session, made, first_day=TODAY, other_average=hkd("864564.86")))
    assert sorted((each.contract_id, each.amount_minor) for each in journal.lines) == sorted(
        ((made.contract.id, 7750), (second.id, 7750))
    )


def test_days_are_apportioned_once(session: Session, made: PaymentWorld) -> None:
    journal = shared(session, made)
    with pytest.raises(RuleBreached) as refused:
        shared(session, made, first_day=TODAY)
    assert codes(refused) == {"journal.interest-apportioned"}
    service.refuse(session, made.other_finance, journal.id, "Wrong amount", version=journal.version, now=NOW)
    assert shared(session, made, first_day=TODAY).status == "SUBMITTED"


def test_parts_are_not_approved_once_the_balances_have_changed(session: Session, made: PaymentWorld) -> None:
    journal = shared(session, made)
    journals.cost(session, made, hkd("5.00"))
    with pytest.raises(RuleBreached) as refused:
        approved(session, made, journal)
    assert "journal.interest-moved" in codes(refused)


def test_a_pool_of_days_before_any_money_is_refused(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(RuleBreached) as refused:
        shared(session, made, last_day=START)
    assert codes(refused) == {"journal.nothing-pooled"}


def test_a_computed_journal_corrected_by_hand_is_no_longer_computed(session: Session, made: PaymentWorld) -> None:
    journal = charged(session, made)
    service.send_back(session, made.other_finance, journal.id, "Too much", version=journal.version, now=NOW)
    less = line(made, cny("10.00"), Heading.OVERHEAD)
    command = journals.correction(made, journal, less, kind=JournalKind.OVERHEAD_CHARGE, bank_account_id=None)
    service.correct(session, made.finance, journal.id, command, now=NOW)
    assert workings.sheet_of(session, journal) is None
    assert session.scalar(select(func.count()).select_from(Journal)) == 1
    assert queries.working_of(session, journal.id) is None
