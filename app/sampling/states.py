"""Codes of a sample: how it is drawn, and why a line is in it; with their words (message ids)."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class Method(StrEnum):
    """How lines are chosen."""

    MONETARY_UNIT = "MONETARY_UNIT"
    STRATIFIED = "STRATIFIED"
    RANDOM = "RANDOM"
    ABOVE = "ABOVE"
    BY_HAND = "BY_HAND"

    @property
    def is_projected(self) -> bool:
        """Whether errors in the sample say something about the lines that are not in it."""
        return self not in (Method.ABOVE, Method.BY_HAND)


class Reason(StrEnum):
    """Why a line is in the sample."""

    BY_HAND = "BY_HAND"
    ABOVE = "ABOVE"
    HIGH_VALUE = "HIGH_VALUE"
    DRAWN = "DRAWN"


METHOD_LABELS = {
    Method.MONETARY_UNIT: _("Monetary unit"),
    Method.STRATIFIED: _("Stratified"),
    Method.RANDOM: _("Simple random"),
    Method.ABOVE: _("All above an amount"),
    Method.BY_HAND: _("Chosen by hand"),
}
REASON_LABELS = {
    Reason.BY_HAND: _("Chosen by hand"),
    Reason.ABOVE: _("Above the amount"),
    Reason.HIGH_VALUE: _("At or above the sampling interval"),
    Reason.DRAWN: _("Drawn"),
}
