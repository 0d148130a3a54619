"""Whether a document was presented before, anywhere, without showing one institution another's content.

The register holds digests only. A match within the reader's scope names the record; outside it, it says only that a
document with the same key was presented elsewhere on a day, and who may clear it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar, cast as as_type
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Table, Uuid, and_, cast, delete, func, or_, select, text, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.roles import ROLE_NAMES, roles_granting
from app.access.scope import sees
from app.evidence.keys import DocumentKeyValue, bands, keys_of, near
from app.evidence.models import DocumentKey
from app.evidence.states import KEY_NAMES, KeyKind
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.identity import new_id
from app.kernel.messages import Words, _

__all__ = ["Match", "breach_of", "keys_of", "look_up", "look_up_many", "register", "register_many", "withdraw"]

CLEARED_WITH = Permission.CLAIMS_CHECK
"""The right to judge a flag about a document presented before."""

MOST_ALIKE = 5_000
"""Pictures that are compared with one picture: a hint need not be complete, and must be quick."""

_BESIDE_OTHERS = text("SELECT pg_advisory_xact_lock_shared(hashtext('document_key'), 0)")
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('document_key'), 0)")
_MANY = text(
    "SELECT k.* FROM unnest(cast(:kinds AS text[]), cast(:digests AS bytea[])) AS w (kind, digest)"
    " JOIN document_key k ON k.kind = w.kind AND k.digest = w.digest ORDER BY k.registered_at, k.id"
)
_LAST = b"\xff" * 8
Name = TypeVar("Name")
Subject = tuple[str, UUID]
"""Kind and identifier of the record that a document belongs to."""


@dataclass(frozen=True, slots=True)
class Match:
    """An earlier document with a key in common. `subject` is None when the reader may not know which record it is.

    `certain` is False for pictures that only look alike. `clearers` are the roles that may judge it.
    """

    kind: KeyKind
    certain: bool
    subject: Subject | None
    presented_on: date
    clearers: tuple[Role, ...]


def look_up(
    session: Session,
    keys: Sequence[DocumentKeyValue],
    actor: Actor | None = None,
    *,
    besides: Collection[Subject] = (),
) -> tuple[Match, ...]:
    """Earlier documents with a key in common, the surest first and each record once; `besides` are the reader's own.

    With `actor` None nothing is in scope: no record is named.
    """
    rows = [*_exact(session, keys), *_alike(session, keys)]
    found: dict[Subject, Match] = {}
    rank = {key.kind: place for place, key in reversed(list(enumerate(keys)))}
    for row in sorted(rows, key=lambda row: (rank[KeyKind(row.kind)], row.registered_at, row.id)):
        subject = (row.subject_kind, row.subject_id)
        if subject not in besides and subject not in found:
            found[subject] = _match(row, actor)
    return tuple(found.values())


def register(
    session: Session,
    keys: Sequence[DocumentKeyValue],
    subject_kind: str,
    subject_id: UUID,
    institution_id: UUID,
    *,
    now: datetime,
    actor: Actor | None = None,
    besides: Collection[Subject] = (),
) -> tuple[Match, ...]:
    """Note that a document was presented, and give the earlier ones that match.

    Of two people who present the same document at once, one waits for the other and finds it. Registering a record
    again changes nothing: the first day stays.
    """
    session.execute(_BESIDE_OTHERS)
    for key in sorted({each.digest for each in keys if each.certain}):
        lock = text("SELECT pg_advisory_xact_lock(:key)")
        session.execute(lock, {"key": int.from_bytes(key[:8], "big", signed=True)})
    matches = look_up(session, keys, actor, besides={(subject_kind, subject_id), *besides})
    _store(session, {subject_id: keys}, subject_kind, institution_id, now)
    return matches


def look_up_many(
    session: Session,
    documents: Mapping[Name, Sequence[DocumentKeyValue]],
    actor: Actor | None = None,
    *,
    besides: Collection[Subject] = (),
) -> dict[Name, tuple[Match, ...]]:
    """As `look_up` for many documents at once, by certain keys only; documents without a match are left out."""
    holders: dict[tuple[KeyKind, bytes], list[Name]] = {}
    for name, keys in documents.items():
        for key in keys:
            if key.certain:
                holders.setdefault((key.kind, key.digest), []).append(name)
    values = {"kinds": [kind.value for kind, _ in holders], "digests": [digest for _, digest in holders]}
    found: dict[Name, dict[Subject, Match]] = {}
    for row in session.scalars(select(DocumentKey).from_statement(_MANY), values) if holders else ():
        subject = (row.subject_kind, row.subject_id)
        if subject in besides:
            continue
        for name in holders[KeyKind(row.kind), row.digest]:
            found.setdefault(name, {}).setdefault(subject, _match(row, actor))
    return {name: tuple(found[name].values()) for name in documents if name in found}


def register_many(
    session: Session,
    documents: Mapping[UUID, Sequence[DocumentKeyValue]],
    subject_kind: str,
    institution_id: UUID,
    *,
    now: datetime,
    actor: Actor | None = None,
) -> dict[UUID, tuple[Match, ...]]:
    """As `register` for many records of one kind at once, by certain keys only: they do not match one another.

    One lock stands for all of theirs: whoever registers a document meanwhile waits, and so finds them.
    """
    session.execute(_ALONE)
    own = {(subject_kind, subject_id) for subject_id in documents}
    matches = look_up_many(session, documents, actor, besides=own)
    _store(session, documents, subject_kind, institution_id, now)
    return matches


def _store(
    session: Session,
    documents: Mapping[UUID, Sequence[DocumentKeyValue]],
    subject_kind: str,
    institution_id: UUID,
    now: datetime,
) -> None:
    rows = [
        {
            "id": new_id(),
            "kind": kind.value,
            "digest": digest,
            "subject_kind": subject_kind,
            "subject_id": subject_id,
            "institution_id": institution_id,
            "registered_at": now,
        }
        for subject_id, keys in documents.items()
        for kind, digest in dict.fromkeys(_stored(keys))
    ]
    if rows:
        session.execute(insert(as_type(Table, DocumentKey.__table__)).on_conflict_do_nothing(), rows)


def withdraw(session: Session, subject_kind: str, *subject_ids: UUID) -> None:
    """Forget the keys of records that were never presented in the end: a line taken out, a claim thrown away."""
    gone = DocumentKey.subject_id == func.any(cast(list(subject_ids), ARRAY(Uuid)))
    session.execute(delete(DocumentKey).where(DocumentKey.subject_kind == subject_kind, gone))


def breach_of(match: Match, field: str | None = None) -> Breach:
    """The match in words: a warning that names the day, what is the same, and the roles that may clear it.

    The record, if the reader may know it, is in the parameters `subject_kind` and `subject_id`.
    """
    params: dict[str, object] = {
        "same": Words((KEY_NAMES[match.kind],)),
        "day": match.presented_on,
        "roles": Words(tuple(ROLE_NAMES[role] for role in match.clearers)),
    }
    if match.subject is not None:
        params |= {"subject_kind": match.subject[0], "subject_id": match.subject[1]}
    return Breach(
        f"evidence.{_CODES[match.certain]}{'' if match.subject else '-elsewhere'}",
        _MESSAGES[match.certain, match.subject is not None],
        _("Leave it out, or say why it is not the same. These roles can clear it: %(roles)s."),
        _("No receipt is paid for twice on either side of the river"),
        params,
        field=field,
        blocking=False,
    )


_CODES = {True: "duplicate", False: "alike"}
_MESSAGES = {
    (True, True): _("This was presented before, on %(day)s: %(same)s."),
    (True, False): _("A document with %(same)s was presented elsewhere on %(day)s."),
    (False, True): _("Look twice: %(same)s was presented on %(day)s."),
    (False, False): _("Look twice: %(same)s was presented elsewhere on %(day)s."),
}
"""By whether the match is certain and whether the reader may know the record."""


def _exact(session: Session, keys: Sequence[DocumentKeyValue]) -> list[DocumentKey]:
    wanted = [(key.kind.value, key.digest) for key in keys if key.certain]
    if not wanted:
        return []
    return list(session.scalars(select(DocumentKey).where(tuple_(DocumentKey.kind, DocumentKey.digest).in_(wanted))))


def _alike(session: Session, keys: Sequence[DocumentKeyValue]) -> list[DocumentKey]:
    """Pictures near one of the fingerprints: they share a quarter exactly, and differ in few bits of the whole."""
    turned = {each for key in keys if not key.certain for _n, each in bands(key.digest)}
    if not turned:
        return []
    ranges = [_beginning(each) for each in turned]
    picture = DocumentKey.kind == KeyKind.PICTURE.value
    query = select(DocumentKey.digest).where(picture, or_(*ranges))  # digests alone: read from the index, not the rows
    by_quarter: dict[bytes, list[bytes]] = {}
    for each in turned:
        by_quarter.setdefault(each[:2], []).append(each)
    candidates = session.scalars(query.limit(MOST_ALIKE))
    alike = {digest for digest in candidates if any(near(digest, each) for each in by_quarter[digest[:2]])}
    return list(session.scalars(select(DocumentKey).where(picture, DocumentKey.digest.in_(alike)))) if alike else []


def _beginning(turned: bytes) -> ColumnElement[bool]:
    quarter = turned[:2]
    return and_(DocumentKey.digest >= quarter + bytes(6), DocumentKey.digest <= quarter + _LAST[:6])


def _stored(keys: Sequence[DocumentKeyValue]) -> list[tuple[KeyKind, bytes]]:
    """What the register keeps: certain keys as they are; of a picture its first fingerprint, upright, in four turns."""
    certain = [(key.kind, key.digest) for key in keys if key.certain]
    upright = next((key.digest for key in keys if not key.certain), None)
    return certain + [(KeyKind.PICTURE, turned) for _n, turned in (bands(upright) if upright else ())]


def _match(row: DocumentKey, actor: Actor | None) -> Match:
    kind = KeyKind(row.kind)
    return Match(
        kind=kind,
        certain=kind is not KeyKind.PICTURE,
        subject=(row.subject_kind, row.subject_id) if actor and sees(actor, row.institution_id) else None,
        presented_on=business_date(row.registered_at),
        clearers=roles_granting(CLEARED_WITH),
    )
