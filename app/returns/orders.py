"""Open purchase orders: what a return commits anew, and what of earlier orders its cost uses up. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.kernel.money import Money
from app.ledger.headings import Heading
from app.returns.facts import Charged, OpenOrder
from app.returns.states import RowKind


@dataclass(frozen=True, slots=True)
class OrdersAfter:
    """Orders as a return leaves them, by number, and how much of each row (by its key) they cover.

    Only cost on the order's own heading is covered: there the commitment makes room for it. All in the contract's
    currency.
    """

    orders: Mapping[str, OpenOrder]
    covered: Mapping[str, Money]

    def changed(self, before: Mapping[str, OpenOrder]) -> Mapping[str, OpenOrder]:
        """The orders that are new or stand otherwise than before."""
        return {number: order for number, order in self.orders.items() if before.get(number) != order}


def after(orders: Mapping[str, OpenOrder], rows: Iterable[Charged]) -> OrdersAfter:
    """What the rows leave of the orders: cost uses up its order first, then the file's own list of open orders counts.

    A finance system lists what is open after the period's cost, so an order's row replaces what was left of it; nil
    closes it.
    """
    left = dict(orders)
    covered: dict[str, Money] = {}
    given = [each for each in rows if each.row.order_number and each.booked is not None]
    for each in given:
        order, taken = left.get(each.row.order_number), each.takes
        if order is None or taken is None or taken.minor <= 0:
            continue
        used = min(order.open, taken)
        left[each.row.order_number] = OpenOrder(order.heading, order.open - used)
        if order.heading is each.row.heading and used:
            covered[each.row.key] = used
    for each in given:
        if each.row.kind is RowKind.ORDER and each.row.heading is not None and each.booked is not None:
            left[each.row.order_number] = OpenOrder(each.row.heading, each.booked)
    return OrdersAfter(left, covered)


def committed(before: Mapping[str, OpenOrder], orders_after: OrdersAfter) -> dict[Heading, Money]:
    """What the orders take more (or give back, below nil) of each heading afterwards than before."""
    found: dict[Heading, Money] = {}
    for sign, orders in ((-1, before), (1, orders_after.orders)):
        for order in orders.values():
            nil = Money.zero(order.open.currency)
            found[order.heading] = found.get(order.heading, nil) + (order.open if sign > 0 else -order.open)
    return found
