"""Which rail a payment may take, on which day it has value, and whether a proposed version makes sense. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from app.institutions.states import SIDE_NAMES, Side
from app.kernel.breaches import Breach
from app.kernel.clock import BUSINESS_ZONE, business_date
from app.kernel.messages import Words, _
from app.kernel.money import Money
from app.rails.days import CALENDAR_SIDES, BankDays
from app.rails.facts import PaymentFacts, Rail
from app.rails.states import PARTY_KIND_NAMES, PartyKind

REGISTER = _("Register of rails")
PAST_STANDS = _("What was paid under a rail stays under it")


def serves_currency(rail: Rail, payment: PaymentFacts) -> Breach | None:
    """The rail carries the currency in which the payment crosses."""
    carried = payment.carried or payment.amount.currency
    if carried in rail.currencies:
        return None
    return _misfit(
        "rail.currency",
        _("%(rail)s does not carry %(currency)s."),
        rail,
        currency=carried.value,
    )


def serves_route(rail: Rail, payment: PaymentFacts) -> Breach | None:
    """The rail runs from the payer's side to the payee's."""
    fits = payment.from_side in rail.from_sides and payment.to_side in rail.to_sides
    if fits and not (rail.crossing and payment.from_side is payment.to_side):
        return None
    return _misfit(
        "rail.route",
        _("%(rail)s does not run from %(from)s to %(to)s."),
        rail,
        **{"from": _side(payment.from_side), "to": _side(payment.to_side)},
    )


def serves_payer(rail: Rail, payment: PaymentFacts) -> Breach | None:
    """The rail takes payments of this kind of payer."""
    if payment.payer_kind in rail.payer_kinds:
        return None
    return _misfit("rail.payer", _("%(rail)s takes payments of %(kinds)s only."), rail, kinds=_kinds(rail.payer_kinds))


def serves_payee(rail: Rail, payment: PaymentFacts) -> Breach | None:
    """The rail pays this kind of payee: Payment Connect pays persons, never an institution's instalment."""
    if payment.payee_kind in rail.payee_kinds:
        return None
    return _misfit("rail.payee", _("%(rail)s pays %(kinds)s only."), rail, kinds=_kinds(rail.payee_kinds))


def within_limit(rail: Rail, payment: PaymentFacts) -> Breach | None:
    """The payment is no more than the largest the rail takes; in another currency the two cannot be compared."""
    largest, amount = rail.largest, payment.amount
    if largest is None or (amount.currency is largest.currency and amount <= largest):
        return None
    if amount.currency is largest.currency:
        message = _("%(rail)s takes at most %(largest)s in one payment; this is %(amount)s.")
    else:
        message = _("The limit of %(rail)s is %(largest)s and cannot be compared with %(amount)s.")
    return _misfit("rail.limit", message, rail, largest=largest, amount=amount)


def in_force(rail: Rail, payment: PaymentFacts) -> Breach | None:
    """The version of the rail is in force on the day of the payment."""
    day = business_date(payment.moment)
    if rail.first_day <= day and (rail.last_day is None or day <= rail.last_day):
        return None
    return _misfit("rail.not-in-force", _("%(rail)s is not in force on %(day)s."), rail, day=day)


MISFITS: tuple[Callable[[Rail, PaymentFacts], Breach | None], ...] = (
    in_force,
    serves_currency,
    serves_route,
    serves_payer,
    serves_payee,
    within_limit,
)
"""Every reason for which a rail cannot be chosen."""


def misfits(rail: Rail, payment: PaymentFacts) -> list[Breach]:
    """Why the rail cannot carry the payment; empty where it can. Every one of them blocks."""
    return [found for rule in MISFITS if (found := rule(rail, payment)) is not None]


def value_date(rail: Rail, bank_days: BankDays, moment: datetime) -> date:
    """The day on which a payment handed in at `moment` has value: by the cut-off in local time and the rail's days.

    A rail that runs around the clock gives value the same day.
    """
    local = moment.astimezone(BUSINESS_ZONE)
    if rail.cut_off is None:
        return local.date()
    day = bank_days.next_open(rail.days_of, local.date(), makeup=rail.makeup_days)
    if day == local.date() and local.time() > rail.cut_off:
        return bank_days.next_open(rail.days_of, day + timedelta(days=1), makeup=rail.makeup_days)
    return day


@dataclass(frozen=True, slots=True)
class ProposalFacts:
    """What is judged of a proposed version of a rail: hours, the sides whose days it keeps, its days and `today`."""

    opens_at: time | None
    closes_at: time | None
    cut_off: time | None
    days_of: tuple[Side, ...]
    first_day: date
    last_day: date | None
    today: date


def hours_whole(facts: ProposalFacts) -> Breach | None:
    """Hours are given whole, with the sides whose banking days count, or left out for a rail around the clock."""
    given = [hour is not None for hour in (facts.opens_at, facts.closes_at, facts.cut_off)]
    if given == [bool(facts.days_of)] * 3:
        return None
    return Breach(
        "rail.hours",
        _("Hours, cut-off and banking days go together."),
        _("Give all of them, or none for a rail that runs around the clock."),
        REGISTER,
        field="cut_off",
    )


def starts_ahead(facts: ProposalFacts) -> Breach | None:
    """A version begins today or later: what was paid before stays as it was."""
    if facts.first_day >= facts.today:
        return None
    return Breach(
        "rail.in-the-past",
        _("A rail is not changed for days that have passed."),
        _("Choose today or a later day."),
        PAST_STANDS,
        field="first_day",
    )


def ends_after_start(facts: ProposalFacts) -> Breach | None:
    """The last day, where there is one, is not before the first."""
    if facts.last_day is None or facts.last_day >= facts.first_day:
        return None
    return Breach(
        "rail.ends-before-start",
        _("The last day lies before the first."),
        _("Correct one of them, or leave the last day out."),
        REGISTER,
        field="last_day",
    )


PROPOSAL_RULES = (hours_whole, starts_ahead, ends_after_start)


def proposal_breaches(facts: ProposalFacts) -> list[Breach]:
    """Every reason for which a version cannot be proposed."""
    return [found for rule in PROPOSAL_RULES if (found := rule(facts)) is not None]


def calendar_kept(side: Side) -> Breach | None:
    """Days are entered by hand for the sides whose calendar is kept."""
    if side in CALENDAR_SIDES:
        return None
    return Breach(
        "calendar-day.side",
        _("No calendar of banks is kept for this side."),
        _("Choose Shenzhen or Hong Kong."),
        REGISTER,
        field="side",
    )


def _misfit(code: str, message: str, rail: Rail, **params: str | Words | Money | date) -> Breach:
    cure = _("Choose another rail.")
    return Breach(code, message, cure, rail.source or REGISTER, {"rail": Words((rail.name,)), **params}, field="rail")


def _side(side: Side) -> Words:
    return Words((SIDE_NAMES[side],))


def _kinds(kinds: frozenset[PartyKind]) -> Words:
    return Words(tuple(PARTY_KIND_NAMES[kind] for kind in sorted(kinds)))
