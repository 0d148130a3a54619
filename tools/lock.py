"""Writes the locks from pyproject.toml, with hashes and without addresses: to run, to sign with a token, to develop.

`make lock` writes them; `--check` says whether they still belong to pyproject.toml's dependencies.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
LOCKS = {
    "requirements.lock": [],
    "requirements-token.lock": ["--extra", "token"],
    "requirements-dev.lock": ["--group", "dev"],
}
MARK = "# made from dependencies "
ADDRESS = re.compile(r"://|file:|--(index|extra-index|find-links)|(^|\s)/\w", re.MULTILINE)


def digest() -> str:
    """SHA-256 of what pyproject.toml asks for."""
    asked = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = asked["project"]
    parts = [project["requires-python"], project["dependencies"], project["optional-dependencies"]]
    parts.append(asked["dependency-groups"])
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def compiled(options: list[str]) -> str:
    """The resolved requirements as uv gives them, comments about the index taken out."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "compile", "pyproject.toml", *options, "--generate-hashes", "--no-emit-index-url"]
    command += [
        "--no-emit-find-links",
        "--universal",
        "--python-version",
        "3.11",
        "--no-header",
        "--no-annotate",
        "--quiet",
    ]
    found = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if found.returncode != 0:
        raise SystemExit(found.stderr)
    lines = [
        line
        for line in found.stdout.splitlines()
        if not line.lstrip().startswith(("#", "--index", "--extra", "--find"))
    ]
    return "\n".join(lines) + "\n"


def write() -> int:
    """Write both locks; refuse text that names an address or a path."""
    for name, options in LOCKS.items():
        text = f"# Written by `make lock`; do not edit.\n{MARK}{digest()}\n{compiled(options)}"
        if ADDRESS.search(text):
            raise SystemExit(f"{name} would hold an address: {ADDRESS.search(text)}")
        (PROJECT / name).write_text(text, encoding="utf-8")
        print(f"{name}: {text.count('==')} packages")
    return 0


def check() -> int:
    """Exit status 1 when a lock is missing, older than pyproject.toml's wishes, or holds an address."""
    wrong = []
    for name in LOCKS:
        file = PROJECT / name
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if f"{MARK}{digest()}\n" not in text or ADDRESS.search(text):
            wrong.append(name)
    if wrong:
        print(f"{', '.join(wrong)}: not made from today's pyproject.toml; run `make lock`.", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(check() if "--check" in sys.argv else write())
