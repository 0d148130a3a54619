"""`hetao backup create`, `verify` and `restore`. Exit status 0 only when all is well."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from app.backup import keys, making, proving, restoring
from app.backup.folder import BackupRefused, Facts, read_facts
from app.backup.proving import Proof
from app.kernel.clock import BUSINESS_ZONE
from app.settings import settings

BACKUP = click.Path(exists=True, file_okay=False, path_type=Path)
NEW = click.Path(file_okay=False, path_type=Path)


class Moment(click.ParamType[datetime]):
    """An instant; without an offset it is Hong Kong and Shenzhen time."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The aware instant in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            given = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f'{value!r} is not like "2026-11-22 10:15:00" or "2026-11-22T02:15:00+00:00"', param, ctx)
        return (given if given.tzinfo else given.replace(tzinfo=BUSINESS_ZONE)).astimezone(UTC)


@click.group()
def backup() -> None:
    """Backups of the bundled database and the evidence, restored to any second since they were made."""


@backup.command("create")
@click.option("--out", type=NEW, required=True, help="A folder that does not exist yet.")
@click.option("--with-keys", is_flag=True, help="Put the keys in too. Who has the folder can then sign in your name.")
@click.option("--keep", type=click.IntRange(1, 1000), default=3, show_default=True, help="Backups the archive serves.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def create(out: Path, with_keys: bool, keep: int, as_json: bool) -> None:
    """Back up while the application serves; from the first backup on, what is written is archived."""
    if with_keys:
        _say("Warning: the backup holds the keys. Whoever reads it can sign blocks in your name and read every paper.")
    try:
        facts = making.create(settings(), out, with_keys=with_keys, keep=keep, say=_say)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    if as_json:
        click.echo(json.dumps({"folder": str(out.absolute()), **_facts(facts)}, indent=2))
        return
    click.echo(f"{out}: complete at {_told(facts.made_at)}, with {facts.evidence_files} files of evidence.")
    _tell_apart(facts)


@backup.command("verify")
@click.argument("folder", type=BACKUP)
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def verify(folder: Path, as_json: bool) -> None:
    """Restore into a scratch home, run `hetao ledger check` and `hetao ledger verify` there; exit 1 if they object."""
    try:
        facts, proof = proving.verify(folder, say=_say)
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    _report(proof, {"folder": str(folder.absolute()), **_facts(facts)}, as_json, facts)


@backup.command("restore")
@click.argument("folder", type=BACKUP)
@click.option("--home", type=NEW, required=True, help="A home that is absent or empty.")
@click.option(
    "--until", type=Moment(), help='Stop at this moment: "2026-11-22 10:15:00"; default: the newest there is.'
)
@click.option("--archive", type=BACKUP, help="Where archived WAL lies; default: where the server keeps it.")
@click.option("--alone", is_flag=True, help="The backup as it was made, without what was archived since.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def restore(folder: Path, home: Path, until: datetime | None, archive: Path | None, alone: bool, as_json: bool) -> None:
    """Restore into a new home and check its books; never writes over a home with data."""
    if alone and until:
        raise click.UsageError("--alone and --until exclude each other.")
    try:
        lost = keys.findings(folder, read_facts(folder).keys)
        done = restoring.restore(folder, home, until=until, archive=archive, alone=alone, say=_say)
        _say(f"Restored; the last transaction applied: {_told(done.last_transaction)}. Checking the books…")
        proof = proving.examine(done.home, migrate=False)
        proof = replace(proof, findings=(*lost, *proof.findings))
    except BackupRefused as refusal:
        raise click.ClickException(str(refusal)) from None
    last = done.last_transaction.isoformat() if done.last_transaction else None
    _report(proof, {"home": str(done.home), "last_transaction": last, **_facts(done.facts)}, as_json, done.facts)


def _report(proof: Proof, told: dict[str, Any], as_json: bool, facts: Facts) -> None:
    if as_json:
        counted = {"entries": proof.entries, "books": proof.books, "sealed": proof.sealed}
        click.echo(json.dumps({**told, **counted, "findings": list(proof.findings)}, indent=2, ensure_ascii=False))
    else:
        for finding in proof.findings:
            click.echo(finding, err=True)
        click.echo(
            f"hetao ledger check and hetao ledger verify: {proof.entries} entries in {proof.books} books, "
            f"{proof.sealed} sealed, {len(proof.findings)} findings."
        )
        _tell_apart(facts)
    if proof.findings:
        sys.exit(1)


def _tell_apart(facts: Facts) -> None:
    if facts.keys:
        click.echo(f"Keys in it: {'; '.join(keys.named(name) for name in facts.keys)}.")
    if facts.keys_apart:
        click.echo(f"Not in it, keep copies apart: {'; '.join(facts.keys_apart)}.")


def _facts(facts: Facts) -> dict[str, Any]:
    return {
        "made_at": facts.made_at.isoformat(),
        "postgres": facts.postgres,
        "archive": facts.archive,
        "evidence_files": facts.evidence_files,
        "keys": sorted(facts.keys),
        "keys_apart": list(facts.keys_apart),
    }


def _told(moment: datetime | None) -> str:
    if moment is None:
        return "none after the backup"
    return f"{moment.astimezone(BUSINESS_ZONE):%Y-%m-%d %H:%M:%S} (UTC+8)"


def _say(text: str) -> None:
    click.echo(text, err=True)
