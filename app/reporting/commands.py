"""`hetao report`: the catalogue, the contracts, and reports to files."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.clock import Clock
from reports.catalogue import REPORTS
from reports.model import Language, Report
from reports.output import Format, write
from reports.parameters import Parameters

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(invoke_without_command=True)
@click.option("--list-contracts", is_flag=True, help="Print the contracts that reports can be built of.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
@click.pass_context
def report(context: click.Context, list_contracts: bool, as_json: bool) -> None:
    """Reports of contracts and books, as PDF, XLSX, CSV or JSON in three languages."""
    if list_contracts:
        _print_contracts(as_json)
    elif context.invoked_subcommand is None:
        click.echo(context.get_help())


def _print_contracts(as_json: bool) -> None:
    with unit_of_work() as session:
        rows = session.execute(
            select(Contract, Institution.code)
            .join(Institution, Institution.id == Contract.grantee_id)
            .order_by(Contract.reference)
        )
        facts = [
            {
                "reference": contract.reference,
                "status": contract.status,
                "funding_mode": contract.funding_mode,
                "currency": contract.currency,
                "grantee": grantee,
                "first_day": contract.first_day.isoformat(),
                "last_day": contract.last_day.isoformat(),
            }
            for contract, grantee in rows
        ]
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for fact in facts:
        click.echo("  ".join(fact.values()))


@report.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def list_reports(as_json: bool) -> None:
    """Print the names of the reports."""
    facts = [
        {
            "name": kind.name,
            "title": kind.title,
            "statement": kind.letter,
            "about": [word for word, is_so in (("contract", kind.about_contract), ("book", kind.about_book)) if is_so],
        }
        for kind in REPORTS.values()
    ]
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for kind in REPORTS.values():
        about = "contract" if kind.about_contract else "book"
        click.echo(f"{kind.name:<24} {about:<9} {kind.title}")


@report.command("build")
@click.argument("name", type=click.Choice(sorted(REPORTS)))
@click.option("--contract", help="A contract's reference.")
@click.option("--book", help="A book's code.")
@click.option("--from", "first_day", type=DAY, required=True, help="First day.")
@click.option("--to", "last_day", type=DAY, required=True, help="Last day.")
@click.option("--lang", type=click.Choice([each.value for each in Language]), default="en", help="Language.")
@click.option("--format", "form", type=click.Choice([each.value for each in Format]), default="pdf", help="Format.")
@click.option("--bilingual", is_flag=True, help="English over Chinese, in a PDF.")
@click.option("--out", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def build(
    name: str,
    contract: str | None,
    book: str | None,
    first_day: datetime,
    last_day: datetime,
    lang: str,
    form: str,
    bilingual: bool,
    out: Path,
) -> None:
    """Build a report and write it to a file."""
    if first_day > last_day:
        raise click.BadParameter("the last day lies before the first", param_hint="--to")
    built = _build(name, contract, book, first_day, last_day)
    out.write_bytes(write(built, Format(form), Language(lang), bilingual=bilingual))
    click.echo(f"{out}: {built.document_id}, digest {built.digest()}")


def _build(name: str, contract: str | None, book: str | None, first_day: datetime, last_day: datetime) -> Report:
    kind = REPORTS[name]
    with unit_of_work() as session:
        contract_id = book_id = None
        if contract and kind.about_contract:
            found = contracts.find_by_reference(session, contract)
            if found is None:
                raise click.BadParameter(f"there is no contract {contract}", param_hint="--contract")
            contract_id = found.id
        elif book and kind.about_book:
            owner = institutions.find_by_code(session, book)
            if owner is None:
                raise click.BadParameter(f"there is no book {book}", param_hint="--book")
            book_id = owner.id
        else:
            needed = "--contract" if kind.about_contract else "--book"
            raise click.UsageError(f"{name} needs {needed}.")
        parameters = Parameters(first_day.date(), last_day.date(), Clock().now(), contract_id, book_id)
        return kind.build(session, parameters)
