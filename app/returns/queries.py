"""Questions about returns: which there are, which wait for whom, their rows, and what a contract has open."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting, sees
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.evidence import queries as evidence
from app.evidence.models import Document
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.projects import queries as projects
from app.returns.columns import Column
from app.returns.facts import KnownRow, OpenOrder
from app.returns.models import PurchaseOrder, ReturnLayout, ReturnRow, SpendingReturn
from app.returns.rows import Meaning
from app.returns.states import LIVE, ReturnStatus, RowKind
from app.web.paging import Order, Page, paginate

EVIDENCE_KIND = "return"
"""The kind under which a return's file is kept as evidence."""


@dataclass(frozen=True, slots=True)
class ReturnFilters:
    """What the list of returns is narrowed to, and which page of it."""

    status: ReturnStatus | None = None
    contract: str = ""
    text: str = ""
    cursor: str | None = None
    limit: int = 50

    @property
    def narrowed(self) -> bool:
        """Whether anything but the page is chosen."""
        return any((self.status, self.contract, self.text))


@dataclass(frozen=True, slots=True)
class RowsOf:
    """Which page of a return's rows."""

    text: str = ""
    cursor: str | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class HeadingSum:
    """What the rows of one kind and heading come to, in one currency."""

    kind: RowKind
    heading: Heading | None
    count: int
    amount: Money


def in_scope(actor: Actor) -> ColumnElement[bool]:
    """SQL condition: a principal investigator sees the returns of their own projects, others the institution's."""
    reached = projects.reach(actor, Permission.RETURNS_READ)
    if reached.everywhere:
        return true()
    own = select(Contract.id).where(Contract.project_id.in_(projects.of_person(actor.person_id)))
    return or_(
        SpendingReturn.institution_id.in_(reached.whole),
        and_(SpendingReturn.institution_id.in_(reached.own_projects), SpendingReturn.contract_id.in_(own)),
    )


def listed(session: Session, actor: Actor, filters: ReturnFilters) -> Page[SpendingReturn]:
    """Returns in the actor's scope, newest first."""
    query = select(SpendingReturn).join(Contract, Contract.id == SpendingReturn.contract_id).where(in_scope(actor))
    if filters.status is not None:
        query = query.where(SpendingReturn.status == filters.status)
    if filters.contract:
        query = query.where(Contract.reference == filters.contract)
    if filters.text:
        columns = (SpendingReturn.reference, SpendingReturn.file_name, Contract.reference)
        query = query.where(or_(*(column.icontains(filters.text, autoescape=True) for column in columns)))
    newest_first = [Order(SpendingReturn.made_at, descending=True), Order(SpendingReturn.id, descending=True)]
    return paginate(session, query, newest_first, cursor=filters.cursor, limit=filters.limit)


def visible_return(session: Session, actor: Actor, reference: str) -> SpendingReturn:
    """The return of that reference, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = select(SpendingReturn).where(SpendingReturn.reference == reference, in_scope(actor))
    found = session.scalars(query).first()
    if found is None or not may(actor, Permission.RETURNS_READ):
        raise NotFound(Breach("returns.not-found", _("There is no such return.")))
    return found


def awaiting_posting_by(session: Session, actor: Actor) -> list[SpendingReturn]:
    """Submitted returns the actor may post: of institutions where they hold the right, and not their own."""
    return list(session.scalars(awaiting_posting(actor)))


def awaiting_posting(actor: Actor) -> Select[SpendingReturn]:
    """The statement of `awaiting_posting_by`."""
    return (
        select(SpendingReturn)
        .where(
            SpendingReturn.status == ReturnStatus.SUBMITTED,
            SpendingReturn.institution_id.in_(institutions_granting(actor, Permission.RETURNS_POST)),
            SpendingReturn.made_by_id != actor.person_id,
        )
        .order_by(SpendingReturn.submitted_at)
    )


def awaiting_submission(actor: Actor) -> Select[SpendingReturn]:
    """Returns the actor has imported and neither submitted nor withdrawn, oldest first."""
    return (
        select(SpendingReturn)
        .where(
            SpendingReturn.status == ReturnStatus.DRAFT,
            SpendingReturn.institution_id.in_(institutions_granting(actor, Permission.RETURNS_DRAFT)),
            SpendingReturn.made_by_id == actor.person_id,
        )
        .order_by(SpendingReturn.made_at)
    )


def own_contracts(session: Session, actor: Actor) -> list[Contract]:
    """Contracts for whose institution the actor may import a return, by reference."""
    query = select(Contract).where(
        Contract.grantee_id.in_(institutions_granting(actor, Permission.RETURNS_DRAFT)),
        Contract.status.not_in((ContractStatus.DRAFT, ContractStatus.CLOSED)),
    )
    return list(session.scalars(query.order_by(Contract.reference)))


def institution(session: Session, actor: Actor, code: str) -> Institution:
    """The institution with that code, if the actor works there. Raises NotFound otherwise."""
    found = institutions.by_code(session, actor, code)
    if not sees(actor, found.id):
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    return found


def contracts_of(session: Session, returns: Collection[SpendingReturn]) -> dict[UUID, Contract]:
    """The contracts of some returns, by id."""
    wanted = {each.contract_id for each in returns}
    return {row.id: row for row in session.scalars(select(Contract).where(Contract.id.in_(wanted)))}


def of_file(session: Session, contract_id: UUID, sha256: bytes) -> SpendingReturn | None:
    """The return that brought this very file under the contract, unless it was refused or withdrawn."""
    query = select(SpendingReturn).where(
        SpendingReturn.contract_id == contract_id,
        SpendingReturn.file_sha256 == sha256,
        SpendingReturn.status.in_(LIVE),
    )
    return session.scalars(query).first()


def file_of(session: Session, found: SpendingReturn) -> Document:
    """The file of a return as it was received."""
    return evidence.of_record(session, EVIDENCE_KIND, found.id)[0]


def rows_of(session: Session, return_id: UUID) -> list[ReturnRow]:
    """Every row of a submitted return, in the file's order."""
    return list(session.scalars(select(ReturnRow).where(ReturnRow.return_id == return_id).order_by(ReturnRow.line)))


