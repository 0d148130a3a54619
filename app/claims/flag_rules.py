"""What no single line can show: purchases split over lines and claims, overlapping travel, connected parties. Pure.

A flag is not a refusal. It has a name, a reason in words, and waits for a person who may clear it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

from app.claims.labels import anchor_of
from app.claims.line_rules import ALLOWANCE, DATES
from app.claims.states import HOLDING_FLAGS, FlagCode, LineKind, Place
from app.evidence.keys import normalised_seller
from app.kernel.breaches import Breach
from app.kernel.messages import Words, _
from app.kernel.money import Money, total
from app.ledger.headings import Heading

TRAVELLING = frozenset({Heading.TRAVEL, Heading.CONFERENCE})
LAST_MONTH = timedelta(days=30)
"""How long the last month of a contract is."""


@dataclass(frozen=True, slots=True)
class Spent:
    """A line as the flags look at it: one of the claim itself (`number`), or of an earlier claim (`number` is None).

    `same_claimant` says whether the claim it stands in pays the same person.
    """

    line_id: UUID
    claim_id: UUID
    number: int | None
    same_claimant: bool
    kind: LineKind
    heading: Heading | None
    place: Place | None
    who: str
    seller: str
    seller_number: str
    first_day: date
    last_day: date
    quantity: Decimal | None
    amount: Money
    has_quotation: bool = False

    @property
    def seller_key(self) -> str:
        """The same for two ways of writing one seller."""
        return normalised_seller(self.seller)

    @property
    def traveller(self) -> str:
        """The same for two ways of writing one person."""
        return "".join(each for each in self.who.casefold() if each.isalnum())


@dataclass(frozen=True, slots=True)
class Connected:
    """A known party that a seller of the claim is, or shares something with; `shares` are message ids."""

    code: FlagCode
    line_id: UUID
    party: str
    shares: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LastMonth:
    """Cost of a contract in its last month and in all, the claim included, in the contract's currency."""

    first_day: date
    spent: Money
    in_all: Money


