"""The kernel and the rules stand without Flask and SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.architecture.source import PROJECT, modules

BLOCKED = """
import importlib, sys
for name in ("flask", "sqlalchemy", "werkzeug", "babel", "flask_babel"):
    sys.modules[name] = None
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def _names(pure: str) -> list[str]:
    return [
        ".".join(file.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")
        for file in modules("app")
        if file.match(pure)
    ]


@pytest.mark.parametrize(
    "pure",
    [
        "app/kernel/*.py",
        "app/sampling/*.py",
        "app/*/states.py",
        "app/*/rules.py",
        "app/*/postings.py",
        "app/ledger/entries.py",
        "app/access/policy.py",
    ],
)
def test_pure_modules_import_without_flask_and_sqlalchemy(pure: str) -> None:
    names = _names(pure)
    assert names, f"no module matches {pure}"
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED, *names], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]
