"""Builds an evidence pack in a process of its own, with counted progress, and hands it out while access lasts.

A pack is asked for in a request, which starts `hetao engagement build`; the page reads the row that this process keeps.
It holds a lock of the database as long as it lives: a pack that is not finished and has no such lock has stopped, and
asking again builds it anew. A pack of which one file fails is not handed out; the row names the file.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from app.audit import trail
from app.db.session import new_session
from app.db.unit_of_work import one_moment, unit_of_work
from app.engagements import pack, pack_file, queries, service
from app.engagements.models import Engagement, EvidencePack, EvidencePackPart
from app.engagements.pack_file import PackFileFailed
from app.engagements.states import PackStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.settings import PROJECT, settings
from reports.model import Language

SUBJECT = "engagement-pack"
"""Subject kind of a pack in the trail."""

PIECE = 1024 * 1024
STARTS_WITHIN = timedelta(seconds=60)
"""A process that has not taken its lock by then never started."""

COMMITS_WITHIN = 10
"""Seconds that the process waits for its row."""

TOLD_EVERY = 500_000_000
"""Nanoseconds between two words about the progress."""

UNFINISHED = (PackStatus.WAITING, PackStatus.RUNNING)

STOPPED = _("The work on it stopped before it was done. Build it again: nothing is lost.")
ENDED = _("The engagement ended before the pack was done.")
FAILED_AT = _("A file of it could not be made, so it is not handed out. Build it again, or tell the administrator.")
FAILURES = (STOPPED, ENDED, FAILED_AT)

_LOG = logging.getLogger("hetao.packs")
_LOCKS = 0x7061636B
"""The class of advisory locks that builders hold."""

_AT_WORK = text(
    "select exists (select from pg_locks where locktype = 'advisory' and granted and objsubid = 2"
    " and classid = cast(:locks as oid) and objid = (hashtext(:pack)::bigint & 4294967295)::oid)"
)


class AccessEnded(Exception):
    """The engagement is over: nothing of it is handed out any more."""


@dataclass(frozen=True, slots=True)
class AskForPack:
    """A pack wanted, its index in this language."""

    language: Language = Language.EN


def ask(session: Session, actor: Actor, reference: str, command: AskForPack, *, now: datetime) -> EvidencePack:
    """A new pack that waits to be built; the one under way, where one is. Then call `start` with its id.

    Raises NotFound for anyone but an auditor of an open room.
    """
    engagement = service.working(session, actor, reference, now=now)
    under_way = _under_way(session, engagement.id)
    if under_way is not None and not is_stopped(session, under_way, now):
        return under_way
    if under_way is not None:
        _fail(under_way, STOPPED, now)
        session.flush()
    made = EvidencePack(
        engagement_id=engagement.id,
        status=PackStatus.WAITING.value,
        language=command.language.value,
        asked_by_id=actor.person_id,
        asked_at=now,
    )
    session.add(made)
    session.flush()
    _trace(session, actor, "pack.build", engagement, made, {}, now)
    return made


def start(pack_id: UUID) -> None:
    """Build it in a process that outlives this one; once the row is committed. Twice does no harm."""
    with open(settings().home / "packs.log", "ab") as log:
        subprocess.Popen(
            [sys.executable, "-m", "app", "engagement", "build", str(pack_id)],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def build(pack_id: UUID, now: Callable[[], datetime]) -> PackStatus:
    """Build the pack of that id to its end, whatever that is; does nothing where another process is at it."""
    with _held(pack_id) as held:
        row = _seen(pack_id)
        if row is None or not held or row.status not in UNFINISHED:
            return PackStatus(row.status) if row else PackStatus.FAILED
        try:
            with tempfile.TemporaryFile() as file:
                name, digest = _built(row, file, now())
                _keep(pack_id, name, digest, file, now())
        except AccessEnded:
            return _failed(pack_id, ENDED, "", now())
        except Exception as failure:
            _LOG.exception("pack %s failed", pack_id)
            return _failed(pack_id, FAILED_AT, str(failure) if isinstance(failure, PackFileFailed) else "", now())
    return PackStatus.READY


def write(
    session: Session, engagement: Engagement, language: Language, file: BinaryIO, told: pack_file.Told
) -> tuple[str, bytes]:
    """Write the engagement's pack, as the session sees the books, to a file; its name and SHA-256."""
    found = pack.survey(session, engagement)
    return f"{engagement.reference}-evidence.zip", pack_file.write(session, found, language, file, told)


def is_stopped(session: Session, row: EvidencePack, now: datetime) -> bool:
    """Whether nobody works on it any more although it is not done."""
    if row.status not in UNFINISHED or now - row.asked_at < STARTS_WITHIN:
        return False
    return not session.scalar(_AT_WORK, {"locks": _LOCKS, "pack": str(row.id)})


def state_of(session: Session, row: EvidencePack, now: datetime) -> tuple[PackStatus, str]:
    """Where it stands, and the message id of what went wrong, if anything did."""
    if is_stopped(session, row, now):
        return PackStatus.FAILED, STOPPED
    return PackStatus(row.status), row.failure


