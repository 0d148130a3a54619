"""Returns into the ledger: each kind of row to the cent, the second person, all or nothing, what frees it again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from app.evidence import duplicates, queries as evidence
from app.evidence.fields import DocumentFields
from app.evidence.keys import keys_of
from app.kernel.actor import Role
from app.kernel.errors import Conflict, InputRefused, NotPermitted, RuleBreached
from app.kernel.money import Money
from app.ledger import balances, fund_control
from app.ledger.headings import Heading
from app.ledger.posting import PeriodState, set_period
from app.people.authority.models import AuthorityLimit
from app.returns import queries, service
from app.returns.models import SpendingReturn
from app.returns.service import PostReturn
from app.returns.states import ReturnStatus
from tests.builders import journals, payments, returns, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.refusing import Refuser
from tests.builders.returns import row


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example once the money has arrived: CNY 400,000.00 as HKD 432,282.43 less HKD 150.00."""
    made = statements.received(session)
    for day in (date(2026, 10, 5), date(2026, 11, 10)):
        payments.rate(session, "0.9240", day)
    return made


def booked(session: Session, found: SpendingReturn) -> dict[tuple[str, str], str]:
    """What the return posted in all: account and currency to amount, debit positive."""
    sums: dict[tuple[str, str], Money] = {}
    for each in queries.rows_of(session, found.id):
        if each.entry_id is None:
            continue
        for posting in balances.postings(session, balances.Selection(entry_id=each.entry_id)):
            key = (posting.code.name, posting.amount.currency.value)
            sums[key] = sums.get(key, Money.zero(posting.amount.currency)) + posting.amount
    return {key: str(amount.amount) for key, amount in sums.items() if amount}


def post(made: PaymentWorld, found: SpendingReturn, reason: str = "") -> Any:
    """The verb of the second person, as the refuser takes it."""
    command = PostReturn(found.version, reason)
    return lambda own: service.post(own, made.other_finance, found.id, command, now=NOW)


def submit(made: PaymentWorld, *rows: dict[str, Any]) -> Any:
    """Import and submit in one unit, as the refuser takes it."""
    return lambda own: returns.submitted(own, made, *rows)


# each kind


KINDS: list[tuple[dict[str, Any], dict[tuple[str, str], str]]] = [
    (row(), {("MATERIALS", "CNY"): "1200.00", ("INSTITUTION_CLEARING", "CNY"): "-1200.00"}),
    (
        row(Kind="OVERHEAD", Heading=""),
        {("OVERHEAD", "CNY"): "1200.00", ("INSTITUTION_CLEARING", "CNY"): "-1200.00"},
    ),
    (
        row(Amount="-1200.00"),
        {("MATERIALS", "CNY"): "-1200.00", ("INSTITUTION_CLEARING", "CNY"): "1200.00"},
    ),
    (
        row(Kind="Refund"),
        {("MATERIALS", "CNY"): "-1200.00", ("INSTITUTION_CLEARING", "CNY"): "1200.00"},
    ),
    (
        row(Kind="利息收入", Heading=""),
        {("INTEREST", "CNY"): "-1200.00", ("INSTITUTION_CLEARING", "CNY"): "1200.00"},
    ),
    (
        row(Kind="Sponsorship", Heading=""),
        {("SPONSORSHIP_CASH", "CNY"): "-1200.00", ("INSTITUTION_CLEARING", "CNY"): "1200.00"},
    ),
    (
        row(Kind="Sponsorship in kind"),
        {("MATERIALS", "CNY"): "1200.00", ("SPONSORSHIP_IN_KIND", "CNY"): "-1200.00"},
    ),
    (
        row(Kind="Advance", Heading=""),
        {("ADVANCES", "CNY"): "1200.00", ("INSTITUTION_CLEARING", "CNY"): "-1200.00"},
    ),
]


