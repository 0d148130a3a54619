"""Pure checks of a movement of funds. The pocket's own limit is kept by the ledger, whoever asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.funds.states import MovementKind
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money

SOURCE = _("Fund rules: one currency per pocket, money moves only between parent and sub-fund")


@dataclass(frozen=True, slots=True)
class PocketFacts:
    """One pocket as a rule needs it: its fund, the fund's parent, its owner and what is available."""

    pocket_id: UUID
    fund_id: UUID
    parent_id: UUID | None
    institution_id: UUID
    available: Money


@dataclass(frozen=True, slots=True)
class MovementFacts:
    """A movement to be: from where (None for a contribution) to where, how much, and when, judged on `today`.

    `has_rate`: the amount is in the book's currency, or a fresh booking rate of the value date translates it.
    """

    kind: MovementKind
    source: PocketFacts | None
    target: PocketFacts
    amount: Money
    bank_account_currency: str | None
    value_date: date
    today: date
    has_rate: bool


def one_currency(facts: MovementFacts) -> Breach | None:
    """Both pockets and the amount are in one currency; pockets are never netted."""
    pockets = [p for p in (facts.source, facts.target) if p is not None]
    if all(p.available.currency is facts.amount.currency for p in pockets):
        return None
    return Breach(
        "fund.currency",
        _("The amount is in %(currency)s, a pocket is not."),
        cure=_("Choose pockets of one currency: CNY and HKD are never exchanged inside a fund."),
        source=SOURCE,
        params={"currency": facts.amount.currency.value},
        field="amount",
    )


def contribution_to_parent(facts: MovementFacts) -> Breach | None:
    """A contribution goes to a parent fund's pocket and arrives on a bank account of that currency."""
    if facts.kind is not MovementKind.CONTRIBUTION:
        return None
    if facts.target.parent_id is not None:
        return Breach(
            "fund.contribution-to-sub-fund",
            _("A contribution is received by the parent fund, not by a sub-fund."),
            cure=_("Contribute to the parent, then allocate to the sub-fund."),
            source=SOURCE,
            field="to_pocket_id",
        )
    if facts.bank_account_currency != facts.amount.currency.value:
        return Breach(
            "fund.contribution-account",
            _("The bank account that received the money is not in %(currency)s."),
            cure=_("Choose the %(currency)s account on which the contribution arrived."),
            source=SOURCE,
            params={"currency": facts.amount.currency.value},
            field="bank_account_id",
        )
    return None


def between_parent_and_sub_fund(facts: MovementFacts) -> Breach | None:
    """An allocation goes down to a fund's own sub-fund; a return goes up to the parent."""
    if facts.kind is MovementKind.CONTRIBUTION:
        return None
    source, target = facts.source, facts.target
    down = facts.kind is MovementKind.ALLOCATION
    if source is not None and (target.parent_id == source.fund_id if down else source.parent_id == target.fund_id):
        return None
    return Breach(
        "fund.not-parent-and-sub-fund",
        _("Money moves only between a fund and its own sub-fund."),
        cure=_("Choose a pocket of the parent and a pocket of its sub-fund."),
        source=SOURCE,
        field="to_pocket_id",
    )


def available(facts: MovementFacts) -> Breach | None:
    """The pocket that gives has that much left after holds."""
    if facts.source is None or facts.source.available.currency is not facts.amount.currency:
        return None
    if facts.amount <= facts.source.available:
        return None
    return Breach(
        "pocket.insufficient",
        _("Only %(available)s is available in the pocket after holds."),
        cure=_("Lower the amount, or bring more into the pocket first."),
        source=SOURCE,
        params={"available": str(facts.source.available)},
        field="amount",
    )


def dated_today_or_earlier(facts: MovementFacts) -> Breach | None:
    """Nothing is booked before it happened."""
    if facts.value_date <= facts.today:
        return None
    return Breach(
        "fund.in-future",
        _("The movement is dated %(day)s, which is after today."),
        cure=_("Enter it on the day the money moves, or choose that day."),
        source=SOURCE,
        params={"day": facts.value_date.isoformat()},
        field="value_date",
    )


def rate_present(facts: MovementFacts) -> Breach | None:
    """A pocket in another currency than the book's needs a fresh booking rate of the value date."""
    if facts.has_rate:
        return None
    return Breach(
        "rate.missing",
        _("There is no fresh booking rate for %(currency)s on that date."),
        cure=_("Ask an accountant to enter and confirm the rate of the day, then try again."),
        source=_("Nothing is booked at a guessed rate"),
        params={"currency": facts.amount.currency.value},
        field="value_date",
    )


MOVEMENT_RULES = (
    one_currency,
    contribution_to_parent,
    between_parent_and_sub_fund,
    available,
    dated_today_or_earlier,
    rate_present,
)


def breaches(facts: MovementFacts) -> list[Breach]:
    """Every rule the movement does not satisfy."""
    return [breach for rule in MOVEMENT_RULES if (breach := rule(facts)) is not None]
