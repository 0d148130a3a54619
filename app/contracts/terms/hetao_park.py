"""Hetao Shenzhen Park programmes: staged support with floors and ceilings by use; not a lump sum."""

from __future__ import annotations

from app.contracts.states import Basis, FundingMode, SpendingLimit, TermsFamily
from app.contracts.terms.family import Family, Row, Seed, StatementForm
from app.contracts.terms.ratios import Ratio
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
    kept,
    notice_lines,
)
from app.kernel.messages import _
from app.ledger.headings import Heading

PARK = _("Hetao Shenzhen Park, support for basic and applied-basic research, htcz.sz.gov.cn post_11593079")
SHENZHEN_2019 = _("Shenzhen rules of procedure (trial) of 12 October 2019 on fiscal research money used in Hong Kong")
SHENZHEN_2019_CHANGES = _(
    "Shenzhen rules of procedure (trial) of 12 October 2019 on fiscal research money used in Hong Kong:"
    " changes of plan are filed after the institution has approved them"
)

FAMILY = Family(
    code=TermsFamily.HETAO_PARK,
    name=_("Hetao Shenzhen Park"),
    modes=(FundingMode.ITEMISED,),
    basis=Basis.CASH,
    spending_limit=SpendingLimit.CONTRACTED,
    form=StatementForm.FINAL_ACCOUNT,
    rows=(
        Row(
            "CONSTRUCTION",
            _("Construction and equipment"),
            (Heading.CONSTRUCTION, Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE),
        ),
        Row(
            "HUMAN_RESOURCES",
            _("Human resources"),
            (
                Heading.SALARY,
                Heading.SOCIAL_INSURANCE,
                Heading.STUDENT_STIPEND,
                Heading.LABOUR,
                Heading.EXPERT_FEE,
                Heading.PERFORMANCE_PAY,
            ),
        ),
        Row("COMMISSIONED", _("Commissioned development cost"), (Heading.COMMISSIONED_DEVELOPMENT,)),
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
                Heading.BANK_CHARGE,
                Heading.OTHER,
            ),
        ),
        Row("AUDIT_FEE", _("External audit"), (Heading.AUDIT_FEE,)),
        Row("INDIRECT", _("Indirect cost"), (Heading.MANAGEMENT_FEE, Heading.OVERHEAD)),
    ),
    seeds=(
        every("progress_report", 12),
        due("progress_report", 1),
        due("yearly_statement", 3),
        due("audited_account", 3),
        due("final_account", 4),
        due("residue", 6),
        Seed("holdback_percent", "20", _("Held back and settled on actual cost, percentage"), SHENZHEN_2019),
        Seed("support_max", "50000000.00", _("Ceiling of support"), PARK, verified=True),
        Seed("support_share_max_percent", "50", _("Ceiling of support, share of the investment"), PARK, verified=True),
        Seed("construction_min_percent", "50", _("Construction, floor as share of support"), PARK, verified=True),
        Seed(
            "construction_min_digital_percent",
            "20",
            _("Construction in digital and software projects, floor as share of support"),
            PARK,
            verified=True,
        ),
        Seed("human_resources_max_percent", "40", _("Human resources, ceiling as share of support"), PARK, True),
        Seed("commissioned_max_percent", "10", _("Commissioned development, ceiling as share of support"), PARK, True),
        Seed("score_min", 60, _("Least score of the appraisal"), PARK, verified=True),
        LINES_BIND,
        notice_lines(
            ["CONSTRUCTION", "HUMAN_RESOURCES", "COMMISSIONED", "OPERATING", "AUDIT_FEE"],
            SHENZHEN_2019_CHANGES,
        ),
        kept("0", CUSTOM),
        COMMITMENTS,
        NEGATIVE,
    ),
    owed=(PROGRESS, YEARLY, AUDITED, FINAL, RESIDUE),
    keeps=_("Nothing, unless the agreement says otherwise: unspent support is returned."),
    ratios=(
        Ratio("construction_min_percent", "CONSTRUCTION", least=True),
        Ratio("human_resources_max_percent", "HUMAN_RESOURCES"),
        Ratio("commissioned_max_percent", "COMMISSIONED"),
    ),
)
