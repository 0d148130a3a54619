"""A committed world with the worked example, whose people can sign in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from tests.builders import signing, statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import signed_in_client

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask, tmp_path: Path) -> PaymentWorld:
    """The worked example, committed; the test authority of these tests is the installation's own."""
    signing.known_at(tmp_path)
    with unit_of_work() as session:
        return statements.worked_example(session)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which the actor is signed in."""
    return lambda actor: signed_in_client(app, actor.person_id)
