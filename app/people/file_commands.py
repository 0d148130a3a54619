"""Commands that bring a file in: one unit of work as a person, a dry run, and what came of it in their language."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.orm import Session

from app.db.unit_of_work import run_in_unit, unit_of_work
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import Clock
from app.kernel.errors import Refusal
from app.kernel.messages import Words, _
from app.people import queries as people
from app.people.command_actor import actor_by_email
from app.people.command_language import Say, breach_lines, in_language
from app.web.row_files import Imported, RowFile, RowFileField
from app.web.uploads import Upload, harmless_name, sniff

SHOWN = 200
Facts = dict[str, Any]
Import = Callable[[Session, Actor, RowFile], Imported]
"""The verb that enters the rows of a register's file."""

_IMPORTED = _("%(kept)s new, %(known)s there already.")
_WOULD = _("%(kept)s would be new, %(known)s are there already. Nothing was written.")


class _Tried(Exception):
    """Carries the outcome of a dry run out of the unit of work, which rolls back."""

    def __init__(self, facts: Facts) -> None:
        super().__init__("dry run")
        self.facts = facts


def carried_out(work: Callable[[Session, Actor], Facts], email: str, *, dry_run: bool = False) -> Facts:
    """Do the work in one unit as that person; a dry run leaves nothing. Raises Refusal."""

    def run(session: Session) -> Facts:
        facts = work(session, actor_by_email(session, email, Clock().now()))
        if dry_run:
            raise _Tried(facts)
        return facts

    try:
        return run_in_unit(run)
    except _Tried as tried:
        return tried.facts


def voice_of(email: str) -> Say:
    """The language of the person with that address; English for nobody."""
    with unit_of_work() as session:
        person = people.by_email(session, email)
        return in_language(person.language if person else "en")


def upload_of(file: Path, most: int) -> Upload:
    """The file as an upload; of one that is too large so much that it is seen to be."""
    with file.open("rb") as opened:
        content = opened.read(most + 1)
    return Upload(harmless_name(file.name), content, sniff(content))


def print_facts(facts: Facts) -> None:
    """Facts as JSON."""
    click.echo(json.dumps(facts, indent=2, ensure_ascii=False))


def print_faults(refusal: Refusal, say: Say) -> None:
    """Every wrong cell by line and column, as many as a person reads, to standard error."""
    errors = faults(refusal, say)
    for error in errors[:SHOWN]:
        place = say(_("line %(line)s, %(column)s"), line=error["line"], column=error["column"])
        click.echo(f"{place}: {error['message']}" if error["line"] else error["message"], err=True)
        if error["cure"]:
            click.echo(f"    {error['cure']}", err=True)
    if len(errors) > SHOWN:
        click.echo(say(_("… and %(more)s more."), more=len(errors) - SHOWN), err=True)


def print_nothing_written(refusal: Refusal, say: Say) -> None:
    """That the file was refused as a whole."""
    click.echo(say(_("Nothing was written. Problems found: %(count)s."), count=len(refusal.breaches)), err=True)


def faults(refusal: Refusal, say: Say) -> list[Facts]:
    """Each breach with its line and column, in words."""
    return [_fault(breach, say) for breach in refusal.breaches]


def _fault(breach: Breach, say: Say) -> Facts:
    """One breach; of one that stands on a line, what is wrong there without the line said again."""
    inner = breach.params.get("what")
    told = inner if isinstance(inner, Breach) else breach
    place = {name: breach.params.get(name) for name in ("line", "column")}
    params = {name: _said(name, value, say) for name, value in {**told.params, **place}.items()}
    words = breach_lines(say, Breach(breach.code, told.message, breach.cure, params=params))
    return {
        "line": place["line"],
        "column": params["column"],
        "code": breach.code,
        "message": words[0] if words else breach.code,
        "cure": words[1] if len(words) > 1 else "",
    }


def _said(name: str, value: object, say: Say) -> object:
    """A label is a message id, a list of words several; everything else is said as it is."""
    if isinstance(value, Words):
        return ", ".join(say(each) for each in value.ids)
    return say(value) if name == "label" and type(value) is str else value


def import_command(field: RowFileField, verb: Import, what: str) -> click.Command:
    """The command `import FILE` of a register that holds `what`: its file as the screen takes it, every row or none."""

    @click.command("import")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--as", "email", required=True, help="E-mail address of the person who keeps the register.")
    @click.option("--dry-run", is_flag=True, help="Do everything, say what would happen, and leave nothing.")
    @click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
    def import_file(file: Path, email: str, dry_run: bool, as_json: bool) -> None:
        _import_rows(field, verb, file, email, dry_run=dry_run, as_json=as_json)

    import_file.help = (
        f"Enter every one of the {what} in FILE (CSV in UTF-8, or XLSX) that is not there yet, or none.\n\n"
        "The first line names the columns, which are those of the screen. Exit status 0 when the rows are, or would "
        "be, entered, or stood there before."
    )
    return import_file


def _import_rows(
    field: RowFileField,
    verb: Import,
    file: Path,
    email: str,
    *,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring the file in, read and judged as the screen does it. Exits with status 1 when it is refused."""
    say = voice_of(email)

    def work(session: Session, actor: Actor) -> Facts:
        done = verb(session, actor, field.rows_of(upload_of(file, field.max_bytes)))
        return {"kept": done.kept, "known": done.known, "dry_run": dry_run, "errors": []}

    try:
        facts = carried_out(work, email, dry_run=dry_run)
    except Refusal as refusal:
        if as_json:
            print_facts({"kept": 0, "known": 0, "dry_run": dry_run, "errors": faults(refusal, say)})
        else:
            print_faults(refusal, say)
            print_nothing_written(refusal, say)
        sys.exit(1)
    if as_json:
        print_facts(facts)
    else:
        click.echo(say(_WOULD if dry_run else _IMPORTED, kept=f"{facts['kept']:,}", known=f"{facts['known']:,}"))
