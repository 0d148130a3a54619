"""Statement A, from contract to the last cent: the product's worked example and its relatives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.budgets.commands import BudgetItem
from app.claims import paying
from app.contracts import amendments, life, programme_queries
from app.contracts.commands import AmendContract, DecideAmendment, Step
from app.contracts.drafting import tranche_inputs
from app.contracts.states import ContractStatus, TermsFamily
from app.exchange_rates.models import ExchangeRate, RateKind
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.ledger.headings import Heading
from reports import income_and_expenditure
from reports.model import Report
from reports.parameters import Parameters
from tests.builders import claims, contracts, journals, payments, statements
from tests.builders.contracts import money
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.reports.reading import FIRST_DAY, LAST_DAY, about_contract, amounts, cell, labels, notes, words

NAME = "income-and-expenditure"
BOTH = ("current_period", "cumulative")
PLAN = ("approved_budget", "approved_variations", "revised_budget")


def statement_a(session: Session, made: PaymentWorld, first_day: date = FIRST_DAY, last_day: date = LAST_DAY) -> Report:
    return about_contract(session, made, NAME, first_day, last_day)


def test_worked_example_to_the_cent(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session))
    assert amounts(report, "Grant received", *BOTH) == ("400000.00", "400000.00")
    assert amounts(report, "Other reasonable cost", *BOTH) == ("138.75", "138.75")
    assert amounts(report, "Labour cost", *BOTH) == ("92400.00", "92400.00")
    assert amounts(report, "Total expenditure", *BOTH) == ("92538.75", "92538.75")
    assert amounts(report, "Realised gain / (loss)", *BOTH) == ("0.00", "0.00")
    assert amounts(report, "Unrealised gain / (loss)", *BOTH) == ("-432.28", "-432.28")
    assert amounts(report, "Surplus / (deficit)", *BOTH) == ("307028.97", "307028.97")
    assert amounts(report, "Balance carried forward", *BOTH) == ("307028.97", "307028.97")


def test_a_paid_claim_is_cost_and_on_the_cash_basis_an_approved_one_is_not_yet(session: Session) -> None:
    """HKD 1,000.00 of travel at 0.9240 and CNY 92.40 of materials come to CNY 1,016.40."""
    made = claims.ready(session)
    before = statement_a(session, made)
    lines = (claims.values(hkd("1000.00")), claims.values(cny("92.40"), Heading.MATERIALS))
    claim = claims.approved(session, made, *lines)
    approved = statement_a(session, made)
    paying.pay(session, made.other_finance, claim.reference, claims.payment(made, claim), now=NOW)
    paid = statement_a(session, made)
    spent = [Decimal(amounts(each, "Total expenditure", "cumulative")[0] or "0") for each in (before, approved, paid)]
    assert [each - spent[0] for each in spent] == [0, 0, Decimal("1016.40")]


def test_exchange_difference_stands_above_the_surplus(session: Session) -> None:
    order = labels(statement_a(session, statements.worked_example(session)))
    assert order.index("Realised gain / (loss)") + 1 == order.index("Unrealised gain / (loss)")
    assert order.index("Unrealised gain / (loss)") + 1 == order.index("Surplus / (deficit)")


def test_note_names_the_rate_that_values_the_foreign_money(session: Session) -> None:
    found = notes(statement_a(session, statements.worked_example(session)))
    assert (
        "HKD 332,282.43 held at the end of the period is valued at 0.9240 CNY for 1 HKD, Test fixing,"
        " 20 November 2026: CNY 307,028.97 against CNY 307,461.25 booked." in found
    )


def test_residue_reads_not_yet_due_before_closing(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session))
    assert cell(report, "Amount repayable to the funder", "cumulative") == "not yet due; retained"


def test_mirror_direction_to_the_cent(session: Session) -> None:
    """400,000.00 - 108.11 - 100,000.00 leaves HKD 299,891.89; CNY 277,500.00 at 0.9240 is worth HKD 300,324.68."""
    report = statement_a(session, statements.mirror(session))
    assert report.currency is Currency.HKD
    assert amounts(report, "Grant received", *BOTH) == ("400000.00", "400000.00")
    assert amounts(report, "Other reasonable cost", *BOTH) == ("108.11", "108.11")
    assert amounts(report, "Labour cost", *BOTH) == ("100000.00", "100000.00")
    assert amounts(report, "Unrealised gain / (loss)", *BOTH) == ("432.79", "432.79")
    assert amounts(report, "Balance carried forward", *BOTH) == ("300324.68", "300324.68")


def test_period_end_rate_of_the_last_day_goes_before_the_booking_rate(session: Session) -> None:
    made = statements.worked_example(session)
    payments.rate(session, "0.9300", LAST_DAY)
    payments.rate(session, "0.9200", LAST_DAY, kind=RateKind.PERIOD_END)
    report = statement_a(session, made)
    assert amounts(report, "Unrealised gain / (loss)", *BOTH) == ("-1761.41", "-1761.41")


def test_newer_booking_rate_goes_before_an_older_period_end_rate(session: Session) -> None:
    made = statements.worked_example(session)
    payments.rate(session, "0.9200", TODAY, kind=RateKind.PERIOD_END)
    payments.rate(session, "0.9240", LAST_DAY)
    assert amounts(statement_a(session, made), "Unrealised gain / (loss)", *BOTH) == ("-432.28", "-432.28")


def test_foreign_money_is_never_valued_without_a_rate(session: Session) -> None:
    made = statements.received(session)
    session.execute(delete(ExchangeRate))
    with pytest.raises(RuleBreached) as refusal:
        statement_a(session, made)
    assert [breach.code for breach in refusal.value.breaches] == ["report.rate-missing"]


# periods


def test_commencement_stands_in_the_first_period_only(session: Session) -> None:
    made = statements.worked_example(session)
    first = statement_a(session, made)
    second = statement_a(session, made, LAST_DAY + timedelta(days=1), date(2027, 3, 31))
    assert words(first, first.period) == "For the period from 1 September 2025 (commencement) to 30 November 2026"
    assert words(second, second.period) == "For the period from 1 December 2026 to 31 March 2027"


def test_year_that_begins_before_the_contract_begins_with_its_commencement(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session), date(2025, 4, 1), date(2026, 3, 31))
    assert words(report, report.period) == "For the period from 1 September 2025 (commencement) to 31 March 2026"


def test_later_year_is_named_by_its_end(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session), date(2026, 1, 1), date(2026, 12, 31))
    assert words(report, report.period) == "For the year ended 31 December 2026"


def test_second_period_begins_with_what_the_first_carried_forward(session: Session) -> None:
    made = statements.worked_example(session)
    payments.rate(session, "0.9250", date(2026, 12, 31))
    report = statement_a(session, made, LAST_DAY + timedelta(days=1), date(2026, 12, 31))
    assert amounts(report, "Balance brought forward", *BOTH) == ("307028.97", None)
    assert amounts(report, "Grant received", *BOTH) == ("0.00", "400000.00")
    assert amounts(report, "Unrealised gain / (loss)", *BOTH) == ("332.28", "-100.00")
    assert amounts(report, "Surplus / (deficit)", *BOTH) == ("332.28", "307361.25")
    assert amounts(report, "Balance carried forward", *BOTH) == ("307361.25", "307361.25")


def test_balance_brought_forward_is_nil_in_the_first_period(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session))
    assert amounts(report, "Balance brought forward", *BOTH) == ("0.00", None)


# closing


def closed_out(session: Session, made: PaymentWorld) -> None:
    """Post the realised difference of the contract's pair."""
    journals.posted(
        session,
        made,
        kind=JournalKind.EXCHANGE_CLOSED_OUT,
        closes_contract_id=made.contract.id,
        reason="All HKD spent or returned",
    )


