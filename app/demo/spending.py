"""What grantees spend: journals with evidence, entered by one person and approved by another, every other month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from app.contracts import fund_control
from app.contracts.models import Contract
from app.contracts.states import ContractStatus, TermsFamily
from app.demo import days
from app.demo.agreements import CLOSED_OUT, WORKED_EXAMPLE, scheme
from app.demo.cast import body
from app.demo.papers import paper
from app.demo.plan import Plan
from app.demo.stage import Stage
from app.institutions.states import Side
from app.journals import service as journals
from app.journals.models import Journal
from app.journals.service import LineCommand, SubmitJournal
from app.journals.states import JournalKind
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading

H = Heading
USES: dict[TermsFamily, tuple[tuple[Heading, int, str], ...]] = {
    TermsFamily.MAINLAND_LUMP_SUM: (
        (H.STUDENT_STIPEND, 24, "Stipends of doctoral students"),
        (H.MATERIALS, 20, "Wafers and reagents"),
        (H.TESTING, 16, "Test runs at the shared facility"),
        (H.LABOUR, 22, "Project staff"),
        (H.TRAVEL, 8, "Working visits across the boundary"),
        (H.EQUIPMENT_LEASE, 10, "Use of the clean room"),
    ),
    TermsFamily.MAINLAND_ITEMISED: (
        (H.LABOUR, 26, "Project staff"),
        (H.MATERIALS, 24, "Materials and components"),
        (H.EQUIPMENT_PURCHASE, 26, "Instruments"),
        (H.TESTING, 14, "Testing and processing"),
        (H.MANAGEMENT_FEE, 6, "Host management fee"),
        (H.TRAVEL, 4, "Field work"),
    ),
    TermsFamily.HETAO_PARK: (
        (H.CONSTRUCTION, 38, "Fitting out of the laboratory"),
        (H.SALARY, 26, "Researchers"),
        (H.EQUIPMENT_PURCHASE, 18, "Instruments"),
        (H.MATERIALS, 10, "Materials"),
        (H.COMMISSIONED_DEVELOPMENT, 5, "Commissioned firmware"),
        (H.OVERHEAD, 3, "Indirect cost"),
    ),
    TermsFamily.ITF: (
        (H.SALARY, 44, "Research engineers"),
        (H.SOCIAL_INSURANCE, 4, "MPF and social insurance"),
        (H.EQUIPMENT_PURCHASE, 20, "Instruments"),
        (H.MATERIALS, 18, "Consumables"),
        (H.TRAVEL, 5, "Working visits"),
        (H.OVERHEAD, 9, "Administrative overhead"),
    ),
    TermsFamily.RGC_ONE_LINE_VOTE: (
        (H.SALARY, 36, "Research assistants"),
        (H.STUDENT_STIPEND, 26, "Postgraduate students"),
        (H.CONFERENCE, 8, "Conferences"),
        (H.MATERIALS, 18, "Consumables"),
        (H.PUBLICATION_AND_IP, 6, "Open access and patents"),
        (H.TESTING, 6, "Measurements"),
    ),
}
"""What each family's contracts are spent on: heading, weight, words."""

APART = frozenset({WORKED_EXAMPLE, CLOSED_OUT})
"""Contracts whose spending is a story of its own."""

