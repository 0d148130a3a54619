"""Kinds of funds and movements, and the statuses of a movement; pure."""

from enum import StrEnum


class FundKind(StrEnum):
    """GRANT backs contracts; INVESTMENT (later) invests in enterprises."""

    GRANT = "GRANT"


class MovementKind(StrEnum):
    """Money into the parent's pocket, or from the parent's pocket to a sub-fund's, or back up."""

    CONTRIBUTION = "CONTRIBUTION"
    ALLOCATION = "ALLOCATION"
    RETURN_TO_PARENT = "RETURN_TO_PARENT"


class MovementStatus(StrEnum):
    """A movement is entered by one person and approved, and so posted, by another."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
