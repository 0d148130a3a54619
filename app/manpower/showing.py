"""What a reader may see of time above 100 %: never how much another institution's contracts take."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import may
from app.access.permissions import Permission
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.manpower import queries
from app.manpower.models import StaffEngagement
from app.manpower.rules import TIME_SOURCE


@dataclass(frozen=True, slots=True)
class TimeFlag:
    """One month above 100 %. `percent` is the sum where it is all of the reader's own institution, else None."""

    month: date
    percent: Decimal | None
    elsewhere: bool
    is_cleared: bool
    reason: str
    cleared_by_id: UUID | None

    @property
    def breach(self) -> Breach:
        """The flag in words, with who may clear it."""
        if self.percent is not None:
            message = _("%(month)s: the person's time over all contracts of the institution is %(percent)s %%.")
        else:
            message = _(
                "%(month)s: the person's time over all contracts, here and elsewhere, comes to more than full time."
            )
        return Breach(
            "manpower.over-100",
            message,
            _("A finance officer of the institution who did not enter the engagement may clear it, with a reason."),
            TIME_SOURCE,
            {"month": f"{self.month:%Y-%m}", "percent": f"{self.percent:f}" if self.percent is not None else ""},
            blocking=not self.is_cleared,
        )


def flags_of(session: Session, actor: Actor, engagements: Iterable[StaffEngagement]) -> dict[UUID, list[TimeFlag]]:
    """The flags of some engagements as the actor may see them."""
    by_id = {each.id: each for each in engagements}
    found: dict[UUID, list[TimeFlag]] = {}
    for key, overloads in queries.overloads(session, by_id).items():
        at_home = may(actor, Permission.MANPOWER_READ, by_id[key].institution_id)
        for each in overloads:
            clearance = each.clearance if each.is_cleared else None
            flag = TimeFlag(
                month=each.month,
                percent=each.own.normalize() if at_home and not each.elsewhere else None,
                elsewhere=each.elsewhere,
                is_cleared=each.is_cleared,
                reason=clearance.reason if clearance is not None and at_home else "",
                cleared_by_id=clearance.cleared_by_id if clearance is not None else None,
            )
            found.setdefault(key, []).append(flag)
    return found
