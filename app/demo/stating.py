"""Statements of the story: one corrected and accepted, so that its first version is superseded, and one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from app.contracts import queries as contracts
from app.demo import days
from app.demo.agreements import CLOSED_OUT, WORKED_EXAMPLE, agreement
from app.demo.contracting import ACCEPTORS
from app.demo.papers import paper
from app.demo.plan import Plan
from app.demo.stage import Stage
from app.kernel.actor import Actor, Role
from app.settings import settings
from app.signing.keys import test_authority
from app.signing.signing import TestHand
from app.statements import filing, queries, service
from app.statements.filing import AddAuditorsReport
from app.statements.models import Statement
from app.statements.service import Certify, Issuing, PrepareStatement, Step
from app.statements.states import Capacity, Engagement
from reports import income_and_expenditure

ADDRESS = "http://localhost:8000"
HEAD_POST = "Director of Finance, delegate of the President"


class Stating:
    """Puts the life of three statements of one grantee on the agenda."""

    def __init__(self, stage: Stage, plans: Sequence[Plan]) -> None:
        """Statement A of a contract whose money is spent, twice; and one of the worked example that can be issued."""
        self.stage = stage
        self.plans = {plan.agreement.key: plan for plan in plans}
        self.numbers: dict[str, str] = {}
        first, second = self._ago(140), self._ago(120)
        last_day = stage.today - timedelta(days=165)
        stage.on(first, partial(self.prepare, CLOSED_OUT, last_day), hour=9, minute=0)
        self._certify(CLOSED_OUT, first)
        stage.on(first, partial(self.issue, CLOSED_OUT), hour=16, minute=0)
        stage.on(second, self.correct, hour=9, minute=0)
        self._certify(CLOSED_OUT, second)
        stage.on(second, partial(self.issue, CLOSED_OUT), hour=16, minute=0)
        stage.on(self._ago(112), self.audit, hour=11, minute=0)
        stage.on(self._ago(110), self.file, hour=11, minute=0)
        stage.on(self._ago(103), self.accept, hour=11, minute=0)
        yesterday = days.shifted(stage.today, -1)
        stage.on(yesterday, partial(self.prepare, WORKED_EXAMPLE, stage.today - timedelta(days=12)), hour=9, minute=0)
        self._certify(WORKED_EXAMPLE, yesterday)

    def _ago(self, count: int) -> date:
        return days.working(self.stage.today - timedelta(days=count))

    def _certify(self, key: str, day: date) -> None:
        for hour, capacity in enumerate(Capacity, 10):
            self.stage.on(day, partial(self.certify, key, capacity), hour=hour, minute=0)

    def _row(self, key: str) -> Statement:
        found = queries.by_reference(self.stage.session, self.numbers[key])
        if found is None:
            raise AssertionError("the story prepared it")
        return found

    def _officer(self, key: str, place: int = 0) -> Actor:
        return self.stage.actor(self.stage.crew(agreement(key).grantee, Role.FINANCE_OFFICER)[place])

    def _leader(self, key: str) -> Actor:
        """Whoever leads the project at the grantee."""
        stage = self.stage
        contract = contracts.by_id(stage.session, stage.world.contracts[key])
        leading = queries.leaders(stage.session, contract, stage.day)[0]
        return stage.actor(next(name for name, person in stage.world.people.items() if person == leading))

    def prepare(self, key: str, last_day: date) -> None:
        """The finance officer prepares it from the contract's first day."""
        stage = self.stage
        command = PrepareStatement(
            stage.world.references[key], income_and_expenditure.NAME, self.plans[key].first_day, last_day
        )
        made = service.prepare(stage.session, self._officer(key), command, now=stage.now)
        self.numbers[key] = made.reference

    def certify(self, key: str, capacity: Capacity) -> None:
        """The finance officer, the leader of the project, and a second finance officer for the head."""
        row = self._row(key)
        leader = capacity is Capacity.USE_OF_FUNDS
        signer = self._leader(key) if leader else self._officer(key, 1 if capacity is Capacity.HEAD else 0)
        post = HEAD_POST if capacity is Capacity.HEAD else ""
        command = Certify(row.version, capacity, post)
        service.certify(self.stage.session, signer, row.reference, command, now=self.stage.now)

    def issue(self, key: str) -> None:
        """It is frozen."""
        row, stage = self._row(key), self.stage
        by = Issuing(ADDRESS, TestHand(test_authority(settings())))
        service.issue(stage.session, self._officer(key), row.reference, Step(row.version), by, now=stage.now)

    def correct(self) -> None:
        """A new version, because the first one ended before the audit's queries were settled."""
        row, stage = self._row(CLOSED_OUT), self.stage
        step = Step(row.version, "Names of the headings as the funder's circular of May asks")
        made = service.correct(stage.session, self._officer(CLOSED_OUT), row.reference, step, now=stage.now)
        self.numbers[CLOSED_OUT] = made.reference

    def audit(self) -> None:
        """The auditor binds the firm's own signed report."""
        row, stage = self._row(CLOSED_OUT), self.stage
        auditor = stage.actor(stage.crew(agreement(CLOSED_OUT).grantee, Role.AUDITOR)[0])
        report = paper(f"auditors-report-{row.reference}", "Independent auditor's report", row.reference)
        command = AddAuditorsReport(row.version, Engagement.HKSA_805, report)
        filing.add_auditors_report(stage.session, auditor, row.reference, command, now=stage.now)

    def file(self) -> None:
        """It goes to the funder."""
        row, stage = self._row(CLOSED_OUT), self.stage
        officer = self._officer(CLOSED_OUT)
        filing.file(stage.session, officer, row.reference, Step(row.version), now=stage.now)

    def accept(self) -> None:
        """The funder's officer accepts it."""
        row, stage = self._row(CLOSED_OUT), self.stage
        officer = stage.actor(ACCEPTORS[agreement(CLOSED_OUT).funder])
        filing.accept(stage.session, officer, row.reference, Step(row.version, "Complete"), now=stage.now)
