"""Facts in, breaches out: who may certify in which order, and when figures, files or duties stand in the way. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.statements.states import MOVES, Capacity, StatementStatus

LIFE = _("Life of a statement")
CERTIFICATES = _("A statement carries three certificates by three different people")
FROZEN = _("An issued statement is never changed; a correction is a new version")

Found = list[Breach]


@dataclass(frozen=True, slots=True)
class Signed:
    """A certificate already given."""

    capacity: Capacity
    person_id: UUID


def next_capacity(given: Sequence[Signed]) -> Capacity | None:
    """Who certifies next, in the order of the certificates; None when all three are there."""
    have = {each.capacity for each in given}
    return next((each for each in Capacity if each not in have), None)


def one_person_once(given: Sequence[Signed], person_id: UUID) -> Found:
    """Nobody certifies one statement twice."""
    if all(each.person_id != person_id for each in given):
        return []
    return [
        Breach(
            "statement.certified-already",
            _("You have certified this statement already."),
            _("The other certificates are given by other people."),
            CERTIFICATES,
        )
    ]


def in_order(given: Sequence[Signed], capacity: Capacity) -> Found:
    """Prepared first, then the use of funds, then the head of institution."""
    if next_capacity(given) is capacity:
        return []
    return [
        Breach(
            "statement.certificate-order",
            _("This certificate is not the next one."),
            _("Open the statement again and see which certificate comes next."),
            CERTIFICATES,
            field="capacity",
        )
    ]


def post_named(capacity: Capacity, post: str) -> Found:
    """Whoever signs for the head of institution says in which post."""
    if capacity is not Capacity.HEAD or post.strip():
        return []
    return [
        Breach(
            "statement.post-missing",
            _("Say in which post you sign for the institution."),
            _("For example: Director of Finance, delegate of the President."),
            CERTIFICATES,
            field="post",
        )
    ]


def figures_unchanged(certified: str, now: str) -> Found:
    """The books still give the figures that were prepared."""
    if certified == now:
        return []
    return [
        Breach(
            "statement.figures-changed",
            _("The figures have changed since this statement was prepared."),
            _("Prepare it again: it takes the figures of today and is certified anew."),
            _("A certificate speaks of the figures that are issued"),
        )
    ]


def may_move(status: StatementStatus, to: StatementStatus) -> Found:
    """Only along the life of a statement."""
    if to in MOVES[status]:
        return []
    return [
        Breach(
            "statement.move",
            _("This statement has moved on: the step is not possible any more, or not yet."),
            _("Open it again and see where it stands."),
            LIFE,
            {"status": status.value, "to": to.value},
        )
    ]


def not_superseded(successor: str) -> Found:
    """A statement whose correction is issued goes no further."""
    if not successor:
        return []
    return [
        Breach(
            "statement.superseded",
            _("This statement is superseded by %(number)s."),
            _("Go on with the newer version."),
            FROZEN,
            {"number": successor},
        )
    ]


def audited_where_asked(status: StatementStatus, audit_asked: bool) -> Found:
    """An audited account is filed with the auditor's report."""
    if not audit_asked or status is StatementStatus.AUDITED:
        return []
    return [
        Breach(
            "statement.audit-missing",
            _("The contract asks for an audited account, and no auditor's report is bound to this statement."),
            _("Ask the auditor to upload the signed report here."),
            _("Obligation of the contract: audited account"),
        )
    ]


def obligation_free(waits: bool) -> Found:
    """The funder has nothing older before it for the same obligation."""
    if not waits:
        return []
    return [
        Breach(
            "statement.obligation-waits",
            _("The funder has something before it for this obligation already."),
            _("Ask the funder's officer to return it first."),
            _("Life of an obligation"),
        )
    ]


def reason_given(reason: str) -> Found:
    """Withdrawing, returning and correcting say why."""
    if reason.strip():
        return []
    return [Breach("statement.no-reason", _("The reason is missing."), _("Write why."), LIFE, field="reason")]
