"""The authority policy, pure: who may approve how much of what, who must be somebody else, and why not.

Sources: the funder's own authority matrix (entered as data, each row confirmed by a second administrator), and
separation of duties (OWASP ASVS 5.0 2.3.5; SWIFT CSCF 5.1).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from app.access.roles import ROLE_NAMES
from app.kernel.actor import Role
from app.kernel.breaches import Breach
from app.kernel.messages import Words, _
from app.kernel.money import Money

SEPARATION = _("Separation of duties: maker, checker and payer are different people")
MATRIX = _("Authority matrix of the institution")


class AuthorityKind(StrEnum):
    """What is being approved; limits are set for each kind apart."""

    DISBURSEMENT = "DISBURSEMENT"
    RELEASE = "RELEASE"
    CONTRACT = "CONTRACT"
    AMENDMENT = "AMENDMENT"
    FUND_MOVEMENT = "FUND_MOVEMENT"
    JOURNAL = "JOURNAL"
    CLAIM = "CLAIM"
    RESIDUE = "RESIDUE"


KIND_NAMES: dict[str, str] = {
    AuthorityKind.DISBURSEMENT: _("Disbursement"),
    AuthorityKind.RELEASE: _("Release of a payment"),
    AuthorityKind.CONTRACT: _("Contract"),
    AuthorityKind.AMENDMENT: _("Amendment"),
    AuthorityKind.FUND_MOVEMENT: _("Contribution or allocation"),
    AuthorityKind.JOURNAL: _("Journal"),
    AuthorityKind.CLAIM: _("Claim"),
    AuthorityKind.RESIDUE: _("Return of residue"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A confirmed row of the matrix: up to `maximum`, and above `second_checker_above` a second checker is needed.

    `person_id` narrows the row to one holder of the role and then takes the place of the role's own row.
    """

    institution_id: UUID
    role: Role
    kind: AuthorityKind
    maximum: Money
    second_checker_above: Money | None
    first_day: date
    last_day: date | None = None
    person_id: UUID | None = None

    def covers(self, kind: AuthorityKind, amount: Money, today: date) -> bool:
        """Whether the row speaks about this kind and currency on this day."""
        in_force = self.first_day <= today and (self.last_day is None or today <= self.last_day)
        return in_force and self.kind is kind and self.maximum.currency is amount.currency


@dataclass(frozen=True, slots=True)
class Mandate:
    """Authority a person acts under: their own role, or that of the one who delegated it until `last_day`."""

    role: Role
    principal_id: UUID
    delegated: bool = False
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class ApprovalFacts:
    """Everything `may_approve` looks at: `makers` prepared or submitted it, `checkers` have approved it already."""

    person_id: UUID
    kind: AuthorityKind
    amount: Money
    today: date
    mandates: tuple[Mandate, ...]
    limits: tuple[Limit, ...]
    makers: frozenset[UUID] = frozenset()
    checkers: frozenset[UUID] = frozenset()
    others_who_can: tuple[str, ...] = field(default=())


def may_approve(facts: ApprovalFacts) -> list[Breach]:
    """Every reason why this person may not approve this; none means they may. Own work comes first."""
    breaches = [*own_work(facts), *already_checked(facts)]
    usable = usable_mandates(facts)
    if not facts.mandates:
        breaches.append(_breach(facts, "authority.no-role", _("You hold no role here that approves this."), SEPARATION))
    elif not usable:
        breaches.extend(delegated_by_maker(facts))
    else:
        breaches.extend(within_limit(facts, usable))
    return breaches


def own_work(facts: ApprovalFacts) -> list[Breach]:
    """Nobody approves what they prepared, in whatever role."""
    if facts.person_id not in facts.makers:
        return []
    return [_breach(facts, "authority.own-work", _("You prepared this, so you cannot approve it."), SEPARATION)]


def already_checked(facts: ApprovalFacts) -> list[Breach]:
    """The second checker is another person than the first, and does not act for the first."""
    if facts.person_id not in facts.checkers:
        return []
    message = _("You have approved this already; the second checker must be another person.")
    return [_breach(facts, "authority.already-checked", message, SEPARATION)]


