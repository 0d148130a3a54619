"""What a book hands out: proofs, checkpoints and bundles, each with its trace in the trail."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.audit import trail
from app.books import queries
from app.books.queries import EntryRead
from app.db.unit_of_work import one_moment
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, NotFound
from app.kernel.messages import _
from app.ledger import journal
from app.ledger.sealing import bundle, proofs

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
GZIP = "application/gzip"


@dataclass(frozen=True, slots=True)
class File:
    """A file handed out: its name, media type and content."""

    name: str
    media_type: str
    content: bytes


def prove_entry(
    session: Session, actor: Actor, code: str, entry_id: int, block: int | None = None, *, now: datetime
) -> File:
    """The proof that an entry is in its book. Raises NotFound, also while the entry waits to be sealed."""
    read: EntryRead = queries.entry(session, actor, code, entry_id)
    proof = proofs.of_entry(session, entry_id, block)
    return _proof(session, actor, read.book, f"{code}-entry-{entry_id}", proof, {"entry": entry_id}, now)


def prove_balance(
    session: Session, actor: Actor, code: str, account_id: int, block: int | None = None, *, now: datetime
) -> File:
    """The proof of what stands on an account. Raises NotFound, also where nothing sealed stands on it."""
    place = queries.book(session, actor, code)
    if journal.account_book(session, account_id) != place.id:
        raise NotFound(Breach("account.not-found", _("There is no such account in this book.")))
    proof = proofs.of_balance(session, account_id, block)
    return _proof(session, actor, place, f"{code}-balance-{account_id}", proof, {"account": account_id}, now)


def prove_growth(
    session: Session, actor: Actor, code: str, earlier: int, later: int | None = None, *, now: datetime
) -> File:
    """The proof that the book only grew between two blocks. Raises NotFound for a block there is not."""
    place = queries.book(session, actor, code)
    if later is not None and later < earlier:
        raise InputRefused(
            Breach(
                "book.blocks-turned",
                _("The later block comes before the earlier one."),
                cure=_("Give the smaller number first."),
                field="later",
            )
        )
    proof = proofs.of_growth(session, place.id, earlier, later)
    to = later if later is not None else "newest"
    named = f"{code}-growth-{earlier}-{to}"
    return _proof(session, actor, place, named, proof, {"earlier": earlier, "later": str(to)}, now)


def _proof(
    session: Session,
    actor: Actor,
    place: Institution,
    name: str,
    proof: dict[str, Any] | None,
    about: dict[str, Any],
    now: datetime,
) -> File:
    if proof is None:
        raise NotFound(
            Breach(
                "book.not-sealed",
                _("There is nothing sealed to prove this with."),
                cure=_("Sealing follows within a minute: try again then."),
            )
        )
    details = {"code": place.code, "proves": proof["proves"]} | about
    trail.record(session, actor, "book.prove", ("institution", place.id), details, now=now, institution_id=place.id)
    content = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
    return File(f"{name}.proof.json", JSON, content.encode())


def checkpoint(session: Session, actor: Actor, code: str, number: int, *, now: datetime) -> File:
    """The signed note of a block, as a text file to keep. Raises NotFound."""
    place = queries.book(session, actor, code)
    found = queries.block(session, place.id, number)
    note = bundle.checkpoint(session, place.id, number) or ""
    trail.record(
        session,
        actor,
        "book.checkpoint",
        ("institution", place.id),
        {"code": code, "block": number, "hash": found.block_hash},
        now=now,
        institution_id=place.id,
    )
    return File(f"{code}-block-{number}.checkpoint", TEXT, note.encode())


def hand_out_bundle(session: Session, actor: Actor, code: str, *, reasons: bool, now: datetime) -> Institution:
    """The book whose bundle may be streamed to the actor, with the trace of it. Raises NotFound, NotPermitted."""
    place = queries.book(session, actor, code)
    trail.record(
        session,
        actor,
        "book.bundle",
        ("institution", place.id),
        {"code": code, "reasons": reasons},
        now=now,
        institution_id=place.id,
    )
    return place


def bundle_name(code: str, *, reasons: bool) -> str:
    """What a bundle's file is called; the name says whether it may cross the boundary."""
    return f"{code}{'-with-reasons' if reasons else ''}.bundle.gz"


def packed_bundle(book_id: UUID, *, reasons: bool) -> Iterator[bytes]:
    """A book's bundle, packed, piece by piece as it is read, all of one moment."""
    packer = zlib.compressobj(wbits=31)
    with one_moment() as session:
        for line in bundle.lines(session, book_id, reasons=reasons):
            if piece := packer.compress(line.encode()):
                yield piece
    yield packer.flush()
