"""Reading the source as trees, for the tests about the whole application."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


@cache
def tree(file: Path) -> ast.Module:
    """The parsed module."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def modules(*folders: str) -> list[Path]:
    """Every Python module below the folders, sorted."""
    return sorted(file for folder in folders for file in (PROJECT / folder).rglob("*.py"))


def shown(file: Path, node: ast.AST) -> str:
    """`path:line` of a node."""
    return f"{file.relative_to(PROJECT)}:{getattr(node, 'lineno', 0)}"


def calls(file: Path) -> Iterator[ast.Call]:
    """Every call in the module."""
    return (node for node in ast.walk(tree(file)) if isinstance(node, ast.Call))
