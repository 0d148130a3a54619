"""What comes in for contracts, amendments, obligations and programmes; one schema for screens and the API."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar

from app.budgets.commands import BudgetItem
from app.contracts import commands
from app.contracts.labels import (
    BASIS_LABELS,
    CONDITION_LABELS,
    EFFECT_LABELS,
    FAMILY_LABELS,
    LIMIT_LABELS,
    MODE_LABELS,
    OBLIGATION_LABELS,
    PURPOSE_NAMES,
    SCOPE_LABELS,
)
from app.contracts.states import (
    Basis,
    ContractStatus,
    FundingMode,
    ObligationKind,
    ObligationStatus,
    OverdueScope,
    Purpose,
    SpendingLimit,
    TermsFamily,
    TrancheCondition,
    WhitelistEffect,
)
from app.contracts.terms import FAMILIES
from app.kernel.messages import _
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    FileField,
    IdField,
    LineField,
    PercentField,
    RateField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery, RowsField
from app.whitelist.states import KIND_NAMES, WhitelistKind

ROWS = {row.code: row.label for terms in FAMILIES.values() for row in terms.rows}
"""Every row code of every family with its name (message ids); which ones fit is a rule."""

RowCode = StrEnum("RowCode", {code: code for code in ROWS})  # type: ignore[misc]


class HeadingField(ChoiceField):
    """The code of a row of the terms family, as text."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:  # type: ignore[override]
        return str(super()._deserialize(value, attr, data, **kwargs).value)


class TrancheForm(Form):
    """One instalment."""

    command = commands.TrancheInput

    amount = AmountField(label=_("Amount"))
    due_on = DateField(label=_("Due on"))
    condition = ChoiceField(TrancheCondition, CONDITION_LABELS, label=_("Condition"))
    holdback = AmountField(zero=True, required=False, label=_("Holdback"))
    milestone = LineField(load_default="", label=_("Milestone"))


class BudgetForm(Form):
    """One heading of the budget."""

    command = BudgetItem

    heading = HeadingField(RowCode, ROWS, label=_("Heading"))
    amount = AmountField(zero=True, label=_("Amount"))
    justification = LineField(max_length=500, load_default="", label=_("Justification"))


