"""Builders of returns: files as finance systems write them, imported by one finance officer and posted by another."""

from __future__ import annotations

import csv
import io
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.returns import service
from app.returns.models import SpendingReturn
from app.returns.service import ImportReturn, PostReturn, SubmitReturn
from app.web.uploads import TEXT, Upload
from tests.builders.payments import NOW, PaymentWorld

NAMES = (
    "Voucher", "Kind", "Date", "Heading", "Amount", "Currency", "Payee", "Invoice No", "Purchase order", "Description",
)  # fmt: skip
COST = {
    "Voucher": "V-1",
    "Date": "2026-11-20",
    "Heading": "Materials",
    "Amount": "1,200.00",
    "Currency": "CNY",
    "Payee": "Pearl Reagents Co",
    "Invoice No": "R-1001",
    "Description": "Reagents",
}
"""A cost of CNY 1,200.00 on materials."""


def row(key: str = "V-1", **changes: Any) -> dict[str, Any]:
    """A row of the file; without changes a cost of CNY 1,200.00, with a document of its own."""
    return (
        COST | {"Voucher": key, "Invoice No": f"R-{key}"} | {name.replace("_", " "): v for name, v in changes.items()}
    )


def file(*rows: dict[str, Any], names: tuple[str, ...] = NAMES, name: str = "november.csv") -> Upload:
    """A CSV file of these rows."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, names, restval="")
    writer.writeheader()
    writer.writerows(rows or (row(),))
    return Upload(name, buffer.getvalue().encode("utf-8-sig"), TEXT)


def drafted(session: Session, made: PaymentWorld, *rows: dict[str, Any]) -> SpendingReturn:
    """Imported by the first finance officer, not yet submitted."""
    return service.import_file(session, made.finance, ImportReturn(made.contract.id, file(*rows)), now=NOW)


def submitted(
    session: Session, made: PaymentWorld, *rows: dict[str, Any], bank_account_id: UUID | None = None
) -> SpendingReturn:
    """Imported and submitted by the first finance officer."""
    found = drafted(session, made, *rows)
    return service.submit(session, made.finance, found.id, consent(found, bank_account_id), now=NOW)


def consent(found: SpendingReturn, bank_account_id: UUID | None = None) -> SubmitReturn:
    """The consent to submit, declared against the negative list."""
    return SubmitReturn(found.version, bank_account_id, negative_list_declared=True)


def posted(
    session: Session, made: PaymentWorld, *rows: dict[str, Any], bank_account_id: UUID | None = None, reason: str = ""
) -> SpendingReturn:
    """Submitted by the first finance officer and posted by the second."""
    found = submitted(session, made, *rows, bank_account_id=bank_account_id)
    return service.post(session, made.other_finance, found.id, PostReturn(found.version, reason), now=NOW)
