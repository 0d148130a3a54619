"""What comes in for computed journals: the figures a formula needs, and what is proposed from them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from app.journals.computing import ApportionInterest, ChargeOverhead, InterestAsked, OverheadAsked
from app.kernel.messages import _
from app.web.field_base import DayRange
from app.web.fields import AmountField, BooleanField, CurrencyField, DateField, FileField, IdField, LineField, TextField
from app.web.schemas import Form


def _overhead(*, currency: Any, **fields: Any) -> OverheadAsked:
    """The currency stands in the amount already."""
    return OverheadAsked(**fields)


def _interest(*, currency: Any, **fields: Any) -> InterestAsked:
    return InterestAsked(**fields)


def _charge(
    *, effective_on: Any, reason: str, negative_list_declared: bool, evidence: Any, **asked: Any
) -> ChargeOverhead:
    return ChargeOverhead(_overhead(**asked), effective_on, reason, negative_list_declared, evidence)


def _apportion(*, effective_on: Any, reason: str, evidence: Any, **asked: Any) -> ApportionInterest:
    return ApportionInterest(_interest(**asked), effective_on, reason, evidence)


class OverheadForm(Form):
    """Of which contract, and for which days; `currency` is that of an amount left out of the base."""

    command: ClassVar[Callable[..., Any] | None] = staticmethod(_overhead)
    day_ranges = (DayRange(),)

    contract_id = IdField(label=_("Contract"))
    first_day = DateField(label=_("First day of the period"))
    last_day = DateField(label=_("Last day of the period"))
    currency = CurrencyField(label=_("Currency"), required=False)
    left_out = AmountField(zero=True, label=_("Cost left out of the base"), required=False)
    left_out_reason = LineField(label=_("Why it is left out"), load_default="")


class ChargeOverheadForm(OverheadForm):
    """The charge that the formula gives, proposed for a second person."""

    command = staticmethod(_charge)

    effective_on = DateField(label=_("Date of the charge"))
    reason = TextField(max_length=400, label=_("Reason"))
    negative_list_declared = BooleanField(label=_("Nothing here is on the negative list"))
    evidence = FileField(label=_("Evidence"), required=False)


class InterestForm(Form):
    """Interest credited to an account for a period; amounts in the account's currency."""

    command: ClassVar[Callable[..., Any] | None] = staticmethod(_interest)
    day_ranges = (DayRange(),)

    bank_account_id = IdField(label=_("Bank account"))
    first_day = DateField(label=_("First day of the period"))
    last_day = DateField(label=_("Last day of the period"))
    currency = CurrencyField(label=_("Currency"), required=False)
    whole = AmountField(label=_("Interest credited"))
    other_average = AmountField(zero=True, label=_("Average balance of other money there"), required=False)


class ApportionInterestForm(InterestForm):
    """The parts of the contracts, proposed for a second person."""

    command = staticmethod(_apportion)

    effective_on = DateField(label=_("Day the bank credited it"))
    reason = TextField(max_length=400, label=_("Reason"))
    evidence = FileField(label=_("Advice or statement of the bank"), required=False)
