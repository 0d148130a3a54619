"""Builders of engagements of staff on a world's contract, entered by a finance officer of its grantee."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.money import Money
from app.manpower import service
from app.manpower.models import StaffEngagement
from app.manpower.service import KeepEngagement
from tests.builders.payments import NOW, PaymentWorld

OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


def command(made: PaymentWorld, code: str = "R-1", **changes: Any) -> KeepEngagement:
    """A research assistant at half time in October and November 2026, at 20,000.00 in the contract's currency."""
    values: dict[str, Any] = {
        "contract": made.contract.reference,
        "staff_code": code,
        "person_name": f"Assistant {code}",
        "post": "Research assistant",
        "monthly_rate": Money.parse("20000.00", made.currency),
        "first_month": OCTOBER,
        "last_month": NOVEMBER,
        "percent": Decimal(50),
    }
    return KeepEngagement(**(values | changes))


def kept(session: Session, made: PaymentWorld, code: str = "R-1", **changes: Any) -> StaffEngagement:
    """Entered by the first finance officer."""
    return service.keep(session, made.finance, command(made, code, **changes), now=NOW)
