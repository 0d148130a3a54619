"""The engine of the corridor: a case and the rules in, what is asked out, each with why it applies. Pure.

No rule of law stands here: conditions, thresholds and exemptions are columns of the rules, each with its source.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from app.contracts.labels import PURPOSE_NAMES
from app.contracts.states import Purpose
from app.corridor.states import AskKind, Step
from app.kernel.messages import _
from app.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Threshold:
    """A single payment above so much, in whole minor units of a currency that need not be one of the ledger's."""

    minor: int
    currency: str

    def __str__(self) -> str:
        """`USD 50,000.00`."""
        return f"{self.currency} {Decimal(self.minor) / 100:,.2f}"


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one rule. None or an empty text in a condition means any."""

    id: UUID
    code: str
    number: int
    from_side: str
    to_side: str
    purpose: str
    payer_kind: str
    payee_kind: str
    currency: str
    above: Threshold | None
    exempt_listed_on: str
    exempt_payer_kind: str
    kind: AskKind
    title: str
    how: str
    code_list: str
    suggested: str
    blocks: Step | None
    valid_days: int | None
    due_days: int | None
    source: str
    verified: bool
    first_day: date
    last_day: date | None

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What its versions have in common."""
        return (self.code, self.from_side, self.to_side, self.purpose)


@dataclass(frozen=True, slots=True)
class PolicyRate:
    """Units of a ledger currency for one unit of a threshold's currency, with its date and source."""

    rate: Decimal
    rate_date: date
    source: str


@dataclass(frozen=True, slots=True)
class Case:
    """A payment to be looked at. `rates` by (threshold's currency, payment's currency); `facilitated_on`: the lists on
    which the payee stands and whose listing the terms count as easing.
    """

    from_side: str
    to_side: str
    purpose: Purpose
    payer_kind: str
    payee_kind: str
    amount: Money
    facilitated_on: frozenset[str] = frozenset()
    rates: Mapping[tuple[str, str], PolicyRate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reason:
    """A message id with its parameters."""

    message: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a rule asks of a case, and why it applies."""

    rule: Rule
    why: tuple[Reason, ...]


def in_force(versions: Iterable[Rule], day: date) -> list[Rule]:
    """Of each rule the newest version that has begun, unless that one has ended; by code. Confirmed versions only."""
    newest: dict[tuple[str, str, str, str], Rule] = {}
    for rule in versions:
        known = newest.get(rule.key)
        if rule.first_day <= day and (known is None or rule.number > known.number):
            newest[rule.key] = rule
    standing = [rule for rule in newest.values() if rule.last_day is None or rule.last_day >= day]
    return sorted(standing, key=lambda rule: (rule.code, rule.purpose))


def asked(case: Case, rules: Iterable[Rule]) -> list[Asked]:
    """What the rules in force ask of the case, by code; of one code a rule for the purpose goes before one for any."""
    found: dict[str, Asked] = {}
    for rule in rules:
        why = _why(case, rule)
        if why is not None and (rule.code not in found or rule.purpose):
            found[rule.code] = Asked(rule, why)
    return [found[code] for code in sorted(found)]


def _why(case: Case, rule: Rule) -> tuple[Reason, ...] | None:
    """Why the rule applies; None where it does not."""
    if (rule.from_side, rule.to_side) != (case.from_side, case.to_side):
        return None
    conditions = (
        (rule.purpose, case.purpose.value),
        (rule.payer_kind, case.payer_kind),
        (rule.payee_kind, case.payee_kind),
        (rule.currency, case.amount.currency.value),
    )
    if any(wanted and wanted != given for wanted, given in conditions) or _exempt(case, rule):
        return None
    route = Reason(_("The money goes from %(start)s to %(end)s"), {"start": case.from_side, "end": case.to_side})
    reasons = [route]
    if rule.purpose:
        reasons.append(Reason(_("Purpose: %(label)s"), {"label": PURPOSE_NAMES[rule.purpose]}))
    if rule.currency:
        reasons.append(Reason(_("Paid in %(currency)s"), {"currency": rule.currency}))
    if rule.above is not None:
        above = _above(case, rule.above)
        if above is None:
            return None
        reasons.append(above)
    return tuple(reasons)


def _exempt(case: Case, rule: Rule) -> bool:
    """Whether a listing that the terms count, or the kind of the payer, spares the case what the rule asks."""
    listed = bool(rule.exempt_listed_on) and rule.exempt_listed_on in case.facilitated_on
    return listed or (bool(rule.exempt_payer_kind) and rule.exempt_payer_kind == case.payer_kind)


def _above(case: Case, limit: Threshold) -> Reason | None:
    """Why the amount counts as above the limit; None where it is at or below it. Compared exactly, unrounded.

    Without a rate nobody can tell, so it is asked.
    """
    own = case.amount.currency.value
    if own == limit.currency:
        above = case.amount.minor > limit.minor
        return Reason(_("More than %(limit)s in one payment"), {"limit": str(limit)}) if above else None
    rate = case.rates.get((limit.currency, own))
    if rate is None:
        message = _("No confirmed rate from %(currency)s to %(own)s tells whether this is more than %(limit)s")
        return Reason(message, {"currency": limit.currency, "own": own, "limit": str(limit)})
    if case.amount.minor <= limit.minor * rate.rate:
        return None
    message = _("More than %(limit)s in one payment, at %(rate)s %(own)s for 1 %(currency)s of %(day)s")
    params = {"limit": str(limit), "rate": rate.rate.normalize(), "own": own, "currency": limit.currency}
    return Reason(message, params | {"day": rate.rate_date})


@dataclass(frozen=True, slots=True)
class Cover:
    """How well one purpose on one route is covered on a day."""

    from_side: str
    to_side: str
    purpose: Purpose
    rules: int
    verified: int
    ending: int


def coverage(rules: Sequence[Rule], routes: Iterable[tuple[str, str]], day: date, within: int = 90) -> list[Cover]:
    """For each route and purpose: rules in force, how many are verified, and how many end within so many days."""
    found = []
    for start, end in routes:
        for purpose in Purpose:
            mine = [
                rule
                for rule in rules
                if (rule.from_side, rule.to_side) == (start, end) and rule.purpose in ("", purpose.value)
            ]
            ending = [each for each in mine if each.last_day is not None and each.last_day <= day + timedelta(within)]
            found.append(Cover(start, end, purpose, len(mine), sum(each.verified for each in mine), len(ending)))
    return found
