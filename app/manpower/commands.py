"""`hetao manpower`: a manpower schedule from a file."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from app.kernel.clock import Clock
from app.manpower import service
from app.manpower.forms import ImportForm
from app.people.file_commands import import_rows
from app.web.row_files import RowFileField


@click.group()
def manpower() -> None:
    """The manpower schedule."""


@manpower.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="E-mail address of the person who keeps the schedule.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what would happen, and leave nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def import_file(file: Path, email: str, dry_run: bool, as_json: bool) -> None:
    """Enter every one of the engagements of staff in FILE (CSV in UTF-8, or XLSX) that is not there yet, or none.

    The first line names the columns, which are those of the screen. Exit status 0 when the rows are, or would be,
    entered, or stood there before.
    """
    import_rows(
        cast(RowFileField, ImportForm().fields["file"]),
        lambda session, actor, rows: service.import_engagements(session, actor, rows, now=Clock().now()),
        file,
        email,
        dry_run=dry_run,
        as_json=as_json,
    )
