"""Gathers what the open lines of an account offer: the payments they name, with what the book knows of each."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.disbursements.models import Disbursement
from app.institutions.models import BankAccount
from app.reconciliation import notified, offers, queries
from app.reconciliation.figures import Reconciled
from app.reconciliation.matching import Suggestion, marks_of
from app.reconciliation.models import BankLine
from app.reconciliation.offers import LineFacts, Offer, PaymentFacts
from app.reconciliation.states import Basis


def of_open_lines(
    session: Session, bank: BankAccount, open_now: Reconciled, suggested: Collection[Suggestion]
) -> dict[UUID, Offer]:
    """By line, the step it lets somebody take. A line that is likely matched with a posting offers nothing."""
    likely = {item.key for each in suggested if each.postings for item in each.lines}
    open_lines = [line for line in open_now.lines if line.id not in likely]
    told = notified.of_lines(session, bank.id, open_lines)
    lines = [_line_facts(line, told.get(line.id, notified.NOTHING)) for line in open_lines]
    named = {each.key: offers.references_in(each.marks) for each in lines}
    rows = queries.payments_at(session, bank.id, {reference for found in named.values() for reference in found})
    posted = {row.disbursement_id for row in open_now.postings if row.disbursement_id is not None}
    late_after = policies.days(session, PolicyName.LATE_PAYMENT_DAYS, open_now.day)
    payments = {row.reference: _payment_facts(row, bank.id, late_after, row.id in posted) for row in rows}
    found: dict[UUID, Offer] = {}
    for line in lines:
        known = [payments[reference] for reference in sorted(named[line.key]) if reference in payments]
        if len(known) == 1 and (offer := offers.offer(line, known[0])) is not None:
            found[line.key] = offer
    return found


def without_returns_to_book(suggested: Collection[Suggestion], offered: dict[UUID, Offer]) -> list[Suggestion]:
    """The suggestions without pairs of a payment and its return where the return has still to be entered."""
    return [
        each
        for each in suggested
        if each.basis is not Basis.RETURNED or not any(item.key in offered for item in each.lines)
    ]


def _line_facts(line: BankLine, told: notified.Told) -> LineFacts:
    """What the line says; a notice of the bank adds what the line leaves out."""
    marks = marks_of(line.end_to_end, line.text, line.bank_reference, told.end_to_end, told.text)
    reference = line.bank_reference or line.end_to_end
    charge = line.charge if line.charge is not None else told.charge
    reason = line.return_reason or told.return_reason
    return LineFacts(line.id, line.value_on, line.amount, reference, charge, reason, marks)


def _payment_facts(row: Disbursement, account_id: UUID, late_after: int, has_open: bool) -> PaymentFacts:
    return PaymentFacts(
        row.reference,
        row.status,
        row.amount,
        row.payer_account_id == account_id,
        row.settled_on or row.release_date,
        late_after,
        row.receipt is not None,
        has_open,
    )