EVERY = timedelta(days=61)
SHARE = 55
"""Percentage of what is on hand that is spent each time."""
LEAST = 20_000 * 100
TEN = 1_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One journal to make, with its evidence named after `name`."""

    institution: str
    kind: JournalKind
    effective_on: date
    reason: str
    lines: tuple[LineCommand, ...]
    bank_currency: Currency | None = None
    counterparty: str = ""
    reverses: int | None = None
    closes: UUID | None = None
    moves: int | None = None


def submit(stage: Stage, entry: Entry, *, by: str = "") -> Journal:
    """An accountant (or whoever is named) submits a journal with a paper as its evidence."""
    maker = by or stage.crew(entry.institution, Role.ACCOUNTANT)[1]
    account = stage.world.accounts[entry.institution, entry.bank_currency] if entry.bank_currency else None
    evidence = paper(
        f"{entry.kind.value.lower().replace('_', '-')}-{entry.effective_on}-{entry.institution}",
        entry.reason,
        *(f"{line.description}: {line.amount}" for line in entry.lines),
    )
    command = SubmitJournal(
        institution_id=stage.institution(entry.institution),
        kind=entry.kind,
        effective_on=entry.effective_on,
        reason=entry.reason,
        counterparty=entry.counterparty,
        bank_account_id=account,
        negative_list_declared=True,
        lines=entry.lines,
        evidence=evidence,
        reverses_entry_id=entry.reverses,
        closes_contract_id=entry.closes,
        moves_entry_id=entry.moves,
    )
    return journals.submit(stage.session, stage.actor(maker), command, now=stage.now)


def approve(stage: Stage, institution: str, journal_id: UUID, *, by: str = "") -> Journal:
    """The other accountant (or whoever is named) approves it, which posts it."""
    checker = by or stage.crew(institution, Role.ACCOUNTANT)[0]
    return journals.approve(stage.session, stage.actor(checker), journal_id, now=stage.now)


def book(stage: Stage, entry: Entry) -> Journal:
    """Submit and approve, by two people."""
    made = submit(stage, entry)
    return approve(stage, entry.institution, made.id)


def place(institution: str) -> str:
    """Where an institution spends."""
    return body(institution).side.value


class Room:
    """What a contract's limits leave for one journal; each taking leaves less for the next."""

    def __init__(self, stage: Stage, contract_id: UUID, currency: Currency) -> None:
        """`currency` is what is paid in; where it is another than the contract's a tenth is kept for the rate."""
        contract = stage.session.get_one(Contract, contract_id)
        standings = fund_control.standings(stage.session, contract, stage.now.date())
        tenths = 10 if currency == contract.currency else 9
        self.left = [(each.headings, each.left.minor * tenths // 10) for each in standings if each.binds]

    def take(self, heading: Heading, minor: int) -> int:
        """As much of `minor` as every limit on the heading still leaves, never below nil."""
        taken = max(0, min([minor, *(left for headings, left in self.left if heading in headings)]))
        self.left = [(headings, left - taken if heading in headings else left) for headings, left in self.left]
        return taken


class Spending:
    """Regular spending of every grantee out of each of its accounts."""

    def __init__(self, stage: Stage, plans: Sequence[Plan]) -> None:
        """Put the journals of the two years on the agenda."""
        self.stage = stage
        self.plans = [plan for plan in plans if plan.agreement.key not in APART and plan.payments]
        accounts = dict.fromkeys((plan.agreement.grantee, plan.agreement.account) for plan in self.plans)
        for phase, (institution, currency) in enumerate(accounts):
            day = stage.first_day + timedelta(days=64 + 5 * phase)
            count = 0
            while day < stage.today - timedelta(days=12):
                stage.on(
                    days.shifted(day, 2), partial(self.spend, institution, currency, days.working(day), count), hour=16
                )
                day += EVERY
                count += 1

    def spend(self, institution: str, currency: Currency, on: date, count: int) -> None:
        """One journal over all contracts that have money on this account."""
        lines: list[LineCommand] = []
        for plan in self.plans:
            if (plan.agreement.grantee, plan.agreement.account) == (institution, currency):
                lines += self._lines(plan, on, count)
        if not lines:
            return
        month = f"{on:%B %Y}"
        entry = Entry(
            institution,
            JournalKind.COST,
            on,
            f"Payroll, purchases and charges up to {month}",
            tuple(lines),
            currency,
            "Staff and suppliers, as listed",
        )
        book(self.stage, entry)

    def _lines(self, plan: Plan, on: date, count: int) -> list[LineCommand]:
        key = plan.agreement.key
        purse = self.stage.world.purses.get(key, 0)
        if purse < LEAST or not self._takes_cost(plan, on):
            return []
        uses = USES[scheme(plan.agreement.scheme).family]
        chosen = [uses[(2 * count + n) % len(uses)] for n in range(3)]
        whole = purse * SHARE // 100
        weights = sum(weight for _heading, weight, _words in chosen)
        room = Room(self.stage, self.stage.world.contracts[key], plan.agreement.account)
        lines = []
        for heading, weight, words in chosen:
            minor = room.take(heading, whole * weight // weights) // TEN * TEN
            if not minor:
                continue
            self.stage.world.purses[key] -= minor
            lines.append(
                LineCommand(
                    self.stage.world.contracts[key],
                    heading,
                    words,
                    Money(minor, plan.agreement.account),
                    place_of_spend=place(plan.agreement.grantee),
                )
            )
        return lines

    def _takes_cost(self, plan: Plan, on: date) -> bool:
        ended = plan.agreement.status is ContractStatus.TERMINATED and on > self.stage.today - timedelta(days=420)
        return plan.first_day <= on <= plan.last_day and not ended


def side_of(institution: str) -> Side:
    """The side an institution stands on."""
    return body(institution).side
