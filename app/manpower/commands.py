"""`hetao manpower`: a manpower schedule from a file."""

from __future__ import annotations

from typing import cast

import click

from app.kernel.clock import Clock
from app.manpower import service
from app.manpower.forms import ImportForm
from app.people.file_commands import import_command
from app.web.row_files import RowFileField


@click.group()
def manpower() -> None:
    """The manpower schedule."""


manpower.add_command(
    import_command(
        cast(RowFileField, ImportForm().fields["file"]),
        lambda session, actor, rows: service.import_engagements(session, actor, rows, now=Clock().now()),
        "engagements of staff",
    )
)
