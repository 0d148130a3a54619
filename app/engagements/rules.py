"""Facts in, breaches out: who may audit, for which days, and which moves an engagement makes. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.engagements.states import MOVES, STATUS_LABELS, EngagementStatus
from app.kernel.breaches import Breach
from app.kernel.messages import Words, _

LIFE = _("Life of an engagement")
INDEPENDENCE = _("HKICPA Code of Ethics, independence in mind and appearance")
LONGEST = timedelta(days=3 * 366)

Found = list[Breach]


@dataclass(frozen=True, slots=True)
class Proposed:
    """What is proposed: days, contracts, auditors, and those of them who have a part in what is audited."""

    first_day: date
    last_day: date
    expires_on: date
    today: date
    contracts: Sequence[UUID]
    auditors: Sequence[UUID]
    concerned: Collection[str]
    unknown: Collection[str]


def breaches(proposed: Proposed) -> Found:
    """Every reason why the engagement cannot be proposed like this."""
    return [
        *days_in_order(proposed),
        *ends_in_time(proposed),
        *something_to_audit(proposed),
        *auditors_known(proposed),
        *auditors_independent(proposed),
    ]


def days_in_order(proposed: Proposed) -> Found:
    """The period has begun, and its first day comes before its last."""
    if proposed.first_day <= proposed.last_day and proposed.first_day <= proposed.today:
        return []
    return [
        Breach(
            "engagement.days",
            _("The period must begin before it ends, and not after today."),
            _("Choose one of the years shown, or type both days."),
            LIFE,
            field="first_day",
        )
    ]


def ends_in_time(proposed: Proposed) -> Found:
    """Access ends on a day that is still to come, within three years."""
    if proposed.today <= proposed.expires_on <= proposed.today + LONGEST:
        return []
    return [
        Breach(
            "engagement.expiry",
            _("Access must end on a day from today to three years ahead."),
            _("Enter the last day on which the auditors may come in."),
            LIFE,
            field="expires_on",
        )
    ]


def something_to_audit(proposed: Proposed) -> Found:
    """At least one contract is in scope."""
    if proposed.contracts:
        return []
    return [
        Breach(
            "engagement.no-contract",
            _("No contract is chosen."),
            _("Tick at least one contract of the project to which your institution is a party."),
            LIFE,
            field="contracts",
        )
    ]


def auditors_known(proposed: Proposed) -> Found:
    """Every address belongs to a person who can sign in."""
    if proposed.auditors and not proposed.unknown:
        return []
    if not proposed.unknown:
        return [
            Breach(
                "engagement.no-auditor",
                _("No auditor is named."),
                _("Write the e-mail address of each auditor on a line of its own."),
                LIFE,
                field="auditors",
            )
        ]
    return [
        Breach(
            "engagement.auditor-unknown",
            _("Nobody is registered under %(addresses)s."),
            _("An administrator registers the auditor first; no role is needed for that."),
            LIFE,
            params={"addresses": ", ".join(sorted(proposed.unknown))},
            field="auditors",
        )
    ]


def auditors_independent(proposed: Proposed) -> Found:
    """Nobody audits where they work or take part."""
    if not proposed.concerned:
        return []
    return [
        Breach(
            "engagement.not-independent",
            _("%(names)s works for a party of these contracts or takes part in the project."),
            _("Name auditors who have no other part in what they audit."),
            INDEPENDENCE,
            params={"names": ", ".join(sorted(proposed.concerned))},
            field="auditors",
        )
    ]


def may_move(now: EngagementStatus, wanted: EngagementStatus) -> Found:
    """The life of an engagement allows the move."""
    if wanted in MOVES[now]:
        return []
    return [
        Breach(
            "engagement.moved-on",
            _("The engagement is %(status)s: this step is not possible any more."),
            _("Open it again to see what happened to it."),
            LIFE,
            params={"status": Words((STATUS_LABELS[now],))},
        )
    ]
