"""`hetao demo load`: the story into an empty database, with its progress for the page that shows it."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from app import demo_progress
from app.db.session import engine
from app.demo.sign_ins import SIGN_INS
from app.demo.stage import Report, StoryBroken
from app.demo.story import LoadingElsewhere, NotEmpty, load as load_story
from app.demo_progress import DemoProgress, DemoState
from app.kernel.clock import Clock
from app.settings import settings


@click.group()
def demo() -> None:
    """The demonstration story."""


@demo.command()
@click.option("--json", "as_json", is_flag=True, help="Print the facts as JSON.")
def load(as_json: bool) -> None:
    """Load two fiscal years of two funders and eight institutions, ending today, into an empty database.

    All of it is loaded or nothing: a load that was interrupted is simply started again.
    """
    home = settings().home
    started = time.monotonic()
    try:
        done = load_story(engine(), Clock(), _reporter(home))
    except LoadingElsewhere as refusal:
        raise click.ClickException(str(refusal)) from None
    except NotEmpty as refusal:
        demo_progress.write(home, DemoProgress(DemoState.ABSENT))
        raise click.ClickException(f"{refusal} Use a fresh database or HETAO_HOME.") from None
    except BaseException as failure:
        demo_progress.write(home, DemoProgress(DemoState.FAILED, step=str(failure)[:300]))
        if isinstance(failure, StoryBroken):
            raise click.ClickException(f"The story does not go through, nothing was loaded: {failure}") from failure
        raise
    demo_progress.write(home, DemoProgress(DemoState.READY, 1, 1))
    _say(done.already, time.monotonic() - started, as_json)


def _say(already: bool, seconds: float, as_json: bool) -> None:
    if as_json:
        entries = [{"email": each.email, "password": each.password, "role": each.role} for each in SIGN_INS]
        click.echo(json.dumps({"already_loaded": already, "seconds": round(seconds, 1), "sign_ins": entries}, indent=2))
        return
    if already:
        click.echo("The demonstration story is loaded already.")
        return
    click.echo(f"The demonstration story is loaded ({seconds:.0f} seconds). Sign in with:")
    for each in SIGN_INS:
        click.echo(f"  {each.email}  {each.password}  {each.role}, {each.institution}")


def _reporter(home: Path) -> Report:
    def report(played: int, total: int, step: str) -> None:
        demo_progress.write(home, DemoProgress(DemoState.LOADING, played, total, step))

    return report
