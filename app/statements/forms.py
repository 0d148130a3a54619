"""What comes in for statements: what to prepare, certificates, steps, the auditor's report, and what to check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from werkzeug.datastructures import FileStorage

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.statements.building import STATEABLE
from app.statements.filing import AddAuditorsReport
from app.statements.queries import StatementFilter
from app.statements.service import Certify, PrepareStatement, Step
from app.statements.states import (
    CAPACITY_LABELS,
    ENGAGEMENT_LABELS,
    STATUS_LABELS,
    Capacity,
    Engagement,
    StatementStatus,
)
from app.web.field_base import refused
from app.web.fields import (
    ChoiceField,
    DateField,
    DayRange,
    FileField,
    IdField,
    LineField,
    ReferenceField,
    TextField,
    VersionField,
)
from app.web.schemas import Form, PageQuery
from app.web.uploads import PDF, Upload, harmless_name
from reports.model import Language
from reports.output import Format

REPORT_LABELS = {kind.name: kind.title for kind in STATEABLE}


class PrepareForm(Form):
    """A statement to prepare."""

    command = PrepareStatement
    day_ranges = (DayRange("first_day", "last_day"),)

    contract = ReferenceField(label=_("Contract"))
    report = LineField(min_length=1, max_length=60, label=_("Report"))
    first_day = DateField(label=_("From"))
    last_day = DateField(label=_("To"))
    obligation_id = IdField(label=_("Answers the obligation"), required=False)


class StepForm(Form):
    """A step on the version as shown."""

    command = Step

    version = VersionField()


class ReasonForm(StepForm):
    """A step that says why."""

    reason = TextField(max_length=1000, label=_("Reason"))


class AcceptForm(StepForm):
    """Acceptance, with a note where there is something to say."""

    reason = TextField(max_length=1000, label=_("Note"), required=False, load_default="")


class CertifyForm(StepForm):
    """A certificate."""

    command = Certify  # type: ignore[assignment]

    capacity = ChoiceField(Capacity, CAPACITY_LABELS, label=_("Certificate"))
    post = LineField(max_length=200, label=_("Your post"), load_default="")


class AuditForm(StepForm):
    """The auditor's own signed report."""

    command = AddAuditorsReport  # type: ignore[assignment]

    engagement = ChoiceField(Engagement, ENGAGEMENT_LABELS, label=_("Type of engagement"))
    file = FileField(types=frozenset({PDF}), max_bytes=20 * 1024 * 1024, label=_("The signed report (PDF)"))


class ListForm(PageQuery):
    """The filters of the list."""

    command: ClassVar[Any] = StatementFilter

    text = LineField(max_length=100, label=_("Search"), load_default="")
    status = ChoiceField(StatementStatus, STATUS_LABELS, label=_("Status"), required=False)
    report = LineField(max_length=60, label=_("Report"), load_default="")
    contract = LineField(max_length=40, label=_("Contract"), load_default="")
    sort = LineField(max_length=20, label=_("Sort"), load_default="-prepared")


class DraftFileForm(Form):
    """A file of a draft: in which language and format."""

    language = ChoiceField(Language, {each: each.value for each in Language}, label=_("Language"), required=False)
    format = ChoiceField(Format, {each: each.value for each in Format}, label=_("Format"), required=False)


class AnyFile(FileField):
    """A file of any type, because an altered one may not show its type any more."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Upload:
        if not isinstance(value, FileStorage):
            raise refused("not-a-file", _("%(label)s must be a file."), _("Send it as multipart/form-data."))
        content = value.stream.read(self.max_bytes + 1)
        if not content or len(content) > self.max_bytes:
            raise refused(
                "file-size",
                _("%(label)s is empty or too large."),
                _("Choose a file of at most %(limit)s MB."),
                limit=self.max_bytes // (1024 * 1024),
            )
        return Upload(harmless_name(value.filename or "") or "upload", content, "application/octet-stream")


class VerifyForm(Form):
    """A code or a file to check; one of them."""

    code = LineField(max_length=60, label=_("Number with its check code"), load_default="")
    file = AnyFile(max_bytes=20 * 1024 * 1024, label=_("The file"), required=False)

    def breaches_of(self, values: Mapping[str, Any]) -> list[Breach]:
        """One of the two is needed."""
        file = values.get("file")
        if values.get("code") or (file is not None and file is not ...):
            return []
        return [
            Breach(
                "statement.nothing-to-check",
                _("There is nothing to check yet."),
                _("Type the number with its check code, or choose the file."),
                field="code",
            )
        ]
