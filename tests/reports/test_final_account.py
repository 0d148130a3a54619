"""The final account (决算表): a lump sum on its total, an itemised grant by heading, both tied to Statement A."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.budgets import service as approved
from app.budgets.commands import BudgetItem
from app.budgets.models import BudgetVariation
from app.journals.states import JournalKind
from app.kernel.identity import new_id
from app.kernel.money import total
from app.ledger import balances
from app.ledger.headings import Heading
from reports.model import Convention, Language, Report
from reports.output import Format, write
from reports.output.wording import voice
from tests.builders import budgets, journals, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, PaymentWorld
from tests.reports.reading import LAST_DAY, about_contract, amounts, cell, labels, row, words
from tests.reports.test_files import text_of
from tests.reports.test_residue import with_both

NAME = "final-account"
PLAN = ("approved_budget", "adjustments", "adjusted_budget")
SPENT = ("current_period", "cumulative")
KEY = "expenditure"


def account_of(session: Session, made: PaymentWorld) -> Report:
    return about_contract(session, made, NAME)


def lump_sum(session: Session) -> PaymentWorld:
    """CNY 1,000,000.00 lump sum, CNY 92,400.00 of labour cost, CNY 50.00 of overhead, a charge of CNY 138.75."""
    made = statements.worked_example(session)
    approved.set_approved(session, made.contract.id, [BudgetItem("TOTAL", cny("1000000.00"))])
    line = journals.line(made, cny("50.00"), Heading.OVERHEAD)
    journals.posted(session, made, line, kind=JournalKind.OVERHEAD_CHARGE)
    return made


def test_lump_sum_has_one_line_of_budget_with_direct_and_indirect_cost_apart(session: Session) -> None:
    report = account_of(session, lump_sum(session))
    assert amounts(report, "Direct cost", *PLAN, *SPENT, key=KEY) == (None, None, None, "92538.75", "92538.75")
    assert amounts(report, "Indirect cost", *PLAN, *SPENT, key=KEY) == (None, None, None, "50.00", "50.00")
    assert amounts(report, "Labour cost", *PLAN, *SPENT, key=KEY) == (None, None, None, "92400.00", "92400.00")
    assert amounts(report, "Total of the lump sum", *PLAN, *SPENT, "balance", key=KEY) == (
        *("1000000.00", "0.00", "1000000.00"),
        *("92588.75", "92588.75", "907411.25"),
    )
    assert cell(report, "Total of the lump sum", "execution", key=KEY) == Decimal("9.258875")


def test_itemised_account_stands_by_heading_with_budget_balance_and_execution(session: Session) -> None:
    made = budgets.itemised(session)
    line = journals.line(made, cny("25.00"), Heading.MATERIALS)
    journals.posted(session, made, line, kind=JournalKind.PAYROLL_RECHARGE)
    report = account_of(session, made)
    (adjusted,) = amounts(report, "Operating cost", "adjusted_budget", key=KEY)
    assert adjusted == "100.00"
    assert amounts(report, "Operating cost", "cumulative", "balance", key=KEY) == ("25.00", "75.00")
    assert cell(report, "Operating cost", "execution", key=KEY) == Decimal(25)
    assert [label for label in labels(report, KEY) if label in ("Direct cost", "Indirect cost")] == [
        "Direct cost",
        "Indirect cost",
    ]
    whole, direct, indirect = (row(report, label, KEY).cells[4] for label in ("Total", "Direct cost", "Indirect cost"))
    assert whole == direct + indirect  # type: ignore[operator]


def test_variation_of_budget_stands_in_the_column_of_adjustments(session: Session) -> None:
    made = budgets.itemised(session)
    moved = [("OPERATING", "-40.00"), ("LABOUR", "40.00")]
    session.add_all(
        BudgetVariation(
            contract_id=made.contract.id,
            heading=heading,
            change_minor=cny(change).minor,
            currency="CNY",
            effective_on=date(2026, 11, 1),
            amendment_id=new_id(),
            reason="More hands",
            approved_by_id=made.checker.person_id,
            approved_at=NOW,
        )
        for heading, change in moved
    )
    report = account_of(session, made)
    assert amounts(report, "Operating cost", *PLAN, key=KEY) == ("100.00", "-40.00", "60.00")
    assert amounts(report, "Total", "adjustments", key=KEY) == ("0.00",)


def test_expenditure_and_balance_are_those_of_the_ledger_and_of_statement_a(session: Session) -> None:
    made = with_both(session)
    report, a = account_of(session, made), about_contract(session, made, "income-and-expenditure")
    chosen = balances.Selection(book_id=made.grantee.id, contract_id=made.contract.id, last_day=LAST_DAY)
    booked = [each.amount for each in balances.stream_postings(session, chosen) if each.heading is not None]
    unpaid = cny("4620.00")
    spent = cell(report, "Total of the lump sum", "cumulative", key=KEY)
    assert spent == total(booked, made.currency) - unpaid == cell(a, "Total expenditure", "cumulative")
    surplus = amounts(report, "Funds surplus, project finished", *SPENT, key="funds")
    assert surplus == amounts(a, "Balance carried forward", *SPENT)
    assert amounts(report, "Amount repayable to the funder", "amount", key="residue") == ("25384.75",)


def test_funds_add_up_to_the_balance(session: Session) -> None:
    report = account_of(session, with_both(session))
    column = [cell(report, label, "current_period", key="funds") for label in labels(report, "funds")]
    assert sum(each.minor for each in column[5:-1]) == column[-1].minor


def test_project_under_way_carries_its_funds_over(session: Session) -> None:
    report = account_of(session, statements.worked_example(session))
    assert "Funds carried over, project under way" in labels(report, "funds")
    assert cell(report, "Amount repayable to the funder", "amount", "residue") == "not yet due; retained"


def test_dates_in_tables_are_written_as_on_the_mainland(session: Session) -> None:
    report = account_of(session, statements.worked_example(session))
    assert report.convention is Convention.MAINLAND


def test_bilingual_account_has_simplified_chinese_first(session: Session) -> None:
    report = account_of(session, lump_sum(session))
    lines = text_of(write(report, Format.PDF, Language.ZH_HANS, bilingual=True))
    assert lines.index("项目资金决算表") < lines.index("Final Account of Project Funds")


SAID = {
    Language.EN: (
        "Final Account of Project Funds",
        "Head of the project",
        "Head of finance",
        "Head of the institution",
    ),
    Language.ZH_HANT: ("項目資金決算表", "項目負責人", "財務負責人", "機構負責人"),
    Language.ZH_HANS: ("项目资金决算表", "项目负责人", "财务负责人", "单位负责人"),
}


@pytest.mark.parametrize("language", Language)
def test_account_reads_in_every_language_with_its_three_signatures(session: Session, language: Language) -> None:
    made = lump_sum(session)
    journals.cost(session, made, hkd("1.00"), Heading.TRAVEL)
    report = account_of(session, made)
    whole = "\n".join(text_of(write(report, Format.PDF, language)))
    for expected in (*SAID[language], "1,000,000.00", "92,589.67"):
        assert expected in whole
    (certificate,) = report.certificates
    said = [voice(report, language).say(each.capacity).text for each in certificate.signatories]
    assert (tuple(said), certificate.chop) == (SAID[language][1:], True)
    assert words(report, report.period).endswith("to 30 November 2026")