def test_closing_contract_states_the_amount_repayable(session: Session) -> None:
    """Unspent 400,000.00 - 138.75 - 92,400.00 - 277,200.00 less what the terms let stay; the unrealised loss never."""
    made = statements.spent(session)
    life.start_closing(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)
    report = statement_a(session, made)
    assert amounts(report, "Balance carried forward", "cumulative") == ("29828.97",)
    assert amounts(report, "Unrealised gain / (loss)", "cumulative") == ("-432.28",)
    assert amounts(report, "Unspent", "amount", key="residue") == ("30261.25",)
    kept = Decimal(str(_kept_percent(session, made)))
    expected = Decimal("30261.25") * (100 - kept) / 100
    assert cell(report, "Amount repayable to the funder", "cumulative").amount == expected


def _kept_percent(session: Session, made: PaymentWorld) -> str:
    return str(programme_queries.parameters(session, made.programme, LAST_DAY)["unspent_kept_percent"].value)


def test_residue_before_the_closing_day_is_not_yet_due(session: Session) -> None:
    made = statements.spent(session)
    life.start_closing(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)
    report = statement_a(session, made, FIRST_DAY, TODAY - timedelta(days=1))
    assert cell(report, "Amount repayable to the funder", "cumulative") == "not yet due; retained"


