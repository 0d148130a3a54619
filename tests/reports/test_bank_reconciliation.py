"""Statement H: from the bank's balance to the book's, line by line, in every language and format; nil counts too."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.kernel.money import Money
from reports.catalogue import REPORTS
from reports.model import Language, Report
from reports.output import Format, write
from reports.parameters import Parameters
from tests.builders import banking
from tests.builders.banking import OCTOBER, SEPTEMBER, BankWorld, hkd
from tests.builders.payments import NOW
from tests.reports.conftest import FLAVOURS, Validate


@pytest.fixture
def here(session: Session) -> BankWorld:
    made = banking.world(session)
    banking.two_months(session, made)
    return made


def built(session: Session, here: BankWorld, days: tuple[date, date]) -> Report:
    return REPORTS["bank-reconciliation"].build(session, Parameters(*days, NOW, book_id=here.place.id))


def balances(report: Report) -> list[Money]:
    return [cells[-1] for row in report.tables[0].rows if isinstance((cells := row.cells)[-1], Money)]


def listed(report: Report) -> dict[str, Money]:
    return {
        str(row.cells[0]): row.cells[3]
        for row in report.tables[0].rows
        if len(row.cells) > 3 and isinstance(row.cells[3], Money)
    }


def test_both_balances_and_every_line_between_them_stand_in_it(session: Session, here: BankWorld) -> None:
    report = built(session, here, OCTOBER)
    assert listed(report) == {
        "JNL-2026-00010 Printing": hkd("-75.00"),
        "Account fee": hkd("35.00"),
        "Interest": hkd("-1.20"),
    }
    bank, *between, should, book, difference = balances(report)
    assert (bank, should, book, difference) == (hkd("616.20"), hkd("575.00"), hkd("575.00"), hkd("0.00"))
    assert bank + sum((each for each in between[1:]), between[0]) == should


def test_it_says_who_reconciled_the_month_or_that_nobody_has(session: Session, here: BankWorld) -> None:
    said = write(built(session, here, SEPTEMBER), Format.JSON, Language.EN).decode()
    assert "Prepared by Cheng Tin-yau, approved by Poon Suk-yee." in said
    open_still = write(built(session, here, OCTOBER), Format.JSON, Language.EN).decode()
    assert "has not been prepared and approved" in open_still


def test_a_day_before_any_statement_is_still_a_statement(session: Session, here: BankWorld) -> None:
    early = built(session, here, (date(2026, 1, 1), date(2026, 1, 31)))
    assert early.tables[0].rows == ()
    for form in Format:
        assert write(early, form, Language.EN)


def test_an_account_no_statement_reaches_shows_the_books_balance_alone(session: Session, here: BankWorld) -> None:
    late = built(session, here, (date(2026, 11, 1), date(2026, 11, 30)))
    assert balances(late) == [hkd("575.00")]


def test_every_language_says_the_same_figures(session: Session, here: BankWorld) -> None:
    report = built(session, here, OCTOBER)
    for language in Language:
        for form in (Format.CSV, Format.JSON, Format.XLSX):
            assert write(report, form, language)
        assert b"616.20" in write(report, Format.CSV, language)


@pytest.mark.verapdf
def test_it_is_archivable_and_accessible_in_every_language(
    session: Session, here: BankWorld, validate: Validate
) -> None:
    reports = {
        "open": built(session, here, OCTOBER),
        "reconciled": built(session, here, SEPTEMBER),
        "nil": built(session, here, (date(2026, 1, 1), date(2026, 1, 31))),
    }
    documents = {
        f"bank-{name}-{language}": write(report, Format.PDF, language)
        for name, report in reports.items()
        for language in Language
    }
    session.rollback()
    verdicts = validate(documents)
    assert len(verdicts) == len(documents) * len(FLAVOURS)
    assert {key: clauses for key, (passed, clauses) in verdicts.items() if not passed} == {}
