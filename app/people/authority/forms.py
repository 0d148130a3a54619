"""Forms of the authority matrix: a limit, a delegation, and the box that tries a case."""

from __future__ import annotations

from app.access.policy import KIND_NAMES, AuthorityKind
from app.access.roles import ROLE_NAMES
from app.kernel.actor import Role
from app.kernel.messages import _
from app.people.authority.service import DelegationCommand, LimitCommand
from app.web.fields import AmountField, ChoiceField, CurrencyField, DateField, DayRange, IdField, LineField
from app.web.schemas import Form


class LimitForm(Form):
    """A row of the matrix to be proposed; one currency for both amounts."""

    day_ranges = (DayRange(),)
    institution_id = IdField(label=_("Institution"))
    role = ChoiceField(Role, ROLE_NAMES, label=_("Role"))
    person_id = IdField(label=_("Only for this person"), load_default=None)
    kind = ChoiceField(AuthorityKind, KIND_NAMES, label=_("What is approved"))
    currency = CurrencyField(label=_("Currency"))
    maximum = AmountField(label=_("Up to"))
    second_checker_above = AmountField(label=_("Second checker above"), zero=True, load_default=None)
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"), load_default=None)
    source = LineField(label=_("Source"), max_length=300)


def limit_command(given: dict[str, object]) -> LimitCommand:
    """The service's command; the amounts carry the currency already."""
    return LimitCommand(**{name: value for name, value in given.items() if name != "currency"})  # type: ignore[arg-type]


class DelegationForm(Form):
    """A stand-in for one's own role."""

    command = DelegationCommand
    day_ranges = (DayRange(),)
    institution_id = IdField(label=_("Institution"))
    role = ChoiceField(Role, ROLE_NAMES, label=_("Role"))
    to_person_id = IdField(label=_("Stand-in"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    reason = LineField(label=_("Reason"), max_length=300)


class CaseForm(Form):
    """A case to be tried: what, how much, and who."""

    institution_id = IdField(label=_("Institution"), load_default=None)
    person_id = IdField(label=_("Person"), load_default=None)
    kind = ChoiceField(AuthorityKind, KIND_NAMES, label=_("What is approved"), load_default=None)
    currency = CurrencyField(label=_("Currency"), load_default=None)
    amount = AmountField(label=_("Amount"), load_default=None)
    maker_id = IdField(label=_("Prepared by"), load_default=None)


class CaseApiForm(Form):
    """A case to be tried through the API: kind, amount and who prepared it."""

    kind = ChoiceField(AuthorityKind, KIND_NAMES, label=_("What is approved"))
    currency = CurrencyField(label=_("Currency"))
    amount = AmountField(label=_("Amount"))
    maker_id = IdField(label=_("Prepared by"), load_default=None)