def test_difference_is_realised_when_the_last_foreign_money_went_back(session: Session) -> None:
    """HKD 32,282.43 returned at 0.9300 are CNY 30,022.66 of the CNY 30,261.25 that the pair holds."""
    made = statements.spent(session)
    statements.return_residue(session, made, "30022.66", "32282.43", "0.9300")
    for _posted in (False, True):
        report = statement_a(session, made)
        assert amounts(report, "Realised gain / (loss)", *BOTH) == ("-238.59", "-238.59")
        assert amounts(report, "Unrealised gain / (loss)", *BOTH) == ("0.00", "0.00")
        assert amounts(report, "Less: residue returned to the funder", *BOTH) == ("-30022.66", "-30022.66")
        assert amounts(report, "Grant received", *BOTH) == ("400000.00", "400000.00")
        assert amounts(report, "Balance carried forward", *BOTH) == ("0.00", "0.00")
        if not _posted:
            closed_out(session, made)


def test_terminated_contract_states_the_amount_repayable(session: Session) -> None:
    made = statements.worked_example(session)
    life.terminate(session, made.maker, made.contract.id, Step(made.contract.version, "The team left"), now=NOW)
    assert made.contract.status == ContractStatus.TERMINATED
    assert cell(statement_a(session, made), "Amount repayable to the funder", "cumulative").currency is Currency.CNY


# budgets


def budgeted(session: Session, family: TermsFamily, amended: bool) -> Report:
    """Statement A of a signed contract of CNY 1,000,000.00, perhaps amended by CNY 200,000.00 in November 2026."""
    made = contracts.world(session, family)
    contract = contracts.active(session, made)
    if amended:
        itemised = family is not TermsFamily.MAINLAND_LUMP_SUM
        tranches = list(tranche_inputs(contract))
        tranches[-1] = replace(tranches[-1], amount=tranches[-1].amount + money("200000.00"))
        command = AmendContract(
            version=contract.version,
            reason="More samples",
            effective_on=date(2026, 11, 1),
            amount=money("1200000.00"),
            first_day=contract.first_day,
            last_day=contract.last_day,
            tranches=tuple(tranches),
            budget=(BudgetItem("EQUIPMENT", money("900000.00")), BudgetItem("OPERATING", money("300000.00")))
            if itemised
            else (),
        )
        proposed = amendments.propose(session, made.maker, contract.id, command, now=NOW)
        amendments.approve(session, made.checker, contract.id, proposed.number, DecideAmendment(), now=NOW)
    session.flush()
    return income_and_expenditure.build(session, Parameters(FIRST_DAY, LAST_DAY, NOW, contract.id))


def test_itemised_budget_stands_by_heading_with_its_variations(session: Session) -> None:
    report = budgeted(session, TermsFamily.MAINLAND_ITEMISED, amended=True)
    assert amounts(report, "Equipment cost", *PLAN) == ("1000000.00", "-100000.00", "900000.00")
    assert amounts(report, "Total expenditure", *PLAN) == ("1000000.00", "200000.00", "1200000.00")
    assert amounts(report, "Equipment cost", "variance") == ("900000.00",)
    assert cell(report, "Equipment cost", "variance_percent") == Decimal(100)
    assert "Amendment 1, effective 1 November 2026: More samples" in notes(report)


