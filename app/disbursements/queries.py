"""Every SELECT on disbursements and residue returns, named by its question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import sees_everything
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.corridor.models import CorridorRule
from app.corridor.states import AskKind, ProposalStatus
from app.disbursements import reading
from app.disbursements.models import (
    BankMandate,
    CheckerDecision,
    Disbursement,
    Receipt,
    Release,
    ResidueReturn,
    RouteDocument,
)
from app.disbursements.reading import Queued
from app.disbursements.states import OUT, Decision, DisbursementStatus, ResidueStatus
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.web.paging import Order, Page, paginate

WHOLE = (
    selectinload(Disbursement.decisions),
    selectinload(Disbursement.documents),
    selectinload(Disbursement.releases),
    selectinload(Disbursement.receipts),
)
"""Loads what belongs to a disbursement together with it."""

Statement = TypeVar("Statement", bound=Select[*tuple[Any, ...]])

PAYER, PAYEE = aliased(BankAccount), aliased(BankAccount)
ACROSS = PAYER.bank_side != PAYEE.bank_side
"""SQL condition on disbursements read `with_accounts`: the two banks are not on one side of the boundary."""

SEEN_BY_GRANTEE = (
    DisbursementStatus.APPROVED,
    DisbursementStatus.RELEASED,
    DisbursementStatus.SETTLED,
    DisbursementStatus.BOUNCED,
)
"""A grantee sees what is decided, not what its funder still weighs."""


@dataclass(frozen=True, slots=True)
class DisbursementFilter:
    """What a list of disbursements is narrowed to; empty means any."""

    text: str = ""
    status: str = ""
    funder_id: UUID | None = None
    grantee_id: UUID | None = None
    currency: str = ""
    maker_id: UUID | None = None
    view: str = ""
    sort: str = "reference"


SORTS: dict[str, Order] = {
    "reference": Order(Disbursement.reference),
    "-reference": Order(Disbursement.reference, descending=True),
    "pays-on": Order(Disbursement.requested_value_date),
    "-pays-on": Order(Disbursement.requested_value_date, descending=True),
}


def with_accounts(statement: Statement) -> Statement:
    """Disbursements with both accounts joined to them, as PAYER and PAYEE."""
    return statement.join(PAYER, PAYER.id == Disbursement.payer_account_id).join(
        PAYEE, PAYEE.id == Disbursement.payee_account_id
    )


def in_scope(actor: Actor, permission: Permission = Permission.DISBURSEMENTS_READ) -> ColumnElement[bool]:
    """SQL condition on Disbursement joined to Contract: one the actor may see."""
    seen = contracts.in_scope(actor, permission)
    if sees_everything(actor):
        return seen
    funders = Disbursement.funder_id.in_(actor.institutions())
    return and_(seen, or_(funders, Disbursement.status.in_(SEEN_BY_GRANTEE)))


def _visible(actor: Actor) -> Select[Disbursement]:
    return select(Disbursement).join(Contract, Contract.id == Disbursement.contract_id).where(in_scope(actor))


def get_visible(session: Session, actor: Actor, reference: str) -> Disbursement:
    """The disbursement of that reference with what belongs to it, if in scope. Raises NotFound otherwise."""
    statement = _visible(actor).where(Disbursement.reference == reference).options(*WHOLE)
    found = session.scalars(statement).first()
    if found is None:
        raise NotFound(Breach("disbursement.not-found", _("There is no such disbursement.")))
    return found


def locked_visible(session: Session, actor: Actor, reference: str) -> Disbursement:
    """The disbursement of that reference read afresh under a row lock held until the unit of work ends, if in scope.

    Raises NotFound otherwise.
    """
    statement = _visible(actor).where(Disbursement.reference == reference).with_for_update(of=Disbursement)
    found = session.scalars(statement.execution_options(populate_existing=True)).first()
    if found is None:
        raise NotFound(Breach("disbursement.not-found", _("There is no such disbursement.")))
    return found


def by_references(session: Session, actor: Actor, references: Collection[str]) -> list[Disbursement]:
    """Those of the references that lie in scope, by reference."""
    statement = _visible(actor).where(Disbursement.reference.in_(references)).options(*WHOLE)
    return list(session.scalars(statement.order_by(Disbursement.reference)))


def by_ids(session: Session, keys: Collection[UUID]) -> dict[UUID, Disbursement]:
    """The disbursements of those keys, whatever the scope: for records that are in scope themselves."""
    return {row.id: row for row in session.scalars(select(Disbursement).where(Disbursement.id.in_(keys)))}


def listed(
    session: Session, actor: Actor, wanted: DisbursementFilter, cursor: str | None = None, limit: int = 50
) -> Page[Disbursement]:
    """One page of the disbursements in scope."""
    statement = _visible(actor).where(*conditions(actor, wanted)).options(*WHOLE)
    order = [SORTS.get(wanted.sort, SORTS["reference"]), Order(Disbursement.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def totals(session: Session, actor: Actor, wanted: DisbursementFilter) -> dict[Currency, tuple[int, Money]]:
    """How many and how much, for each currency apart; currencies are never added."""
    statement = (
        select(Disbursement.currency, func.count(), func.sum(Disbursement.amount_minor))
        .join(Contract, Contract.id == Disbursement.contract_id)
        .where(in_scope(actor), *conditions(actor, wanted))
        .group_by(Disbursement.currency)
    )
    return {
        Currency(currency): (count, Money(int(minor), Currency(currency)))
        for currency, count, minor in session.execute(statement)
    }


def counts(session: Session, actor: Actor, views: Collection[str]) -> dict[str, int]:
    """How many disbursements in scope each view holds, in one query."""
    columns = [func.count().filter(*_view(actor, view)).label(f"v{number}") for number, view in enumerate(views)]
    statement = (
        select(*columns)
        .select_from(Disbursement)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .where(in_scope(actor))
    )
    return dict(zip(views, session.execute(statement).one(), strict=True)) if columns else {}


def conditions(actor: Actor, wanted: DisbursementFilter) -> list[ColumnElement[bool]]:
    """The filter as SQL conditions; statements must join Contract."""
    found: list[ColumnElement[bool]] = list(_view(actor, wanted.view))
    for column, value in (
        (Disbursement.status, wanted.status),
        (Disbursement.funder_id, wanted.funder_id),
        (Disbursement.grantee_id, wanted.grantee_id),
        (Disbursement.currency, wanted.currency),
        (Disbursement.maker_id, wanted.maker_id),
    ):
        if value:
            found.append(column == value)
    if wanted.text:
        grantee = select(Institution.id).where(
            or_(
                Institution.name_en.icontains(wanted.text, autoescape=True),
                Institution.name_zh_hant.icontains(wanted.text, autoescape=True),
                Institution.name_zh_hans.icontains(wanted.text, autoescape=True),
            )
        )
        found.append(
            or_(
                Disbursement.reference.icontains(wanted.text, autoescape=True),
                Contract.reference.icontains(wanted.text, autoescape=True),
                Disbursement.grantee_id.in_(grantee),
            )
        )
    return found


def _view(actor: Actor, view: str) -> list[ColumnElement[bool]]:
    """Saved views: what waits for the actor in one of their roles."""
    me = actor.person_id
    if view == "mine":
        return [Disbursement.maker_id == me]
    if view == "to-check":
        return [Disbursement.status == DisbursementStatus.SUBMITTED, ~_decided_by(me), _at(actor, "approve")]
    if view == "to-release":
        return [Disbursement.status == DisbursementStatus.APPROVED, ~_signed_by(me), _at(actor, "release")]
    if view == "to-settle":
        return [Disbursement.status == DisbursementStatus.RELEASED, _at(actor, "settle")]
    if view == "to-confirm":
        return [
            Disbursement.status.in_(OUT),
            ~exists().where(Receipt.disbursement_id == Disbursement.id, Receipt.reversed_on.is_(None)),
            _at(actor, "confirm-receipt"),
        ]
    if view == "returned":
        return [Disbursement.status == DisbursementStatus.RETURNED_TO_MAKER]
    if view == "approved":
        return [Disbursement.status == DisbursementStatus.APPROVED]
    return []


_PLACES = {
    "approve": (Permission.DISBURSEMENTS_APPROVE, Disbursement.funder_id),
    "release": (Permission.DISBURSEMENTS_RELEASE, Disbursement.funder_id),
    "settle": (Permission.DISBURSEMENTS_SETTLE, Disbursement.funder_id),
    "confirm-receipt": (Permission.DISBURSEMENTS_CONFIRM_RECEIPT, Disbursement.grantee_id),
}


def _at(actor: Actor, verb: str) -> ColumnElement[bool]:
    permission, column = _PLACES[verb]
    return column.in_([key for key in actor.institutions() if may(actor, permission, key)])


def _decided_by(person_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        CheckerDecision.disbursement_id == Disbursement.id,
        CheckerDecision.revision == Disbursement.revision,
        CheckerDecision.checker_id == person_id,
        CheckerDecision.decision == Decision.APPROVED,
    )


def _signed_by(person_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        Release.disbursement_id == Disbursement.id,
        Release.revision == Disbursement.revision,
        Release.signatory_id == person_id,
    )


def in_view(session: Session, actor: Actor, wanted: DisbursementFilter) -> list[Disbursement]:
    """Every disbursement of a view, at most 500, by reference."""
    statement = _visible(actor).where(*conditions(actor, wanted)).options(*WHOLE)
    return list(session.scalars(statement.order_by(Disbursement.reference).limit(500)))


def queued(session: Session, actor: Actor, wanted: DisbursementFilter) -> list[Queued]:
    """`in_view`, to be read only: for long lists."""
    return reading.queued(session, [in_scope(actor), *conditions(actor, wanted)], 500)


def awaiting_approval_by(session: Session, actor: Actor) -> list[Disbursement]:
    """Submitted disbursements of the actor's funders that the actor has not approved, own ones too: for the queue."""
    return in_view(session, actor, DisbursementFilter(view="to-check"))


