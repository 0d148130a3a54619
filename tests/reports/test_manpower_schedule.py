"""Statement E: who is listed, what is charged, and that it agrees with the ledger month by month or shows it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from app.ledger.headings import Heading
from app.manpower import service
from app.manpower.service import MonthCommand
from app.manpower.states import ContributionKind
from reports.model import Report
from tests.builders import journals, manpower, payments, statements
from tests.builders.journals import cny, hkd
from tests.builders.manpower import NOVEMBER, OCTOBER
from tests.builders.payments import NOW, PaymentWorld
from tests.reports.reading import about_contract, cell, table, words

NAME = "manpower-schedule"


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example once the money has arrived, in CNY, at a Hong Kong grantee."""
    return statements.received(session)


def line(report: Report, key: str, first: str) -> dict[str, object]:
    """The row that begins with this cell, by column."""
    chosen = table(report, key)
    found = next(each for each in chosen.rows if each.cells[0] == first)
    return dict(zip((each.key for each in chosen.columns), found.cells, strict=True))


def said(report: Report) -> list[str]:
    """The paragraphs above the tables, in English."""
    return [words(report, each) for section in report.sections for each in section.paragraphs]


def test_person_is_listed_with_rate_months_share_and_charge(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made, contribution_kind=ContributionKind.MPF, contribution=cny("1500.00"))
    found = line(about_contract(session, made, NAME), "people", "Assistant R-1")
    assert (found["rate"], found["months"], found["share"]) == (cny("20000.00"), 2, Decimal(50))
    assert (found["pay"], found["contribution"], found["charged"]) == (cny("20000.00"), cny("1500.00"), cny("21500.00"))


def test_only_months_of_the_period_count(session: Session, made: PaymentWorld) -> None:
    manpower.kept(session, made)
    report = about_contract(session, made, NAME, first_day=date(2026, 11, 1))
    found = line(report, "people", "Assistant R-1")
    assert (found["first_month"], found["months"], found["charged"]) == ("2026-11", 1, cny("10000.00"))


def test_schedule_agrees_with_the_ledgers_staff_headings(session: Session, made: PaymentWorld) -> None:
    journals.cost(session, made, hkd("10000.00"), Heading.SALARY)
    journals.cost(session, made, hkd("500.00"), Heading.SOCIAL_INSURANCE)
    manpower.kept(
        session,
        made,
        first_month=NOVEMBER,
        monthly_rate=cny("18480.00"),
        contribution_kind=ContributionKind.MPF,
        contribution=cny("924.00"),
    )
    report = about_contract(session, made, NAME)
    for heading, amount in (("Salary", "9240.00"), ("MPF and social insurance", "462.00")):
        found = [cell(report, heading, each, "agreement") for each in ("ledger", "registered", "difference")]
        assert [str(each.amount) for each in found] == [amount, amount, "0.00"]
    assert "It agrees with the ledger." in said(report)


def test_difference_stands_at_its_month_with_the_reason_given(session: Session, made: PaymentWorld) -> None:
    journals.cost(session, made, hkd("10000.00"), Heading.SALARY)
    manpower.kept(session, made)
    service.confirm_month(session, made.other_finance, made.contract.reference, NOVEMBER, "Paid late", now=NOW)
    report = about_contract(session, made, NAME)
    found = line(report, "months", "2026-11")
    assert (found["scheduled"], found["ledger"], found["difference"]) == (
        cny("10000.00"),
        cny("9240.00"),
        cny("-760.00"),
    )
    assert found["reason"] == "Paid late"
    assert any(each.startswith("It does not agree") for each in said(report))


def test_two_currencies_are_never_added(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made, monthly_rate=hkd("20000.00"))
    assert line(about_contract(session, made, NAME), "people", "Assistant R-1")["charged"] is None
    typed = [MonthCommand(OCTOBER, Decimal(50), cny("9240.00"), cny("0.00"))]
    service.set_months(session, made.finance, engagement.reference, engagement.version, typed, now=NOW)
    found = line(about_contract(session, made, NAME), "people", "Assistant R-1")
    assert (found["rate"], found["charged"]) == (hkd("20000.00"), cny("9240.00"))


def test_share_that_varies_is_said_to_vary(session: Session, made: PaymentWorld) -> None:
    engagement = manpower.kept(session, made)
    typed = [MonthCommand(OCTOBER, Decimal(10), cny("2000.00"), cny("0.00"))]
    service.set_months(session, made.finance, engagement.reference, engagement.version, typed, now=NOW)
    report = about_contract(session, made, NAME)
    assert words(report, line(report, "people", "Assistant R-1")["share"]) == "varies"


def test_more_than_full_time_is_listed_without_what_others_hold(session: Session, made: PaymentWorld) -> None:
    orcid = "0000-0002-1825-0097"
    manpower.kept(session, made, percent=Decimal(60), orcid=orcid)
    manpower.kept(session, payments.world(session), "X-9", percent=Decimal(60), orcid=orcid)
    report = about_contract(session, made, NAME)
    assert [each.cells[2] for each in table(report, "time").rows] == ["2026-10", "2026-11"]
    assert "X-9" not in str(report)


def test_nobody_engaged_is_a_statement_too(session: Session, made: PaymentWorld) -> None:
    report = about_contract(session, made, NAME)
    assert "Nobody was engaged on the contract in the period." in said(report)
    assert cell(report, "Total", "charged", "people") == cny("0.00")
