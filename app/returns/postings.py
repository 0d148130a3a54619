"""The accounting of returns: each row by the form of its kind, as journals book it, or the same in red ink."""

from __future__ import annotations

from uuid import UUID

from app.journals.postings import LineFacts, line_of
from app.kernel.money import Money
from app.ledger.entries import EntryKind, Line, in_red
from app.returns.kinds import ROW_KINDS
from app.returns.rows import Row


def lines(
    row: Row, booked: Money, contract_id: UUID, bank_account_id: UUID | None, rate_id: UUID | None
) -> tuple[EntryKind, tuple[Line, ...]]:
    """The kind of a row's entry and its lines, functional amounts still equal to the amounts.

    `booked` is the amount in the contract's currency, with the sign of the row. Without a bank account the other side
    is the institution's clearing.
    """
    facts = LineFacts(
        contract_id=contract_id,
        contract_currency=booked.currency,
        amount=abs(row.amount),
        booked=abs(booked),
        heading=row.heading,
        rate_id=rate_id,
    )
    made = tuple(line_of(ROW_KINDS[row.kind], bank_account_id, facts))
    return (EntryKind.RED_INK, in_red(made)) if row.amount.minor < 0 else (EntryKind.ACTUAL, made)
