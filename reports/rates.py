"""How a rate stands in a report: at least four decimals, and no more noughts than its source printed."""

from __future__ import annotations

from decimal import Decimal

FEWEST = Decimal("0.0001")
MOST = Decimal("0.0000000001")


def shown(rate: Decimal) -> Decimal:
    """The rate without trailing noughts past four decimals; a quotient that never ends is rounded at ten."""
    kept = rate.quantize(MOST).normalize()
    exponent = kept.as_tuple().exponent
    return kept if isinstance(exponent, int) and exponent < -4 else kept.quantize(FEWEST)
