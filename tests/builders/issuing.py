"""Builders of signed statements: a draft of the worked example, and each step of its life, by the people concerned."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.contracts import obligations
from app.contracts.commands import AddObligation
from app.contracts.models import Obligation
from app.contracts.states import ObligationKind
from app.demo.papers import paper
from app.kernel.actor import Actor, Role
from app.statements import filing, service
from app.statements.filing import AddAuditorsReport
from app.statements.models import Statement
from app.statements.service import Certify, Issuing, PrepareStatement, Step
from app.statements.states import Capacity, Engagement
from tests.builders import payments, signing
from tests.builders.payments import NOW, PaymentWorld

FIRST_DAY, LAST_DAY = date(2025, 9, 1), date(2026, 11, 20)
ADDRESS = "http://localhost:8000"
OPINION = paper("signed-report", "Independent auditor's report")
HEAD_POST = "Director of Finance, delegate of the President"


def by() -> Issuing:
    """Issues with a test signature."""
    return Issuing(ADDRESS, signing.hand())


def obligation(
    session: Session, made: PaymentWorld, kind: ObligationKind = ObligationKind.YEARLY_STATEMENT
) -> Obligation:
    """Something the contract asks for that a statement can answer."""
    command = AddObligation(kind, "Yearly statement", date(2026, 12, 31), blocks_tranche=False)
    return obligations.add(session, made.maker, made.contract.id, command, now=NOW)


def prepared(
    session: Session,
    made: PaymentWorld,
    owed: Obligation | None = None,
    *,
    report: str = "income-and-expenditure",
    last_day: date = LAST_DAY,
    now: datetime = NOW,
) -> Statement:
    """A draft by the finance officer."""
    command = PrepareStatement(made.contract.reference, report, FIRST_DAY, last_day, owed.id if owed else None)
    return service.prepare(session, made.finance, command, now=now)


def certify(session: Session, actor: Actor, row: Statement, capacity: Capacity, *, now: datetime = NOW) -> Statement:
    """One certificate."""
    post = HEAD_POST if capacity is Capacity.HEAD else ""
    return service.certify(session, actor, row.reference, Certify(row.version, capacity, post), now=now)


def certify_all(session: Session, made: PaymentWorld, row: Statement, *, now: datetime = NOW) -> Statement:
    """The three certificates by the finance officer, the leader of the project, and another finance officer."""
    certify(session, made.finance, row, Capacity.PREPARED, now=now)
    certify(session, made.leader, row, Capacity.USE_OF_FUNDS, now=now)
    return certify(session, made.other_finance, row, Capacity.HEAD, now=now)


def certified(session: Session, made: PaymentWorld, owed: Obligation | None = None) -> Statement:
    """Certified by three people."""
    return certify_all(session, made, prepared(session, made, owed))


def issue(session: Session, made: PaymentWorld, row: Statement, *, now: datetime = NOW) -> Statement:
    """Freeze it."""
    return service.issue(session, made.finance, row.reference, Step(row.version), by(), now=now)


def issued(session: Session, made: PaymentWorld, owed: Obligation | None = None) -> Statement:
    """Issued, with its files."""
    return issue(session, made, certified(session, made, owed))


def auditor(session: Session, made: PaymentWorld) -> Actor:
    """An auditor whose scope is the grantee."""
    return payments.someone(session, "Kwan Ho-ming", Role.AUDITOR, made.grantee)


def audit(session: Session, actor: Actor, row: Statement) -> Statement:
    """Bind the auditor's report."""
    command = AddAuditorsReport(row.version, Engagement.HKSA_800, OPINION)
    return filing.add_auditors_report(session, actor, row.reference, command, now=NOW)


def file(session: Session, made: PaymentWorld, row: Statement) -> Statement:
    """File it with the funder."""
    return filing.file(session, made.finance, row.reference, Step(row.version), now=NOW)


def accept(session: Session, made: PaymentWorld, row: Statement) -> Statement:
    """The funder's officer accepts it."""
    return filing.accept(session, made.checker, row.reference, Step(row.version), now=NOW)


def corrected(session: Session, made: PaymentWorld, row: Statement, reason: str = "A late receipt") -> Statement:
    """A new version of an issued statement, issued itself."""
    fresh = service.correct(session, made.finance, row.reference, Step(row.version, reason), now=NOW)
    return issue(session, made, certify_all(session, made, fresh))
