"""The combined project report: each contract in its own currency and year, and nothing is added across."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.contracts import fund_control
from app.contracts.models import Contract, Programme
from app.exchange_rates.models import RateKind
from app.institutions.states import InstitutionKind, Side
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.projects.models import Project
from reports.model import Language, Report
from reports.output import Format, write
from reports.project_overview import fiscal_year
from tests.builders import journals, payments, projects, statements
from tests.builders.journals import hkd
from tests.builders.payments import PaymentWorld
from tests.reports.reading import about_contract, about_project, amounts, table, words
from tests.reports.test_files import text_of

NAME = "project-overview"
ADDED = "Amounts in CNY and amounts in HKD are not added"


def second_contract(session: Session, made: PaymentWorld) -> Contract:
    """The Hong Kong half of the project: HKD 500,000.00 to the same grantee, the year ending in March."""
    funder = projects.institution(session, "Harbour Research Trust", Side.HK, InstitutionKind.FUNDER)
    pocket = payments.filled_pocket(session, funder, made.maker, Currency.HKD)
    own = {each.name: getattr(made.programme, each.name) for each in Programme.__table__.columns}
    own |= {"id": new_id(), "code": f"HR-{new_id().hex[-6:]}", "funder_id": funder.id, "currency": "HKD"}
    programme = Programme(**(own | {"year_end_month": 3, "spending_limit": "CONTRACTED", "version": 1}))
    session.add(programme)
    session.flush()
    project = session.get_one(Project, made.contract.project_id)
    people = [made.maker, made.checker]
    contract = payments.contract_in(session, project, funder, made.grantee, people, programme, pocket, "500000.00")
    fund_control.refresh(session, contract, payments.TODAY)
    return contract


def joint(session: Session) -> tuple[PaymentWorld, Contract]:
    """The worked example, and a second contract with HKD 800.00 of cost before April and HKD 200.00 after it."""
    made = statements.worked_example(session)
    other = second_contract(session, made)
    for amount, day in (("800.00", date(2026, 3, 10)), ("200.00", date(2026, 4, 10))):
        line = journals.line(made, hkd(amount), Heading.TRAVEL, contract_id=other.id)
        journals.posted(session, made, line, kind=JournalKind.PAYROLL_RECHARGE, effective_on=day)
    return made, other


def overview(session: Session, made: PaymentWorld) -> Report:
    return about_project(session, made, NAME)


def test_hong_kongs_contract_stands_first_with_its_own_currency_and_year(session: Session) -> None:
    made, other = joint(session)
    report = overview(session, made)
    assert [each.cells[0] for each in table(report, "contracts").rows] == [other.reference, made.contract.reference]
    years = [words(report, each.cells[6]) for each in table(report, "contracts").rows]
    assert years == ["1 April 2026 to 31 March 2027", "1 January 2026 to 31 December 2026"]
    figures = table(report, "figures_1").columns
    assert [each.currency for each in figures[1:]] == [Currency.HKD] * 4 + [Currency.CNY] * 4


def test_fiscal_year_of_each_contract_counts_from_its_own_first_day(session: Session) -> None:
    made, _other = joint(session)
    report = overview(session, made)
    columns = ("period_1", "year_1", "cumulative_1")
    assert amounts(report, "Travel", *columns, key="figures_1") == ("1000.00", "200.00", "1000.00")
    assert amounts(report, "Salary", "period_2", "year_2", key="figures_1") == ("92400.00", "92400.00")


def test_each_contract_has_the_totals_of_its_own_statement_a(session: Session) -> None:
    made, other = joint(session)
    report = overview(session, made)
    for at, contract in ((1, other), (2, made.contract)):
        a = about_contract(session, replace(made, contract=contract), "income-and-expenditure")
        for label in ("Total income", "Total expenditure", "Surplus / (deficit)", "Balance carried forward"):
            own = amounts(report, label, f"period_{at}", f"cumulative_{at}", key="figures_1")
            assert own == amounts(a, label, "current_period", "cumulative")


def test_no_cell_holds_the_sum_of_two_contracts_and_the_report_says_so(session: Session) -> None:
    made, _other = joint(session)
    report = overview(session, made)
    assert ADDED in words(report, report.sections[0].paragraphs[0])
    per_contract = {0: Currency.HKD, 1: Currency.CNY}
    for each in table(report, "figures_1").rows:
        for at, money in enumerate(each.cells[1:]):
            assert money is None or money.currency is per_contract[at // 4]  # type: ignore[union-attr]


def test_memo_names_the_period_end_rate_and_has_no_total(session: Session) -> None:
    made, _other = joint(session)
    assert "No period-end rate is known on or before 30 November 2026" in words(
        overview(session, made), overview(session, made).sections[-1].paragraphs[0]
    )
    payments.rate(session, "0.9200", date(2026, 10, 31), kind=RateKind.PERIOD_END)
    report = overview(session, made)
    assert "at the period-end rate of 31 October 2026: 0.9200 CNY for 1 HKD, Test fixing" in words(
        report, report.sections[-1].paragraphs[0]
    )
    rows = table(report, "memo").rows
    assert len(rows) == 6
    for each in rows:
        own, equivalent = each.cells[2], each.cells[3]
        assert isinstance(own, Money)
        assert isinstance(equivalent, Money)
        exact = own.amount * Decimal("0.92") if own.currency is Currency.HKD else own.amount / Decimal("0.92")
        assert equivalent == Money.rounded(exact, Currency.CNY if own.currency is Currency.HKD else Currency.HKD)


def test_more_contracts_than_fit_stand_in_a_second_table(session: Session) -> None:
    made, _other = joint(session)
    second_contract(session, made)
    report = overview(session, made)
    assert [each.key for each in report.tables][:3] == ["contracts", "figures_1", "figures_2"]
    assert write(report, Format.PDF, Language.ZH_HANT).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("month", "day", "expected"),
    [
        (3, date(2026, 3, 31), (date(2025, 4, 1), date(2026, 3, 31))),
        (3, date(2026, 4, 1), (date(2026, 4, 1), date(2027, 3, 31))),
        (2, date(2028, 2, 29), (date(2027, 3, 1), date(2028, 2, 29))),
        (12, date(2026, 12, 31), (date(2026, 1, 1), date(2026, 12, 31))),
    ],
)
def test_fiscal_year_a_day_lies_in(month: int, day: date, expected: tuple[date, date]) -> None:
    assert fiscal_year(month, day) == expected


SAID = {
    Language.EN: ("Combined Project Report", "not added"),
    Language.ZH_HANT: ("項目合併報告", "均不相加"),
    Language.ZH_HANS: ("项目合并报告", "均不相加"),
}


@pytest.mark.parametrize("language", Language)
def test_report_reads_in_every_language(session: Session, language: Language) -> None:
    made, _other = joint(session)
    whole = "\n".join(text_of(write(overview(session, made), Format.PDF, language)))
    for expected in (*SAID[language], "92,538.75", "307,028.97", "1,000.00", "500,000.00"):
        assert expected in whole
