"""Tables of the projects slice."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db.base import Base
from app.db.columns import Instant, Key, LongText, Version, code_of, foreign_key, one_of
from app.projects.states import Confidentiality, TeamRole


class Project(Base):
    """The collaboration: titles in up to three languages, dates, people and parties on both sides."""

    __tablename__ = "project"
    __table_args__ = (
        one_of("confidentiality", Confidentiality),
        CheckConstraint("last_day >= first_day", name="dates_ordered"),
        CheckConstraint("title_en <> '' OR title_zh_hant <> '' OR title_zh_hans <> ''", name="has_title"),
    )

    id: Mapped[Key]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    title_en: Mapped[LongText]
    title_zh_hant: Mapped[LongText]
    title_zh_hans: Mapped[LongText]
    abstract: Mapped[LongText]
    first_day: Mapped[date]
    last_day: Mapped[date]
    confidentiality: Mapped[str] = code_of(Confidentiality)
    registered_by_id: Mapped[UUID] = foreign_key("person")
    registered_at: Mapped[Instant]
    version: Mapped[Version]

    members: Mapped[list[ProjectMember]] = relationship(back_populates="project", order_by="ProjectMember.team_role")
    parties: Mapped[list[ProjectParty]] = relationship(back_populates="project")


class ProjectMember(Base):
    """A person's part in a project, at an institution, for a span of days."""

    __tablename__ = "project_member"
    __table_args__ = (
        one_of("team_role", TeamRole),
        UniqueConstraint("project_id", "person_id", "team_role"),
    )

    id: Mapped[Key]
    project_id: Mapped[UUID] = foreign_key("project")
    person_id: Mapped[UUID] = foreign_key("person")
    institution_id: Mapped[UUID] = foreign_key("institution")
    team_role: Mapped[str] = code_of(TeamRole)
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    project: Mapped[Project] = relationship(back_populates="members")


class ProjectParty(Base):
    """An institution that takes part in a project; a joint project has parties on both sides."""

    __tablename__ = "project_party"
    __table_args__ = (UniqueConstraint("project_id", "institution_id"),)

    id: Mapped[Key]
    project_id: Mapped[UUID] = foreign_key("project")
    institution_id: Mapped[UUID] = foreign_key("institution")
    is_lead: Mapped[bool]

    project: Mapped[Project] = relationship(back_populates="parties")
