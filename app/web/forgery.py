"""The token against forged requests, on every form; the API needs none, because it looks at no cookie."""

from __future__ import annotations

from flask import Flask, current_app, request
from flask_wtf.csrf import CSRFProtect

protection = CSRFProtect()
SAFE_METHODS = ("GET", "HEAD", "OPTIONS", "TRACE")


def register(app: Flask) -> None:
    """Join the protection to the application. The token lasts as long as the session. Tests switch it on themselves."""
    app.config.setdefault("WTF_CSRF_ENABLED", not app.testing)
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    protection.init_app(app)
    app.before_request(check)


def check() -> None:
    """Refuse a writing request without a valid token, from any page but the API's."""
    if not current_app.config["WTF_CSRF_ENABLED"] or request.path.startswith("/api/"):
        return
    if request.method not in SAFE_METHODS:
        protection.protect()
