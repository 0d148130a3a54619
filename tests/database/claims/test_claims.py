"""Claims from draft to payment in the database: what is kept, who may, what is committed and what is booked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.claims import deciding, known_before, paying, queries, service
from app.claims.commands import (
    AddLine,
    AddReceipts,
    AttachPaper,
    CheckClaim,
    EditClaim,
    LineValues,
    LineVerdict,
    SaveLine,
    Seen,
    StartClaim,
    SubmitClaim,
)
from app.claims.models import Claim
from app.claims.states import ClaimStatus, LineKind, PaperKind, Place, Verdict
from app.contracts import fund_control
from app.journals.states import JournalKind
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, Refusal, RuleBreached
from app.kernel.identity import new_id
from app.ledger import balances, fund_control as ledger_fund_control, posting
from app.ledger.checking import check
from app.ledger.headings import Heading
from app.ledger.posting import PeriodState
from app.web.uploads import JPEG, Upload
from tests.builders import budgets, claims, journals, papers, payments, projects
from tests.builders.claims import values
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.postgres import WorkerDatabase


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    return claims.ready(session)


def posted(session: Session, claim: Claim) -> list[tuple[str, str, str]]:
    """The claim's postings: account, amount, functional amount."""
    rows = [*balances.postings(session, balances.Selection(event_id=claim.event_id))]
    if claim.payment_entry_id:
        rows += balances.postings(session, balances.Selection(entry_id=claim.payment_entry_id))
    return [(row.code.name, str(row.amount), str(row.functional)) for row in rows]


def codes(refusal: Refusal) -> set[str]:
    return {breach.code for breach in refusal.breaches}


def test_an_approved_claim_is_cost_by_heading_against_what_is_owed(session: Session, made: PaymentWorld) -> None:
    claim = claims.approved(session, made, values(hkd("1000.00")), values(cny("92.40"), Heading.MATERIALS))
    assert claim.status == ClaimStatus.APPROVED
    assert sorted(posted(session, claim)) == sorted(
        [
            ("TRAVEL", "CNY 924.00", "HKD 1000.00"),
            ("PAYABLE_TO_CLAIMANTS", "HKD -1000.00", "HKD -1000.00"),
            ("CURRENCY_TRADING", "CNY -924.00", "HKD -1000.00"),
            ("CURRENCY_TRADING", "HKD 1000.00", "HKD 1000.00"),
            ("MATERIALS", "CNY 92.40", "HKD 100.00"),
            ("PAYABLE_TO_CLAIMANTS", "HKD -100.00", "HKD -100.00"),
            ("CURRENCY_TRADING", "CNY -92.40", "HKD -100.00"),
            ("CURRENCY_TRADING", "HKD 100.00", "HKD 100.00"),
        ]
    )
    assert paying.payable(claim) == hkd("1100.00")
    assert not check(session).differences


def test_a_third_person_pays_what_is_owed_from_the_projects_bank(session: Session, made: PaymentWorld) -> None:
    claim = claims.paid(session, made, values(hkd("1000.00")))
    assert posted(session, claim)[-2:] == [
        ("PAYABLE_TO_CLAIMANTS", "HKD 1000.00", "HKD 1000.00"),
        ("BANK", "HKD -1000.00", "HKD -1000.00"),
    ]
    assert claim.status == ClaimStatus.PAID
    command = claims.payment(made, claim)
    with pytest.raises(Conflict):
        paying.pay(session, made.other_finance, claim.reference, command, now=NOW)


def test_money_paid_in_another_currency_than_the_books_leaves_the_difference_apart(
    session: Session, made: PaymentWorld
) -> None:
    """Owed CNY 900.00 carried at HKD 1,000.00; two days later HKD 974.03 are enough to send it."""
    payments.rate(session, "0.9000", TODAY - timedelta(days=2))
    account = _cny_account(session, made)
    line = values(cny("900.00"), on=TODAY - timedelta(days=2), place=Place.SZ)
    claim = claims.approved(session, made, line, pay_currency=Currency.CNY)
    assert posted(session, claim)[-1] == ("PAYABLE_TO_CLAIMANTS", "CNY -900.00", "HKD -1000.00")
    command = claims.payment(made, claim, bank_account_id=account)
    claim = paying.pay(session, made.other_finance, claim.reference, command, now=NOW)
    assert posted(session, claim)[-3:] == [
        ("PAYABLE_TO_CLAIMANTS", "CNY 900.00", "HKD 1000.00"),
        ("BANK", "CNY -900.00", "HKD -974.03"),
        ("EXCHANGE_REALISED", "CNY 0.00", "HKD -25.97"),
    ]
    assert not check(session).differences


