"""How far the demonstration story has loaded: written by the loading process, read by its page. Pure Python."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

FILE = "demo-progress.json"


class DemoState(StrEnum):
    """Where the loading stands."""

    ABSENT = "ABSENT"
    LOADING = "LOADING"
    READY = "READY"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class DemoProgress:
    """`done` of `total` steps; `step` says in words (a message id) what is being loaded now."""

    state: DemoState = DemoState.ABSENT
    done: int = 0
    total: int = 0
    step: str = ""

    @property
    def percent(self) -> int:
        """Whole percent done, rounded down."""
        return self.done * 100 // self.total if self.total else 0


def write(home: Path, progress: DemoProgress) -> None:
    """Replace the file at once, so that a reader never sees half of it."""
    draft = home / f"{FILE}.new"
    draft.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    draft.replace(home / FILE)


def read(home: Path) -> DemoProgress:
    """The progress last written; ABSENT when there is none or the file is not readable as such."""
    try:
        found = json.loads((home / FILE).read_text(encoding="utf-8"))
        return DemoProgress(DemoState(found["state"]), int(found["done"]), int(found["total"]), str(found["step"]))
    except (OSError, ValueError, KeyError, TypeError):
        return DemoProgress()
