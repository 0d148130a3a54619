"""What a rule answers when it is not satisfied: collected, shown all at once, each with its source and its cure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field as dataclass_field


@dataclass(frozen=True, slots=True)
class Breach:
    """One unsatisfied rule.

    `code` is stable and names the rule (`tranche.not-due`); `message` and `cure` are gettext message ids with
    `%(name)s` placeholders filled from `params` when shown; `source` cites the clause, policy or paper;
    `field` names the input to correct, if one does; `blocking` is False for a warning.
    """

    code: str
    message: str
    cure: str = ""
    source: str = ""
    params: Mapping[str, object] = dataclass_field(default_factory=dict)
    field: str | None = None
    blocking: bool = True