def _cny_account(session: Session, made: PaymentWorld) -> UUID:
    return projects.bank_account(session, made.grantee, Currency.CNY, made.maker.person_id, made.checker.person_id).id


# Drafts


def test_a_draft_keeps_whatever_is_typed_and_a_stale_page_loses(session: Session, made: PaymentWorld) -> None:
    claim = claims.started(session, made, receipts=(claims.receipt("a"), claims.receipt("b")))
    assert [line.who for line in claim.lines] == ["Dr Zhou Yun"] * 2
    version = claim.lines[0].version
    service.save_line(session, made.leader, claim.reference, 1, SaveLine(version, LineValues(seller="Taxi")), now=NOW)
    assert (claim.lines[0].seller, claim.lines[0].cost_on) == ("Taxi", None)
    with pytest.raises(Conflict):
        service.save_line(session, made.leader, claim.reference, 1, SaveLine(version, LineValues()), now=NOW)


def test_the_same_file_again_adds_nothing_and_a_bad_one_spoils_no_other(session: Session, made: PaymentWorld) -> None:
    claim = claims.started(session, made, receipts=(claims.receipt("a"),))
    torn = replace(claims.receipt("c"), content=b"%PDF-1.7 torn")
    command = AddReceipts((claims.receipt("a"), torn, claims.receipt("b")))
    claim = service.add_receipts(session, made.leader, claim.reference, command, now=NOW)
    assert [line.papers[0].document_id is not None for line in claim.lines] == [True, True]
    with pytest.raises(InputRefused):
        service.add_receipts(session, made.leader, claim.reference, AddReceipts((torn,)), now=NOW)


def test_an_electronic_invoice_answers_for_itself(session: Session, made: PaymentWorld) -> None:
    invoice = Upload("invoice.xml", papers.xml_invoice(), "application/xml")
    line = claims.started(session, made, receipts=(invoice,)).lines[0]
    assert (str(line.amount), str(line.tax), line.cost_on) == ("CNY 1272.00", "CNY 72.00", papers.INVOICE.issued_on)
    assert (line.seller, line.invoice_number, line.place) == (papers.INVOICE.seller, papers.INVOICE.number, "SZ")


def test_an_allowance_is_the_policys_rate_with_its_source(session: Session, made: PaymentWorld) -> None:
    claim = claims.started(session, made)
    values_of = LineValues(cost_on=TODAY, place=Place.SZ, quantity=Decimal("2.5"))
    line = service.add_line(session, made.leader, claim.reference, AddLine(LineKind.PER_DIEM, values_of), now=NOW)
    assert (str(line.amount), line.unit_rate) == ("CNY 450.00", Decimal(180))
    assert "House rule" in line.unit_source


def test_lines_of_the_last_claim_are_copied_without_their_dates_and_receipts(
    session: Session, made: PaymentWorld
) -> None:
    claims.submitted(session, made, values(hkd("120.00")))
    claim = claims.started(session, made)
    copied = service.copy_last(session, made.leader, claim.reference, now=NOW).lines[0]
    assert (str(copied.amount), copied.seller, copied.cost_on, copied.papers) == (
        "HKD 120.00",
        "Lok Ma Chau Taxi",
        None,
        [],
    )


def test_a_principal_investigator_claims_only_on_their_own_projects(session: Session, made: PaymentWorld) -> None:
    stranger = payments.someone(session, "Dr Ng", Role.PRINCIPAL_INVESTIGATOR, made.grantee)
    manager = payments.someone(session, "Ms Ho", Role.PROJECT_MANAGER, made.grantee)
    with pytest.raises(NotPermitted) as refusal:
        service.start(session, stranger, StartClaim(made.contract.id, "Visit"), now=NOW)
    assert codes(refusal.value) == {"claim.other-project"}
    delegated = StartClaim(made.contract.id, "Visit", claimant_id=made.leader.person_id)
    claim = service.start(session, manager, delegated, now=NOW)
    assert (claim.made_by_id, claim.claimant_id) == (manager.person_id, made.leader.person_id)
    with pytest.raises(NotFound):
        service.add_receipts(session, stranger, claim.reference, AddReceipts(()), now=NOW)


# Submission and what it takes of the budget


