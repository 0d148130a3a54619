"""The negative list, NL01 to NL12: what a grant never pays. Data with its source; a programme may narrow it."""

from __future__ import annotations

from dataclasses import dataclass

from app.kernel.messages import _

SOURCE = "Recurring entries of the negative lists that institutions filed under lump-sum contracting; wordings differ."


@dataclass(frozen=True, slots=True)
class NegativeItem:
    """One entry: its stable code and its words (a message id)."""

    code: str
    text: str
    source: str = SOURCE


NEGATIVE_LIST: tuple[NegativeItem, ...] = (
    NegativeItem("NL01", _("Fines, penalties and damages")),
    NegativeItem("NL02", _("Donations and sponsorship given to others")),
    NegativeItem("NL03", _("Investment, loans, repayment of debt and guarantees")),
    NegativeItem("NL04", _("Personal and family spending")),
    NegativeItem("NL05", _("Entertainment beyond the rules")),
    NegativeItem("NL06", _("Basic construction, and buildings or vehicles unrelated to the project")),
    NegativeItem("NL07", _("Fictitious contracts, invoices or staff")),
    NegativeItem("NL08", _("Transfers to related bodies without real work, and sub-contracting outside the plan")),
    NegativeItem("NL09", _("Purchases split to avoid a tender")),
    NegativeItem("NL10", _("Costs already paid from another source")),
    NegativeItem("NL11", _("Spending before the start or after the end")),
    NegativeItem("NL12", _("Anything else that the rules of the state forbid")),
)
"""In the order of their codes."""

BY_CODE: dict[str, NegativeItem] = {item.code: item for item in NEGATIVE_LIST}


def entries_in_force(codes: object) -> tuple[NegativeItem, ...]:
    """The entries a programme's parameter names, in order; all of them when the parameter is not a list of codes."""
    if not isinstance(codes, list):
        return NEGATIVE_LIST
    return tuple(item for item in NEGATIVE_LIST if item.code in codes)
