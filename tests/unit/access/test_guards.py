"""No view goes unguarded: the application does not start otherwise."""

from __future__ import annotations

import pytest
from flask import Flask

from app.access import guards
from app.access.permissions import Permission


def test_application_with_an_unguarded_view_does_not_start() -> None:
    app = Flask("bare")
    app.add_url_rule("/open", "forgotten", lambda: "")
    with pytest.raises(guards.UnguardedView, match="forgotten"):
        guards.check_all_guarded(app)


def test_guarded_and_public_views_are_accepted() -> None:
    app = Flask("guarded")
    app.add_url_rule("/a", "a", guards.requires(Permission.CONTRACTS_READ)(lambda: ""))
    app.add_url_rule("/b", "b", guards.public("Anyone may look")(lambda: ""))
    app.add_url_rule("/c", "c", guards.signed_in("Own account")(lambda: ""))
    guards.check_all_guarded(app)
    assert guards.guard_of(app.view_functions["a"]) == guards.Guard(Permission.CONTRACTS_READ)


def test_guarded_view_asks_for_sign_in_when_nobody_is_there() -> None:
    app = Flask("guarded")
    app.add_url_rule("/a", "a", guards.requires(Permission.CONTRACTS_READ)(lambda: "secret"))
    assert app.test_client().get("/a").status_code == 401
