"""Statement D: what it lists, that two currencies are never added, and that it agrees with the ledger or says not."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from reports.model import Report
from tests.builders import equipment, journals, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import TODAY, PaymentWorld
from tests.reports.reading import about_contract, amounts, cell, labels, table, words

NAME = "equipment-register"


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example once the money has arrived, in CNY, at a Hong Kong grantee."""
    return statements.received(session)


def said(session: Session, made: PaymentWorld) -> list[str]:
    """The paragraphs above the tables, in English."""
    report = about_contract(session, made, NAME)
    return [words(report, each) for section in report.sections for each in section.paragraphs]


def agreement(report: Report) -> list[str]:
    """The line of equipment purchase: ledger, register, difference."""
    found = [cell(report, "Equipment purchase", each, "agreement") for each in ("ledger", "registered", "difference")]
    return [str(each.amount) for each in found]


def test_register_agrees_with_the_ledgers_heading(session: Session, made: PaymentWorld) -> None:
    entry_id = journals.cost(session, made, hkd("1000.00"), Heading.EQUIPMENT_PURCHASE).entry_id
    equipment.kept(session, made, cost=hkd("1000.00"), charged=cny("924.00"), entry_id=entry_id)
    report = about_contract(session, made, NAME)
    assert agreement(report) == ["924.00", "924.00", "0.00"]
    assert "It agrees with the ledger." in said(session, made)


def test_difference_to_the_ledger_is_shown_and_said(session: Session, made: PaymentWorld) -> None:
    journals.cost(session, made, hkd("1000.00"), Heading.EQUIPMENT_PURCHASE)
    report = about_contract(session, made, NAME)
    assert agreement(report) == ["924.00", "0.00", "924.00"]
    assert any(each.startswith("It does not agree") for each in said(session, made))


def test_costs_are_totalled_by_currency_and_never_added(session: Session, made: PaymentWorld) -> None:
    equipment.kept(session, made, "A", cost=cny("10.00"))
    equipment.kept(session, made, "B", cost=hkd("20.00"), charged=cny("18.48"))
    report = about_contract(session, made, NAME)
    found = [cell(report, f"Cost paid in {each}", "cost") for each in Currency]
    assert found == [Money.parse("10.00", Currency.CNY), Money.parse("20.00", Currency.HKD)]
    assert cell(report, "Total charged", "charged") == cny("28.48")


def test_rate_that_converted_a_cost_is_noted_with_its_source(session: Session, made: PaymentWorld) -> None:
    equipment.kept(session, made, cost=hkd("1000.00"), acquired_on=TODAY)
    report = about_contract(session, made, NAME)
    assert cell(report, "Total charged", "charged") == cny("924.00")
    (rate,) = [words(report, each) for each in report.notes[1].paragraphs]
    assert rate == "Booking rate: 1 HKD = 0.9240 CNY, Test fixing, 20 November 2026."


def test_items_of_earlier_periods_stand_apart(session: Session, made: PaymentWorld) -> None:
    equipment.kept(session, made, "OLD", acquired_on=date(2026, 3, 1))
    equipment.kept(session, made, "NEW", acquired_on=date(2026, 11, 2))
    session.flush()
    report = about_contract(session, made, NAME, first_day=date(2026, 4, 1))
    rows = table(report, "items").rows
    shown = [label or rows[at].cells[0] for at, label in enumerate(labels(report, "items"))]
    assert shown[:6] == ["Acquired before the period", "OLD", "Subtotal", "Acquired in the period", "NEW", "Subtotal"]


def test_what_left_in_the_period_is_listed_with_both_people(session: Session, made: PaymentWorld) -> None:
    equipment.disposed(session, made, equipment.kept(session, made))
    report = about_contract(session, made, NAME)
    (left,) = table(report, "disposals").rows
    assert left.cells[0] == "EQ-1"
    assert left.cells[-2] != left.cells[-1]
    assert [words(report, each.cells[-1]) for each in table(report, "items").rows if each.cells[0] == "EQ-1"] == [
        "Disposed of"
    ]


def test_nothing_acquired_is_a_statement_too(session: Session, made: PaymentWorld) -> None:
    assert "No equipment was acquired up to the end of the period." in said(session, made)
    report = about_contract(session, made, NAME)
    assert amounts(report, "Total charged", "charged") == ("0.00",)
