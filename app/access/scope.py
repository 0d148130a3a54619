"""What an actor may see: restricts queries to the institutions in scope. The overseer sees all of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, or_, true

from app.access.permissions import Permission
from app.access.roles import GRANTS
from app.kernel.actor import Actor, Role


def sees_everything(actor: Actor) -> bool:
    """Whether the actor's scope is not limited to institutions (overseers read across the zone)."""
    return actor.holds(Role.OVERSEER)


def visible_institutions(actor: Actor) -> frozenset[UUID] | None:
    """Institutions whose records the actor may see; None means every one."""
    return None if sees_everything(actor) else actor.institutions()


def institutions_granting(actor: Actor, permission: Permission) -> frozenset[UUID]:
    """Institutions at which the actor holds `permission` (token scopes respected)."""
    if actor.scopes is not None and permission not in actor.scopes:
        return frozenset()
    return frozenset(right.institution_id for right in actor.rights if permission in GRANTS[right.role])


def sees(actor: Actor, *institution_ids: UUID | None) -> bool:
    """Whether a record of these institutions lies in the actor's scope: one of them is enough."""
    visible = visible_institutions(actor)
    return visible is None or any(key in visible for key in institution_ids)


def within(actor: Actor, *columns: Any) -> ColumnElement[bool]:
    """SQL condition: at least one of the institution id `columns` is visible to the actor.

    Give both parties of a contract, so that either side's people find it: `within(actor, C.funder_id, C.grantee_id)`.
    """
    visible = visible_institutions(actor)
    if visible is None:
        return true()
    return or_(*(column.in_(visible) for column in columns))
