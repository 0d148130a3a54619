"""Questions about funds. Amounts come from the ledger; what a person may see comes from their institutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import institutions_granting, within
from app.funds.models import Fund, FundMovement, Pocket
from app.funds.states import MovementStatus
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.balances import PocketPosition, pocket_position, pocket_positions
from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate


@dataclass(frozen=True, slots=True)
class FundNode:
    """A fund with its pockets' positions and its sub-funds, for a tree on the screen."""

    fund: Fund
    owner: Institution
    positions: dict[Currency, PocketPosition]
    sub_funds: tuple[FundNode, ...]


def _no_fund() -> NotFound:
    return NotFound(Breach("fund.not-found", _("There is no such fund.")))


def visible_fund(session: Session, actor: Actor, reference: str) -> Fund:
    """The fund of that reference, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = select(Fund).where(Fund.reference == reference, within(actor, Fund.institution_id))
    fund = session.scalars(query.options(selectinload(Fund.pockets))).first()
    if fund is None or not may(actor, Permission.FUNDS_READ):
        raise _no_fund()
    return fund


def parent_funds(session: Session, actor: Actor) -> list[Fund]:
    """The parent funds in the actor's scope, to choose from."""
    query = select(Fund).where(within(actor, Fund.institution_id), Fund.parent_id.is_(None))
    return list(session.scalars(query.order_by(Fund.reference)))


def fund_page(session: Session, actor: Actor, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[Fund]:
    """One page of the funds and sub-funds in scope by reference, and so parents before their sub-funds."""
    query = select(Fund).where(within(actor, Fund.institution_id)).options(selectinload(Fund.pockets))
    return paginate(session, query, [Order(Fund.reference), Order(Fund.id)], cursor=cursor, limit=limit, total=True)


def trees(session: Session, actor: Actor, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[FundNode]:
    """One page of fund trees in scope, each whole and with its positions, in few queries whatever their number."""
    query = select(Fund).where(within(actor, Fund.institution_id), Fund.parent_id.is_(None))
    order = [Order(Fund.reference), Order(Fund.id)]
    roots = paginate(session, query.options(selectinload(Fund.pockets)), order, cursor=cursor, limit=limit, total=True)
    found = select(Institution).where(Institution.id.in_({fund.institution_id for fund in roots.items}))
    owners = {owner.id: owner for owner in session.scalars(found)}
    funds = _with_sub_funds(session, roots.items)
    positions = positions_of(session, funds)
    return roots.map(lambda fund: _node(fund, funds, owners, positions))


def _with_sub_funds(session: Session, roots: Sequence[Fund]) -> list[Fund]:
    """These funds and everything below them, a level at a time."""
    found, level = list(roots), list(roots)
    while level:
        query = select(Fund).where(Fund.parent_id.in_([fund.id for fund in level]))
        level = list(session.scalars(query.options(selectinload(Fund.pockets)).order_by(Fund.reference)))
        found += level
    return found


def positions_of(session: Session, funds: Sequence[Fund]) -> dict[UUID, PocketPosition]:
    """The position of every pocket of these funds, by the pocket's id; nil before its first posting."""
    pockets = [pocket for fund in funds for pocket in fund.pockets]
    known = pocket_positions(session, [pocket.id for pocket in pockets])
    return {pocket.id: known.get(pocket.id) or _nil(Currency(pocket.currency)) for pocket in pockets}


def _nil(currency: Currency) -> PocketPosition:
    return PocketPosition(Money.zero(currency), Money.zero(currency), Money.zero(currency))


def position(session: Session, pocket: Pocket) -> PocketPosition:
    """What a pocket took in, paid out, holds back and has left; nil before its first posting."""
    return pocket_position(session, pocket.id) or _nil(Currency(pocket.currency))


def available(session: Session, pocket: Pocket) -> Money:
    """What a pocket has left after holds."""
    return position(session, pocket).available


def parent_of(session: Session, fund: Fund) -> Fund | None:
    """The fund's parent, if it is a sub-fund."""
    return session.get(Fund, fund.parent_id) if fund.parent_id else None


def _node(
    fund: Fund, funds: Sequence[Fund], owners: dict[UUID, Institution], positions: dict[UUID, PocketPosition]
) -> FundNode:
    return FundNode(
        fund,
        owners[fund.institution_id],
        {Currency(pocket.currency): positions[pocket.id] for pocket in fund.pockets},
        tuple(_node(child, funds, owners, positions) for child in funds if child.parent_id == fund.id),
    )


def node(session: Session, fund: Fund) -> FundNode:
    """One fund as a node of its tree."""
    funds = _with_sub_funds(session, [fund])
    owner = session.get_one(Institution, fund.institution_id)
    return _node(fund, funds, {each.institution_id: owner for each in funds}, positions_of(session, funds))


def pocket(session: Session, pocket_id: UUID) -> Pocket:
    """The pocket with its fund. Raises NotFound."""
    found = session.get(Pocket, pocket_id)
    if found is None:
        raise _no_fund()
    return found


def pockets_of(session: Session, institution_id: UUID, currency: Currency | None = None) -> list[Pocket]:
    """An institution's pockets of open funds, of one currency if named, parents first."""
    query = (
        select(Pocket)
        .join(Pocket.fund)
        .where(Fund.institution_id == institution_id, Fund.closed_on.is_(None))
        .options(selectinload(Pocket.fund))
        .order_by(Fund.parent_id.nulls_first(), Fund.reference, Pocket.currency)
    )
    if currency is not None:
        query = query.where(Pocket.currency == currency)
    return list(session.scalars(query))


def movements(
    session: Session,
    actor: Actor,
    fund: Fund | None = None,
    cursor: str | None = None,
    limit: int = DEFAULT_LIMIT,
) -> Page[FundMovement]:
    """One page of the movements in scope, newest first; of one fund's pockets if named."""
    query = select(FundMovement).where(within(actor, FundMovement.institution_id))
    if fund is not None:
        keys = [pocket.id for pocket in fund.pockets]
        query = query.where(FundMovement.from_pocket_id.in_(keys) | FundMovement.to_pocket_id.in_(keys))
    order = [Order(FundMovement.entered_at, descending=True), Order(FundMovement.id, descending=True)]
    return paginate(session, query, order, cursor=cursor, limit=limit, total=True)


def awaiting_approval_by(session: Session, actor: Actor) -> list[FundMovement]:
    """Submitted movements the actor may approve: of institutions where they hold the right, and not their own."""
    return list(session.scalars(awaiting_approval(actor)))


def awaiting_approval(actor: Actor) -> Select[FundMovement]:
    """The statement of `awaiting_approval_by`."""
    places = institutions_granting(actor, Permission.FUNDS_APPROVE)
    return (
        select(FundMovement)
        .where(
            FundMovement.status == MovementStatus.SUBMITTED,
            within(actor, FundMovement.institution_id),
            FundMovement.institution_id.in_(places),
            FundMovement.entered_by_id != actor.person_id,
        )
        .order_by(FundMovement.entered_at)
    )


def visible_movement(session: Session, actor: Actor, reference: str) -> FundMovement:
    """The movement of that reference, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = select(FundMovement).where(FundMovement.reference == reference, within(actor, FundMovement.institution_id))
    found = session.scalars(query).first()
    if found is None or not may(actor, Permission.FUNDS_READ):
        raise NotFound(Breach("fund.movement-not-found", _("There is no such movement.")))
    return found
