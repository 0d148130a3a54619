"""What the verbs of projects take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.projects.states import Confidentiality, TeamRole


@dataclass(frozen=True, slots=True)
class RegisterProject:
    """A new project: at least one title, its dates, its class, the registering institution and the first PI.

    `confidentiality` is text, so that `SECRET` reaches the rule that refuses it with words.
    """

    title_en: str
    first_day: date
    last_day: date
    institution_id: UUID
    title_zh_hant: str = ""
    title_zh_hans: str = ""
    abstract: str = ""
    confidentiality: str = Confidentiality.INTERNAL.value
    party_ids: tuple[UUID, ...] = ()
    lead_id: UUID | None = None
    pi_id: UUID | None = None
    pi_institution_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EditProject:
    """Changed words and dates of a project, at the version the page showed."""

    version: int
    title_en: str
    first_day: date
    last_day: date
    title_zh_hant: str = ""
    title_zh_hans: str = ""
    abstract: str = ""
    confidentiality: str = Confidentiality.INTERNAL.value


@dataclass(frozen=True, slots=True)
class AddMember:
    """A person joins a project for an institution; without a first day, from the project's own."""

    person_id: UUID
    institution_id: UUID
    team_role: TeamRole
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class EndMember:
    """A person's part ends on a day."""

    member_id: UUID
    last_day: date


@dataclass(frozen=True, slots=True)
class AddParty:
    """An institution takes part in a project."""

    institution_id: UUID
    is_lead: bool = False


@dataclass(frozen=True, slots=True)
class RemoveParty:
    """An institution leaves a project in which it has no contract."""

    institution_id: UUID
