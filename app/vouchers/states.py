"""Words of the slice: how a file is written, what may stand in its columns, and the statuses of a setting."""

from __future__ import annotations

from enum import StrEnum

from app.kernel.messages import _


class FileType(StrEnum):
    """What kind of file the institution's system takes. CSV comes in a ZIP with its control totals beside it."""

    CSV = "CSV"
    XLSX = "XLSX"


class DateFormat(StrEnum):
    """How a date is written, as the institution's system reads it."""

    ISO = "YYYY-MM-DD"
    COMPACT = "YYYYMMDD"
    SLASHED = "YYYY/MM/DD"
    DAY_FIRST = "DD/MM/YYYY"

    @property
    def pattern(self) -> str:
        """The same for `strftime`."""
        return self.value.replace("YYYY", "%Y").replace("MM", "%m").replace("DD", "%d")


class DecimalMark(StrEnum):
    """What stands before the minor units."""

    POINT = "POINT"
    COMMA = "COMMA"


class VoucherColumn(StrEnum):
    """What a column of a voucher file may hold."""

    VOUCHER = "voucher"
    LINE = "line"
    DATE = "date"
    ACCOUNT = "account"
    ACCOUNT_NAME = "account_name"
    CURRENCY = "currency"
    SIDE = "side"
    AMOUNT = "amount"
    DEBIT = "debit"
    CREDIT = "credit"
    FUNCTIONAL = "functional"
    REASON = "reason"
    CONTRACT = "contract"
    HEADING = "heading"
    OUR_ACCOUNT = "our_account"


class SettingStatus(StrEnum):
    """A mapping or a profile counts when a second person has confirmed it, until another takes its place."""

    PROPOSED = "PROPOSED"
    CONFIRMED = "CONFIRMED"
    REFUSED = "REFUSED"
    REPLACED = "REPLACED"


STATUS_LABELS = {
    SettingStatus.PROPOSED: _("Proposed"),
    SettingStatus.CONFIRMED: _("Confirmed"),
    SettingStatus.REFUSED: _("Refused"),
    SettingStatus.REPLACED: _("Replaced"),
}
DECIMAL_LABELS = {DecimalMark.POINT: _("Full stop: 1234.50"), DecimalMark.COMMA: _("Comma: 1234,50")}
DATE_LABELS = {each: each.value for each in DateFormat}
FILE_LABELS = {FileType.CSV: _("CSV, with its control totals, in a ZIP"), FileType.XLSX: "XLSX"}
EVERYTHING = (
    "voucher,date,account,account_name,currency,debit,credit,reason"  # what most systems take, in their usual order
)
