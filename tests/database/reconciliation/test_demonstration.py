"""The story's bank statements, on whatever day it is loaded: one month reconciled, two lines of the next open."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy.orm import Session

from app.demo import days
from app.demo.reconciling import CURRENCY, HOME, Reconciling
from app.ledger import periods
from app.reconciliation import figures, queries
from app.reconciliation.states import MonthStatus
from tests.builders import banking


@pytest.mark.parametrize(
    "today", [date(2026, 3, 1), date(2026, 3, 31), date(2026, 1, 1)], ids=["leap-free", "long", "year"]
)
def test_two_months_of_an_account_stand_at_any_start(session: Session, today: date) -> None:
    here = banking.world(session)
    last = today.replace(day=1) - timedelta(days=1)
    for before, amount in ((70, "500.00"), (40, "-20.00"), (10, "-7.50"), (0, "3.00")):
        banking.moved(session, here, amount, last - timedelta(days=before), f"Moved {before} days before")
    people = {"clerk": here.clerk, "second": here.second}
    asked: list[Any] = []
    stage = SimpleNamespace(
        session=session,
        today=today,
        now=days.instant(today, 18),
        world=SimpleNamespace(accounts={(HOME, CURRENCY): here.bank.id}),
        crew=lambda _code, _role: list(people),
        actor=people.__getitem__,
        on=lambda _day, step, **_when: asked.append(step),
    )
    Reconciling(cast(Any, stage))
    asked[0]()
    (row,) = queries.months(session, here.bank.id)
    assert (row.status, row.open_lines) == (MonthStatus.APPROVED, 0)
    assert figures.at_end_of(session, here.bank, periods.month_end(row.month)).is_clean
    following = figures.at_end_of(session, here.bank, last)
    assert [line.text for line in following.lines] == ["Account fee", "Credit interest"]
    assert (following.postings, following.difference) == ((), banking.hkd("0.00"))
