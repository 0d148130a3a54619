"""`hetao mail send`: sends the notices that are due, once or for as long as it runs."""

from __future__ import annotations

import os
import time

import click

from app.kernel.clock import Clock
from app.mail.delivering import deliver
from app.settings import settings


@click.group("mail")
def mail() -> None:
    """Notices by mail, through the server named by HETAO_MAIL_HOST."""


@mail.command("send")
@click.option("--every", type=click.FloatRange(1, 3600), help="Go on, looking again after so many seconds.")
@click.option("--under", type=int, help="End when the process with this number is no longer the parent.")
def send(every: float | None, under: int | None) -> None:
    """Send what is due. Without HETAO_MAIL_HOST nothing is written and nothing sent."""
    clock = Clock()
    while True:
        sent = deliver(settings(), now=clock.now())
        if every is None:
            click.echo(f"{sent} sent.")
            return
        time.sleep(every)
        if under is not None and os.getppid() != under:
            return
