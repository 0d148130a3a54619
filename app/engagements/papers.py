"""Working papers: ticks and notes that only the engagement's auditors read, encrypted before they reach the database.

AES-256-GCM (NIST SP 800-38D) with a random nonce for each paper. The key is derived (HKDF-SHA256, RFC 5869) from
HETAO_PAPERS_KEY, else from `papers.key` in the home, made on first use. What a paper is about is bound to it as
additional data: a paper moved to another engagement, line or author does not open.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from app.engagements import drill, queries, service
from app.engagements.models import Engagement, WorkingPaper
from app.engagements.states import PaperKind
from app.kernel.actor import Actor
from app.kernel.identity import new_id
from app.settings import Settings, kept_secret

PURPOSE = b"hetao-ledger working papers 1"
NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class PapersKey:
    """The key of this installation's working papers; `key_id` tells keys apart and reveals nothing."""

    secret: bytes = field(repr=False)

    @property
    def key_id(self) -> str:
        """The first 16 hex digits of a digest of the key."""
        return hashlib.sha256(PURPOSE + self.secret).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class AddPaper:
    """A tick or note; `entry_id` and `line_no` where it is about a line of the scope."""

    kind: PaperKind
    text: str = ""
    entry_id: int | None = None
    line_no: int | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """An opened paper. `text` is None where it was written with another key or has been altered."""

    id: UUID
    kind: PaperKind
    entry_id: int | None
    line_no: int | None
    text: str | None
    made_by_id: UUID
    made_at: datetime


def key_of(settings: Settings) -> PapersKey:
    """The key of this installation."""
    secret = settings.papers_key or kept_secret(settings.home / "papers.key")
    return PapersKey(HKDF(SHA256(), 32, None, PURPOSE).derive(secret.encode()))


def add(
    session: Session, actor: Actor, reference: str, command: AddPaper, key: PapersKey, *, now: datetime
) -> WorkingPaper:
    """Keep a paper, sealed. Raises NotFound for anyone but the auditors, and for an entry outside the scope."""
    engagement = service.working(session, actor, reference, now=now)
    if command.entry_id is not None:
        drill.drilled(session, engagement, command.entry_id)
    paper = WorkingPaper(
        id=new_id(),
        engagement_id=engagement.id,
        kind=command.kind.value,
        entry_id=command.entry_id,
        line_no=command.line_no,
        key_id=key.key_id,
        nonce=os.urandom(NONCE_BYTES),
        made_by_id=actor.person_id,
        made_at=now,
    )
    paper.sealed = AESGCM(key.secret).encrypt(paper.nonce, command.text.encode(), _bound_to(paper))
    session.add(paper)
    session.flush()
    return paper


def opened(session: Session, engagement: Engagement, key: PapersKey, entry_id: int | None = None) -> list[Paper]:
    """The engagement's papers in clear, oldest first; call it for its auditors only."""
    return [
        Paper(
            each.id,
            PaperKind(each.kind),
            each.entry_id,
            each.line_no,
            _open(each, key),
            each.made_by_id,
            each.made_at,
        )
        for each in queries.papers(session, engagement.id, entry_id)
    ]


def exported(session: Session, engagement: Engagement, key: PapersKey) -> bytes:
    """Every paper in clear as JSON, for the auditors' own files."""
    papers = [
        {
            "kind": each.kind.value,
            "entry": each.entry_id,
            "line": each.line_no,
            "text": each.text,
            "by": str(each.made_by_id),
            "at": each.made_at.isoformat(),
        }
        for each in opened(session, engagement, key)
    ]
    told = {"engagement": engagement.reference, "papers": papers}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _open(paper: WorkingPaper, key: PapersKey) -> str | None:
    try:
        return AESGCM(key.secret).decrypt(paper.nonce, paper.sealed, _bound_to(paper)).decode()
    except InvalidTag:
        return None


def _bound_to(paper: WorkingPaper) -> bytes:
    about = (paper.engagement_id, paper.id, paper.kind, paper.entry_id, paper.line_no, paper.made_by_id)
    return "|".join(str(each) for each in about).encode()
