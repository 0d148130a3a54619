"""Whose books a person may read: the one answer for every slice that shows books."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise, refusal
from app.access.permissions import Permission
from app.access.scope import institutions_granting, sees_everything, within
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.ledger import balances


def readable(session: Session, actor: Actor, permission: Permission) -> list[Institution]:
    """Institutions with a book for which the actor holds the permission, by code; every one for who sees everything."""
    query = select(Institution).order_by(Institution.code)
    if not sees_everything(actor):
        query = query.where(Institution.id.in_(institutions_granting(actor, permission)))
    kept = set(balances.book_ids(session).values())
    return [found for found in session.scalars(query) if found.id in kept]


def keeper(session: Session, actor: Actor, code: str, permission: Permission) -> Institution:
    """The institution whose book has that code. Raises NotFound outside the scope, NotPermitted without the right."""
    found = session.scalar(select(Institution).where(Institution.code == code, within(actor, Institution.id)))
    if found is None or balances.functional_currency(session, found.id) is None:
        raise NotFound(Breach("book.not-found", _("There is no such book.")))
    authorise_reading(actor, permission, found.id)
    return found


def authorise_reading(actor: Actor, permission: Permission, institution_id: UUID) -> None:
    """Who sees everything reads everywhere, with a token only within its scopes; others where they hold the right."""
    if not sees_everything(actor):
        authorise(actor, permission, institution_id)
    elif permission not in (actor.scopes or {permission}):
        raise refusal(permission, institution_id)