def one(session: Session, engagement_id: UUID, pack_id: UUID) -> EvidencePack:
    """A pack of the engagement. Raises NotFound."""
    found = session.get(EvidencePack, pack_id)
    if found is None or found.engagement_id != engagement_id:
        raise NotFound(Breach("pack.not-found", _("There is no such pack.")))
    return found


def to_download(session: Session, actor: Actor, reference: str, pack_id: UUID, *, now: datetime) -> EvidencePack:
    """A finished pack of an open room, its look logged and traced; send `content`. Raises NotFound."""
    engagement = service.enter(session, actor, reference, "pack", str(pack_id), now=now).engagement
    found = one(session, engagement.id, pack_id)
    if found.status != PackStatus.READY or found.sha256 is None:
        raise NotFound(Breach("pack.not-ready", _("This pack is not done.")))
    _trace(session, actor, "pack.download", engagement, found, {"sha256": found.sha256.hex()}, now)
    return found


def content(pack_id: UUID) -> Iterator[bytes]:
    """The bytes of a finished pack, piece by piece."""
    number = 0
    with one_moment() as session:
        while True:
            wanted = select(EvidencePackPart.content).where(
                EvidencePackPart.pack_id == pack_id, EvidencePackPart.number == number
            )
            piece = session.scalar(wanted)
            if piece is None:
                return
            yield piece
            number += 1


def _trace(
    session: Session,
    actor: Actor,
    verb: str,
    engagement: Engagement,
    row: EvidencePack,
    details: dict[str, str],
    now: datetime,
) -> None:
    """To no institution: what auditors take along is theirs to know."""
    trail.record(session, actor, verb, (SUBJECT, row.id), {"reference": engagement.reference} | details, now=now)


def _built(row: EvidencePack, file: BinaryIO, now: datetime) -> tuple[str, bytes]:
    """Write the pack to the file as of one moment. Raises AccessEnded, PackFileFailed."""
    with one_moment() as session:
        engagement = session.get_one(Engagement, row.engagement_id)
        if not engagement.is_open(business_date(now)):
            raise AccessEnded
        return write(session, engagement, Language(row.language), file, _Progress(row.id))


class _Progress:
    """Tells the row how far the pack is, at most twice a second."""

    def __init__(self, pack_id: UUID) -> None:
        self.pack_id = pack_id
        self.told_at = 0

    def __call__(self, step: str, done: int, total: int) -> None:
        moment = time.monotonic_ns()
        if moment - self.told_at < TOLD_EVERY and done < total:
            return
        self.told_at = moment
        with unit_of_work() as session:
            row = session.get_one(EvidencePack, self.pack_id)
            row.status = PackStatus.RUNNING.value
            row.step, row.done, row.total = step[:200], done, total


def _keep(pack_id: UUID, name: str, digest: bytes, file: BinaryIO, now: datetime) -> None:
    """Keep the file's bytes and make the pack ready, both or neither."""
    file.seek(0)
    size = number = 0
    with unit_of_work() as session:
        while piece := file.read(PIECE):
            session.execute(insert(EvidencePackPart).values(pack_id=pack_id, number=number, content=piece))
            size, number = size + len(piece), number + 1
        row = session.get_one(EvidencePack, pack_id)
        row.status, row.step, row.failure = PackStatus.READY.value, "", ""
        row.done, row.filename, row.size_bytes, row.sha256 = row.total, name, size, digest
        row.finished_at = now


@contextmanager
def _held(pack_id: UUID) -> Iterator[bool]:
    """The lock that says somebody works on this pack; False where somebody else has it."""
    with new_session() as session:
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        key = (_LOCKS, func.hashtext(str(pack_id)))
        held = bool(session.scalar(select(func.pg_try_advisory_lock(*key))))
        try:
            yield held
        finally:
            if held:
                session.execute(select(func.pg_advisory_unlock(*key)))


def _seen(pack_id: UUID) -> EvidencePack | None:
    """The row; whoever asked for it may still be about to commit."""
    for _try in range(COMMITS_WITHIN):
        with new_session() as session:
            if (row := session.get(EvidencePack, pack_id)) is not None:
                return row
        time.sleep(1)
    return None


def _under_way(session: Session, engagement_id: UUID) -> EvidencePack | None:
    found = queries.packs(session, engagement_id)
    return next((each for each in found if each.status in UNFINISHED), None)


def _failed(pack_id: UUID, why: str, at: str, now: datetime) -> PackStatus:
    """Say that it failed, and at which file."""
    with unit_of_work() as session:
        row = session.get_one(EvidencePack, pack_id)
        row.step = at[:200] or row.step
        _fail(row, why, now)
    return PackStatus.FAILED


def _fail(row: EvidencePack, why: str, now: datetime) -> None:
    row.status, row.failure, row.finished_at = PackStatus.FAILED.value, why, now
