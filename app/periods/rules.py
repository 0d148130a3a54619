"""The closing checks of a month: facts in, one result each with what to do. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.periods.states import EXPLAINABLE, CheckCode, Outcome

SOURCE = _("Closing of a month")


@dataclass(frozen=True, slots=True)
class Unpaired:
    """An event of two books of which the other half is missing or differs. `amount` is what is left over."""

    name: str
    day: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Position:
    """What stands on a closed contract's exchange pair in this book."""

    contract: str
    amount: Money


@dataclass(frozen=True, slots=True)
class Revalued:
    """Foreign balances at the month's end: in their currency, as carried and at the rate, both in the book's.

    `worth` is None without a rate of the month.
    """

    foreign: Money
    carried: Money
    worth: Money | None
    rate_day: date | None

    @property
    def difference(self) -> Money | None:
        """What a revaluation would move; None without a rate."""
        return None if self.worth is None else self.worth - self.carried


@dataclass(frozen=True, slots=True)
class BankStanding:
    """A bank account at the month's end: what the bank says without a posting, and the other way round.

    `old_lines` are the lines that have stood long enough to keep the month from being sealed.
    """

    name: str
    lines: int
    lines_sum: Money
    old_lines: int
    postings: int
    postings_sum: Money
    approved: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks look at. Amounts are debit-positive; `sums` are by currency, functional ones last."""

    last_day: date
    today: date
    earlier_open: date | None
    entries: int
    not_in_a_block: int
    sums: tuple[Money, ...]
    rollups_agree: bool
    in_transit: tuple[Money, ...]
    unpaired: tuple[Unpaired, ...]
    revalued: Revalued | None
    positions: tuple[Position, ...]
    notes: Mapping[str, str] = field(default_factory=dict)
    banks: tuple[BankStanding, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how it stands, what was found, what to do, and the note that explains it."""

    code: CheckCode
    outcome: Outcome
    found: str
    params: Mapping[str, object] = field(default_factory=dict)
    cure: str = ""
    note: str = ""

    @property
    def found_exactly(self) -> str:
        """What was found, in English, with amounts and days as machines read them."""
        return self.found % {name: _exact(value) for name, value in self.params.items()}

    @property
    def explainable(self) -> bool:
        """Whether a note would do."""
        return self.code in EXPLAINABLE


def checks(facts: Facts) -> tuple[Check, ...]:
    """Every check of the month, in the order of the list."""
    return tuple(_explained(rule(facts), facts.notes) for rule in _RULES)


def open_breaches(found: Sequence[Check]) -> list[Breach]:
    """A breach for each check that keeps the month from being sealed."""
    return [
        Breach(f"period.{check.code}", check.found, check.cure, SOURCE, check.params)
        for check in found
        if check.outcome is Outcome.OPEN
    ]


def _explained(check: Check, notes: Mapping[str, str]) -> Check:
    note = notes.get(check.code, "")
    if check.outcome is Outcome.OPEN and check.explainable and note:
        return Check(check.code, Outcome.EXPLAINED, check.found, check.params, "", note)
    return Check(check.code, check.outcome, check.found, check.params, check.cure, note)


def _month_over(facts: Facts) -> Check:
    if facts.today > facts.last_day:
        return Check(CheckCode.MONTH_OVER, Outcome.MET, _("Its last day is past."))
    message = _("The month ends on %(day)s.")
    params = {"day": facts.last_day}
    return Check(CheckCode.MONTH_OVER, Outcome.OPEN, message, params, _("Seal it after that day."))


def _earlier_months(facts: Facts) -> Check:
    if facts.earlier_open is None:
        return Check(CheckCode.EARLIER_MONTHS, Outcome.MET, _("No earlier month with entries is left."))
    params = {"month": facts.earlier_open.strftime("%Y-%m")}
    message = _("%(month)s has entries and is not sealed.")
    return Check(CheckCode.EARLIER_MONTHS, Outcome.OPEN, message, params, _("Seal the months in order."))


def _blocks(facts: Facts) -> Check:
    if not facts.not_in_a_block:
        return Check(CheckCode.BLOCKS, Outcome.MET, _("Entries in blocks: %(number)s."), {"number": facts.entries})
    message = _("Entries in no block yet: %(number)s.")
    cure = _("Try again in a moment; if it stays so, ask the operator whether the sealer is running.")
    return Check(CheckCode.BLOCKS, Outcome.OPEN, message, {"number": facts.not_in_a_block}, cure)


def _sums(facts: Facts) -> Check:
    if any(facts.sums):
        params = {"sums": _not_nil(facts.sums)}
        cure = _("Tell the operator: nothing may be posted or sealed until the ledger is checked.")
        return Check(CheckCode.SUMS, Outcome.OPEN, _("The balances do not sum to nil: %(sums)s."), params, cure)
    if not facts.rollups_agree:
        cure = _("Tell the operator: nothing may be posted or sealed until the ledger is checked.")
        return Check(CheckCode.SUMS, Outcome.OPEN, _("The postings and the sealed day rows differ."), {}, cure)
    return Check(CheckCode.SUMS, Outcome.MET, _("In every currency; the postings and the sealed day rows agree."))


