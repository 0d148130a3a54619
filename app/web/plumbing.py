"""Joins the plumbing to the application, in the order in which a request passes it."""

from __future__ import annotations

from flask import Flask

from app.web import error_pages, forgery, request_log, request_text, security_headers, upload_turns, url_converters


def register(app: Flask, *, log_level: str = "INFO") -> None:
    """Call it before any blueprint is registered and before the guards; `api.register` comes after both."""
    request_log.register(app, level=log_level)
    security_headers.register(app)
    url_converters.register(app)
    request_text.register(app)
    upload_turns.register(app)
    forgery.register(app)
    error_pages.register(app)
