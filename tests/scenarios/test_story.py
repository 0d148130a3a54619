"""The story as loaded: its books, its statuses, its particular events, and that nobody did their own second step."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.claims import queries as claims
from app.claims.models import Claim
from app.contracts.models import Contract
from app.contracts.states import ContractStatus, FundingMode
from app.demo import story
from app.demo.sign_ins import PASSWORD, SIGN_INS
from app.disbursements import gathering, queries as disbursements, rules
from app.disbursements.facts import Stage as GateStage
from app.disbursements.models import Disbursement, ResidueReturn
from app.disbursements.states import DisbursementStatus as Status, ResidueStatus
from app.exchange_rates import queries as rates
from app.exchange_rates.bundled import SOURCE
from app.institutions.models import BankAccount, Institution
from app.journals.models import Journal
from app.journals.states import JournalKind, JournalStatus
from app.kernel.actor import Actor
from app.kernel.clock import Clock, business_date
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances, checking, periods
from app.ledger.balances import Selection
from app.ledger.chart import AccountCode
from app.people import passwords, queries as people
from app.reconciliation import figures
from app.reconciliation.models import BankReconciliation
from reports.contract_figures import ContractFigures
from reports.parameters import Parameters
from tests.conftest import NOW

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TODAY = business_date(NOW)

SECOND_PERSONS: tuple[tuple[str, str, str], ...] = (
    ("bank_account", "entered_by_id", "verified_by_id"),
    ("role_assignment", "granted_by_id", "confirmed_by_id"),
    ("role_assignment", "person_id", "granted_by_id"),
    ("role_assignment", "person_id", "confirmed_by_id"),
    ("password_link", "requested_by_id", "confirmed_by_id"),
    ("authority_limit", "proposed_by_id", "confirmed_by_id"),
    ("bank_mandate", "entered_by_id", "confirmed_by_id"),
    ("whitelist_entry", "applied_by_id", "listed_by_id"),
    ("terms_parameter", "entered_by_id", "confirmed_by_id"),
    ("contract", "drafted_by_id", "signed_by_id"),
    ("amendment", "proposed_by_id", "decided_by_id"),
    ("obligation", "submitted_by_id", "accepted_by_id"),
    ("fund_movement", "entered_by_id", "approved_by_id"),
    ("exchange_rate", "entered_by_id", "confirmed_by_id"),
    ("equipment_disposal", "proposed_by_id", "decided_by_id"),
    ("journal", "made_by_id", "approved_by_id"),
    ("claim", "made_by_id", "checked_by_id"),
    ("claim", "claimant_id", "approved_by_id"),
    ("claim", "approved_by_id", "paid_by_id"),
    ("route_document", "listed_by_id", "confirmed_by_id"),
    ("disbursement", "maker_id", "released_by_id"),
    ("disbursement", "released_by_id", "settled_by_id"),
    ("disbursement", "released_by_id", "bounced_by_id"),
    ("residue_return", "entered_by_id", "confirmed_by_id"),
    ("residue_return", "confirmed_by_id", "received_by_id"),
    ("statement", "filed_by_id", "decided_by_id"),
    ("bank_reconciliation", "prepared_by_id", "approved_by_id"),
)
"""Table, who did it, who confirmed it: in every row two people."""


def contract(session: Session, key: str) -> Contract:
    """The contract that the story calls `key` (C01): its agreement's number ends so."""
    return session.scalars(select(Contract).where(Contract.agreement_number.endswith(f"-{key[1:]}"))).one()


def actor(session: Session, email: str) -> Actor:
    """A person of the story today."""
    person = people.by_email(session, email)
    assert person is not None
    return people.actor_of(session, person, TODAY)


def breaches(session: Session, row: Disbursement, stage: GateStage, who: Actor) -> set[str]:
    """Codes of everything the gates say, notes too."""
    facts = gathering.gather(session, [row], stage=stage, now=NOW, actor=who)[row.id]
    return {breach.code for breach in rules.breaches(facts)}


