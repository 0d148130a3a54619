"""What comes in for reports: which one, of what, for which days, in which language and format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.messages import _
from app.web.fields import BooleanField, ChoiceField, DateField, DayRange, LineField, WholeNumberField
from app.web.schemas import Form
from reports.model import Language
from reports.output import Format

LANGUAGE_LABELS = {
    Language.EN: _("English"),
    Language.ZH_HANT: _("Traditional Chinese (Hong Kong)"),
    Language.ZH_HANS: _("Simplified Chinese"),
}
FORMAT_LABELS = {Format.PDF: "PDF", Format.XLSX: "XLSX", Format.CSV: "CSV", Format.JSON: "JSON"}


class Preset(StrEnum):
    """Spans of days that people ask for most."""

    HK_YEAR = "HK_YEAR"
    MAINLAND_YEAR = "MAINLAND_YEAR"
    SINCE_START = "SINCE_START"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A report asked for: a contract's or project's reference or a book's code, inclusive days, language and format.

    Without a language the report is written in its kind's own.

    `known_at` is a block of the book: the figures as known then, where the report can tell.
    """

    first_day: date
    last_day: date
    contract: str = ""
    book: str = ""
    language: Language | None = None
    format: Format = Format.PDF
    bilingual: bool = False
    known_at: int | None = None
    project: str = ""
    in_thousands: bool = False


@dataclass(frozen=True, slots=True)
class OnPaper:
    """A remittance application asked for: its language, and one payment of the file or all (empty)."""

    language: Language = Language.EN
    payment: str = ""
    bilingual: bool = False


class OnPaperForm(Form):
    """The query of a remittance application."""

    command = OnPaper

    language = ChoiceField(Language, LANGUAGE_LABELS, label=_("Language"), load_default=Language.EN)
    payment = LineField(max_length=35, label=_("Payment"), load_default="")
    bilingual = BooleanField(label=_("English and Chinese"))


class WantedForm(Form):
    """The query of a report."""

    command = Wanted
    day_ranges = (DayRange("first_day", "last_day"),)

    contract = LineField(max_length=40, label=_("Contract"), load_default="")
    book = LineField(max_length=12, label=_("Book"), load_default="")
    project = LineField(max_length=40, label=_("Project"), load_default="")
    first_day = DateField(label=_("From"))
    last_day = DateField(label=_("To"))
    language = ChoiceField(Language, LANGUAGE_LABELS, label=_("Language"), required=False)
    format = ChoiceField(Format, FORMAT_LABELS, label=_("Format"), load_default=Format.PDF)
    bilingual = BooleanField(label=_("English over Chinese"))
    in_thousands = BooleanField(label=_("Amounts in thousands"))
    known_at = WholeNumberField(low=1, high=2_000_000_000, label=_("As known at block"), required=False)
