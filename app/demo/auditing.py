"""Auditors of the story: one engagement granted and worked in, with a locked sample and a question; one that waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.demo import days
from app.demo.agreements import CLOSED_OUT, WORKED_EXAMPLE, agreement
from app.demo.cast import player
from app.demo.papers import paper
from app.demo.plan import Plan
from app.demo.stage import Stage
from app.engagements import asking, queries, samples, service
from app.engagements.asking import Ask
from app.engagements.samples import DrawSample, LockSample
from app.engagements.service import ProposeEngagement, Step
from app.engagements.states import LineClass
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people.models import Person
from app.projects.models import Project
from app.sampling import Method
from app.statements import queries as statements
from app.statements.states import Engagement as EngagementKind

AUDITORS = ("kwan.ho.ming", "hung.lok")
"""One audits for the institutions too; the other holds no right but at the firm, and enters by the engagement alone."""

SEED = "2f1c9a40d7e35b68"
ACCESS = timedelta(days=120)


class Auditing:
    """Puts two engagements on the agenda."""

    def __init__(self, stage: Stage, plans: Sequence[Plan]) -> None:
        """The contract whose money is spent is audited; for the worked example an audit is proposed."""
        self.stage = stage
        self.first_days = {plan.agreement.key: plan.first_day for plan in plans}
        self.numbers: dict[str, str] = {}
        last_day = stage.today - timedelta(days=1)
        stage.on(self._ago(21), partial(self.propose, CLOSED_OUT, last_day), hour=9, minute=30)
        stage.on(self._ago(20), self.grant, hour=11, minute=30)
        stage.on(self._ago(9), self.draw, hour=10, minute=30)
        stage.on(self._ago(8), self.ask, hour=15, minute=30)
        stage.on(days.shifted(stage.today, -1), partial(self.propose, WORKED_EXAMPLE, last_day), hour=16, minute=30)

    def _ago(self, count: int) -> date:
        return days.working(self.stage.today - timedelta(days=count))

    def _officer(self, key: str, place: int = 0) -> Actor:
        return self.stage.actor(self.stage.crew(agreement(key).funder, Role.GRANT_OFFICER)[place])

    def _contract(self, key: str) -> Contract:
        return contracts.by_id(self.stage.session, self.stage.world.contracts[key])

    def propose(self, key: str, last_day: date) -> None:
        """An officer of the funder proposes it with the firm's letter."""
        stage, contract = self.stage, self._contract(key)
        project = stage.session.get_one(Project, contract.project_id)
        command = ProposeEngagement(
            project.reference,
            (contract.reference,),
            EngagementKind.HKSA_805,
            self.first_days[key],
            min(last_day, stage.day),
            "\n".join(player(each).email for each in AUDITORS),
            stage.today + ACCESS,
            paper(f"letter-of-engagement-{contract.reference}", "Letter of engagement", contract.reference),
            "Statement of income and expenditure",
        )
        made = service.propose(stage.session, self._officer(key), command, now=stage.now)
        self.numbers[key] = made.reference

    def grant(self) -> None:
        """Another officer grants it."""
        stage, officer = self.stage, self._officer(CLOSED_OUT, 1)
        number = self.numbers[CLOSED_OUT]
        version = queries.visible(stage.session, officer, number).engagement.version
        service.grant(stage.session, officer, number, Step(version), now=stage.now)

    def draw(self) -> None:
        """The auditor draws a sample of the costs and locks it."""
        stage, auditor, contract = self.stage, self.stage.actor(AUDITORS[0]), self._contract(CLOSED_OUT)
        currency = Currency(contract.currency)
        command = DrawSample(
            Method.MONETARY_UNIT,
            SEED,
            currency,
            Decimal(95),
            Money.parse("100000.00", currency),
            contract=contract.reference,
            line_class=LineClass.COST,
        )
        number = self.numbers[CLOSED_OUT]
        drawn = samples.draw_first(stage.session, auditor, number, command, now=stage.now)
        samples.lock(stage.session, auditor, number, drawn.number, LockSample(drawn.version), now=stage.now)

    def ask(self) -> None:
        """The auditor asks the leader of the project about a line of the sample."""
        stage, auditor, contract = self.stage, self.stage.actor(AUDITORS[0]), self._contract(CLOSED_OUT)
        number = self.numbers[CLOSED_OUT]
        room = queries.entered(stage.session, auditor, number, stage.day).engagement
        entry_id = queries.sample(stage.session, room.id, 1).items[0].entry_id
        leader = stage.session.get_one(Person, statements.leaders(stage.session, contract, stage.day)[0])
        question = Ask(
            leader.id,
            "Who worked on this, and where is the time sheet kept?",
            stage.today + timedelta(days=5),
            entry_id,
        )
        asking.ask(stage.session, auditor, number, question, now=stage.now)
