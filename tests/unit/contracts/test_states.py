"""Statuses of contracts and obligations: only the listed moves, and nothing leaves the end."""

from __future__ import annotations

import pytest

from app.contracts.states import (
    CONTRACT_MOVES,
    OBLIGATION_MOVES,
    ContractStatus as C,
    ObligationStatus as O,
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (C.DRAFT, C.SIGNED),
        (C.SIGNED, C.ACTIVE),
        (C.ACTIVE, C.SUSPENDED),
        (C.SUSPENDED, C.ACTIVE),
        (C.ACTIVE, C.CLOSING),
        (C.CLOSING, C.CLOSED),
    ],
)
def test_contract_goes_the_way_of_its_life(before: C, after: C) -> None:
    assert after in CONTRACT_MOVES[before]


@pytest.mark.parametrize(
    ("before", "after"),
    [(C.DRAFT, C.ACTIVE), (C.SIGNED, C.CLOSED), (C.CLOSED, C.ACTIVE), (C.TERMINATED, C.ACTIVE), (C.CLOSING, C.ACTIVE)],
)
def test_contract_takes_no_other_way(before: C, after: C) -> None:
    assert after not in CONTRACT_MOVES[before]


def test_every_status_has_its_row() -> None:
    assert set(CONTRACT_MOVES) == set(C)
    assert set(OBLIGATION_MOVES) == set(O)


@pytest.mark.parametrize("status", [O.ACCEPTED, O.WAIVED])
def test_settled_obligation_stays_settled(status: O) -> None:
    assert not OBLIGATION_MOVES[status]


def test_queried_obligation_is_submitted_again_and_never_accepted_directly() -> None:
    assert O.SUBMITTED in OBLIGATION_MOVES[O.QUERIED]
    assert O.ACCEPTED not in OBLIGATION_MOVES[O.QUERIED]
