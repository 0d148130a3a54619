"""What a person should look at twice among payments across the boundary. Pure; a note never stops a payment.

Four patterns, each with the numbers of policy it rests on: an account used for the first time soon after it replaced
another; an account that was still for long and is paid again; money that comes back between the same two institutions;
payments that keep under a limit together. Source: common practice of auditors who look for diverted and round-tripped
grants; the numbers are house rules and stand among the settings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.crossings.figures import Crossing, Place
from app.disbursements.splitting import Neighbour, split_part
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money

SETTINGS = _("Settings: numbers of policy; house rules of what to look at")
MATRIX = _("Authority matrix of the institution")


@dataclass(frozen=True, slots=True)
class Limits:
    """The numbers of policy, in days."""

    changed_account: int
    still_account: int
    round_trip: int


@dataclass(frozen=True, slots=True)
class AccountPast:
    """What came before a payment at the payee's account: since when it replaces another, and when it was last paid."""

    replaced_on: date | None = None
    paid_before_on: date | None = None


@dataclass(frozen=True, slots=True)
class Approval:
    """When a payment was handed in and up to how much its approver could decide alone; None: no limit is known."""

    submitted_at: datetime | None
    limit: Money | None


@dataclass(frozen=True, slots=True)
class Alert:
    """One thing to look at, and the payment at which it shows."""

    crossing: Crossing
    says: Breach


def changed_account(crossing: Crossing, past: AccountPast, limits: Limits) -> Breach | None:
    """The payee's account replaced another a short time before it was paid for the first time."""
    replaced = past.replaced_on
    if replaced is None or past.paid_before_on is not None:
        return None
    days = (crossing.released_on - replaced).days
    if not 0 <= days <= limits.changed_account:
        return None
    return _note(
        "crossing.account-changed",
        _("The payee's account replaced another on %(day)s, %(days)s days before it was first paid."),
        _("Call the payee back on the number kept on file, and look at who entered and who verified the account."),
        day=replaced,
        days=days,
    )


def woken_account(crossing: Crossing, past: AccountPast, limits: Limits) -> Breach | None:
    """The payee's account had not been paid for a long time."""
    last = past.paid_before_on
    if last is None or (crossing.released_on - last).days <= limits.still_account:
        return None
    return _note(
        "crossing.account-woken",
        _("The payee's account was paid again after %(days)s days; the last payment before was on %(day)s."),
        _("Ask the payee whether the account is still theirs."),
        day=last,
        days=(crossing.released_on - last).days,
    )


def round_trips(crossings: Sequence[Crossing], limits: Limits) -> list[Alert]:
    """Each payment that answers one the other way between the same two institutions within the days allowed.

    Amounts are not compared: the two ways may be in two currencies.
    """
    between: dict[frozenset[UUID], list[Crossing]] = defaultdict(list)
    for each in crossings:
        if each.place is not Place.SENT_BACK:
            between[frozenset({each.funder_id, each.grantee_id})].append(each)
    found = []
    for mine in between.values():
        ordered = sorted(mine, key=lambda each: (each.released_on, each.reference))
        for place, each in enumerate(ordered):
            earlier = _way_back(each, ordered[:place], timedelta(days=limits.round_trip))
            if earlier is not None:
                found.append(Alert(each, _returns(earlier)))
    return found


def _way_back(crossing: Crossing, before: Sequence[Crossing], within: timedelta) -> Crossing | None:
    """The latest payment the other way that lies near enough."""
    near = [
        each
        for each in before
        if each.funder_id == crossing.grantee_id and crossing.released_on - each.released_on <= within
    ]
    return near[-1] if near else None


def _returns(earlier: Crossing) -> Breach:
    return _note(
        "crossing.round-trip",
        _("%(other)s had gone the other way between the same institutions on %(day)s: %(amount)s."),
        _("Look at what each of the two payments is for."),
        other=earlier.reference,
        day=earlier.released_on,
        amount=earlier.amount,
    )


def splits(crossings: Sequence[Crossing], approvals: Mapping[UUID, Approval]) -> list[Alert]:
    """Payments under one contract that keep under their approver's limit one by one and exceed it together."""
    of_contract: dict[UUID, list[Crossing]] = defaultdict(list)
    for each in crossings:
        if each.place is not Place.SENT_BACK:
            of_contract[each.contract_id].append(each)
    found = []
    for mine in of_contract.values():
        neighbours = [
            Neighbour(each.id, each.reference, each.amount, approvals[each.id].submitted_at)
            for each in mine
            if each.id in approvals
        ]
        found += [alert for each in mine if (alert := _split(each, neighbours, approvals.get(each.id))) is not None]
    return found


def _split(crossing: Crossing, neighbours: Iterable[Neighbour], approval: Approval | None) -> Alert | None:
    if approval is None:
        return None
    part = split_part(crossing.id, crossing.amount, approval.submitted_at, neighbours, approval.limit)
    if not part.references:
        return None
    says = _note(
        "crossing.split",
        _("With %(others)s within a week it comes to %(together)s; its approver may decide up to %(limit)s alone."),
        _("Look at whether one payment was divided."),
        MATRIX,
        others=", ".join(part.references),
        together=part.together,
        limit=approval.limit,
    )
    return Alert(crossing, says)


def alerts(
    crossings: Sequence[Crossing],
    pasts: Mapping[UUID, AccountPast],
    approvals: Mapping[UUID, Approval],
    limits: Limits,
) -> list[Alert]:
    """Everything to look at, the latest payment first."""
    found = round_trips(crossings, limits) + splits(crossings, approvals)
    for each in crossings:
        past = pasts.get(each.id, AccountPast())
        for look in (changed_account, woken_account):
            says = look(each, past, limits)
            if says is not None:
                found.append(Alert(each, says))
    return sorted(found, key=lambda alert: (-alert.crossing.released_on.toordinal(), alert.crossing.reference))


def _note(code: str, message: str, cure: str, source: str = SETTINGS, **params: object) -> Breach:
    return Breach(code, message, cure, source, params, blocking=False)
