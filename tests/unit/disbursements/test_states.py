"""The moves of a disbursement are those of the product, and no others."""

from app.disbursements.states import (
    BEFORE_RELEASE,
    CLAIMS_TRANCHE,
    DISBURSEMENT_MOVES,
    RESIDUE_MOVES,
    DisbursementStatus as Status,
    ResidueStatus,
    may_move,
)


def test_only_the_listed_moves_are_allowed() -> None:
    allowed = {(a.value, b.value) for a in Status for b in Status if may_move(a, b)}
    assert allowed == {
        ("DRAFT", "SUBMITTED"),
        ("DRAFT", "CANCELLED"),
        ("SUBMITTED", "APPROVED"),
        ("SUBMITTED", "RETURNED_TO_MAKER"),
        ("SUBMITTED", "REFUSED"),
        ("SUBMITTED", "CANCELLED"),
        ("RETURNED_TO_MAKER", "SUBMITTED"),
        ("RETURNED_TO_MAKER", "CANCELLED"),
        ("APPROVED", "SUBMITTED"),
        ("APPROVED", "RELEASED"),
        ("APPROVED", "REFUSED"),
        ("APPROVED", "CANCELLED"),
        ("RELEASED", "SETTLED"),
        ("RELEASED", "BOUNCED"),
        ("SETTLED", "BOUNCED"),
    }


def test_what_is_undone_or_not_yet_submitted_takes_nothing_of_the_tranche() -> None:
    undone = {Status.BOUNCED, Status.REFUSED, Status.CANCELLED}
    assert set(Status) - CLAIMS_TRANCHE == undone | {Status.DRAFT, Status.RETURNED_TO_MAKER}


def test_nothing_is_cancelled_after_release() -> None:
    assert all(may_move(status, Status.CANCELLED) == (status in BEFORE_RELEASE) for status in Status)


def test_every_status_has_its_row() -> None:
    assert set(DISBURSEMENT_MOVES) == set(Status)
    assert set(RESIDUE_MOVES) == set(ResidueStatus)
