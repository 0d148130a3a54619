"""Words on their way into a spreadsheet, made so that none of them is run as a formula."""

from __future__ import annotations

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the start of a formula. Source: OWASP, CSV Injection."""


def harmless(text: str) -> str:
    """Words that a spreadsheet would run as a formula, with an apostrophe before them; other words as they are.

    For words only: a negative amount must not pass through here, or it is no number any more.
    """
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
