"""What comes in for journals: the head, its lines, the decision and the filters of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from app.journals.kinds import KINDS
from app.journals.queries import JournalFilters
from app.journals.service import CorrectJournal, LineCommand, SubmitJournal, WhatIf
from app.journals.states import JournalKind, JournalStatus
from app.kernel.messages import _
from app.ledger.headings import Heading
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    FileField,
    IdField,
    LineField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery, RowsField

KIND_LABELS = {kind: row.label for kind, row in KINDS.items()}
HEADING_LABELS = {heading: heading.label for heading in Heading}
STATUS_LABELS = {
    JournalStatus.SUBMITTED: _("Submitted"),
    JournalStatus.RETURNED: _("Returned"),
    JournalStatus.APPROVED: _("Approved"),
    JournalStatus.REFUSED: _("Refused"),
}
PLACE_LABELS = {"SZ": _("Shenzhen"), "HK": _("Hong Kong")}


def _line(*, currency: Any, **fields: Any) -> LineCommand:
    """The currency stands in the amount already."""
    return LineCommand(**fields)


def _what_if(*, lines: Any, **fields: Any) -> WhatIf:
    """Lines that do not yet name a contract and an amount are left out."""
    typed = tuple(
        LineCommand(
            each["contract_id"],
            each["heading"],
            "",
            each["amount"],
            each["to_contract_id"],
            to_heading=each["to_heading"],
        )
        for each in lines
        if each["contract_id"] and each["amount"]
    )
    return WhatIf(**fields, lines=typed)


class LineForm(Form):
    """One line: the contract, the heading, and the amount in the currency that moved."""

    command = staticmethod(_line)

    contract_id = IdField(label=_("Contract"))
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    description = LineField(label=_("Description"), load_default="")
    currency = CurrencyField(label=_("Currency"))
    amount = AmountField(label=_("Amount"))
    to_contract_id = IdField(label=_("To contract"), required=False)
    to_heading = ChoiceField(Heading, HEADING_LABELS, label=_("To heading"), required=False)
    place_of_spend = LineField(max_length=5, label=_("Place of spend"), load_default="")


class JournalForm(Form):
    """A journal. Lines are left out for a reversal and for closing out an exchange position."""

    command: ClassVar[Callable[..., Any] | None] = SubmitJournal

    institution_id = IdField(label=_("Institution"))
    kind = ChoiceField(JournalKind, KIND_LABELS, label=_("Kind of journal"))
    effective_on = DateField(label=_("Date of the cost or receipt"))
    reason = TextField(max_length=400, label=_("Reason"))
    counterparty = LineField(label=_("Supplier, payer or claimant"), load_default="")
    bank_account_id = IdField(label=_("Bank account"), required=False)
    negative_list_declared = BooleanField(label=_("Nothing here is on the negative list"))
    lines = RowsField(LineForm, min_rows=0, label=_("Lines"), load_default=())
    evidence = FileField(label=_("Evidence"), required=False)
    reverses_entry_id = WholeNumberField(low=1, high=2**53, label=_("Entry to reverse"), required=False)
    closes_contract_id = IdField(label=_("Contract to close out"), required=False)
    moves_entry_id = WholeNumberField(low=1, high=2**53, label=_("Entry whose cost is moved"), required=False)


class TypedLineForm(Form):
    """A line as far as it is typed."""

    contract_id = IdField(label=_("Contract"), required=False)
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    currency = CurrencyField(label=_("Currency"), required=False)
    amount = AmountField(label=_("Amount"), required=False)
    to_contract_id = IdField(label=_("To contract"), required=False)
    to_heading = ChoiceField(Heading, HEADING_LABELS, label=_("To heading"), required=False)


class WhatIfForm(Form):
    """A journal as far as it is typed: what its lines would leave of the limits they touch."""

    command = staticmethod(_what_if)

    institution_id = IdField(label=_("Institution"))
    kind = ChoiceField(JournalKind, KIND_LABELS, label=_("Kind of journal"))
    effective_on = DateField(label=_("Date of the cost or receipt"))
    lines = RowsField(TypedLineForm, min_rows=0, label=_("Lines"), load_default=())


class CorrectForm(JournalForm):
    """A returned journal as it shall stand."""

    command = CorrectJournal

    version = VersionField()


class DecideForm(Form):
    """A decision on the version the page showed; returning and refusing say why."""

    version = VersionField()
    reason = TextField(max_length=400, label=_("Reason"), load_default="")


class ReasonForm(Form):
    """A decision that must say why."""

    version = VersionField()
    reason = TextField(max_length=400, label=_("Reason"))


class JournalListForm(PageQuery):
    """Filters of the list of journals."""

    command = JournalFilters

    status = ChoiceField(JournalStatus, STATUS_LABELS, label=_("Status"), required=False)
    kind = ChoiceField(JournalKind, KIND_LABELS, label=_("Kind of journal"), required=False)
    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("To"), required=False)
    text = LineField(label=_("Search"), load_default="")