@dataclass(frozen=True, slots=True)
class FlagFacts:
    """A claim's lines and the earlier ones they may belong together with."""

    lines: tuple[Spent, ...]
    earlier: tuple[Spent, ...]
    limits: tuple[Money, ...]
    limit_source: str
    within_days: int
    last_month_percent: Decimal = Decimal(25)
    last_month_source: str = ""
    last_month: LastMonth | None = None
    connected: tuple[Connected, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Something for a person to judge. `about` is the same as long as the facts are; `lines` are the claim's own.

    `for_claimant`: it may be told to whoever claims, because it says nothing of anybody else.
    """

    code: FlagCode
    about: str
    lines: tuple[int, ...]
    claims: frozenset[UUID]
    for_claimant: bool
    message: str
    cure: str
    source: str
    params: dict[str, object] = field(default_factory=dict)

    @property
    def holds(self) -> bool:
        """Whether it keeps the claim from approval and payment until it is cleared."""
        return self.code in HOLDING_FLAGS

    def breach(self) -> Breach:
        """The flag as a warning."""
        where = anchor_of(self.lines[0]) if len(self.lines) == 1 else None
        code = f"claim.flag-{self.code.lower().replace('_', '-')}"
        return Breach(code, self.message, self.cure, self.source, self.params, where, False)


def flags(facts: FlagFacts) -> tuple[Flag, ...]:
    """Every flag of a claim, in the order in which a checker reads them."""
    return tuple(flag for rule in FLAG_RULES for flag in rule(facts))


# Purchases split to stay below a limit


def split_purchases(facts: FlagFacts) -> list[Flag]:
    """Purchases from one seller in few days, each below the price that needs a quotation, together not below it."""
    found = []
    for limit in facts.limits:
        small = [
            each
            for each in (*facts.earlier, *facts.lines)
            if each.kind is LineKind.RECEIPT
            and each.heading not in TRAVELLING
            and each.amount.currency is limit.currency
            and each.amount.minor < limit.minor
            and each.seller_key
            and not each.has_quotation
        ]
        for seller in dict.fromkeys(each.seller_key for each in small if each.number is not None):
            together = _most_within([each for each in small if each.seller_key == seller], facts.within_days)
            spent = total((each.amount for each in together), limit.currency)
            if len(together) > 1 and spent.minor >= limit.minor:
                found.append(_split(together, spent, limit, facts))
    return found


def _most_within(lines: Iterable[Spent], days: int) -> list[Spent]:
    """Of a seller's lines those of the costliest stretch of so many days that has a line of the claim in it."""
    ordered = sorted(lines, key=lambda each: (each.first_day, each.line_id))
    best: list[Spent] = []
    for start in ordered:
        last = start.first_day + timedelta(days=days - 1)
        window = [each for each in ordered if start.first_day <= each.first_day <= last]
        if any(each.number is not None for each in window) and _worth(window) > _worth(best):
            best = window
    return best


def _worth(lines: Iterable[Spent]) -> int:
    return sum(each.amount.minor for each in lines)


def _split(lines: Sequence[Spent], spent: Money, limit: Money, facts: FlagFacts) -> Flag:
    return _flag(
        FlagCode.SPLIT,
        lines,
        _(
            "%(count)s purchases from %(seller)s within %(days)s days come to %(spent)s; from %(limit)s on a quotation "
            "is needed."
        ),
        _("Attach the quotation, or say why these are separate purchases."),
        facts.limit_source,
        count=len(lines),
        seller=next(each.seller for each in lines if each.number is not None),
        days=facts.within_days,
        spent=spent,
        limit=limit,
    )


# Overlapping travel


def overlapping_travel(facts: FlagFacts) -> list[Flag]:
    """One person with more than one daily allowance for a day, or staying in two places at the same time."""
    found = []
    travellers = dict.fromkeys(each.traveller for each in facts.lines if each.traveller)
    for traveller in travellers:
        of_person = [each for each in (*facts.earlier, *facts.lines) if each.traveller == traveller]
        found += _allowances_twice([each for each in of_person if each.kind is LineKind.PER_DIEM])
        found += _stays_at_once([each for each in of_person if _is_stay(each)])
    return found


def _is_stay(line: Spent) -> bool:
    return line.kind is LineKind.RECEIPT and line.heading in TRAVELLING and line.last_day > line.first_day


def _allowances_twice(lines: list[Spent]) -> list[Flag]:
    """The first day on which the allowances of one person come to more than one day."""
    days: dict[date, list[Spent]] = {}
    for line in lines:
        for number in range((line.last_day - line.first_day).days + 1):
            days.setdefault(line.first_day + timedelta(days=number), []).append(line)
    over = [day for day, each in sorted(days.items()) if len(each) > 1 and _portion(each) > 1]
    over = [day for day in over if any(each.number is not None for each in days[day])]
    if not over:
        return []
    concerned = list({each.line_id: each for day in over for each in days[day]}.values())
    return [
        _flag(
            FlagCode.OVERLAPPING_TRAVEL,
            concerned,
            _("%(who)s is claimed more than one daily allowance for %(day)s."),
            _("Leave out the days that are claimed already, or say why both are due."),
            ALLOWANCE,
            who=next(each.who for each in concerned if each.number is not None),
            day=over[0],
        )
    ]


def _portion(lines: Iterable[Spent]) -> Decimal:
    """How many allowances these lines claim for one day they share: halves count as halves."""
    portions = Decimal(0)
    for line in lines:
        length = Decimal((line.last_day - line.first_day).days + 1)
        portions += min(Decimal(1), (line.quantity or Decimal(0)) / length)
    return portions


def _stays_at_once(lines: list[Spent]) -> list[Flag]:
    found = []
    for own in (each for each in lines if each.number is not None):
        for other in lines:
            later = other.number is None or other.number < (own.number or 0)
            if own is other or not later or own.place is other.place:
                continue
            first, last = max(own.first_day, other.first_day), min(own.last_day, other.last_day)
            if first < last:
                found.append(
                    _flag(
                        FlagCode.OVERLAPPING_TRAVEL,
                        [other, own],
                        _("%(who)s is claimed to stay in two places from %(first)s to %(last)s."),
                        _("Correct the days or the place, or say why both are right."),
                        DATES,
                        who=own.who,
                        first=first,
                        last=last,
                    )
                )
    return found


# Connected parties and the rush at the end


def connected_parties(facts: FlagFacts) -> list[Flag]:
    """Sellers who sponsor the contract, or share an account, an address or a telephone number with staff."""
    by_id = {each.line_id: each for each in facts.lines}
    found = []
    for each in facts.connected:
        line = by_id.get(each.line_id)
        if line is None:
            continue
        message, cure = _CONNECTED[each.code]
        flag = _flag(
            each.code,
            [line],
            message,
            cure,
            _("Interests are declared, and bidders looked at for what they share"),
            extra=each.party,
            seller=line.seller,
            party=each.party,
            what=Words(each.shares),
        )
        found.append(flag)
    return found


_CONNECTED = {
    FlagCode.SPONSOR_IS_PAYEE: (
        _("%(seller)s is paid by this claim and is also a sponsor of the contract (%(party)s)."),
        _("Make sure that the sponsorship does not come back as a payment, and say how."),
    ),
    FlagCode.SHARED_WITH_STAFF: (
        _("%(seller)s has %(what)s in common with %(party)s of the staff."),
        _("Ask for the declaration of interests, and say what it shows."),
    ),
}


def last_month_rush(facts: FlagFacts) -> list[Flag]:
    """More than the share of policy is spent in the last month of the contract."""
    month = facts.last_month
    if month is None or month.in_all.minor <= 0:
        return []
    lines = [each for each in facts.lines if each.first_day >= month.first_day]
    if not lines or Decimal(month.spent.minor * 100) <= facts.last_month_percent * month.in_all.minor:
        return []
    flag = _flag(
        FlagCode.LAST_MONTH_RUSH,
        lines,
        _("%(spent)s of %(all)s is spent in the last month, from %(day)s on: more than %(percent)s per cent."),
        _("Say in the purpose why it is needed before the end."),
        facts.last_month_source,
        spent=month.spent,
        all=month.in_all,
        day=month.first_day,
        percent=facts.last_month_percent,
    )
    return [flag]


FLAG_RULES = (split_purchases, overlapping_travel, connected_parties, last_month_rush)


def _flag(
    code: FlagCode, lines: Sequence[Spent], message: str, cure: str, source: str, extra: str = "", **params: object
) -> Flag:
    facts = sorted(f"{each.line_id} {each.first_day} {each.last_day} {each.amount.minor}" for each in lines)
    about = hashlib.sha256("\x1f".join([code.value, extra, *facts]).encode()).hexdigest()[:16]
    own = tuple(sorted(each.number for each in lines if each.number is not None))
    return Flag(
        code=code,
        about=about,
        lines=own,
        claims=frozenset(each.claim_id for each in lines if each.number is None),
        for_claimant=all(each.same_claimant for each in lines) and code not in _SILENT,
        message=message,
        cure=cure,
        source=source,
        params=dict(params),
    )


_SILENT = frozenset({FlagCode.SPONSOR_IS_PAYEE, FlagCode.SHARED_WITH_STAFF})
"""Flags that speak of others: they are not told to whoever claims."""
