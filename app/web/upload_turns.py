"""Files wait on disk until it is their request's turn: so many requests bring files into memory at a time.

The body of a request is taken in as fast as the sender sends it, its files into temporary files. Before a file is read
into memory, and before the request takes a connection to the database, the request waits here; its turn ends with it.
"""

from __future__ import annotations

import threading

from flask import Flask, g, has_request_context

AT_ONCE = 2
"""Requests of one server process that hold files in memory at the same time; as many files are examined at once."""

_turns = threading.BoundedSemaphore(AT_ONCE)
_NAME = "upload_turn"


def register(app: Flask) -> None:
    """Let a request's turn end with the request, however it ends."""
    app.teardown_request(_give_back)


def take() -> None:
    """Wait for this request's turn, once; outside a request there is nobody to wait for."""
    if not has_request_context() or _NAME in g:
        return
    _turns.acquire()
    setattr(g, _NAME, _turns)


def _give_back(_error: BaseException | None) -> None:
    turn: threading.BoundedSemaphore | None = g.pop(_NAME, None)
    if turn is not None:
        turn.release()