def awaiting_release_by(session: Session, actor: Actor) -> list[Disbursement]:
    """Approved disbursements a payments officer may release."""
    return _view_rows(session, actor, "to-release")


def awaiting_settlement_by(session: Session, actor: Actor) -> list[Disbursement]:
    """Released disbursements whose bank line an accountant enters."""
    return _view_rows(session, actor, "to-settle")


def awaiting_receipt_by(session: Session, actor: Actor) -> list[Disbursement]:
    """Money on its way to the actor's institution that nobody there has confirmed."""
    return _view_rows(session, actor, "to-confirm")


def returned_to(session: Session, actor: Actor) -> list[Disbursement]:
    """The actor's own disbursements that a checker returned."""
    statement = returned_to_maker(actor).options(*WHOLE)
    return list(session.scalars(statement.order_by(Disbursement.reference).limit(200)))


def returned_to_maker(actor: Actor) -> Select[Disbursement]:
    """The statement of `returned_to`."""
    return _visible(actor).where(*conditions(actor, DisbursementFilter(view="returned", maker_id=actor.person_id)))


def _view_rows(session: Session, actor: Actor, view: str) -> list[Disbursement]:
    statement = _visible(actor).where(*conditions(actor, DisbursementFilter(view=view))).options(*WHOLE)
    return list(
        session.scalars(statement.order_by(Disbursement.requested_value_date, Disbursement.reference).limit(500))
    )