@pytest.mark.parametrize(("given", "expected"), KINDS, ids=lambda each: str(each)[:40])
def test_each_kind_of_row_books_what_its_journal_would(
    session: Session, made: PaymentWorld, given: dict[str, Any], expected: dict[tuple[str, str], str]
) -> None:
    if str(given["Amount"]).startswith("-"):
        returns.posted(session, made, row("V-0", Amount="5000.00"))
    assert booked(session, returns.posted(session, made, given)) == expected


def test_an_advance_is_cleared_by_the_same_file_that_gives_it(session: Session, made: PaymentWorld) -> None:
    given = row("V-2", Kind="Advance", Heading="", Amount="500.00")
    cleared = row("V-1", Kind="Advance cleared", Amount="400.00")
    assert booked(session, returns.posted(session, made, cleared, given)) == {
        ("ADVANCES", "CNY"): "100.00",
        ("MATERIALS", "CNY"): "400.00",
        ("INSTITUTION_CLEARING", "CNY"): "-500.00",
    }


def test_cost_in_another_currency_passes_through_the_pair_at_the_rate_of_its_day(
    session: Session, made: PaymentWorld
) -> None:
    found = returns.posted(session, made, row(Amount="1000.00", Currency="HKD", Date=TODAY.isoformat()))
    assert booked(session, found) == {
        ("MATERIALS", "CNY"): "924.00",
        ("INSTITUTION_CLEARING", "HKD"): "-1000.00",
        ("CURRENCY_TRADING", "CNY"): "-924.00",
        ("CURRENCY_TRADING", "HKD"): "1000.00",
    }


def test_with_a_bank_account_the_money_leaves_it(session: Session, made: PaymentWorld) -> None:
    given = row(Amount="1000.00", Currency="HKD", Date=TODAY.isoformat())
    found = returns.posted(session, made, given, bank_account_id=made.payee_account.id)
    assert booked(session, found)[("BANK", "HKD")] == "-1000.00"


def test_every_row_is_an_entry_on_its_own_day_with_the_file_as_evidence(session: Session, made: PaymentWorld) -> None:
    found = returns.posted(session, made, row("V-1"), row("V-2", Date="2026-11-10"))
    rows = queries.rows_of(session, found.id)
    assert len({each.entry_id for each in rows}) == 2
    for each in rows:
        posting = balances.postings(session, balances.Selection(entry_id=each.entry_id))[0]
        assert posting.effective_on == each.cost_on
    kept = evidence.of_record(session, queries.EVIDENCE_KIND, found.id)
    assert [document.sha256 for document in kept] == [found.file_sha256]


# the second person


