"""Builders of funds by their services: a parent fund, a sub-fund, two fund managers, an account per currency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.funds import service
from app.funds.models import Fund, FundMovement, Pocket
from app.funds.service import EnterMovement, OpenFund
from app.funds.states import MovementKind
from app.institutions.models import BankAccount, Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import payments, projects
from tests.builders.payments import NOW, TODAY

MOST = "1000000000.00"
"""What a fund manager may approve."""


@dataclass(frozen=True, slots=True)
class FundWorld:
    """A funder with a parent fund and a sub-fund; its two fund managers, and somebody without that role."""

    funder: Institution
    manager: Actor
    other_manager: Actor
    officer: Actor
    parent: Fund
    sub_fund: Fund
    accounts: dict[Currency, BankAccount]

    def pocket(self, fund: Fund, currency: Currency = Currency.CNY) -> Pocket:
        """The fund's pocket of that currency."""
        return next(each for each in fund.pockets if each.currency == currency)


def world(session: Session, side: Side = Side.SZ) -> FundWorld:
    """Everything needed to move money within a fund; nothing contributed yet. A rate of today is there."""
    funder = projects.institution(session, "Qingtan Science Foundation", side, InstitutionKind.FUNDER)
    manager = payments.someone(session, "Guo Xin", Role.FUND_MANAGER, funder)
    other = payments.someone(session, "Tse Wai", Role.FUND_MANAGER, funder)
    officer = payments.someone(session, "Li Jianhua", Role.GRANT_OFFICER, funder)
    for each in Currency:
        payments.limit(
            session, funder, manager, other, each, MOST, None, role=Role.FUND_MANAGER, kind=AuthorityKind.FUND_MOVEMENT
        )
    parent = service.open_fund(session, manager, open_command(funder), now=NOW)
    child = service.open_fund(session, manager, open_command(funder, parent_id=parent.id), now=NOW)
    accounts = {
        currency: projects.bank_account(session, funder, currency, manager.person_id, other.person_id)
        for currency in Currency
    }
    payments.rate(session, "0.9240", TODAY)
    return FundWorld(funder, manager, other, officer, parent, child, accounts)


def open_command(funder: Institution, **changes: Any) -> OpenFund:
    """A fund of the funder, or a sub-fund with `parent_id`."""
    values: dict[str, Any] = {
        "institution_id": funder.id,
        "parent_id": None,
        "name_en": "Photonics fund",
        "name_zh_hant": "光電子基金",
        "name_zh_hans": "光电子基金",
        "purpose": "Joint projects",
        "opened_on": TODAY,
    }
    return OpenFund(**(values | changes))


def contribution(made: FundWorld, amount: Money, **changes: Any) -> EnterMovement:
    """A contribution to the parent's pocket of the amount's currency, on the account of that currency."""
    values: dict[str, Any] = {
        "kind": MovementKind.CONTRIBUTION,
        "from_pocket_id": None,
        "to_pocket_id": made.pocket(made.parent, amount.currency).id,
        "bank_account_id": made.accounts[amount.currency].id,
        "contributor": "Shenzhen Finance Bureau",
        "amount": amount,
        "value_date": TODAY,
        "reason": "First contribution",
    }
    return EnterMovement(**(values | changes))


def allocation(made: FundWorld, amount: Money, **changes: Any) -> EnterMovement:
    """An allocation from the parent's to the sub-fund's pocket of the amount's currency."""
    values: dict[str, Any] = {
        "kind": MovementKind.ALLOCATION,
        "from_pocket_id": made.pocket(made.parent, amount.currency).id,
        "to_pocket_id": made.pocket(made.sub_fund, amount.currency).id,
        "bank_account_id": None,
        "contributor": "",
        "amount": amount,
        "value_date": TODAY,
        "reason": "For the 2026 call",
    }
    return EnterMovement(**(values | changes))


def entered(session: Session, made: FundWorld, command: EnterMovement) -> FundMovement:
    """Entered by the first fund manager."""
    return service.enter_movement(session, made.manager, command, now=NOW)


def posted(session: Session, made: FundWorld, command: EnterMovement) -> FundMovement:
    """Entered by the first fund manager and approved by the second."""
    movement = entered(session, made, command)
    return service.approve_movement(session, made.other_manager, movement.id, version=movement.version, now=NOW)
