"""Files of rates: whole or not at all, every wrong line named."""

from decimal import Decimal

import pytest

from app.exchange_rates.imports import read
from app.kernel.errors import InputRefused

HEAD = b"base,quote,unit,rate,date\n"


def test_a_rate_per_hundred_keeps_its_unit() -> None:
    (row,) = read(HEAD + b"HKD,CNY,100,92.406,2025-01-06\n", "Xinhua table")
    assert (row.unit, row.rate, row.source) == (100, Decimal("92.406"), "Xinhua table")


@pytest.mark.parametrize(
    "line",
    [
        b"HKD,CNY,10,92.406,2025-01-06",
        b"HKD,USD,100,92.406,2025-01-06",
        b"HKD,CNY,100,NaN,2025-01-06",
        b"HKD,CNY,100,-1,2025-01-06",
        b"HKD,CNY,100,1e300,2025-01-06",
        b"HKD,CNY,100,92.406,2025-02-29",
        "HKD,CNY,100,９２,2025-01-06".encode(),
        b"HKD,CNY,100",
    ],
)
def test_a_wrong_line_refuses_the_whole_file_and_is_named(line: bytes) -> None:
    with pytest.raises(InputRefused) as refused:
        read(HEAD + b"HKD,CNY,100,92.406,2025-01-06\n" + line + b"\n", "test")
    assert refused.value.breaches[0].params["line"] == 3


@pytest.mark.parametrize("content", [b"", b"base,quote\n", HEAD, b"\xff\xfe\x00"])
def test_a_file_without_rates_is_refused(content: bytes) -> None:
    with pytest.raises(InputRefused):
        read(content, "test")
