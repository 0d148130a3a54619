"""The reports agree with each other and with the postings, whatever was booked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.orm import Session

from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money, total
from app.ledger import balances, posting
from app.ledger.chart import CHART, AccountCode, Kind
from app.ledger.entries import (
    Dimensions,
    Entry,
    EntryKind,
    Line,
    Rate as LedgerRate,
    account,
    cost,
    credit,
    debit,
    in_functional,
)
from app.ledger.headings import Heading
from reports.model import Report
from tests.builders import journals, payments, statements
from tests.builders.journals import hkd
from tests.builders.payments import TODAY, PaymentWorld
from tests.reports.reading import FIRST_DAY, LAST_DAY, about_book, about_contract, amounts, cell, labels, table

BALANCE = "Fund balance, as carried forward in Statement A"


def both(session: Session, made: PaymentWorld) -> tuple[Report, Report]:
    """Statements A and B of the same contract and days."""
    return about_contract(session, made, "income-and-expenditure"), about_contract(session, made, "fund-position")


def assert_tied(a: Report, b: Report, rounding: int = 0) -> None:
    """B's balance is A's, and its items sum to it but for `rounding` minor units."""
    assert amounts(b, BALANCE, "amount") == amounts(a, "Balance carried forward", "cumulative")
    if "Rounding of translated items" in labels(b):
        assert abs(cell(b, "Rounding of translated items", "amount").minor) <= rounding


def test_fund_position_of_the_worked_example_ties_to_statement_a(session: Session) -> None:
    a, b = both(session, statements.worked_example(session))
    assert_tied(a, b)
    assert amounts_of_bank(b) == ("HKD 332282.43", "CNY 307028.97")
    assert str(cell(b, "Project bank balance", "rate")) == "0.9240"
    assert amounts(b, "Cash at the end of the period", "amount") == ("307028.97",)


def amounts_of_bank(b: Report) -> tuple[str, str]:
    """What stands at the bank, in its currency and in the contract's."""
    found = cell(b, "Project bank balance", "original"), cell(b, "Project bank balance", "amount")
    return str(found[0]), str(found[1])


def test_fund_position_ties_in_the_mirror_direction(session: Session) -> None:
    a, b = both(session, statements.mirror(session))
    assert_tied(a, b)
    assert amounts_of_bank(b) == ("CNY 277500.00", "HKD 300324.68")


def test_fund_position_bridges_cash_and_accrual(session: Session) -> None:
    made = statements.worked_example(session)
    line = journals.line(made, hkd("50000.00"), Heading.MATERIALS)
    journals.posted(session, made, line, kind=JournalKind.CLAIM_ACCRUED)
    advance = journals.line(made, hkd("20000.00"), None)
    journals.posted(session, made, advance, kind=JournalKind.ADVANCE)
    recharge = journals.line(made, journals.cny("1000.00"), Heading.SALARY)
    journals.posted(session, made, recharge, kind=JournalKind.PAYROLL_RECHARGE)
    a, b = both(session, made)
    assert_tied(a, b, rounding=2)
    assert str(cell(b, "Approved claims not yet paid", "original")) == "HKD -50000.00"
    assert str(cell(b, "Advances and prepayments", "original")) == "HKD 20000.00"
    assert str(cell(b, "Due from / (due to) the institution", "amount")) == "CNY -1000.00"


def test_fund_position_is_nil_when_everything_went_back(session: Session) -> None:
    made = statements.spent(session)
    statements.return_residue(session, made, "30022.66", "32282.43", "0.9300")
    a, b = both(session, made)
    assert_tied(a, b)
    assert amounts(b, BALANCE, "amount") == ("0.00",)
    assert amounts(b, "Cash at the end of the period", "amount") == ("0.00",)


