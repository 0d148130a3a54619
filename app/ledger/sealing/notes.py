"""Checkpoints: the signed head of a book's tree, as a signed note that stock tools for transparency logs read.

Format: C2SP tlog-checkpoint and signed-note (https://c2sp.org/tlog-checkpoint, https://c2sp.org/signed-note). The
first three lines are origin, number of leaves and root; ours follow as extension lines. What a block's signature signs
is this text, and the block's hash is its SHA-256.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ORIGIN = "hetao-ledger/"
_ED25519 = b"\x01"


@dataclass(frozen=True, slots=True)
class Head:
    """What a block says of its book. `attached` is the root over what is attached to the block; None: nothing is.

    A block without attachments says nothing of them, and has the bytes that it had before there were any.
    """

    book_id: UUID
    book_code: str
    functional: str
    block_no: int
    tree_size: int
    root: bytes
    balances_root: bytes
    previous_hash: bytes
    seal_epoch: int
    sealed_at: datetime
    key_id: str
    attached: bytes | None = None

    @property
    def origin(self) -> str:
        """Whose log this is: the name that signs."""
        return ORIGIN + self.book_code

    @property
    def text(self) -> str:
        """The note's text, every line ended."""
        lines = [
            self.origin,
            str(self.tree_size),
            _b64(self.root),
            f"book {self.book_id}",
            f"functional {self.functional}",
            f"block {self.block_no}",
            f"previous {_b64(self.previous_hash)}",
            f"balances {_b64(self.balances_root)}",
            f"epoch {self.seal_epoch}",
            f"sealed {self.sealed_at.astimezone(UTC).isoformat(timespec='microseconds')}",
            f"key {self.key_id}",
        ]
        if self.attached is not None:
            lines.append(f"attached {_b64(self.attached)}")
        return "".join(line + "\n" for line in lines)

    @property
    def block_hash(self) -> bytes:
        """SHA-256 of the text."""
        return hashlib.sha256(self.text.encode()).digest()


def signature_line(name: str, public_key: bytes, signature: bytes) -> str:
    """One signature of a note, as a line."""
    mark = hashlib.sha256(name.encode() + b"\n" + _ED25519 + public_key).digest()[:4]
    return f"\N{EM DASH} {name} {_b64(mark + signature)}\n"


def note(text: str, signatures: list[str]) -> str:
    """Text and signature lines as one file."""
    return text + "\n" + "".join(signatures)


def split(written: str) -> tuple[str, dict[str, bytes]]:
    """Text and signatures (by name, of 64 bytes) of a note. Raises ValueError where it is none."""
    text, blank, rest = written.replace("\r\n", "\n").partition("\n\n")
    signatures = {}
    for line in rest.splitlines():
        dash, _space, tail = line.partition(" ")
        name, _space, packed = tail.rpartition(" ")
        raw = base64.b64decode(packed, validate=True)
        if dash != "\N{EM DASH}" or not name or len(raw) != 68:
            raise ValueError("a signature line of the checkpoint cannot be read")
        signatures[name] = raw[4:]
    if not blank or not signatures:
        raise ValueError("this is not a checkpoint: a text, an empty line and signatures are needed")
    return text + "\n", signatures


def holds(public_key: bytes, signature: bytes, text: str) -> bool:
    """Whether the signature is the key's over the text."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