def test_the_maker_cannot_post(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    found = returns.submitted(session, made)
    refused(
        NotPermitted,
        "access.own-work",
        lambda own: service.post(own, made.finance, found.id, PostReturn(found.version), now=NOW),
    )


def test_a_project_manager_imports_but_does_not_post(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    manager = payments.someone(session, "Mok Wing", Role.PROJECT_MANAGER, made.grantee)
    found = returns.submitted(session, made)
    refused(
        NotPermitted,
        "access.not-permitted",
        lambda own: service.post(own, manager, found.id, PostReturn(found.version), now=NOW),
    )


def test_a_return_beyond_the_authority_is_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    found = returns.submitted(session, made)
    for each in session.scalars(select(AuthorityLimit).where(AuthorityLimit.institution_id == made.grantee.id)):
        each.maximum_minor = 100_000
    refused(NotPermitted, "authority.over-limit", post(made, found))


# all or nothing


def test_one_wrong_cell_and_nothing_is_written(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    refused(InputRefused, "returns.amount", submit(made, row("V-1"), row("V-2", Amount="12.345")))


def test_one_row_outside_the_contract_and_nothing_is_written(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    refused(RuleBreached, "journal.outside-dates", submit(made, row("V-1"), row("V-2", Date="2020-01-31")))


def test_a_row_beyond_what_may_be_spent_is_refused(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    refused(RuleBreached, "returns.beyond-limit", submit(made, row("V-1"), row("V-2", Amount="399,999.00")))


def test_income_of_the_same_file_may_be_spent(session: Session, made: PaymentWorld) -> None:
    left = row("V-1", Amount="399861.25")
    more = row("V-2", Amount="138.75")
    interest = row("V-3", Kind="Interest", Heading="", Amount="138.75")
    assert returns.posted(session, made, left, more, interest).status == ReturnStatus.POSTED


def test_every_wrong_line_is_named_with_its_column(session: Session, made: PaymentWorld) -> None:
    with pytest.raises(InputRefused) as refusal:
        returns.submitted(session, made, row("V-1", Amount="12.345"), row("V-2", Date="31/12/2026"), row("V-3"))
    named = [(each.params["line"], each.params["column"]) for each in refusal.value.breaches]
    assert named == [(2, "Amount"), (3, "Date")]


def test_a_closed_month_is_named_by_line(session: Session, made: PaymentWorld) -> None:
    month = date(2026, 10, 1)
    set_period(session, made.grantee.id, month, PeriodState.CLOSING, actor_id=made.finance.person_id)
    with pytest.raises(RuleBreached) as refusal:
        returns.submitted(session, made, row("V-1"), row("V-2", Date="2026-10-05"))
    assert [(each.code, each.params["line"]) for each in refusal.value.breaches] == [("returns.month-closed", 3)]


# as often as one likes


def test_the_same_file_again_writes_nothing(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    found = returns.posted(session, made, row("V-1"))
    session.commit()
    refusal = refused(Conflict, "returns.already-imported", lambda own: returns.drafted(own, made, row("V-1")))
    breach = refusal.breaches[0]
    assert breach.params["reference"] == found.reference


def test_a_longer_file_brings_only_what_is_new(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made, row("V-1"))
    second = returns.posted(session, made, row("V-1"), row("V-2", Amount="800.00"))
    assert (second.row_count, second.known_count) == (1, 1)
    assert booked(session, second)[("MATERIALS", "CNY")] == "800.00"


def test_a_known_key_with_another_content_is_refused_by_line(session: Session, made: PaymentWorld) -> None:
    first = returns.posted(session, made, row("V-1"))
    with pytest.raises(RuleBreached) as refusal:
        returns.submitted(session, made, row("V-2"), row("V-1", Amount="1300.00"))
    breach = refusal.value.breaches[0]
    assert (breach.code, breach.params["line"], breach.params["reference"]) == (
        "returns.key-changed",
        3,
        first.reference,
    )


def test_a_file_without_anything_new_is_refused(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made, row("V-1"), row("V-2"))
    with pytest.raises(RuleBreached, match=r"returns\.nothing-new"):
        returns.submitted(session, made, row("V-1"))


@pytest.mark.parametrize("ending", ["refuse", "withdraw"])
def test_what_was_let_go_may_be_brought_again(session: Session, made: PaymentWorld, ending: str) -> None:
    found = returns.submitted(session, made, row("V-1"))
    if ending == "refuse":
        service.refuse(session, made.other_finance, found.id, "Wrong month", version=found.version, now=NOW)
    else:
        service.withdraw(session, made.finance, found.id, version=found.version, now=NOW)
    assert fund_control.waiting_cost(session, made.contract.id, made.currency) == {}
    assert returns.posted(session, made, row("V-1")).status == ReturnStatus.POSTED


def test_what_is_posted_is_not_taken_back(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    found = returns.posted(session, made)
    refused(
        Conflict,
        "returns.moved-on",
        lambda own: service.withdraw(own, made.finance, found.id, version=found.version, now=NOW),
    )


def test_a_waiting_return_commits_its_cost_and_posting_turns_it_into_cost(session: Session, made: PaymentWorld) -> None:
    found = returns.submitted(session, made, row("V-1"))
    waiting = fund_control.waiting_cost(session, made.contract.id, made.currency)
    assert waiting == {Heading.MATERIALS: cny("1200.00")}
    service.post(session, made.other_finance, found.id, PostReturn(found.version), now=NOW)
    assert fund_control.waiting_cost(session, made.contract.id, made.currency) == {}


# documents


def test_an_invoice_claimed_before_is_flagged_and_posted_only_with_a_reason(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    number = "24442000000012345678"
    returns.posted(session, made, row("V-1", Invoice_No=number))
    found = returns.submitted(session, made, row("V-2", Invoice_No=number))
    refused(RuleBreached, "returns.duplicates-unexplained", post(made, found))
    done = service.post(
        session, made.other_finance, found.id, PostReturn(found.version, "Second instalment of one invoice"), now=NOW
    )
    assert done.status == ReturnStatus.POSTED


def test_an_invoice_of_a_return_is_known_to_whoever_presents_it_later(session: Session, made: PaymentWorld) -> None:
    number = "24442000000012345678"
    returns.submitted(session, made, row("V-1", Invoice_No=number))
    found = duplicates.look_up(session, keys_of(DocumentFields(invoice_number=number)))
    assert [match.certain for match in found] == [True]


# open purchase orders


ORDER = row("PO-7", Kind="Open order", Amount="1000.00", Purchase_order="PO-7")


def test_an_open_order_commits_and_is_never_posted(session: Session, made: PaymentWorld) -> None:
    found = returns.posted(session, made, ORDER)
    assert booked(session, found) == {}
    waiting = fund_control.waiting_cost(session, made.contract.id, made.currency)
    assert waiting == {Heading.MATERIALS: cny("1000.00")}


def test_cost_of_an_order_uses_up_its_commitment(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made, ORDER)
    returns.posted(session, made, row("V-1", Amount="600.00", Purchase_order="PO-7"))
    assert fund_control.waiting_cost(session, made.contract.id, made.currency) == {Heading.MATERIALS: cny("400.00")}
    returns.posted(session, made, row("V-2", Amount="700.00", Purchase_order="PO-7"))
    assert fund_control.waiting_cost(session, made.contract.id, made.currency) == {}


def test_the_last_room_is_enough_for_the_cost_of_its_own_order(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made, row("PO-8", Kind="ORDER", Amount="399861.25", Purchase_order="PO-8"))
    found = returns.posted(session, made, row("V-1", Amount="399861.25", Purchase_order="PO-8"))
    assert found.status == ReturnStatus.POSTED


def test_a_later_list_replaces_what_an_order_was(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made, ORDER)
    later = ORDER | {"Voucher": "PO-7/December", "Amount": "0.00"}
    returns.posted(session, made, later)
    assert fund_control.waiting_cost(session, made.contract.id, made.currency) == {}


# the database


def test_a_posted_row_cannot_be_changed_even_by_hand(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made)
    with pytest.raises(DatabaseError, match="stands"):
        session.execute(text("update return_row set amount_minor = amount_minor + 1"))


def test_a_return_agrees_with_journals_of_the_same_rows(session: Session, made: PaymentWorld) -> None:
    journals.cost(session, made, hkd("1000.00"), Heading.TRAVEL)
    returns.posted(session, made, row(Amount="1000.00", Currency="HKD", Heading="Travel", Date=TODAY.isoformat()))
    travel = [
        each.amount
        for each in balances.postings(session, balances.Selection(book_id=made.grantee.id))
        if each.code.name == "TRAVEL"
    ]
    assert travel == [cny("924.00"), cny("924.00")]


def test_goods_in_kind_need_no_room_in_what_was_received(session: Session, made: PaymentWorld) -> None:
    returns.posted(session, made, row("V-1", Amount="399861.25"))
    given = row("V-2", Kind="Sponsorship in kind", Amount="5000.00")
    assert returns.posted(session, made, given).status == ReturnStatus.POSTED
