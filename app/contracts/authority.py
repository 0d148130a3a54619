"""The authority matrix applied to contracts: who may sign one or approve an amendment, and up to which amount."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.contracts import queries
from app.contracts.models import Amendment, Contract
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.people.authority import queries as authority
from app.people.authority.queries import Case


def signing_case(contract: Contract) -> Case:
    """The signature of a draft: the whole amount of the contract, prepared by its drafter."""
    makers = frozenset({contract.drafted_by_id})
    return Case(AuthorityKind.CONTRACT, contract.funder_id, queries.amount_of(contract), makers)


def amendment_case(contract: Contract, amendment: Amendment) -> Case:
    """The approval of an amendment: the larger of the amounts before and after it, in the contract's currency.

    Who decides on a contract answers for all of it, so a small increase of a large contract is a large matter.
    """
    amount = max(_amount(contract, plain) for plain in (amendment.before, amendment.after))
    makers = frozenset({amendment.proposed_by_id})
    return Case(AuthorityKind.AMENDMENT, contract.funder_id, amount, makers)


def breaches(session: Session, actor: Actor, case: Case, today: date) -> list[Breach]:
    """Every reason why the actor may not decide the case; each cure names who can. None means they may."""
    return authority.check_approval(session, actor, case, today)


def must_be_within(session: Session, actor: Actor, case: Case, today: date) -> UUID | None:
    """Refuse with 403 who decides beyond their limit, or has none. Gives whom they act for, None for themselves."""
    return authority.must_be_within(session, actor, case, today)


def on_behalf(principal_id: UUID | None) -> dict[str, Any]:
    """What the trail says of a decision made under delegated authority; nothing for one's own."""
    return {"on_behalf_of": principal_id} if principal_id is not None else {}


def _amount(contract: Contract, plain: Mapping[str, Any]) -> Money:
    return Money.parse(plain["amount"], Currency(contract.currency))
