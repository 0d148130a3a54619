"""Questions about claims: which there are, which wait for whom, and which contracts one may claim on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.claims.models import Claim, ClaimLine, ClaimPaper
from app.claims.states import ClaimStatus, SortBy
from app.contracts.models import Contract
from app.contracts.states import TAKES_COST
from app.evidence.models import Document
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.balances import contract_activity
from app.ledger.chart import AccountCode
from app.ledger.entries import FIRST_DAY, LAST_DAY
from app.people.models import Person
from app.projects import queries as projects
from app.projects.models import ProjectMember
from app.web.paging import Order, Page, paginate

_WHOLE = (selectinload(Claim.lines).selectinload(ClaimLine.papers),)


@dataclass(frozen=True, slots=True)
class ClaimFilters:
    """What the list of claims is narrowed to, its order, and which page of it."""

    status: ClaimStatus | None = None
    contract: str = ""
    mine: bool = False
    first_day: date | None = None
    last_day: date | None = None
    text: str = ""
    sort: SortBy = SortBy.NEWEST
    cursor: str | None = None
    limit: int = 50

    @property
    def narrowed(self) -> bool:
        """Whether anything but the order and the page is chosen."""
        return any((self.status, self.contract, self.mine, self.first_day, self.last_day, self.text))


_ORDERS = {
    SortBy.NEWEST: (Order(Claim.made_at, descending=True), Order(Claim.id, descending=True)),
    SortBy.OLDEST: (Order(Claim.made_at), Order(Claim.id)),
    SortBy.CONTRACT: (Order(Contract.reference), Order(Claim.made_at, descending=True), Order(Claim.id)),
}


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: a principal investigator sees the claims of their own projects, others the institution's."""
    reached = projects.reach(actor, Permission.CLAIMS_READ)
    if reached.everywhere:
        return true()
    own = select(Contract.id).where(Contract.project_id.in_(projects.of_person(actor.person_id)))
    return or_(
        Claim.institution_id.in_(reached.whole),
        and_(Claim.institution_id.in_(reached.own_projects), Claim.contract_id.in_(own)),
    )


def listed(session: Session, actor: Actor, filters: ClaimFilters) -> Page[Claim]:
    """Claims in the actor's scope."""
    query = (
        select(Claim)
        .join(Contract, Contract.id == Claim.contract_id)
        .where(in_scope(actor), *_conditions(actor, filters))
        .options(*_WHOLE)
    )
    return paginate(session, query, _ORDERS[filters.sort], cursor=filters.cursor, limit=filters.limit)