def count(session: Session, statement: str) -> int:
    """One number."""
    return int(session.execute(text(statement)).scalar_one())


# The books


def test_every_book_balances_in_each_currency(told: Session) -> None:
    rows = balances.trial_balance(told)
    for book in {row.book_id for row in rows}:
        for currency in Currency:
            mine = [row.balance for row in rows if row.book_id == book and row.balance.currency is currency]
            assert not total(mine, currency)
        functional = [row.functional for row in rows if row.book_id == book]
        assert sum(amount.minor for amount in functional) == 0
    assert len({row.book_id for row in rows}) == 8


def test_the_ledgers_own_check_finds_no_difference(told: Session) -> None:
    checked = checking.check(told)
    assert checked.differences == ()
    assert checked.entries > 800


def test_no_pocket_was_below_nil_at_the_end_of_any_day(told: Session) -> None:
    running = """
        SELECT count(*) FROM (
            SELECT sum(-sum(p.amount_minor)) OVER (PARTITION BY p.account_id ORDER BY p.effective_on) AS net
            FROM ledger.posting p JOIN ledger.account a USING (account_id)
            WHERE a.code = '3101' GROUP BY p.account_id, p.effective_on) days
        WHERE net < 0"""
    assert count(told, running) == 0
    pockets = told.scalars(text("SELECT id FROM pocket")).all()
    positions = balances.pocket_positions(told, pockets)
    assert len(positions) == 12
    assert all(position.available.minor >= 0 for position in positions.values())


def test_payments_in_transit_are_those_released_and_not_settled(told: Session) -> None:
    released = told.scalars(select(Disbursement).where(Disbursement.status == Status.RELEASED)).all()
    rows = [row for row in balances.trial_balance(told) if row.code is AccountCode.PAYMENTS_IN_TRANSIT]
    for currency in Currency:
        waiting = total((row.amount for row in released if row.amount.currency is currency), currency)
        booked = total((row.balance for row in rows if row.balance.currency is currency), currency)
        assert waiting == -booked


# The numbers of things


def test_counts_are_those_promised(told: Session) -> None:
    assert count(told, "SELECT count(*) FROM disbursement") == 300
    assert count(told, "SELECT count(*) FROM contract") == 24
    assert count(told, "SELECT count(*) FROM project") == 15
    assert count(told, "SELECT count(*) FROM institution") == 10
    assert count(told, "SELECT count(*) FROM fund WHERE parent_id IS NULL") == 2
    assert count(told, "SELECT count(*) FROM fund WHERE parent_id IS NOT NULL") == 4
    assert count(told, "SELECT count(*) FROM journal_line") > 300


def test_every_status_of_a_disbursement_and_of_a_contract_occurs(told: Session) -> None:
    assert set(told.scalars(text("SELECT DISTINCT status FROM disbursement"))) == {each.value for each in Status}
    assert set(told.scalars(text("SELECT DISTINCT status FROM contract"))) == {each.value for each in ContractStatus}
    assert set(told.scalars(text("SELECT DISTINCT funding_mode FROM contract"))) == {each.value for each in FundingMode}


def test_every_kind_of_journal_occurs(told: Session) -> None:
    assert set(told.scalars(text("SELECT DISTINCT kind FROM journal"))) == {each.value for each in JournalKind}


def test_nothing_is_dated_after_today(told: Session) -> None:
    assert told.scalar(text("SELECT max(at) FROM audit_event")) <= NOW
    assert told.scalar(text("SELECT max(effective_on) FROM ledger.entry")) <= TODAY


def test_two_fiscal_years_of_postings_end_today(told: Session) -> None:
    first = told.scalar(text("SELECT min(effective_on) FROM ledger.entry"))
    assert first == date(2024, 11, 20)


# Two people


@pytest.mark.parametrize(("table", "maker", "checker"), SECOND_PERSONS)
def test_nobody_took_both_steps(told: Session, table: str, maker: str, checker: str) -> None:
    both = f'FROM "{table}" WHERE {maker} IS NOT NULL AND {checker} IS NOT NULL'
    assert count(told, f"SELECT count(*) {both}") > 0
    assert count(told, f"SELECT count(*) {both} AND {maker} = {checker}") == 0


