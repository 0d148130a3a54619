"""`hetao engagement`: an evidence pack to a file, and the process that builds one that was asked for on a page."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from uuid import UUID

import click

from app.audit import trail
from app.db.unit_of_work import one_moment, unit_of_work
from app.engagements import packing, service
from app.engagements.models import Engagement
from app.engagements.service import SUBJECT
from app.engagements.states import PackStatus
from app.kernel.clock import Clock
from app.people.command_actor import actor_by_email
from reports.model import Language


@click.group("engagement")
def engagement() -> None:
    """Engagements of auditors."""


@engagement.command("pack")
@click.argument("number")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP file to write.")
@click.option("--as", "email", required=True, help="Who takes it: the email address of an auditor of the engagement.")
@click.option("--language", type=click.Choice(list(Language)), default=Language.EN, help="The language of its index.")
@click.option("--json", "as_json", is_flag=True, help="Print name, size and SHA-256 as JSON.")
def pack(number: str, out: Path, email: str, language: Language, as_json: bool) -> None:
    """Write the evidence pack of an engagement to a file, with its progress on standard error."""
    now = Clock().now()
    with unit_of_work() as session:
        actor = actor_by_email(session, email, now)
        row = service.enter(session, actor, number, "pack", "command", now=now).engagement
        trail.record(session, actor, "pack.build", (SUBJECT, row.id), {"reference": number, "file": out.name}, now=now)
    draft = out.with_name(f".{out.name}.{os.getpid()}")
    try:
        with open(draft, "w+b") as file, one_moment() as session:
            found = session.get_one(Engagement, row.id)
            _name, digest = packing.write(session, found, Language(language), file, _told)
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)
    facts = {"file": str(out), "bytes": out.stat().st_size, "sha256": digest.hex()}
    click.echo(json.dumps(facts) if as_json else f"{facts['sha256']}  {out}")


@engagement.command("build", hidden=True)
@click.argument("pack_id", type=click.UUID)
def build(pack_id: UUID) -> None:
    """Build a pack that was asked for on a page; the page shows how far it is."""
    if packing.build(pack_id, Clock().now) is PackStatus.FAILED:
        sys.exit(1)


def _told(step: str, done: int, total: int) -> None:
    if done == total or done % 25 == 0:
        click.echo(f"{done} of {total}  {step}", err=True)
