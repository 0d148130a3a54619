"""Writes notices beside the verb that causes them, and forgets old ones. Without a server named, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.kernel.identity import new_id
from app.mail.models import OutgoingMail
from app.mail.states import KEPT_FOR, Notice
from app.settings import settings


def note(
    session: Session,
    people: Iterable[UUID],
    notice: Notice,
    institution_id: UUID,
    *,
    permission: Permission | None = None,
    now: datetime,
) -> None:
    """Write a mail to each person, in the verb's own transaction: it is sent once that is committed, or never was.

    With `permission`, it goes out only to those who still hold it at the institution at that moment.
    """
    if not settings().mail_host:
        return
    for person_id in dict.fromkeys(people):
        session.add(
            OutgoingMail(
                id=new_id(),
                person_id=person_id,
                kind=notice.kind,
                reference=notice.reference,
                path=notice.path,
                permission=permission.value if permission else "",
                institution_id=institution_id,
                written_at=now,
                next_try_at=now,
            )
        )


def purge(session: Session, *, now: datetime) -> int:
    """Forget mails written long ago, sent or not; how many."""
    old = delete(OutgoingMail).where(OutgoingMail.written_at < now - KEPT_FOR).returning(OutgoingMail.id)
    return len(session.scalars(old).all())
