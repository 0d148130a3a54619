"""Where a person may be sent on: only to pages of this site."""

from __future__ import annotations

import unicodedata
from urllib.parse import unquote, urlsplit


def safe_next(target: str | None, default: str = "/") -> str:
    """`target` when it is a path of this site, else `default`.

    Refused: other hosts and schemes, `//host`, back-slashes, control characters, and the same percent-encoded.
    """
    if not target or len(target) > 2000:
        return default
    for form in (target, unquote(target), unquote(unquote(target))):
        if not form.startswith("/") or form.startswith("//") or "\\" in form:
            return default
        if any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp", "Cs") for character in form):
            return default
    try:
        parts = urlsplit(target)
    except ValueError:
        return default
    return default if parts.scheme or parts.netloc else target