def _in_transit(facts: Facts) -> Check:
    amounts = [amount for amount in facts.in_transit if amount]
    if not amounts:
        return Check(CheckCode.IN_TRANSIT, Outcome.MET, _("Payments in transit are at nil."))
    message = _("On the way at the end of the month: %(amounts)s.")
    cure = _("Enter the bank's lines, or say in a note why the money was still on its way.")
    return Check(CheckCode.IN_TRANSIT, Outcome.OPEN, message, {"amounts": tuple(amounts)}, cure)


def _inter_book(facts: Facts) -> Check:
    if not facts.unpaired:
        return Check(CheckCode.INTER_BOOK, Outcome.MET, _("What one book shows as paid, the other shows as received."))
    shown = tuple((each.name, abs(each.amount)) for each in facts.unpaired[:5])
    message = _("Shown in one book only: %(number)s (%(shown)s).")
    cure = _("Have the receipt confirmed or the bounce entered, or say in a note why the other half is missing.")
    return Check(CheckCode.INTER_BOOK, Outcome.OPEN, message, {"number": len(facts.unpaired), "shown": shown}, cure)


def _unreconciled(facts: Facts) -> Check:
    if not facts.banks:
        message = _("No bank statements are kept for this book, so there is nothing to reconcile with.")
        return Check(CheckCode.UNRECONCILED, Outcome.NOTHING, message)
    waiting = tuple(each.name for each in facts.banks if not each.approved)
    params: dict[str, object] = {
        "accounts": len(facts.banks),
        "lines": sum(each.lines for each in facts.banks),
        "lines_sums": _by_currency([each.lines_sum for each in facts.banks]),
        "postings": sum(each.postings for each in facts.banks),
        "postings_sums": _by_currency([each.postings_sum for each in facts.banks]),
        "waiting": waiting,
    }
    cure = _("Match the lines and have the month's reconciliation approved, or say in a note why they stay open.")
    if waiting:
        message = _(
            "Not reconciled and approved: %(waiting)s. Bank lines without a posting: %(lines)s (%(lines_sums)s);"
            " postings not on a statement: %(postings)s (%(postings_sums)s)."
        )
        return Check(CheckCode.UNRECONCILED, Outcome.OPEN, message, params, cure)
    message = _(
        "Accounts reconciled and approved: %(accounts)s. Bank lines without a posting: %(lines)s (%(lines_sums)s);"
        " postings not on a statement: %(postings)s (%(postings_sums)s)."
    )
    if any(each.old_lines for each in facts.banks):
        return Check(CheckCode.UNRECONCILED, Outcome.OPEN, message, params, cure)
    return Check(CheckCode.UNRECONCILED, Outcome.MET, message, params)


def _by_currency(amounts: Sequence[Money]) -> tuple[Money, ...]:
    """One sum for each currency there is; two currencies are never added."""
    currencies = dict.fromkeys(amount.currency for amount in amounts)
    return tuple(total((each for each in amounts if each.currency is currency), currency) for currency in currencies)


def _revaluation(facts: Facts) -> Check:
    found = facts.revalued
    if found is None:
        return Check(CheckCode.REVALUATION, Outcome.NOTHING, _("The book holds no foreign balances."))
    if found.worth is None or found.rate_day is None:
        message = _("There is no confirmed period-end rate of this month.")
        return Check(CheckCode.REVALUATION, Outcome.OPEN, message, {}, _("Enter one; a second person confirms it."))
    params = {
        "foreign": found.foreign,
        "carried": found.carried,
        "worth": found.worth,
        "day": found.rate_day,
    }
    if found.difference:
        message = _("%(foreign)s is carried at %(carried)s and worth %(worth)s at the rate of %(day)s.")
        return Check(CheckCode.REVALUATION, Outcome.OPEN, message, params, _("Run the revaluation."))
    message = _("%(foreign)s is carried at %(worth)s, the rate of %(day)s.")
    return Check(CheckCode.REVALUATION, Outcome.MET, message, params)


def _exchange_positions(facts: Facts) -> Check:
    if not facts.positions:
        message = _("No closed contract has an exchange position left.")
        return Check(CheckCode.EXCHANGE_POSITIONS, Outcome.MET, message)
    shown = tuple((each.contract, each.amount) for each in facts.positions[:5])
    message = _("Positions of closed contracts: %(number)s (%(shown)s).")
    cure = _("Enter a journal that closes the exchange position out, or say in a note why it stays.")
    params = {"number": len(facts.positions), "shown": shown}
    return Check(CheckCode.EXCHANGE_POSITIONS, Outcome.OPEN, message, params, cure)


def _not_nil(amounts: Sequence[Money]) -> tuple[Money, ...]:
    return tuple(amount for amount in amounts if amount)


def _exact(value: object) -> str:
    if not isinstance(value, tuple):
        return str(value)
    rows = (row if isinstance(row, tuple) else (row,) for row in value)
    return ", ".join(" ".join(str(each) for each in row) for row in rows)


_RULES: tuple[Callable[[Facts], Check], ...] = (
    _month_over,
    _earlier_months,
    _blocks,
    _sums,
    _in_transit,
    _inter_book,
    _unreconciled,
    _revaluation,
    _exchange_positions,
)
