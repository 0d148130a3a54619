"""Whether a line was presented before, by anybody: looked up while it is drafted and checked, noted when submitted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.claims import queries
from app.claims.gathering import claimed
from app.claims.models import Claim, ClaimLine
from app.claims.states import LineKind, PaperKind
from app.evidence import duplicates
from app.evidence.duplicates import Match
from app.evidence.fields import DocumentFields
from app.evidence.keys import DocumentKeyValue, keys_of
from app.evidence.models import Document
from app.kernel.actor import Actor
from app.kernel.breaches import Breach

KIND = "claim-line"
"""The kind under which the register of documents knows a line."""


def keys(line: ClaimLine, documents: dict[UUID, Document]) -> tuple[DocumentKeyValue, ...]:
    """The keys of a line: what was read or typed, and each of its receipts' files. Allowances have none."""
    if line.kind != LineKind.RECEIPT:
        return ()
    receipts = [documents[each.document_id] for each in line.papers if each.kind == PaperKind.RECEIPT]
    amount = line.amount
    fields = DocumentFields(
        amount=amount,
        currency=amount.currency if amount else None,
        issued_on=line.cost_on,
        seller_name=line.seller or None,
        seller_id=line.seller_number or None,
        invoice_code=line.invoice_code or None,
        invoice_number=line.invoice_number or None,
    )
    found = list(keys_of(fields))
    for receipt in receipts:
        looks = () if fields.is_invoice else receipt.fingerprints()
        found += keys_of(DocumentFields(), receipt.sha256, looks)
    return tuple(dict.fromkeys(found))


def matches(session: Session, actor: Actor, claim: Claim) -> dict[int, tuple[Match, ...]]:
    """Earlier documents with a key in common, by line number; the claim's own lines do not count."""
    documents = queries.documents_of(session, claim)
    own = _own(claim)
    found = {
        line.number: duplicates.look_up(session, keys(line, documents), actor, besides=own) for line in claimed(claim)
    }
    return {number: each for number, each in found.items() if each}


def flags(found: dict[int, tuple[Match, ...]]) -> list[Breach]:
    """The matches in words, each leading to its line: warnings that a checker clears with a reason."""
    return [duplicates.breach_of(match, f"line-{number}") for number, each in found.items() for match in each]


def certain(found: dict[int, tuple[Match, ...]]) -> frozenset[int]:
    """Numbers of lines that share more than a likeness with something presented before."""
    return frozenset(number for number, each in found.items() if any(match.certain for match in each))


def references(session: Session, actor: Actor, found: Iterable[Match]) -> list[str]:
    """The claims among the matches that lie in the actor's scope."""
    lines = [match.subject[1] for match in found if match.subject is not None and match.subject[0] == KIND]
    if not lines:
        return []
    query = select(Claim.reference).join(ClaimLine, ClaimLine.claim_id == Claim.id)
    query = query.where(ClaimLine.id.in_(lines), queries.in_scope(actor))
    return sorted(set(session.scalars(query)))


def note(session: Session, actor: Actor, claim: Claim, now: datetime) -> None:
    """Enter every line in the register; of two who submit the same document at once, one waits for the other."""
    documents = queries.documents_of(session, claim)
    own = _own(claim)
    for line in claim.lines:
        of_line = keys(line, documents)
        place = claim.institution_id
        duplicates.register(session, of_line, KIND, line.id, place, now=now, actor=actor, besides=own)


def forget(session: Session, lines: Iterable[ClaimLine]) -> None:
    """Take lines out of the register that are not claimed in the end."""
    for line in lines:
        duplicates.withdraw(session, KIND, line.id)


def _own(claim: Claim) -> set[tuple[str, UUID]]:
    return {(KIND, line.id) for line in claim.lines}
