"""`hetao report issue` and `hetao report verify`: the same verbs from the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from app.db.unit_of_work import unit_of_work
from app.kernel.clock import Clock
from app.people.command_actor import actor_by_email
from app.settings import settings
from app.signing.signing import Hand
from app.signing.states import STATE_LABELS, Signature
from app.statements import building, checking, queries, service
from app.statements.service import Issuing, Step
from app.statements.states import Verdict

_WORDS = {
    Verdict.VALID: "valid: exactly what was issued, and still in force",
    Verdict.ALTERED: "ALTERED: it bears the number of an issued statement, and its bytes are not those issued",
    Verdict.SUPERSEDED: "superseded: exactly what was issued, and a newer version has taken its place",
    Verdict.UNKNOWN: "unknown: nothing like it was issued here",
}


@click.command("issue")
@click.argument("number")
@click.option("--as", "email", required=True, help="Who issues: the email address of a person with that right.")
@click.option("--json", "as_json", is_flag=True, help="Print what was issued as JSON.")
def issue(number: str, email: str, as_json: bool) -> None:
    """Issue a certified statement: its files are written once and kept for good."""
    now = Clock().now()
    with unit_of_work() as session:
        actor = actor_by_email(session, email, now)
        by = Issuing(settings().public_url, Hand(settings()))
        version = queries.visible(session, actor, number).statement.version
        made = service.issue(session, actor, number, Step(version), by, now=now)
        kept = queries.files_of(session, made.id)
        facts = {
            "number": made.reference,
            "edition": made.edition,
            "status": made.status,
            "data_digest": made.data_digest,
            "blocks": made.seals,
            "check": building.verify_address(settings().public_url, made.code),
            "files": {each.filename: each.sha256.hex() for each in kept},
        }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    click.echo(f"{facts['number']}, version {facts['edition']}: issued; figures {facts['data_digest']}")
    for each in kept:
        click.echo(f"{each.sha256.hex()}  {each.filename}")


def _signature_words(signature: Signature) -> str:
    when = f", {signature.at:%Y-%m-%d %H:%M:%S %Z}" if signature.at else ""
    by = f"{'' if signature.stamped else ' (not time-stamped)'} by {signature.signer}" if signature.signer else ""
    return f"signature: {STATE_LABELS[signature.state]}{when}{by}"


@click.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")
def verify(file: Path, as_json: bool) -> None:
    """Say whether a file is exactly what was issued; exit status 1 unless it is valid."""
    content = file.read_bytes()
    with unit_of_work() as session:
        checked = checking.with_signatures(checking.by_file(session, content), content, settings())
        facts = checking.facts(checked)
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
    else:
        click.echo(f"{file}: {_WORDS[checked.verdict]}")
        if checked.statement is not None:
            click.echo(f"{checked.statement.reference}, version {checked.statement.edition}")
        if checked.newer is not None:
            click.echo(f"now in force: {checked.newer.reference}, version {checked.newer.edition}")
        for each in checked.signatures:
            click.echo(_signature_words(each))
        if checked.test:
            click.echo("issued with a test certificate: not for filing")
    if checked.verdict is not Verdict.VALID:
        sys.exit(1)
