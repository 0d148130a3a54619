"""Words for codes of this slice: message ids, translated when shown."""

from __future__ import annotations

from app.claims.states import ClaimStatus, FlagCode, LineKind, PaperKind, Place, SortBy, Verdict
from app.kernel.messages import _
from app.ledger.headings import Heading

STATUS_LABELS = {
    ClaimStatus.DRAFT: _("Draft"),
    ClaimStatus.SUBMITTED: _("Submitted"),
    ClaimStatus.CHECKED: _("Checked"),
    ClaimStatus.APPROVED: _("Approved"),
    ClaimStatus.PAID: _("Paid"),
    ClaimStatus.RETURNED: _("Returned"),
    ClaimStatus.REFUSED: _("Refused"),
    ClaimStatus.WITHDRAWN: _("Withdrawn"),
}
WHO_NEXT = {
    ClaimStatus.DRAFT: _("With its maker: nothing is sent until it is submitted."),
    ClaimStatus.SUBMITTED: _("With the finance office: a finance officer who has no part in it looks at each line."),
    ClaimStatus.CHECKED: _("With the finance office: someone with the authority for this amount approves it."),
    ClaimStatus.APPROVED: _("With the finance office: a third person pays it from the project's bank account."),
    ClaimStatus.PAID: _("Done: the money was sent and is in the books."),
    ClaimStatus.RETURNED: _("Back with its maker: answer what was asked and submit it again. What was typed is kept."),
    ClaimStatus.REFUSED: _("Closed: nothing of it is paid."),
    ClaimStatus.WITHDRAWN: _("Closed: taken back before it was approved."),
}
"""Status -> who has it and what comes next."""

KIND_LABELS = {
    LineKind.RECEIPT: _("Receipt"),
    LineKind.PER_DIEM: _("Daily allowance"),
    LineKind.MILEAGE: _("Mileage"),
}
PLACE_LABELS = {Place.SZ: _("Shenzhen"), Place.HK: _("Hong Kong"), Place.OTHER: _("Elsewhere")}
VERDICT_LABELS = {
    Verdict.OKAY: _("Okay"),
    Verdict.NEEDS_DETAILS: _("Needs details"),
    Verdict.NOT_OKAY: _("Not okay"),
}
PAPER_LABELS = {
    PaperKind.RECEIPT: _("Receipt or invoice"),
    PaperKind.QUOTATION: _("Quotation"),
    PaperKind.PAYROLL_SHEET: _("Payroll sheet"),
    PaperKind.OTHER: _("Other paper"),
}
SORT_LABELS = {
    SortBy.NEWEST: _("Newest first"),
    SortBy.OLDEST: _("Oldest first"),
    SortBy.CONTRACT: _("By contract"),
}
FLAG_LABELS = {
    FlagCode.SPLIT: _("Purchase split below a limit"),
    FlagCode.OVERLAPPING_TRAVEL: _("Overlapping travel"),
    FlagCode.SPONSOR_IS_PAYEE: _("Sponsor is also payee"),
    FlagCode.SHARED_WITH_STAFF: _("Seller connected with staff"),
    FlagCode.LAST_MONTH_RUSH: _("Rush in the last month"),
}
HEADING_LABELS = {heading: heading.label for heading in Heading}
MISSING_LABELS = {
    "cost_on": _("Date"),
    "heading": _("Heading"),
    "place": _("Where"),
    "who": _("Who"),
    "purpose": _("What for"),
    "amount": _("Amount"),
    "seller": _("Seller"),
    "quantity": _("Quantity"),
    "receipt": _("Receipt"),
}
"""What may still be missing on a line, as its card names it."""

QUANTITY_LABELS = {LineKind.PER_DIEM: _("Days"), LineKind.MILEAGE: _("Kilometres")}


def anchor_of(number: int) -> str:
    """Where a page shows a line: what a breach's field leads to."""
    return f"line-{number}"
