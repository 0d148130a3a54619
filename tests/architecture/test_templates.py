"""Templates: none unused, none missing, and each named by its slice."""

from __future__ import annotations

import ast
import re

from tests.architecture.source import PROJECT, modules, tree

TEMPLATES = PROJECT / "templates"
NAMED = re.compile(r"""{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
SHARED = {"layout", "components", "errors", "emails", "reports"}


def _files() -> set[str]:
    return {str(file.relative_to(TEMPLATES)) for file in TEMPLATES.rglob("*") if file.suffix in {".html", ".txt"}}


def _named_in_python() -> set[str]:
    return {
        node.value
        for file in modules("app", "reports")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith((".html", ".txt"))
    }


def _named_in_templates() -> set[str]:
    return {name for file in _files() for name in NAMED.findall((TEMPLATES / file).read_text(encoding="utf-8"))}


def test_no_template_is_unused() -> None:
    computed = {file for file in _files() if file.startswith(("errors/", "components/"))}
    unused = _files() - computed - _named_in_python() - _named_in_templates()
    assert not unused, f"unused templates: {sorted(unused)}"


def test_every_template_named_exists() -> None:
    wanted = {name for name in _named_in_python() | _named_in_templates() if "/" in name and name.endswith(".html")}
    missing = wanted - _files()
    assert not missing, f"templates that are named but do not exist: {sorted(missing)}"


def test_template_folders_are_named_like_slices() -> None:
    folders = {file.split("/")[0] for file in _files() if "/" in file}
    slices = {folder.name for folder in (PROJECT / "app").iterdir() if folder.is_dir()}
    assert folders - SHARED <= slices, f"no such slice: {sorted(folders - SHARED - slices)}"
