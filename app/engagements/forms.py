"""What comes in for engagements: proposals, steps, filters, samples, findings, questions, records, papers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from app.engagements.asking import Answer, Ask, CloseQuestion
from app.engagements.packing import AskForPack
from app.engagements.papers import AddPaper
from app.engagements.population import PopulationFilter
from app.engagements.queries import EngagementFilter
from app.engagements.record_keeping import AddRecord, MoveRecord
from app.engagements.room_tokens import MakeToken
from app.engagements.samples import DrawAgain, DrawSample, LockSample, RecordFinding
from app.engagements.service import ProposeEngagement, Step
from app.engagements.states import (
    CLASS_LABELS,
    PAPER_LABELS,
    RECORD_LABELS,
    RECORD_STATUS_LABELS,
    STATUS_LABELS,
    EngagementStatus,
    LineClass,
    PaperKind,
    RecordKind,
    RecordStatus,
)
from app.kernel.messages import _
from app.ledger.headings import Heading
from app.sampling.states import METHOD_LABELS, Method
from app.statements.states import ENGAGEMENT_LABELS, Engagement
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    DayRange,
    FileField,
    IdField,
    LineField,
    ManyField,
    PercentField,
    ReferenceField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery
from app.web.uploads import JPEG, PDF, PNG
from reports.model import Language
from reports.output import Format

LARGEST_ENTRY = 10**15
HEADING_LABELS = {heading: heading.label for heading in Heading}
FILE_TYPES = frozenset({PDF, PNG, JPEG})


class ProposeForm(Form):
    """An engagement to propose."""

    command = ProposeEngagement
    day_ranges = (DayRange("first_day", "last_day"),)

    project = ReferenceField(label=_("Project"))
    contracts = ManyField(ReferenceField(), label=_("Contracts"))
    kind = ChoiceField(Engagement, ENGAGEMENT_LABELS, label=_("Type of engagement"))
    first_day = DateField(label=_("From"))
    last_day = DateField(label=_("To"))
    auditors = TextField(max_length=2000, label=_("Auditors"))
    expires_on = DateField(label=_("Access ends on"))
    letter = FileField(types=FILE_TYPES, max_bytes=20 * 1024 * 1024, label=_("Letter of engagement"))
    purpose = LineField(label=_("Purpose"), load_default="")


class StepForm(Form):
    """A step on the version as shown."""

    command = Step

    version = VersionField()
    reason = TextField(max_length=1000, label=_("Note"), required=False, load_default="")


class ReasonForm(StepForm):
    """A step that says why."""

    reason = TextField(max_length=1000, label=_("Reason"))


class ListForm(PageQuery):
    """The filters of the list of engagements."""

    command: ClassVar[Any] = EngagementFilter

    text = LineField(max_length=100, label=_("Search"), load_default="")
    status = ChoiceField(EngagementStatus, STATUS_LABELS, label=_("Status"), required=False)


class PopulationForm(PageQuery):
    """The filters of the population."""

    command: ClassVar[Any] = PopulationFilter
    day_ranges = (DayRange("first_day", "last_day"),)

    contract = LineField(max_length=40, label=_("Contract"), load_default="")
    currency = CurrencyField(label=_("Currency"), required=False)
    line_class = ChoiceField(LineClass, CLASS_LABELS, label=_("Class"), required=False)
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    first_day = DateField(label=_("From"), load_default=None)
    last_day = DateField(label=_("To"), load_default=None)
    text = LineField(max_length=100, label=_("Search"), load_default="")
    least = AmountField(label=_("Amount from"), required=False)


class PopulationFileForm(PopulationForm):
    """The same lines as a file."""

    command = None

    format = ChoiceField(Format, {each: each.value for each in Format}, label=_("Format"), required=False)
    language = ChoiceField(Language, {each: each.value for each in Language}, label=_("Language"), required=False)


class ReportFileForm(Form):
    """A report of a contract of the scope as a file."""

    contract = ReferenceField(label=_("Contract"), required=False)
    format = ChoiceField(Format, {each: each.value for each in Format}, label=_("Format"), required=False)
    language = ChoiceField(Language, {each: each.value for each in Language}, label=_("Language"), required=False)


class SampleFileForm(Form):
    """The sample, or the population it was drawn from."""

    whole = BooleanField(label=_("Population"))


class MeasuresForm(Form):
    """How to draw."""

    method = ChoiceField(Method, METHOD_LABELS, label=_("Method"))
    seed = LineField(min_length=1, max_length=66, label=_("Seed"))
    currency = CurrencyField(label=_("Currency"))
    confidence = PercentField(label=_("Confidence, percent"), load_default=Decimal(95))
    tolerable = AmountField(label=_("Tolerable misstatement"), required=False)
    expected = AmountField(label=_("Expected misstatement"), required=False, zero=True)
    above = AmountField(label=_("Take every line above"), required=False, zero=True)
    size = WholeNumberField(label=_("Size"), low=1, high=100_000, required=False)
    picked = TextField(max_length=20_000, label=_("Lines chosen by hand"), load_default="")
    bounds = TextField(max_length=500, label=_("Bounds of the strata"), load_default="")


class DrawForm(MeasuresForm):
    """A first drawing."""

    command = DrawSample

    contract = ReferenceField(label=_("Contract"))
    line_class = ChoiceField(LineClass, CLASS_LABELS, label=_("Class"))


class DrawAgainForm(MeasuresForm):
    """A later drawing."""

    command = DrawAgain

    version = VersionField()


class LockForm(Form):
    """Lock the version as shown."""

    command = LockSample

    version = VersionField()


class PackForm(Form):
    """An evidence pack, its index in this language."""

    command = AskForPack

    language = ChoiceField(Language, {each: each.value for each in Language}, label=_("Language"), required=False)


class RoomTokenForm(Form):
    """A token that reads one room."""

    command = MakeToken

    name = LineField(label=_("Name of the token"), max_length=80)
    days = WholeNumberField(label=_("Days it lasts"), low=1, high=366)


class FindingForm(Form):
    """What was found of a line."""

    command = RecordFinding

    place = WholeNumberField(label=_("Line"), low=1, high=1_000_000)
    currency = CurrencyField(label=_("Currency"))
    audited = AmountField(label=_("Audited amount"), positive=False)
    finding = TextField(max_length=5000, label=_("What was found"), load_default="")


class AskForm(Form):
    """A question to one person."""

    command = Ask

    asked_of_id = IdField(label=_("To"))
    text = TextField(max_length=5000, label=_("Question"))
    due_on = DateField(label=_("Answer by"))
    entry_id = WholeNumberField(label=_("Entry"), low=1, high=LARGEST_ENTRY, required=False)


class AnswerForm(Form):
    """The answer of the person asked."""

    command = Answer

    version = VersionField()
    answer = TextField(max_length=10_000, label=_("Answer"))
    file = FileField(types=FILE_TYPES, max_bytes=20 * 1024 * 1024, label=_("Document"), required=False)


class CloseForm(Form):
    """Close the version as shown."""

    command = CloseQuestion

    version = VersionField()


class AddRecordForm(Form):
    """A record to keep track of."""

    command = AddRecord

    kind = ChoiceField(RecordKind, RECORD_LABELS, label=_("Kind"))
    title = LineField(min_length=1, label=_("Title"))
    details = TextField(max_length=5000, label=_("Details"), load_default="")
    due_on = DateField(label=_("Due on"), required=False)


class MoveRecordForm(Form):
    """How far a record is."""

    command = MoveRecord

    version = VersionField()
    status = ChoiceField(RecordStatus, RECORD_STATUS_LABELS, label=_("Status"))
    outcome = TextField(max_length=5000, label=_("What came of it"), load_default="")


class PaperForm(Form):
    """A tick or note."""

    command = AddPaper

    kind = ChoiceField(PaperKind, PAPER_LABELS, label=_("Kind"))
    text = TextField(max_length=20_000, label=_("Note"), load_default="")
    entry_id = WholeNumberField(label=_("Entry"), low=1, high=LARGEST_ENTRY, required=False)
    line_no = WholeNumberField(label=_("Line"), low=1, high=10_000, required=False)
