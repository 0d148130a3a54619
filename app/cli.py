"""The `hetao` command, also `python -m app`. Each slice brings its own commands; they are joined here by name."""

from __future__ import annotations

import sys
from functools import cached_property
from importlib import import_module
from typing import Any

import click

from app.settings import Settings, settings as settings_of_environment


class Elsewhere(click.Command):
    """A command of a slice: its line in the list stands here, and the slice is imported when it is called.

    Commands of higher slices are joined to a group of a lower one the same way.
    """

    def __init__(self, name: str, place: str, line: str, *joined: Elsewhere) -> None:
        """`place` is `module:attribute`; `line` is the first sentence of the command's own help."""
        super().__init__(name, help=line)
        self.place, self.joined = place, joined

    @cached_property
    def real(self) -> click.Command:
        """The command itself."""
        module, _, attribute = self.place.partition(":")
        found = getattr(import_module(module), attribute)
        for each in self.joined:
            found.add_command(each)
        if any(name.startswith("app.") and name.endswith(".models") for name in sys.modules):
            import_module("app.all_models")  # tables of one slice point at those of others by name
        return found  # type: ignore[no-any-return]

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """The command's own context, so that it reads its own arguments and runs."""
        return self.real.make_context(info_name, args, parent, **extra)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name=None, version="0.1.0", prog_name="hetao")
def hetao() -> None:
    """Hetao Ledger: research funding across the boundary, kept in one ledger."""


@hetao.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (HETAO_PORT, 8000).")
@click.option(
    "--demo/--no-demo", default=None, help="Load the demonstration story; by default with the bundled database."
)
def serve(port: int | None, demo: bool | None) -> None:
    """Start the database, migrate it and serve the application on this machine."""
    from dataclasses import replace

    from app.serving import CannotServe, serve as serve_until_stopped

    settings: Settings = settings_of_environment()
    wanted = settings.demo or settings.database_url is None if demo is None else demo
    try:
        serve_until_stopped(replace(settings, port=port or settings.port), demo=wanted, announce=click.echo)
    except CannotServe as refusal:
        raise click.ClickException(str(refusal)) from None


@hetao.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest migration."""
    from app.db import embedded
    from app.db.migration import upgrade

    settings = settings_of_environment()
    owner_url = settings.database_owner_url or settings.database_url or embedded.joined(settings.home).owner_url
    upgrade(owner_url)
    click.echo("The database is up to date.")


@hetao.group()
def bank() -> None:
    """Files of banks, in and out."""


# Commands of the slices in alphabetical order: name, place, and the first sentence of its help.
OF_BANKS = (
    Elsewhere(
        "export",
        "app.payment_files.cli:export",
        "Write a signed payment file (pain.001) to a file: the same bytes every time, and the trail says who took"
        " them.",
    ),
    Elsewhere(
        "import",
        "app.reconciliation.bank_commands:import_file",
        "Take the statements (camt.053, MT940) or notifications (camt.054) of FILE at the accounts it names, or"
        " nothing.",
    ),
)
OF_LEDGER = (
    Elsewhere(
        "audit-tables",
        "app.audit_tables.commands:audit_tables",
        "Write the tables as CSV, with ISO 21378 names, a mapping to GB/T 24589 and a manifest with digests.",
    ),
    Elsewhere(
        "import",
        "app.ledger_import.commands:import_file",
        "Post every voucher of a CSV or XLSX file that the book does not have yet, or none.",
    ),
    Elsewhere(
        "new-epoch",
        "app.backup.epoch:new_epoch",
        "Begin a new epoch of sealing, once after a dump was restored into another server (pg_dump, pg_restore).",
    ),
)
OF_REPORTS = (
    Elsewhere(
        "issue",
        "app.statements.commands:issue",
        "Issue a certified statement: its files are written once and kept for good.",
    ),
    Elsewhere(
        "verify",
        "app.statements.commands:verify",
        "Say whether a file is exactly what was issued; exit status 1 unless it is valid.",
    ),
)
OF_SLICES = (
    Elsewhere(
        "backup",
        "app.backup.commands:backup",
        "Backups of the bundled database and the evidence, restored to any second since they were made.",
    ),
    Elsewhere("bench", "app.ledger.commands:bench", "Measurements on this machine, beside the database's own."),
    Elsewhere("demo", "app.demo.commands:demo", "The demonstration story."),
    Elsewhere("engagement", "app.engagements.commands:engagement", "Engagements of auditors."),
    Elsewhere("equipment", "app.equipment.commands:equipment", "The register of equipment."),
    Elsewhere("evidence", "app.evidence.commands:evidence", "Documents: receipts and invoices."),
    Elsewhere(
        "housekeeping",
        "app.housekeeping:housekeeping",
        "Forget old idempotency keys, ended sessions and sign-in attempts; run it once a day.",
    ),
    Elsewhere(
        "ledger",
        "app.ledger.commands:ledger",
        "The books: trial balance, exports, and the check of every balance.",
        *OF_LEDGER,
    ),
    Elsewhere("mail", "app.mail.commands:mail", "Notices by mail, through the server named by HETAO_MAIL_HOST."),
    Elsewhere("manpower", "app.manpower.commands:manpower", "The manpower schedule."),
    Elsewhere("rates", "app.exchange_rates.commands:rates", "Exchange rates."),
    Elsewhere(
        "report",
        "app.reporting.commands:report",
        "Reports of contracts and books, as PDF, XLSX, CSV or JSON in three languages.",
        *OF_REPORTS,
    ),
    Elsewhere(
        "returns",
        "app.returns.commands:returns",
        "Spending returns: what institutions spent, from their own finance systems.",
    ),
    Elsewhere("user", "app.people.commands:user", "People who sign in."),
)
for _each in OF_BANKS:
    bank.add_command(_each)
for _each in OF_SLICES:
    hetao.add_command(_each)


def main() -> None:
    """Run the command; foreseen failures end in one plain sentence and exit status 1."""
    try:
        hetao(prog_name="hetao")
    except Exception as failure:
        told = _in_words(failure)
        if told is None:
            raise
        click.echo(told, err=True)
        sys.exit(1)


def _in_words(failure: Exception) -> str | None:
    """What to tell of a foreseen failure; None for any other."""
    from psycopg.errors import InvalidSchemaName, UndefinedTable
    from sqlalchemy.exc import OperationalError, ProgrammingError

    from app.db.binaries import NoPostgres
    from app.db.embedded import DatabaseNotStarted
    from app.db.migration import UnusableDatabase
    from app.kernel.errors import Refusal
    from app.people.command_language import breach_lines, in_language
    from app.settings import SettingsRefused

    match failure:
        case NoPostgres() | DatabaseNotStarted() | UnusableDatabase() | SettingsRefused():
            return f"Error: {failure}"
        case Refusal():
            words = (breach_lines(in_language("en"), breach) for breach in failure.breaches)
            return "\n".join("\n  ".join([f"Refused: {message}", *cure]) for message, *cure in words)
        case ProgrammingError() if isinstance(failure.orig, UndefinedTable | InvalidSchemaName):
            return "Error: the database is not migrated. Run `hetao db upgrade` first."
        case OperationalError():
            return f"Error: the database does not answer: {failure.orig}"
    return None
