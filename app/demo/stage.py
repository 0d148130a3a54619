"""The stage the story is played on: a stopped clock that walks through the past, and one agenda in order of time.

The whole story is one database transaction: it is there completely or not at all, so an interrupted load leaves an
empty database and is simply started again. Inside it a session serves some steps and is then renewed.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from app.contracts.models import Contract, Obligation
from app.demo import cast, days
from app.disbursements.models import Disbursement
from app.evidence.examining import of_our_own_making
from app.kernel.actor import Actor, Role
from app.kernel.clock import Clock
from app.kernel.currencies import Currency
from app.kernel.errors import Refusal
from app.kernel.messages import _
from app.people import queries as people
from app.people.models import Person

STEPS_A_SESSION = 150
"""Steps share a session for a while, so that rows they have in common are read once."""

Step = Callable[[], None]
Report = Callable[[int, int, str], None]
"""Told how many days of how many have been played, and in words (a message id) what is played now."""


Versioned = TypeVar("Versioned", Contract, Obligation, Disbursement)


class StoryBroken(Exception):
    """A service refused what the story expected to go through; the message names the step, the day and why."""


@dataclass(slots=True)
class World:
    """What has come into being so far, by the names the story uses."""

    institutions: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    accounts: dict[tuple[str, Currency], UUID] = field(default_factory=dict)
    pockets: dict[tuple[str, Currency], UUID] = field(default_factory=dict)
    programmes: dict[str, UUID] = field(default_factory=dict)
    projects: dict[str, UUID] = field(default_factory=dict)
    contracts: dict[str, UUID] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    purses: dict[str, int] = field(default_factory=dict)
    """What each contract has left on its account, in minor units of the account's currency."""


class Stage:
    """Plays steps in order of time; each sees `now`, `session` and the world so far."""

    def __init__(self, connection: Connection, clock: Clock, report: Report) -> None:
        """`clock` says when the story ends; its steps run on `connection`, inside the caller's transaction."""
        self.connection = connection
        self.present = clock.now()
        self.today = clock.today()
        self.first_day = days.months_before(self.today, days.STORY_MONTHS)
        self.world = World()
        self.now = self.present
        self.session: Session
        self._report = report
        self._agenda: list[tuple[datetime, int, Step]] = []
        self._count = 0
        self._actors: dict[str, Actor] = {}
        self._shown = -1

    def at(self, instant: datetime, step: Step) -> None:
        """Put a step on the agenda; nothing happens after the present. Steps of one instant keep their order."""
        self._count += 1
        heapq.heappush(self._agenda, (min(instant, self.present), self._count, step))

    def on(self, day: date, step: Step, hour: int = 10, minute: int | None = None) -> None:
        """Put a step on the agenda at an hour of a business day; without a minute the steps spread over the hour."""
        chosen = (self._count * 7) % 60 if minute is None else minute
        self.at(days.instant(day, hour, chosen), step)

    def play(self) -> None:
        """Play everything on the agenda, also what steps add to it. Raises StoryBroken with the step and the reason."""
        while self._agenda:
            with Session(
                self.connection, join_transaction_mode="rollback_only", expire_on_commit=False
            ) as self.session:
                kept = _keep_what_is_read(self.session)
                for _number in range(STEPS_A_SESSION):
                    if not self._agenda:
                        break
                    self.now, _order, step = heapq.heappop(self._agenda)
                    self._tell()
                    self._run(step)
                kept.clear()

    def _run(self, step: Step) -> None:
        try:
            with of_our_own_making():
                step()
            self.session.flush()
        except Refusal as refusal:
            reasons = "; ".join(f"{each.code} {dict(each.params)}" for each in refusal.breaches)
            raise StoryBroken(f"{self.now:%Y-%m-%d} {step!r}: {reasons}") from refusal

    def _tell(self) -> None:
        total = max((self.today - self.first_day).days, 1)
        played = min(max((days_of(self.now) - self.first_day).days, 0), total)
        if played == self._shown:
            return
        self._shown = played
        self._report(played, total, _chapter(played, total))

    def actor(self, key: str) -> Actor:
        """A person of the cast, with the rights in force on the story's day."""
        known = self._actors.get(key)
        if known is None:
            person = self.session.get_one(Person, self.world.people[key])
            known = people.actor_of(self.session, person, days_of(self.now))
            self._actors[key] = known
        return known

    def forget_rights(self) -> None:
        """Rights have changed: read them again."""
        self._actors.clear()

    @property
    def day(self) -> date:
        """The business date of the present step."""
        return days_of(self.now)

    def institution(self, code: str) -> UUID:
        """The id of an institution."""
        return self.world.institutions[code]

    def crew(self, code: str, role: Role) -> list[str]:
        """Keys of those who hold a role at an institution."""
        return cast.players(code, role)

    def version(self, model: type[Versioned], key: UUID) -> int:
        """The version that a page would show now."""
        return self.session.get_one(model, key).version


def _keep_what_is_read(session: Session) -> set[object]:
    """Hold on to every row the session reads or makes, which by itself forgets what nobody holds."""
    kept: set[object] = set()

    def keep(_session: Session, row: object) -> None:
        kept.add(row)

    event.listen(session, "loaded_as_persistent", keep)
    event.listen(session, "pending_to_persistent", keep)
    return kept


def days_of(instant: datetime) -> date:
    """The business date of an instant."""
    return Clock(instant).today()


def _chapter(played: int, total: int) -> str:
    if played <= 0:
        return _("Institutions, people and accounts")
    if played < total // 2:
        return _("The first fiscal year")
    if played < total:
        return _("The second fiscal year")
    return _("What waits for somebody today")