class DraftForm(Form):
    """A contract as drafted."""

    command: ClassVar[Callable[..., Any] | None] = commands.DraftContract

    project_id = IdField(label=_("Project"))
    programme_id = IdField(label=_("Programme"))
    grantee_id = IdField(label=_("Grantee"))
    pocket_id = IdField(label=_("Pocket"))
    grantee_account_id = IdField(required=False, label=_("Grantee's account"))
    funding_mode = ChoiceField(FundingMode, MODE_LABELS, label=_("Funding mode"))
    currency = CurrencyField(label=_("Currency"))
    amount = AmountField(label=_("Contract amount"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    purpose = ChoiceField(Purpose, PURPOSE_NAMES, load_default=Purpose.GRANT, label=_("Purpose of its payments"))
    agreement_number = LineField(load_default="", label=_("Agreement number"))
    governing_law = LineField(load_default="", label=_("Governing law"))
    dispute_forum = LineField(load_default="", label=_("Dispute forum"))
    budget_rate = RateField(required=False, label=_("Budget rate"))
    tranches = RowsField(TrancheForm, max_rows=60, label=_("Tranches"))
    budget = RowsField(BudgetForm, min_rows=0, max_rows=30, load_default=(), label=_("Budget"))
    negative_list_declared = BooleanField(label=_("Declaration on the negative list"))


class EditForm(DraftForm):
    """All of a draft as it shall stand."""

    command = commands.EditContract

    version = VersionField()


class AmendForm(Form):
    """A contract as an amendment would leave it."""

    command = commands.AmendContract

    version = VersionField()
    reason = TextField(max_length=2000, label=_("Reason"))
    effective_on = DateField(label=_("In force from"))
    currency = CurrencyField(required=False, label=_("Currency"))
    amount = AmountField(label=_("Contract amount"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    tranches = RowsField(TrancheForm, max_rows=60, label=_("Tranches"))
    budget = RowsField(BudgetForm, min_rows=0, max_rows=30, load_default=(), label=_("Budget"))


class MoveBudgetForm(Form):
    """Budget from one line to another."""

    command = commands.MoveBudget

    version = VersionField()
    from_line = HeadingField(RowCode, ROWS, label=_("From line"))
    to_line = HeadingField(RowCode, ROWS, label=_("To line"))
    currency = CurrencyField(required=False, label=_("Currency"))
    amount = AmountField(label=_("Amount"))
    reason = TextField(max_length=2000, label=_("Reason"))


YEAR_ROWS = {"TOTAL": _("The whole contract")} | ROWS
YearRowCode = StrEnum("YearRowCode", {code: code for code in YEAR_ROWS})  # type: ignore[misc]


class YearLineForm(Form):
    """One heading of a year's budget, or the total where there is none by heading."""

    command = BudgetItem

    heading = HeadingField(YearRowCode, YEAR_ROWS, label=_("Heading"))
    amount = AmountField(zero=True, label=_("Amount"))


class AskForItemForm(Form):
    """An item to be approved for a contract under a one-line vote."""

    command = commands.AskForItem

    line = HeadingField(RowCode, ROWS, label=_("Item"))
    reason = TextField(max_length=2000, label=_("Reason"))
    file = FileField(label=_("Document"))


class AskForYearForm(Form):
    """The budget of one year of a contract."""

    command = commands.AskForYear

    year = WholeNumberField(low=1, high=60, label=_("Year of the contract"))
    currency = CurrencyField(required=False, label=_("Currency"))
    budget = RowsField(YearLineForm, max_rows=30, label=_("Budget"))
    reason = TextField(max_length=2000, label=_("Reason"))
    file = FileField(required=False, label=_("Document"))


class DecideRequestForm(Form):
    """A decision on a request about the budget."""

    command = commands.DecideRequest

    reason = TextField(max_length=2000, load_default="", label=_("Reason"))


class DecideAmendmentForm(Form):
    """A decision on an amendment."""

    command = commands.DecideAmendment

    reason = TextField(max_length=2000, load_default="", label=_("Reason"))


class StepForm(Form):
    """A step in a contract's life."""

    command = commands.Step

    version = VersionField()
    reason = TextField(max_length=2000, load_default="", label=_("Reason"))


class SignForm(Form):
    """Signing."""

    command = commands.Sign

    version = VersionField()
    signed_on = DateField(required=False, label=_("Signed on"))


class AccountForm(Form):
    """Another account for payments."""

    command = commands.ChangeAccount

    version = VersionField()
    grantee_account_id = IdField(label=_("Grantee's account"))


class ConditionForm(Form):
    """A condition is confirmed as met."""

    command = commands.ConfirmCondition

    met_on = DateField(label=_("Met on"))
    note = TextField(max_length=2000, load_default="", label=_("Confirmed by"))


class InterestForm(Form):
    """A declared interest."""

    command = commands.DeclareInterest

    statement = TextField(max_length=2000, label=_("Your interest"))


class DocumentForm(Form):
    """A document of a contract."""

    file = FileField(label=_("Document"))
    title = LineField(load_default="", label=_("Title"))


class AddObligationForm(Form):
    """Something owed beyond the terms."""

    command = commands.AddObligation

    kind = ChoiceField(ObligationKind, OBLIGATION_LABELS, label=_("Kind"))
    title = LineField(min_length=3, label=_("Title"))
    due_on = DateField(label=_("Due on"))
    blocks_tranche = BooleanField(label=_("Blocks the next tranche when overdue"))
    period_first_day = DateField(required=False, label=_("Covers from"))
    period_last_day = DateField(required=False, label=_("Covers to"))


class SubmitForm(Form):
    """Handing in what is owed."""

    command = commands.SubmitObligation

    version = VersionField()
    note = TextField(max_length=2000, load_default="", label=_("Note"))
    file = FileField(required=False, label=_("Document"))


class ObligationForm(Form):
    """A step of an obligation."""

    command = commands.ObligationStep

    version = VersionField()
    note = TextField(max_length=2000, load_default="", label=_("Reason or question"))


class ExtendForm(Form):
    """More time."""

    command = commands.ExtendObligation

    version = VersionField()
    due_on = DateField(label=_("New due date"))
    reason = TextField(max_length=2000, load_default="", label=_("Reason"))


class _ProgrammeWords(Form):
    """What a programme's screens share."""

    name_en = LineField(min_length=3, label=_("Name in English"))
    name_zh_hant = LineField(load_default="", label=_("Name in Traditional Chinese"))
    name_zh_hans = LineField(load_default="", label=_("Name in Simplified Chinese"))
    year_end_month = WholeNumberField(low=1, high=12, label=_("Year end"))
    holdback_percent = PercentField(load_default=None, label=_("Holdback, percentage"))
    whitelist_effect = ChoiceField(WhitelistEffect, EFFECT_LABELS, label=_("Effect of the whitelist"))
    whitelist_kind = ChoiceField(WhitelistKind, KIND_NAMES, label=_("List"))
    overdue_scope = ChoiceField(OverdueScope, SCOPE_LABELS, label=_("What an overdue report blocks"))
    collective_minutes_required = BooleanField(label=_("A collective decision is needed"))


def _create(**values: Any) -> commands.CreateProgramme:
    return commands.CreateProgramme(**_percent(values))


def _edit(**values: Any) -> commands.EditProgramme:
    return commands.EditProgramme(**_percent(values))


def _percent(values: dict[str, Any]) -> dict[str, Any]:
    """No holdback typed means none; the list's code is kept as text."""
    values["holdback_percent"] = values["holdback_percent"] or Decimal(0)
    values["whitelist_kind"] = str(values["whitelist_kind"])
    return values


class CreateProgrammeForm(_ProgrammeWords):
    """A new programme."""

    command = staticmethod(_create)

    code = LineField(min_length=2, max_length=40, label=_("Code"))
    funder_id = IdField(label=_("Funder"))
    terms_family = ChoiceField(TermsFamily, FAMILY_LABELS, label=_("Terms family"))
    currency = CurrencyField(label=_("Currency"))
    basis = ChoiceField(Basis, BASIS_LABELS, required=False, label=_("Basis"))
    spending_limit = ChoiceField(SpendingLimit, LIMIT_LABELS, required=False, label=_("Spending limit"))


class EditProgrammeForm(_ProgrammeWords):
    """Changes to a programme."""

    command = staticmethod(_edit)

    version = VersionField()
    basis = ChoiceField(Basis, BASIS_LABELS, label=_("Basis"))
    spending_limit = ChoiceField(SpendingLimit, LIMIT_LABELS, label=_("Spending limit"))
    active = BooleanField(label=_("Takes new contracts"))


class ParameterForm(Form):
    """A parameter's new value."""

    command = commands.ProposeParameter

    name = LineField(max_length=80, min_length=2, label=_("Parameter"))
    value = TextField(max_length=4000, label=_("Value"))
    source = TextField(max_length=1000, label=_("Source"))
    verified = BooleanField(label=_("I have read this in the source"))
    first_day = DateField(label=_("In force from"))
    last_day = DateField(required=False, label=_("Until"))


class NothingForm(Form):
    """A decision that needs nothing typed."""


class ContractQuery(PageQuery):
    """Filters of the list of contracts."""

    command = None

    text = LineField(max_length=100, load_default="", label=_("Search"))
    status = ChoiceField(ContractStatus, required=False, label=_("Status"))
    mode = ChoiceField(FundingMode, MODE_LABELS, required=False, label=_("Funding mode"))
    funder_id = IdField(required=False, label=_("Funder"))
    grantee_id = IdField(required=False, label=_("Grantee"))
    programme_id = IdField(required=False, label=_("Programme"))
    project_id = IdField(required=False, label=_("Project"))
    sort = LineField(max_length=20, load_default="-reference", label=_("Order"))


class ObligationQuery(PageQuery):
    """Filters of the list of obligations."""

    command = None

    text = LineField(max_length=100, load_default="", label=_("Search"))
    status = ChoiceField(ObligationStatus, required=False, label=_("Status"))
    kind = ChoiceField(ObligationKind, OBLIGATION_LABELS, required=False, label=_("Kind"))
    overdue = BooleanField(label=_("Overdue only"))