def test_a_claim_is_refused_with_every_reason_at_once(session: Session, made: PaymentWorld) -> None:
    early = values(hkd("10.00"), on=TODAY - timedelta(days=900), seller="")
    claim = claims.started(session, made, early)
    command = SubmitClaim(claim.version, declared=False, negative_list_declared=False)
    with pytest.raises(RuleBreached) as refusal:
        service.submit(session, made.leader, claim.reference, command, now=NOW)
    assert {"claim.line-incomplete", "claim.outside-dates", "claim.not-declared", "claim.negative-list"} <= codes(
        refusal.value
    )


def committed(session: Session, made: PaymentWorld) -> str:
    whole = {each.code: each for each in fund_control.standings(session, made.contract, TODAY)}["TOTAL"]
    return str(whole.committed)


def test_submitted_cost_is_committed_until_it_is_booked_or_comes_back(session: Session, made: PaymentWorld) -> None:
    claim = claims.submitted(session, made, values(hkd("1000.00")))
    assert committed(session, made) == "CNY 924.00"
    service.withdraw(session, made.leader, claim.reference, version=claim.version, now=NOW)
    assert committed(session, made) == "CNY 0.00"
    claims.approved(session, made, values(hkd("1000.00")))
    assert committed(session, made) == "CNY 0.00"


def test_each_line_is_committed_on_its_own_day_of_cost(session: Session, made: PaymentWorld) -> None:
    day, before = TODAY, TODAY - timedelta(days=300)
    lines = (values(cny("10.00"), on=before), values(cny("20.00"), on=day))
    claim = claims.submitted(session, made, *lines, pay_currency=Currency.CNY)
    kept = {(each.effective_on, each.amount) for each in ledger_fund_control.committed_by(session, claim.id)}
    assert kept == {(before, cny("10.00")), (day, cny("20.00"))}


def test_of_two_submissions_of_the_last_budget_one_is_refused(
    session: Session, worker_database: WorkerDatabase
) -> None:
    made = budgets.itemised(session)
    claims.authorise(session, made)
    line = values(cny("60.00"), Heading.MATERIALS, place=Place.SZ)
    ready = [claims.started(session, made, line) for _number in range(2)]
    told = [(each.reference, each.version) for each in ready]
    session.commit()
    leader, together = made.leader, Barrier(2)
    engine = create_engine(worker_database.url, poolclass=NullPool)

    def submit(reference: str, version: int) -> str:
        with Session(engine, expire_on_commit=False) as own, own.begin():
            together.wait(20)
            command = SubmitClaim(version, declared=True, negative_list_declared=True)
            try:
                return service.submit(own, leader, reference, command, now=NOW).status
            except RuleBreached as refusal:
                own.rollback()
                return ",".join(sorted(codes(refusal)))

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(lambda each: submit(*each), told))
    engine.dispose()
    assert answers[0] == "SUBMITTED"
    assert set(answers[1].split(",")) <= {"budget.exceeded", "budget.line-exceeded"}


# Verdicts


def test_lines_that_need_details_come_back_with_what_was_typed(session: Session, made: PaymentWorld) -> None:
    claim = claims.submitted(session, made, *(values(hkd(text)) for text in ("100.00", "200.00", "400.00")))
    verdicts = (
        LineVerdict(1, Verdict.OKAY),
        LineVerdict(2, Verdict.NEEDS_DETAILS, "Which train?"),
        LineVerdict(3, Verdict.NOT_OKAY, "A fine"),
    )
    claim = claims.checked(session, made, claim, *verdicts)
    (back,) = queries.followers_of(session, claim.id)
    assert (claim.status, back.status) == (ClaimStatus.CHECKED, ClaimStatus.RETURNED)
    (line,) = back.lines
    assert (str(line.amount), line.seller, line.verdict_reason) == ("HKD 200.00", "Lok Ma Chau Taxi", "Which train?")
    assert line.papers
    assert committed(session, made) == "CNY 92.40", "only the okay line is kept free"
    claim = deciding.approve(session, made.finance, claim.reference, Seen(claim.version), now=NOW)
    assert paying.payable(claim) == hkd("100.00")
    again = SubmitClaim(back.version, declared=True, negative_list_declared=True)
    assert service.submit(session, made.leader, back.reference, again, now=NOW).status == ClaimStatus.SUBMITTED


def test_a_verdict_but_okay_needs_its_reason_and_every_line_needs_one(session: Session, made: PaymentWorld) -> None:
    claim = claims.submitted(session, made, values(hkd("100.00")), values(hkd("200.00")))
    command = CheckClaim(claim.version, (LineVerdict(1, Verdict.NOT_OKAY), LineVerdict(9, Verdict.OKAY)))
    with pytest.raises(InputRefused) as refusal:
        deciding.check_lines(session, made.finance, claim.reference, command, now=NOW)
    assert codes(refusal.value) == {"claim.reason-missing", "claim.verdict-missing", "claim.verdict-strange"}


