"""Numbers that look like chance and are none: SHA-256 of a seed and a place, the same everywhere and for anyone.

Every number is the SHA-256 of one line of ASCII or UTF-8 text, read as a big-endian integer:

    hetao-sample/1|SEED|PURPOSE|PLACE

SEED is the seed in lower-case hexadecimal without leading zeros. `printf '%s' 'hetao-sample/1|c0ffee|row|JRN-7' |
sha256sum` gives what `rank` gives.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Self

SCHEME = "hetao-sample/1"
_HEX = re.compile(r"(0x)?[0-9a-f]{1,64}")


@dataclass(frozen=True, slots=True)
class Seed:
    """A number of at most 256 bits, fixed before the lines are known; shown in hexadecimal."""

    number: int

    def __post_init__(self) -> None:
        """Refuse what does not fit 256 bits."""
        if type(self.number) is not int or not 0 <= self.number < 2**256:
            raise ValueError("a seed is a whole number below 2 to the 256th")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one to 64 hexadecimal digits, with or without 0x, in either case. Raises ValueError."""
        plain = text.strip().lower()
        if not _HEX.fullmatch(plain):
            raise ValueError("a seed is one to 64 hexadecimal digits")
        return cls(int(plain, 16))

    @property
    def text(self) -> str:
        """In hexadecimal, lower case, without leading zeros."""
        return f"{self.number:x}"

    def rank(self, key: str) -> int:
        """The place in line of a row: the lowest ranks are drawn, so a larger sample holds every smaller one."""
        return self._number("row", key)

    def below(self, bound: int, purpose: str) -> int:
        """A number from 0 to `bound` − 1, each as likely as any other: too large ones are passed over."""
        fair = 2**256 // bound * bound
        counter = 0
        while (number := self._number(purpose, str(counter))) >= fair:
            counter += 1
        return number % bound

    def _number(self, purpose: str, place: str) -> int:
        line = f"{SCHEME}|{self.text}|{purpose}|{place}"
        return int.from_bytes(hashlib.sha256(line.encode()).digest(), "big")
