"""Projects and contracts: registered, drafted, signed, activated; what is owed is handed in and accepted in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from functools import partial
from uuid import UUID

from app.budgets.commands import BudgetItem
from app.contracts import obligations, service as contracts
from app.contracts.commands import ConfirmCondition, DraftContract, ObligationStep, Sign, Step
from app.contracts.models import Contract, Obligation
from app.contracts.states import ContractStatus, FundingMode, ObligationKind, TrancheCondition
from app.demo import days
from app.demo.agreements import (
    OVERDUE,
    QUERIED_REPORT,
    RESIDUE_SENT,
    STUDIES,
    SUBMITTED_REPORT,
    Study,
    scheme,
)
from app.demo.cast import body, player
from app.demo.papers import paper
from app.demo.plan import Plan
from app.demo.stage import Stage
from app.institutions.states import Side
from app.kernel.actor import Role
from app.kernel.money import Money
from app.projects import service as projects
from app.projects.commands import AddMember, RegisterProject
from app.projects.states import Confidentiality, TeamRole

PARTNERS = {"LRU": "ip.chi.hang", "TOLO": "fung.yat.long", "STAR": "ko.shun.hei", "FBIQ": "zhou.yun"} | {
    "LHU": "liang.zixuan",
    "MLC": "nie.chuan",
}
"""Who leads a project's part at an institution that is not the principal investigator's own."""

DRAFTERS = {"QTSF": ("chen.siyu", "zhou.minghao"), "HRT": ("wong.mei.yee", "wong.mei.yee")}
SIGNERS = {"QTSF": "sun.wei", "HRT": "lam.ching"}
ACCEPTORS = {"QTSF": "li.jianhua", "HRT": "ho.kwok.leung"}

IN_TIME = timedelta(days=12)
"""How long before its due date a report is handed in."""


class Contracting:
    """The life of all contracts but their payments."""

    def __init__(self, stage: Stage, plans: Sequence[Plan]) -> None:
        """Put projects and contracts on the agenda."""
        self.stage = stage
        self.plans = {plan.agreement.key: plan for plan in plans}
        self._watched: set[UUID] = set()
        for study in STUDIES:
            mine = [plan for plan in plans if plan.agreement.study == study.key]
            begins = min(plan.first_day for plan in mine) - timedelta(days=18)
            stage.on(
                max(days.working(stage.first_day), min(begins, stage.today - timedelta(days=9))),
                partial(self.register, study, mine),
                hour=11,
            )
        for plan in plans:
            self._put(plan)

    def _put(self, plan: Plan) -> None:
        stage, status = self.stage, plan.agreement.status
        if status is ContractStatus.DRAFT:
            stage.on(days.shifted(stage.today, -3), partial(self.draft, plan), hour=14)
            return
        stage.on(days.shifted(plan.first_day, -9), partial(self.draft, plan))
        stage.on(days.shifted(plan.first_day, -5), partial(self.commit, plan))
        stage.on(days.shifted(plan.first_day, -1), partial(self.sign, plan), hour=15)
        if status is not ContractStatus.SIGNED:
            stage.on(days.shifted(plan.first_day, 0), partial(self.activate, plan), hour=9)
        for number, tranche in enumerate(plan.tranches, 1):
            if tranche.condition is TrancheCondition.MILESTONE:
                stage.on(
                    days.shifted(tranche.due_on, -2),
                    partial(self.milestone, plan, number),
                )

    def register(self, study: Study, plans: Sequence[Plan]) -> None:
        """Register a project with everybody who takes part, and a leader on each side."""
        stage = self.stage
        funders = list(dict.fromkeys(plan.agreement.funder for plan in plans))
        grantees = list(dict.fromkeys(plan.agreement.grantee for plan in plans))
        home = player(study.pi).institution
        parties = tuple(stage.institution(code) for code in dict.fromkeys([*funders, home, *grantees]))
        officer = stage.actor(DRAFTERS[funders[0]][0])
        command = RegisterProject(
            title_en=study.title_en,
            first_day=min(plan.first_day for plan in plans),
            last_day=max(plan.last_day for plan in plans),
            institution_id=stage.institution(funders[0]),
            title_zh_hant=study.title_zh_hant,
            title_zh_hans=study.title_zh_hans,
            abstract=f"{study.title_en}: joint work of teams in Shenzhen and Hong Kong (demonstration).",
            confidentiality=Confidentiality.INTERNAL.value,
            party_ids=parties,
            lead_id=stage.institution(home),
            pi_id=stage.world.people[study.pi],
            pi_institution_id=stage.institution(home),
        )
        project = projects.register(stage.session, officer, command, now=stage.now)
        stage.world.projects[study.key] = project.id
        for code in dict.fromkeys([home, *grantees]):
            if code != home:
                self._join(project.id, DRAFTERS[funders[0]][0], PARTNERS[code], code, TeamRole.PRINCIPAL_INVESTIGATOR)
            manager = stage.crew(code, Role.PROJECT_MANAGER)[0]
            self._join(project.id, DRAFTERS[funders[0]][0], manager, code, TeamRole.PROJECT_MANAGER)

    def _join(self, project_id: UUID, by: str, key: str, code: str, role: TeamRole) -> None:
        stage = self.stage
        command = AddMember(stage.world.people[key], stage.institution(code), role)
        projects.add_member(stage.session, stage.actor(by), project_id, command, now=stage.now)

    def draft(self, plan: Plan) -> None:
        """Draft the contract; where the terms ask for it, keep the minutes of the collective decision."""
        stage, agreement = self.stage, plan.agreement
        drafter = stage.actor(DRAFTERS[agreement.funder][0])
        made = contracts.draft(stage.session, drafter, self._command(plan), now=stage.now)
        stage.world.contracts[agreement.key] = made.id
        stage.world.references[agreement.key] = made.reference
        stage.world.purses[agreement.key] = 0
        if scheme(agreement.scheme).minutes:
            minutes = paper(f"minutes-{made.reference}", "Minutes of the collective decision", made.reference)
            contracts.keep_minutes(stage.session, drafter, made.id, minutes, now=stage.now)

    def _command(self, plan: Plan) -> DraftContract:
        stage, agreement = self.stage, plan.agreement
        terms = scheme(agreement.scheme)
        mainland = body(agreement.funder).side is Side.SZ
        return DraftContract(
            project_id=stage.world.projects[agreement.study],
            programme_id=stage.world.programmes[terms.code],
            grantee_id=stage.institution(agreement.grantee),
            pocket_id=stage.world.pockets[agreement.sub_fund, agreement.currency],
            funding_mode=terms.mode,
            currency=agreement.currency,
            amount=plan.amount,
            first_day=plan.first_day,
            last_day=plan.last_day,
            tranches=plan.tranches,
            budget=_budget(plan),
            grantee_account_id=stage.world.accounts[agreement.grantee, agreement.account],
            purpose=agreement.purpose,
            agreement_number=f"{terms.code}-{plan.first_day.year}-{agreement.key[1:]}",
            governing_law="Mainland China" if mainland else "Hong Kong",
            dispute_forum=(
                "Shenzhen Court of International Arbitration"
                if mainland
                else "Hong Kong International Arbitration Centre"
            ),
            budget_rate=Decimal("0.92") if agreement.account is not agreement.currency else None,
            negative_list_declared=True,
        )

    def commit(self, plan: Plan) -> None:
        """Under a lump sum the grantee's finance officer uploads the signed commitment letter."""
        if scheme(plan.agreement.scheme).mode is not FundingMode.LUMP_SUM:
            return
        stage, agreement = self.stage, plan.agreement
        officer = stage.actor(stage.crew(agreement.grantee, Role.FINANCE_OFFICER)[0])
        letter = paper(
            f"commitment-{agreement.key}",
            "Letter of commitment",
            f"{body(agreement.grantee).name_en} answers for the truth of the final account.",
        )
        key = stage.world.contracts[agreement.key]
        contracts.keep_commitment_letter(stage.session, officer, key, letter, now=stage.now)

    def sign(self, plan: Plan) -> None:
        """A director who did not draft it signs: its amount is held, and what will be owed is written down."""
        stage, agreement = self.stage, plan.agreement
        signer = stage.actor(SIGNERS[agreement.funder])
        key = stage.world.contracts[agreement.key]
        command = Sign(stage.version(Contract, key))
        contract = contracts.sign(stage.session, signer, key, command, now=stage.now)
        self.watch(contract)

    def activate(self, plan: Plan) -> None:
        """Payments may begin."""
        stage, agreement = self.stage, plan.agreement
        key = stage.world.contracts[agreement.key]
        officer = stage.actor(ACCEPTORS[agreement.funder])
        contracts.activate(stage.session, officer, key, Step(stage.version(Contract, key)), now=stage.now)

    def milestone(self, plan: Plan, number: int) -> None:
        """An officer confirms the milestone."""
        stage, agreement = self.stage, plan.agreement
        command = ConfirmCondition(stage.day, "Panel report of the site visit")
        officer = stage.actor(ACCEPTORS[agreement.funder])
        key = stage.world.contracts[agreement.key]
        contracts.confirm_condition(stage.session, officer, key, number, command, now=stage.now)

    def watch(self, contract: Contract) -> None:
        """Put on the agenda when each thing owed is handed in and accepted, with the story's exceptions."""
        key = next(k for k, value in self.stage.world.contracts.items() if value == contract.id)
        plan = self.plans[key]
        for owed in contract.obligations:
            if owed.id in self._watched:
                continue
            self._watched.add(owed.id)
            self._owed(plan, owed)

    def _owed(self, plan: Plan, owed: Obligation) -> None:
        stage, key, today = self.stage, plan.agreement.key, self.stage.today
        owed_id, kind, due = owed.id, ObligationKind(owed.kind), owed.due_on
        ends = plan.agreement.status is ContractStatus.TERMINATED
        if due > today + timedelta(days=14) or (ends and due > today - timedelta(days=390)):
            return
        progress = kind is ObligationKind.PROGRESS_REPORT
        if key == OVERDUE and progress and due < today:
            return
        if key in (SUBMITTED_REPORT, QUERIED_REPORT) and progress and due > today - timedelta(days=2):
            stage.on(days.shifted(today, -4), partial(self.hand_in, plan, owed_id))
            if key == QUERIED_REPORT:
                stage.on(days.shifted(today, -1), partial(self.ask_back, plan, owed_id))
            return
        if key == RESIDUE_SENT and kind is ObligationKind.RESIDUE:
            stage.on(days.shifted(today, -6), partial(self.hand_in, plan, owed_id))
            return
        if due > today + timedelta(days=3):
            return
        handed_in = days.shifted(due - IN_TIME, 0)
        stage.on(handed_in, partial(self.hand_in, plan, owed_id), hour=14)
        stage.on(days.shifted(handed_in, 4), partial(self.accept, plan, owed_id), hour=15)

    def hand_in(self, plan: Plan, owed_id: UUID) -> None:
        """The grantee's project manager hands in what is owed."""
        stage = self.stage
        owed = stage.session.get_one(Obligation, owed_id)
        manager = stage.actor(stage.crew(plan.agreement.grantee, Role.PROJECT_MANAGER)[0])
        reference = stage.world.references[plan.agreement.key]
        file = paper(f"{owed.kind.lower()}-{reference}", owed.title, reference, f"Due on {owed.due_on}")
        step = ObligationStep(owed.version, "Handed in by the project office")
        obligations.submit(stage.session, manager, owed_id, step, file, now=stage.now)

    def accept(self, plan: Plan, owed_id: UUID) -> None:
        """The funder accepts it."""
        stage = self.stage
        officer = stage.actor(ACCEPTORS[plan.agreement.funder])
        step = ObligationStep(stage.version(Obligation, owed_id), "Complete and in order")
        obligations.accept(stage.session, officer, owed_id, step, now=stage.now)

    def ask_back(self, plan: Plan, owed_id: UUID) -> None:
        """The funder asks back."""
        stage = self.stage
        officer = stage.actor(ACCEPTORS[plan.agreement.funder])
        step = ObligationStep(stage.version(Obligation, owed_id), "Which of the two test series does table 3 show?")
        obligations.query(stage.session, officer, owed_id, step, now=stage.now)


def _budget(plan: Plan) -> tuple[BudgetItem, ...]:
    """The approved budget by the family's rows; empty where only the total counts."""
    rows = scheme(plan.agreement.scheme).budget
    parts: tuple[Money, ...] = plan.amount.allocate([weight for _row, weight in rows]) if rows else ()
    return tuple(BudgetItem(row, amount) for (row, _weight), amount in zip(rows, parts, strict=True))
