"""Forms of people, rights, tokens and one's own account."""

from __future__ import annotations

from app.access.permissions import Permission
from app.access.roles import ROLE_NAMES
from app.kernel.actor import Role
from app.kernel.messages import _
from app.people.rights import RightCommand
from app.people.service import ChangePersonCommand, PersonCommand, ReasonCommand
from app.people.states import DENSITY_NAMES, Density
from app.people.tokens import TokenCommand
from app.web.fields import (
    ChoiceField,
    DateField,
    DayRange,
    EmailField,
    IdField,
    LineField,
    ManyField,
    SecretField,
    VersionField,
    WholeNumberField,
)
from app.web.schemas import Form, PageQuery

LANGUAGE_CODES = ("en", "zh-Hant", "zh-Hans")
IDENTITY_KINDS = {
    "HKID": _("Hong Kong identity card"),
    "MAINLAND_ID": _("Mainland identity card"),
    "PASSPORT": _("Passport"),
}


class SignInForm(Form):
    """E-mail address and password. The address is only looked up, so its form is not checked."""

    email = LineField(label=_("Email address"), max_length=254)
    password = SecretField(label=_("Password"), max_length=200)


class PersonForm(Form):
    """A person to be registered."""

    command = PersonCommand
    email = EmailField(label=_("Email address"))
    name_en = LineField(label=_("Name in English"), max_length=120)
    name_zh_hant = LineField(label=_("Name in Traditional Chinese"), max_length=60, load_default="")
    name_zh_hans = LineField(label=_("Name in Simplified Chinese"), max_length=60, load_default="")
    language = LineField(label=_("Language"), max_length=10, load_default="en")
    orcid = LineField(label=_("ORCID iD"), max_length=60, load_default="")
    identity_kind = LineField(label=_("Identity document"), max_length=20, load_default="")
    identity_number = LineField(label=_("Identity number"), max_length=30, load_default="")


class ChangePersonForm(Form):
    """New particulars of a person."""

    command = ChangePersonCommand
    version = VersionField()
    email = EmailField(label=_("Email address"))
    name_en = LineField(label=_("Name in English"), max_length=120)
    name_zh_hant = LineField(label=_("Name in Traditional Chinese"), max_length=60, load_default="")
    name_zh_hans = LineField(label=_("Name in Simplified Chinese"), max_length=60, load_default="")
    orcid = LineField(label=_("ORCID iD"), max_length=60, load_default="")
    identity_kind = LineField(label=_("Identity document"), max_length=20, load_default="")
    identity_number = LineField(label=_("Identity number"), max_length=30, load_default="")


class RightForm(Form):
    """A right to be proposed."""

    command = RightCommand
    day_ranges = (DayRange(),)
    person_id = IdField(label=_("Person"))
    role = ChoiceField(Role, ROLE_NAMES, label=_("Role"))
    institution_id = IdField(label=_("Institution"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"), load_default=None)
    reason = LineField(label=_("Reason"), max_length=300, load_default="")


class ReasonForm(Form):
    """A step with its reason, on the version the page showed."""

    command = ReasonCommand
    version = VersionField()
    reason = LineField(label=_("Reason"), max_length=300)


class VersionForm(Form):
    """A step on the version the page showed."""

    version = VersionField()


class NothingForm(Form):
    """A step that needs nothing but a press."""


class PersonFilterForm(PageQuery):
    """What the list of people is narrowed to."""

    command = None

    text = LineField(load_default="", max_length=100)
    role = LineField(load_default="", max_length=40)
    institution_id = IdField(load_default=None)
    status = LineField(load_default="", max_length=20)
    sort = LineField(load_default="name", max_length=20)


class TokenForm(Form):
    """A personal token to be made."""

    command = TokenCommand
    name = LineField(label=_("Name of the token"), max_length=80)
    scopes = ManyField(ChoiceField(Permission), label=_("Scopes"))
    days = WholeNumberField(label=_("Days it lasts"), low=1, high=366)


class PasswordForm(Form):
    """A change of one's own password."""

    current_password = SecretField(label=_("Current password"), max_length=200)
    new_password = SecretField(label=_("New password"), max_length=200)


class NewPasswordForm(Form):
    """A password set with a link."""

    password = SecretField(label=_("New password"), max_length=200)


class PreferencesForm(Form):
    """How pages look for one person."""

    language = LineField(label=_("Language"), max_length=10)
    density = ChoiceField(Density, DENSITY_NAMES, label=_("Row height"))
