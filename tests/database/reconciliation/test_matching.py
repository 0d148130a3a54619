"""Statements beside the book: what is matched, undone, prepared and approved, and that both balances always meet."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.identity import new_id
from app.ledger.posting import reverse
from app.reconciliation import figures, matching_service, month_service, queries, statement_service
from app.reconciliation.commands import MatchItems, PrepareMonth, Reasoned, Seen
from app.reconciliation.models import BankLine, BankMatch, BankReconciliation
from app.reconciliation.states import Basis, MonthStatus, StatementStatus
from tests.builders import banking
from tests.builders.banking import OCTOBER, SEPTEMBER, BankWorld, hkd, line
from tests.builders.payments import NOW

NOVEMBER_20 = date(2026, 11, 20)


@pytest.fixture
def here(session: Session) -> BankWorld:
    return banking.world(session)


def at(session: Session, here: BankWorld, day: date) -> figures.Reconciled:
    found = figures.at_end_of(session, here.bank, day)
    if found.bank is not None:
        assert found.bank + found.postings_sum - found.lines_sum + found.forward == found.book
        assert found.difference == found.forward
    return found


def matched(session: Session, here: BankWorld, *lines: BankLine, postings: tuple[str, ...] = ()) -> BankMatch:
    command = MatchItems(tuple(each.id for each in lines), postings)
    return matching_service.match(session, here.clerk, here.bank.id, command, now=NOW)


def places(found: figures.Reconciled) -> list[str]:
    return [matching_service.place_of(row) for row in found.postings]


def test_a_month_with_everything_matched_has_both_balances_alike(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    found = at(session, here, SEPTEMBER[1])
    assert (found.bank, found.book, found.lines, found.postings) == (hkd("750.00"), hkd("750.00"), (), ())
    assert found.is_clean


def test_what_only_one_side_shows_is_listed_and_explains_the_difference(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    found = at(session, here, OCTOBER[1])
    assert [each.text for each in found.lines] == ["Account fee", "Interest"]
    assert [row.reason for row in found.paid_later] == ["JNL-2026-00010 Printing"]
    assert (found.bank, found.book, found.difference) == (hkd("616.20"), hkd("575.00"), hkd("0.00"))


def test_a_payment_the_bank_makes_later_stays_outstanding_in_the_month_before(
    session: Session, here: BankWorld
) -> None:
    banking.two_months(session, here)
    banking.typed(
        session, here, (date(2026, 11, 1), date(2026, 11, 15)), "616.20", "541.20", line("-75.00", date(2026, 11, 2))
    )
    late = at(session, here, date(2026, 11, 15)).lines[-1]
    matched(session, here, late, postings=tuple(places(at(session, here, OCTOBER[1]))))
    assert len(at(session, here, OCTOBER[1]).postings) == 1
    assert at(session, here, date(2026, 11, 15)).postings == ()


def test_a_day_no_statement_reaches_has_no_balance_of_the_bank(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    assert at(session, here, NOVEMBER_20).bank is None
    assert at(session, here, date(2026, 8, 31)).begins is None


def test_what_stood_before_the_first_statement_is_shown_until_a_match_explains_it(
    session: Session, here: BankWorld
) -> None:
    banking.moved(session, here, "500.00", date(2026, 8, 3), "Grant")
    banking.moved(session, here, "-40.00", date(2026, 8, 30), "Cheque 11")
    banking.typed(session, here, SEPTEMBER, "500.00", "460.00", line("-40.00", date(2026, 9, 2), "Cheque 11"))
    found = at(session, here, SEPTEMBER[1])
    assert (found.difference, found.postings) == (hkd("-40.00"), ())
    cheque = next(row for row in queries.postings(session, here.bank) if row.reason == "Cheque 11")
    matched(session, here, found.lines[0], postings=(matching_service.place_of(cheque),))
    assert at(session, here, SEPTEMBER[1]).is_clean


def test_one_line_may_be_several_postings_and_one_posting_several_lines(session: Session, here: BankWorld) -> None:
    for amount in ("-30.00", "-12.00"):
        banking.moved(session, here, amount, date(2026, 9, 5), "Fee and charge")
    banking.moved(session, here, "100.00", date(2026, 9, 6), "Two halves")
    lines = [line("-42.00", date(2026, 9, 5)), line("60.00", date(2026, 9, 6)), line("40.00", date(2026, 9, 7))]
    banking.typed(session, here, SEPTEMBER, "0.00", "58.00", *lines)
    found = at(session, here, SEPTEMBER[1])
    several = places(found)
    matched(session, here, found.lines[0], postings=tuple(several[:2]))
    matched(session, here, *found.lines[1:], postings=tuple(several[2:]))
    assert at(session, here, SEPTEMBER[1]).is_clean


def test_sums_that_differ_by_a_cent_are_refused_with_the_difference(session: Session, here: BankWorld) -> None:
    banking.moved(session, here, "-30.00", date(2026, 9, 5), "Fee")
    banking.typed(session, here, SEPTEMBER, "0.00", "-30.01", line("-30.01", date(2026, 9, 5)))
    found = at(session, here, SEPTEMBER[1])
    with pytest.raises(RuleBreached) as refused:
        matched(session, here, found.lines[0], postings=tuple(places(found)))
    assert refused.value.breaches[0].params["off"] == hkd("-0.01")
    assert session.scalar(select(BankMatch.id)) is None


def test_the_database_itself_refuses_a_match_whose_sides_differ(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    found = at(session, here, OCTOBER[1])
    wrong = matching_service._Found(Basis.BY_HAND, found.lines[:1], found.postings[:1])
    matching_service._kept(session, here.clerk, here.bank, [wrong], NOW)
    with pytest.raises(DBAPIError, match="two sides of a match differ"):
        session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_line_is_matched_once(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    taken = queries.lines(session, here.bank.id)[2]
    banking.moved(session, here, "-100.00", date(2026, 10, 9), "The same again")
    with pytest.raises(Conflict):
        matched(session, here, taken, postings=tuple(places(at(session, here, OCTOBER[1]))[-1:]))


def test_an_entry_and_its_reversal_cancel_without_the_bank(session: Session, here: BankWorld) -> None:
    entry_id = banking.moved(session, here, "-30.00", date(2026, 9, 5), "Wrong")
    reverse(
        session,
        entry_id,
        effective_on=date(2026, 9, 6),
        event_id=new_id(),
        reason="Never paid",
        actor_id=here.clerk.person_id,
        idempotency_key=new_id(),
    )
    banking.typed(session, here, SEPTEMBER, "0.00", "0.00")
    made = matching_service.match_certain(session, here.clerk, here.bank.id, now=NOW)
    assert [each.basis for each in made] == [Basis.REVERSAL]
    assert at(session, here, SEPTEMBER[1]).is_clean


def test_a_match_is_undone_while_its_month_is_not_prepared(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    in_october, in_september = queries.match_pages(session, here.bank.id, None, 50).items[:2]
    matching_service.undo(session, here.clerk, here.bank.id, in_october.id, now=NOW)
    assert len(at(session, here, OCTOBER[1]).lines) == 3
    with pytest.raises(Conflict):
        matching_service.undo(session, here.clerk, here.bank.id, in_september.id, now=NOW)
    verbs = list(session.scalars(select(AuditEvent.verb).where(AuditEvent.verb.startswith("bank."))))
    assert verbs.count("bank.undo-match") == 1


def test_the_database_itself_keeps_the_matches_of_an_approved_month(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    kept = queries.match_pages(session, here.bank.id, None, 50).items[-1]
    with pytest.raises(DBAPIError, match="prepared or approved stands"):
        session.execute(delete(BankMatch).where(BankMatch.id == kept.id))


def test_what_is_matched_after_an_approval_leaves_the_approved_month_as_it_was(
    session: Session, here: BankWorld
) -> None:
    banking.two_months(session, here)
    october = banking.approved(session, here, "2026-10", "Fee and interest to be entered")
    fee = at(session, here, OCTOBER[1]).lines[0]
    banking.moved(session, here, "-35.00", date(2026, 11, 3), "Account fee of October")
    made = matched(session, here, fee, postings=(places(at(session, here, NOVEMBER_20))[-1],))
    assert made.cleared_on == date(2026, 11, 3)
    assert month_service.is_as_prepared(october, at(session, here, OCTOBER[1]))


def test_a_month_is_prepared_by_one_person_and_approved_by_another(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    row = banking.prepared(session, here, "2026-10", "Fee and interest are entered in November.")
    with pytest.raises(NotPermitted):
        month_service.approve(session, here.clerk, here.bank.id, "2026-10", Seen(row.version), now=NOW)
    month_service.approve(session, here.made.finance, here.bank.id, "2026-10", Seen(row.version), now=NOW)
    assert (row.status, row.open_lines, row.open_postings) == (MonthStatus.APPROVED, 2, 1)


def test_a_month_with_unexplained_lines_needs_a_note(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    with pytest.raises(RuleBreached) as refused:
        banking.prepared(session, here, "2026-10")
    assert [each.code for each in refused.value.breaches] == ["bank-month.unexplained"]


def test_months_are_reconciled_in_order_and_when_a_statement_reaches_their_end(
    session: Session, here: BankWorld
) -> None:
    banking.typed(session, here, SEPTEMBER, "0.00", "0.00")
    for month, code in (("2026-10", "bank-month.not-covered"), ("2026-11", "bank-month.not-over")):
        with pytest.raises(RuleBreached) as refused:
            banking.prepared(session, here, month)
        assert [each.code for each in refused.value.breaches] == [code, "bank-month.order"]


def test_figures_that_changed_since_preparing_are_not_approved(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    row = banking.prepared(session, here, "2026-10", "Known")
    banking.moved(session, here, "-5.00", date(2026, 10, 12), "Entered late")
    with pytest.raises(Conflict) as refused:
        month_service.approve(session, here.second, here.bank.id, "2026-10", Seen(row.version), now=NOW)
    assert refused.value.breaches[0].code == "bank-month.changed"
    returned = month_service.send_back(
        session, here.second, here.bank.id, "2026-10", Reasoned(row.version, "A posting came late"), now=NOW
    )
    assert returned.status == MonthStatus.RETURNED
    assert banking.approved(session, here, "2026-10", "Known").open_postings == 2


def test_while_a_month_is_prepared_nothing_in_it_is_matched(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    banking.moved(session, here, "-35.00", date(2026, 10, 15), "Account fee")
    banking.prepared(session, here, "2026-10", "Known")
    found = at(session, here, OCTOBER[1])
    with pytest.raises(Conflict):
        matched(session, here, found.lines[0], postings=(places(found)[0],))


def test_the_newest_statement_is_withdrawn_and_typed_again(session: Session, here: BankWorld) -> None:
    banking.typed(session, here, SEPTEMBER, "0.00", "0.00")
    wrong = banking.typed(session, here, OCTOBER, "0.00", "2.00", line("2.00", date(2026, 10, 2)))
    command = Reasoned(wrong.version, "Mistyped")
    row = statement_service.withdraw(session, here.clerk, here.bank.id, wrong.reference, command, now=NOW)
    assert row.status == StatementStatus.WITHDRAWN
    assert banking.typed(session, here, OCTOBER, "0.00", "0.00").status == StatementStatus.STANDING


def test_a_statement_with_matched_lines_or_in_a_prepared_month_stands(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    newest = queries.statements(session, here.bank.id)[-1]
    command = Reasoned(newest.version, "Mistyped")
    with pytest.raises(Conflict) as refused:
        statement_service.withdraw(session, here.clerk, here.bank.id, newest.reference, command, now=NOW)
    assert refused.value.breaches[0].code == "bank-statement.matched"
    banking.typed(session, here, (date(2026, 11, 1), date(2026, 11, 30)), "616.20", "616.20")
    with pytest.raises(Conflict) as refused:
        statement_service.withdraw(session, here.clerk, here.bank.id, newest.reference, command, now=NOW)
    assert refused.value.breaches[0].code == "bank-statement.not-newest"


def test_others_do_not_find_the_account_and_readers_do_not_write(session: Session, here: BankWorld) -> None:
    with pytest.raises(NotFound):
        queries.account(session, here.made.accountant, here.bank.id)
    with pytest.raises(NotFound):
        queries.account(session, here.made.leader, new_id())
    with pytest.raises(NotPermitted):
        matching_service.match_certain(session, here.made.finance, here.bank.id, now=NOW)
    with pytest.raises(NotPermitted):
        month_service.prepare(session, here.made.finance, here.bank.id, "2026-09", PrepareMonth(), now=NOW)


def test_an_approved_month_is_frozen_in_the_database(session: Session, here: BankWorld) -> None:
    banking.two_months(session, here)
    row = session.scalars(select(BankReconciliation)).one()
    with pytest.raises(DBAPIError, match="what was prepared stands"):
        session.execute(text("UPDATE bank_reconciliation SET note = 'x' WHERE id = :id"), {"id": row.id})
