"""Which disbursements the payment reports show, and how one stands there: shared by Statement F and the register."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import Session, selectinload

from app.disbursements.models import Disbursement, Receipt
from app.disbursements.states import DisbursementStatus
from app.kernel.messages import _
from reports.model import Text, text
from reports.parameters import Parameters
from reports.rates import shown

STATUS_WORDS: dict[str, Text] = {
    DisbursementStatus.DRAFT: text(_("Draft")),
    DisbursementStatus.SUBMITTED: text(_("Submitted")),
    DisbursementStatus.RETURNED_TO_MAKER: text(_("Returned to maker")),
    DisbursementStatus.APPROVED: text(_("Approved")),
    DisbursementStatus.RELEASED: text(_("Released")),
    DisbursementStatus.SETTLED: text(_("Settled")),
    DisbursementStatus.BOUNCED: text(_("Bounced")),
    DisbursementStatus.REFUSED: text(_("Refused")),
    DisbursementStatus.CANCELLED: text(_("Cancelled")),
}


def released(session: Session, parameters: Parameters) -> Sequence[Disbursement]:
    """Disbursements of the contract, or of the book as payer or payee, released within the period, by release date."""
    query = select(Disbursement).where(
        Disbursement.release_date.between(parameters.first_day, parameters.last_day), _subject(parameters)
    )
    return _read(session, query.order_by(Disbursement.release_date, Disbursement.reference))


def made(session: Session, parameters: Parameters) -> Sequence[Disbursement]:
    """Disbursements of the contract or book whose value date was asked for within the period, whatever their status."""
    query = select(Disbursement).where(
        Disbursement.requested_value_date.between(parameters.first_day, parameters.last_day), _subject(parameters)
    )
    return _read(session, query.order_by(Disbursement.requested_value_date, Disbursement.reference))


def _subject(parameters: Parameters) -> ColumnElement[bool]:
    if parameters.contract_id is not None:
        return Disbursement.contract_id == parameters.contract_id
    return or_(Disbursement.funder_id == parameters.book_id, Disbursement.grantee_id == parameters.book_id)


def _read(session: Session, query: Select[Disbursement]) -> Sequence[Disbursement]:
    return session.scalars(query.options(selectinload(Disbursement.receipts))).all()


def dealt_rate(receipt: Receipt | None) -> Decimal | None:
    """The dealt rate as the payee's bank stated it."""
    return shown(receipt.dealt_rate) if receipt and receipt.dealt_rate else None
