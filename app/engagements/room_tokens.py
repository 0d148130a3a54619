"""A personal token for one room: it reads, needs no role, opens nothing else, and ends with the engagement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from app.engagements import service
from app.engagements.models import Engagement
from app.engagements.states import scope_of_room
from app.kernel.actor import Actor
from app.kernel.clock import BUSINESS_ZONE
from app.people import queries as people, tokens
from app.people.models import PersonalToken


@dataclass(frozen=True, slots=True)
class MakeToken:
    """A token wanted, for so many days; never beyond the engagement's last day."""

    name: str
    days: int


def make(
    session: Session, actor: Actor, reference: str, command: MakeToken, *, now: datetime
) -> tuple[PersonalToken, str]:
    """Make a token that reads this room: its row and the secret, shown this once. By a signed-in auditor of the room.

    Raises NotFound for anyone else, RuleBreached where a token asks for a token.
    """
    engagement = service.enter(session, actor, reference, "token", now=now).engagement
    wanted = tokens.WantedToken(command.name, (scope_of_room(reference),), command.days, over_at(engagement))
    return tokens.make(session, actor, wanted, now=now)


def over_at(engagement: Engagement) -> datetime:
    """When the engagement's last day is over in Hong Kong and Shenzhen."""
    return datetime.combine(engagement.expires_on + timedelta(days=1), time.min, BUSINESS_ZONE)


def own(session: Session, actor: Actor, reference: str) -> Sequence[PersonalToken]:
    """The actor's tokens for this room, the latest first."""
    scope = scope_of_room(reference)
    return [each for each in people.tokens_of(session, actor.person_id) if scope in each.scopes]
