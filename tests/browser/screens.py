"""The screens that must be free of barriers at every width and in both colour schemes. Add a line with each screen."""

from __future__ import annotations

GUIDE_SCREENS: tuple[str, ...] = (
    "/",
    "/sign-in",
    *(f"/error/{status}" for status in (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)),
)
"""Addresses of the style guide."""

OPEN_SCREENS: tuple[str, ...] = ("/sign-in", "/no-such-page")
"""Addresses of the application that need no sign-in."""
