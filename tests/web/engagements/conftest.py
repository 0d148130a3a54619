"""The worked example with a granted engagement, whose auditor holds no right anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from tests.builders import engagements, statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import signed_in_client

Browser = Callable[[Actor], FlaskClient]


@dataclass(frozen=True, slots=True)
class Room:
    """A granted engagement with its auditor, in the worked example."""

    made: PaymentWorld
    auditor: Actor
    reference: str

    def path(self, *parts: object) -> str:
        """An address in the room."""
        return "/".join(["/room", self.reference, *(str(part) for part in parts)])


@pytest.fixture
def room(app: Flask) -> Room:
    """The room, committed."""
    with unit_of_work() as session:
        made = statements.worked_example(session)
        auditor = engagements.auditor(session)
        row = engagements.granted(session, made, auditor)
        return Room(made, auditor, row.reference)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which the actor is signed in."""
    return lambda actor: signed_in_client(app, actor.person_id)
