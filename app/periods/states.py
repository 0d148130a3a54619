"""Words of the slice: the checks of a month and what comes of each."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class CheckCode(StrEnum):
    """What is looked at before a month is sealed."""

    MONTH_OVER = "month-over"
    EARLIER_MONTHS = "earlier-months"
    BLOCKS = "blocks"
    SUMS = "sums"
    IN_TRANSIT = "in-transit"
    INTER_BOOK = "inter-book"
    UNRECONCILED = "unreconciled"
    REVALUATION = "revaluation"
    EXCHANGE_POSITIONS = "exchange-positions"


CHECK_LABELS = {
    CheckCode.MONTH_OVER: _("The month is over"),
    CheckCode.EARLIER_MONTHS: _("Earlier months are sealed"),
    CheckCode.BLOCKS: _("Every entry of the month is in a block"),
    CheckCode.SUMS: _("The trial balance sums to nil"),
    CheckCode.IN_TRANSIT: _("No payment is in transit"),
    CheckCode.INTER_BOOK: _("Both books of each event agree"),
    CheckCode.UNRECONCILED: _("Bank lines are reconciled"),
    CheckCode.REVALUATION: _("Foreign balances are revalued"),
    CheckCode.EXCHANGE_POSITIONS: _("Closed contracts have no exchange position"),
}


class Outcome(StrEnum):
    """How a check stands. Only an open one keeps the month from being sealed."""

    MET = "MET"
    EXPLAINED = "EXPLAINED"
    NOTHING = "NOTHING"
    OPEN = "OPEN"


OUTCOME_LABELS = {
    Outcome.MET: _("Met"),
    Outcome.EXPLAINED: _("Explained"),
    Outcome.NOTHING: _("Nothing to check"),
    Outcome.OPEN: _("To be done"),
}

EXPLAINABLE = frozenset(
    {CheckCode.IN_TRANSIT, CheckCode.INTER_BOOK, CheckCode.UNRECONCILED, CheckCode.EXCHANGE_POSITIONS}
)
"""What a note by a person may explain; the rest has to be put right."""
