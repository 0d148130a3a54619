"""`hetao user create`: the first administrators, from the command line, where nobody can confirm anybody yet."""

from __future__ import annotations

import json
import secrets
import sys

import click
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions, service as institution_service
from app.institutions.models import Institution
from app.institutions.rules import HOME_CURRENCY
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Role
from app.kernel.clock import Clock
from app.kernel.currencies import Currency
from app.people import queries, service


@click.group("user")
def user() -> None:
    """People who sign in."""


@user.command("create")
@click.option("--email", required=True, help="Address the person signs in with.")
@click.option("--name", required=True, help="Name in English.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
    help="May be given several times.",
)
@click.option("--institution", "code", required=True, help="Code of the institution the rights hold at.")
@click.option("--institution-name", default="", help="Opens the institution under this name if it is not there yet.")
@click.option(
    "--side", type=click.Choice([side.value for side in Side]), default="SZ", help="Side of a new institution."
)
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in InstitutionKind]),
    default="FUNDER",
    help="Kind of a new institution.",
)
@click.option("--password", default=None, help="Asked for when left out; a random one is made without a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def create(
    email: str,
    name: str,
    roles: tuple[str, ...],
    code: str,
    institution_name: str,
    side: str,
    kind: str,
    password: str | None,
    as_json: bool,
) -> None:
    """Register a person with rights in force at once. Use it for the first two administrators."""
    given = password or _asked_password()
    made_up = "" if given else secrets.token_urlsafe(15)
    clock = Clock()
    with unit_of_work() as session:
        institution = _institution(session, code, institution_name, Side(side), InstitutionKind(kind), clock)
        command = service.PersonCommand(email=email.strip().lower(), name_en=name.strip())
        person = service.create_by_operator(
            session,
            command,
            password=given or made_up,
            roles=[(Role(role), institution.id) for role in roles],
            now=clock.now(),
            today=clock.today(),
        )
        facts = {
            "id": str(person.id),
            "email": person.email,
            "institution": institution.code,
            "roles": list(roles),
            "administrators": len(queries.administrators(session, institution.id, clock.today())),
        }
    if made_up:
        facts["password"] = made_up
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    click.echo(f"{email} may sign in now, with {', '.join(roles)} at {code}.")
    if made_up:
        click.echo(f"Password (shown this once): {made_up}")
    if facts["administrators"] == 1:
        click.echo("Create a second administrator as well: every change of rights needs two.")


def _institution(
    session: Session, code: str, name: str, side: Side, kind: InstitutionKind, clock: Clock
) -> Institution:
    found = institutions.find_by_code(session, code)
    if found is not None:
        return found
    if not name:
        raise click.ClickException(f"There is no institution {code}; name it with --institution-name to open it.")
    currency = HOME_CURRENCY.get(side, Currency.HKD)
    command = institution_service.InstitutionCommand(
        code=code, side=side, kind=kind, name_en=name, functional_currency=currency
    )
    return institution_service.open_by_operator(session, command, now=clock.now())


def _asked_password() -> str:
    """A password typed twice, where there is a terminal to type it in; otherwise nothing."""
    if not sys.stdin.isatty():
        return ""
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return typed
