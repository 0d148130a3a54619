"""Who acts: plain data, so that services and rules never ask Flask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.kernel.messages import _


class Role(StrEnum):
    """What a person may be at an institution."""

    GRANT_OFFICER = "GRANT_OFFICER"
    PAYMENTS_OFFICER = "PAYMENTS_OFFICER"
    ACCOUNTANT = "ACCOUNTANT"
    PRINCIPAL_INVESTIGATOR = "PRINCIPAL_INVESTIGATOR"
    PROJECT_MANAGER = "PROJECT_MANAGER"
    FINANCE_OFFICER = "FINANCE_OFFICER"
    AUDITOR = "AUDITOR"
    FUND_MANAGER = "FUND_MANAGER"
    WHITELIST_OFFICER = "WHITELIST_OFFICER"
    OVERSEER = "OVERSEER"
    ADMINISTRATOR = "ADMINISTRATOR"


ROLE_NAMES: dict[Role, str] = {
    Role.GRANT_OFFICER: _("Grant officer"),
    Role.PAYMENTS_OFFICER: _("Payments officer"),
    Role.ACCOUNTANT: _("Accountant"),
    Role.PRINCIPAL_INVESTIGATOR: _("Principal investigator"),
    Role.PROJECT_MANAGER: _("Project manager"),
    Role.FINANCE_OFFICER: _("Institution finance officer"),
    Role.AUDITOR: _("Auditor"),
    Role.FUND_MANAGER: _("Fund manager"),
    Role.WHITELIST_OFFICER: _("Whitelist officer"),
    Role.OVERSEER: _("Overseer"),
    Role.ADMINISTRATOR: _("Administrator"),
}
"""Message ids: what people call each role."""


@dataclass(frozen=True, slots=True)
class Right:
    """One role at one institution, from `first_day` to `last_day` inclusive (None: open)."""

    role: Role
    institution_id: UUID
    first_day: date
    last_day: date | None = None

    def in_force(self, today: date) -> bool:
        """Whether the right holds on this business date."""
        return self.first_day <= today and (self.last_day is None or today <= self.last_day)


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or a token acting for one, with the rights in force today.

    `scopes` is None for a person at a screen; for a personal token it is the set of permission names granted to it.
    """

    person_id: UUID
    name: str
    email: str
    rights: tuple[Right, ...]
    scopes: frozenset[str] | None = None

    def institutions(self, *roles: Role) -> frozenset[UUID]:
        """Institutions where the actor holds any of `roles` (any role at all when none are named)."""
        return frozenset(r.institution_id for r in self.rights if not roles or r.role in roles)

    def holds(self, role: Role, institution_id: UUID | None = None) -> bool:
        """Whether the actor holds `role` (at that institution, when one is named)."""
        return any(r.role is role and institution_id in (None, r.institution_id) for r in self.rights)

    def holds_any(self, roles: Iterable[Role], institution_id: UUID | None = None) -> bool:
        """Whether the actor holds at least one of `roles` (at that institution, when one is named)."""
        return any(self.holds(role, institution_id) for role in roles)
