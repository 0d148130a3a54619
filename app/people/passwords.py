"""Passwords: argon2id hashes, equal work for known and unknown accounts, and what a password must be."""

from __future__ import annotations

import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.kernel.breaches import Breach
from app.kernel.messages import _

SHORTEST = 12
LONGEST = 200
_COMMON = frozenset(
    {
        "123456789012",
        "1234567890123",
        "password1234",
        "passwordpassword",
        "qwertyuiopas",
        "administrator",
        "changemechangeme",
        "iloveyou1234",
        "letmeinletmein",
        "111111111111",
        "000000000000",
        "abcdefghijkl",
    }
)
_HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
"""Argon2id with OWASP's first choice of parameters (19 MiB, two passes)."""


def hashed(password: str) -> str:
    """The argon2id hash of a password."""
    return _HASHER.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether the password is the right one. Without a hash the same work is done and the answer is no."""
    try:
        right = _HASHER.verify(password_hash or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return right and password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _HASHER.check_needs_rehash(password_hash)


def new_secret() -> str:
    """A random secret of 256 bits for a session, a token or a link."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """SHA-256 of a random secret, as kept in the database."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def password_breaches(password: str, email: str, field: str = "password") -> list[Breach]:
    """What is wrong with a new password: too short or long, one of the commonest, or the address itself."""
    plain = password.casefold()
    name = email.partition("@")[0].casefold()
    if (
        SHORTEST <= len(password) <= LONGEST
        and plain not in _COMMON
        and len(set(plain)) > 3
        and plain not in (email, name)
    ):
        return []
    return [
        Breach(
            "person.password-weak",
            _("This password is too easy to guess."),
            cure=_("Use %(shortest)s characters or more; three or four unrelated words do well."),
            source=_("NIST SP 800-63B: length and a list of common passwords"),
            params={"shortest": SHORTEST},
            field=field,
        )
    ]


@cache
def _nobody() -> str:
    """A hash no password matches, so that an unknown account costs the same time."""
    return _HASHER.hash(secrets.token_urlsafe(32))
