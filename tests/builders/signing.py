"""Signatures for tests: one test authority for each process, because keys take their time."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from app.settings import Settings
from app.signing.authority import TestAuthority
from app.signing.keys import TEST_AUTHORITY
from app.signing.signing import TestHand

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


@cache
def authority() -> TestAuthority:
    """The test authority of this process."""
    return TestAuthority.made()


def hand() -> TestHand:
    """Signs with it."""
    return TestHand(authority())


def signed(content: bytes) -> bytes:
    """The file with a test signature."""
    made = hand().sign(content, "Issued", AT)
    assert made is not None
    return made.content


def known_at(home: Path) -> Settings:
    """Settings of an installation whose own test authority is the one that signs here."""
    authority().keep(home / TEST_AUTHORITY)
    return Settings(home=home, secret_key="only for tests " * 4, testing=True)
