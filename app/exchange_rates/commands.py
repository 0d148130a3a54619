"""`hetao rates`: load the bundled history, import a file."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.db.unit_of_work import run_in_unit
from app.exchange_rates import service
from app.kernel.clock import Clock
from app.people.command_actor import actor_by_email


@click.group()
def rates() -> None:
    """Exchange rates."""


@rates.command("load-bundled")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def load_bundled(as_json: bool) -> None:
    """Load the bundled daily CNY/HKD history (ECB reference rates, crossed) as confirmed booking rates."""
    added = run_in_unit(lambda session: service.load_bundled(session, now=Clock().now()))
    click.echo(json.dumps({"added": added}) if as_json else f"{added} rates added.")


@rates.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "email", required=True, help="E-mail address of the person who enters the rates.")
@click.option("--source", default="", help="Source of lines that name none.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def import_file(file: Path, email: str, source: str, as_json: bool) -> None:
    """Enter every rate of a CSV file (base, quote, unit, rate, date), or none; a second person confirms them."""
    now = Clock().now()
    content = file.read_bytes()
    entered = run_in_unit(
        lambda session: len(
            service.import_file(
                session, actor_by_email(session, email, now), content, source=source or file.name, now=now
            )
        )
    )
    click.echo(json.dumps({"entered": entered}) if as_json else f"{entered} rates wait for a second person.")
