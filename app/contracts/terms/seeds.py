"""Parameters that more than one family starts with, and the rules of what a grantee owes."""

from __future__ import annotations

from app.contracts.states import ObligationKind
from app.contracts.terms.family import Every, Owed, Seed
from app.contracts.terms.negative_list import NEGATIVE_LIST
from app.kernel.messages import _

PROGRESS = Owed("progress_report", ObligationKind.PROGRESS_REPORT, _("Progress report"), Every.MONTHS)
YEARLY = Owed("yearly_statement", ObligationKind.YEARLY_STATEMENT, _("Yearly statement"), Every.YEAR_END)
AUDITED = Owed("audited_account", ObligationKind.AUDITED_ACCOUNT, _("Audited account"), Every.END)
FINAL = Owed("final_account", ObligationKind.FINAL_ACCOUNT, _("Final account"), Every.END)
RESIDUE = Owed("residue", ObligationKind.RESIDUE, _("Return of residue"), Every.END, blocks_tranche=False)

CUSTOM = _("Custom of the field; no official text read. Enter the agreement's clause and have it confirmed.")
"""The source of a figure nobody has verified yet."""


def due(name: str, months: int, source: str = CUSTOM, *, verified: bool = False) -> Seed:
    """Months after the end of what a thing owed covers."""
    return Seed(f"{name}_due_months", months, _("Due so many months after the end of the period"), source, verified)


def every(name: str, months: int, source: str = CUSTOM, *, verified: bool = False) -> Seed:
    """Months between two of a thing owed."""
    return Seed(f"{name}_every_months", months, _("Owed each so many months"), source, verified)


def kept(percent: str, source: str, *, verified: bool = False) -> Seed:
    """Percentage of unspent money the grantee keeps at the end."""
    label = _("Percentage of unspent money the institution keeps at the end")
    return Seed("unspent_kept_percent", percent, label, source, verified)


NEGATIVE = Seed(
    "negative_list",
    [item.code for item in NEGATIVE_LIST],
    _("Entries of the negative list in force"),
    _("Recurring entries of institutions' negative lists; the wording differs by institution."),
)
LINES_BIND = Seed(
    "budget_lines_bind",
    True,
    _("Spending beyond a line of the budget is refused until budget has been moved to it"),
    CUSTOM,
)


def free_lines(lines: list[str], source: str, *, verified: bool = False) -> Seed:
    """Rows between which the institution moves budget by itself."""
    label = _("Lines between which the institution moves budget by itself")
    return Seed("virement_free_lines", lines, label, source, verified)


def notice_lines(lines: list[str], source: str, *, verified: bool = False) -> Seed:
    """Rows between which the institution moves budget and tells the funder."""
    label = _("Lines between which the institution moves budget and files it with the funder")
    return Seed("virement_notice_lines", lines, label, source, verified)


RECORDS = Seed("records_kept_years", 7, _("Years that records are kept after completion"), CUSTOM)
COMMITMENTS = Seed(
    "commitments_accepted",
    True,
    _("Cost approved by the end and not yet paid is accepted, and left out of the residue"),
    CUSTOM,
)
