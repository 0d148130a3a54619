"""Identifiers as both sides write them, made plain so that they can be compared. Pure."""

from __future__ import annotations

import re

SHORTEST = 4
"""Shorter identifiers say nothing: a bank numbers many things from 1."""

_NOT_PLAIN = re.compile(r"[^0-9A-Z]+")


def plain(word: str) -> str:
    """Capitals and digits only."""
    return _NOT_PLAIN.sub("", word.upper())


def identifiers_of(*texts: str) -> frozenset[str]:
    """Identifiers written with spaces between them: capitals and digits only, at least four long."""
    words = (plain(word) for text in texts for word in text.split())
    return frozenset(word for word in words if len(word) >= SHORTEST)
