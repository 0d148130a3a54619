"""Every command is joined, says what it does, and finds all tables although its slice is imported alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import click
from click.testing import CliRunner

from app.cli import Elsewhere, hetao


def _walk(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    real = command.real if isinstance(command, Elsewhere) else command
    if isinstance(real, click.Group):
        for name, below in sorted(real.commands.items()):
            yield from _walk(below, *path, name)


def test_every_command_tells_how_it_is_used() -> None:
    told = {path: CliRunner().invoke(hetao, [*path, "--help"], prog_name="hetao") for path, _command in _walk(hetao)}
    wrong = {
        path: answer.output
        for path, answer in told.items()
        if answer.exit_code or f"Usage: {' '.join(('hetao', *path))} " not in answer.output
    }
    assert wrong == {}
    assert len(told) >= 50


def test_the_line_of_a_command_is_what_the_command_says_of_itself() -> None:
    elsewhere = [(path, each) for path, each in _walk(hetao) if isinstance(each, Elsewhere)]
    assert [
        (path, each.get_short_help_str(200), each.real.get_short_help_str(200))
        for path, each in elsewhere
        if (each.name, each.get_short_help_str(200)) != (each.real.name, each.real.get_short_help_str(200))
    ] == []
    assert len(elsewhere) == 21


def _alone(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_list_of_commands_imports_no_slice() -> None:
    loaded = _alone(
        "import sys\nfrom app.cli import hetao\nhetao(['--help'], standalone_mode=False)\n"
        "print('loaded', *sorted(name for name in sys.modules if name.startswith(('app.', 'sqlalchemy', 'flask'))))"
    )
    assert {"backup", "user"} <= {line.split()[0] for line in loaded.splitlines() if line.startswith("  ")}
    assert set(loaded.partition("\nloaded ")[2].split()) == {"app.cli", "app.settings"}


def test_a_command_on_its_own_finds_the_tables_of_all_slices() -> None:
    counted = _alone(
        "from app.cli import hetao\n"
        "hetao.commands['user'].real\n"
        "from app.db.base import Base\n"
        "print(len(Base.metadata.sorted_tables))\n"
        "from app.all_models import metadata\n"
        "print(len(metadata.tables))"
    ).split()
    assert counted[0] == counted[1]
