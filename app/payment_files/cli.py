"""`hetao bank export`: a signed payment file written out for the bank."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy.orm import Session

from app.db.unit_of_work import run_in_unit
from app.kernel.clock import Clock
from app.payment_files import service
from app.people.command_actor import actor_by_email


@click.command("export")
@click.option("--batch", "reference", required=True, help="Reference of the payment file.")
@click.option("--out", type=click.Path(dir_okay=False, writable=True, path_type=Path), required=True, help="Where to.")
@click.option("--as", "email", required=True, help="E-mail address of the person who takes the file out.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def export(reference: str, out: Path, email: str, as_json: bool) -> None:
    """Write a signed payment file (pain.001) to a file: the same bytes every time, and the trail says who took them."""
    now = Clock().now()

    def take(session: Session) -> tuple[bytes, dict[str, object]]:
        row = service.download(session, actor_by_email(session, email, now), reference, now=now)
        facts = {
            "reference": row.reference,
            "status": row.status,
            "payments": row.payment_count,
            "total": str(row.total.amount),
            "currency": row.currency,
            "sha256": row.digest,
        }
        return row.content, facts

    content, facts = run_in_unit(take)
    out.write_bytes(content)
    said = f"{reference}: {facts['payments']} payments, {facts['currency']} {facts['total']}, SHA-256 {facts['sha256']}"
    click.echo(json.dumps(facts) if as_json else said)