def test_statement_c_shows_each_tranche_from_release_to_bank(session: Session) -> None:
    report = about_contract(session, statements.worked_example(session), "receipts-and-payments")
    receipts, payments_made = table(report, "receipts"), table(report, "payments")
    assert [str(each) for each in receipts.rows[0].cells[:3]] == ["1", "2026-11-01", "CNY 400000.00"]
    assert [str(each) for each in receipts.rows[0].cells[5:]] == [
        "CNY 400000.00",
        "2026-11-20",
        "HKD 432282.43",
        "HKD 150.00",
    ]
    assert [str(each) for each in receipts.rows[-1].cells[2:6]] == ["CNY 1000000.00", "None", "None", "CNY 400000.00"]
    assert str(payments_made.rows[-1].cells[2]) == "CNY 92538.75"


def test_statement_f_shows_rates_charges_and_references(session: Session) -> None:
    made = statements.worked_example(session)
    for report in (
        about_contract(session, made, "remittance-schedule"),
        about_book(session, made.funder.id, "remittance-schedule"),
        about_book(session, made.grantee.id, "remittance-schedule"),
    ):
        (only,) = table(report).rows
        assert [str(each) for each in only.cells[1:11]] == [
            "SZ – HK",
            "2026-11-20",
            "CNY 400000.00",
            "2026-11-20",
            "BK-1",
            "2026-11-20",
            "HKD 432282.43",
            "HKD 150.00",
            "0.9250",
            "HK-77",
        ]


def test_register_totals_each_currency_alone(session: Session) -> None:
    made = payments.world(session)
    payments.submitted(session, made, "150000.00")
    payments.settled(session, made, "250000.00")
    report = about_book(session, made.funder.id, "disbursement-register", last_day=date(2026, 12, 31))
    assert [each.key for each in report.tables] == ["disbursements_cny"]
    assert amounts(report, "All statuses", "amount") == ("400000.00",)
    assert amounts(report, "Of which released or settled", "amount") == ("250000.00",)


def test_pocket_statement_runs_to_the_balance_of_the_ledger(session: Session) -> None:
    made = statements.worked_example(session)
    report = about_book(session, made.funder.id, "pocket-statement")
    position = balances.pocket_position(session, made.pocket.id)
    assert position is not None
    assert table(report).rows[0].cells[5] == made.money("50000000.00")
    assert table(report).rows[-1].cells[5] == position.credit - position.debit == made.money("49600000.00")


# metamorphic


def test_trial_balance_is_the_sum_of_the_general_ledger(session: Session) -> None:
    made = statements.worked_example(session)
    for book in (made.funder, made.grantee):
        trial = about_book(session, book.id, "trial-balance")
        ledger = about_book(session, book.id, "general-ledger")
        for currency in Currency:
            closing = [each.rows[-1].cells[5] for each in ledger.tables if each.columns[5].currency is currency]
            shown = [each for each in trial.tables if each.columns[2].currency is currency]
            debited = total((each for each in closing if each.minor > 0), currency)
            credited = total((-each for each in closing if each.minor < 0), currency)
            assert debited == credited
            for each in shown:
                assert each.rows[-1].cells[2:4] == (debited, credited)


def test_general_ledger_of_two_periods_is_that_of_both(session: Session) -> None:
    made = statements.worked_example(session)
    whole = about_book(session, made.grantee.id, "general-ledger")
    later = about_book(session, made.grantee.id, "general-ledger", TODAY, LAST_DAY)
    earlier = about_book(session, made.grantee.id, "general-ledger", FIRST_DAY, TODAY - timedelta(days=1))
    assert [each.rows[-1].cells[5] for each in whole.tables] == [each.rows[-1].cells[5] for each in later.tables]
    openings = {each.key: each.rows[0].cells[5] for each in later.tables}
    for each in earlier.tables:
        assert openings[each.key] == each.rows[-1].cells[5]


def test_currencies_apart_make_up_the_whole(session: Session) -> None:
    made = statements.worked_example(session)
    rows = balances.trial_balance(session, made.grantee.id, LAST_DAY)
    report = about_book(session, made.grantee.id, "trial-balance")
    assert {each.columns[2].currency for each in report.tables} == {each.balance.currency for each in rows}
    worth = [each.rows[-1].cells[4] for each in report.tables]
    assert total(worth, Currency.HKD) == Money.zero(Currency.HKD)


