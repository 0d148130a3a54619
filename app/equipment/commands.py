"""`hetao equipment`: a register of equipment from a file."""

from __future__ import annotations

from typing import cast

import click

from app.equipment import service
from app.equipment.forms import ImportForm
from app.kernel.clock import Clock
from app.people.file_commands import import_command
from app.web.row_files import RowFileField


@click.group()
def equipment() -> None:
    """The register of equipment."""


equipment.add_command(
    import_command(
        cast(RowFileField, ImportForm().fields["file"]),
        lambda session, actor, rows: service.import_items(session, actor, rows, now=Clock().now()),
        "items of equipment",
    )
)