def test_shortfall_of_income_is_adverse_and_underspending_is_favourable(session: Session) -> None:
    report = budgeted(session, TermsFamily.MAINLAND_ITEMISED, amended=False)
    assert amounts(report, "Grant received", *PLAN, "variance") == ("1000000.00", "0.00", "1000000.00", "-1000000.00")
    assert amounts(report, "Total expenditure", "variance") == ("1000000.00",)
    assert "so that a shortfall stands in brackets" in notes(report)


def test_lump_sum_has_its_budget_on_the_totals_only(session: Session) -> None:
    report = budgeted(session, TermsFamily.MAINLAND_LUMP_SUM, amended=True)
    for label in ("Grant received", "Equipment cost", "Labour cost"):
        assert amounts(report, label, *PLAN, "variance") == (None, None, None, None)
    for label in ("Total income", "Total expenditure"):
        assert amounts(report, label, *PLAN) == ("1000000.00", "200000.00", "1200000.00")
    assert "(a) to (c) and (f) stand on the totals only" in notes(report)


# other events


def test_cash_basis_leaves_out_what_is_approved_and_not_paid(session: Session) -> None:
    made = statements.received(session)
    journals.posted(session, made, journals.line(made, hkd("50000.00")), kind=JournalKind.CLAIM_ACCRUED)
    report = statement_a(session, made)
    assert amounts(report, "Labour cost", *BOTH) == ("46200.00", "46200.00")
    assert amounts(report, "Less: approved and not yet paid", *BOTH) == ("-46200.00", "-46200.00")
    assert amounts(report, "Total expenditure", *BOTH) == ("138.75", "138.75")
    journals.posted(session, made, journals.line(made, hkd("50000.00"), None), kind=JournalKind.CLAIM_PAID)
    paid = statement_a(session, made)
    assert "Less: approved and not yet paid" not in labels(paid)
    assert amounts(paid, "Total expenditure", *BOTH) == ("46338.75", "46338.75")


def test_interest_and_supplier_refund_stand_where_they_belong(session: Session) -> None:
    made = statements.worked_example(session)
    journals.posted(session, made, journals.line(made, hkd("1000.00"), None), kind=JournalKind.INTEREST)
    refund = journals.line(made, hkd("5000.00"), Heading.SALARY)
    journals.posted(session, made, refund, kind=JournalKind.SUPPLIER_REFUND)
    report = statement_a(session, made)
    assert amounts(report, "Bank interest", *BOTH) == ("924.00", "924.00")
    assert amounts(report, "Labour cost", *BOTH) == ("87780.00", "87780.00")


def test_disallowed_cost_leaves_the_project(session: Session) -> None:
    made = statements.worked_example(session)
    line = journals.line(made, cny("10000.00"), Heading.SALARY)
    journals.posted(session, made, line, kind=JournalKind.DISALLOWED)
    report = statement_a(session, made)
    assert amounts(report, "Labour cost", *BOTH) == ("82400.00", "82400.00")
    assert amounts(report, "Balance carried forward", *BOTH) == ("317028.97", "317028.97")


# the page


def test_head_names_scheme_agreement_basis_and_currency_once(session: Session) -> None:
    made = statements.worked_example(session)
    report = statement_a(session, made)
    heads = {words(report, head.label): words(report, head.value) for head in report.heads}
    assert heads == {
        "Scheme": "Qingtan joint programme",
        "Agreement": "QT-2025-017",
        "Contract": made.contract.reference,
    }
    assert words(report, report.basis) == "Cash basis: income when received, expenditure when paid"
    assert report.currency is Currency.CNY


def test_three_certificates_are_signed(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session))
    posts = [words(report, each.signatories[0].post) for each in report.certificates]
    assert posts == ["Finance officer", "Principal investigator", "Head of institution or delegate"]
    wording = words(report, report.certificates[2].wording[0])
    for phrase in ("agreement has been complied with", "agrees with the books", "interest earned", "unspent money"):
        assert phrase in wording


def test_no_opinion_is_written(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session))
    assert "Not an auditor's report. The software writes no opinion." in [
        words(report, each) for each in report.footers
    ]
