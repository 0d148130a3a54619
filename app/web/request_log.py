"""One JSON line per request and per event, with the request's reference, without secrets or account numbers.

JSON escapes line breaks and control characters, so nothing a client sends can forge a line.
"""

from __future__ import annotations

import logging
import re
import secrets
import sys
import time
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, request

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without letters that are read as digits, because people read references out on the telephone."""

SECRET_NAMES = re.compile(
    r"password|passphrase|secret|token|authorization|cookie|csrf|api_key|hkid|account_number", re.I
)
LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z-])[0-9]{5,}([0-9]{4})(?![0-9A-Za-z-])")
ROW = re.compile(r"(DETAIL:).*")
"""What PostgreSQL tells of the row it refused: it may hold what people typed."""
LONG_SEGMENT = re.compile(r"/(?![0-9a-f]{8}-[0-9a-f]{4}-)[A-Za-z0-9_\-]{32,}")
UNTOUCHED = frozenset({"request_id", "timestamp", "level", "actor"})

log = structlog.get_logger("hetao")


def register(app: Flask, *, level: str = "INFO") -> None:
    """Number every request and log it when it is answered; register it before anything else."""
    configure(level)
    app.before_request(begin)
    app.after_request(end)


def configure(level: str = "INFO") -> None:
    """Write JSON lines to standard error, library messages included."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=True)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
    )
    handler = next((h for h in logging.getLogger().handlers if getattr(h, "hetao", False)), None)
    if handler is None:
        handler = logging.StreamHandler()
        handler.__dict__["hetao"] = True
        logging.getLogger().addHandler(handler)
    handler.setFormatter(formatter)
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def without_secrets(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Leave out values whose names speak of secrets, refused rows, and all but four digits of long numbers."""
    for name, value in event.items():
        if SECRET_NAMES.search(name):
            event[name] = "[left out]"
        elif isinstance(value, str) and name not in UNTOUCHED:
            event[name] = LONG_NUMBER.sub(r"…\1", ROW.sub(r"\1 [left out]", value))
    return event


def new_reference() -> str:
    """A reference number for a request, such as `K7Q2-9XMD-4TRB`."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(12))
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def begin() -> None:
    """Number the request; every line logged while it lasts carries the number."""
    g.request_id = new_reference()
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def end(response: Response) -> Response:
    """Log the answer: who by id, what by path without the query, how it ended and how long it took."""
    response.headers["X-Request-ID"] = g.get("request_id", "")
    actor = g.get("actor")
    took = time.perf_counter() - g.get("request_began", time.perf_counter())
    log.info(
        "request",
        method=request.method,
        path=LONG_SEGMENT.sub("/…", request.path)[:300],
        endpoint=request.endpoint,
        status=response.status_code,
        took_ms=round(took * 1000, 1),
        actor=str(actor.person_id) if actor is not None else None,
        address=request.remote_addr,
        codes=[breach.code for breach in g.refusal.breaches] if g.get("refusal") is not None else [],
    )
    return response
