"""Questions about funds. Amounts come from the ledger; what a person may see comes from their institutions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import within
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


def visible_funds(session: Session, actor: Actor, *, root_only: bool = False) -> list[Fund]:
    """Funds in the actor's scope, parents before their sub-funds."""
    query = select(Fund).where(within(actor, Fund.institution_id)).options(selectinload(Fund.pockets))
    if root_only:
        query = query.where(Fund.parent_id.is_(None))
    return list(session.scalars(query.order_by(Fund.parent_id.nulls_first(), Fund.reference)))


def trees(session: Session, actor: Actor) -> list[FundNode]:
    """Every fund tree in scope with its positions, in three queries whatever their number."""
    funds = visible_funds(session, actor)
    owners = {
        owner.id: owner
        for owner in session.scalars(select(Institution).where(Institution.id.in_({f.institution_id for f in funds})))
    }
    positions = pocket_positions(session, [pocket.id for fund in funds for pocket in fund.pockets])
    return [_node(fund, funds, owners, positions) for fund in funds if fund.parent_id is None]


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
        {
            Currency(pocket.currency): positions.get(pocket.id) or _nil(Currency(pocket.currency))
            for pocket in fund.pockets
        },
        tuple(_node(child, funds, owners, positions) for child in funds if child.parent_id == fund.id),
    )


def node(session: Session, actor: Actor, fund: Fund) -> FundNode:
    """One fund as a node of its tree."""
    funds = visible_funds(session, actor)
    owner = session.get_one(Institution, fund.institution_id)
    positions = pocket_positions(session, [pocket.id for each in funds for pocket in each.pockets])
    return _node(fund, funds, {each.institution_id: owner for each in funds}, positions)


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


def movements(session: Session, actor: Actor, fund: Fund | None = None, *, limit: int = 200) -> list[FundMovement]:
    """Movements in scope, newest first; of one fund's pockets if named."""
    query = select(FundMovement).where(within(actor, FundMovement.institution_id))
    if fund is not None:
        keys = [pocket.id for pocket in fund.pockets]
        query = query.where(FundMovement.from_pocket_id.in_(keys) | FundMovement.to_pocket_id.in_(keys))
    return list(session.scalars(query.order_by(FundMovement.entered_at.desc(), FundMovement.id.desc()).limit(limit)))


def awaiting_approval_by(session: Session, actor: Actor) -> list[FundMovement]:
    """Submitted movements the actor may approve: of institutions where they hold the right, and not their own."""
    query = select(FundMovement).where(
        FundMovement.status == MovementStatus.SUBMITTED,
        within(actor, FundMovement.institution_id),
        FundMovement.entered_by_id != actor.person_id,
    )
    found = session.scalars(query.order_by(FundMovement.entered_at))
    return [row for row in found if may(actor, Permission.FUNDS_APPROVE, row.institution_id)]


def visible_movement(session: Session, actor: Actor, reference: str) -> FundMovement:
    """The movement of that reference, if it lies in the actor's scope. Raises NotFound otherwise."""
    query = select(FundMovement).where(FundMovement.reference == reference, within(actor, FundMovement.institution_id))
    found = session.scalars(query).first()
    if found is None or not may(actor, Permission.FUNDS_READ):
        raise NotFound(Breach("fund.movement-not-found", _("There is no such movement.")))
    return found
