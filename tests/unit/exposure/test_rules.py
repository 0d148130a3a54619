"""What a note of forward cover must satisfy."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from app.exposure import rules
from app.exposure.rules import CoverFacts
from app.kernel.currencies import Currency

TODAY = date(2026, 11, 20)


def cover(**changes: Any) -> list[str]:
    sound = CoverFacts(
        pocket=Currency.CNY,
        bought=Currency.HKD,
        rate=Decimal("0.9250"),
        first_day=date(2026, 11, 1),
        last_day=TODAY,
        today=TODAY,
        latest=Decimal("0.9240"),
        largest_step_percent=Decimal(10),
    )
    return [breach.code for breach in rules.breaches(replace(sound, **changes))]


def test_sound_cover_is_noted_also_before_there_is_any_rate() -> None:
    assert cover() == []
    assert cover(latest=None) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"bought": Currency.CNY}, "cover.currency"),
        ({"first_day": date(2026, 11, 21)}, "cover.days"),
        ({"last_day": date(2026, 11, 19)}, "cover.ended"),
        ({"rate": Decimal("92.50")}, "cover.rate-unlikely"),
        ({"rate": Decimal("0.80")}, "cover.rate-unlikely"),
    ],
)
def test_cover_is_refused(changes: dict[str, Any], code: str) -> None:
    assert cover(**changes) == [code]
