"""What comes in for reconciliation: a statement typed, a bank's file with its layout, a match, a month's step."""

from __future__ import annotations

from typing import Any

from app.kernel.messages import _
from app.kernel.money import Money
from app.reconciliation.commands import (
    BringFile,
    EnterStatement,
    MatchItems,
    PrepareMonth,
    Reasoned,
    Seen,
    SwitchAutomatic,
    TableLayout,
)
from app.reconciliation.statements import LineRead
from app.reconciliation.states import DECIMAL_LABELS, DateForm, DecimalMark, Switch
from app.web.fields import (
    AmountField,
    ChoiceField,
    CurrencyField,
    DateField,
    FileField,
    IdField,
    LineField,
    ManyField,
    TextField,
    VersionField,
)
from app.web.schemas import Form, RowsField
from app.web.uploads import TEXT, XLSX, XML

FILE_TYPES = frozenset({XML, TEXT, XLSX})
MAX_FILE_BYTES = 15 * 1024 * 1024
DATE_LABELS = {form: form.value for form in DateForm}


def _line(*, value_on: Any, booked_on: Any, amount: Money, bank_reference: str, text: str) -> LineRead:
    return LineRead(booked_on, value_on or booked_on, amount, bank_reference, "", text)


def _typed(*, currency: Any, **fields: Any) -> EnterStatement:
    """The currency stands in the amounts already."""
    return EnterStatement(**fields)


def _brought(*, file: Any, currency: Any, **layout: Any) -> BringFile:
    return BringFile(file, TableLayout(**layout))


def _matched(*, lines: Any, postings: Any) -> MatchItems:
    return MatchItems(tuple(lines or ()), tuple(postings or ()))


def _switched(*, switch: Switch) -> SwitchAutomatic:
    return SwitchAutomatic(switch is Switch.ON)


class LineForm(Form):
    """A line of a statement: money in positive, money out with a minus sign."""

    command = staticmethod(_line)

    booked_on = DateField(label=_("Booking date"))
    value_on = DateField(label=_("Value date"), required=False)
    amount = AmountField(label=_("Amount"), positive=False)
    bank_reference = LineField(max_length=200, label=_("Bank reference"), load_default="")
    text = LineField(max_length=500, label=_("Text"), load_default="")


class StatementForm(Form):
    """A statement typed from paper."""

    command = staticmethod(_typed)

    currency = CurrencyField(label=_("Currency"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    opening = AmountField(label=_("Opening balance"), positive=False)
    closing = AmountField(label=_("Closing balance"), positive=False)
    bank_number = LineField(max_length=60, label=_("Number of the statement"), load_default="")
    lines = RowsField(LineForm, min_rows=0, max_rows=500, label=_("Lines"), load_default=())
    evidence = FileField(label=_("The paper statement"), required=False)


class FileForm(Form):
    """A bank's file. camt.053 and MT940 say everything themselves; a table needs its layout, days and balances."""

    command = staticmethod(_brought)

    file = FileField(types=FILE_TYPES, max_bytes=MAX_FILE_BYTES, label=_("File of the bank"))
    currency = CurrencyField(label=_("Currency"))
    first_day = DateField(label=_("First day"), required=False)
    last_day = DateField(label=_("Last day"), required=False)
    opening = AmountField(label=_("Opening balance"), positive=False, required=False)
    closing = AmountField(label=_("Closing balance"), positive=False, required=False)
    booked_on = LineField(max_length=80, label=_("Column of the booking date"), load_default="")
    value_on = LineField(max_length=80, label=_("Column of the value date"), load_default="")
    amount = LineField(max_length=80, label=_("Column of signed amounts"), load_default="")
    paid_in = LineField(max_length=80, label=_("Column of money in"), load_default="")
    paid_out = LineField(max_length=80, label=_("Column of money out"), load_default="")
    reference = LineField(max_length=80, label=_("Column of the bank reference"), load_default="")
    text = LineField(max_length=80, label=_("Column of the text"), load_default="")
    date_form = ChoiceField(DateForm, DATE_LABELS, label=_("Dates"), load_default=DateForm.ISO)
    decimal_mark = ChoiceField(DecimalMark, DECIMAL_LABELS, label=_("Amounts"), load_default=DecimalMark.POINT)


class SeenForm(Form):
    """A step on a record as the page showed it."""

    command = Seen

    version = VersionField()


class ReasonForm(Form):
    """A step that says why."""

    command = Reasoned

    version = VersionField()
    reason = LineField(min_length=1, max_length=500, label=_("Reason"))


class MatchForm(Form):
    """What belongs together: lines of the bank by id, postings of the book as `entry-line`."""

    command = staticmethod(_matched)

    lines = ManyField(IdField(), label=_("Bank lines"), required=False)
    postings = ManyField(LineField(max_length=40), label=_("Postings"), required=False)


class NothingForm(Form):
    """A verb that needs nothing but its address."""


class AutomaticForm(Form):
    """Whether lines match by themselves where identifier and amount agree."""

    command = staticmethod(_switched)

    switch = ChoiceField(Switch, label=_("Match by themselves what agrees by identifier and amount"))


class MonthForm(Form):
    """A month's reconciliation."""

    command = PrepareMonth

    note = TextField(max_length=1000, label=_("Note"), load_default="")
