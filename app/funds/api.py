"""Funds as JSON."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.funds import queries, service
from app.funds.forms import DecideMovementForm, FundForm, MovementForm
from app.funds.models import Fund, FundMovement, Pocket
from app.funds.service import EnterMovement, OpenFund
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.balances import PocketPosition
from app.web.api import ApiBlueprint
from app.web.paging import Page
from app.web.present import now
from app.web.schemas import CodeOut, MoneyOut, Out, PageOf, PageQuery

api = ApiBlueprint("funds", __name__)


class PocketOut(Out):
    """One currency of a fund: what it took in, paid out, holds back and has left."""

    id = fields.UUID()
    currency = CodeOut()
    credit = MoneyOut()
    debit = MoneyOut()
    held = MoneyOut()
    available = MoneyOut()


class FundOut(Out):
    """A fund with its pockets."""

    id = fields.UUID()
    reference = fields.String()
    institution_id = fields.UUID()
    parent_id = fields.UUID(allow_none=True)
    name_en = fields.String()
    name_zh_hant = fields.String()
    name_zh_hans = fields.String()
    purpose = fields.String()
    opened_on = fields.Date()
    pockets = fields.List(fields.Nested(PocketOut))
    version = fields.Integer()


class MovementOut(Out):
    """A contribution or an allocation."""

    id = fields.UUID()
    reference = fields.String()
    kind = CodeOut()
    from_pocket_id = fields.UUID(allow_none=True)
    to_pocket_id = fields.UUID()
    amount = MoneyOut()
    value_date = fields.Date()
    reason = fields.String()
    status = CodeOut()
    version = fields.Integer()


def _fund(session: Session, fund: Fund) -> dict[str, Any]:
    return _shown(fund, queries.positions_of(session, [fund]))


def _shown(fund: Fund, positions: dict[UUID, PocketPosition]) -> dict[str, Any]:
    return {name: getattr(fund, name) for name in FundOut().fields if name != "pockets"} | {
        "pockets": [_pocket(pocket, positions[pocket.id]) for pocket in fund.pockets]
    }


def _pocket(pocket: Pocket, position: PocketPosition) -> dict[str, Any]:
    return {
        "id": pocket.id,
        "currency": pocket.currency,
        "credit": position.credit,
        "debit": position.debit,
        "held": position.held,
        "available": position.available,
    }


def _movement(movement: FundMovement) -> dict[str, Any]:
    names = [name for name in MovementOut().fields if name != "amount"]
    return {name: getattr(movement, name) for name in names} | {
        "amount": Money(movement.amount_minor, Currency(movement.currency))
    }


@api.get("/funds", permission=Permission.FUNDS_READ, query=PageQuery, response=FundOut, many=True, summary="List funds")
def index(session: Session, actor: Actor, query: PageOf) -> Page[dict[str, Any]]:
    """Funds and sub-funds in your scope by reference, parents first."""
    found = queries.fund_page(session, actor, query.cursor, query.limit)
    positions = queries.positions_of(session, found.items)
    return found.map(lambda fund: _shown(fund, positions))


@api.get("/funds/<reference:reference>", permission=Permission.FUNDS_READ, response=FundOut, summary="Show a fund")
def detail(session: Session, actor: Actor, reference: str) -> dict[str, Any]:
    """One fund with both pockets."""
    return _fund(session, queries.visible_fund(session, actor, reference))


@api.post(
    "/funds", permission=Permission.FUNDS_CREATE, body=FundForm, response=FundOut, status=201, summary="Open a fund"
)
def open_fund(session: Session, actor: Actor, command: OpenFund) -> dict[str, Any]:
    """A fund, or a sub-fund of `parent_id`, with a CNY and an HKD pocket."""
    return _fund(session, service.open_fund(session, actor, command, now=now()))


@api.get(
    "/fund-movements",
    permission=Permission.FUNDS_READ,
    query=PageQuery,
    response=MovementOut,
    many=True,
    summary="List movements",
)
def movements(session: Session, actor: Actor, query: PageOf) -> Page[dict[str, Any]]:
    """Movements in your scope, newest first."""
    return queries.movements(session, actor, None, query.cursor, query.limit).map(_movement)


@api.post(
    "/fund-movements",
    permission=Permission.FUNDS_READ,
    body=MovementForm,
    response=MovementOut,
    status=201,
    summary="Enter a movement",
)
def enter_movement(session: Session, actor: Actor, command: EnterMovement) -> dict[str, Any]:
    """A contribution or an allocation, for a second person's approval."""
    return _movement(service.enter_movement(session, actor, command, now=now()))


@api.post(
    "/fund-movements/<reference:reference>/approve",
    permission=Permission.FUNDS_APPROVE,
    body=DecideMovementForm,
    response=MovementOut,
    summary="Approve a movement",
)
def approve(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """Approve and post it; whoever entered it cannot."""
    found = queries.visible_movement(session, actor, reference)
    return _movement(service.approve_movement(session, actor, found.id, version=command["version"], now=now()))


@api.post(
    "/fund-movements/<reference:reference>/refuse",
    permission=Permission.FUNDS_APPROVE,
    body=DecideMovementForm,
    response=MovementOut,
    summary="Refuse a movement",
)
def refuse(session: Session, actor: Actor, command: dict[str, Any], reference: str) -> dict[str, Any]:
    """Refuse it; nothing is posted."""
    found = queries.visible_movement(session, actor, reference)
    return _movement(service.refuse_movement(session, actor, found.id, version=command["version"], now=now()))