def of_contract(session: Session, contract_id: UUID) -> Sequence[Disbursement]:
    """Every disbursement of a contract, by reference, with receipts: for reports and the contract's page."""
    statement = select(Disbursement).where(Disbursement.contract_id == contract_id).options(*WHOLE)
    return session.scalars(statement.order_by(Disbursement.reference)).all()


def parties(session: Session, actor: Actor) -> tuple[list[Institution], list[Institution]]:
    """Funders and grantees that appear in the actor's disbursements: the choices of the filters."""
    rows = (
        select(Disbursement.funder_id, Disbursement.grantee_id)
        .join(Contract, Contract.id == Disbursement.contract_id)
        .where(in_scope(actor))
        .distinct()
    )
    pairs = session.execute(rows).all()
    ids = {pair[0] for pair in pairs} | {pair[1] for pair in pairs}
    names = {i.id: i for i in session.scalars(select(Institution).where(Institution.id.in_(ids)))}
    funders = sorted({pair[0] for pair in pairs}, key=lambda key: names[key].name_en)
    grantees = sorted({pair[1] for pair in pairs}, key=lambda key: names[key].name_en)
    return [names[key] for key in funders], [names[key] for key in grantees]


def payable_contracts(session: Session, actor: Actor) -> Sequence[Contract]:
    """Contracts the actor may prepare a disbursement for: active or closing, of a funder where they draft."""
    places = [key for key in actor.institutions() if may(actor, Permission.DISBURSEMENTS_DRAFT, key)]
    statement = select(Contract).where(Contract.funder_id.in_(places), Contract.status.in_(("ACTIVE", "CLOSING")))
    return session.scalars(statement.order_by(Contract.reference)).all()


