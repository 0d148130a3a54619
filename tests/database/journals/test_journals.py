"""Journals: each kind of event to the cent, the second person, every refusal, corrections and reversals."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.contracts import life
from app.contracts.commands import Step
from app.contracts.states import SpendingLimit
from app.evidence import queries as evidence
from app.journals import queries, service
from app.journals.models import Journal
from app.journals.states import JournalKind, JournalStatus
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.headings import Heading
from tests.builders import journals, payments, projects, statements
from tests.builders.journals import cny, hkd, line
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.refusing import Refuser


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example once the money has arrived: CNY 400,000.00 as HKD 432,282.43 less HKD 150.00."""
    return statements.received(session)


def booked(session: Session, journal: Journal) -> dict[tuple[str, str], str]:
    """What the journal posted: account and currency to amount, debit positive."""
    rows = balances.postings(session, balances.Selection(entry_id=journal.entry_id))
    sums: dict[tuple[str, str], Money] = {}
    for row in rows:
        key = (row.code.name, row.amount.currency.value)
        sums[key] = sums.get(key, Money.zero(row.amount.currency)) + row.amount
    return {key: str(amount.amount) for key, amount in sums.items() if amount}


def submit(made: PaymentWorld, *lines: Any, **changes: Any) -> Any:
    """The verb that submits, as the refuser takes it."""
    return lambda own: service.submit(own, made.finance, journals.command(made, *lines, **changes), now=NOW)


# each kind


def test_cost_in_another_currency_passes_through_the_pair(session: Session, made: PaymentWorld) -> None:
    journal = journals.cost(session, made, hkd("100000.00"))
    assert journal.status == JournalStatus.APPROVED
    assert booked(session, journal) == {
        ("SALARY", "CNY"): "92400.00",
        ("BANK", "HKD"): "-100000.00",
        ("CURRENCY_TRADING", "CNY"): "-92400.00",
        ("CURRENCY_TRADING", "HKD"): "100000.00",
    }


def test_pair_holds_what_the_worked_example_says(session: Session, made: PaymentWorld) -> None:
    before = balances.pair_positions(session, made.contract.id, made.grantee.id, TODAY)
    assert before == {Currency.CNY: cny("399861.25"), Currency.HKD: -hkd("432282.43")}
    journals.cost(session, made, hkd("100000.00"))
    after = balances.pair_positions(session, made.contract.id, made.grantee.id, TODAY)
    assert after == {Currency.CNY: cny("307461.25"), Currency.HKD: -hkd("332282.43")}


