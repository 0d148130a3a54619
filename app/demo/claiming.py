"""Expense claims of the story: one paid, one checked with a line that came back, one that waits, one still a draft."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

from app.claims import deciding, paying, queries, service
from app.claims.commands import (
    AddLine,
    AddReceipts,
    CheckClaim,
    LineValues,
    LineVerdict,
    PayClaim,
    SaveLine,
    Seen,
    StartClaim,
    SubmitClaim,
)
from app.claims.models import Claim
from app.claims.states import LineKind, Place, Verdict
from app.demo import days
from app.demo.papers import paper
from app.demo.stage import Stage, Step
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading

AT = "LRU"
SZETO, IP = "szeto.lok.man", "ip.chi.hang"
CNY, HKD = Currency.CNY, Currency.HKD
Spent = tuple[str, str, Currency, Heading, Place]
"""Seller, amount, currency, heading and place of one receipt."""


class Claiming:
    """Puts the claims of one university on the agenda."""

    def __init__(self, stage: Stage) -> None:
        """Everything happens within the last seven weeks."""
        self.stage = stage
        self.claims: dict[str, str] = {}
        self._minute = 0
        conference = (
            ("Cross-boundary Rail", "486.00", HKD, Heading.TRAVEL, Place.HK),
            ("Nanshan Conference Centre", "1280.00", CNY, Heading.CONFERENCE, Place.SZ),
        )
        self._on(45, partial(self.submit, "conference", SZETO, "C11", "Conference in Shenzhen, two days", conference))
        self._on(43, partial(self.check, "conference", ()))
        self._on(43, partial(self.approve, "conference"))
        self._on(40, partial(self.pay, "conference"))
        measurements = (
            ("Crossing Star Electronics", "4380.00", HKD, Heading.MATERIALS, Place.HK),
            ("Shun Fung Express", "126.00", HKD, Heading.TESTING, Place.HK),
            ("Futian Laboratory Supplies", "830.00", CNY, Heading.MATERIALS, Place.SZ),
        )
        purpose = "Fibre couplers for the loop measurement"
        self._on(5, partial(self.submit, "measurements", IP, "C01", purpose, measurements))
        self._on(3, partial(self.check, "measurements", (2,)))
        visit = (
            ("Shenzhen Bay Coach", "286.00", CNY, Heading.TRAVEL, Place.SZ),
            ("Harbour Taxi", "148.50", HKD, Heading.TRAVEL, Place.HK),
        )
        self._on(1, partial(self.submit, "visit", SZETO, "C11", "Working visit to the partner", visit))
        self._on(1, self.draft)

    def _on(self, ago: int, step: Step) -> None:
        day = days.worked(self.stage.today - timedelta(days=ago))
        self.stage.on(day, step, hour=15, minute=self._minute)
        self._minute += 5

    def submit(self, key: str, by: str, contract: str, purpose: str, receipts: tuple[Spent, ...]) -> None:
        """The principal investigator claims the receipts of the days before."""
        claim = self._started(by, contract, purpose, receipts)
        self.claims[key] = claim.reference
        command = SubmitClaim(claim.version, declared=True, negative_list_declared=True)
        service.submit(self.stage.session, self.stage.actor(by), claim.reference, command, now=self.stage.now)

    def _started(self, by: str, contract: str, purpose: str, receipts: tuple[Spent, ...]) -> Claim:
        stage, actor = self.stage, self.stage.actor(by)
        files = tuple(paper(f"receipt-{stage.day}-{seller}", seller, amount) for seller, amount, *_rest in receipts)
        command = StartClaim(stage.world.contracts[contract], purpose, receipts=files)
        claim = service.start(stage.session, actor, command, now=stage.now)
        spent_on = days.worked(stage.day - timedelta(days=1))
        for number, receipt in enumerate(receipts, 1):
            values = SaveLine(claim.lines[number - 1].version, self._values(receipt, purpose, spent_on, actor.name))
            service.save_line(stage.session, actor, claim.reference, number, values, now=stage.now)
        return claim

    def _values(self, receipt: Spent, purpose: str, on: date, who: str) -> LineValues:
        seller, amount, currency, heading, place = receipt
        return LineValues(
            cost_on=on,
            heading=heading,
            place=place,
            who=who,
            purpose=purpose,
            currency=currency,
            amount=Money.parse(amount, currency),
            seller=seller,
        )

    def check(self, key: str, asked: tuple[int, ...]) -> None:
        """The first finance officer looks at each line; some need details."""
        stage, officer = self.stage, self._officer(0)
        claim = self._claim(key)
        verdicts = tuple(
            LineVerdict(line.number, Verdict.NEEDS_DETAILS, "What was sent, and to whom?")
            if line.number in asked
            else LineVerdict(line.number, Verdict.OKAY)
            for line in claim.lines
        )
        command = CheckClaim(claim.version, verdicts)
        deciding.check_lines(stage.session, officer, claim.reference, command, now=stage.now)

    def approve(self, key: str) -> None:
        """Within their authority the same officer approves it."""
        stage, claim = self.stage, self._claim(key)
        deciding.approve(stage.session, self._officer(0), claim.reference, Seen(claim.version), now=stage.now)

    def pay(self, key: str) -> None:
        """The other finance officer pays it."""
        stage, claim = self.stage, self._claim(key)
        account = stage.world.accounts[AT, HKD]
        command = PayClaim(claim.version, account, stage.day, f"FPS{stage.day:%y%m%d}")
        paying.pay(stage.session, self._officer(1), claim.reference, command, now=stage.now)

    def draft(self) -> None:
        """A draft with two receipts, of which one is answered, and a daily allowance."""
        stage, actor = self.stage, self.stage.actor(IP)
        done: Spent = ("Nanshan Precision Tools", "352.00", CNY, Heading.MATERIALS, Place.SZ)
        claim = self._started(IP, "C01", "Alignment of the second node", (done,))
        photo = (paper(f"receipt-{stage.day}-photo", "A receipt that is hard to read"),)
        service.add_receipts(stage.session, actor, claim.reference, AddReceipts(photo), now=stage.now)
        allowance = LineValues(cost_on=days.worked(stage.day - timedelta(days=1)), place=Place.SZ)
        line = AddLine(LineKind.PER_DIEM, allowance)
        service.add_line(stage.session, actor, claim.reference, line, now=stage.now)

    def _officer(self, number: int) -> Actor:
        return self.stage.actor(self.stage.crew(AT, Role.FINANCE_OFFICER)[number])

    def _claim(self, key: str) -> Claim:
        actor = self._officer(0)
        return queries.visible_claim(self.stage.session, actor, self.claims[key])
