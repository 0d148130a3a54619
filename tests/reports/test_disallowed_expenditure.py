"""Statement G: every odd entry stands in its table with its day, amount, reason and people, and ties to the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.journals.models import Journal
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import total
from app.ledger import balances, periods, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Dimensions, Entry, EntryKind, Rate, account, cost, credit, debit, in_functional
from app.ledger.headings import Heading
from app.ledger.posting import PeriodState
from reports.model import Language, Report
from reports.output import Format, write
from tests.builders import journals, payments, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import TODAY, PaymentWorld
from tests.reports.reading import LAST_DAY, about_contract, table, words
from tests.reports.test_files import text_of

NAME = "disallowed-expenditure"
OLD_DAY = date(2026, 3, 10)


def statement_g(session: Session, made: PaymentWorld, **days: date) -> Report:
    return about_contract(session, made, NAME, **days)


def listed(report: Report, key: str) -> list[tuple[str, str, str, str]]:
    """Date, particulars, amount and people of each row."""
    found = []
    for row in table(report, key).rows:
        _entry, day, particulars, amount, _reason, made_by, approved_by = row.cells
        people = f"{made_by} / {approved_by}" if made_by else ""
        found.append((str(day or ""), words(report, particulars), str(amount), people))
    return found


def disallowed(session: Session, made: PaymentWorld, amount: str = "10000.00") -> Journal:
    line = journals.line(made, cny(amount), Heading.SALARY)
    reason = "Salary of a person not on the project"
    return journals.posted(session, made, line, kind=JournalKind.DISALLOWED, reason=reason)


def charged(session: Session, made: PaymentWorld, amount: str, on: date) -> Journal:
    """Cost charged by the institution in the contract's currency on a day."""
    line = journals.line(made, cny(amount), Heading.MATERIALS)
    return journals.posted(session, made, line, kind=JournalKind.PAYROLL_RECHARGE, effective_on=on)


def moved(session: Session, made: PaymentWorld, original: Journal, amount: str) -> Journal:
    line = journals.line(made, cny(amount), Heading.MATERIALS, to_heading=Heading.TESTING)
    values: dict[str, Any] = {"kind": JournalKind.COST_TRANSFER, "moves_entry_id": original.entry_id}
    return journals.posted(session, made, line, bank_account_id=None, reason="Wrong heading", **values)


def booked_on(session: Session, made: PaymentWorld, heading: Heading, amount: str, on: date) -> None:
    """Cost on the contract on any day, as a book brought in from elsewhere might hold it."""
    tags, money = Dimensions(contract_id=made.contract.id), cny(amount)
    clearing = account(AccountCode.INSTITUTION_CLEARING, Currency.CNY)
    lines = (debit(cost(heading, Currency.CNY), money, tags), credit(clearing, money, tags))
    functional = in_functional(lines, Currency.HKD, Rate(Currency.HKD, Currency.CNY, Decimal("0.92")))
    entry = Entry(made.grantee.id, on, EntryKind.ACTUAL, new_id(), "Brought in", functional)
    posting.post(session, entry, actor_id=made.finance.person_id, idempotency_key=new_id())


def test_disallowed_cost_is_listed_with_its_heading_reason_and_people_and_totalled(session: Session) -> None:
    made = statements.spent(session)
    first = disallowed(session, made)
    disallowed(session, made, "250.50")
    report = statement_g(session, made)
    assert listed(report, "disallowed") == [
        ("2026-11-20", "Salary", "CNY 10000.00", "Chan Ka / Lau Po"),
        ("2026-11-20", "Salary", "CNY 250.50", "Chan Ka / Lau Po"),
        ("", "Total disallowed", "CNY 10250.50", ""),
    ]
    row = table(report, "disallowed").rows[0]
    assert (row.cells[0], row.cells[4]) == (str(first.entry_id), f"{first.reference}: {first.reason}")


def test_total_disallowed_is_what_stands_on_the_institutions_own_cost(session: Session) -> None:
    made = statements.spent(session)
    disallowed(session, made)
    back = disallowed(session, made, "99.99")
    values: dict[str, Any] = {"kind": JournalKind.REVERSAL, "reverses_entry_id": back.entry_id, "bank_account_id": None}
    journals.posted(session, made, **values)
    chosen = balances.Selection(
        book_id=made.grantee.id, contract_id=made.contract.id, code=AccountCode.OWN_COST, last_day=LAST_DAY
    )
    booked = total((each.amount for each in balances.stream_postings(session, chosen)), Currency.CNY)
    report = statement_g(session, made)
    assert table(report, "disallowed").rows[-1].cells[3] == booked == cny("10000.00")
    assert len(table(report, "disallowed").rows) == 4
    paragraph = words(report, report.sections[0].paragraphs[0])
    assert paragraph.startswith("To the end of the period CNY 10,000.00 has been disallowed")