EVENTS: list[tuple[JournalKind, Heading | None, str, dict[tuple[str, str], str]]] = [
    (
        JournalKind.PAYROLL_RECHARGE,
        Heading.SALARY,
        "CNY 1000.00",
        {("SALARY", "CNY"): "1000.00", ("INSTITUTION_CLEARING", "CNY"): "-1000.00"},
    ),
    (
        JournalKind.OVERHEAD_CHARGE,
        Heading.OVERHEAD,
        "CNY 1000.00",
        {("OVERHEAD", "CNY"): "1000.00", ("INSTITUTION_CLEARING", "CNY"): "-1000.00"},
    ),
    (
        JournalKind.CLAIM_ACCRUED,
        Heading.TRAVEL,
        "CNY 1000.00",
        {("TRAVEL", "CNY"): "1000.00", ("PAYABLE_TO_CLAIMANTS", "CNY"): "-1000.00"},
    ),
    (
        JournalKind.CLAIM_PAID,
        None,
        "HKD 1000.00",
        {("PAYABLE_TO_CLAIMANTS", "HKD"): "1000.00", ("BANK", "HKD"): "-1000.00"},
    ),
    (JournalKind.ADVANCE, None, "HKD 1000.00", {("ADVANCES", "HKD"): "1000.00", ("BANK", "HKD"): "-1000.00"}),
    (
        JournalKind.ADVANCE_CLEARED,
        Heading.TRAVEL,
        "HKD 1000.00",
        {
            ("TRAVEL", "CNY"): "924.00",
            ("ADVANCES", "HKD"): "-1000.00",
            ("CURRENCY_TRADING", "CNY"): "-924.00",
            ("CURRENCY_TRADING", "HKD"): "1000.00",
        },
    ),
    (
        JournalKind.BANK_CHARGE,
        None,
        "HKD 1000.00",
        {
            ("BANK_CHARGE", "CNY"): "924.00",
            ("BANK", "HKD"): "-1000.00",
            ("CURRENCY_TRADING", "CNY"): "-924.00",
            ("CURRENCY_TRADING", "HKD"): "1000.00",
        },
    ),
    (
        JournalKind.INTEREST,
        None,
        "HKD 1000.00",
        {
            ("BANK", "HKD"): "1000.00",
            ("INTEREST", "CNY"): "-924.00",
            ("CURRENCY_TRADING", "CNY"): "924.00",
            ("CURRENCY_TRADING", "HKD"): "-1000.00",
        },
    ),
    (
        JournalKind.SPONSORSHIP,
        None,
        "HKD 1000.00",
        {
            ("BANK", "HKD"): "1000.00",
            ("SPONSORSHIP_CASH", "CNY"): "-924.00",
            ("CURRENCY_TRADING", "CNY"): "924.00",
            ("CURRENCY_TRADING", "HKD"): "-1000.00",
        },
    ),
    (
        JournalKind.ASSET_SALE,
        None,
        "HKD 1000.00",
        {
            ("BANK", "HKD"): "1000.00",
            ("SALE_OF_ASSETS", "CNY"): "-924.00",
            ("CURRENCY_TRADING", "CNY"): "924.00",
            ("CURRENCY_TRADING", "HKD"): "-1000.00",
        },
    ),
    (
        JournalKind.SUPPLIER_REFUND,
        Heading.MATERIALS,
        "HKD 1000.00",
        {
            ("BANK", "HKD"): "1000.00",
            ("MATERIALS", "CNY"): "-924.00",
            ("CURRENCY_TRADING", "CNY"): "924.00",
            ("CURRENCY_TRADING", "HKD"): "-1000.00",
        },
    ),
    (
        JournalKind.DISALLOWED,
        Heading.MATERIALS,
        "CNY 1000.00",
        {("OWN_COST", "CNY"): "1000.00", ("MATERIALS", "CNY"): "-1000.00"},
    ),
]


@pytest.mark.parametrize(("kind", "heading", "amount", "expected"), EVENTS, ids=[each[0].value for each in EVENTS])
def test_event_is_booked_as_the_table_of_events_says(
    session: Session,
    made: PaymentWorld,
    kind: JournalKind,
    heading: Heading | None,
    amount: str,
    expected: dict[tuple[str, str], str],
) -> None:
    code, digits = amount.split()
    if kind is JournalKind.CLAIM_PAID:
        journals.posted(session, made, line(made, hkd("1000.00")), kind=JournalKind.CLAIM_ACCRUED)
    if kind is JournalKind.ADVANCE_CLEARED:
        journals.posted(session, made, line(made, hkd("1000.00"), None), kind=JournalKind.ADVANCE)
    if kind is JournalKind.DISALLOWED:
        journals.posted(session, made, line(made, cny("1000.00"), heading), bank_account_id=None)
    journal = journals.posted(session, made, line(made, Money.parse(digits, Currency(code)), heading), kind=kind)
    assert booked(session, journal) == expected


def test_cost_without_a_bank_account_stands_against_the_institution(session: Session, made: PaymentWorld) -> None:
    journal = journals.posted(session, made, line(made, cny("10.00")), bank_account_id=None)
    assert booked(session, journal) == {("SALARY", "CNY"): "10.00", ("INSTITUTION_CLEARING", "CNY"): "-10.00"}


def test_lines_of_one_journal_post_as_one_entry(session: Session, made: PaymentWorld) -> None:
    lines = (line(made, hkd("100.00")), line(made, hkd("50.00"), Heading.TRAVEL))
    journal = journals.posted(session, made, *lines)
    assert booked(session, journal)[("BANK", "HKD")] == "-150.00"
    assert booked(session, journal)[("TRAVEL", "CNY")] == "46.20"


# evidence and the second person


def test_evidence_stands_behind_the_journal_and_the_entry(session: Session, made: PaymentWorld) -> None:
    journal = journals.cost(session, made, hkd("1.00"))
    (document,) = evidence.of_record(session, service.EVIDENCE_KIND, journal.id)
    (row, *_others) = balances.postings(session, balances.Selection(entry_id=journal.entry_id))
    assert row.evidence_sha256 == document.sha256
    assert row.approval_id == journal.id
    assert row.actor_id == made.other_finance.person_id


