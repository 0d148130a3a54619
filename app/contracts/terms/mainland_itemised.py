"""Mainland itemised grants: equipment, operating and labour cost with a budget, and indirect cost under a cap."""

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
    RESIDUE,
    YEARLY,
    due,
    every,
    free_lines,
    kept,
    notice_lines,
)
from app.kernel.messages import _
from app.ledger.headings import Heading

TIERS_2021 = _("国办发〔2021〕32号; the tiers are recalled with confidence, the text has not been read here.")
DELEGATED_2018 = _(
    "NSFC notice of 26 September 2018, read in a mirror: rebudgeting of every heading but equipment is delegated."
)
DELEGATED_2021 = _(
    "国办发〔2021〕32号: all rebudgeting, equipment too, is delegated to institutions; read at second hand."
)

FAMILY = Family(
    code=TermsFamily.MAINLAND_ITEMISED,
    name=_("Mainland itemised budget"),
    modes=(FundingMode.ITEMISED,),
    basis=Basis.CASH,
    spending_limit=SpendingLimit.RECEIVED,
    form=StatementForm.FINAL_ACCOUNT,
    rows=(
        Row("EQUIPMENT", _("Equipment cost"), (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE)),
        Row(
            "OPERATING",
            _("Operating cost"),
            (
                Heading.MATERIALS,
                Heading.TESTING,
                Heading.FUEL_AND_POWER,
                Heading.TRAVEL,
                Heading.CONFERENCE,
                Heading.PUBLICATION_AND_IP,
                Heading.COMMISSIONED_DEVELOPMENT,
                Heading.CONSTRUCTION,
                Heading.BANK_CHARGE,
                Heading.OTHER,
            ),
            in_overhead_base=True,
        ),
        Row(
            "LABOUR",
            _("Labour cost"),
            (Heading.SALARY, Heading.SOCIAL_INSURANCE, Heading.STUDENT_STIPEND, Heading.LABOUR, Heading.EXPERT_FEE),
            in_overhead_base=True,
        ),
        Row("AUDIT_FEE", _("External audit"), (Heading.AUDIT_FEE,)),
        Row("INDIRECT", _("Indirect cost"), (Heading.MANAGEMENT_FEE, Heading.OVERHEAD, Heading.PERFORMANCE_PAY)),
    ),
    seeds=(
        every("progress_report", 12),
        due("progress_report", 1),
        due("yearly_statement", 3),
        due("audited_account", 3),
        due("final_account", 4),
        due("residue", 6),
        Seed(
            "indirect_cost_tiers",
            [["5000000.00", "30"], ["10000000.00", "25"], [None, "20"]],
            _("Indirect cost: percentages by slice of direct cost less equipment purchase"),
            TIERS_2021,
        ),
        Seed(
            "equipment_description_from",
            "500000.00",
            _("Single items from this amount need a description in the budget"),
            CUSTOM,
        ),
        kept(
            "100",
            _("国办发〔2021〕32号: surplus stays with the institution; recalled, the text has not been read here."),
        ),
        COMMITMENTS,
        LINES_BIND,
        free_lines(["OPERATING", "LABOUR", "AUDIT_FEE"], DELEGATED_2018),
        notice_lines(["EQUIPMENT", "OPERATING", "LABOUR", "AUDIT_FEE"], DELEGATED_2021),
        Seed(
            "unspent_kept_years",
            2,
            _("Years within which kept money must be used, from 1 January after the conclusion"),
            _("NSFC notice of 26 September 2018, read in a mirror; superseded in part in 2021."),
        ),
        NEGATIVE,
    ),
    owed=(PROGRESS, YEARLY, AUDITED, FINAL, RESIDUE),
    ratios=(Ratio("indirect_cost_tiers", "INDIRECT", of=Of.OVERHEAD_BASE),),
    keeps=_("The surplus stays with the institution for research, for the years the parameter says."),
)
