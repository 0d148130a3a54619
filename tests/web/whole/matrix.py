"""The expected answers of every address to everyone, worked out from the table of grants and each view's own guard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from app.access.guards import Guard, guard_of
from app.access.permissions import Permission
from app.access.roles import GRANTS
from app.kernel.actor import Role
from tests.web.whole import addresses
from tests.web.whole.conftest import LandIds

NOT_ASKED = {"static", "health", "api_openapi", "account.sign_in", "account.sign_out", "account.set_password"}
"""Open to everyone; their own tests look at them."""


@dataclass(frozen=True, slots=True)
class Address:
    """One rule and method: who may come in, and which kinds of record its arguments name."""

    rule: Rule
    method: str
    guard: Guard

    @property
    def is_api(self) -> bool:
        """Whether tokens, and not browsers, come here."""
        return self.rule.rule.startswith("/api/")

    @property
    def parts(self) -> list[tuple[str, str]]:
        """(address part, argument), from left to right."""
        return addresses.arguments(self.rule)

    @property
    def is_shared(self) -> bool:
        """Whether people of other institutions may meet the record."""
        return not self.parts or self.parts[0][0] in addresses.SHARED

    def shows_foreign(self, role: Role) -> bool:
        """Whether the role meets records of other institutions here."""
        listed = self.method == "GET" and bool(self.parts) and self.parts[0][0] in addresses.IN_DIRECTORY
        return self.is_shared or (listed and Permission.INSTITUTIONS_DIRECTORY in GRANTS[role])

    def admits(self, role: Role) -> bool:
        """Whether the guard lets the role in at all."""
        return self.guard.permission is None or self.guard.permission in GRANTS[role]

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule}"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and media type; a failure of ours is a 500 with what went wrong."""

    status: int
    media_type: str = ""
    location: str = ""
    failure: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (str(self.status), self.media_type, self.location, self.failure) if part)


def ask(client: FlaskClient, path: str, method: str = "GET", **options: Any) -> Answer:
    """What the application answers."""
    try:
        answer = client.open(path, method=method, **options)
    except Exception as failure:
        return Answer(500, failure=f"{type(failure).__name__}: {str(failure)[:200]}")
    return Answer(answer.status_code, answer.mimetype, answer.headers.get("Location", ""))


def addresses_of(app: Flask, *methods: str, api: bool) -> list[Address]:
    """Every guarded address of screens or of the API that answers to one of the methods."""
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        guard = guard_of(app.view_functions[rule.endpoint])
        if rule.endpoint in NOT_ASKED or guard is None or not guard.needs_sign_in:
            continue
        for method in methods:
            if method in (rule.methods or ()) and rule.rule.startswith("/api/") is api:
                found.append(Address(rule, method, guard))
    return found


def paths(session: Session, address: Address, land: LandIds, *, most: int = 1) -> list[str]:
    """The address with identifiers of that world, at most so many of them; all its spelled-out choices.

    The transaction ends with the reading: what is asked of the addresses may take longer than the server lets one idle.
    """
    spelled = addresses.choices(address.rule)
    found = [
        addresses.filled(address.rule, values | ({name: word} if name else {}))
        for values in _values(session, address.parts, land, most)
        for name, words in spelled.items() or [("", [""])]
        for word in (words if address.method != "GET" else words[:1])
    ]
    session.rollback()
    return found


def _values(session: Session, parts: list[tuple[str, str]], land: LandIds, most: int) -> Iterator[dict[str, str]]:
    if not parts:
        yield {}
        return
    kind, argument = parts[0]
    known = addresses.FIXED.get(kind) or land.ids[kind]
    given = 0
    for key in known:
        if len(parts) == 1:
            yield {argument: key}
            given += 1
        else:
            inner, name = parts[1]
            for value in addresses.below(session, [kind], key).get(inner, []):
                yield {argument: key, name: value}
                given += 1
                break
        if given >= most:
            return