def test_nothing_is_posted_before_a_second_person_approves(session: Session, made: PaymentWorld) -> None:
    before = len(balances.postings(session, balances.Selection(contract_id=made.contract.id)))
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    assert (journal.status, journal.entry_id) == (JournalStatus.SUBMITTED, None)
    assert len(balances.postings(session, balances.Selection(contract_id=made.contract.id))) == before


def test_own_journal_cannot_be_approved(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    key = journals.submitted(session, made, line(made, hkd("1.00"))).id
    refused(NotPermitted, "access.own-work", lambda own: service.approve(own, made.finance, key, now=NOW))


def test_investigator_drafts_no_journal(made: PaymentWorld, refused: Refuser) -> None:
    command = journals.command(made, line(made, hkd("1.00")))
    refused(NotPermitted, "access.not-permitted", lambda own: service.submit(own, made.leader, command, now=NOW))


def test_funders_accountant_cannot_book_in_the_grantees_book(made: PaymentWorld, refused: Refuser) -> None:
    command = journals.command(made, line(made, hkd("1.00")))
    refused(NotPermitted, "access.not-permitted", lambda own: service.submit(own, made.accountant, command, now=NOW))


def test_stale_version_is_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    key = journals.submitted(session, made, line(made, hkd("1.00"))).id
    refused(Conflict, "record.changed", lambda own: service.approve(own, made.other_finance, key, version=7, now=NOW))


def test_journal_is_approved_once(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    key = journals.cost(session, made, hkd("1.00")).id
    refused(Conflict, "journal.moved-on", lambda own: service.approve(own, made.other_finance, key, now=NOW))


# refusals


def test_journal_without_evidence_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    refused(RuleBreached, "journal.evidence-missing", submit(made, line(made, hkd("1.00")), evidence=None))


def test_journal_without_lines_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    refused(InputRefused, "journal.no-lines", submit(made))


def test_cost_on_a_day_without_a_fresh_rate_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    refused(RuleBreached, "rate.missing", submit(made, line(made, hkd("1.00")), effective_on=date(2026, 11, 1)))


def test_cost_of_tomorrow_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    tomorrow = TODAY + timedelta(days=1)
    refused(RuleBreached, "journal.in-future", submit(made, line(made, hkd("1.00")), effective_on=tomorrow))


@pytest.mark.parametrize("day", [date(2025, 8, 31), date(2027, 9, 1)])
def test_cost_outside_the_contract_is_refused(made: PaymentWorld, refused: Refuser, day: date) -> None:
    recharge = {"kind": JournalKind.PAYROLL_RECHARGE, "effective_on": day}
    refused(RuleBreached, "journal.outside-dates", submit(made, line(made, cny("1.00")), **recharge))


def test_closing_audit_fee_may_come_after_the_end(session: Session, made: PaymentWorld) -> None:
    made.contract.last_day = TODAY - timedelta(days=10)
    journal = journals.cost(session, made, hkd("1.00"), Heading.AUDIT_FEE)
    assert journal.status == JournalStatus.APPROVED


def test_cost_under_a_lump_sum_without_the_declaration_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    undeclared = submit(made, line(made, hkd("1.00")), negative_list_declared=False)
    refused(RuleBreached, "journal.negative-list", undeclared)


def test_cost_without_a_heading_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    refused(RuleBreached, "journal.heading-missing", submit(made, line(made, hkd("1.00"), None)))


def test_amount_in_another_currency_than_the_account_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    refused(RuleBreached, "journal.bank-account-currency", submit(made, line(made, cny("1.00"))))


def test_bank_account_of_another_institution_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    foreign = submit(made, line(made, cny("1.00")), bank_account_id=made.payer_account.id)
    refused(RuleBreached, "journal.bank-account-currency", foreign)


def test_payment_without_its_bank_account_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    missing = submit(made, line(made, hkd("1.00"), None), kind=JournalKind.ADVANCE, bank_account_id=None)
    refused(RuleBreached, "journal.bank-account-missing", missing)


def test_recharge_with_a_bank_account_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    odd = submit(
        made, line(made, hkd("1.00")), kind=JournalKind.PAYROLL_RECHARGE, bank_account_id=made.payee_account.id
    )
    refused(RuleBreached, "journal.bank-account-unused", odd)


def test_contract_of_another_book_is_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    other = payments.world(session)
    refused(RuleBreached, "journal.other-institution", submit(made, line(other, hkd("1.00"))))


def test_contract_that_takes_no_cost_is_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    life.terminate(session, made.maker, made.contract.id, Step(made.contract.version, "The team left"), now=NOW)
    refused(RuleBreached, "journal.contract-closed", submit(made, line(made, hkd("1.00"))))


def test_every_breach_is_told_at_once(made: PaymentWorld, refused: Refuser) -> None:
    wrong = submit(made, line(made, hkd("1.00"), None), evidence=None, negative_list_declared=False)
    refusal = refused(RuleBreached, "journal.heading-missing", wrong)
    assert {breach.code for breach in refusal.breaches} == {
        "journal.heading-missing",
        "journal.negative-list",
        "journal.evidence-missing",
    }


# the spending limit


def test_cost_stays_within_what_was_received(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    """Received CNY 400,000.00 less the charge of CNY 138.75 leaves CNY 399,861.25."""
    recharge = {"kind": JournalKind.PAYROLL_RECHARGE}
    refusal = refused(RuleBreached, "journal.beyond-limit", submit(made, line(made, cny("399861.26")), **recharge))
    assert refusal.breaches[0].params["left"] == "CNY 399861.25"
    journals.posted(session, made, line(made, cny("399861.25")), **recharge)


def test_lines_count_together_against_the_limit(made: PaymentWorld, refused: Refuser) -> None:
    lines = (line(made, cny("200000.00")), line(made, cny("199861.26"), Heading.TRAVEL))
    refused(RuleBreached, "journal.beyond-limit", submit(made, *lines, kind=JournalKind.PAYROLL_RECHARGE))


def test_contracted_limit_lets_the_institution_prefinance(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    """Contracted CNY 1,000,000.00 less the charge of CNY 138.75."""
    made.programme.spending_limit = SpendingLimit.CONTRACTED
    session.flush()
    recharge = {"kind": JournalKind.PAYROLL_RECHARGE}
    refused(RuleBreached, "journal.beyond-limit", submit(made, line(made, cny("999861.26")), **recharge))
    journals.posted(session, made, line(made, cny("999861.25")), **recharge)


def test_limit_is_looked_at_again_when_approved(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    recharge = {"kind": JournalKind.PAYROLL_RECHARGE}
    first = journals.submitted(session, made, line(made, cny("300000.00")), **recharge).id
    second = journals.submitted(session, made, line(made, cny("300000.00")), **recharge).id
    service.approve(session, made.other_finance, first, now=NOW)
    refused(RuleBreached, "journal.beyond-limit", lambda own: service.approve(own, made.other_finance, second, now=NOW))


# back to the maker


def test_returned_journal_is_corrected_by_its_maker_and_approved(session: Session, made: PaymentWorld) -> None:
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    service.send_back(session, made.other_finance, journal.id, "Wrong heading", version=journal.version, now=NOW)
    assert (journal.status, journal.status_reason) == (JournalStatus.RETURNED, "Wrong heading")
    better = journals.correction(made, journal, line(made, hkd("1.00"), Heading.TRAVEL), evidence=None)
    service.correct(session, made.finance, journal.id, better, now=NOW)
    service.approve(session, made.other_finance, journal.id, now=NOW)
    assert [each.heading for each in journal.lines] == [Heading.TRAVEL]
    assert ("TRAVEL", "CNY") in booked(session, journal)


def test_journal_of_another_maker_is_not_corrected(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    key = journal.id
    service.send_back(session, made.other_finance, key, "Wrong heading", now=NOW)
    command = journals.correction(made, journal, line(made, hkd("1.00")))
    refused(Conflict, "journal.not-yours", lambda own: service.correct(own, made.other_finance, key, command, now=NOW))


def test_journal_that_was_not_returned_is_not_corrected(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    key = journal.id
    command = journals.correction(made, journal, line(made, hkd("2.00")))
    refused(Conflict, "journal.moved-on", lambda own: service.correct(own, made.finance, key, command, now=NOW))


def test_refused_journal_posts_nothing(session: Session, made: PaymentWorld) -> None:
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    service.refuse(session, made.other_finance, journal.id, "Not ours", now=NOW)
    assert (journal.status, journal.entry_id) == (JournalStatus.REFUSED, None)


@pytest.mark.parametrize("kind", [JournalKind.CLAIM_PAID, JournalKind.ADVANCE_CLEARED])
def test_nothing_is_settled_beyond_what_is_outstanding(
    session: Session, made: PaymentWorld, refused: Refuser, kind: JournalKind
) -> None:
    journals.posted(session, made, line(made, hkd("1000.00")), kind=JournalKind.CLAIM_ACCRUED)
    journals.posted(session, made, line(made, hkd("1000.00"), None), kind=JournalKind.ADVANCE)
    lines = (line(made, hkd("600.00")), line(made, hkd("400.01")))
    refusal = refused(RuleBreached, "journal.nothing-outstanding", submit(made, *lines, kind=kind))
    assert refusal.breaches[0].params["outstanding"] == "HKD 1000.00"


# reversals, closing out


def test_reversal_takes_a_journals_entry_back(session: Session, made: PaymentWorld) -> None:
    cost = journals.cost(session, made, hkd("100000.00"))
    reversal = journals.posted(
        session, made, kind=JournalKind.REVERSAL, reverses_entry_id=cost.entry_id, reason="Booked twice"
    )
    (row, *_others) = balances.postings(session, balances.Selection(entry_id=reversal.entry_id))
    assert row.reverses_id == cost.entry_id
    pair = balances.pair_positions(session, made.contract.id, made.grantee.id, TODAY)
    assert pair == {Currency.CNY: cny("399861.25"), Currency.HKD: -hkd("432282.43")}


def test_entry_is_reversed_at_most_once(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    cost = journals.cost(session, made, hkd("1.00"))
    reversing = {"kind": JournalKind.REVERSAL, "reverses_entry_id": cost.entry_id}
    journals.posted(session, made, **reversing)
    refused(RuleBreached, "journal.reversed-already", submit(made, **reversing))


def test_entry_that_no_journal_posted_is_not_reversed_here(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    received = balances.postings(session, balances.Selection(book_id=made.grantee.id))[0].entry_id
    foreign = submit(made, kind=JournalKind.REVERSAL, reverses_entry_id=received)
    refused(RuleBreached, "journal.not-reversible-here", foreign)


def test_open_pair_is_not_closed_out(made: PaymentWorld, refused: Refuser) -> None:
    early = submit(made, kind=JournalKind.EXCHANGE_CLOSED_OUT, closes_contract_id=made.contract.id)
    refused(RuleBreached, "journal.exchange-open", early)


def test_close_out_without_a_contract_is_refused(made: PaymentWorld, refused: Refuser) -> None:
    refused(InputRefused, "journal.no-lines", submit(made, kind=JournalKind.EXCHANGE_CLOSED_OUT))


def test_closing_out_realises_what_stands_on_the_pair(session: Session) -> None:
    made = statements.spent(session)
    statements.return_residue(session, made, "30022.66", "32282.43", "0.9300")
    closing = {"kind": JournalKind.EXCHANGE_CLOSED_OUT, "closes_contract_id": made.contract.id}
    journal = journals.posted(session, made, **closing)
    assert booked(session, journal) == {("EXCHANGE_REALISED", "CNY"): "238.59", ("CURRENCY_TRADING", "CNY"): "-238.59"}
    after = balances.pair_positions(session, made.contract.id, made.grantee.id, TODAY)
    assert not any(after.values())
    with pytest.raises(RuleBreached):
        journals.submitted(session, made, **closing)


# scope


def test_stranger_sees_no_journal(session: Session, made: PaymentWorld) -> None:
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    elsewhere = projects.institution(session, "Qingtan Science Foundation")
    stranger = payments.someone(session, "Sun Ping", payments.Role.ACCOUNTANT, elsewhere)
    assert queries.listed(session, stranger, queries.JournalFilters()).items == []
    assert queries.awaiting_approval_by(session, stranger) == []
    assert queries.awaiting_approval_by(session, made.other_finance) == [journal]
    assert queries.awaiting_approval_by(session, made.finance) == []
    with pytest.raises(NotFound):
        queries.visible_journal(session, stranger, journal.reference)
