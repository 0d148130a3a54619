"""From a line to what stands behind it: entry, claim or disbursement or journal, documents, approvals, seal.

Everything is looked up from the engagement's own contracts and days; whatever lies beyond does not exist here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimLine, ClaimPaper
from app.claims.states import ClaimStatus
from app.contracts.models import Contract
from app.disbursements.models import Disbursement
from app.disbursements.states import Decision
from app.engagements import queries
from app.engagements.models import Engagement
from app.engagements.service import SUBJECT
from app.evidence import queries as evidence
from app.evidence.models import Document
from app.journals.models import Journal
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.ledger import balances, journal
from app.ledger.balances import PostingRow, Selection
from app.ledger.journal import EntryRow
from app.ledger.sealing import proofs

DECISION_LABELS = {
    Decision.APPROVED: _("Approved"),
    Decision.RETURNED: _("Returned"),
    Decision.REFUSED: _("Refused"),
    Decision.RECALLED: _("Recalled"),
}


@dataclass(frozen=True, slots=True)
class Approval:
    """One step of a record by one person: its words (a message id), who, when."""

    words: str
    person_id: UUID
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """The record behind an entry: its kind (a message id), number, purpose, what was decided, and its documents.

    `subject` names it in the trail.
    """

    kind: str
    reference: str
    purpose: str
    status: str
    approvals: tuple[Approval, ...]
    documents: tuple[Document, ...]
    subject: tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Drilled:
    """An entry within the scope. `elsewhere`: it has other lines too, which are not shown."""

    entry: EntryRow
    lines: tuple[PostingRow, ...]
    elsewhere: bool
    sources: tuple[Source, ...]

    @property
    def documents(self) -> list[Document]:
        """Every document behind the entry, once each."""
        return list({each.id: each for source in self.sources for each in source.documents}.values())


def drilled(session: Session, engagement: Engagement, entry_id: int) -> Drilled:
    """The entry, as far as it lies in the engagement's contracts and days. Raises NotFound where nothing of it does."""
    if not 0 < entry_id <= journal.LARGEST_ID:
        raise _no_entry()
    everything, ours = _everything(session, engagement, entry_id), _lines(session, engagement, entry_id)
    row = journal.entry(session, ours[0].book_id, entry_id) if ours else None
    if row is None:
        raise _no_entry()
    return Drilled(row, ours, len(ours) < len(everything), tuple(_sources(session, engagement, row, ours)))


def _everything(session: Session, engagement: Engagement, entry_id: int) -> list[PostingRow]:
    chosen = Selection(entry_id=entry_id, first_day=engagement.first_day, last_day=engagement.last_day)
    return balances.postings(session, chosen, limit=2000)


def _lines(session: Session, engagement: Engagement, entry_id: int) -> tuple[PostingRow, ...]:
    """The entry's lines of the scope: of its contracts, in the grantee's book, within its days."""
    grantees = {key: each.grantee_id for key, each in contracts_by_id(session, engagement).items()}
    return tuple(
        row
        for row in _everything(session, engagement, entry_id)
        if row.contract_id and grantees.get(row.contract_id) == row.book_id
    )


def _sources(
    session: Session, engagement: Engagement, row: EntryRow, lines: tuple[PostingRow, ...]
) -> Iterator[Source]:
    for claim_id in dict.fromkeys(each.claim_id for each in lines if each.claim_id):
        claim = session.get(Claim, claim_id)
        if claim is not None and claim.contract_id in engagement.contract_ids:
            yield _of_claim(session, engagement, claim)
    for disbursement_id in dict.fromkeys(each.disbursement_id for each in lines if each.disbursement_id):
        paid = session.get(Disbursement, disbursement_id)
        if paid is not None and paid.contract_id in engagement.contract_ids:
            yield _of_disbursement(session, paid)
    if row.approval_id is not None:
        booked = session.get(Journal, row.approval_id)
        if booked is not None:
            yield _of_journal(session, booked)


def _of_claim(session: Session, engagement: Engagement, claim: Claim) -> Source:
    steps = (
        (_("Made"), claim.made_by_id, claim.made_at),
        (_("Checked"), claim.checked_by_id, claim.checked_at),
        (_("Approved"), claim.approved_by_id, claim.approved_at),
        (_("Paid"), claim.paid_by_id, claim.paid_at),
    )
    return Source(
        _("Claim"),
        claim.reference,
        claim.purpose,
        claim.status,
        tuple(Approval(words, who, at) for words, who, at in steps if who is not None),
        _papers_of(session, engagement, claim),
        ("claim", claim.id),
    )


