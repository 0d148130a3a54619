"""Every address states who may use it; nothing is open without a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from app.access.guards import UnguardedView, check_all_guarded, guard_of
from app.application import create_app
from app.settings import Settings

OPEN = {
    "account.set_password",
    "account.sign_in",
    "account.sign_out",
    "api_openapi",
    "books.published_keys",
    "health",
    "language.choose",
    "pages.demo_progress",
    "verify.by_code",
    "verify.check",
    "verify.without_us",
    "verify.without_us_file",
}
"""Views that may be seen without signing in; adding one is a decision."""


@pytest.fixture
def joined(tmp_path: Path) -> Flask:
    return create_app(Settings(home=tmp_path, secret_key="only for tests " * 4, testing=True))


def test_every_route_is_guarded(joined: Flask) -> None:
    check_all_guarded(joined)


def test_an_unguarded_view_stops_the_start(joined: Flask) -> None:
    joined.add_url_rule("/bare", "bare", lambda: "anyone")
    with pytest.raises(UnguardedView, match="bare"):
        check_all_guarded(joined)


def test_only_the_listed_views_are_open_to_everyone(joined: Flask) -> None:
    opened = {
        endpoint
        for endpoint, view in joined.view_functions.items()
        if (guard := guard_of(view)) is not None and not guard.needs_sign_in
    }
    assert opened <= OPEN, f"open without being listed: {sorted(opened - OPEN)}"


def test_writing_is_never_done_by_get(joined: Flask) -> None:
    verbs = {"approve", "release", "submit", "confirm", "delete", "cancel", "revoke", "sign_out", "settle"}
    found = [
        rule.rule
        for rule in joined.url_map.iter_rules()
        if rule.endpoint.split(".")[-1] in verbs and "POST" not in (rule.methods or set())
    ]
    assert not found, f"verbs reachable only by GET: {found}"
