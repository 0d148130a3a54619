"""A slice is called the same everywhere: package, templates, tests, migrations' tables, place among the floors."""

from __future__ import annotations

import tomllib

from tests.architecture.source import PROJECT

APP = PROJECT / "app"
NOT_SLICES = {"db", "kernel", "static", "translations", "web", "demo", "__pycache__"}
ABOUT_THE_WHOLE = {
    "plumbing",
    "whole",
    "postgres",
    "settings",
    "jobs",
    "db",
    "kernel",
    "web",
    "reports",
    "demo",
    "output",
    "commands",
}
"""Folders of tests that are about no slice."""


TESTED_WITH = {"authority": "people", "budgets": "contracts", "policies": "access"}
"""Slices whose tests stand in the folder of another, because only that one uses them."""


def _slices() -> set[str]:
    nested = {folder.name for folder in APP.glob("*/*/") if (folder / "routes.py").exists()}
    return {folder.name for folder in APP.iterdir() if folder.is_dir()} - NOT_SLICES | nested


def test_every_package_has_its_floor() -> None:
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    floors = next(contract for contract in contracts if contract["name"].startswith("Floors"))
    assert floors["exhaustive"], "a new package must be refused until it has a floor"
    placed = {name.strip(" ()") for layer in floors["layers"] for name in layer.split("|")}
    packages = {path.stem for path in APP.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert packages - {"__init__"} <= placed, f"no floor: {sorted(packages - {'__init__'} - placed)}"


def test_every_slice_with_screens_has_templates_of_its_name() -> None:
    named = {folder.name for folder in (PROJECT / "templates").glob("**/") if folder.is_dir()}
    lacking = {
        file.parent.name
        for file in APP.rglob("routes.py")
        if "page(" in file.read_text(encoding="utf-8") and file.parent.name not in named
    }
    assert not lacking, f"no folder of templates: {sorted(lacking)}"


def test_folders_of_tests_are_named_like_slices() -> None:
    for kind in ("unit", "database", "web"):
        folders = {path.name for path in (PROJECT / "tests" / kind).iterdir() if path.is_dir()} - {"__pycache__"}
        strange = folders - _slices() - ABOUT_THE_WHOLE
        assert not strange, f"tests/{kind}: no such slice: {sorted(strange)}"


def test_every_slice_is_tested() -> None:
    tested = {
        path.name
        for kind in ("unit", "database", "web")
        for path in (PROJECT / "tests" / kind).iterdir()
        if path.is_dir()
    } | {path.stem.removeprefix("test_") for path in (PROJECT / "tests" / "faults").glob("test_*.py")}
    lacking = _slices() - tested - set(TESTED_WITH)
    assert not lacking, f"slices without a folder of tests: {sorted(lacking)}"


def test_every_screen_of_a_slice_has_its_verbs_in_the_api() -> None:
    """A slice that writes from its screens has an API; downloads and pages over all slices have none of their own."""
    only_pages = {"evidence"}
    lacking = {
        file.parent.name
        for file in APP.rglob("routes.py")
        if not (file.parent / "api.py").exists() and file.parent.name not in only_pages
    }
    assert not lacking, f"no api.py: {sorted(lacking)}"
