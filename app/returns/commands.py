"""`hetao returns`: a period's spending from a file, submitted by one person and posted by another."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.db.unit_of_work import run_in_unit, unit_of_work
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import Clock
from app.kernel.errors import Refusal
from app.kernel.messages import Words, _
from app.people import queries as people
from app.people.command_actor import actor_by_email
from app.people.command_language import Say, breach_lines, in_language
from app.returns import queries, service
from app.returns.forms import MAX_BYTES
from app.returns.models import SpendingReturn
from app.returns.service import ImportReturn, PostReturn, SubmitReturn
from app.web.uploads import Upload, harmless_name, sniff

SHOWN = 200
ALREADY = "returns.already-imported"
_SUBMITTED = _("%(reference)s waits for a second person: %(rows)s rows; %(known)s were known already.")
_WOULD = _("%(rows)s rows would be submitted; %(known)s are known already. Nothing was written.")
_POSTED = _("%(reference)s is posted: %(rows)s rows.")


class _Tried(Exception):
    """Carries the outcome of a dry run out of the unit of work, which rolls back."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__("dry run")
        self.facts = facts


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
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    upload = Upload(harmless_name(file.name), content[:MAX_BYTES], sniff(content))

    def run(session: Session, actor: Actor) -> dict[str, Any]:
        bears = contracts.get_visible(session, actor, contract)
        now = Clock().now()
        drafted = service.import_file(session, actor, ImportReturn(bears.id, upload), now=now)
        consent = SubmitReturn(drafted.version, bank_account, declared)
        found = service.submit(session, actor, drafted.id, consent, now=now)
        facts = _facts(session, found, dry_run)
        if dry_run:
            raise _Tried(facts)
        return facts

    _run(run, email, as_json, _WOULD if dry_run else _SUBMITTED)


@returns.command("post")
@click.argument("reference")
@click.option("--as", "email", required=True, help="E-mail address of the second person.")
@click.option("--reason", default="", help="Why documents that were presented before are not the same cost.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def post(reference: str, email: str, reason: str, as_json: bool) -> None:
    """Post every row of the return REFERENCE, as another person than its maker."""

    def run(session: Session, actor: Actor) -> dict[str, Any]:
        found = queries.visible_return(session, actor, reference)
        done = service.post(session, actor, found.id, PostReturn(found.version, reason), now=Clock().now())
        return _facts(session, done, False)

    _run(run, email, as_json, _POSTED)


def _run(work: Callable[[Session, Actor], dict[str, Any]], email: str, as_json: bool, words: str) -> None:
    """Do the work in one unit as that person, and say what came of it in their language."""
    say = in_language(_language_of(email))
    try:
        facts = run_in_unit(lambda session: work(session, actor_by_email(session, email, Clock().now())))
    except _Tried as tried:
        facts = tried.facts
    except Refusal as refusal:
        already = refusal.breaches[0].code == ALREADY
        _say_refused(refusal, say, as_json)
        sys.exit(0 if already else 1)
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    click.echo(say(words, reference=facts["reference"], rows=f"{facts['rows']:,}", known=f"{facts['known']:,}"))
    for each in facts["sums"]:
        click.echo(f"  {each['kind']:<20} {each['heading'] or '':<24} {each['currency']} {each['amount']:>18}")


def _language_of(email: str) -> str:
    with unit_of_work() as session:
        person = people.by_email(session, email)
        return person.language if person else "en"


def _facts(session: Session, found: SpendingReturn, dry_run: bool) -> dict[str, Any]:
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
    errors = [_error(breach, say) for breach in refusal.breaches]
    first = refusal.breaches[0]
    already = first.params.get("reference") if first.code == ALREADY else None
    if as_json:
        said = {"rows": 0, "already_imported": already, "errors": [] if already else errors}
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
        return
    for error in errors[:SHOWN]:
        place = say(_("line %(line)s, %(column)s"), line=error["line"], column=error["column"])
        click.echo(f"{place}: {error['message']}" if error["line"] else error["message"], err=True)
        if error["cure"]:
            click.echo(f"    {error['cure']}", err=True)
    if len(errors) > SHOWN:
        click.echo(say(_("… and %(more)s more."), more=len(errors) - SHOWN), err=True)
    if not already:
        click.echo(say(_("Nothing was written. Problems found: %(count)s."), count=len(errors)), err=True)


def _error(breach: Breach, say: Say) -> dict[str, Any]:
    column = breach.params.get("column")
    shown = ", ".join(say(each) for each in column.ids) if isinstance(column, Words) else column
    words = breach_lines(
        say, Breach(breach.code, breach.message, breach.cure, params={**breach.params, "column": shown})
    )
    return {
        "line": breach.params.get("line"),
        "column": shown,
        "code": breach.code,
        "message": words[0] if words else breach.code,
        "cure": words[1] if len(words) > 1 else "",
    }