def delegated_by_maker(facts: ApprovalFacts) -> list[Breach]:
    """A delegate of the maker, or of the first checker, may not approve in their name."""
    message = _("You act here for someone who prepared or approved this, so you cannot approve it for them.")
    return [_breach(facts, "authority.delegate-of-maker", message, SEPARATION)]


def within_limit(facts: ApprovalFacts, mandates: Sequence[Mandate]) -> list[Breach]:
    """The amount is within the limit of a mandate; without any limit nothing may be approved."""
    found = [limit for limit in (limit_for(facts, mandate) for mandate in mandates) if limit is not None]
    if not found:
        message = _("The authority matrix gives your role no limit for %(kind)s in %(currency)s.")
        return [_breach(facts, "authority.no-limit", message, MATRIX)]
    best = max(limit.maximum.minor for limit in found)
    if facts.amount.minor <= best:
        return []
    maximum = Money(best, facts.amount.currency)
    message = _("%(amount)s is over your limit of %(limit)s.")
    return [_breach(facts, "authority.over-limit", message, MATRIX, limit=maximum)]


def usable_mandates(facts: ApprovalFacts) -> list[Mandate]:
    """The mandates whose principal has no hand in this."""
    involved = facts.makers | facts.checkers
    return [mandate for mandate in facts.mandates if mandate.principal_id not in involved]


def limit_for(facts: ApprovalFacts, mandate: Mandate) -> Limit | None:
    """The row that applies to a mandate: the person's own before the role's; of overlapping rows the lowest."""
    covering = [
        row for row in facts.limits if row.role is mandate.role and row.covers(facts.kind, facts.amount, facts.today)
    ]
    own = [row for row in covering if row.person_id == mandate.principal_id]
    rows = own or [row for row in covering if row.person_id is None]
    return min(rows, key=lambda row: row.maximum.minor, default=None)


def mandate_used(facts: ApprovalFacts) -> Mandate | None:
    """The mandate an allowed approval is made under: an own role before a delegated one."""
    for mandate in sorted(usable_mandates(facts), key=lambda mandate: mandate.delegated):
        limit = limit_for(facts, mandate)
        if limit is not None and facts.amount.minor <= limit.maximum.minor:
            return mandate
    return None


def checkers_needed(limits: Iterable[Limit], kind: AuthorityKind, amount: Money, today: date) -> int:
    """How many different checkers this amount needs: two above the lowest threshold in force, otherwise one."""
    thresholds = [
        row.second_checker_above.minor
        for row in limits
        if row.second_checker_above is not None and row.covers(kind, amount, today)
    ]
    return 2 if thresholds and amount.minor > min(thresholds) else 1


def overlaps(limits: Sequence[Limit]) -> list[tuple[Limit, Limit]]:
    """Pairs of rows that speak about the same role, person, kind and currency on the same day."""
    return [
        (first, second)
        for index, first in enumerate(limits)
        for second in limits[index + 1 :]
        if _same_case(first, second) and _days_meet(first, second)
    ]


def _same_case(first: Limit, second: Limit) -> bool:
    return (first.institution_id, first.role, first.kind, first.maximum.currency, first.person_id) == (
        second.institution_id,
        second.role,
        second.kind,
        second.maximum.currency,
        second.person_id,
    )


def _days_meet(first: Limit, second: Limit) -> bool:
    first_ends_before = first.last_day is not None and first.last_day < second.first_day
    second_ends_before = second.last_day is not None and second.last_day < first.first_day
    return not first_ends_before and not second_ends_before


def _breach(facts: ApprovalFacts, code: str, message: str, source: str, limit: Money | None = None) -> Breach:
    cure = _("%(who)s can approve this.") if facts.others_who_can else _("Nobody else can approve this today.")
    return Breach(
        code,
        message,
        cure=cure,
        source=source,
        params={
            "kind": Words((KIND_NAMES[facts.kind],)),
            "currency": facts.amount.currency.value,
            "amount": facts.amount,
            "limit": limit,
            "who": ", ".join(facts.others_who_can),
            "roles": Words(tuple(dict.fromkeys(ROLE_NAMES[mandate.role] for mandate in facts.mandates))),
        },
    )
