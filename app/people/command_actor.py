"""Who acts on the command line: the person named by `--as`, with the rights in force today."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.people import queries


def actor_by_email(session: Session, email: str, now: datetime) -> Actor:
    """The person with that address as an actor. Raises InputRefused for an unknown or disabled one."""
    person = queries.by_email(session, email)
    if person is None or person.disabled_at is not None:
        raise InputRefused(
            Breach(
                "command.unknown-person",
                _("Nobody who may sign in has the address %(email)s."),
                cure=_("Give the address of a person of this system after --as."),
                params={"email": email},
            )
        )
    return queries.actor_of(session, person, business_date(now))
