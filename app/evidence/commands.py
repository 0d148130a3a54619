"""`hetao evidence`: what a document says of itself, without keeping it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from app.evidence.content_types import MAX_BYTES
from app.evidence.examining import Examined, Unsafe, examine
from app.evidence.fields import FIELD_NAMES, READ_FIELDS, SOURCE_NAMES, VERIFICATION_NAMES
from app.evidence.keys import keys_of
from app.evidence.refusals import breach_of
from app.evidence.states import KEY_NAMES


@click.group()
def evidence() -> None:
    """Documents: receipts and invoices."""


@evidence.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def read(file: Path, as_json: bool) -> None:
    """Say what FILE is, what it states exactly and where, and by what it is known again. Nothing is kept.

    A file that is not taken ends with exit status 1 and the reason.
    """
    with file.open("rb") as opened:
        found = examine(opened.read(MAX_BYTES + 1))
    if isinstance(found, Unsafe):
        _say_refused(found, as_json)
        raise SystemExit(1)
    if as_json:
        click.echo(json.dumps(facts(found), indent=2, ensure_ascii=False))
    else:
        _say(found)


def facts(found: Examined) -> dict[str, object]:
    """Plain data about a file that is taken."""
    return {
        "taken": True,
        "media_type": found.media_type,
        "sha256": found.sha256.hex(),
        "others_see_a_copy": found.shared is not None,
        "fields": found.fields.as_json(),
        "keys": [{"kind": key.kind.value, "digest": key.digest.hex()} for key in keys_of(found.fields, found.sha256)],
    }


def _say_refused(found: Unsafe, as_json: bool) -> None:
    breach = breach_of(found.code)
    if as_json:
        click.echo(json.dumps({"taken": False, "code": breach.code, "message": breach.message, "cure": breach.cure}))
    else:
        click.echo(f"Refused: {breach.message}\n  {breach.cure}", err=True)


def _say(found: Examined) -> None:
    click.echo(f"{found.media_type}  SHA-256 {found.sha256.hex()}")
    for name in READ_FIELDS:
        value = getattr(found.fields, name)
        if value is not None:
            click.echo(f"{FIELD_NAMES[name]}: {value}  ({SOURCE_NAMES[found.fields.sources[name]]})")
    for name in found.fields.disputed:
        click.echo(f"{FIELD_NAMES[name]}: left empty, because the document contradicts itself")
    if not found.fields.sources:
        click.echo("Nothing could be read exactly; the fields are left to a person.")
    verification = found.fields.verification
    click.echo(f"With the tax authority: {VERIFICATION_NAMES[verification.status]} {verification.source}".rstrip())
    known = ", ".join(KEY_NAMES[key.kind] for key in keys_of(found.fields, found.sha256))
    click.echo(f"Known again by: {known}")
