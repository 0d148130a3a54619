"""When payments look like one payment split in two, so that each passes a limit that the whole would not. Pure.

The rule: payments to one payee under one contract (its grantee, into whichever account, by whichever maker), handed in
within a week of each other, each at or under the limit of the person who looks, and together over it. A payment over
the limit hides nothing: it needs somebody with more authority by itself. One that was refused, cancelled, sent back or
bounced is no part; one already released or settled is. It is a note, not a refusal: two tranches may fall together.
Source: the authority matrix; common audit practice of looking for split purchases.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.disbursements.facts import SplitPart
from app.kernel.money import Money, total

WINDOW = timedelta(days=7)
NOT_SPLIT = SplitPart()


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A disbursement of the same contract that has been handed in and came to nothing else."""

    id: UUID
    reference: str
    amount: Money
    submitted_at: datetime | None


def split_part(
    own_id: UUID, amount: Money, submitted_at: datetime | None, neighbours: Iterable[Neighbour], limit: Money | None
) -> SplitPart:
    """The other parts and what all come to with this payment; nothing where it is no split.

    `amount`, `limit` and the neighbours' amounts are in the contract's currency; `limit` None: no limit is known.
    """
    if limit is None or submitted_at is None or amount > limit:
        return NOT_SPLIT
    parts = [each for each in neighbours if _is_part(each, submitted_at, limit)]
    if sum(each.amount.minor for each in parts) + amount.minor <= limit.minor:
        return NOT_SPLIT
    near = [each for each in parts if each.id != own_id]
    together = total((each.amount for each in near), amount.currency) + amount
    if not near or together <= limit:
        return NOT_SPLIT
    return SplitPart(tuple(each.reference for each in near), together)


def _is_part(other: Neighbour, submitted_at: datetime, limit: Money) -> bool:
    if other.amount.minor > limit.minor or other.submitted_at is None:
        return False
    return -WINDOW <= other.submitted_at - submitted_at <= WINDOW
