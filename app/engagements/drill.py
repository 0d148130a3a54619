"""From a line to what stands behind it: entry, claim or disbursement or journal, documents, approvals, seal.

Everything is looked up from the engagement's own contracts and days; whatever lies beyond does not exist here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.claims.models import Claim, ClaimLine, ClaimPaper
from app.contracts.models import Contract
from app.disbursements.models import Disbursement
from app.engagements import queries
from app.engagements.models import Engagement
from app.engagements.service import SUBJECT
from app.evidence.models import Document
from app.journals.models import Journal
from app.kernel.breaches import Breach
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.ledger import balances, journal
from app.ledger.balances import PostingRow, Selection
from app.ledger.journal import EntryRow


@dataclass(frozen=True, slots=True)
class Approval:
    """One step of a record by one person: its words (a message id), who, when."""

    words: str
    person_id: UUID
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Source:
    """The record behind an entry: its kind (a message id), number, purpose, what was decided, and its documents."""

    kind: str
    reference: str
    purpose: str
    status: str
    approvals: tuple[Approval, ...]
    documents: tuple[Document, ...]


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
    chosen = Selection(entry_id=entry_id, first_day=engagement.first_day, last_day=engagement.last_day)
    everything = balances.postings(session, chosen, limit=2000)
    grantees = {each.id: each.grantee_id for each in queries.contracts_in(session, engagement)}
    ours = tuple(row for row in everything if row.contract_id and grantees.get(row.contract_id) == row.book_id)
    row = journal.entry(session, ours[0].book_id, entry_id) if ours else None
    if row is None:
        raise _no_entry()
    return Drilled(row, ours, len(ours) < len(everything), tuple(_sources(session, engagement, row, ours)))


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
    papers = (
        select(Document)
        .join(ClaimPaper, ClaimPaper.document_id == Document.id)
        .join(ClaimLine, ClaimLine.id == ClaimPaper.line_id)
        .where(ClaimLine.claim_id == claim.id, ClaimLine.cost_on.between(engagement.first_day, engagement.last_day))
        .order_by(Document.added_at, Document.id)
    )
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
        tuple(dict.fromkeys(session.scalars(papers))),
    )


def _of_disbursement(session: Session, paid: Disbursement) -> Source:
    approvals = [Approval(_("Made"), paid.maker_id, paid.made_at)]
    approvals += [
        Approval(_("Approved") if each.decision == "APPROVED" else _("Decided"), each.checker_id, each.decided_at)
        for each in paid.decisions
    ]
    approvals += [Approval(_("Released"), each.signatory_id, each.signed_at) for each in paid.releases]
    approvals += [Approval(_("Receipt confirmed"), each.confirmed_by_id, each.confirmed_at) for each in paid.receipts]
    return Source(
        _("Disbursement"),
        paid.reference,
        paid.purpose,
        paid.status,
        tuple(approvals),
        _kept(session, "disbursement", paid.id),
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
        _kept(session, "journal", booked.id),
    )


def _kept(session: Session, kind: str, key: UUID) -> tuple[Document, ...]:
    kept = select(Document).where(Document.subject_kind == kind, Document.subject_id == key)
    return tuple(session.scalars(kept.order_by(Document.added_at, Document.id)))


def document_in(session: Session, engagement: Engagement, entry_id: int, document_id: UUID) -> Document:
    """A document behind an entry of the scope. Raises NotFound for any other."""
    for each in drilled(session, engagement, entry_id).documents:
        if each.id == document_id:
            return each
    raise NotFound(Breach("evidence.not-found", _("There is no such document.")))


def letter_of(session: Session, engagement: Engagement) -> Document:
    """The engagement's letter. Raises NotFound."""
    found = _kept(session, SUBJECT, engagement.id)
    if not found:
        raise NotFound(Breach("evidence.not-found", _("There is no such document.")))
    return found[0]


def contracts_by_id(session: Session, engagement: Engagement) -> dict[UUID, Contract]:
    """The contracts of the scope by id."""
    return {each.id: each for each in queries.contracts_in(session, engagement)}


def _no_entry() -> NotFound:
    return NotFound(Breach("entry.not-found", _("There is no such entry in this engagement.")))
