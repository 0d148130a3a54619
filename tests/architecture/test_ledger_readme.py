"""The ledger's table of promises names what holds each one and tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
README = (PROJECT / "app/ledger/README.md").read_text(encoding="utf-8")
PROMISES = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in README.splitlines()
    if line.startswith("| ") and not line.startswith("| The promise")
]
SQL = "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "migrations/sql").rglob("*.sql")))
CODE = SQL + "\n".join(path.read_text(encoding="utf-8") for path in sorted((PROJECT / "app").rglob("*.py")))


def test_every_test_that_the_ledger_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", README))
    sources = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("test_*.py"))
    assert named
    assert {name for name in named if f"def {name}(" not in sources} == set()


@pytest.mark.parametrize("row", PROMISES, ids=lambda row: row[0][:60])
def test_every_promise_says_what_holds_and_what_proves_it(row: tuple[str, ...]) -> None:
    assert len(row) == 3
    assert "`test_" in row[2]
    missing = {name for name in re.findall(r"`([^`]+)`", row[1]) if not _exists(name)}
    assert missing == set()


def _exists(name: str) -> bool:
    """Whether the name stands in SQL or code; a file by its name, a part of a name by what follows the dots."""
    if name.endswith((".sql", ".py")):
        return (PROJECT / name).exists() or any(
            next((PROJECT / folder).rglob(name), None) for folder in ("app/ledger", "migrations/sql")
        )
    return name.removeprefix("ledger.").removeprefix("…").replace("_<year>", "___Y__") in CODE


@pytest.mark.parametrize("part", ["0006_fund_control", "0007_periods"])
def test_every_named_check_of_fund_control_and_of_periods_is_a_promise(part: str) -> None:
    tables = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "migrations/sql" / part).glob("*.sql"))
    named = set(re.findall(r"constraint (\w+)\s+check", tables))
    assert named
    held = {name for row in PROMISES for name in re.findall(r"`(\w+)`", row[1])}
    assert named - held == set()
