"""Flows between institutions as bands whose width is their amount: where each stands in a drawing. Pure.

Places are whole units of the drawing, rounded down and at least 1, so that the smallest flow is still seen; amounts are
never read back from it. Each currency has a drawing of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.crossings.figures import Flow
from app.kernel.currencies import Currency
from app.kernel.money import Money, total

TALL = 220
"""Units in which all flows of a currency stand together."""

GAP = 16
"""Units between two institutions."""


@dataclass(frozen=True, slots=True)
class Node:
    """An institution on one side of a drawing: what it paid or got, from `top` to `bottom`."""

    institution_id: UUID
    top: int
    bottom: int
    amount: Money

    @property
    def middle(self) -> int:
        """Where its name stands."""
        return (self.top + self.bottom) // 2


@dataclass(frozen=True, slots=True)
class Band:
    """A flow: `width` units from `left` under the top at the payer to `right` at the payee."""

    flow: Flow
    left: int
    right: int
    width: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """The flows of one currency, payers on the left."""

    currency: Currency
    height: int
    payers: tuple[Node, ...]
    payees: tuple[Node, ...]
    bands: tuple[Band, ...]


def drawings(flows: Iterable[Flow]) -> list[Drawing]:
    """One drawing for each currency with several flows, in the order of the flows; a single one needs no picture."""
    by_currency: dict[Currency, list[Flow]] = defaultdict(list)
    for each in flows:
        if each.amount.minor > 0:
            by_currency[each.amount.currency].append(each)
    return [_drawing(currency, mine) for currency, mine in by_currency.items() if len(mine) > 1]


def _drawing(currency: Currency, flows: Sequence[Flow]) -> Drawing:
    whole = sum(each.amount.minor for each in flows)
    widths = {(each.funder_id, each.grantee_id): max(1, each.amount.minor * TALL // whole) for each in flows}
    payers = _nodes(currency, flows, widths, payer=True)
    payees = _nodes(currency, flows, widths, payer=False)
    left = {each.institution_id: each.top for each in payers}
    right = {each.institution_id: each.top for each in payees}
    bands = []
    for payer in payers:
        for payee in payees:
            flow = next((f for f in flows if (f.funder_id, f.grantee_id) == _pair(payer, payee)), None)
            if flow is not None:
                width = widths[_pair(payer, payee)]
                bands.append(Band(flow, left[payer.institution_id], right[payee.institution_id], width))
                left[payer.institution_id] += width
                right[payee.institution_id] += width
    height = max(each.bottom for each in (*payers, *payees))
    return Drawing(currency, height, payers, payees, tuple(bands))


def _pair(payer: Node, payee: Node) -> tuple[UUID, UUID]:
    return payer.institution_id, payee.institution_id


def _nodes(
    currency: Currency, flows: Sequence[Flow], widths: dict[tuple[UUID, UUID], int], *, payer: bool
) -> tuple[Node, ...]:
    """The institutions of one side, the largest first."""
    mine: dict[UUID, list[Flow]] = defaultdict(list)
    for each in flows:
        mine[each.funder_id if payer else each.grantee_id].append(each)
    sums = {key: total((each.amount for each in own), currency) for key, own in mine.items()}
    found, top = [], 0
    for key in sorted(mine, key=lambda each: (-sums[each].minor, str(each))):
        bottom = top + sum(widths[each.funder_id, each.grantee_id] for each in mine[key])
        found.append(Node(key, top, bottom, sums[key]))
        top = bottom + GAP
    return tuple(found)
