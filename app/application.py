"""`create_app`: the only place where the parts are joined."""

from __future__ import annotations

from flask import Flask, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app.access import guards
from app.blueprints import API, PAGES
from app.db import session as database
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.ledger.sealing import status
from app.pages.routes import inbox_count
from app.people import sessions, tokens
from app.settings import PROJECT, Settings, settings as settings_of_environment
from app.web import api, plumbing, templating, translation

OPEN_TO_ALL = {
    "language.choose": "Anyone may choose the language of the pages",
}
"""Views of the plumbing, which knows no guards, and why they are open."""


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Build the application from `settings` (the environment's by default); `clock` may be stopped by tests.

    Raises UnguardedView when a view states neither a permission nor why it is open.
    """
    settings = settings or settings_of_environment()
    app = Flask("app", root_path=str(PROJECT / "app"), template_folder=str(PROJECT / "templates"))
    _configure(app, settings)
    app.extensions["hetao.settings"] = settings
    app.extensions["hetao.clock"] = clock or Clock()
    if settings.database_url and not settings.testing:
        database.use_engine(database.build_engine(settings.database_url))
    plumbing.register(app, log_level=settings.log_level)
    translation.register(app)
    templating.register(app)
    guards.register(app)
    sessions.register(app)
    app.extensions[sessions.INBOX_COUNT] = inbox_count
    for pages, prefix in PAGES:
        app.register_blueprint(pages, url_prefix=prefix)
    for verbs in API:
        app.register_blueprint(verbs)
    api.register(app, api.ApiAccess(_actor_of_token, guards.check_anywhere, guards.mark, guards.public))
    app.add_url_rule("/health", "health", health)
    for endpoint, reason in OPEN_TO_ALL.items():
        if endpoint in app.view_functions:
            app.view_functions[endpoint] = guards.public(reason)(app.view_functions[endpoint])
    guards.check_all_guarded(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        SESSION_COOKIE_NAME="hetao",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        TESTING=settings.testing,
    )
    app.testing = settings.testing
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


@guards.public("A load balancer asks before anyone signs in; it tells how many entries wait, and nothing of them")
def health() -> tuple[dict[str, object], int]:
    """Whether this process can serve: it reaches the database. What waits to be sealed is told, and fails nothing."""
    with unit_of_work() as session:
        waiting = status.lag(session, None, current_app.extensions["hetao.clock"].now())
    unsealed = {"entries": waiting.entries, "oldest_seconds": int(waiting.age.total_seconds())}
    return {"status": "ok", "unsealed": unsealed}, 200


def _actor_of_token(secret: str) -> Actor | None:
    """The person behind a personal token; None when it is unknown, expired or revoked, or the person is disabled."""
    now = current_app.extensions["hetao.clock"].now()
    with unit_of_work() as session:
        return tokens.actor_of_token(session, secret, request.remote_addr or "", now=now)
