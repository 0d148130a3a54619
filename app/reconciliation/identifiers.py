"""The identifiers under which a bank may show our payments: our reference from end to end, and UETRs."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from app.payment_files import queries as payment_files
from app.reconciliation import queries


def of_payments(session: Session, payments: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Every identifier of each disbursement, its own reference first."""
    references, unique = queries.payment_references(session, payments), payment_files.uetrs_of(session, payments)
    return {key: (reference, *unique.get(key, ())) for key, reference in references.items()}