def test_maker_checkers_and_signatories_of_a_payment_are_different_people(told: Session) -> None:
    own = """SELECT count(*) FROM disbursement d JOIN checker_decision c ON c.disbursement_id = d.id
             WHERE c.checker_id = d.maker_id"""
    signed = """SELECT count(*) FROM release r JOIN disbursement d ON d.id = r.disbursement_id
                LEFT JOIN checker_decision c ON c.disbursement_id = d.id AND c.checker_id = r.signatory_id
                WHERE r.signatory_id = d.maker_id OR c.checker_id IS NOT NULL"""
    assert count(told, own) == 0
    assert count(told, signed) == 0


# Statements


def test_one_statement_is_accepted_one_superseded_and_one_waits_to_be_issued(told: Session) -> None:
    found = told.execute(text("SELECT status, edition, supersedes_id, id FROM statement ORDER BY reference")).all()
    first, second, waiting = found
    assert (first.status, first.edition) == ("ISSUED", 1)
    assert (second.status, second.edition, second.supersedes_id) == ("ACCEPTED", 2, first.id)
    assert (waiting.status, waiting.edition) == ("CERTIFIED", 1)
    assert count(told, "SELECT count(*) FROM statement_file WHERE kind = 'STATEMENT'") == 18
    certified = "SELECT count(*) FROM (SELECT 1 FROM statement_certificate GROUP BY statement_id"
    assert count(told, f"{certified} HAVING count(DISTINCT person_id) = 3) AS three") == 3


# The worked example


def test_the_worked_example_stands_in_the_ledger_to_the_cent(told: Session) -> None:
    mine = contract(told, "C01")
    sums: dict[tuple[str, str], int] = {}
    for row in balances.stream_postings(told, Selection(contract_id=mine.id, book_id=mine.grantee_id)):
        key = (row.code.name, row.amount.currency.value)
        sums[key] = sums.get(key, 0) + row.amount.minor
    assert {key: str(Money(minor, Currency(key[1])).amount) for key, minor in sums.items()} == {
        ("GRANT_RECEIVED", "CNY"): "-400000.00",
        ("BANK_CHARGE", "CNY"): "138.75",
        ("SALARY", "CNY"): "92400.00",
        ("BANK", "HKD"): "332282.43",
        ("CURRENCY_TRADING", "CNY"): "307461.25",
        ("CURRENCY_TRADING", "HKD"): "-332282.43",
    }


def test_the_worked_example_shows_its_unrealised_loss_at_the_end_of_its_month(told: Session) -> None:
    mine = contract(told, "C01")
    paid = told.scalars(select(Journal).where(Journal.kind == JournalKind.COST).order_by(Journal.effective_on))
    salary = next(each for each in paid if each.lines[0].contract_id == mine.id)
    day = salary.effective_on
    end = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    figures = ContractFigures(told, Parameters(mine.first_day, end, NOW, contract_id=mine.id))
    assert figures.unrealised.cumulative == Money(-43228, Currency.CNY)
    assert salary.lines[0].rate == Decimal("0.9240")


# What an auditor would follow


def test_a_bounced_payment_gave_its_money_back_to_the_contracts_hold(told: Session) -> None:
    bounced = told.scalars(select(Disbursement).where(Disbursement.status == Status.BOUNCED)).all()
    assert len(bounced) == 3
    for row in bounced:
        booked = balances.stream_postings(told, Selection(disbursement_id=row.id, code=AccountCode.GRANTS_PAID))
        assert sum(each.amount.minor for each in booked) == 0
        holds = balances.holds_of_contract(told, row.contract_id, only_open=False)
        assert [hold for hold in holds if hold.disbursement_id == row.id]