@pytest.mark.parametrize(
    ("verdict", "status"),
    [(Verdict.NEEDS_DETAILS, ClaimStatus.RETURNED), (Verdict.NOT_OKAY, ClaimStatus.REFUSED)],
)
def test_a_claim_without_an_okay_line_goes_back_or_is_refused_as_a_whole(
    session: Session, made: PaymentWorld, verdict: Verdict, status: ClaimStatus
) -> None:
    claim = claims.submitted(session, made, values(hkd("100.00")))
    claim = claims.checked(session, made, claim, LineVerdict(1, verdict, "Why?"))
    assert (claim.status, claim.status_reason) == (status, "1: Why?")
    assert committed(session, made) == "CNY 0.00"


# Who may


def test_maker_claimant_checker_and_payer_are_different_people(session: Session, made: PaymentWorld) -> None:
    payments.right(session, made.leader.person_id, Role.FINANCE_OFFICER, made.grantee)
    both = replace(made.leader, rights=(*made.leader.rights, *made.finance.rights))
    claim = claims.submitted(session, made, values(hkd("100.00")))
    command = CheckClaim(claim.version, (LineVerdict(1, Verdict.OKAY),))
    with pytest.raises(NotPermitted):
        deciding.check_lines(session, both, claim.reference, command, now=NOW)
    claim = claims.checked(session, made, claim)
    with pytest.raises(NotPermitted):
        deciding.approve(session, both, claim.reference, Seen(claim.version), now=NOW)
    claim = deciding.approve(session, made.finance, claim.reference, Seen(claim.version), now=NOW)
    for actor in (both, made.finance):
        with pytest.raises(NotPermitted):
            paying.pay(session, actor, claim.reference, claims.payment(made, claim), now=NOW)


def test_authority_limits_bind_and_above_the_threshold_two_people_are_needed(session: Session) -> None:
    made = claims.ready(session, maximum="1000.00", second_above="500.00")
    large = claims.checked(session, made, claims.submitted(session, made, values(hkd("1000.01"))))
    with pytest.raises(NotPermitted) as refusal:
        deciding.approve(session, made.other_finance, large.reference, Seen(large.version), now=NOW)
    assert "authority.over-limit" in codes(refusal.value)
    middle = claims.checked(session, made, claims.submitted(session, made, values(hkd("500.01"))))
    with pytest.raises(NotPermitted) as refusal:
        deciding.approve(session, made.finance, middle.reference, Seen(middle.version), now=NOW)
    assert "authority.already-checked" in codes(refusal.value)
    second = deciding.approve(session, made.other_finance, middle.reference, Seen(middle.version), now=NOW)
    assert second.status == ClaimStatus.APPROVED


# Booking


def test_cost_of_a_closed_month_is_booked_today_with_its_own_day_in_words(session: Session, made: PaymentWorld) -> None:
    payments.rate(session, "0.9200", TODAY - timedelta(days=25))
    claim = claims.submitted(session, made, values(hkd("100.00"), on=TODAY - timedelta(days=25)))
    posting.set_period(session, made.grantee.id, TODAY - timedelta(days=25), PeriodState.CLOSING, actor_id=new_id())
    claim = claims.checked(session, made, claim)
    claim = deciding.approve(session, made.finance, claim.reference, Seen(claim.version), now=NOW)
    rows = list(balances.postings(session, balances.Selection(event_id=claim.event_id)))
    assert {row.effective_on for row in rows} == {TODAY}
    assert str(rows[0].amount) == "CNY 92.00"


def test_an_advance_is_cleared_before_anything_is_paid(session: Session, made: PaymentWorld) -> None:
    journals.posted(session, made, journals.line(made, hkd("300.00"), None), kind=JournalKind.ADVANCE)
    claim = claims.started(session, made, values(hkd("1000.00")))
    head = EditClaim(
        claim.version, made.contract.id, claim.purpose, None, None, None, Currency.HKD, advance=hkd("300.00")
    )
    claim = service.edit(session, made.leader, claim.reference, head, now=NOW)
    command = SubmitClaim(claim.version, declared=True, negative_list_declared=True)
    claim = claims.checked(session, made, service.submit(session, made.leader, claim.reference, command, now=NOW))
    claim = deciding.approve(session, made.finance, claim.reference, Seen(claim.version), now=NOW)
    assert ("ADVANCES", "HKD -300.00", "HKD -300.00") in posted(session, claim)
    assert paying.payable(claim) == hkd("700.00")


