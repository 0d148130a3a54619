"""The signing key: read from the environment or a file, known to everybody by its public half.

The first key vouches for itself; each later one is introduced by its predecessor's signature, so that who holds an old
checkpoint can follow to the newest key. A key that is lost cannot introduce anybody: keep a copy.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.settings import Settings


class NoKey(Exception):
    """The signing key is missing, unreadable or not the one the books know; the message says what to do."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """A private key of Ed25519 (RFC 8032)."""

    private: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def of_seed(cls, seed: bytes) -> SealKey:
        """The key of a seed of 32 bytes. Raises NoKey for another length."""
        if len(seed) != 32:
            raise NoKey(f"The signing key must have 32 bytes (base64), not {len(seed)}.")
        return cls(Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def public(self) -> bytes:
        """The public half, 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of the SHA-256 of the public half."""
        return id_of(self.public)

    def sign(self, message: str) -> bytes:
        """64 bytes over the message's UTF-8."""
        return self.private.sign(message.encode())


@dataclass(frozen=True, slots=True)
class KnownKey:
    """A key the books know."""

    key_id: str
    public_key: bytes
    introduced_at: datetime
    previous_id: str | None
    introduction: bytes


def id_of(public_key: bytes) -> str:
    """How a public key is named."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def introduction_text(public_key: bytes, introduced_at: datetime, previous_id: str | None) -> str:
    """What the predecessor signs."""
    when = introduced_at.astimezone(UTC).isoformat(timespec="microseconds")
    return f"hetao-ledger key\n{public_key.hex()}\nintroduced {when}\nafter {previous_id or 'none'}\n"


def own_key(settings: Settings) -> SealKey:
    """The key of this installation: HETAO_SEAL_KEY, else the file, which is made on first use. Raises NoKey."""
    if settings.seal_key:
        return _decoded(settings.seal_key, "HETAO_SEAL_KEY")
    if settings.seal_key_file:
        return read_key(settings.seal_key_file)
    return read_key(settings.home / "seal.key", make=True)


def read_key(path: Path, *, make: bool = False) -> SealKey:
    """The key of a file; with `make`, a new one where there is no file. Raises NoKey."""
    if make and not path.exists():
        _write_new(path)
    try:
        return _decoded(path.read_text(encoding="ascii"), str(path))
    except OSError as failure:
        raise NoKey(f"The signing key {path} cannot be read: {failure.strerror}.") from None


def _write_new(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as file:
        file.write(base64.b64encode(os.urandom(32)).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(draft, path)  # whoever came first keeps theirs
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _decoded(written: str, where: str) -> SealKey:
    try:
        return SealKey.of_seed(base64.b64decode(written.strip(), validate=True))
    except ValueError:
        raise NoKey(f"{where} does not hold 32 bytes in base64.") from None


def known(session: Session) -> list[KnownKey]:
    """Every key the books know, first to newest."""
    found = {
        row.previous_id: KnownKey(*row)
        for row in session.execute(
            text("select key_id, public_key, introduced_at, previous_id, introduction from ledger.seal_key")
        )
    }
    keys: list[KnownKey] = []
    following = found.get(None)
    while following is not None:
        keys.append(following)
        following = found.get(following.key_id)
    return keys


def use(session: Session, key: SealKey, *, now: datetime) -> None:
    """Make sure the key is the newest the books know; the very first is entered. Raises NoKey."""
    keys = known(session)
    if not keys:
        _enter(session, key, key, None, now)
    elif keys[-1].key_id != key.key_id:
        raise NoKey(
            f"The books are sealed with key {keys[-1].key_id}, and this is key {key.key_id}. "
            "Give the right one in HETAO_SEAL_KEY_FILE, or introduce the new one: hetao ledger rotate-key --to FILE."
        )


def rotate(session: Session, key: SealKey, successor: SealKey, *, now: datetime) -> None:
    """Let the newest key introduce its successor, which seals from now on. Raises NoKey."""
    use(session, key, now=now)
    if successor.key_id in {each.key_id for each in known(session)}:
        raise NoKey(f"Key {successor.key_id} has been used already; make a new one.")
    _enter(session, successor, key, key.key_id, now)


def _enter(session: Session, key: SealKey, signer: SealKey, previous_id: str | None, now: datetime) -> None:
    session.execute(
        text("select ledger.add_seal_key(:key, :public, :at, :previous, :introduction)"),
        {
            "key": key.key_id,
            "public": key.public,
            "at": now,
            "previous": previous_id,
            "introduction": signer.sign(introduction_text(key.public, now, previous_id)),
        },
    )
