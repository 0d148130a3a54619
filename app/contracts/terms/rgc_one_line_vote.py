"""Hong Kong's Research Grants Council: a one-line vote; no sub-allocation, and no virement to another project."""

from __future__ import annotations

from app.contracts.states import Basis, FundingMode, SpendingLimit, TermsFamily
from app.contracts.terms.family import Family, Row, Seed, StatementForm
from app.contracts.terms.ratios import Ratio
from app.contracts.terms.seeds import (
    AUDITED,
    COMMITMENTS,
    CUSTOM,
    FINAL,
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

DAMA_PROGRESS = _(
    "Disbursement, Accounting and Monitoring Arrangements (editions 2015, June 2020, July 2021), paragraphs 32 and 33"
)
DAMA_COMPLETION = _(
    "Disbursement, Accounting and Monitoring Arrangements (editions 2015, June 2020, July 2021), paragraphs 34 to 38;"
    " the number of months is not verified"
)
ONE_LINE_VOTE = _("Areas of Excellence Scheme, terms on the one-line vote")

FAMILY = Family(
    code=TermsFamily.RGC_ONE_LINE_VOTE,
    name=_("Research Grants Council, one-line vote"),
    modes=(FundingMode.ONE_LINE_VOTE,),
    basis=Basis.CASH,
    spending_limit=SpendingLimit.CONTRACTED,
    form=StatementForm.HONG_KONG,
    rows=(
        Row(
            "STAFF",
            _("Supporting staff"),
            (Heading.SALARY, Heading.SOCIAL_INSURANCE, Heading.LABOUR, Heading.PERFORMANCE_PAY),
        ),
        Row("STUDENTS", _("Postgraduate students"), (Heading.STUDENT_STIPEND,)),
        Row("EQUIPMENT", _("Equipment"), (Heading.EQUIPMENT_PURCHASE, Heading.EQUIPMENT_LEASE)),
        Row(
            "GENERAL",
            _("General expenses"),
            (
                Heading.EXPERT_FEE,
                Heading.MATERIALS,
                Heading.TESTING,
                Heading.FUEL_AND_POWER,
                Heading.CONSTRUCTION,
                Heading.COMMISSIONED_DEVELOPMENT,
                Heading.BANK_CHARGE,
                Heading.OTHER,
            ),
        ),
        Row("CONFERENCE", _("Conference and travel"), (Heading.TRAVEL, Heading.CONFERENCE)),
        Row("DISSEMINATION", _("Publication and dissemination"), (Heading.PUBLICATION_AND_IP,)),
        Row("AUDIT_FEE", _("External audit fee"), (Heading.AUDIT_FEE,)),
        Row("ON_COST", _("On-costs"), (Heading.MANAGEMENT_FEE, Heading.OVERHEAD)),
    ),
    seeds=(
        every("progress_report", 12, DAMA_PROGRESS),
        due("progress_report", 1),
        due("yearly_statement", 3),
        due("audited_account", 6),
        due("final_account", 6, DAMA_COMPLETION),
        due("residue", 7),
        Seed("new_item_needs_approval", True, _("Spending outside approved items needs approval first"), ONE_LINE_VOTE),
        Seed(
            "approved_items",
            ["STAFF", "STUDENTS", "EQUIPMENT", "GENERAL", "CONFERENCE", "DISSEMINATION", "AUDIT_FEE", "ON_COST"],
            _("Items approved under the one-line vote"),
            _("The agreement's own list; until it is entered every row of the statement counts as approved."),
        ),
        Seed("virement_to_other_project", False, _("Virement to another project is allowed"), ONE_LINE_VOTE),
        Seed("on_cost_percent", "15", _("On-cost, percentage of the grant"), CUSTOM),
        kept("0", CUSTOM),
        COMMITMENTS,
        RECORDS,
        NEGATIVE,
    ),
    owed=(PROGRESS, YEARLY, AUDITED, FINAL, RESIDUE),
    keeps=_("Nothing: unspent balances go back to the Council."),
    ratios=(Ratio("on_cost_percent", "ON_COST"),),
)
