"""What comes in for vouchers: an account's code, a file's profile, a decision, and the file asked for."""

from __future__ import annotations

from app.kernel.messages import _
from app.ledger.chart import CHART, AccountCode
from app.ledger.headings import Heading
from app.vouchers.service import AskedFile, DescribeFile, MapAccount
from app.vouchers.states import DATE_LABELS, DECIMAL_LABELS, FILE_LABELS, DateFormat, DecimalMark, FileType
from app.web.fields import (
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    DayRange,
    LineField,
    ReferenceField,
    VersionField,
)
from app.web.schemas import Form

ACCOUNT_LABELS = {row.code: row.name for row in CHART.values()}
HEADING_LABELS = {heading: heading.label for heading in Heading}


class MappingForm(Form):
    """An account of ours in the institution's own chart."""

    command = MapAccount

    account = ChoiceField(AccountCode, ACCOUNT_LABELS, label=_("Our account"))
    currency = CurrencyField(label=_("Currency"))
    heading = ChoiceField(Heading, HEADING_LABELS, label=_("Heading"), required=False)
    contract = ReferenceField(prefix="CON", label=_("Contract"), required=False)
    own_account = LineField(min_length=1, max_length=60, label=_("Your account code"))
    own_name = LineField(max_length=200, label=_("Your account name"), load_default="")


class ProfileForm(Form):
    """What the institution's own system takes."""

    command = DescribeFile

    name = LineField(min_length=1, max_length=60, label=_("Name of the profile"))
    file_type = ChoiceField(FileType, FILE_LABELS, label=_("Kind of file"))
    columns = LineField(min_length=1, max_length=300, label=_("Columns in order"))
    date_format = ChoiceField(DateFormat, DATE_LABELS, label=_("Dates"), load_default=DateFormat.ISO)
    decimal_mark = ChoiceField(DecimalMark, DECIMAL_LABELS, label=_("Decimal mark"), load_default=DecimalMark.POINT)
    header = BooleanField(label=_("The first line names the columns"))


class DecideForm(Form):
    """A decision on a proposal as the page showed it."""

    version = VersionField()


class WantedForm(Form):
    """The file asked for."""

    command = AskedFile
    day_ranges = (DayRange("first_day", "last_day"),)

    profile = LineField(max_length=60, label=_("Profile"), load_default="")
    first_day = DateField(label=_("From"), required=False)
    last_day = DateField(label=_("To"), required=False)
