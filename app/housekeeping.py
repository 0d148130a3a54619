"""`hetao housekeeping`: forgets what has served its time, to be run once a day by cron or a systemd timer.

It also sets every contract's limits again, because terms and variations come into force on a day of their own.

Keys of writes that nobody will send again, sessions that ended, and tries at signing in that no longer count: they
hold addresses and browsers, so they are not kept for longer than they are of use. The ledger and the trail stay.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

import click
from sqlalchemy.orm import Session

from app.contracts import fund_control
from app.db.unit_of_work import unit_of_work
from app.kernel.clock import Clock
from app.mail import service as mail
from app.mail.delivering import deliver
from app.people import signing_in, throttle
from app.settings import settings
from app.statements import throttle as checks
from app.web import idempotency

KEYS_FOR = timedelta(days=30)
SESSIONS_FOR = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many rows of each kind were forgotten."""

    idempotency_keys: int
    sessions: int
    sign_in_attempts: int
    checks: int
    mails: int


def tidy(session: Session, *, now: datetime) -> Forgotten:
    """Forget keys older than 30 days, sessions over for 90, and tries at signing in (90) or checking (1) too old."""
    return Forgotten(
        idempotency_keys=idempotency.purge(session, before=now - KEYS_FOR),
        sessions=signing_in.purge(session, before=now - SESSIONS_FOR),
        sign_in_attempts=throttle.purge(session, now=now),
        checks=checks.purge(session, now=now),
        mails=mail.purge(session, now=now),
    )


@click.command("housekeeping")
@click.option("--json", "as_json", is_flag=True, help="Print the numbers as JSON.")
def housekeeping(as_json: bool) -> None:
    """Forget old idempotency keys, ended sessions and sign-in attempts; run it once a day."""
    with unit_of_work() as session:
        clock = Clock()
        done = tidy(session, now=clock.now())
        limited = fund_control.refresh_all(session, clock.today())
    deliver(settings(), now=clock.now())
    if as_json:
        click.echo(json.dumps(asdict(done) | {"contracts_limited": limited}))
        return
    click.echo(
        f"Forgotten: {done.idempotency_keys} idempotency keys, {done.sessions} sessions, "
        f"{done.sign_in_attempts} sign-in attempts, {done.checks} checks, "
        f"{done.mails} mails. Limits set for {limited} contracts."
    )
