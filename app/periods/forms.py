"""What comes in for periods: a step on a month, an exception, a note."""

from __future__ import annotations

from app.kernel.messages import _
from app.ledger.posting import PeriodState
from app.periods.commands import EndException, Explain, GiveException, OpenAgain, Step
from app.periods.states import CHECK_LABELS, EXPLAINABLE, CheckCode
from app.web.fields import ChoiceField, IdField, LineField, WholeNumberField
from app.web.schemas import Form

STATE_LABELS = {
    PeriodState.OPEN: _("Open"),
    PeriodState.CLOSING: _("Closing"),
    PeriodState.SEALED: _("Sealed"),
}
LONGEST_EXCEPTION = 31


class StepForm(Form):
    """A step on a month; `seen` is the state the page showed."""

    command = Step

    seen = ChoiceField(PeriodState, STATE_LABELS, label=_("State"))


class OpenAgainForm(Form):
    """Opening a month that is closing."""

    command = OpenAgain

    seen = ChoiceField(PeriodState, STATE_LABELS, label=_("State"))
    reason = LineField(min_length=1, max_length=500, label=_("Reason"))


class ExceptionForm(Form):
    """Who may post into the closing month."""

    command = GiveException

    person = IdField(label=_("Person"))
    days = WholeNumberField(low=1, high=LONGEST_EXCEPTION, label=_("Days"))
    reason = LineField(min_length=1, max_length=500, label=_("Reason"))


class EndExceptionForm(Form):
    """An exception to take back."""

    command = EndException

    exception = IdField(label=_("Exception"))


class ExplainForm(Form):
    """A note on a check."""

    command = Explain

    check = ChoiceField(
        CheckCode, CHECK_LABELS, only=[code for code in CheckCode if code in EXPLAINABLE], label=_("Check")
    )
    note = LineField(min_length=1, max_length=500, label=_("Note"))
