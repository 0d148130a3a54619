"""A month with a bank that rejects, returns, delays, loses, shortens and doubles: in the end everything is explained.

The seed stands in the name of each case. `python -m benchmarks.month_of_faults` runs it with 2,000 payments.
"""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.institutions.states import Side
from app.kernel.currencies import Currency
from tests.scenarios.month_of_faults import Month, verify

PAYMENTS = 24


@pytest.mark.slow
@pytest.mark.parametrize(
    ("seed", "side", "currency"),
    [(20261123, Side.SZ, Currency.CNY), (7, Side.HK, Currency.HKD)],
    ids=["20261123-SZ-CNY", "7-HK-HKD"],
)
def test_after_a_month_of_faults_everything_is_settled_bounced_or_open_for_a_named_reason(
    session: Session, seed: int, side: Side, currency: Currency
) -> None:
    month = Month(session, seed, side, currency, PAYMENTS)
    month.run()
    assert month.waiting == []
    verify(month)