def page_of_rows(session: Session, return_id: UUID, wanted: RowsOf) -> Page[ReturnRow]:
    """One page of the rows, in the file's order."""
    query = select(ReturnRow).where(ReturnRow.return_id == return_id)
    if wanted.text:
        columns = (ReturnRow.row_key, ReturnRow.payee, ReturnRow.description, ReturnRow.document_number)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return paginate(session, query, [Order(ReturnRow.line)], cursor=wanted.cursor, limit=wanted.limit)


def sums_of(session: Session, return_id: UUID) -> list[HeadingSum]:
    """What the rows come to by kind, heading and currency; two currencies are never added."""
    grouped = (ReturnRow.kind, ReturnRow.heading, ReturnRow.currency)
    query = select(*grouped, func.count(), func.sum(ReturnRow.amount_minor))
    rows = session.execute(query.where(ReturnRow.return_id == return_id).group_by(*grouped).order_by(*grouped))
    return [
        HeadingSum(RowKind(kind), Heading(heading) if heading else None, count, Money(int(minor), Currency(currency)))
        for kind, heading, currency, count, minor in rows
    ]


def known_rows(session: Session, contract_id: UUID, keys: list[str], *, besides: UUID) -> dict[str, KnownRow]:
    """Those of the keys that another live return has brought under the contract."""
    query = (
        select(ReturnRow.row_key, ReturnRow.digest, SpendingReturn.reference)
        .join(SpendingReturn, SpendingReturn.id == ReturnRow.return_id)
        .where(ReturnRow.contract_id == contract_id, ReturnRow.live, ReturnRow.return_id != besides)
        .where(ReturnRow.row_key == func.any(keys))
    )
    return {key: KnownRow(digest, reference) for key, digest, reference in session.execute(query)}


def layout_of(session: Session, institution_id: UUID) -> ReturnLayout | None:
    """What the institution has laid down about its files."""
    return session.scalars(select(ReturnLayout).where(ReturnLayout.institution_id == institution_id)).first()


def meaning_of(layout: ReturnLayout | None) -> Meaning:
    """The layout as the reader of files takes it; without one, common names are all there is."""
    if layout is None:
        return Meaning()
    return Meaning(
        {Column(column): name for column, name in layout.columns.items()},
        {words: Heading(heading) for words, heading in layout.headings.items()},
        Currency(layout.currency) if layout.currency else None,
    )


def orders_of(session: Session, contract_id: UUID) -> list[PurchaseOrder]:
    """Every order ever reported under the contract, by number."""
    query = select(PurchaseOrder).where(PurchaseOrder.contract_id == contract_id)
    return list(session.scalars(query.order_by(PurchaseOrder.number)))


def open_orders(session: Session, contract_id: UUID) -> dict[str, OpenOrder]:
    """Orders under the contract as they stand, by number."""
    return {each.number: OpenOrder(Heading(each.heading), each.open) for each in orders_of(session, contract_id)}
