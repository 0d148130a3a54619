"""What an auditor would want to follow: the events that make the two years a story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.contracts import amendments, drafting, obligations, service as contracts
from app.contracts.commands import AmendContract, DecideAmendment, ObligationStep, Step
from app.contracts.models import Contract, Obligation
from app.contracts.states import ObligationStatus
from app.demo import cast, days
from app.demo.agreements import (
    ACCOUNT_CHANGED,
    AMENDED,
    AMENDMENT_WAITS,
    CLOSED_OUT,
    RESIDUE_RECEIVED,
    RESIDUE_SENT,
    SUSPENDED,
    TERMINATED,
    WORKED_EXAMPLE,
    agreement,
)
from app.demo.contracting import ACCEPTORS, DRAFTERS, SIGNERS, Contracting
from app.demo.founding import account_command
from app.demo.plan import Plan
from app.demo.spending import Entry, Room, book, submit
from app.demo.stage import Stage
from app.disbursements import residue_service
from app.disbursements.commands import EnterResidue, ResidueArrived, Seen
from app.disbursements.models import ResidueReturn
from app.institutions import account_service
from app.institutions.account_service import VerifyCommand
from app.journals import service as journals
from app.journals.models import Journal
from app.journals.service import LineCommand
from app.journals.states import JournalKind
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.entries import LAST_DAY
from app.ledger.headings import Heading

CNY, HKD = Currency.CNY, Currency.HKD
NEW_NUMBER = "62120040000083349914"


def money(text: str, currency: Currency) -> Money:
    """An amount from decimal text."""
    return Money.parse(text, currency)


class Plot:
    """Puts the particular events on the agenda."""

    def __init__(self, stage: Stage, plans: Sequence[Plan], contracting: Contracting, salary_on: date) -> None:
        """`salary_on` is the day of the worked example's salary."""
        self.stage = stage
        self.plans = {plan.agreement.key: plan for plan in plans}
        self.contracting = contracting
        self.salary_on = salary_on
        stage.on(salary_on, self.worked_salary, hour=15, minute=0)
        self._lives()
        self._money_back()
        self._exchange_loss()
        self._now()

    def ago(self, count: int) -> date:
        """The working day so many days before the day of loading."""
        return days.working(self.stage.today - timedelta(days=count))

    def contract(self, key: str) -> UUID:
        """A contract's id."""
        return self.stage.world.contracts[key]

    def line(self, key: str, heading: Heading | None, words: str, text: str, currency: Currency) -> LineCommand:
        """A journal's line on a contract."""
        return LineCommand(self.contract(key), heading, words, money(text, currency))

    # The worked example

    def worked_salary(self) -> None:
        """HKD 100,000.00 of salary at 0.9240, on the contract that received CNY 400,000.00 at 0.9250."""
        line = self.line(WORKED_EXAMPLE, Heading.SALARY, "Salary of the research engineer", "100000.00", HKD)
        book(self.stage, Entry("LRU", JournalKind.COST, self.salary_on, "Salary of the month", (line,), HKD))

    # Lives of contracts

    def _lives(self) -> None:
        stage = self.stage
        stage.on(self.ago(260), self.propose_amendment)
        stage.on(self.ago(252), self.approve_amendment)
        stage.on(self.ago(3), self.propose_waiting_amendment)
        stage.on(self.ago(60), self.suspend)
        stage.on(self.ago(400), self.terminate)
        closed = self.plans[RESIDUE_RECEIVED]
        stage.on(days.shifted(closed.last_day, 3), partial(self.start_closing, RESIDUE_RECEIVED))
        stage.on(self.ago(62), self.close)
        closing = self.plans[RESIDUE_SENT]
        stage.on(days.shifted(closing.last_day, 3), partial(self.start_closing, RESIDUE_SENT))

    def propose_amendment(self) -> None:
        """Half a year more, and HKD 600,000.00 more with the final tranche."""
        reason = "A second bridge is to be measured; the panel supports it"
        self._propose(AMENDED, "600000.00", 183, reason)

    def _propose(self, key: str, increase: str, longer: int, reason: str) -> None:
        stage, terms = self.stage, agreement(key)
        contract = stage.session.get_one(Contract, self.contract(key))
        tranches = drafting.tranche_inputs(contract)
        more, last = money(increase, terms.currency), tranches[-1]
        later = replace(last, amount=last.amount + more, due_on=last.due_on + timedelta(days=longer))
        command = AmendContract(
            version=contract.version,
            reason=reason,
            effective_on=stage.day,
            amount=Money(contract.amount_minor, terms.currency) + more,
            first_day=contract.first_day,
            last_day=contract.last_day + timedelta(days=longer),
            tranches=(*tranches[:-1], later),
        )
        officer = stage.actor(DRAFTERS[terms.funder][0])
        amendments.propose(stage.session, officer, contract.id, command, now=stage.now)

    def approve_amendment(self) -> None:
        """The director approves it: more is held on the pocket."""
        stage = self.stage
        director = stage.actor(SIGNERS[agreement(AMENDED).funder])
        decision = DecideAmendment("Supported by the panel")
        amendments.approve(stage.session, director, self.contract(AMENDED), 1, decision, now=stage.now)
        self.contracting.watch(stage.session.get_one(Contract, self.contract(AMENDED)))

    def propose_waiting_amendment(self) -> None:
        """Another amendment waits for its second person."""
        self._propose(AMENDMENT_WAITS, "150000.00", 90, "Delivery of the test cells is late")

    def suspend(self) -> None:
        """Payments stop while the team is reorganised."""
        self._step(SUSPENDED, "suspend", "The principal investigator is on leave; payments wait for a successor")

    def terminate(self) -> None:
        """The partner left: the contract ends early, and what nobody owes any more is waived."""
        self._step(TERMINATED, "terminate", "The industrial partner left the project")
        stage = self.stage
        officer = stage.actor(ACCEPTORS[agreement(TERMINATED).funder])
        open_ones = select(Obligation).where(
            Obligation.contract_id == self.contract(TERMINATED), Obligation.status == ObligationStatus.DUE
        )
        for owed in stage.session.scalars(open_ones).all():
            step = ObligationStep(owed.version, "The contract was terminated")
            obligations.waive(stage.session, officer, owed.id, step, now=stage.now)

    def start_closing(self, key: str) -> None:
        """The work is done; only the final tranche can still be paid."""
        self._step(key, "start_closing", "The work is completed")

    def close(self) -> None:
        """Everything is handed in, paid and returned."""
        self._step(RESIDUE_RECEIVED, "close", "Accounts accepted, residue returned")

    def _step(self, key: str, verb: str, reason: str) -> None:
        stage = self.stage
        officers = SIGNERS if verb == "close" else ACCEPTORS
        officer = stage.actor(officers[agreement(key).funder])
        command = Step(stage.version(Contract, self.contract(key)), reason)
        steps = {
            "suspend": contracts.suspend,
            "terminate": contracts.terminate,
            "start_closing": contracts.start_closing,
            "close": contracts.close,
        }
        steps[verb](stage.session, officer, self.contract(key), command, now=stage.now)

    # Money that comes back

    def _money_back(self) -> None:
        stage = self.stage
        stage.on(self.ago(300), partial(self.interest, RESIDUE_RECEIVED, "1250.40"))
        stage.on(self.ago(150), partial(self.interest, RESIDUE_SENT, "1260.00"))
        stage.on(days.shifted(self.plans[RESIDUE_RECEIVED].last_day, 2), self.settle_accounts)
        stage.on(self.ago(112), partial(self.return_residue, RESIDUE_RECEIVED, "86400.00", "1250.40", True))
        stage.on(self.ago(9), partial(self.return_residue, RESIDUE_SENT, "", "1260.00", False))
        stage.on(self.ago(380), partial(self.return_residue, TERMINATED, "52300.00", "", True))

    def interest(self, key: str, text: str) -> None:
        """The bank credited interest on the project's account."""
        terms = agreement(key)
        line = self.line(key, None, "Interest of the half-year", text, terms.account)
        entry = Entry(terms.grantee, JournalKind.INTEREST, self.stage.day, "Interest received", (line,), terms.account)
        book(self.stage, entry)

    def settle_accounts(self) -> None:
        """On the last day the institute charges what it has advanced, up to what the final tranche will pay."""
        stage, plan = self.stage, self.plans[RESIDUE_RECEIVED]
        left = stage.world.purses[RESIDUE_RECEIVED] + plan.tranches[-1].amount.minor - 86_400 * 100
        contract, words = self.contract(RESIDUE_RECEIVED), "Advanced by the institute"
        room = Room(stage, contract, CNY)
        lines = []
        for heading in (Heading.CONSTRUCTION, Heading.SALARY, Heading.TRAVEL, Heading.COMMISSIONED_DEVELOPMENT):
            part = room.take(heading, left)
            left -= part
            if part:
                lines.append(LineCommand(contract, heading, words, Money(part, CNY)))
        entry = Entry("FBIQ", JournalKind.COST, plan.last_day, "Closing of the project's accounts", tuple(lines))
        book(stage, entry)

    def return_residue(self, key: str, grant: str, interest: str, arrives: bool) -> None:
        """One finance officer enters the return, the other confirms it; the funder's accountant sees it arrive."""
        stage, terms = self.stage, agreement(key)
        currency = terms.currency
        command = EnterResidue(
            contract=stage.world.references[key],
            from_account_id=stage.world.accounts[terms.grantee, terms.account],
            to_account_id=stage.world.accounts[terms.funder, currency],
            sent_on=stage.day,
            bank_reference=f"OUT{stage.day:%y%m%d}",
            grant_earlier_years=money(grant, currency) if grant else None,
            interest=money(interest, currency) if interest else None,
            note="Residue with its interest" if grant and interest else "",
        )
        first, second = stage.crew(terms.grantee, Role.FINANCE_OFFICER)
        row = residue_service.enter(stage.session, stage.actor(first), command, now=stage.now)
        confirmer, seen = stage.actor(second), Seen(row.version)
        sent = residue_service.confirm(stage.session, confirmer, row.reference, seen, now=stage.now)
        if arrives:
            stage.on(days.shifted(stage.day, 2), partial(self.residue_arrives, key, sent.id))

    def residue_arrives(self, key: str, row_id: UUID) -> None:
        """The funder's accountant confirms the arrival."""
        stage = self.stage
        row = stage.session.get_one(ResidueReturn, row_id)
        accountant = stage.actor(stage.crew(agreement(key).funder, Role.ACCOUNTANT)[0])
        command = ResidueArrived(row.version, stage.day, f"IN{stage.day:%y%m%d}")
        residue_service.receive(stage.session, accountant, row.reference, command, now=stage.now)

    # The exchange loss

    def _exchange_loss(self) -> None:
        for count in (520, 440, 360, 280):
            self.stage.on(self.ago(count), partial(self.spend_abroad, 60))
        self.stage.on(self.ago(190), partial(self.spend_abroad, 100))
        self.stage.on(self.ago(180), self.close_out)

    def spend_abroad(self, percent: int) -> None:
        """Spend part of the Hong Kong dollars of the renminbi contract; at the end all of them, to the cent."""
        stage = self.stage
        minor = stage.world.purses[CLOSED_OUT] * percent // 100
        if percent < 100:
            minor = minor // 1000 * 1000
        if minor <= 0:
            return
        stage.world.purses[CLOSED_OUT] -= minor
        salary, materials = Money(minor, HKD).allocate([70, 30])
        lines = (
            LineCommand(self.contract(CLOSED_OUT), Heading.LABOUR, "Project staff", salary),
            LineCommand(self.contract(CLOSED_OUT), Heading.MATERIALS, "Cement samples", materials),
        )
        book(stage, Entry("LRU", JournalKind.COST, stage.day, "Staff and materials", lines, HKD))

    def close_out(self) -> None:
        """No Hong Kong dollars are left, so what stands on the pair is a realised difference."""
        stage = self.stage
        legs = balances.pair_positions(stage.session, self.contract(CLOSED_OUT), stage.institution("LRU"), LAST_DAY)
        if legs.get(HKD) or not legs.get(CNY):
            return
        entry = Entry(
            "LRU",
            JournalKind.EXCHANGE_CLOSED_OUT,
            stage.day,
            "All Hong Kong dollars spent: the difference is realised",
            (),
            closes=self.contract(CLOSED_OUT),
        )
        book(stage, entry)

    # Other kinds of journals, and what waits today

    def _now(self) -> None:
        stage = self.stage
        for count, step in (
            (420, self.advance),
            (395, self.advance_cleared),
            (330, self.claim),
            (310, self.claim_paid),
            (290, self.supplier_refund),
            (240, self.overhead),
            (230, self.payroll),
            (215, self.sponsorship),
            (205, self.bank_fee),
            (170, self.cost_transfer),
            (120, self.disallowed),
            (100, self.mistaken),
            (40, self.asset_sale),
            (5, self.returned_journal),
            (2, self.waiting_journal),
        ):
            stage.on(self.ago(count), step, hour=12)
        stage.on(days.shifted(stage.today, -2), self.enter_new_account)
        stage.on(days.shifted(stage.today, -1), self.verify_new_account, hour=11)

    def _simple(
        self, kind: JournalKind, key: str, reason: str, text: str, heading: Heading | None = None, *, bank: bool = True
    ) -> Journal:
        terms = agreement(key)
        currency = terms.account if bank else terms.currency
        line = self.line(key, heading, reason, text, currency)
        entry = Entry(terms.grantee, kind, self.stage.day, reason, (line,), terms.account if bank else None)
        return book(self.stage, entry)

    def advance(self) -> None:
        """A deposit to a supplier."""
        self._simple(JournalKind.ADVANCE, "C08", "Deposit for the spectrometer", "48000.00")

    def advance_cleared(self) -> None:
        """The instrument arrived."""
        heading = Heading.EQUIPMENT_PURCHASE
        self._simple(JournalKind.ADVANCE_CLEARED, "C08", "Spectrometer delivered", "48000.00", heading, bank=False)

    def claim(self) -> None:
        """A claim of the team is approved."""
        self._simple(
            JournalKind.CLAIM_ACCRUED, "C11", "Conference in Shenzhen, claim", "8640.50", Heading.CONFERENCE, bank=False
        )

    def claim_paid(self) -> None:
        """The claim is paid."""
        self._simple(JournalKind.CLAIM_PAID, "C11", "Conference in Shenzhen, paid", "8640.50")

    def supplier_refund(self) -> None:
        """A supplier takes faulty goods back."""
        self._simple(JournalKind.SUPPLIER_REFUND, "C05", "Faulty actuators taken back", "12600.00", Heading.MATERIALS)

    def overhead(self) -> None:
        """The institute charges overhead."""
        self._simple(
            JournalKind.OVERHEAD_CHARGE, "C02", "Overhead of the year", "36500.00", Heading.OVERHEAD, bank=False
        )

    def payroll(self) -> None:
        """The pay office recharges salaries."""
        self._simple(
            JournalKind.PAYROLL_RECHARGE, "C04", "Recharge of the pay office", "84200.00", Heading.SALARY, bank=False
        )

    def sponsorship(self) -> None:
        """An enterprise sponsors the project in cash."""
        self._simple(JournalKind.SPONSORSHIP, "C02", "Sponsorship of an enterprise", "50000.00")

    def bank_fee(self) -> None:
        """The bank charges its yearly fee."""
        self._simple(JournalKind.BANK_CHARGE, "C05", "Yearly fee of the account", "120.00")

    def cost_transfer(self) -> None:
        """Cost booked on the wrong contract moves to the right one, in red ink and anew."""
        stage = self.stage
        wrong = self._simple(JournalKind.COST, "C11", "Measurement run", "15200.00", Heading.TESTING, bank=False)
        stage.on(days.shifted(stage.day, 12), partial(self.moved, wrong.entry_id))

    def moved(self, entry_id: int | None) -> None:
        """The transfer of what was booked on the wrong contract."""
        stage = self.stage
        words, amount = "Measurement belongs to the sister project", money("15200.00", HKD)
        line = LineCommand(self.contract("C11"), Heading.TESTING, words, amount, self.contract("C08"))
        reason = "Booked on the wrong contract"
        book(stage, Entry("LRU", JournalKind.COST_TRANSFER, stage.day, reason, (line,), moves=entry_id))

    def disallowed(self) -> None:
        """The funder does not accept an item: the enterprise bears it."""
        heading = Heading.TRAVEL
        self._simple(JournalKind.DISALLOWED, "C10", "First-class fare not accepted", "3180.00", heading, bank=False)

    def mistaken(self) -> None:
        """An entry made twice is reversed."""
        stage = self.stage
        first = self._simple(JournalKind.COST, "C15", "Masks for the second run", "21400.00", Heading.MATERIALS)
        reversal = Entry(
            "MLC", JournalKind.REVERSAL, stage.day, "Entered twice by mistake", (), reverses=first.entry_id
        )
        book(stage, reversal)

    def asset_sale(self) -> None:
        """A used instrument is sold."""
        self._simple(JournalKind.ASSET_SALE, "C07", "Sale of a used centrifuge", "9800.00")

    def returned_journal(self) -> None:
        """The accountant returns a journal of the project manager."""
        stage = self.stage
        made = self._submitted_by_manager("Taxi fares of the field team", "1860.00", Heading.TRAVEL)
        accountant = stage.actor(stage.crew("LRU", Role.ACCOUNTANT)[0])
        reason = "The receipts of 3 and 4 are missing; please attach them"
        journals.send_back(stage.session, accountant, made.id, reason, now=stage.now)

    def waiting_journal(self) -> None:
        """Another journal of the project manager waits for a second person."""
        self._submitted_by_manager("Annotation of court judgments", "24800.00", Heading.EXPERT_FEE)

    def _submitted_by_manager(self, words: str, text: str, heading: Heading) -> Journal:
        line = self.line("C11", heading, words, text, HKD)
        entry = Entry("LRU", JournalKind.COST, self.stage.day, words, (line,), HKD)
        return submit(self.stage, entry, by=self.stage.crew("LRU", Role.PROJECT_MANAGER)[0])

    def enter_new_account(self) -> None:
        """A payee changes its account while a payment waits."""
        stage, terms = self.stage, agreement(ACCOUNT_CHANGED)
        body = cast.body(terms.grantee)
        old = stage.world.accounts[terms.grantee, terms.account]
        command = replace(
            account_command(body, terms.account, NEW_NUMBER, "Research funds, new account"),
            replaces_id=old,
            change_reason="The branch moved; the bank gave new numbers",
        )
        officer = stage.actor(stage.crew(terms.grantee, Role.FINANCE_OFFICER)[0])
        entered = account_service.enter(
            stage.session, officer, stage.institution(terms.grantee), command, now=stage.now
        )
        stage.world.accounts[f"{terms.grantee} new", terms.account] = entered.id

    def verify_new_account(self) -> None:
        """A colleague verifies it: the old one is replaced, the new one cools."""
        stage, terms = self.stage, agreement(ACCOUNT_CHANGED)
        key = stage.world.accounts[f"{terms.grantee} new", terms.account]
        officer = stage.actor(stage.crew(terms.grantee, Role.FINANCE_OFFICER)[1])
        note = VerifyCommand(1, "Called back on the number in the contract file, spoke to the branch manager")
        account_service.verify(stage.session, officer, key, note, now=stage.now)
