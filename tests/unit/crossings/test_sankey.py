"""The drawing of flows: bands tile the institutions they leave and reach, and currencies never share one."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from app.crossings.figures import Flow
from app.crossings.sankey import GAP, TALL, drawings
from app.kernel.currencies import Currency
from app.kernel.money import Money

A, B, C, D = (UUID(int=number) for number in range(1, 5))


def flow(payer: UUID, payee: UUID, amount: int, currency: Currency = Currency.CNY) -> Flow:
    return Flow(payer, payee, 1, Money(amount, currency))


def test_bands_fill_the_institutions_they_leave_and_reach_from_top_to_bottom() -> None:
    (drawn,) = drawings([flow(A, C, 500), flow(A, D, 300), flow(B, D, 200)])
    assert [(each.institution_id, each.top, each.bottom) for each in drawn.payers] == [
        (A, 0, TALL * 8 // 10),
        (B, TALL * 8 // 10 + GAP, TALL + GAP),
    ]
    for nodes, side in ((drawn.payers, "left"), (drawn.payees, "right")):
        covered = sorted((getattr(each, side), getattr(each, side) + each.width) for each in drawn.bands)
        for node in nodes:
            inside = [(top, bottom) for top, bottom in covered if node.top <= top < node.bottom]
            assert inside[0][0] == node.top
            assert inside[-1][1] == node.bottom
            assert all(before[1] == after[0] for before, after in pairwise(inside))


def test_each_currency_has_its_own_drawing_and_the_smallest_flow_is_still_seen() -> None:
    found = drawings([flow(A, C, 10**12), flow(B, C, 1), flow(A, C, 7, Currency.HKD), flow(A, D, 7, Currency.HKD)])
    assert [each.currency for each in found] == [Currency.CNY, Currency.HKD]
    assert min(each.width for each in found[0].bands) == 1


def test_a_single_flow_is_told_by_the_table_alone() -> None:
    assert drawings([flow(A, C, 500), flow(B, C, 1, Currency.HKD)]) == []
