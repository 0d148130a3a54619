"""`hetao ledger import`: opening balances and history from a file, with a report for each wrong line."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.db.unit_of_work import run_in_unit, unit_of_work
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import Clock
from app.kernel.errors import Refusal
from app.kernel.messages import _
from app.ledger import balances
from app.ledger_import import service
from app.ledger_import.service import Imported
from app.people import queries as people
from app.people.command_actor import actor_by_email
from app.people.command_language import Say, breach_lines, in_language

SHOWN = 200
_POSTED = _("%(posted)s entries posted from %(vouchers)s vouchers; %(known)s were there already.")
_WOULD = _(
    "%(posted)s entries would be posted from %(vouchers)s vouchers; %(known)s are there already. Nothing was posted."
)


class _Tried(Exception):
    """Carries the outcome of a dry run out of the unit of work, which rolls back."""

    def __init__(self, outcome: Imported) -> None:
        super().__init__("dry run")
        self.outcome = outcome


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--book", help="The book's code; without it, the one book in which the person may post.")
@click.option("--as", "email", required=True, help="E-mail address of the person who posts.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what would happen, and leave nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def import_file(file: Path, book: str | None, email: str, dry_run: bool, as_json: bool) -> None:
    """Post every voucher of a CSV or XLSX file that the book does not have yet, or none.

    The columns are explained in docs/ledger-import.md. A voucher is known by its key: the same file twice posts nothing
    twice. Exit status 0 only when all was, or would be, posted.
    """
    now = Clock().now()
    content = file.read_bytes()
    say = in_language(_language_of(email))
    last = [time.monotonic()]

    def progress(done: int, total: int) -> None:
        if time.monotonic() - last[0] >= 2 and not as_json:
            last[0] = time.monotonic()
            click.echo(say(_("%(done)s of %(total)s vouchers"), done=f"{done:,}", total=f"{total:,}"), err=True)

    def run(session: Session) -> Imported:
        actor = actor_by_email(session, email, now)
        chosen = book or _only_book(session, actor)
        outcome = service.import_file(session, actor, chosen, content, file_name=file.name, now=now, progress=progress)
        if dry_run:
            raise _Tried(outcome)
        return outcome

    try:
        _report(run_in_unit(run), say, as_json=as_json, dry_run=False)
    except _Tried as tried:
        _report(tried.outcome, say, as_json=as_json, dry_run=True)
    except Refusal as refusal:
        _report_refusal(refusal, say, as_json=as_json)
        sys.exit(1)


def _language_of(email: str) -> str:
    with unit_of_work() as session:
        person = people.by_email(session, email)
        return person.language if person else "en"


def _only_book(session: Session, actor: Actor) -> str:
    granted = institutions_granting(actor, Permission.JOURNALS_APPROVE)
    codes = [code for code, book_id in balances.book_ids(session).items() if book_id in granted]
    if len(codes) != 1:
        named = ", ".join(codes) or "–"
        raise click.UsageError(f"Name the book with --book. Books in which {actor.email} may post: {named}.")
    return codes[0]


def _report(outcome: Imported, say: Say, *, as_json: bool, dry_run: bool) -> None:
    if as_json:
        click.echo(json.dumps(_facts(outcome, dry_run), indent=2))
        return
    click.echo(say(_("Book %(book)s, %(lines)s lines."), book=outcome.book_code, lines=f"{outcome.lines:,}"))
    click.echo(
        say(
            _WOULD if dry_run else _POSTED,
            posted=f"{outcome.posted:,}",
            vouchers=f"{outcome.vouchers:,}",
            known=f"{outcome.known:,}",
        )
    )
    if outcome.posted:
        opening = _("%(opening)s of them are opening balances; dates %(first)s to %(last)s.")
        click.echo(say(opening, opening=outcome.opening, first=outcome.first_day, last=outcome.last_day))
        for amount in outcome.turnover.values():
            click.echo(f"  {amount.currency} {amount.amount:>20,}")


def _facts(outcome: Imported, dry_run: bool) -> dict[str, Any]:
    return {
        "book": outcome.book_code,
        "dry_run": dry_run,
        "lines": outcome.lines,
        "vouchers": outcome.vouchers,
        "posted": outcome.posted,
        "known": outcome.known,
        "opening": outcome.opening,
        "first_day": outcome.first_day.isoformat(),
        "last_day": outcome.last_day.isoformat(),
        "turnover": {currency.value: str(amount.amount) for currency, amount in outcome.turnover.items()},
        "errors": [],
    }


def _report_refusal(refusal: Refusal, say: Say, *, as_json: bool) -> None:
    if as_json:
        errors = [_error(breach, say) for breach in refusal.breaches]
        click.echo(json.dumps({"posted": 0, "errors": errors}, indent=2, ensure_ascii=False))
        return
    for breach in refusal.breaches[:SHOWN]:
        error = _error(breach, say)
        place = say(_("line %(line)s, %(column)s"), line=error["line"], column=error["column"])
        click.echo(f"{place}: {error['message']}" if error["line"] else str(error["message"]), err=True)
        if error["cure"]:
            click.echo(f"    {error['cure']}", err=True)
    more = len(refusal.breaches) - SHOWN
    if more > 0:
        click.echo(say(_("… and %(more)s more."), more=more), err=True)
    click.echo(say(_("Nothing was posted. Problems found: %(count)s."), count=len(refusal.breaches)), err=True)


def _error(breach: Breach, say: Say) -> dict[str, Any]:
    words = breach_lines(say, breach)
    return {
        "line": breach.params.get("line"),
        "column": breach.params.get("column"),
        "code": breach.code,
        "message": words[0] if words else breach.code,
        "cure": words[1] if len(words) > 1 else "",
    }
