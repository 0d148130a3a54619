"""The words of contracts' lists: message ids by code."""

from __future__ import annotations

from app.contracts.states import (
    Basis,
    ContractStatus,
    FundingMode,
    ObligationKind,
    OverdueScope,
    Purpose,
    SpendingLimit,
    TrancheCondition,
    WhitelistEffect,
)
from app.contracts.terms import FAMILIES
from app.kernel.messages import _

MODE_LABELS = {
    FundingMode.LUMP_SUM: _("Lump sum"),
    FundingMode.ITEMISED: _("Itemised budget"),
    FundingMode.ONE_LINE_VOTE: _("One-line vote"),
}
MODE_HINTS = {
    FundingMode.LUMP_SUM: _("Lump sum: no budget by heading, negative list applies"),
    FundingMode.ITEMISED: _("Budget by heading"),
    FundingMode.ONE_LINE_VOTE: _("One-line vote: no budget by heading"),
}
PURPOSE_NAMES: dict[str, str] = {
    Purpose.GRANT: _("Grant"),
    Purpose.COMMISSIONED_RESEARCH: _("Commissioned research"),
    Purpose.SERVICES: _("Services"),
    Purpose.EQUITY: _("Equity"),
    Purpose.DONATION: _("Donation"),
    Purpose.SALARY: _("Salary"),
}
CONDITION_LABELS = {
    TrancheCondition.DATE: _("Date"),
    TrancheCondition.MILESTONE: _("Milestone"),
    TrancheCondition.ACCEPTED_REPORT: _("Accepted report"),
    TrancheCondition.FINAL_ACCOUNT: _("Accepted final account"),
}
STATUS_LABELS = {
    ContractStatus.DRAFT: _("Draft"),
    ContractStatus.SIGNED: _("Signed"),
    ContractStatus.ACTIVE: _("Active"),
    ContractStatus.SUSPENDED: _("Suspended"),
    ContractStatus.CLOSING: _("Closing"),
    ContractStatus.CLOSED: _("Closed"),
    ContractStatus.TERMINATED: _("Terminated"),
}
OBLIGATION_LABELS = {
    ObligationKind.PROGRESS_REPORT: _("Progress report"),
    ObligationKind.YEARLY_STATEMENT: _("Yearly statement"),
    ObligationKind.AUDITED_ACCOUNT: _("Audited account"),
    ObligationKind.FINAL_ACCOUNT: _("Final account"),
    ObligationKind.RESIDUE: _("Return of residue"),
}
BASIS_LABELS = {Basis.CASH: _("Cash"), Basis.ACCRUAL: _("Accrual")}
LIMIT_LABELS = {
    SpendingLimit.RECEIVED: _("What was received"),
    SpendingLimit.CONTRACTED: _("What was contracted (institutions pre-finance)"),
}
EFFECT_LABELS = {
    WhitelistEffect.BLOCK: _("Blocks payment without a listing"),
    WhitelistEffect.FACILITATED: _("Fewer documents with a listing"),
    WhitelistEffect.INFORM: _("For information"),
}
SCOPE_LABELS = {
    OverdueScope.CONTRACT: _("This contract"),
    OverdueScope.PRINCIPAL_INVESTIGATOR: _("All contracts of the same principal investigator"),
    OverdueScope.INSTITUTION: _("All contracts of the same institution"),
}
ROW_LABELS = {row.code: row.label for terms in FAMILIES.values() for row in terms.rows} | {"TOTAL": _("Total")}
"""Names of the statements' rows by code; families word some differently, never with another meaning."""

FAMILY_LABELS = {code: terms.name for code, terms in FAMILIES.items()}
SORT_LABELS = {
    "-reference": _("Newest first"),
    "reference": _("Oldest first"),
    "start": _("By first day"),
    "end": _("By last day"),
    "funder": _("By funder"),
    "grantee": _("By grantee"),
}
MONTH_LABELS = {
    1: _("31 January"),
    2: _("End of February"),
    3: _("31 March"),
    4: _("30 April"),
    5: _("31 May"),
    6: _("30 June"),
    7: _("31 July"),
    8: _("31 August"),
    9: _("30 September"),
    10: _("31 October"),
    11: _("30 November"),
    12: _("31 December"),
}
"""Year ends by month."""

CHANGED_LABELS = {
    "amount": _("Contract amount"),
    "first_day": _("First day"),
    "last_day": _("Last day"),
    "tranches": _("Tranches"),
    "budget": _("Budget"),
}
