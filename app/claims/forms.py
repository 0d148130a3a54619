"""What comes in for claims: the head, receipts, lines, verdicts, the payment and the filters of the list."""

from __future__ import annotations

from typing import Any

from app.claims.commands import (
    AddLine,
    AddReceipts,
    AnswerLines,
    AttachPaper,
    CheckClaim,
    ClearFlag,
    EditClaim,
    LineAnswer,
    LineValues,
    LineVerdict,
    PayClaim,
    SaveLine,
    Seen,
    StartClaim,
    SubmitClaim,
)
from app.claims.labels import (
    FLAG_LABELS,
    HEADING_LABELS,
    KIND_LABELS,
    PAPER_LABELS,
    PLACE_LABELS,
    SORT_LABELS,
    STATUS_LABELS,
    VERDICT_LABELS,
)
from app.claims.queries import ClaimFilters
from app.claims.states import ClaimStatus, FlagCode, LineKind, PaperKind, Place, SortBy, Verdict
from app.evidence.content_types import DOCUMENT_TYPES, MAX_BYTES
from app.kernel.messages import _
from app.ledger.headings import Heading
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    DayRange,
    FileField,
    FilesField,
    IdField,
    LineField,
    RateField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery, RowsField


def _save_line(*, version: int, **fields: Any) -> SaveLine:
    return SaveLine(version, LineValues(**fields))


def _answer(*, line: int, version: int, **fields: Any) -> LineAnswer:
    return LineAnswer(line, version, LineValues(**fields))


def _add_line(*, kind: LineKind, **fields: Any) -> AddLine:
    return AddLine(kind, LineValues(**fields))


class StartForm(Form):
    """A new claim."""

    command = StartClaim

    contract_id = IdField(label=_("Contract"))
    purpose = LineField(label=_("What was it for"))
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    place = ChoiceField(Place, PLACE_LABELS, label=_("Where it was spent"), required=False)
    claimant_id = IdField(label=_("Who is paid back"), required=False)
    pay_currency = CurrencyField(label=_("Pay back in"), required=False)
    receipts = FilesField(types=DOCUMENT_TYPES, max_bytes=MAX_BYTES, label=_("Receipts"), required=False)


class EditForm(Form):
    """The head of a claim as it shall stand."""

    command = EditClaim

    version = VersionField()
    contract_id = IdField(label=_("Contract"))
    purpose = LineField(label=_("What was it for"))
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    place = ChoiceField(Place, PLACE_LABELS, label=_("Where it was spent"), required=False)
    claimant_id = IdField(label=_("Who is paid back"), required=False)
    pay_currency = CurrencyField(label=_("Pay back in"))
    advance = AmountField(currency_from="pay_currency", zero=True, label=_("Advance to clear"), required=False)


class ReceiptsForm(Form):
    """Files, each of which becomes a line."""

    command = AddReceipts

    receipts = FilesField(types=DOCUMENT_TYPES, max_bytes=MAX_BYTES, label=_("Receipts"))


class LineFields(Form):
    """A line as far as it is known: nothing is required of a draft."""

    day_ranges = (DayRange("cost_on", "ends_on"),)

    cost_on = DateField(label=_("Date on the receipt"), required=False)
    ends_on = DateField(label=_("Last day, if for several days"), required=False)
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    place = ChoiceField(Place, PLACE_LABELS, label=_("Where it was spent"), required=False)
    who = LineField(label=_("Who travelled or bought"), load_default="")
    purpose = LineField(label=_("What for"), load_default="")
    currency = CurrencyField(label=_("Currency"), required=False)
    amount = AmountField(label=_("Amount"), required=False)
    tax = AmountField(label=_("Tax in it"), zero=True, required=False)
    seller = LineField(label=_("Seller"), load_default="")
    seller_number = LineField(label=_("Seller's tax or registration number"), max_length=40, load_default="")
    invoice_code = LineField(label=_("Invoice code"), max_length=40, load_default="")
    invoice_number = LineField(label=_("Invoice number"), max_length=40, load_default="")
    quantity = RateField(label=_("Quantity"), required=False)
    missing_receipt = TextField(max_length=400, label=_("Why there is no receipt"), load_default="")


class AddLineForm(LineFields):
    """A line without a file."""

    command = staticmethod(_add_line)

    kind = ChoiceField(LineKind, KIND_LABELS, label=_("Kind of line"))


class LineForm(LineFields):
    """A line as it shall stand."""

    command = staticmethod(_save_line)

    version = VersionField()


class AnswerForm(LineFields):
    """One of several lines as it shall stand."""

    command = staticmethod(_answer)

    line = WholeNumberField(low=1, high=9999, label=_("Line"))
    version = VersionField()


class AnswersForm(Form):
    """Several lines at once."""

    command = AnswerLines

    lines = RowsField(AnswerForm, max_rows=200, label=_("Lines"))


class PaperForm(Form):
    """One more document behind a line."""

    command = AttachPaper

    kind = ChoiceField(PaperKind, PAPER_LABELS, label=_("Kind of paper"))
    paper = FileField(types=DOCUMENT_TYPES, max_bytes=MAX_BYTES, label=_("File"))


class NothingForm(Form):
    """A button without fields."""


class SubmitForm(Form):
    """The declarations made on submitting."""

    command = SubmitClaim

    version = VersionField()
    declared = BooleanField(label=_("I spent this for the project and have not claimed it anywhere else."))
    negative_list_declared = BooleanField(label=_("Nothing here is on the negative list"))


class SeenForm(Form):
    """A decision on the version the page showed."""

    command = Seen

    version = VersionField()


class ReasonForm(Form):
    """A decision that must say why."""

    command = Seen

    version = VersionField()
    reason = TextField(max_length=400, label=_("Reason"))


class VerdictForm(Form):
    """The verdict on one line."""

    command = LineVerdict

    line = WholeNumberField(low=1, high=9999, label=_("Line"))
    verdict = ChoiceField(Verdict, VERDICT_LABELS, label=_("Verdict"))
    reason = LineField(max_length=400, label=_("Reason"), load_default="")


class CheckForm(Form):
    """The verdict on every line."""

    command = CheckClaim

    version = VersionField()
    verdicts = RowsField(VerdictForm, max_rows=200, label=_("Verdicts"))


class ClearFlagForm(Form):
    """Why a flag is cleared."""

    command = ClearFlag

    code = ChoiceField(FlagCode, FLAG_LABELS, label=_("Flag"))
    about = LineField(max_length=16, min_length=1, label=_("Which facts"))
    reason = TextField(max_length=400, label=_("Why it is no reason to hold the claim"))


class PayForm(Form):
    """The payment."""

    command = PayClaim

    version = VersionField()
    bank_account_id = IdField(label=_("Paid from"))
    paid_on = DateField(label=_("Value date"))
    bank_reference = LineField(max_length=80, min_length=1, label=_("Bank's reference"))


class ClaimListForm(PageQuery):
    """Filters and order of the list of claims."""

    command = ClaimFilters

    status = ChoiceField(ClaimStatus, STATUS_LABELS, label=_("Status"), required=False)
    contract = LineField(max_length=40, label=_("Contract"), load_default="")
    mine = BooleanField(label=_("Only mine"))
    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("To"), required=False)
    text = LineField(label=_("Search"), load_default="")
    sort = ChoiceField(SortBy, SORT_LABELS, label=_("Order"), load_default=SortBy.NEWEST)