def test_a_lapsed_listing_keeps_an_approved_payment_back(told: Session) -> None:
    mine = contract(told, "C09")
    row = told.scalars(
        select(Disbursement).where(Disbursement.contract_id == mine.id, Disbursement.status == "APPROVED")
    )
    payer = actor(told, "fang.zhiyuan@qtsf.example")
    assert breaches(told, row.one(), GateStage.RELEASE, payer) >= {"whitelist.not-listed"}


def test_an_overdue_report_keeps_the_next_tranche_back(told: Session) -> None:
    mine = contract(told, "C18")
    row = told.scalars(select(Disbursement).where(Disbursement.contract_id == mine.id, Disbursement.status == "DRAFT"))
    maker = actor(told, "ho.kwok.leung@hrt.example")
    assert breaches(told, row.one(), GateStage.SUBMISSION, maker) == {"obligation.overdue"}


def test_an_amendment_raised_the_amount_and_its_hold(told: Session) -> None:
    mine = contract(told, "C17")
    approved = told.execute(
        text("SELECT before, after FROM amendment WHERE contract_id = :key AND status = 'APPROVED'"), {"key": mine.id}
    ).one()
    before, after = Decimal(approved.before["amount"]), Decimal(approved.after["amount"])
    assert after - before == Decimal("600000.00")
    assert mine.amount_minor == int(after * 100)


def test_an_exchange_loss_is_realised_where_no_foreign_money_is_left(told: Session) -> None:
    mine = contract(told, "C13")
    legs = balances.pair_positions(told, mine.id, mine.grantee_id, TODAY)
    assert not any(legs.values())
    booked = balances.stream_postings(told, Selection(contract_id=mine.id, code=AccountCode.EXCHANGE_REALISED))
    assert sum(each.amount.minor for each in booked) > 0


def test_residue_was_returned_and_received_and_one_return_is_on_its_way(told: Session) -> None:
    rows = told.scalars(select(ResidueReturn)).all()
    assert sorted(row.status for row in rows) == sorted(
        [ResidueStatus.RECEIVED, ResidueStatus.RECEIVED, ResidueStatus.SENT]
    )
    closed = contract(told, "C19")
    assert closed.status == ContractStatus.CLOSED
    recovered = [
        each.amount.minor
        for code in (AccountCode.RECOVERY_EARLIER_YEARS, AccountCode.RECOVERY_INTEREST)
        for each in balances.stream_postings(told, Selection(contract_id=closed.id, code=code))
    ]
    assert sorted(recovered) == [-8640000, -125040]


def test_reports_wait_for_acceptance_and_for_an_answer(told: Session) -> None:
    waiting = {
        (row.status, row.contract_id) for row in told.execute(text("SELECT status, contract_id FROM obligation"))
    }
    assert ("SUBMITTED", contract(told, "C08").id) in waiting
    assert ("QUERIED", contract(told, "C16").id) in waiting


def test_a_journal_was_returned_and_another_waits(told: Session) -> None:
    statuses = told.scalars(select(Journal.status).where(Journal.status != JournalStatus.APPROVED)).all()
    assert sorted(statuses) == ["RETURNED", "SUBMITTED"]


def test_claims_stand_at_every_step_in_two_currencies(told: Session) -> None:
    rows = told.scalars(select(Claim)).all()
    assert {row.status for row in rows} == {"DRAFT", "SUBMITTED", "CHECKED", "RETURNED", "PAID"}
    assert {line.currency for row in rows for line in row.lines} == {"CNY", "HKD"}
    finance = actor(told, "chan.ka.ling@lru.example")
    assert told.scalars(claims.awaiting_check(finance)).all()


def test_rates_after_the_bundled_history_are_labelled_as_demonstration(told: Session) -> None:
    late = told.execute(
        text(
            "SELECT DISTINCT source FROM exchange_rate WHERE kind = 'BOOKING' AND rate_date > "
            "(SELECT max(rate_date) FROM exchange_rate WHERE source = :bundled)"
        ),
        {"bundled": SOURCE},
    )
    sources = list(late.scalars())
    assert sources
    assert all(source.startswith("Demonstration") for source in sources)
    fresh = rates.booking_rate(told, Currency.HKD, Currency.CNY, TODAY, None)
    assert fresh is not None


