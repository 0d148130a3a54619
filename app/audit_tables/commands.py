"""`hetao ledger audit-tables`: the auditor's standard tables of one book, into a folder or a ZIP file."""

from __future__ import annotations

import zipfile
from datetime import datetime
from pathlib import Path

import click

from app.audit_tables import building
from app.db.unit_of_work import unit_of_work
from app.kernel.clock import Clock

DAY = click.DateTime(["%Y-%m-%d"])


@click.command("audit-tables")
@click.option("--book", required=True, help="The book's code.")
@click.option("--from", "first", type=DAY, required=True, help="First day, YYYY-MM-DD.")
@click.option("--to", "last", type=DAY, required=True, help="Last day, YYYY-MM-DD.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="A folder, or a file that ends in .zip.")
def audit_tables(book: str, first: datetime, last: datetime, out: Path) -> None:
    """Write the tables as CSV, with ISO 21378 names, a mapping to GB/T 24589 and a manifest with digests.

    What is not verified against the standards' text is marked so in mapping.csv and manifest.json.
    """
    if first > last:
        raise click.UsageError("--from is after --to.")
    with unit_of_work() as session:
        made = list(building.files(session, book, first.date(), last.date(), now=Clock().now()))
    if out.suffix.lower() == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in made:
                archive.writestr(name, content)
    else:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in made:
            (out / name).write_bytes(content)
    click.echo(f"{len(made)} files written to {out}.")
