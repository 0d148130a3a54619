"""Every SELECT on statements, named by its question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.contracts import queries as contracts
from app.contracts.models import Contract, Obligation
from app.contracts.states import ContractStatus, ObligationKind, ObligationStatus
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.projects.models import Project, ProjectMember
from app.projects.states import TeamRole
from app.statements.models import Statement, StatementCertificate, StatementFile
from app.statements.rules import Signed, next_capacity
from app.statements.states import ISSUED_ON, Capacity, FileKind, StatementStatus
from app.web.paging import Order, Page, paginate

Newer = aliased(Statement, name="newer")

SORTS: dict[str, tuple[Order, ...]] = {
    "-prepared": (Order(Statement.prepared_at, descending=True),),
    "prepared": (Order(Statement.prepared_at),),
    "reference": (Order(Statement.reference),),
    "-reference": (Order(Statement.reference, descending=True),),
    "period": (Order(Statement.last_day),),
    "-period": (Order(Statement.last_day, descending=True),),
}
DEFAULT_SORT = "-prepared"


@dataclass(frozen=True, slots=True)
class StatementFilter:
    """What the list is narrowed to, and which page of it; empty means any."""

    text: str = ""
    status: StatementStatus | None = None
    report: str = ""
    contract: str = ""
    sort: str = DEFAULT_SORT
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One statement with its contract, project and institution, and the number of what supersedes it."""

    statement: Statement
    contract: Contract
    project: Project
    institution: Institution
    superseded_by: str


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL condition beside a joined Contract: own people see drafts, everybody else in scope what is issued."""
    own = frozenset(
        right.institution_id
        for right in actor.rights
        if right.role is not Role.AUDITOR
        and right.institution_id in institutions_granting(actor, Permission.STATEMENTS_READ)
    )
    issued = Statement.status.in_(ISSUED_ON)
    drafts = Statement.institution_id.in_(own) if own else false()
    return and_(contracts.in_scope(actor, Permission.STATEMENTS_READ), or_(issued, drafts))


def successor_number() -> ColumnElement[str | None]:
    """The number of the issued statement that supersedes the present one, as a column."""
    return (
        select(Newer.reference)
        .where(Newer.supersedes_id == Statement.id, Newer.status.in_(ISSUED_ON))
        .correlate(Statement)
        .scalar_subquery()
    )


def _rows() -> Select[Statement, Contract, Project, Institution, str | None]:
    return (
        select(Statement, Contract, Project, Institution, successor_number())
        .join(Contract, Contract.id == Statement.contract_id)
        .join(Project, Project.id == Contract.project_id)
        .join(Institution, Institution.id == Statement.institution_id)
        .options(selectinload(Statement.certificates))
    )


def _row(row: Any) -> StatementRow:
    statement, contract, project, institution, successor = row
    return StatementRow(statement, contract, project, institution, successor or "")


def listed(session: Session, actor: Actor, wanted: StatementFilter) -> Page[StatementRow]:
    """One page of the statements in the actor's scope."""
    statement: Any = _rows().where(in_scope(actor))
    if wanted.status is not None:
        statement = statement.where(Statement.status == wanted.status)
    if wanted.report:
        statement = statement.where(Statement.report == wanted.report)
    if wanted.contract:
        statement = statement.where(Contract.reference == wanted.contract)
    if wanted.text:
        columns = (
            Statement.reference, Contract.reference, Institution.name_en, Institution.code,
            Project.title_en, Project.title_zh_hant, Project.title_zh_hans,
        )  # fmt: skip
        statement = statement.where(or_(*(each.icontains(wanted.text, autoescape=True) for each in columns)))
    order = [*SORTS.get(wanted.sort, SORTS[DEFAULT_SORT]), Order(Statement.id)]
    page = paginate(session, statement, order, cursor=wanted.cursor, limit=wanted.limit, total=True)
    return page.map(_row)


def visible(session: Session, actor: Actor, reference: str) -> StatementRow:
    """The statement of that number, if in the actor's scope. Raises NotFound otherwise."""
    row = session.execute(_rows().where(Statement.reference == reference, in_scope(actor))).first()
    if row is None or not may(actor, Permission.STATEMENTS_READ):
        raise NotFound(Breach("statement.not-found", _("There is no such statement.")))
    return _row(row)


def by_reference(session: Session, reference: str) -> Statement | None:
    """The statement of that number, without asking who wants to know."""
    return session.scalar(select(Statement).where(Statement.reference == reference))


def issued_successor(session: Session, statement: Statement) -> Statement | None:
    """The issued statement that supersedes this one directly."""
    query = select(Statement).where(Statement.supersedes_id == statement.id, Statement.status.in_(ISSUED_ON))
    return session.scalar(query)