# What waits for whom


def test_thirty_disbursements_wait_for_the_grant_officer_and_twenty_five_are_clean(told: Session) -> None:
    li = actor(told, "li.jianhua@qtsf.example")
    waiting = disbursements.awaiting_approval_by(told, li)
    assert len(waiting) == 30
    found = {row.reference: breaches(told, row, GateStage.APPROVAL, li) for row in waiting}
    own = [row for row in waiting if row.maker_id == li.person_id]
    assert len(own) == 2
    assert sum(1 for codes in found.values() if not codes) == 25
    others = set().union(*(found[row.reference] for row in waiting if row not in own and found[row.reference]))
    assert others == {
        "account.not-verified",
        "whitelist.not-facilitated",
        "document.expired",
        "value-date.passed",
        "authority.over-limit",
        "checkers.second-needed",
    }
    assert {row.currency for row in waiting} == {"CNY", "HKD"}


def test_payments_above_the_threshold_wait_for_a_second_checker(told: Session) -> None:
    for email, maximum in (("sun.wei@qtsf.example", "1200000.00"), ("lam.ching@hrt.example", "1600000.00")):
        director = actor(told, email)
        waiting = disbursements.awaiting_approval_by(told, director)
        half = [row for row in waiting if len(gathering.approvers_of(row)) == 1]
        assert [str(row.amount.amount) for row in half] == [maximum]
        assert not [code for code in breaches(told, half[0], GateStage.APPROVAL, director) if "authority" in code]


def test_one_release_waits_for_its_second_signatory(told: Session) -> None:
    fang, he = (actor(told, f"{key}@qtsf.example") for key in ("fang.zhiyuan", "he.xiaoling"))
    signed = {row.id for row in disbursements.awaiting_release_by(told, he)} - {
        row.id for row in disbursements.awaiting_release_by(told, fang)
    }
    assert len(signed) == 1


def test_printed_sign_ins_open_with_the_printed_password(told: Session) -> None:
    for entry in SIGN_INS[:2]:
        person = people.by_email(told, entry.email)
        assert person is not None
        assert passwords.matches(PASSWORD, person.password_hash)


# Loading


def test_a_second_load_leaves_the_story_as_it_is(story_engine: Engine) -> None:
    assert story.load(story_engine, Clock(fixed=NOW)).already
    with Session(story_engine) as session:
        assert count(session, "SELECT count(*) FROM disbursement") == 300


def test_a_database_with_institutions_of_its_own_is_refused(engine: Engine) -> None:
    from tests.builders import projects

    with Session(engine) as session, session.begin():
        projects.institution(session, "Somebody's real university")
    with pytest.raises(story.NotEmpty):
        story.load(engine, Clock(fixed=NOW))


def test_an_interrupted_load_leaves_nothing_behind(engine: Engine) -> None:
    def interrupt(played: int, _total: int, _step: str) -> None:
        if played > 0:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        story.load(engine, Clock(fixed=NOW), interrupt)
    with Session(engine) as session:
        assert session.scalar(select(Institution.id).limit(1)) is None
        assert count(session, "SELECT count(*) FROM audit_event") == 0


# The bank


def test_one_month_of_an_account_is_reconciled_and_two_lines_of_the_next_are_open(told: Session) -> None:
    row = told.scalars(select(BankReconciliation)).one()
    bank = told.get_one(BankAccount, row.bank_account_id)
    done = figures.at_end_of(told, bank, periods.month_end(row.month))
    following = figures.at_end_of(told, bank, periods.month_end(periods.next_month(row.month)))
    assert (row.status, row.open_lines, done.is_clean) == ("APPROVED", 0, True)
    assert {line.text for line in following.lines} == {"Account fee", "Credit interest"}
    assert (following.postings, following.difference) == ((), Money.zero(following.currency))
    assert following.day < TODAY
