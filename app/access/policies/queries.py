"""Questions about policy numbers: which value is in force on a day, on whose word, and what it was before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policies.models import PolicySetting
from app.access.policies.states import POLICIES, PolicyName, PolicyStatus
from app.web.paging import DEFAULT_LIMIT, Order, Page, paginate


@dataclass(frozen=True, slots=True)
class InForce:
    """A policy number as it stands on a day."""

    name: PolicyName
    value: Decimal
    source: str
    verified: bool
    first_day: date


def in_force(session: Session, name: PolicyName, on: date) -> InForce:
    """The value in force on that day: the newest confirmed one, else the built-in one."""
    query = (
        select(PolicySetting)
        .where(
            PolicySetting.name == name,
            PolicySetting.status == PolicyStatus.CONFIRMED,
            PolicySetting.first_day <= on,
        )
        .order_by(PolicySetting.first_day.desc(), PolicySetting.decided_at.desc(), PolicySetting.id.desc())
    )
    row = session.scalars(query.limit(1)).first()
    if row is not None:
        return InForce(name, row.value.normalize(), row.source, row.verified, row.first_day)
    policy = POLICIES[name]
    return InForce(name, policy.value, policy.source, policy.verified, policy.first_day)


def number(session: Session, name: PolicyName, on: date) -> Decimal:
    """Only the value in force on that day."""
    return in_force(session, name, on).value


def days(session: Session, name: PolicyName, on: date) -> int:
    """The value in force on that day, as whole days."""
    return int(number(session, name, on))


def days_by_day(session: Session, name: PolicyName, wanted: Iterable[date]) -> dict[date, int]:
    """As `days`, for several days at once: in one query."""
    query = (
        select(PolicySetting)
        .where(PolicySetting.name == name, PolicySetting.status == PolicyStatus.CONFIRMED)
        .order_by(PolicySetting.first_day.desc(), PolicySetting.decided_at.desc(), PolicySetting.id.desc())
    )
    settings = list(session.scalars(query))
    built_in = int(POLICIES[name].value)
    return {
        on: next((int(each.value) for each in settings if each.first_day <= on), built_in)
        for on in dict.fromkeys(wanted)
    }


def all_in_force(session: Session, on: date) -> list[InForce]:
    """Every policy number as it stands on that day, in the order of the built-in list."""
    return [in_force(session, name, on) for name in POLICIES]


def changes(session: Session, cursor: str | None = None, limit: int = DEFAULT_LIMIT) -> Page[PolicySetting]:
    """One page of proposed, confirmed and refused changes, newest first."""
    order = [Order(PolicySetting.proposed_at, descending=True), Order(PolicySetting.id, descending=True)]
    return paginate(session, select(PolicySetting), order, cursor=cursor, limit=limit, total=True)
