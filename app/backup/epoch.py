"""`hetao ledger new-epoch`: what a database restored from a dump needs before its books are sealed again."""

from __future__ import annotations

import json

import click
from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import run_in_unit
from app.kernel.clock import Clock
from app.ledger.sealing import epochs, keys
from app.ledger.sealing.epochs import NewEpoch, NoBooks
from app.ledger.sealing.keys import NoKey
from app.people.command_actor import actor_by_email
from app.settings import settings


@click.command("new-epoch")
@click.option("--as", "email", required=True, help="E-mail address of the administrator who begins it.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def new_epoch(email: str, as_json: bool) -> None:
    """Begin a new epoch of sealing, once after a dump was restored into another server (pg_dump, pg_restore).

    There transaction ids start again, and sealing follows them. What is in no block yet is sealed first; nobody posts
    while this runs. A backup restored by `hetao backup restore` keeps its ids and needs none; where none is needed, a
    new epoch does no harm.
    """
    now = Clock().now()

    def run(session: Session) -> NewEpoch:
        actor = actor_by_email(session, email, now)
        authorise(actor, Permission.SETTINGS_CONFIRM)
        begun = epochs.begin(session, keys.own_key(settings()), now=now)
        details = {"epoch": begun.number, "entries_sealed_first": begun.entries}
        trail.record(session, actor, "ledger.new-epoch", None, details, now=now)
        return begun

    try:
        begun = run_in_unit(run)
    except (NoKey, NoBooks) as failure:
        raise click.ClickException(str(failure)) from None
    if as_json:
        blocks = [{"book": each.book_code, "block": each.block_no, "entries": each.entries} for each in begun.blocks]
        click.echo(json.dumps({"epoch": begun.number, "sealed_first": blocks}, indent=2))
    else:
        click.echo(f"Epoch {begun.number} has begun in every book; {begun.entries} entries were sealed before it.")