def test_an_account_in_another_currency_or_of_another_body_does_not_pay(session: Session, made: PaymentWorld) -> None:
    claim = claims.approved(session, made, values(hkd("100.00")))
    wrong = claims.payment(made, claim, bank_account_id=made.payer_account.id)
    with pytest.raises(InputRefused) as refusal:
        paying.pay(session, made.other_finance, claim.reference, wrong, now=NOW)
    assert codes(refusal.value) == {"claim.bank-account"}
    late = claims.payment(made, claim, paid_on=TODAY + timedelta(days=1))
    with pytest.raises(InputRefused) as refusal:
        paying.pay(session, made.other_finance, claim.reference, late, now=NOW)
    assert codes(refusal.value) == {"claim.paid-in-future"}


def test_the_database_itself_keeps_the_payer_apart(session: Session, made: PaymentWorld) -> None:
    claim = claims.approved(session, made, values(hkd("100.00")))
    change = text("update claim set status = 'PAID', paid_by_id = :who where id = :id")
    with pytest.raises(IntegrityError, match="payer_apart"):
        session.execute(change, {"who": made.finance.person_id, "id": claim.id})


# Never twice


def test_an_invoice_presented_before_is_okay_only_with_a_reason(session: Session, made: PaymentWorld) -> None:
    numbered = values(hkd("100.00"), invoice_number="INV-7")
    claims.submitted(session, made, numbered)
    again = claims.submitted(session, made, numbered)
    assert known_before.certain(known_before.matches(session, made.finance, again)) == {1}
    command = CheckClaim(again.version, (LineVerdict(1, Verdict.OKAY),))
    with pytest.raises(InputRefused) as refusal:
        deciding.check_lines(session, made.finance, again.reference, command, now=NOW)
    assert codes(refusal.value) == {"claim.duplicate-not-cleared"}
    session.refresh(again)
    cleared = CheckClaim(again.version, (LineVerdict(1, Verdict.OKAY, "Two halves of one bill"),))
    after = deciding.check_lines(session, made.finance, again.reference, cleared, now=NOW)
    assert after.status == ClaimStatus.CHECKED


def test_every_receipt_of_a_line_is_known_again_not_only_the_first(session: Session, made: PaymentWorld) -> None:
    claims.submitted(session, made, values(hkd("100.00")), receipts=(claims.receipt("hotel"),))
    again = claims.started(session, made, values(hkd("70.00")))
    second = AttachPaper(PaperKind.RECEIPT, claims.receipt("hotel"))
    service.attach(session, made.leader, again.reference, 1, second, now=NOW)
    assert known_before.certain(known_before.matches(session, made.finance, again)) == {1}


def test_a_photograph_saved_anew_is_a_hint_that_nobody_has_to_clear(session: Session, made: PaymentWorld) -> None:
    photo, smaller = (Upload("a.jpg", papers.jpeg(papers.motif(7), quality=quality), JPEG) for quality in (95, 60))
    claims.submitted(session, made, values(hkd("100.00")), receipts=(photo,))
    again = claims.submitted(session, made, values(hkd("100.00")), receipts=(smaller,))
    found = known_before.matches(session, made.finance, again)
    assert [match.certain for match in found[1]] == [False]
    assert known_before.certain(found) == frozenset()


def test_an_earlier_claim_is_named_only_to_whom_may_see_it(session: Session, made: PaymentWorld) -> None:
    numbered = values(hkd("100.00"), invoice_number="INV-7")
    first = claims.submitted(session, made, numbered)
    again = claims.submitted(session, made, numbered)
    stranger = payments.someone(session, "Dr Ng", Role.PRINCIPAL_INVESTIGATOR, made.grantee)
    for actor, named in ((made.finance, [first.reference]), (stranger, [])):
        (found,) = known_before.matches(session, actor, again).values()
        assert known_before.references(session, actor, found) == named


def test_a_claim_taken_back_leaves_its_receipts_free(session: Session, made: PaymentWorld) -> None:
    numbered = values(hkd("100.00"), invoice_number="INV-7")
    first = claims.submitted(session, made, numbered)
    service.withdraw(session, made.leader, first.reference, version=first.version, now=NOW)
    again = claims.submitted(session, made, numbered)
    assert not known_before.matches(session, made.finance, again)
