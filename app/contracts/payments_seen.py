"""What higher floors have done under a contract, read from their tables by name only: payments and waiting journals.

Contracts may not import disbursements or journals (they stand on contracts), yet a contract cannot close over a payment
under way. These few reads name the other floor's columns; a migration that renames one breaks the tests of this file.
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
from app.ledger.headings import Heading

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
journals_table = table("journal", column("id"), column("status"), column("kind"))
journal_lines = table(
    "journal_line",
    *(column(name) for name in ("journal_id", "contract_id", "heading", "amount_minor", "currency", "rate")),
)

PREPARING = frozenset({"DRAFT", "SUBMITTED", "RETURNED_TO_MAKER"})
RESERVED = frozenset({"APPROVED"})
IN_TRANSIT = frozenset({"RELEASED"})
PAID = frozenset({"RELEASED", "SETTLED"})
_COST_KINDS = ("COST", "PAYROLL_RECHARGE", "OVERHEAD_CHARGE", "CLAIM_ACCRUED", "BANK_CHARGE")


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


def waiting_cost(session: Session, contract_id: UUID, currency: Currency) -> dict[Heading, Money]:
    """Cost on its way by heading: lines of journals that wait for their second person, in the contract's currency.

    A line in another currency counts at its own rate, rounded half-up; without a rate it cannot count yet.
    """
    statement = (
        select(journal_lines)
        .join(journals_table, journals_table.c.id == journal_lines.c.journal_id)
        .where(
            journal_lines.c.contract_id == contract_id,
            journal_lines.c.heading.is_not(None),
            journals_table.c.status == "SUBMITTED",
            journals_table.c.kind.in_(_COST_KINDS),
        )
    )
    held: dict[Heading, Money] = {}
    for row in session.execute(statement):
        amount = Money(row.amount_minor, Currency(row.currency))
        if amount.currency is not currency:
            if row.rate is None:
                continue
            amount = amount.convert(row.rate, currency)
        heading = Heading(row.heading)
        held[heading] = held.get(heading, Money.zero(currency)) + amount
    return held
