"""Merkle trees as RFC 6962 section 2.1 defines them, with SHA-256: heads, inclusion proofs, consistency proofs.

Pure functions over hashes of 32 bytes; where hashes are kept is the caller's affair.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

TILE = 256
"""Leaves of the whole subtrees whose hashes are kept, so that proofs need not read every leaf."""

_TILE_LEVEL = 8

RangeHash = Callable[[int, int], bytes]
"""The hash of the subtree over leaves `first` up to but not including `last`."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf's bytes."""
    return hashlib.sha256(b"\0" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root_of(hashes: Sequence[bytes]) -> bytes:
    """The head of a tree over leaf hashes; of no leaf, the hash of nothing."""
    tree = Frontier()
    for each in hashes:
        tree.push(each)
    return tree.root


@dataclass(slots=True)
class Frontier:
    """A growing tree, remembered by the roots of its whole subtrees, largest first."""

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    @classmethod
    def of_bytes(cls, size: int, packed: bytes) -> Frontier:
        """The tree that `packed` remembers. Raises ValueError where it is not of that size."""
        hashes = [packed[at : at + 32] for at in range(0, len(packed), 32)]
        if len(packed) % 32 or len(hashes) != size.bit_count():
            raise ValueError(f"a tree of {size} leaves is not remembered by {len(packed)} bytes")
        return cls(size, hashes)

    @property
    def packed(self) -> bytes:
        """The hashes one after the other."""
        return b"".join(self.hashes)

    @property
    def root(self) -> bytes:
        """The tree's head."""
        if not self.hashes:
            return hashlib.sha256(b"").digest()
        head = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            head = node_hash(left, head)
        return head

    def push(self, leaf: bytes) -> bytes | None:
        """Add a leaf's hash; answers with the hash of the subtree of TILE leaves that it made whole, if it did."""
        level, rest, tile = 0, self.size, None
        while rest & 1:
            leaf = node_hash(self.hashes.pop(), leaf)
            level += 1
            if level == _TILE_LEVEL:
                tile = leaf
            rest >>= 1
        self.hashes.append(leaf)
        self.size += 1
        return tile


def inclusion_proof(leaf: int, size: int, range_hash: RangeHash) -> list[bytes]:
    """PATH of RFC 6962 section 2.1.1: the hashes that lead from leaf number `leaf` to the head of `size` leaves."""
    return _path(leaf, 0, size, range_hash)


def consistency_proof(old: int, new: int, range_hash: RangeHash) -> list[bytes]:
    """PROOF of RFC 6962 section 2.1.2: that the tree of `new` leaves begins with the tree of `old` leaves."""
    return [] if old == new else _subproof(old, 0, new, True, range_hash)


def _split(size: int) -> int:
    return 1 << ((size - 1).bit_length() - 1)


def _path(leaf: int, first: int, last: int, range_hash: RangeHash) -> list[bytes]:
    if last - first == 1:
        return []
    middle = first + _split(last - first)
    if leaf < middle:
        return [*_path(leaf, first, middle, range_hash), range_hash(middle, last)]
    return [*_path(leaf, middle, last, range_hash), range_hash(first, middle)]


def _subproof(old: int, first: int, last: int, whole: bool, range_hash: RangeHash) -> list[bytes]:
    if first + old == last:
        return [] if whole else [range_hash(first, last)]
    middle = first + _split(last - first)
    if first + old <= middle:
        return [*_subproof(old, first, middle, whole, range_hash), range_hash(middle, last)]
    return [*_subproof(first + old - middle, middle, last, False, range_hash), range_hash(first, middle)]