def _papers_of(session: Session, engagement: Engagement, claim: Claim) -> tuple[Document, ...]:
    """The papers behind the claim's lines of the engagement's days."""
    papers = (
        select(Document)
        .join(ClaimPaper, ClaimPaper.document_id == Document.id)
        .join(ClaimLine, ClaimLine.id == ClaimPaper.line_id)
        .where(ClaimLine.claim_id == claim.id, ClaimLine.cost_on.between(engagement.first_day, engagement.last_day))
        .order_by(Document.added_at, Document.id)
    )
    return tuple(dict.fromkeys(session.scalars(papers)))


def _of_disbursement(session: Session, paid: Disbursement) -> Source:
    approvals = [Approval(_("Made"), paid.maker_id, paid.made_at)]
    approvals += [
        Approval(DECISION_LABELS[Decision(each.decision)], each.checker_id, each.decided_at) for each in paid.decisions
    ]
    approvals += [Approval(_("Released"), each.signatory_id, each.signed_at) for each in paid.releases]
    approvals += [Approval(_("Receipt confirmed"), each.confirmed_by_id, each.confirmed_at) for each in paid.receipts]
    return Source(
        _("Disbursement"),
        paid.reference,
        paid.purpose,
        paid.status,
        tuple(approvals),
        tuple(evidence.of_record(session, "disbursement", paid.id)),
        ("disbursement", paid.id),
    )


def _of_journal(session: Session, booked: Journal) -> Source:
    steps = (
        (_("Made"), booked.made_by_id, booked.made_at),
        (_("Approved"), booked.approved_by_id, booked.approved_at),
    )
    return Source(
        _("Journal"),
        booked.reference,
        booked.reason,
        booked.status,
        tuple(Approval(words, who, at) for words, who, at in steps if who is not None),
        tuple(evidence.of_record(session, "journal", booked.id)),
        ("journal", booked.id),
    )


def document_in(session: Session, engagement: Engagement, document_id: UUID) -> Document:
    """A document behind a line of the scope. Raises NotFound for any other."""
    document = session.get(Document, document_id)
    if document is not None and _stands_behind_a_line(session, engagement, document):
        return document
    raise NotFound(Breach("evidence.not-found", _("There is no such document.")))


def _stands_behind_a_line(session: Session, engagement: Engagement, document: Document) -> bool:
    """Whether a record of the scope rests on the document, and is booked within the engagement's days."""
    if document.subject_kind == "claim":
        claim = session.get(Claim, document.subject_id)
        booked = claim is not None and claim.status in (ClaimStatus.APPROVED, ClaimStatus.PAID)
        within = claim is not None and claim.contract_id in engagement.contract_ids
        return booked and within and claim is not None and document in _papers_of(session, engagement, claim)
    if document.subject_kind == "disbursement":
        paid = session.get(Disbursement, document.subject_id)
        return paid is not None and _is_received(session, engagement, paid)
    if document.subject_kind == "journal":
        made = session.get(Journal, document.subject_id)
        entries = (made.entry_id, made.red_entry_id) if made is not None else ()
        return any(_lines(session, engagement, entry_id) for entry_id in entries if entry_id is not None)
    return False


def _is_received(session: Session, engagement: Engagement, paid: Disbursement) -> bool:
    contract = contracts_by_id(session, engagement).get(paid.contract_id)
    if contract is None:
        return False
    chosen = Selection(
        book_id=contract.grantee_id,
        contract_id=contract.id,
        disbursement_id=paid.id,
        first_day=engagement.first_day,
        last_day=engagement.last_day,
    )
    return bool(balances.postings(session, chosen, limit=1))


def letter_of(session: Session, engagement: Engagement) -> Document:
    """The engagement's letter. Raises NotFound."""
    found = evidence.of_record(session, SUBJECT, engagement.id)
    if not found:
        raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
    return found[0]


def contracts_by_id(session: Session, engagement: Engagement) -> dict[UUID, Contract]:
    """The contracts of the scope by id."""
    return {each.id: each for each in queries.contracts_in(session, engagement)}


def proof_of(session: Session, engagement: Engagement, entry_id: int) -> bytes:
    """The proof that an entry is in its book. Raises NotFound until it is sealed, or if lines lie out of scope."""
    found = drilled(session, engagement, entry_id)
    proof = None if found.elsewhere else proofs.of_entry(session, entry_id)
    if proof is None:
        raise NotFound(Breach("entry.no-proof", _("There is no proof of this entry to hand out.")))
    return (json.dumps(proof, ensure_ascii=False, indent=1) + "\n").encode()


def _no_entry() -> NotFound:
    return NotFound(Breach("entry.not-found", _("There is no such entry in this engagement.")))
