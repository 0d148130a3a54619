"""`hetao bank import`: a bank's statement file taken from the command line, with what it says and what is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from app.db.unit_of_work import run_in_unit, unit_of_work
from app.kernel.clock import Clock
from app.kernel.errors import Refusal
from app.kernel.messages import _
from app.kernel.money import Money
from app.people import queries as people
from app.people.command_actor import actor_by_email
from app.people.command_language import Say, breach_lines, in_language
from app.reconciliation import import_service
from app.reconciliation.forms import MAX_FILE_BYTES
from app.reconciliation.import_service import Imported
from app.reconciliation.statements import NoticeRead, StatementRead
from app.web.uploads import Upload, harmless_name, sniff

SHOWN = 200
_STATEMENT = _("%(first_day)s to %(last_day)s, lines: %(lines)s, from %(opening)s to %(closing)s %(reference)s")


_NOTICE = _("Notification %(number)s, entries: %(entries)s, left out because they were taken before: %(left_out)s")


class _Tried(Exception):
    """Carries the outcome of a dry run out of the unit of work, which rolls back."""

    def __init__(self, facts: dict[str, Any]) -> None:
        super().__init__("dry run")
        self.facts = facts


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--account", help="Id or number of the bank account; without it, the account the file names.")
@click.option("--as", "email", required=True, help="E-mail address of the person who brings the file in.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what would happen, and leave nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def import_file(file: Path, account: str | None, email: str, dry_run: bool, as_json: bool) -> None:
    """Take the statements (camt.053, MT940) or notifications (camt.054) of FILE at the accounts it names, or nothing.

    The same file again, or the same statement or entry in another file, is left as it is and said so.
    Exit status 0 only when everything is, would be, or was taken before.
    """
    now = Clock().now()
    with file.open("rb") as opened:
        content = opened.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise click.ClickException(f"The file is larger than {MAX_FILE_BYTES // 1024**2} MB.")
    upload = Upload(harmless_name(file.name), content, sniff(content))
    say = in_language(_language_of(email))

    def run(session: Session) -> dict[str, Any]:
        actor = actor_by_email(session, email, now)
        found = import_service.import_file(session, actor, upload, account, now=now)
        facts = {"file": upload.name, "dry_run": dry_run, "accounts": [_facts(each, say, dry_run) for each in found]}
        facts |= {"imported": sum(len(each.taken) for each in found), "notices": sum(len(each.kept) for each in found)}
        facts |= {"errors": []}
        if dry_run:
            raise _Tried(facts)
        return facts

    try:
        _report(run_in_unit(run), say, as_json)
    except _Tried as tried:
        _report(tried.facts, say, as_json)
    except Refusal as refusal:
        _report_refusal(refusal, say, as_json)
        sys.exit(1)


def _language_of(email: str) -> str:
    with unit_of_work() as session:
        person = people.by_email(session, email)
        return person.language if person else "en"


def _facts(found: Imported, say: Say, dry_run: bool) -> dict[str, Any]:
    names = [each.reference for each in found.taken] if found.taken and not dry_run else [None] * len(found.read)
    return {
        "account_id": str(found.account.id),
        "account": found.account.masked_number,
        "bank": found.account.bank_name,
        "institution": found.account.institution.code,
        "currency": str(found.account.currency),
        "format": found.source.value,
        "known": found.known,
        "statements": [_statement(each, name) for each, name in zip(found.read, names, strict=True)],
        "notices": [_notice(each, left) for each, left in zip(found.notified, _left_out(found), strict=True)],
        "notes": [" ".join(breach_lines(say, each)) for each in found.notes],
    }


def _statement(read: StatementRead, reference: str | None) -> dict[str, Any]:
    return {
        "reference": reference,
        "bank_number": read.bank_number,
        "first_day": read.first_day.isoformat(),
        "last_day": read.last_day.isoformat(),
        "opening": _decimal(read.opening),
        "closing": _decimal(read.closing),
        "lines": len(read.lines),
    }


def _left_out(found: Imported) -> list[int]:
    """By notification, how many of its entries were kept before."""
    if found.known:
        return [len(each.entries) for each in found.notified]
    return [len(read.entries) - len(kept.entries) for read, kept in zip(found.notified, found.kept, strict=True)]


def _notice(read: NoticeRead, left_out: int) -> dict[str, Any]:
    return {"bank_number": read.bank_number, "entries": len(read.entries), "left_out": left_out}


def _decimal(amount: Money) -> str:
    return str(amount.amount)


def _report(facts: dict[str, Any], say: Say, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(facts, indent=2, ensure_ascii=False))
        return
    for each in facts["accounts"]:
        click.echo(f"{each['institution']} {each['currency']} {each['account']}, {each['bank']} ({each['format']})")
        for row in each["statements"]:
            params = {**row, "lines": f"{row['lines']:,}", "reference": row["reference"] or ""}
            click.echo("  " + say(_STATEMENT, **params).rstrip())
        for row in each["notices"]:
            told = {"number": row["bank_number"], "entries": row["entries"], "left_out": row["left_out"]}
            click.echo("  " + say(_NOTICE, **told))
        for note in each["notes"]:
            click.echo(f"  ! {note}")
        if each["known"]:
            click.echo("  " + say(_("All of this was taken before; nothing was taken again.")))
    if facts["dry_run"]:
        click.echo(say(_("%(count)s statements would be taken. Nothing was written."), count=facts["imported"]))
    else:
        click.echo(say(_("Statements taken: %(count)s."), count=facts["imported"]))
        if facts["notices"]:
            click.echo(say(_("Notifications taken: %(count)s."), count=facts["notices"]))


def _report_refusal(refusal: Refusal, say: Say, as_json: bool) -> None:
    errors = [{"code": each.code, "says": breach_lines(say, each)} for each in refusal.breaches]
    if as_json:
        said = [{"code": each["code"], "message": " ".join(each["says"])} for each in errors]
        click.echo(json.dumps({"imported": 0, "errors": said}, indent=2, ensure_ascii=False))
        return
    for each in errors[:SHOWN]:
        click.echo("\n    ".join(each["says"]) or each["code"], err=True)
    if len(errors) > SHOWN:
        click.echo(say(_("… and %(more)s more."), more=len(errors) - SHOWN), err=True)
    click.echo(say(_("Nothing was written. Problems found: %(count)s."), count=len(errors)), err=True)
