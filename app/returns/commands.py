"""`hetao returns`: a period's spending from a file, submitted by one person and posted by another."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.kernel.actor import Actor
from app.kernel.clock import Clock
from app.kernel.errors import Refusal
from app.kernel.messages import _
from app.people.command_language import Say
from app.people.file_commands import (
    Facts,
    carried_out,
    faults,
    print_facts,
    print_faults,
    print_nothing_written,
    upload_of,
    voice_of,
)
from app.returns import queries, service
from app.returns.forms import MAX_BYTES
from app.returns.models import SpendingReturn
from app.returns.service import ImportReturn, PostReturn, SubmitReturn

ALREADY = "returns.already-imported"
_SUBMITTED = _("%(reference)s waits for a second person: %(rows)s rows; %(known)s were known already.")
_WOULD = _("%(rows)s rows would be submitted; %(known)s are known already. Nothing was written.")
_POSTED = _("%(reference)s is posted: %(rows)s rows.")


@click.group()
def returns() -> None:
    """Spending returns: what institutions spent, from their own finance systems."""


@returns.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--contract", required=True, help="The contract's reference.")
@click.option("--as", "email", required=True, help="E-mail address of the person who submits.")
@click.option("--bank-account", type=click.UUID, help="Id of the project's bank account; without it, money is pooled.")
@click.option("--declared", is_flag=True, help="Declare that nothing in the file is on the negative list.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what would happen, and leave nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def import_file(
    file: Path, contract: str, email: str, bank_account: Any, declared: bool, dry_run: bool, as_json: bool
) -> None:
    """Import FILE for a contract and submit it for a second person: every row or none.

    The file's columns are known by their usual names, or as the institution has laid down. The same file again says
    so and writes nothing. Exit status 0 when the rows are, or would be, submitted, or were before.
    """
    whole = upload_of(file, MAX_BYTES)
    upload = replace(whole, content=whole.content[:MAX_BYTES])

    def run(session: Session, actor: Actor) -> Facts:
        bears = contracts.get_visible(session, actor, contract)
        now = Clock().now()
        drafted = service.import_file(session, actor, ImportReturn(bears.id, upload), now=now)
        consent = SubmitReturn(drafted.version, bank_account, declared)
        found = service.submit(session, actor, drafted.id, consent, now=now)
        return _facts(session, found, dry_run)

    _run(run, email, as_json, _WOULD if dry_run else _SUBMITTED, dry_run=dry_run)


@returns.command("post")
@click.argument("reference")
@click.option("--as", "email", required=True, help="E-mail address of the second person.")
@click.option("--reason", default="", help="Why documents that were presented before are not the same cost.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def post(reference: str, email: str, reason: str, as_json: bool) -> None:
    """Post every row of the return REFERENCE, as another person than its maker."""

    def run(session: Session, actor: Actor) -> Facts:
        found = queries.visible_return(session, actor, reference)
        done = service.post(session, actor, found.id, PostReturn(found.version, reason), now=Clock().now())
        return _facts(session, done, False)

    _run(run, email, as_json, _POSTED)


def _run(
    work: Callable[[Session, Actor], Facts], email: str, as_json: bool, words: str, *, dry_run: bool = False
) -> None:
    """Do the work in one unit as that person, and say what came of it in their language."""
    say = voice_of(email)
    try:
        facts = carried_out(work, email, dry_run=dry_run)
    except Refusal as refusal:
        already = refusal.breaches[0].code == ALREADY
        _say_refused(refusal, say, as_json)
        sys.exit(0 if already else 1)
    if as_json:
        print_facts(facts)
        return
    click.echo(say(words, reference=facts["reference"], rows=f"{facts['rows']:,}", known=f"{facts['known']:,}"))
    for each in facts["sums"]:
        click.echo(f"  {each['kind']:<20} {each['heading'] or '':<24} {each['currency']} {each['amount']:>18}")


def _facts(session: Session, found: SpendingReturn, dry_run: bool) -> Facts:
    return {
        "reference": None if dry_run else found.reference,
        "status": None if dry_run else str(found.status),
        "dry_run": dry_run,
        "already_imported": None,
        "rows": found.row_count,
        "known": found.known_count,
        "first_day": found.first_day.isoformat() if found.first_day else None,
        "last_day": found.last_day.isoformat() if found.last_day else None,
        "sums": [
            {
                "kind": each.kind.value,
                "heading": each.heading.value if each.heading else None,
                "rows": each.count,
                "currency": each.amount.currency.value,
                "amount": str(each.amount.amount),
            }
            for each in queries.sums_of(session, found.id)
        ],
        "errors": [],
    }


def _say_refused(refusal: Refusal, say: Say, as_json: bool) -> None:
    first = refusal.breaches[0]
    already = first.params.get("reference") if first.code == ALREADY else None
    if as_json:
        errors = [] if already else faults(refusal, say)
        print_facts({"rows": 0, "already_imported": already, "errors": errors})
        return
    print_faults(refusal, say)
    if not already:
        print_nothing_written(refusal, say)
