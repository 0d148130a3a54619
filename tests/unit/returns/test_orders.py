"""Open purchase orders: what cost uses up, what a later list replaces, and that nothing is covered twice."""

from __future__ import annotations

from datetime import date

from hypothesis import given, strategies as st

from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger.headings import Heading
from app.returns import orders
from app.returns.facts import Charged, OpenOrder
from app.returns.rows import Row
from app.returns.states import RowKind

CNY = Currency.CNY


def charged(key: str, minor: int, order: str, kind: RowKind = RowKind.COST) -> Charged:
    """A row of materials under an order."""
    amount = Money(minor, CNY)
    row = Row(1, key, kind, Heading.MATERIALS, date(2026, 11, 20), amount, order_number=order)
    return Charged(row, amount)


def opened(minor: int, heading: Heading = Heading.MATERIALS) -> dict[str, OpenOrder]:
    """One order with so much open."""
    return {"PO": OpenOrder(heading, Money(minor, CNY))}


def test_cost_uses_up_its_order_and_no_more() -> None:
    after = orders.after(opened(100), [charged("a", 60, "PO"), charged("b", 70, "PO")])
    assert after.orders["PO"].open.minor == 0
    assert {key: amount.minor for key, amount in after.covered.items()} == {"a": 60, "b": 40}


def test_cost_without_an_order_covers_nothing() -> None:
    after = orders.after(opened(100), [charged("a", 60, "")])
    assert (after.orders["PO"].open.minor, dict(after.covered)) == (100, {})


def test_a_later_list_replaces_what_was_open() -> None:
    after = orders.after(opened(100), [charged("o", 30, "PO", RowKind.ORDER), charged("a", 60, "PO")])
    assert after.orders["PO"].open.minor == 30
    assert after.changed(opened(100)).keys() == {"PO"}


def test_cost_on_another_heading_uses_the_order_up_but_is_not_covered() -> None:
    after = orders.after(opened(100, Heading.TESTING), [charged("a", 60, "PO")])
    assert (after.orders["PO"].open.minor, dict(after.covered)) == (40, {})


@given(st.integers(0, 10**6), st.lists(st.integers(1, 10**6), max_size=8))
def test_what_is_covered_is_what_the_order_lost(open_minor: int, costs: list[int]) -> None:
    rows = [charged(str(n), minor, "PO") for n, minor in enumerate(costs)]
    after = orders.after(opened(open_minor), rows)
    covered = total(after.covered.values(), CNY).minor
    assert covered == min(open_minor, sum(costs))
    assert after.orders["PO"].open.minor == open_minor - covered
    change = orders.committed(opened(open_minor), after)
    assert change[Heading.MATERIALS].minor == -covered