def test_order_of_booking_does_not_change_the_statement(session: Session) -> None:
    costs = [(hkd("100.00"), Heading.TRAVEL), (hkd("2000.00"), Heading.MATERIALS), (hkd("30000.00"), Heading.SALARY)]
    digests = []
    for order in (costs, costs[::-1]):
        made = statements.received(session)
        for amount, heading in order:
            journals.cost(session, made, amount, heading)
        report = about_contract(session, made, "income-and-expenditure")
        digests.append([each.cells for each in table(report).rows])
    assert digests[0] == digests[1]


def test_same_figures_have_the_same_digest_whenever_prepared(session: Session) -> None:
    made = statements.worked_example(session)
    first, second = both(session, made)[0], both(session, made)[0]
    assert first.digest() == second.digest()
    journals.cost(session, made, hkd("0.01"))
    assert both(session, made)[0].digest() != first.digest()


# property

INCOME = (AccountCode.GRANT_RECEIVED, AccountCode.INTEREST, AccountCode.SPONSORSHIP_CASH, AccountCode.SALE_OF_ASSETS)
_events = st.lists(
    st.tuples(
        st.sampled_from([*INCOME, *Heading]),
        st.integers(1, 10**10),
        st.integers(-400, 400),
        st.booleans(),
    ),
    max_size=12,
)


def _post(session: Session, made: PaymentWorld, contract_id: object, event: tuple[object, int, int, bool]) -> None:
    """One event of a contract in renminbi on the Hong Kong book: income, or cost, or its correction."""
    what, minor, day, reversed_ = event
    amount, tags = Money(minor, Currency.CNY), Dimensions(contract_id=contract_id)  # type: ignore[arg-type]
    clearing = account(AccountCode.INSTITUTION_CLEARING, Currency.CNY)
    is_cost = isinstance(what, Heading)
    own = cost(what, Currency.CNY) if isinstance(what, Heading) else account(what, Currency.CNY)  # type: ignore[arg-type]
    debited, credited = (own, clearing) if is_cost is not reversed_ else (clearing, own)
    lines: tuple[Line, ...] = (debit(debited, amount, tags), credit(credited, amount, tags))
    functional = in_functional(lines, Currency.HKD, LedgerRate(Currency.HKD, Currency.CNY, Decimal("0.92")))
    on = TODAY + timedelta(days=day)
    entry = Entry(made.grantee.id, on, EntryKind.ACTUAL, new_id(), "random", functional)
    posting.post(session, entry, actor_id=made.finance.person_id, idempotency_key=new_id())


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(events=_events, split=st.integers(-300, 300))
def test_carried_forward_is_the_sum_of_the_postings(
    session: Session, events: list[tuple[object, int, int, bool]], split: int
) -> None:
    with session.begin_nested() as savepoint:
        made = payments.world(session)
        for event in events:
            _post(session, made, made.contract.id, event)
        last = TODAY + timedelta(days=split)
        first_report = about_contract(session, made, "income-and-expenditure", FIRST_DAY, last)
        chosen = balances.Selection(contract_id=made.contract.id, book_id=made.grantee.id, last_day=last)
        sums = [
            -each.amount
            for each in balances.stream_postings(session, chosen)
            if CHART[each.code].kind in (Kind.INCOME, Kind.EXPENSE)
        ]
        expected = str(total(sums, Currency.CNY).amount)
        assert amounts(first_report, "Balance carried forward", "current_period", "cumulative") == (expected, expected)
        position = about_contract(session, made, "fund-position", FIRST_DAY, last)
        assert_tied(first_report, position)
        later = about_contract(session, made, "income-and-expenditure", last + timedelta(days=1), date(2029, 1, 1))
        assert amounts(later, "Balance brought forward", "current_period") == (expected,)
        savepoint.rollback()
