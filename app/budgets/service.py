"""The verbs of budgets. They are steps of a contract's verbs, whose service has authorised the actor already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.budgets.commands import BudgetItem, Variation
from app.budgets.models import BudgetLine, BudgetVariation
from app.kernel.actor import Actor


def set_approved(session: Session, contract_id: UUID, items: Iterable[BudgetItem]) -> None:
    """Replace the approved budget of a contract that is still a draft. One line per heading, in this order."""
    session.execute(delete(BudgetLine).where(BudgetLine.contract_id == contract_id))
    for item in items:
        line = BudgetLine(
            contract_id=contract_id,
            heading=item.heading,
            approved_minor=item.amount.minor,
            currency=item.amount.currency.value,
            justification=item.justification,
        )
        session.add(line)
        session.flush()


def vary(
    session: Session,
    actor: Actor,
    contract_id: UUID,
    variations: Iterable[Variation],
    *,
    amendment_id: UUID,
    effective_on: date,
    now: datetime,
) -> None:
    """Write the approved variations of an amendment; a change of nil is left out."""
    for each in variations:
        if not each.change:
            continue
        session.add(
            BudgetVariation(
                contract_id=contract_id,
                heading=each.heading,
                change_minor=each.change.minor,
                currency=each.change.currency.value,
                effective_on=effective_on,
                amendment_id=amendment_id,
                reason=each.reason,
                approved_by_id=actor.person_id,
                approved_at=now,
            )
        )