def _conditions(actor: Actor, filters: ClaimFilters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.status is not None:
        found.append(Claim.status == filters.status)
    if filters.contract:
        found.append(Contract.reference == filters.contract)
    if filters.mine:
        found.append(or_(Claim.made_by_id == actor.person_id, Claim.claimant_id == actor.person_id))
    spent = select(ClaimLine.claim_id)
    if filters.first_day is not None:
        found.append(Claim.id.in_(spent.where(ClaimLine.cost_on >= filters.first_day)))
    if filters.last_day is not None:
        found.append(Claim.id.in_(spent.where(ClaimLine.cost_on <= filters.last_day)))
    if filters.text:
        text = filters.text
        sellers = spent.where(
            or_(
                ClaimLine.seller.icontains(text, autoescape=True),
                ClaimLine.purpose.icontains(text, autoescape=True),
                ClaimLine.invoice_number.icontains(text, autoescape=True),
            )
        )
        people = select(Person.id).where(
            or_(Person.name_en.icontains(text, autoescape=True), Person.name_zh_hant.icontains(text, autoescape=True))
        )
        found.append(
            or_(
                Claim.reference.icontains(text, autoescape=True),
                Claim.purpose.icontains(text, autoescape=True),
                Claim.id.in_(sellers),
                Claim.claimant_id.in_(people),
            )
        )
    return found


def visible_claim(session: Session, actor: Actor, reference: str) -> Claim:
    """The claim of that reference, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = select(Claim).where(Claim.reference == reference, in_scope(actor)).options(*_WHOLE)
    found = session.scalars(query).first()
    if found is None or not may(actor, Permission.CLAIMS_READ):
        raise NotFound(Breach("claim.not-found", _("There is no such claim.")))
    return found


def line_of(claim: Claim, number: int) -> ClaimLine:
    """One line of a claim. Raises NotFound."""
    for line in claim.lines:
        if line.number == number:
            return line
    raise NotFound(Breach("claim.line-not-found", _("There is no such line.")))


def claims_by_id(session: Session, claim_ids: Iterable[UUID | None]) -> dict[UUID, Claim]:
    """Several claims at once, by id."""
    wanted = {key for key in claim_ids if key is not None}
    return {row.id: row for row in session.scalars(select(Claim).where(Claim.id.in_(wanted)))} if wanted else {}


def contracts_of(session: Session, claims: Iterable[Claim]) -> Sequence[Contract]:
    """The contracts of some claims."""
    wanted = {claim.contract_id for claim in claims}
    return session.scalars(select(Contract).where(Contract.id.in_(wanted))).all() if wanted else []


def followers_of(session: Session, claim_id: UUID) -> Sequence[Claim]:
    """Claims that hold lines which came back from this one."""
    return session.scalars(select(Claim).where(Claim.follows_id == claim_id).order_by(Claim.reference)).all()


def documents_of(session: Session, claim: Claim) -> dict[UUID, Document]:
    """The documents behind the claim's lines, by id, without their content."""
    query = (
        select(Document)
        .join(ClaimPaper, ClaimPaper.document_id == Document.id)
        .join(ClaimLine, ClaimLine.id == ClaimPaper.line_id)
        .where(ClaimLine.claim_id == claim.id)
    )
    return {row.id: row for row in session.scalars(query)}


def claimable_contracts(session: Session, actor: Actor, today: date) -> list[Contract]:
    """Contracts on which the actor may start a claim: those of their institution that take cost.

    A principal investigator claims on the projects they belong to; a project manager on all of the institution.
    """
    places = institutions_granting(actor, Permission.CLAIMS_DRAFT)
    own = select(ProjectMember.project_id).where(
        ProjectMember.person_id == actor.person_id,
        ProjectMember.first_day <= today,
        or_(ProjectMember.last_day.is_(None), ProjectMember.last_day >= today),
    )
    managed = frozenset(place for place in places if _manages_projects(actor, place))
    query = select(Contract).where(
        Contract.status.in_(TAKES_COST),
        or_(
            Contract.grantee_id.in_(managed),
            and_(Contract.grantee_id.in_(places), Contract.project_id.in_(own)),
        ),
    )
    return list(session.scalars(query.order_by(Contract.reference.desc())))


def _manages_projects(actor: Actor, place: UUID) -> bool:
    return any(right.institution_id == place and right.role is Role.PROJECT_MANAGER for right in actor.rights)


def people_of_contract(session: Session, contract: Contract, today: date) -> list[Person]:
    """Who may be paid: the members of the contract's project at its grantee institution today."""
    query = (
        select(Person)
        .join(ProjectMember, ProjectMember.person_id == Person.id)
        .where(
            ProjectMember.project_id == contract.project_id,
            ProjectMember.institution_id == contract.grantee_id,
            ProjectMember.first_day <= today,
            or_(ProjectMember.last_day.is_(None), ProjectMember.last_day >= today),
            Person.disabled_at.is_(None),
        )
        .order_by(Person.name_en)
        .distinct()
    )
    return list(session.scalars(query))


def last_contract_of(session: Session, person_id: UUID) -> UUID | None:
    """The contract the person claimed on last."""
    query = select(Claim.contract_id).where(Claim.made_by_id == person_id).order_by(Claim.made_at.desc())
    return session.scalars(query.limit(1)).first()


def last_heading_of(session: Session, person_id: UUID, contract_id: UUID) -> str | None:
    """The heading of most of what the person claimed last on the contract."""
    query = select(Claim.heading).where(Claim.made_by_id == person_id, Claim.contract_id == contract_id)
    return session.scalars(query.order_by(Claim.made_at.desc()).limit(1)).first()


def claim_before(session: Session, claim: Claim) -> Claim | None:
    """The newest other claim that the same person made on the same contract and that has lines."""
    query = (
        select(Claim)
        .where(
            Claim.made_by_id == claim.made_by_id,
            Claim.contract_id == claim.contract_id,
            Claim.id != claim.id,
            Claim.lines.any(),
        )
        .options(*_WHOLE)
    )
    return session.scalars(query.order_by(Claim.made_at.desc()).limit(1)).first()


def advance_outstanding(session: Session, contract: Contract, currency: Currency) -> Money:
    """Advances given on a contract and not yet cleared, in one currency."""
    found = Money.zero(currency)
    for row in contract_activity(session, contract.id, FIRST_DAY, LAST_DAY):
        if (row.book_id, row.code, row.currency) == (contract.grantee_id, AccountCode.ADVANCES, currency):
            found = found + row.closing
    return found


# What waits for whom


def returned_to(actor: Actor) -> Select[Claim]:
    """Claims that came back to the actor."""
    mine = or_(Claim.made_by_id == actor.person_id, Claim.claimant_id == actor.person_id)
    return select(Claim).where(Claim.status == ClaimStatus.RETURNED, mine).order_by(Claim.made_at)


def _apart(actor: Actor, permission: Permission, status: ClaimStatus) -> Select[Claim]:
    return (
        select(Claim)
        .where(
            Claim.status == status,
            Claim.institution_id.in_(institutions_granting(actor, permission)),
            Claim.made_by_id != actor.person_id,
            Claim.claimant_id != actor.person_id,
        )
        .order_by(Claim.submitted_at)
    )


def awaiting_check(actor: Actor) -> Select[Claim]:
    """Submitted claims whose lines the actor may check."""
    return _apart(actor, Permission.CLAIMS_CHECK, ClaimStatus.SUBMITTED)


def awaiting_approval(actor: Actor) -> Select[Claim]:
    """Checked claims in which the approver's authority decides."""
    return _apart(actor, Permission.CLAIMS_APPROVE, ClaimStatus.CHECKED)


def awaiting_payment(actor: Actor) -> Select[Claim]:
    """Approved claims that the actor may pay: they neither checked nor approved them."""
    return _apart(actor, Permission.CLAIMS_PAY, ClaimStatus.APPROVED).where(
        Claim.approved_by_id != actor.person_id,
        or_(Claim.checked_by_id.is_(None), Claim.checked_by_id != actor.person_id),
    )


def read(session: Session, statement: Select[Claim]) -> list[Claim]:
    """The claims of a statement, with their lines."""
    return list(session.scalars(statement.options(*_WHOLE)))
