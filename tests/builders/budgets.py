"""Builders of budgets: the payments' world under an itemised budget with its limits set, as signing sets them."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.budgets import service as budgets
from app.budgets.commands import BudgetItem
from app.contracts import fund_control
from app.contracts.models import TermsParameter
from app.contracts.states import FundingMode, ParameterStatus, SpendingLimit, TermsFamily
from app.kernel.identity import new_id
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld

BUDGET = {"OPERATING": "100.00", "LABOUR": "699900.00", "EQUIPMENT": "200000.00", "INDIRECT": "100000.00"}


def itemised(
    session: Session,
    budget: dict[str, str] | None = None,
    family: TermsFamily = TermsFamily.MAINLAND_ITEMISED,
    mode: FundingMode = FundingMode.ITEMISED,
    limit: SpendingLimit = SpendingLimit.CONTRACTED,
) -> PaymentWorld:
    """CNY 1,000,000.00 contracted, of which by default 100.00 for operating cost; nothing received or spent yet."""
    made = payments.world(session)
    made.programme.terms_family = family.value
    made.programme.spending_limit = limit.value
    made.contract.funding_mode = mode.value
    if mode is FundingMode.ITEMISED:
        items = [BudgetItem(line, made.money(text)) for line, text in (budget or BUDGET).items()]
        budgets.set_approved(session, made.contract.id, items)
    fund_control.refresh(session, made.contract, TODAY)
    return made


def parameter(session: Session, made: PaymentWorld, name: str, value: object) -> None:
    """A figure of the programme's terms, confirmed by a second officer."""
    row = TermsParameter(
        id=new_id(),
        programme_id=made.programme.id,
        name=name,
        value=value,
        source="Agreement, clause 7",
        verified=True,
        first_day=date(2025, 1, 1),
        status=ParameterStatus.CONFIRMED.value,
        entered_by_id=made.maker.person_id,
        entered_at=NOW,
        confirmed_by_id=made.checker.person_id,
    )
    session.add(row)
    fund_control.refresh(session, made.contract, TODAY)
