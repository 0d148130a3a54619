"""The `hetao` command, also `python -m app`. Each slice brings its own commands; they are joined here by name."""

from __future__ import annotations

import sys

import click
from psycopg.errors import InvalidSchemaName, UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.audit_tables.commands import audit_tables
from app.backup.commands import backup
from app.backup.epoch import new_epoch
from app.db import embedded
from app.db.binaries import NoPostgres
from app.db.embedded import DatabaseNotStarted
from app.db.migration import UnusableDatabase, upgrade
from app.demo.commands import demo as demo_commands
from app.engagements.commands import engagement
from app.equipment.commands import equipment
from app.evidence.commands import evidence
from app.exchange_rates.commands import rates
from app.housekeeping import housekeeping
from app.kernel.errors import Refusal
from app.ledger.commands import bench, ledger
from app.ledger_import.commands import import_file
from app.mail.commands import mail
from app.manpower.commands import manpower
from app.payment_files.cli import export as export_payment_file
from app.people.commands import user
from app.reconciliation.bank_commands import import_file as import_bank_file
from app.reporting.commands import report
from app.returns.commands import returns
from app.settings import Settings, SettingsRefused, settings as settings_of_environment
from app.statements import commands as statement_commands

NAMED_FAILURES = (NoPostgres, DatabaseNotStarted, UnusableDatabase, SettingsRefused)


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
    settings = settings_of_environment()
    owner_url = settings.database_owner_url or settings.database_url or embedded.joined(settings.home).owner_url
    upgrade(owner_url)
    click.echo("The database is up to date.")


@hetao.group()
def bank() -> None:
    """Files of banks, in and out."""


# Commands of the slices: one import and one line each, in alphabetical order.
hetao.add_command(backup)
bank.add_command(export_payment_file)
bank.add_command(import_bank_file)
hetao.add_command(bank)
hetao.add_command(bench)
hetao.add_command(demo_commands)
hetao.add_command(engagement)
hetao.add_command(equipment)
hetao.add_command(evidence)
hetao.add_command(housekeeping)
hetao.add_command(ledger)
hetao.add_command(mail)
hetao.add_command(manpower)
ledger.add_command(audit_tables)
ledger.add_command(import_file)
ledger.add_command(new_epoch)
hetao.add_command(rates)
hetao.add_command(report)
report.add_command(statement_commands.issue)
report.add_command(statement_commands.verify)
hetao.add_command(returns)
hetao.add_command(user)


def main() -> None:
    """Run the command; foreseen failures end in one plain sentence and exit status 1."""
    try:
        hetao(prog_name="hetao")
    except NAMED_FAILURES as failure:
        raise SystemExit(f"Error: {failure}") from None
    except Refusal as refusal:
        for breach in refusal.breaches:
            click.echo(
                f"Refused: {breach.message % dict(breach.params) if breach.params else breach.message}", err=True
            )
            if breach.cure:
                click.echo(f"  {breach.cure % dict(breach.params) if breach.params else breach.cure}", err=True)
        sys.exit(1)
    except ProgrammingError as error:
        if not isinstance(error.orig, UndefinedTable | InvalidSchemaName):
            raise
        raise SystemExit("Error: the database is not migrated. Run `hetao db upgrade` first.") from None
    except OperationalError as error:
        raise SystemExit(f"Error: the database does not answer: {error.orig}") from None


if __name__ == "__main__":
    main()
