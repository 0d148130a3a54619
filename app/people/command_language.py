"""The words of the command line in the language of the person who acts."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from pathlib import Path

from app.kernel.breaches import Breach
from app.web.translation import BY_CODE

CATALOGUES = Path(__file__).resolve().parents[1] / "translations"
Say = Callable[..., str]
"""`say(message, **params)`: a message id in words."""


def in_language(code: str) -> Say:
    """A function that says message ids in the language with that code; in English for one it does not know."""
    language = BY_CODE.get(code, BY_CODE["en"])
    found = gettext.translation("messages", CATALOGUES, languages=[language.locale], fallback=True)

    def say(message: str, **params: object) -> str:
        return _filled(found.gettext(message) if message else "", params)

    return say


def breach_lines(say: Say, breach: Breach) -> list[str]:
    """What is wrong and how to mend it, a line each."""
    return [line for line in (say(breach.message, **breach.params), say(breach.cure, **breach.params)) if line]


def _filled(text: str, params: Mapping[str, object]) -> str:
    """A parameter that is missing never hides what is said."""
    try:
        return text % params if params else text
    except (KeyError, ValueError, TypeError):
        return text
