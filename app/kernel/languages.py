"""Names kept in up to three languages: which of them a reader is given."""

from __future__ import annotations

from collections.abc import Mapping

NEAREST: Mapping[str, tuple[str, ...]] = {
    "en": ("en", "zh-Hant", "zh-Hans"),
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
}
"""By the reader's language, all from the nearest on: the other Chinese script goes before English."""


def nearest_first(language: str, en: str | None, zh_hant: str | None, zh_hans: str | None) -> list[tuple[str, str]]:
    """The names there are, each with the code of its language, the reader's own or nearest first."""
    kept = {"en": en, "zh-Hant": zh_hant, "zh-Hans": zh_hans}
    return [(code, name) for code in NEAREST[language] if (name := kept[code])]


def nearest(language: str, en: str | None, zh_hant: str | None, zh_hans: str | None) -> str:
    """The name in the reader's language or the nearest one; empty where there is none."""
    return next((name for _code, name in nearest_first(language, en, zh_hant, zh_hans)), "")
