"""What comes in for projects, and the words of their lists."""

from __future__ import annotations

from app.kernel.messages import _
from app.projects.commands import AddMember, AddParty, EditProject, EndMember, RegisterProject, RemoveParty
from app.projects.states import Confidentiality, TeamRole
from app.web.fields import (
    BooleanField,
    ChoiceField,
    DateField,
    IdField,
    LineField,
    ManyField,
    TextField,
    VersionField,
)
from app.web.schemas import Form, PageQuery

CLASS_LABELS = {
    Confidentiality.PUBLIC.value: _("Public"),
    Confidentiality.INTERNAL.value: _("Internal"),
    Confidentiality.CONFIDENTIAL.value: _("Confidential"),
    "SECRET": _("Secret (not kept here)"),
}
ROLE_LABELS = {
    TeamRole.PRINCIPAL_INVESTIGATOR: _("Principal investigator"),
    TeamRole.CO_INVESTIGATOR: _("Co-investigator"),
    TeamRole.PROJECT_MANAGER: _("Project manager"),
    TeamRole.MEMBER: _("Member"),
}
SORT_LABELS = {
    "-reference": _("Newest first"),
    "reference": _("Oldest first"),
    "title": _("By title"),
    "start": _("By first day"),
}


class _Words(Form):
    """Titles, dates and class."""

    title_en = LineField(max_length=300, load_default="", label=_("Title in English"))
    title_zh_hant = LineField(max_length=300, load_default="", label=_("Title in Traditional Chinese"))
    title_zh_hans = LineField(max_length=300, load_default="", label=_("Title in Simplified Chinese"))
    abstract = TextField(load_default="", label=_("Abstract"))
    first_day = DateField(label=_("First day"))
    last_day = DateField(label=_("Last day"))
    confidentiality = LineField(max_length=40, label=_("Confidentiality class"))


class RegisterForm(_Words):
    """A new project."""

    command = RegisterProject

    institution_id = IdField(label=_("Registering institution"))
    party_ids = ManyField(IdField(), load_default=(), label=_("Further parties"))
    lead_id = IdField(required=False, label=_("Lead institution"))
    pi_id = IdField(required=False, label=_("Principal investigator"))
    pi_institution_id = IdField(required=False, label=_("Institution of the principal investigator"))


class EditForm(_Words):
    """Changes to a project."""

    command = EditProject

    version = VersionField()


class MemberForm(Form):
    """A person joins."""

    command = AddMember

    person_id = IdField(label=_("Person"))
    institution_id = IdField(label=_("Institution"))
    team_role = ChoiceField(TeamRole, ROLE_LABELS, label=_("Part in the project"))
    first_day = DateField(required=False, label=_("From"))


class EndMemberForm(Form):
    """A person's part ends."""

    command = EndMember

    member_id = IdField(label=_("Person"))
    last_day = DateField(label=_("Last day"))


class PartyForm(Form):
    """An institution joins."""

    command = AddParty

    institution_id = IdField(label=_("Institution"))
    is_lead = BooleanField(label=_("Leads the project"))


class RemovePartyForm(Form):
    """An institution leaves."""

    command = RemoveParty

    institution_id = IdField(label=_("Institution"))


class ProjectQuery(PageQuery):
    """Filters of the list."""

    command = None

    text = LineField(max_length=100, load_default="", label=_("Search"))
    party_id = IdField(required=False, label=_("Institution"))
    sort = LineField(max_length=20, load_default="-reference", label=_("Order"))
