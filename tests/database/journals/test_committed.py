"""Committed and actual cost follow every history of costs, advances, clearings and disallowances."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy.orm import Session

from app.contracts import fund_control
from app.contracts.standing import figures
from app.journals import service
from app.journals.states import JournalKind
from app.kernel.errors import RuleBreached
from app.ledger import fund_control as cells
from app.ledger.checking import check
from app.ledger.headings import Heading
from tests.builders import budgets, journals
from tests.builders.journals import cny, hkd, line
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.builders.refusing import Refuser

UNIT = Decimal("23.10")
"""What HKD 25.00 are in the contract's currency."""

BUDGET = 8
"""Units in the line of operating cost."""

steps = st.lists(
    st.tuples(
        st.sampled_from(["COST", "ADVANCE", "ADVANCE_CLEARED", "ADVANCE_CLEARED", "CLAIM_ACCRUED", "DISALLOWED"]),
        st.integers(1, 4),
        st.sampled_from(["approve", "approve", "wait", "refuse"]),
    ),
    min_size=2,
    max_size=9,
)


class Model:
    """What stands where, in units: added up by hand."""

    def __init__(self) -> None:
        self.committed = self.actual = self.advances = 0

    def takes(self, kind: str, units: int) -> bool:
        """Whether a submission is accepted."""
        if kind == "ADVANCE":
            return True
        if kind == "DISALLOWED":
            return units <= self.actual
        given_before = kind != "ADVANCE_CLEARED" or units <= self.advances
        return given_before and units <= BUDGET - self.committed - self.actual

    def follow(self, kind: str, units: int, decision: str) -> None:
        """An advance is no cost, clearing it is; what waits is committed, a disallowance takes cost off."""
        is_cost = kind not in ("ADVANCE", "DISALLOWED")
        if decision == "wait" and is_cost:
            self.committed += units
        if decision != "approve":
            return
        self.actual += units if is_cost else -units if kind == "DISALLOWED" else 0
        self.advances += {"ADVANCE": units, "ADVANCE_CLEARED": -units}.get(kind, 0)


def command(made: PaymentWorld, kind: str, units: int) -> Any:
    """A journal of so many units: disallowed in the contract's currency, all else as it was paid."""
    heading = None if kind == "ADVANCE" else Heading.MATERIALS
    amount = cny(str(UNIT * units)) if kind == "DISALLOWED" else hkd(str(25 * units) + ".00")
    return journals.command(made, line(made, amount, heading), kind=JournalKind(kind))


@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_any_history_leaves_committed_and_actual_as_added_up_by_hand(
    session: Session, history: list[tuple[str, int, str]]
) -> None:
    outer = session.begin_nested()
    made = budgets.itemised(session, {"OPERATING": str(UNIT * BUDGET), "LABOUR": str(1000000 - UNIT * BUDGET)})
    model = Model()
    for kind, units, decision in history:
        with session.begin_nested() as inner:
            try:
                journal = service.submit(session, made.finance, command(made, kind, units), now=NOW)
            except RuleBreached:
                assert not model.takes(kind, units), (kind, units)
                inner.rollback()
                continue
        assert model.takes(kind, units), (kind, units)
        if decision == "approve":
            service.approve(session, made.other_finance, journal.id, now=NOW)
        elif decision == "refuse":
            service.refuse(session, made.other_finance, journal.id, "No", now=NOW)
        model.follow(kind, units, decision)
    found = {each.code: each for each in fund_control.standings(session, made.contract, TODAY)}
    for code in ("OPERATING", "TOTAL"):
        assert found[code].committed == cny(str(UNIT * model.committed))
        assert found[code].actual == cny(str(UNIT * model.actual))
    standing = figures(session, made.contract, TODAY).standing
    assert (standing.held, standing.spent) == (found["TOTAL"].committed, found["TOTAL"].actual)
    assert check(session).differences == ()
    outer.rollback()


def test_a_clearing_that_waits_is_held_and_an_advance_is_not(session: Session) -> None:
    made = budgets.itemised(session)
    journals.posted(session, made, line(made, hkd("25.00"), None), kind=JournalKind.ADVANCE)
    assert cells.waiting_cost(session, made.contract.id, cny("0").currency) == {}
    clearing = line(made, hkd("25.00"), Heading.MATERIALS)
    journals.submitted(session, made, clearing, kind=JournalKind.ADVANCE_CLEARED, bank_account_id=None)
    assert figures(session, made.contract, TODAY).standing.held == cny("23.10")


@pytest.mark.parametrize("amounts", [["30.01"], ["30.00", "0.01"]])
def test_no_more_is_disallowed_than_was_charged(session: Session, refused: Refuser, amounts: list[str]) -> None:
    made = budgets.itemised(session)
    journals.posted(session, made, line(made, cny("30.00"), Heading.MATERIALS), bank_account_id=None)
    lines = [line(made, cny(amount), Heading.MATERIALS) for amount in amounts]
    taken = journals.command(made, *lines, kind=JournalKind.DISALLOWED)
    refused(
        RuleBreached,
        "journal.disallowed-beyond",
        lambda own: service.submit(own, made.finance, taken, now=NOW),
    )
