"""Fund control in words: what a limit has left, what an entry would leave, what is refused or only warned of. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger.headings import Heading

NEAR_PERCENT = 90
"""From this share of its limit on, a line is called near its limit."""


class LimitKind(StrEnum):
    """What sets a limit."""

    WHOLE = "WHOLE"
    """The spending limit of the contract: money received, or the amount contracted."""
    LINE = "LINE"
    CEILING = "CEILING"
    FLOOR = "FLOOR"
    """What the terms keep for one row: a ceiling on everything else together."""
    YEAR = "YEAR"
    """A line in one year of the contract, with what the terms carry over into it."""


@dataclass(frozen=True, slots=True)
class LimitStanding:
    """One limit of a contract and how it stands, in the contract's currency.

    `label` is the message id of the row it is about; `reserved` is what a floor keeps for that row. `source` and
    `verified` are those of the parameter behind it; `binds` says whether spending beyond it is refused.
    """

    kind: LimitKind
    code: str
    label: str
    headings: frozenset[Heading]
    budget: Money
    received: Money
    committed: Money
    actual: Money
    binds: bool
    source: str
    verified: bool = True
    reserved: Money | None = None
    year: int | None = None
    first_day: date | None = None
    last_day: date | None = None

    def counts(self, on: date | None) -> bool:
        """Whether cost of that day counts against the limit; a limit of a year asks for the day."""
        if self.first_day is None or self.last_day is None:
            return True
        return on is not None and self.first_day <= on <= self.last_day

    @property
    def limit(self) -> Money:
        """What may be spent in all: the budget and what was received on top of it."""
        return self.budget + self.received

    @property
    def left(self) -> Money:
        """What may still be spent; negative where it is exceeded."""
        return self.limit - self.committed - self.actual

    @property
    def exceeded(self) -> bool:
        """Whether more is spent and committed than the limit."""
        return self.left.minor < 0

    @property
    def near(self) -> bool:
        """Whether at least NEAR_PERCENT of a limit above nil is used, and it is not exceeded."""
        used = self.committed + self.actual
        return not self.exceeded and self.limit.minor > 0 and used.minor * 100 >= self.limit.minor * NEAR_PERCENT


@dataclass(frozen=True, slots=True)
class Effect:
    """What an entry would do to one limit: what it takes from it and what it leaves, in the contract's currency."""

    standing: LimitStanding
    wanted: Money

    @property
    def left_after(self) -> Money:
        """What would be left; negative when the entry does not fit."""
        return self.standing.left - self.wanted

    @property
    def fits(self) -> bool:
        """Whether the limit still holds afterwards; an entry that takes nothing always fits."""
        return self.wanted.minor <= 0 or self.left_after.minor >= 0


def effects(
    standings: Iterable[LimitStanding], wanted: Mapping[Heading, Money], on: date | None = None
) -> tuple[Effect, ...]:
    """What cost by heading (in the contract's currency), dated `on`, would do to every limit it touches.

    Of the years a cost counts in, its own is told; a later one only where that alone has no room left.
    """
    found: list[Effect] = []
    for standing in standings:
        taken = [amount for heading, amount in wanted.items() if heading in standing.headings]
        if not taken or not standing.counts(on):
            continue
        effect = Effect(standing, total(taken, standing.budget.currency))
        if not any(_tells_more(each, effect) for each in found):
            found.append(effect)
    return tuple(found)


def _tells_more(earlier: Effect, later: Effect) -> bool:
    """Whether an earlier year of the same line says already what the later one would say."""
    both = (earlier.standing, later.standing)
    same = both[0].code == both[1].code and all(each.kind is LimitKind.YEAR for each in both)
    return same and (later.fits or not earlier.fits)


_LINE = _("%(label)s has %(left)s left in the budget of %(contract)s; this needs %(wanted)s.")
_CEILING = _("The terms let %(label)s take at most %(limit)s of %(contract)s; %(left)s is left, this needs %(wanted)s.")
_FLOOR = _(
    "The terms keep at least %(reserved)s of %(contract)s for %(label)s; %(left)s is left for all else, this needs"
    " %(wanted)s."
)
_YEAR = _("%(label)s has %(left)s left in the budget of year %(year)s of %(contract)s; this needs %(wanted)s.")
_ENTER = _("Have more budget approved for this year, lower the cost, or charge it to the year it belongs to.")
_MOVE = _("Move budget to this line first, lower the cost, or charge it elsewhere.")
_LOWER = _("Lower the cost or charge it elsewhere; the ratio itself changes only with the terms.")
_UNREAD = _("A warning only: nobody has read the source of this figure yet. Have an officer confirm it.")
_WORDS = {
    LimitKind.LINE: ("budget.line-exceeded", _LINE, _MOVE),
    LimitKind.CEILING: ("budget.above-ceiling", _CEILING, _LOWER),
    LimitKind.FLOOR: ("budget.below-floor", _FLOOR, _LOWER),
    LimitKind.YEAR: ("budget.year-exceeded", _YEAR, _ENTER),
}


def breach(effect: Effect, contract: str, field: str | None = None) -> Breach | None:
    """The refusal (or, where the limit does not bind, the warning) of an entry that does not fit; None where it does.

    The whole of a contract has its own rule, with the spending limit's words.
    """
    standing = effect.standing
    if effect.fits or standing.kind is LimitKind.WHOLE:
        return None
    code, message, cure = _WORDS[standing.kind]
    params: dict[str, object] = {
        "label": standing.label,
        "left": standing.left,
        "limit": standing.limit,
        "reserved": standing.reserved,
        "wanted": effect.wanted,
        "contract": contract,
        "year": standing.year,
    }
    unread = not standing.binds and not standing.verified
    return Breach(code, message, _UNREAD if unread else cure, standing.source, params, field, blocking=standing.binds)
