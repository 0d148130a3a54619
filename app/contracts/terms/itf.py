"""Hong Kong's Innovation and Technology Fund: manpower, equipment, other direct cost, audit fee, overhead."""

from __future__ import annotations

from app.contracts.states import Basis, FundingMode, SpendingLimit, TermsFamily
from app.contracts.terms.family import Family, Row, Seed, StatementForm
from app.contracts.terms.ratios import Of, Ratio
from app.contracts.terms.seeds import (
    AUDITED,
    COMMITMENTS,
    CUSTOM,
    FINAL,
    LINES_BIND,
    NEGATIVE,
    PROGRESS,
    RECORDS,
    RESIDUE,
    YEARLY,
    due,
    every,
    kept,
)
from app.kernel.messages import _
from app.ledger.headings import Heading

BUDGET_2017 = _("City University of Hong Kong, notes to its staff on ITSP budgets (2017 figures)")

FAMILY = Family(
    code=TermsFamily.ITF,
    name=_("Innovation and Technology Fund"),
    modes=(FundingMode.ITEMISED,),
    basis=Basis.ACCRUAL,
    spending_limit=SpendingLimit.CONTRACTED,
    form=StatementForm.HONG_KONG,
    rows=(
        Row(
            "MANPOWER",
            _("Manpower"),
            (
                Heading.SALARY,
                Heading.SOCIAL_INSURANCE,
                Heading.STUDENT_STIPEND,
                Heading.LABOUR,
                Heading.PERFORMANCE_PAY,
            ),
            in_overhead_base=True,
        ),
        Row("EQUIPMENT", _("Equipment"), (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE), in_overhead_base=True),
        Row(
            "OTHER_DIRECT",
            _("Other direct costs"),
            (
                Heading.EXPERT_FEE,
                Heading.MATERIALS,
                Heading.TESTING,
                Heading.FUEL_AND_POWER,
                Heading.TRAVEL,
                Heading.CONFERENCE,
                Heading.PUBLICATION_AND_IP,
                Heading.CONSTRUCTION,
                Heading.COMMISSIONED_DEVELOPMENT,
                Heading.BANK_CHARGE,
                Heading.OTHER,
            ),
            in_overhead_base=True,
        ),
        Row("AUDIT_FEE", _("External audit fee"), (Heading.AUDIT_FEE,)),
        Row("OVERHEADS", _("Administrative overheads"), (Heading.MANAGEMENT_FEE, Heading.OVERHEAD)),
    ),
    seeds=(
        every("progress_report", 6),
        due("progress_report", 1),
        due("yearly_statement", 3),
        due("audited_account", 3, _("Recalled ITF custom: audited accounts within three months of completion.")),
        due("final_account", 3),
        due("residue", 4),
        Seed("overhead_percent", "15", _("Administrative overhead, percentage of its base"), BUDGET_2017),
        Seed(
            "overhead_less_sponsorship",
            True,
            _("The overhead base is taken less industry sponsorship (platform projects)"),
            BUDGET_2017,
        ),
        Seed(
            "audit_fee_by_total_cost",
            [["1000000.00", "8000.00"], ["5000000.00", "14000.00"], [None, "20000.00"]],
            _("External audit fee to budget a year, by total project cost"),
            BUDGET_2017,
        ),
        Seed("interest_returned", True, _("Bank interest belongs to the project and is returned"), CUSTOM),
        kept("0", _("Recalled ITF custom: the residue goes back to the fund with its interest.")),
        COMMITMENTS,
        LINES_BIND,
        RECORDS,
        NEGATIVE,
    ),
    owed=(PROGRESS, YEARLY, AUDITED, FINAL, RESIDUE),
    keeps=_("Nothing: the residue goes back with its interest."),
    ratios=(Ratio("overhead_percent", "OVERHEADS", of=Of.OVERHEAD_BASE),),
)
