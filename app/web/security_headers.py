"""What every response tells the browser to refuse. A view may tighten a header for itself, as downloads do."""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""For files people uploaded: nothing in them may run."""

HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
STATIC_AGE = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Add the headers to every response."""
    app.after_request(add_headers)


def add_headers(response: Response) -> Response:
    """Set what the view has not set itself. Pages are never stored by browsers or proxies; static files may be."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if request.endpoint == "static" and response.status_code == 200 and "v" in request.args:
        response.headers["Cache-Control"] = STATIC_AGE
    elif request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