def newest(session: Session, statement: Statement) -> Statement:
    """The issued statement at the end of the line of corrections; the statement itself where there is none."""
    while (successor := issued_successor(session, statement)) is not None:
        statement = successor
    return statement


def correction_of(session: Session, statement: Statement) -> Statement | None:
    """The correction under way or issued, if there is one that was not withdrawn."""
    query = select(Statement).where(
        Statement.supersedes_id == statement.id, Statement.status != StatementStatus.WITHDRAWN
    )
    return session.scalar(query)


def live_twin(session: Session, report: str, contract_id: UUID, first_day: date, last_day: date) -> Statement | None:
    """A statement of the same report, contract and days that was not withdrawn."""
    query = select(Statement).where(
        Statement.report == report,
        Statement.contract_id == contract_id,
        Statement.first_day == first_day,
        Statement.last_day == last_day,
        Statement.status != StatementStatus.WITHDRAWN,
    )
    return session.scalars(query.order_by(Statement.edition.desc()).limit(1)).first()


def files_of(session: Session, statement_id: UUID) -> Sequence[StatementFile]:
    """The kept files without their content: the statement's by format and language, then the auditor's."""
    query = select(StatementFile).where(StatementFile.statement_id == statement_id)
    order = (StatementFile.kind.desc(), StatementFile.format, StatementFile.language, StatementFile.added_at)
    return session.scalars(query.order_by(*order)).all()


