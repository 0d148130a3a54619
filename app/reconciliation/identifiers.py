"""The identifiers under which a bank may show our payments: our reference from end to end, and UETRs."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy.orm import Session

from app.reconciliation import queries


def of_payments(session: Session, payments: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Every identifier of each disbursement, its own reference first."""
    references, unique = queries.payment_references(session, payments), uetrs(session, payments)
    return {key: (reference, *unique.get(key, ())) for key, reference in references.items()}


def uetrs(_session: Session, _payments: Collection[UUID]) -> Mapping[UUID, tuple[str, ...]]:
    """The UETRs (ISO 20022) under which disbursements went to banks: none, while no payment file assigns any."""
    return {}