def crossing(
    session: Session, actor: Actor, route: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Disbursement]:
    """One page of the disbursements in scope that cross the boundary, newest first; `route` as `SZ-HK`."""
    statement = with_accounts(_visible(actor)).where(ACROSS).options(*WHOLE)
    if route:
        start, _dash, end = route.partition("-")
        statement = statement.where(PAYER.bank_side == start, PAYEE.bank_side == end)
    order = [Order(Disbursement.reference, descending=True), Order(Disbursement.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit)


def crossing_made_by(actor: Actor) -> Select[Disbursement]:
    """Payments across the boundary that the actor made, submitted or further and not settled yet, by reference."""
    places = [key for key in actor.institutions() if may(actor, Permission.DISBURSEMENTS_DRAFT, key)]
    return (
        with_accounts(select(Disbursement))
        .where(
            ACROSS,
            Disbursement.funder_id.in_(places),
            Disbursement.maker_id == actor.person_id,
            Disbursement.status.in_(
                (
                    DisbursementStatus.SUBMITTED,
                    DisbursementStatus.RETURNED_TO_MAKER,
                    DisbursementStatus.APPROVED,
                    DisbursementStatus.RELEASED,
                )
            ),
        )
        .options(*WHOLE)
        .order_by(Disbursement.reference)
    )


def receipts_to_look_at(actor: Actor, today: date) -> Select[Disbursement]:
    """Arrived payments to the actor's institutions on routes with a rule for declarations that no piece answers.

    Whether the rule applies to the payment, its purpose and parties, the engine of the corridor says
    (`remittance.to_declare`).
    """
    declared = exists().where(RouteDocument.disbursement_id == Disbursement.id, RouteDocument.code == CorridorRule.code)
    wanted = exists().where(
        CorridorRule.kind == AskKind.DECLARATION,
        CorridorRule.status == ProposalStatus.CONFIRMED,
        CorridorRule.from_side == PAYER.bank_side,
        CorridorRule.to_side == PAYEE.bank_side,
        CorridorRule.first_day <= today,
        or_(CorridorRule.last_day.is_(None), CorridorRule.last_day >= today),
        ~declared,
    )
    return (
        with_accounts(select(Disbursement))
        .where(
            _at(actor, "confirm-receipt"),
            Disbursement.status.in_(OUT),
            exists().where(Receipt.disbursement_id == Disbursement.id, Receipt.reversed_on.is_(None)),
            wanted,
        )
        .order_by(Disbursement.reference)
    )


def pieces_to_confirm(actor: Actor) -> Select[RouteDocument]:
    """Pieces of files that somebody else listed before the money moves, where the actor may confirm them."""
    places = [key for key in actor.institutions() if may(actor, Permission.DISBURSEMENTS_CONFIRM_DOCUMENTS, key)]
    return (
        select(RouteDocument)
        .join(Disbursement, Disbursement.id == RouteDocument.disbursement_id)
        .where(
            Disbursement.funder_id.in_(places),
            Disbursement.status.in_((DisbursementStatus.SUBMITTED, DisbursementStatus.APPROVED)),
            RouteDocument.confirmed_by_id.is_(None),
            RouteDocument.dated_on.is_(None),
            RouteDocument.listed_by_id != actor.person_id,
        )
        .order_by(Disbursement.reference, RouteDocument.title)
    )


def mandates_at(session: Session, institution_ids: Collection[UUID]) -> dict[UUID, list[BankMandate]]:
    """Bank mandates of the accounts of institutions, by account, lowest threshold first."""
    statement = (
        select(BankMandate)
        .join(BankAccount, BankAccount.id == BankMandate.bank_account_id)
        .where(BankAccount.institution_id.in_(institution_ids))
        .order_by(BankMandate.above_minor, BankMandate.entered_at)
    )
    found: dict[UUID, list[BankMandate]] = defaultdict(list)
    for row in session.scalars(statement):
        found[row.bank_account_id].append(row)
    return dict(found)


def mandates_awaiting_confirmation(session: Session, actor: Actor) -> Sequence[BankMandate]:
    """Mandates somebody else entered for the actor's institutions: for the inbox."""
    places = [key for key in actor.institutions() if may(actor, Permission.BANK_ACCOUNTS_VERIFY, key)]
    statement = (
        select(BankMandate)
        .join(BankAccount, BankAccount.id == BankMandate.bank_account_id)
        .where(
            BankAccount.institution_id.in_(places),
            BankMandate.confirmed_by_id.is_(None),
            BankMandate.entered_by_id != actor.person_id,
        )
    )
    return session.scalars(statement.order_by(BankMandate.entered_at)).all()


# Residue returns

_RETURN = selectinload(ResidueReturn.components)


def _visible_returns(actor: Actor) -> Select[ResidueReturn]:
    return (
        select(ResidueReturn)
        .join(Contract, Contract.id == ResidueReturn.contract_id)
        .where(contracts.in_scope(actor, Permission.RESIDUE_READ))
        .options(_RETURN)
    )


def get_visible_return(session: Session, actor: Actor, reference: str) -> ResidueReturn:
    """The residue return of that reference, if in scope. Raises NotFound otherwise."""
    found = session.scalars(_visible_returns(actor).where(ResidueReturn.reference == reference)).first()
    if found is None:
        raise NotFound(Breach("residue.not-found", _("There is no such return of residue.")))
    return found


def listed_returns(
    session: Session, actor: Actor, status: str = "", cursor: str | None = None, limit: int = 50
) -> Page[ResidueReturn]:
    """One page of the residue returns in scope, newest first."""
    statement = _visible_returns(actor)
    if status:
        statement = statement.where(ResidueReturn.status == status)
    order = [Order(ResidueReturn.reference, descending=True), Order(ResidueReturn.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def returns_awaiting_confirmation(session: Session, actor: Actor) -> Sequence[ResidueReturn]:
    """Returns entered by somebody else at the actor's institution: for the inbox."""
    places = [key for key in actor.institutions() if may(actor, Permission.RESIDUE_RETURN, key)]
    statement = _visible_returns(actor).where(
        ResidueReturn.status == ResidueStatus.ENTERED,
        ResidueReturn.entered_by_id != actor.person_id,
        Contract.grantee_id.in_(places),
    )
    return session.scalars(statement.order_by(ResidueReturn.reference)).all()


def returns_awaiting_arrival(session: Session, actor: Actor) -> Sequence[ResidueReturn]:
    """Returns on their way to a funder whose accountant the actor is: for the inbox."""
    places = [key for key in actor.institutions() if may(actor, Permission.RESIDUE_CONFIRM, key)]
    statement = _visible_returns(actor).where(
        ResidueReturn.status == ResidueStatus.SENT, Contract.funder_id.in_(places)
    )
    return session.scalars(statement.order_by(ResidueReturn.reference)).all()
