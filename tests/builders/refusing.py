"""Runs a verb that must be refused and looks at what it left behind: nothing but the audit trail may have changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Refuser:
    """Commits what the test has built, then runs verbs that must be refused, each in a unit of its own."""

    session: Session
    digest: Callable[[], str]

    def __call__(self, error: type[Refusal], code: str, verb: Callable[[Session], object]) -> Refusal:
        """Run `verb(session)`: it must raise `error` with `code` among its breaches and leave every row as it was."""
        self.session.commit()
        before = self.digest()
        with pytest.raises(error) as refusal, unit_of_work() as own:
            verb(own)
        assert self.digest() == before
        assert code in [breach.code for breach in refusal.value.breaches]
        return refusal.value
