"""Rules that hold in every source file, read from the syntax trees."""

from __future__ import annotations

import ast
import re

import pytest

from tests.architecture.source import PROJECT, calls, modules, shown, tree

COMMITTERS = {"app/db/unit_of_work.py", "app/db/session.py"}
FORBIDDEN_NAMES = ("utils", "util", "helpers", "helper", "common", "manager", "misc", "data", "info")

FLOATS_ALLOWED = {
    "app/db/recovery.py": "a pause between two questions is a part of a second",
    "reports/output/pdf": "positions on a page are measured in points",
    "reports/output/xlsx": "the file format measures column widths and stores numbers so",
    "app/evidence/examination": "shares of a page's width and height, to read what stands where",
    "app/web/translation.py": "the quality of a language in a browser's header is a number such as 0.8",
}
"""Where a number is no money: each with its reason."""


def test_no_float_is_written_or_made_where_money_could_be() -> None:
    found = []
    for file in modules("app", "reports"):
        if any(str(file.relative_to(PROJECT)).startswith(allowed) for allowed in FLOATS_ALLOWED):
            continue
        for node in ast.walk(tree(file)):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            made = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
            if literal or made:
                found.append(shown(file, node))
    assert not found, f"floats: {found}"


def test_only_the_unit_of_work_commits() -> None:
    found = [
        shown(file, call)
        for file in modules("app", "reports")
        if str(file.relative_to(PROJECT)) not in COMMITTERS
        for call in calls(file)
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit"
    ]
    assert not found, f"commits: {found}"


def test_services_and_rules_never_ask_the_clock() -> None:
    asked = re.compile(r"(datetime\.now|date\.today|datetime\.utcnow|Clock)\(")
    found = [
        str(file.relative_to(PROJECT))
        for file in modules("app")
        if file.name in {"service.py", "rules.py", "queries.py", "postings.py", "states.py", "models.py"}
        and asked.search(file.read_text(encoding="utf-8"))
    ]
    assert not found, f"ask the clock: {found}"


def test_routes_hold_no_sql() -> None:
    verbs = {"select", "insert", "update", "delete", "text"}
    found = [
        shown(file, node)
        for file in modules("app")
        if file.name in {"routes.py", "api.py"} and file.parent.name != "web"
        for node in ast.walk(tree(file))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        and verbs & {alias.name for alias in node.names}
    ]
    assert not found, f"SQL in routes: {found}"


def test_only_the_ledger_names_its_tables() -> None:
    named = re.compile(r"\b(from|join|into|update|delete from|select)\s+ledger\.\w+", re.I)
    found = [
        str(file.relative_to(PROJECT))
        for file in modules("app", "reports")
        if not file.is_relative_to(PROJECT / "app" / "ledger") and named.search(file.read_text(encoding="utf-8"))
    ]
    assert not found, f"reach into the ledger's tables: {found}"


@pytest.mark.parametrize("folder", ["app", "reports"])
def test_no_module_has_a_name_that_says_nothing(folder: str) -> None:
    found = [
        str(file.relative_to(PROJECT)) for file in modules(folder) if {file.stem, file.parent.name} & {*FORBIDDEN_NAMES}
    ]
    assert not found, f"say what it holds: {found}"


def test_every_module_says_what_it_is() -> None:
    found = [str(file.relative_to(PROJECT)) for file in modules("app", "reports") if not ast.get_docstring(tree(file))]
    assert not found, f"no docstring: {found}"
