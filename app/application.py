"""`create_app`: the only place where the parts are joined."""

from __future__ import annotations

from flask import Flask

from app.blueprints import PAGES
from app.db import session as database
from app.kernel.clock import Clock
from app.settings import PROJECT, Settings, settings as settings_of_environment


def create_app(settings: Settings | None = None, *, clock: Clock | None = None) -> Flask:
    """Build the application from `settings` (the environment's by default); `clock` may be stopped by tests."""
    settings = settings or settings_of_environment()
    app = Flask("app", root_path=str(PROJECT / "app"), template_folder=str(PROJECT / "templates"))
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        TESTING=settings.testing,
    )
    app.extensions["hetao.settings"] = settings
    app.extensions["hetao.clock"] = clock or Clock()
    if settings.database_url and not settings.testing:
        database.use_engine(database.build_engine(settings.database_url))
    for blueprint, prefix in PAGES:
        app.register_blueprint(blueprint, url_prefix=prefix)
    return app