def test_late_transfer_shows_both_entries_with_the_age_of_the_cost(session: Session) -> None:
    made = statements.received(session)
    payments.rate(session, "0.9240", OLD_DAY)
    payments.rate(session, "0.9240", TODAY - timedelta(days=30))
    moved(session, made, charged(session, made, "700.00", OLD_DAY), "500.00")
    moved(session, made, charged(session, made, "80.00", TODAY - timedelta(days=30)), "80.00")
    days = (TODAY - OLD_DAY).days
    assert listed(statement_g(session, made), "late_transfers") == [
        (str(TODAY), f"Materials: cost of 10 March 2026, moved after {days} days", "CNY -500.00", "Chan Ka / Lau Po"),
        (
            str(TODAY),
            f"Testing and processing: cost of 10 March 2026, moved after {days} days",
            "CNY 500.00",
            "Chan Ka / Lau Po",
        ),
    ]


def test_reversal_names_the_entry_it_reverses(session: Session) -> None:
    made = statements.worked_example(session)
    wrong = journals.cost(session, made, hkd("1000.00"), Heading.TRAVEL)
    values: dict[str, Any] = {"kind": JournalKind.REVERSAL, "reverses_entry_id": wrong.entry_id}
    journals.posted(session, made, bank_account_id=None, **values)
    assert listed(statement_g(session, made), "reversals") == [
        ("2026-11-20", f"Reverses entry {wrong.entry_id}", "CNY -924.00", "Chan Ka / Lau Po")
    ]
    assert listed(statement_g(session, made, last_day=TODAY - timedelta(days=1)), "reversals") == []


def test_entry_under_an_exception_names_who_gave_it_and_why(session: Session) -> None:
    made = statements.worked_example(session)
    posting.set_period(session, made.grantee.id, TODAY, PeriodState.CLOSING, actor_id=made.finance.person_id)
    periods.give_exception(
        session,
        new_id(),
        made.grantee.id,
        TODAY,
        person_id=made.other_finance.person_id,
        given_by=made.finance.person_id,
        reason="A late invoice",
        given_at=datetime(2020, 1, 1, tzinfo=UTC),
        expires_at=datetime(2100, 1, 1, tzinfo=UTC),
    )
    journals.cost(session, made, hkd("100.00"), Heading.TRAVEL)
    ((day, particulars, amount, people),) = listed(statement_g(session, made), "under_exception")
    assert (day, amount, people) == ("2026-11-20", "CNY 92.40", "Chan Ka / Lau Po")
    assert particulars.endswith("under an exception given by Chan Ka: A late invoice")


def test_cost_dated_outside_the_contract_is_listed_whatever_the_period(session: Session) -> None:
    made = statements.received(session)
    made.contract.last_day = date(2026, 10, 31)
    booked_on(session, made, Heading.TRAVEL, "5.00", date(2025, 8, 31))
    booked_on(session, made, Heading.TRAVEL, "6.00", date(2025, 9, 1))
    booked_on(session, made, Heading.TRAVEL, "7.00", date(2026, 10, 31))
    booked_on(session, made, Heading.TRAVEL, "8.00", date(2026, 11, 1))
    booked_on(session, made, Heading.AUDIT_FEE, "9.00", date(2026, 11, 2))
    report = statement_g(session, made, first_day=date(2026, 11, 1))
    assert [row[:3] for row in listed(report, "outside_contract")] == [
        ("2025-08-31", "Travel: before the first day", "CNY 5.00"),
        ("2026-11-01", "Travel: after the last day", "CNY 8.00"),
        ("2026-11-02", "External audit fee: after the last day, allowed for a closing audit", "CNY 9.00"),
        ("2026-11-20", "Bank charge: after the last day", "CNY 138.75"),
    ]


def test_statement_of_a_contract_without_exceptions_says_none(session: Session) -> None:
    report = statement_g(session, statements.worked_example(session))
    assert [len(each.rows) for each in report.tables] == [0, 0, 0, 0, 0]
    assert "\n".join(text_of(write(report, Format.PDF, Language.EN))).count("None in this period") == 5


SAID = {
    Language.EN: ("1. Expenditure disallowed", "Total disallowed 10,000.00", "None in this period"),
    Language.ZH_HANT: ("1. 不予認可的開支", "不予認可總額 10,000.00", "本期並無記錄"),
    Language.ZH_HANS: ("1. 不予认可的支出", "不予认可合计 10,000.00", "本期无记录"),
}


@pytest.mark.parametrize("language", Language)
def test_statement_reads_in_every_language(session: Session, language: Language) -> None:
    made = statements.spent(session)
    disallowed(session, made)
    whole = "\n".join(text_of(write(statement_g(session, made), Format.PDF, language)))
    for expected in SAID[language]:
        assert expected in whole
