"""The whole story, loaded into an empty database in one transaction: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from app.audit import trail
from app.audit.models import AuditEvent
from app.demo.agreements import AGREEMENTS
from app.demo.auditing import Auditing
from app.demo.claiming import Claiming
from app.demo.contracting import Contracting
from app.demo.covering import Covering
from app.demo.founding import Founding
from app.demo.funding import Funding, Rates, worked_day
from app.demo.paying import Paying, worked_submission
from app.demo.plan import planned
from app.demo.plot import Plot
from app.demo.reconciling import Reconciling
from app.demo.registering import Registering
from app.demo.returning import Returning
from app.demo.spending import Spending
from app.demo.stage import Report, Stage, World
from app.demo.stating import Stating
from app.exchange_rates import bundled
from app.institutions.models import Institution
from app.kernel.clock import Clock

LOADED = "demo.load"
"""The verb in the audit trail that says the story is there."""

ONE_LOADER = 20471147
"""Key of the advisory lock that keeps two loads apart."""


class NotEmpty(Exception):
    """The database has institutions of its own; the story would mix with them."""


class LoadingElsewhere(Exception):
    """Another process is loading the story right now."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of it: whether it was there already, and where to find what the story names."""

    already: bool
    world: World


def load(engine: Engine, clock: Clock, report: Report | None = None) -> Loaded:
    """Play the story into an empty database. A database that has it already is left as it is.

    Raises NotEmpty, LoadingElsewhere, or StoryBroken; in each case nothing is written.
    """
    tell: Callable[[int, int, str], None] = report or _silently
    with engine.connect() as connection, connection.begin():
        with Session(connection, join_transaction_mode="rollback_only") as session:
            if not session.scalar(text(f"SELECT pg_try_advisory_xact_lock({ONE_LOADER})")):
                raise LoadingElsewhere("The demonstration story is being loaded by another process.")
            if is_loaded(session):
                return Loaded(True, World())
            if session.scalar(select(Institution.id).limit(1)) is not None:
                raise NotEmpty("This database has institutions already: the story loads into an empty one only.")
        stage = Stage(connection, clock, tell)
        _arrange(stage)
        stage.play()
        with Session(connection, join_transaction_mode="rollback_only") as session:
            details = {"first_day": stage.first_day, "last_day": stage.today}
            trail.record(session, None, LOADED, None, details, now=stage.present)
            session.flush()
    return Loaded(False, stage.world)


def is_loaded(session: Session) -> bool:
    """Whether the story stands in this database."""
    return session.scalar(select(AuditEvent.id).where(AuditEvent.verb == LOADED).limit(1)) is not None


def _arrange(stage: Stage) -> None:
    """Put everything on the agenda."""
    published = list(bundled.history(stage.first_day))
    salary_on = worked_day(published, stage.first_day, stage.today)
    plans = [planned(each, stage.today, worked_submission(salary_on)) for each in AGREEMENTS]
    Founding(stage)
    Rates(stage, published, salary_on)
    Funding(stage, plans)
    contracting = Contracting(stage, plans)
    Paying(stage, plans)
    Covering(stage)
    Spending(stage, plans)
    Plot(stage, plans, contracting, salary_on)
    Claiming(stage)
    Registering(stage)
    Returning(stage)
    Stating(stage, plans)
    Reconciling(stage)
    Auditing(stage, plans)


def _silently(_played: int, _total: int, _step: str) -> None:
    """Report to nobody."""
