"""Every rule says where it comes from, and is met by the tests in both cases."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.source import PROJECT, modules, shown, tree

RULES = [file for file in modules("app") if file.name.endswith("rules.py")]
TESTS = [file for folder in ("unit", "database") for file in modules(f"tests/{folder}")]

SOURCE_AT = 3
"""Where `source` stands among the arguments of a Breach: code, message, cure, source."""


def _breaches(file: Path) -> Iterator[ast.Call]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Breach":
            yield node


def _has_source(call: ast.Call) -> bool:
    given = {word.arg: word.value for word in call.keywords}.get("source")
    if given is None and len(call.args) > SOURCE_AT:
        given = call.args[SOURCE_AT]
    return given is not None and not (isinstance(given, ast.Constant) and not given.value)


def test_there_are_rules() -> None:
    assert len(RULES) >= 8


@pytest.mark.parametrize("file", RULES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_every_breach_of_a_rule_cites_its_source(file: Path) -> None:
    bare = [shown(file, call) for call in _breaches(file) if not _has_source(call)]
    assert not bare, f"breaches without a source: {bare}"


@pytest.mark.parametrize("file", RULES, ids=lambda file: str(file.relative_to(PROJECT)))
def test_every_rule_is_named_in_a_test(file: Path) -> None:
    """By its own name, or by the code of a breach that only it gives."""
    words = "\n".join(test.read_text(encoding="utf-8") for test in TESTS)
    unmet = []
    for function in tree(file).body:
        if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
            continue
        codes = {
            node.value
            for node in ast.walk(function)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.fullmatch(r"[a-z-]+\.[a-z-]+", node.value)
        }
        if not re.search(rf"\b{function.name}\b", words) and not any(f'"{code}"' in words for code in codes):
            unmet.append(f"{function.name} {sorted(codes)}")
    assert not unmet, f"no test meets: {unmet}"


def test_codes_of_breaches_are_plain_words_with_a_subject() -> None:
    """People quote them, and callers of the API branch on them: `pocket.insufficient`."""
    wrong = [
        shown(file, call)
        for file in modules("app")
        for call in _breaches(file)
        if call.args
        and isinstance(call.args[0], ast.Constant)
        and not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", str(call.args[0].value))
    ]
    assert not wrong, wrong
