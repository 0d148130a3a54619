"""Marks text for translation without translating it: the words are chosen when they are shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A parameter of a message that is itself one message id, or a list of them: translated when it is shown."""

    ids: tuple[str, ...]

    def __str__(self) -> str:
        """In English, for commands and logs."""
        return ", ".join(self.ids)


def _(message: str) -> str:
    """Return `message` unchanged; Babel extracts it as a message id."""
    return message
