"""What higher floors have done under a contract, read from their table by name only: payments.

Contracts may not import disbursements (they stand on contracts), yet a contract cannot close over a payment under way.
These few reads name the other floor's columns; a migration that renames one breaks the tests of this file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import column, select, table
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money

payments_table = table(
    "disbursement",
    *(
        column(name)
        for name in (
            "id",
            "reference",
            "contract_id",
            "tranche_id",
            "amount_minor",
            "currency",
            "status",
            "release_date",
            "settled_on",
        )
    ),
)
PREPARING = frozenset({"DRAFT", "SUBMITTED", "RETURNED_TO_MAKER"})
RESERVED = frozenset({"APPROVED"})
IN_TRANSIT = frozenset({"RELEASED"})
PAID = frozenset({"RELEASED", "SETTLED"})


@dataclass(frozen=True, slots=True)
class Payment:
    """One disbursement as a contract sees it."""

    id: UUID
    reference: str
    tranche_id: UUID
    amount: Money
    status: str
    released_on: date | None
    settled_on: date | None

    @property
    def counts(self) -> bool:
        """Whether its amount is paid or reserved."""
        return self.status in PAID | RESERVED


def payments_of(session: Session, contract_id: UUID) -> Sequence[Payment]:
    """Every disbursement of a contract that has not come to nothing, by reference."""
    wanted = PREPARING | RESERVED | PAID
    statement = (
        select(payments_table)
        .where(payments_table.c.contract_id == contract_id, payments_table.c.status.in_(wanted))
        .order_by(payments_table.c.reference)
    )
    return [
        Payment(
            row.id,
            row.reference,
            row.tranche_id,
            Money(row.amount_minor, Currency(row.currency)),
            row.status,
            row.release_date,
            row.settled_on,
        )
        for row in session.execute(statement)
    ]


def tranches_named(session: Session, contract_id: UUID) -> frozenset[UUID]:
    """Tranches that some disbursement names, whatever became of it."""
    statement = select(payments_table.c.tranche_id).where(payments_table.c.contract_id == contract_id).distinct()
    return frozenset(session.scalars(statement))
