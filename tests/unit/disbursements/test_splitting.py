"""One payment split in two: below, at and over the limit, a week apart or more, and what the rule never says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

import pytest
from hypothesis import given, strategies as st

from app.disbursements.facts import SplitPart
from app.disbursements.splitting import NOT_SPLIT, WINDOW, Neighbour, split_part
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money, total
from tests.builders.disbursements import cny

OWN = new_id()
SENT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
LIMIT = cny("1000.00")


def other(amount: str, sent: datetime | None = SENT, number: int = 1) -> Neighbour:
    """Another disbursement of the contract."""
    return Neighbour(uuid5(OWN, str(number)), f"DSB-2026-{number:05d}", cny(amount), sent)


def split(amount: str, *others: Neighbour, limit: Money | None = LIMIT) -> SplitPart:
    """What the rule says of CNY `amount` handed in now."""
    return split_part(OWN, cny(amount), SENT, others, limit)


@pytest.mark.parametrize(
    ("own", "beside", "together"),
    [
        ("600.00", "400.00", None),
        ("600.00", "400.01", "1000.01"),
        ("1000.00", "0.01", "1000.01"),
        ("1000.00", "1000.00", "2000.00"),
        ("600.00", "1000.01", None),
        ("1000.01", "600.00", None),
    ],
)
def test_parts_at_or_under_the_limit_that_pass_it_together_are_pointed_out(
    own: str, beside: str, together: str | None
) -> None:
    found = split(own, other(beside))
    assert found.together == (cny(together) if together else None)
    assert found.references == (("DSB-2026-00001",) if together else ())


@pytest.mark.parametrize(("apart", "counts"), [(WINDOW, True), (WINDOW + timedelta(seconds=1), False)])
@pytest.mark.parametrize("sign", [1, -1])
def test_parts_are_handed_in_within_a_week_before_or_after(apart: timedelta, counts: bool, sign: int) -> None:
    assert (split("600.00", other("600.00", SENT + sign * apart)) != NOT_SPLIT) is counts


def test_payment_over_the_limit_beside_two_parts_is_left_out_of_their_sum() -> None:
    found = split("600.00", other("500.00", number=1), other("1500.00", number=2))
    assert found == SplitPart(("DSB-2026-00001",), cny("1100.00"))


def test_nothing_is_a_split_of_itself_or_of_what_was_never_handed_in() -> None:
    itself = Neighbour(OWN, "DSB-2026-00009", cny("600.00"), SENT)
    assert split("600.00", itself, other("600.00", None)) == NOT_SPLIT
    assert split_part(OWN, cny("600.00"), None, (other("600.00"),), LIMIT) == NOT_SPLIT


def test_without_a_limit_there_is_nothing_to_pass() -> None:
    assert split("600.00", other("600.00"), limit=None) == NOT_SPLIT


_amounts = st.integers(1, 300_000).map(lambda minor: Money(minor, Currency.CNY))
_neighbours = st.lists(
    st.tuples(_amounts, st.one_of(st.none(), st.integers(-15 * 24, 15 * 24))).map(
        lambda given: (given[0], None if given[1] is None else SENT + timedelta(hours=given[1]))
    ),
    max_size=6,
).map(lambda rows: [Neighbour(UUID(int=n + 1), f"DSB-{n}", *row) for n, row in enumerate(rows)])


@given(amount=_amounts, limit=_amounts, others=_neighbours)
def test_a_split_names_exactly_the_parts_and_their_sum_and_passes_the_limit(
    amount: Money, limit: Money, others: list[Neighbour]
) -> None:
    found = split_part(OWN, amount, SENT, others, limit)
    parts = [
        each
        for each in others
        if each.amount <= limit and each.submitted_at is not None and abs(each.submitted_at - SENT) <= WINDOW
    ]
    whole = total((each.amount for each in parts), Currency.CNY) + amount
    is_split = bool(parts) and amount <= limit < whole
    assert found == (SplitPart(tuple(each.reference for each in parts), whole) if is_split else NOT_SPLIT)


@given(amount=_amounts, limit=_amounts, others=_neighbours)
def test_order_of_the_others_changes_nothing_and_each_part_sees_the_same_sum(
    amount: Money, limit: Money, others: list[Neighbour]
) -> None:
    same_day = [Neighbour(each.id, each.reference, each.amount, SENT) for each in others]
    found = split_part(OWN, amount, SENT, same_day, limit)
    assert split_part(OWN, amount, SENT, reversed(same_day), limit).together == found.together
    own = Neighbour(OWN, "DSB-own", amount, SENT)
    for part in same_day:
        if found.together is not None and part.amount <= limit:
            beside = [own, *(each for each in same_day if each.id != part.id)]
            assert split_part(part.id, part.amount, SENT, beside, limit).together == found.together
