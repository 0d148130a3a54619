"""What comes in for the corridor: rules, rates of thresholds, tax filings, decisions, a case to try, filters."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from app.contracts.labels import PURPOSE_NAMES
from app.contracts.states import Purpose
from app.corridor.rules import Case, PolicyRate
from app.corridor.service import Decide, EnterFiling, ProposeRate, ProposeRule
from app.corridor.states import (
    CODE_LIST_NAMES,
    KIND_NAMES,
    STEP_NAMES,
    AskKind,
    CodeList,
    ForeignCurrency,
    Route,
    Step,
)
from app.institutions.states import KIND_NAMES as INSTITUTION_NAMES, SIDE_NAMES, InstitutionKind, Side
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.web.fields import (
    AmountField,
    BooleanField,
    ChoiceField,
    CurrencyField,
    DateField,
    DayRange,
    LineField,
    RateField,
    ReferenceField,
    TextField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery
from app.whitelist.states import KIND_NAMES as LIST_NAMES, WhitelistKind

SIDES = (Side.SZ, Side.HK)


class ThresholdField(RateField):
    """The amount of a threshold, in whatever currency it is stated: positive, at most two decimals."""

    high: ClassVar[Decimal] = Decimal(1_000_000_000)
    decimals: ClassVar[int] = 2


def _filing(*, currency: Currency, **values: Any) -> EnterFiling:
    """The currency stands in the value already."""
    return EnterFiling(**values)


class RuleForm(Form):
    """A rule of the corridor or its next version."""

    command = ProposeRule
    day_ranges = (DayRange("first_day", "last_day"),)

    code = LineField(min_length=2, max_length=40, label=_("Code"))
    from_side = ChoiceField(Side, SIDE_NAMES, only=SIDES, label=_("From"))
    to_side = ChoiceField(Side, SIDE_NAMES, only=SIDES, label=_("To"))
    purpose = ChoiceField(Purpose, PURPOSE_NAMES, required=False, label=_("Purpose"))
    payer_kind = ChoiceField(InstitutionKind, INSTITUTION_NAMES, required=False, label=_("Payer"))
    payee_kind = ChoiceField(InstitutionKind, INSTITUTION_NAMES, required=False, label=_("Payee"))
    currency = ChoiceField(Currency, required=False, label=_("Paid in"))
    above = ThresholdField(required=False, label=_("Above, in one payment"))
    above_currency = ChoiceField(ForeignCurrency, required=False, label=_("Currency of the threshold"))
    exempt_listed_on = ChoiceField(WhitelistKind, LIST_NAMES, required=False, label=_("Not for payees listed on"))
    exempt_payer_kind = ChoiceField(InstitutionKind, INSTITUTION_NAMES, required=False, label=_("Not for payers"))
    kind = ChoiceField(AskKind, KIND_NAMES, label=_("What is asked for"))
    title = LineField(min_length=3, label=_("Title"))
    how = TextField(max_length=1000, load_default="", label=_("How it is got"))
    code_list = ChoiceField(CodeList, CODE_LIST_NAMES, required=False, label=_("List of codes"))
    suggested = LineField(max_length=40, load_default="", label=_("Usual code"))
    blocks = ChoiceField(Step, STEP_NAMES, required=False, label=_("Step that waits for it"))
    valid_days = WholeNumberField(low=1, high=3650, required=False, label=_("Valid for so many days"))
    due_days = WholeNumberField(low=1, high=365, required=False, label=_("Due after so many working days"))
    source = TextField(max_length=1000, label=_("Source"))
    verified = BooleanField(label=_("The source was looked up and says this"))
    first_day = DateField(label=_("In force from"))
    last_day = DateField(required=False, label=_("In force until"))


class RateForm(Form):
    """A rate to compare amounts with thresholds."""

    command = ProposeRate

    base_currency = ChoiceField(ForeignCurrency, label=_("One unit of"))
    currency = CurrencyField(label=_("Is so much in"))
    rate = RateField(label=_("Rate"))
    rate_date = DateField(label=_("Day"))
    source = TextField(max_length=400, label=_("Source"))


class FilingForm(Form):
    """The tax filing of a contract."""

    command = staticmethod(_filing)

    contract = ReferenceField(prefix="CTR", label=_("Contract"))
    form_number = LineField(min_length=1, max_length=100, label=_("Form number"))
    verification_code = LineField(min_length=1, max_length=100, label=_("Verification code"))
    filed_on = DateField(label=_("Filed on"))
    currency = CurrencyField(label=_("Currency"))
    value = AmountField(label=_("Contract's value on the filing"))


class DecideForm(Form):
    """A decision on what the page showed."""

    command = Decide

    version = VersionField()


class RuleQuery(PageQuery):
    """What the list of rules is narrowed to."""

    command = None

    route = LineField(load_default="", max_length=11)
    purpose = LineField(load_default="", max_length=40)
    verified = LineField(load_default="", max_length=3)
    status = LineField(load_default="", max_length=20)


class TryQuery(Form):
    """A case to try; without an amount nothing is tried yet."""

    route = ChoiceField(Route, load_default=Route.OUT, label=_("Route"))
    purpose = ChoiceField(Purpose, PURPOSE_NAMES, load_default=Purpose.GRANT, label=_("Purpose"))
    payer_kind = ChoiceField(InstitutionKind, INSTITUTION_NAMES, load_default=InstitutionKind.FUNDER, label=_("Payer"))
    payee_kind = ChoiceField(
        InstitutionKind, INSTITUTION_NAMES, load_default=InstitutionKind.UNIVERSITY, label=_("Payee")
    )
    currency = CurrencyField(load_default=Currency.CNY, label=_("Currency"))
    amount = AmountField(required=False, label=_("Amount"))
    listed = ChoiceField(WhitelistKind, LIST_NAMES, required=False, label=_("Payee is listed on"))
    day = DateField(required=False, label=_("Day"))


def case_of(values: dict[str, Any], rates: Mapping[tuple[str, str], PolicyRate]) -> Case:
    """The case that was typed into `TryQuery`, with an amount."""
    start, end = values["route"].sides
    return Case(
        start,
        end,
        values["purpose"],
        values["payer_kind"].value,
        values["payee_kind"].value,
        values["amount"],
        frozenset({values["listed"].value} if values["listed"] else ()),
        rates,
    )