def file_of(session: Session, statement_id: UUID, file_id: UUID) -> StatementFile:
    """One kept file of a statement. Raises NotFound."""
    query = select(StatementFile).where(StatementFile.id == file_id, StatementFile.statement_id == statement_id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(Breach("statement.file-not-found", _("There is no such file.")))
    return found


def english_pdf(session: Session, statement_id: UUID) -> StatementFile:
    """The frozen statement as a PDF in English."""
    query = select(StatementFile).where(
        StatementFile.statement_id == statement_id,
        StatementFile.kind == FileKind.STATEMENT,
        StatementFile.format == "pdf",
        StatementFile.language == "en",
    )
    return session.scalars(query).one()


def file_by_digest(session: Session, sha256: bytes) -> tuple[StatementFile, Statement] | None:
    """The kept file with exactly these bytes, and its statement; the latest where several have it."""
    query = (
        select(StatementFile, Statement)
        .join(Statement, Statement.id == StatementFile.statement_id)
        .where(StatementFile.sha256 == sha256)
        .order_by(StatementFile.added_at.desc(), StatementFile.id)
        .limit(1)
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def issued_in_test(session: Session, statement: Statement) -> bool:
    """Whether it was issued with a test certificate."""
    query = select(StatementFile.id).where(
        StatementFile.statement_id == statement.id, StatementFile.test_signature.is_(True)
    )
    return session.scalar(query.limit(1)) is not None


def by_code(session: Session, code: str) -> Statement | None:
    """The issued statement whose number and check code these are."""
    reference, _dash, check_code = code.rpartition("-")
    query = select(Statement).where(
        Statement.reference == reference, Statement.check_code == check_code, Statement.status.in_(ISSUED_ON)
    )
    return session.scalar(query) if check_code else None


def answerable(session: Session, contract_id: UUID) -> Sequence[Obligation]:
    """What the contract still asks for and a statement can answer, soonest first."""
    query = select(Obligation).where(
        Obligation.contract_id == contract_id,
        Obligation.kind != ObligationKind.RESIDUE,
        Obligation.status.in_((ObligationStatus.DUE, ObligationStatus.QUERIED)),
    )
    return session.scalars(query.order_by(Obligation.due_on, Obligation.id)).all()


def contracts_to_state(session: Session, actor: Actor) -> Sequence[Contract]:
    """Signed contracts for whose grantee the actor may prepare statements, newest first."""
    places = institutions_granting(actor, Permission.STATEMENTS_PREPARE)
    query = select(Contract).where(Contract.grantee_id.in_(places), Contract.status != ContractStatus.DRAFT)
    return session.scalars(query.order_by(Contract.reference.desc()).limit(500)).all()


def leads(session: Session, contract: Contract, person_id: UUID, today: date | None) -> bool:
    """Whether the person is the project's principal investigator at the grantee on that day."""
    query = select(ProjectMember.id).where(*_leading(contract, today), ProjectMember.person_id == person_id)
    return session.scalar(query.limit(1)) is not None


def leaders(session: Session, contract: Contract, today: date) -> Sequence[UUID]:
    """The project's principal investigators at the grantee on that day."""
    return session.scalars(select(ProjectMember.person_id).where(*_leading(contract, today))).all()


def _leading(contract: Contract, today: date | None) -> tuple[ColumnElement[bool], ...]:
    at = (
        ProjectMember.project_id == contract.project_id,
        ProjectMember.institution_id == contract.grantee_id,
        ProjectMember.team_role == TeamRole.PRINCIPAL_INVESTIGATOR,
    )
    if today is None:
        return at
    still = or_(ProjectMember.last_day.is_(None), ProjectMember.last_day >= today)
    return (*at, ProjectMember.first_day <= today, still)


def signed(certificates: Sequence[StatementCertificate]) -> list[Signed]:
    """Certificates as the rules look at them."""
    return [Signed(Capacity(each.capacity), each.person_id) for each in certificates]


# What waits for someone


def _places(actor: Actor, permission: Permission) -> frozenset[UUID]:
    return institutions_granting(actor, permission)


def _not_superseded() -> ColumnElement[bool]:
    return successor_number().is_(None)


def to_certify(session: Session, actor: Actor, today: date | None = None) -> list[StatementRow]:
    """Drafts whose next certificate is the actor's to give; without a day, whoever leads the project at any time."""
    places = _places(actor, Permission.STATEMENTS_CERTIFY)
    if not places:
        return []
    drafts = _rows().where(
        Statement.status == StatementStatus.DRAFT, Statement.institution_id.in_(places), in_scope(actor)
    )
    found = [_row(row) for row in session.execute(drafts.order_by(Statement.prepared_at))]
    return [row for row in found if may_certify_next(session, actor, row.statement, row.contract, today)]


def may_certify_next(
    session: Session, actor: Actor, statement: Statement, contract: Contract, today: date | None
) -> bool:
    """Whether the next certificate is one that this person can give."""
    given = signed(statement.standing_certificates)
    wanted = next_capacity(given)
    if wanted is None or any(each.person_id == actor.person_id for each in given):
        return False
    if wanted is Capacity.USE_OF_FUNDS:
        right = may(actor, Permission.STATEMENTS_CERTIFY, statement.institution_id)
        return right and leads(session, contract, actor.person_id, today)
    return may(actor, RIGHT_OF[wanted], statement.institution_id)


RIGHT_OF = {
    Capacity.PREPARED: Permission.STATEMENTS_PREPARE,
    Capacity.USE_OF_FUNDS: Permission.STATEMENTS_CERTIFY,
    Capacity.HEAD: Permission.STATEMENTS_CERTIFY_AS_HEAD,
}
"""The right behind each certificate; the use of funds is certified by the project's own leader."""


def to_issue(actor: Actor) -> Select[Statement]:
    """Certified statements the actor may issue."""
    places = _places(actor, Permission.STATEMENTS_ISSUE)
    query = select(Statement).where(Statement.status == StatementStatus.CERTIFIED, Statement.institution_id.in_(places))
    return query.order_by(Statement.prepared_at)


def to_audit(actor: Actor) -> Select[Statement]:
    """Issued statements that answer an audited account and wait for the auditor's report."""
    places = _places(actor, Permission.STATEMENTS_AUDIT)
    return (
        select(Statement)
        .join(Contract, Contract.id == Statement.contract_id)
        .join(Obligation, Obligation.id == Statement.obligation_id)
        .where(
            Statement.status == StatementStatus.ISSUED,
            or_(Statement.institution_id.in_(places), Contract.funder_id.in_(places)),
            Obligation.kind.in_((ObligationKind.AUDITED_ACCOUNT,)),
            _not_superseded(),
        )
        .order_by(Statement.issued_at)
    )


def to_file(actor: Actor) -> Select[Statement]:
    """Issued statements that answer an obligation and are not with the funder; unaudited where an audit is asked."""
    places = _places(actor, Permission.STATEMENTS_FILE)
    unaudited = and_(Statement.status == StatementStatus.ISSUED, Obligation.kind == ObligationKind.AUDITED_ACCOUNT)
    return (
        select(Statement)
        .join(Obligation, Obligation.id == Statement.obligation_id)
        .where(
            Statement.status.in_((StatementStatus.ISSUED, StatementStatus.AUDITED)),
            ~unaudited,
            Statement.institution_id.in_(places),
            _not_superseded(),
        )
        .order_by(Statement.issued_at)
    )


def to_accept(actor: Actor) -> Select[Statement]:
    """Filed statements that an officer of the funder, who certified nothing of them, decides about."""
    places = _places(actor, Permission.STATEMENTS_ACCEPT)
    own = select(StatementCertificate.statement_id).where(StatementCertificate.person_id == actor.person_id)
    return (
        select(Statement)
        .join(Contract, Contract.id == Statement.contract_id)
        .where(
            Statement.status == StatementStatus.FILED,
            Contract.funder_id.in_(places),
            Statement.id.not_in(own),
            Statement.filed_by_id != actor.person_id,
        )
        .order_by(Statement.filed_at)
    )
