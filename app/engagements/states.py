"""Words of the slice: the life of an engagement, classes of lines, samples, questions, records and papers. Pure."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _

ROOM_SCOPE = "room:"
"""What the scope of a token that reads one room begins with; the engagement's number follows."""


def scope_of_room(reference: str) -> str:
    """The scope of a token that reads the room of this engagement, and nothing else."""
    return ROOM_SCOPE + reference


class EngagementStatus(StrEnum):
    """Where an engagement stands. Access exists while it is GRANTED and not past its last day."""

    PROPOSED = "PROPOSED"
    GRANTED = "GRANTED"
    REFUSED = "REFUSED"
    ENDED = "ENDED"


MOVES: dict[EngagementStatus, frozenset[EngagementStatus]] = {
    EngagementStatus.PROPOSED: frozenset({EngagementStatus.GRANTED, EngagementStatus.REFUSED}),
    EngagementStatus.GRANTED: frozenset({EngagementStatus.ENDED}),
    EngagementStatus.REFUSED: frozenset(),
    EngagementStatus.ENDED: frozenset(),
}


class LineClass(StrEnum):
    """What a line of the population is: each class is a population of its own, never netted with another."""

    RECEIPT = "RECEIPT"
    COST = "COST"
    CREDIT = "CREDIT"
    RETURN = "RETURN"
    EXCHANGE = "EXCHANGE"


class SampleStatus(StrEnum):
    """A preview can be drawn again, each time with a trace; a locked sample never changes."""

    PREVIEW = "PREVIEW"
    LOCKED = "LOCKED"


class QuestionStatus(StrEnum):
    """An open question waits for the person asked; an answered one for the auditor."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CLOSED = "CLOSED"


class RecordKind(StrEnum):
    """What an auditor keeps track of beside the population."""

    BANK_CONFIRMATION = "BANK_CONFIRMATION"
    FUNDER_CONFIRMATION = "FUNDER_CONFIRMATION"
    REPRESENTATION_LETTER = "REPRESENTATION_LETTER"
    SUBSEQUENT_EVENT = "SUBSEQUENT_EVENT"
    PROCEDURE = "PROCEDURE"


class RecordStatus(StrEnum):
    """How far a record is."""

    OPEN = "OPEN"
    SENT = "SENT"
    RECEIVED = "RECEIVED"
    DONE = "DONE"
    NOT_NEEDED = "NOT_NEEDED"


class PaperKind(StrEnum):
    """What a working paper is: a tick against a line, or a note."""

    TICK = "TICK"
    NOTE = "NOTE"


class PackStatus(StrEnum):
    """How far an evidence pack is."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    READY = "READY"
    FAILED = "FAILED"


STATUS_LABELS = {
    EngagementStatus.PROPOSED: _("Proposed"),
    EngagementStatus.GRANTED: _("Granted"),
    EngagementStatus.REFUSED: _("Refused"),
    EngagementStatus.ENDED: _("Ended"),
}
CLASS_LABELS = {
    LineClass.RECEIPT: _("Receipts"),
    LineClass.COST: _("Costs"),
    LineClass.CREDIT: _("Credits against cost"),
    LineClass.RETURN: _("Returns to the funder"),
    LineClass.EXCHANGE: _("Exchange"),
}
SAMPLE_STATUS_LABELS = {SampleStatus.PREVIEW: _("Preview"), SampleStatus.LOCKED: _("Locked")}
QUESTION_STATUS_LABELS = {
    QuestionStatus.OPEN: _("Waits for an answer"),
    QuestionStatus.ANSWERED: _("Answered"),
    QuestionStatus.CLOSED: _("Closed"),
}
RECORD_LABELS = {
    RecordKind.BANK_CONFIRMATION: _("Bank confirmation"),
    RecordKind.FUNDER_CONFIRMATION: _("Funder confirmation"),
    RecordKind.REPRESENTATION_LETTER: _("Representation letter"),
    RecordKind.SUBSEQUENT_EVENT: _("Subsequent event"),
    RecordKind.PROCEDURE: _("Agreed-upon procedure"),
}
RECORD_STATUS_LABELS = {
    RecordStatus.OPEN: _("Open"),
    RecordStatus.SENT: _("Sent"),
    RecordStatus.RECEIVED: _("Received"),
    RecordStatus.DONE: _("Done"),
    RecordStatus.NOT_NEEDED: _("Not needed"),
}
PAPER_LABELS = {PaperKind.TICK: _("Tick"), PaperKind.NOTE: _("Note")}
SCREEN_LABELS = {
    "home": _("Scope and totals"),
    "letter": _("Letter of engagement"),
    "population": _("Population"),
    "population-file": _("Population as a file"),
    "entry": _("Entry"),
    "proof": _("Proof of an entry"),
    "document": _("Document"),
    "draw": _("Draw a sample"),
    "sample": _("Sample"),
    "sample-file": _("Sample as a file"),
    "sample-seal": _("Proof of a sample's seal"),
    "questions": _("Questions"),
    "ask": _("Ask a question"),
    "answer": _("Document of an answer"),
    "records": _("Records"),
    "papers": _("Working papers"),
    "papers-file": _("Working papers as a file"),
    "statements": _("Files"),
    "statement-file": _("File of a statement"),
    "report": _("Report as a file"),
    "packs": _("Evidence packs"),
    "pack": _("Evidence pack as a file"),
    "token": _("Tokens for programs"),
    "trail": _("Your trail"),
}
"""What an auditor looked at, by the screen's code in the log."""
