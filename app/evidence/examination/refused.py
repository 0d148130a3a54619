"""The answer of an examination that does not take the file."""

from __future__ import annotations


class Refused(Exception):
    """The file is not taken; `code` names why (the words stand in `app.evidence.refusals`)."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code
