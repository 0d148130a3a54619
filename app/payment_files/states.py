"""Statuses of a payment file and of its payments, and what a bank's profile chooses from."""

from enum import StrEnum


class FileStatus(StrEnum):
    """Life of a payment file: what it says never changes, only where it stands."""

    DRAFT = "DRAFT"
    SIGNED = "SIGNED"
    SENT = "SENT"
    ANSWERED = "ANSWERED"
    WITHDRAWN = "WITHDRAWN"


FILE_MOVES: dict[FileStatus, frozenset[FileStatus]] = {
    FileStatus.DRAFT: frozenset({FileStatus.SIGNED, FileStatus.WITHDRAWN}),
    FileStatus.SIGNED: frozenset({FileStatus.SENT, FileStatus.WITHDRAWN}),
    FileStatus.SENT: frozenset({FileStatus.ANSWERED}),
    FileStatus.ANSWERED: frozenset(),
    FileStatus.WITHDRAWN: frozenset(),
}
"""A bank may answer several times; the file stays ANSWERED from the first answer on."""

GONE = frozenset({FileStatus.SENT, FileStatus.ANSWERED})
"""The bank has the file."""


class AnswerStatus(StrEnum):
    """What the bank said of one payment. Only an account statement says that money moved."""

    NONE = "NONE"
    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class Repertoire(StrEnum):
    """The characters a bank takes."""

    LATIN = "LATIN"
    GB18030 = "GB18030"
    HKSCS = "HKSCS"


class PurposePlacement(StrEnum):
    """Where a bank wants the purpose code."""

    NOWHERE = "NOWHERE"
    PURPOSE = "PURPOSE"
    INSTRUCTION = "INSTRUCTION"
    REGULATORY = "REGULATORY"
    REMITTANCE = "REMITTANCE"


class ChargeBearer(StrEnum):
    """Who bears the banks' charges, in the codes of ISO 20022."""

    SHAR = "SHAR"
    DEBT = "DEBT"
    CRED = "CRED"
    SLEV = "SLEV"


class BankCodeKind(StrEnum):
    """By which code of an account its bank is told; NONE stands for every bank that has no profile of its own."""

    NONE = "NONE"
    BIC = "BIC"
    CNAPS = "CNAPS"
    HKNCC = "HKNCC"


def may_move(before: FileStatus, after: FileStatus) -> bool:
    """Whether the table of moves allows going from `before` to `after`."""
    return after in FILE_MOVES[before]
