"""A locked sample in the ledger's seal: its digest is attached to the book it was drawn from and signed with a block.

The sample's digest says by what plan which lines were drawn from which population (`app.sampling.sample_digest`); what
is attached is that digest and the sample's number, no words and no amounts.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.contracts import queries as contracts
from app.engagements.models import Sample
from app.institutions import queries as institutions
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.ledger.sealing import attaching, proofs


@dataclass(frozen=True, slots=True)
class SamplePlace:
    """Where a locked sample lies: the book's code, and the block that seals it; None while it waits for one."""

    attached_id: UUID
    book: str
    block: int | None


def attach(session: Session, reference: str, sample: Sample) -> None:
    """Attach the sample's digest to the book whose lines it was drawn from."""
    attaching.attach(session, _book_of(session, sample), _subject(reference, sample), sample.digest)


def place_of(session: Session, reference: str, sample: Sample) -> SamplePlace | None:
    """Where the sample of that engagement lies; None before it is locked."""
    book_id = _book_of(session, sample)
    found = attaching.of_subject(session, book_id, _subject(reference, sample))
    if found is None:
        return None
    return SamplePlace(found.attached_id, institutions.by_id(session, book_id).code, found.block_no)


def proof(session: Session, place: SamplePlace | None) -> bytes | None:
    """The proof for `tools/verify_proof.py`, with the checkpoint that it leads to; None while it is in no block."""
    found = proofs.of_attached(session, place.attached_id) if place else None
    return (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode() if found else None


def proof_to_take(session: Session, reference: str, sample: Sample) -> bytes:
    """The proof to take along. Raises NotFound while the sample is in no block."""
    made = proof(session, place_of(session, reference, sample))
    if made is None:
        raise NotFound(
            Breach(
                "sample.not-sealed",
                _("The sample is in no sealed block yet."),
                cure=_("Lock it first; sealing then follows within a minute."),
            )
        )
    return made


def _book_of(session: Session, sample: Sample) -> UUID:
    """The grantee's book: the population has no other lines."""
    return contracts.by_id(session, sample.contract_id).grantee_id


def _subject(reference: str, sample: Sample) -> str:
    return f"audit sample {reference}/{sample.number}"
