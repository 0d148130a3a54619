"""`hetao report`: the catalogue, the contracts, and reports to files."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.institutions.models import Institution
from app.kernel.clock import Clock
from app.projects.models import Project
from app.reporting import queries
from reports.catalogue import REPORTS, ReportKind
from reports.model import Language, Report
from reports.output import Format, write
from reports.parameters import Parameters
from reports.thousands import in_thousands

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
            "about": _about(kind),
        }
        for kind in REPORTS.values()
    ]
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for kind in REPORTS.values():
        click.echo(f"{kind.name:<24} {_about(kind)[0]:<9} {kind.title}")


def _about(kind: ReportKind) -> list[str]:
    """What the report may be about, in the words of the options."""
    said = (("contract", kind.about_contract), ("book", kind.about_book), ("project", kind.about_project))
    return [word for word, is_so in said if is_so]


@report.command("build")
@click.argument("name", type=click.Choice(sorted(REPORTS)))
@click.option("--contract", help="A contract's reference.")
@click.option("--book", help="A book's code.")
@click.option("--project", help="A project's reference.")
@click.option("--from", "first_day", type=DAY, required=True, help="First day.")
@click.option("--to", "last_day", type=DAY, required=True, help="Last day.")
@click.option(
    "--lang",
    type=click.Choice([each.value for each in Language]),
    help="Language; left out: the report's own first one.",
)
@click.option("--format", "form", type=click.Choice([each.value for each in Format]), default="pdf", help="Format.")
@click.option("--bilingual", is_flag=True, help="English over Chinese, in a PDF.")
@click.option("--thousands", is_flag=True, help="Amounts in thousands, rounded half-up (statements A, B and C).")
@click.option("--out", "out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def build(
    name: str,
    contract: str | None,
    book: str | None,
    project: str | None,
    first_day: datetime,
    last_day: datetime,
    lang: str | None,
    form: str,
    bilingual: bool,
    thousands: bool,
    out: Path,
) -> None:
    """Build a report and write it to a file."""
    if first_day > last_day:
        raise click.BadParameter("the last day lies before the first", param_hint="--to")
    if thousands and not REPORTS[name].in_thousands:
        raise click.UsageError(f"{name} is not written in thousands.")
    built = _build(name, Subject(contract, book, project), first_day, last_day)
    built = in_thousands(built) if thousands else built
    language = Language(lang) if lang else REPORTS[name].first_language
    out.write_bytes(write(built, Format(form), language, bilingual=bilingual))
    click.echo(f"{out}: {built.document_id}, digest {built.digest()}")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a report shall be about, as typed: the one of the three that its kind takes counts."""

    contract: str | None
    book: str | None
    project: str | None


def _build(name: str, subject: Subject, first_day: datetime, last_day: datetime) -> Report:
    kind = REPORTS[name]
    with unit_of_work() as session:
        parameters = Parameters(first_day.date(), last_day.date(), Clock().now())
        if subject.contract and kind.about_contract:
            parameters = replace(parameters, contract_id=_contract(session, subject.contract))
        elif subject.book and kind.about_book:
            parameters = replace(parameters, book_id=_book(session, subject.book))
        elif subject.project and kind.about_project:
            project_id = _project(session, subject.project)
            contract_ids = queries.contract_ids_of_project(session, project_id)
            parameters = replace(parameters, project_id=project_id, contract_ids=contract_ids)
        else:
            raise click.UsageError(f"{name} needs --{_about(kind)[0]}.")
        return kind.build(session, parameters)


def _contract(session: Session, reference: str) -> UUID:
    found = contracts.find_by_reference(session, reference)
    if found is None:
        raise click.BadParameter(f"there is no contract {reference}", param_hint="--contract")
    return found.id


def _book(session: Session, code: str) -> UUID:
    found = institutions.find_by_code(session, code)
    if found is None:
        raise click.BadParameter(f"there is no book {code}", param_hint="--book")
    return found.id


def _project(session: Session, reference: str) -> UUID:
    found = session.scalar(select(Project.id).where(Project.reference == reference))
    if found is None:
        raise click.BadParameter(f"there is no project {reference}", param_hint="--project")
    return found
