"""The auditors' scripts can be read in one sitting and stand alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"
SCRIPTS = ["verify_ledger.py", "verify_proof.py", "recompute_sample.py"]


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_verifier_has_fewer_than_300_lines_of_readable_width(name: str) -> None:
    lines = (TOOLS / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) < 300
    assert max(len(line) for line in lines) <= 120


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_verifier_needs_nothing_but_the_standard_library_one_signature_library_and_its_neighbour(name: str) -> None:
    imported = set()
    for node in ast.walk(ast.parse((TOOLS / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {each.name.split(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])
    assert imported - set(sys.stdlib_module_names) <= {"cryptography", "verify_ledger"}
