"""A request takes one turn for all its files, and gives it back however it ends."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web import upload_turns


class Turns:
    """Counts who holds a turn, and how many were held at most."""

    def __init__(self) -> None:
        self.held = self.most = 0

    def acquire(self) -> None:
        self.held += 1
        self.most = max(self.most, self.held)

    def release(self) -> None:
        self.held -= 1


@pytest.fixture
def turns(monkeypatch: pytest.MonkeyPatch) -> Turns:
    found = Turns()
    monkeypatch.setattr(upload_turns, "_turns", found)
    return found


def serving(fails: bool) -> Flask:
    """An application whose one page takes in two files."""
    app = Flask(__name__)
    upload_turns.register(app)

    @app.post("/")
    def page() -> str:
        upload_turns.take()
        upload_turns.take()
        if fails:
            raise RuntimeError
        return "taken"

    return app


@pytest.mark.parametrize("fails", [False, True])
def test_turn_of_a_request_ends_with_it(turns: Turns, fails: bool) -> None:
    serving(fails).test_client().post("/")
    assert (turns.most, turns.held) == (1, 0)


def test_outside_a_request_nobody_waits(turns: Turns) -> None:
    upload_turns.take()
    assert turns.most == 0
