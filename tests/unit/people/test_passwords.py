"""Passwords: hashed with argon2id, and what they must be."""

from __future__ import annotations

import pytest

from app.people import passwords


def test_hash_matches_its_own_password_only() -> None:
    kept = passwords.hashed("river loop ferry 1898")
    assert kept.startswith("$argon2id$")
    assert passwords.matches("river loop ferry 1898", kept)
    assert not passwords.matches("river loop ferry 1899", kept)


def test_nobody_matches_without_a_hash() -> None:
    assert not passwords.matches("anything at all", None)


@pytest.mark.parametrize("weak", ["short", "password1234", "aaaaaaaaaaaaaa", "officer@loop.example", "x" * 201])
def test_weak_password_is_refused(weak: str) -> None:
    assert passwords.password_breaches(weak, "officer@loop.example")


def test_long_phrase_is_accepted() -> None:
    assert passwords.password_breaches("three plain words here", "officer@loop.example") == []
