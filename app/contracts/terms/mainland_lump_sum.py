"""Mainland lump-sum contracting (包干制): no split into direct and indirect, a negative list, a commitment letter."""

from __future__ import annotations

from app.contracts.states import Basis, FundingMode, SpendingLimit, TermsFamily
from app.contracts.terms.family import Family, Row, Seed, StatementForm
from app.contracts.terms.ratios import Ratio
from app.contracts.terms.seeds import COMMITMENTS, FINAL, NEGATIVE, PROGRESS, RESIDUE, YEARLY, due, every, kept
from app.kernel.messages import _
from app.ledger.headings import Heading

STATE_COUNCIL = _(
    "国办发〔2021〕32号 (August 2021): the surplus stays with the institution for research; read at second hand."
)

FAMILY = Family(
    code=TermsFamily.MAINLAND_LUMP_SUM,
    name=_("Mainland lump sum"),
    modes=(FundingMode.LUMP_SUM,),
    basis=Basis.CASH,
    spending_limit=SpendingLimit.RECEIVED,
    form=StatementForm.FINAL_ACCOUNT,
    rows=(
        Row("EQUIPMENT", _("Equipment cost"), (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE)),
        Row("MATERIALS", _("Materials cost"), (Heading.MATERIALS,)),
        Row("TESTING", _("Testing and processing cost"), (Heading.TESTING,)),
        Row("FUEL_AND_POWER", _("Fuel and power cost"), (Heading.FUEL_AND_POWER,)),
        Row("TRAVEL", _("Travel, conference and international exchange"), (Heading.TRAVEL, Heading.CONFERENCE)),
        Row("PUBLICATION", _("Publication, literature and intellectual property"), (Heading.PUBLICATION_AND_IP,)),
        Row(
            "LABOUR",
            _("Labour cost"),
            (Heading.SALARY, Heading.SOCIAL_INSURANCE, Heading.STUDENT_STIPEND, Heading.LABOUR),
        ),
        Row("EXPERT_FEE", _("Expert consultation"), (Heading.EXPERT_FEE,)),
        Row("MANAGEMENT", _("Host management"), (Heading.MANAGEMENT_FEE, Heading.OVERHEAD)),
        Row("PERFORMANCE", _("Performance pay cost"), (Heading.PERFORMANCE_PAY,)),
        Row("AUDIT_FEE", _("External audit"), (Heading.AUDIT_FEE,)),
        Row(
            "OTHER",
            _("Other reasonable cost"),
            (Heading.COMMISSIONED_DEVELOPMENT, Heading.CONSTRUCTION, Heading.BANK_CHARGE, Heading.OTHER),
        ),
    ),
    seeds=(
        every("progress_report", 12),
        due("progress_report", 1),
        due("yearly_statement", 3),
        due("final_account", 3),
        due("residue", 4),
        kept("100", STATE_COUNCIL),
        COMMITMENTS,
        Seed(
            "management_fee_percent",
            "5",
            _("Host management fee, percentage of the grant"),
            _("One university's filed system (3 per cent university, 2 per cent department); others fix their own."),
        ),
        Seed(
            "hong_kong_bank_charges_allowed",
            True,
            _("Bank charges of the Hong Kong party may be charged to the project"),
            _("Guangdong, 2019: measures on provincial research money to Hong Kong and Macao."),
        ),
        NEGATIVE,
    ),
    owed=(PROGRESS, YEARLY, FINAL, RESIDUE),
    keeps=_("The surplus stays with the institution for research, the original team first."),
    ratios=(Ratio("management_fee_percent", "MANAGEMENT"),),
)
