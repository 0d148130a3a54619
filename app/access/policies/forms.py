"""What comes in for policy numbers: a proposed value, and a decision on it."""

from __future__ import annotations

from app.access.policies.service import ProposePolicy
from app.access.policies.states import POLICIES, PolicyName
from app.kernel.messages import _
from app.web.fields import BooleanField, ChoiceField, DateField, RateField, TextField, VersionField
from app.web.schemas import Form

NAME_LABELS = {name: policy.label for name, policy in POLICIES.items()}


class ProposeForm(Form):
    """A value for a policy number."""

    command = ProposePolicy

    name = ChoiceField(PolicyName, NAME_LABELS, label=_("Policy number"))
    value = RateField(label=_("Value"))
    source = TextField(max_length=400, label=_("Source"))
    verified = BooleanField(label=_("The source was looked up and says this number"))
    first_day = DateField(label=_("In force from"))


class DecideForm(Form):
    """A decision on a change as the page showed it."""

    version = VersionField()
