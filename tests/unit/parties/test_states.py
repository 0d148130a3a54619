"""What connects two parties is compared without being kept."""

from __future__ import annotations

import pytest

from app.parties.states import MarkKind, digest, masked


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (MarkKind.ACCOUNT, "012-345-678901", "012 345 678901"),
        (MarkKind.PHONE, "+852 2345 6789", "2345-6789"),
        (MarkKind.ADDRESS, "Flat 3B, 12 River Rd.", "FLAT 3B 12 RIVER RD"),
    ],
)
def test_two_ways_of_writing_one_thing_are_the_same(kind: MarkKind, one: str, other: str) -> None:
    assert digest(kind, one) == digest(kind, other)
    assert digest(kind, one) is not None


def test_kinds_and_values_stay_apart_and_short_values_say_nothing() -> None:
    assert digest(MarkKind.ACCOUNT, "012345678901") != digest(MarkKind.ACCOUNT, "012345678902")
    assert digest(MarkKind.ACCOUNT, "23456789") != digest(MarkKind.PHONE, "23456789")
    assert digest(MarkKind.ADDRESS, "HK") is None
    assert digest(MarkKind.PHONE, "") is None


def test_only_the_last_places_are_shown() -> None:
    assert masked("012-345-678901") == "…8901"
    assert masked("") == ""
