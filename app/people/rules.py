"""Pure checks of people and their rights: facts in, breaches out, each with its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.roles import ROLE_NAMES
from app.kernel.actor import Role
from app.kernel.breaches import Breach
from app.kernel.messages import Words, _

MONEY_ROLES = frozenset(
    {Role.GRANT_OFFICER, Role.PAYMENTS_OFFICER, Role.ACCOUNTANT, Role.FUND_MANAGER, Role.FINANCE_OFFICER}
)
KEPT_APART: tuple[frozenset[Role], ...] = (
    frozenset({Role.PAYMENTS_OFFICER, Role.GRANT_OFFICER}),
    frozenset({Role.PAYMENTS_OFFICER, Role.ACCOUNTANT}),
    *(frozenset({Role.ADMINISTRATOR, role}) for role in sorted(MONEY_ROLES)),
    *(frozenset({Role.AUDITOR, role}) for role in sorted(MONEY_ROLES)),
)
"""Pairs of roles one person may not hold at one institution at the same time."""


@dataclass(frozen=True, slots=True)
class RightFacts:
    """What is checked when a right is proposed or confirmed. `held` are live roles at the same institution."""

    person_id: UUID
    decider_id: UUID
    role: Role
    first_day: date
    last_day: date | None
    held: frozenset[Role]


def not_for_oneself(facts: RightFacts) -> list[Breach]:
    """Nobody grants or confirms a right of their own."""
    if facts.person_id != facts.decider_id:
        return []
    return [
        Breach(
            "right.own",
            _("You cannot grant or confirm a right of your own."),
            cure=_("Ask two other administrators."),
            source=_("Separation of duties: each change is confirmed by a second administrator"),
        )
    ]


def roles_kept_apart(facts: RightFacts) -> list[Breach]:
    """Some roles exclude each other in one person at one institution."""
    clashing = [other for other in sorted(facts.held) if frozenset({facts.role, other}) in KEPT_APART]
    if not clashing:
        return []
    return [
        Breach(
            "right.kept-apart",
            _("This person already holds “%(other)s” here, which must be kept apart from “%(role)s”."),
            cure=_("Revoke the other right first, or choose another person."),
            source=_("Role table: payments are kept apart from preparing, approving and settling"),
            params={"other": Words((ROLE_NAMES[clashing[0]],)), "role": Words((ROLE_NAMES[facts.role],))},
            field="role",
        )
    ]


def not_held_already(facts: RightFacts) -> list[Breach]:
    """A right is not given twice."""
    if facts.role not in facts.held:
        return []
    return [
        Breach(
            "right.held",
            _("This person holds or awaits this right here already."),
            cure=_("Revoke it first if its dates should change."),
            source=_("One right per person, role and institution"),
            field="role",
        )
    ]


def days_in_order(facts: RightFacts) -> list[Breach]:
    """A right ends on or after its first day."""
    if facts.last_day is None or facts.last_day >= facts.first_day:
        return []
    return [
        Breach(
            "right.days",
            _("The last day lies before the first day."),
            cure=_("Correct one of the days."),
            source=_("Rights run from a first to a last day, inclusive"),
            field="last_day",
        )
    ]


PROPOSAL_RULES: tuple[Callable[[RightFacts], list[Breach]], ...] = (roles_kept_apart, not_held_already, days_in_order)
"""Checked when a right is proposed; `not_for_oneself` is a refusal of its own (403)."""


def proposal_breaches(facts: RightFacts) -> list[Breach]:
    """Every breach of a proposed right."""
    return [breach for rule in PROPOSAL_RULES for breach in rule(facts)]
