"""Pure checks of a cost transfer: it names the entry, moves no more than is left of it, and stays inside the dates."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from app.contracts.facts import CostBearer
from app.journals.facts import JournalFacts, LineChecked
from app.journals.states import JournalKind
from app.kernel.breaches import Breach
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.headings import Heading

Found = list[Breach]
SOURCE = _("Cost transfers: reason, age and a second person")


def original_named(facts: JournalFacts) -> Found:
    """A cost transfer names an entry of this book that posted cost, and is dated no earlier."""
    if facts.kind is not JournalKind.COST_TRANSFER:
        return []
    if facts.moved is None:
        return [
            Breach(
                "journal.transfer-original",
                _("The entry whose cost is moved is not one of this book."),
                cure=_("Open the journal that posted the cost and choose to move it from there."),
                source=SOURCE,
                field="moves_entry_id",
            )
        ]
    if facts.effective_on >= facts.moved.effective_on:
        return []
    return [
        Breach(
            "journal.transfer-date",
            _("The transfer is dated %(day)s, before the cost of %(first)s."),
            cure=_("Enter the day of the cost or a later one."),
            source=SOURCE,
            params={"day": facts.effective_on.isoformat(), "first": facts.moved.effective_on.isoformat()},
            field="effective_on",
        )
    ]


def targets_differ(facts: JournalFacts) -> Found:
    """Each line goes to another contract, or to another heading of its own; both contracts are in one currency."""
    if facts.kind is not JournalKind.COST_TRANSFER:
        return []
    found = []
    for line in facts.lines:
        if line.target.contract_id == line.contract.contract_id and line.target_heading is line.heading:
            found.append(
                Breach(
                    "journal.transfer-target",
                    _("Line %(line)s names neither another contract nor another heading."),
                    cure=_("Choose the contract or the heading that takes the cost."),
                    source=SOURCE,
                    params={"line": line.number},
                    field=f"lines-{line.number - 1}-to_contract_id",
                )
            )
        elif not line.target.currency is line.contract.currency is line.amount.currency:
            found.append(
                Breach(
                    "journal.transfer-currency",
                    _("Line %(line)s would transfer cost between contracts of two currencies."),
                    cure=_("Reverse the cost and enter it again on the right contract."),
                    source=_("Two currencies are never added"),
                    params={"line": line.number},
                    field=f"lines-{line.number - 1}-to_contract_id",
                )
            )
    return found


def no_more_than_is_left(facts: JournalFacts) -> Found:
    """The lines take no more of the entry's cost than is neither transferred nor reversed yet."""
    if facts.kind is not JournalKind.COST_TRANSFER or facts.moved is None:
        return []
    wanted: dict[tuple[UUID, Heading], Money] = {}
    found = []
    for line in facts.lines:
        if line.heading is None or line.amount.currency is not line.contract.currency:
            continue
        key, nil = (line.contract.contract_id, line.heading), Money.zero(line.contract.currency)
        wanted[key] = wanted.get(key, nil) + line.amount
        left = facts.moved.remaining.get(key, nil)
        if wanted[key] > left:
            found.append(
                Breach(
                    "journal.transfer-beyond",
                    _("Line %(line)s: of entry %(entry)s, %(left)s is left on this heading of contract %(contract)s."),
                    cure=_("Move less: the rest has been transferred or reversed already, or was never there."),
                    source=SOURCE,
                    params={
                        "line": line.number,
                        "entry": facts.moved.entry_id,
                        "left": str(left),
                        "contract": line.contract.reference,
                    },
                    field=f"lines-{line.number - 1}-amount",
                )
            )
    return found


def inside_both_contracts(facts: JournalFacts) -> Found:
    """The day of the cost and that of the transfer lie within both contracts; a closing audit fee may come later."""
    if facts.kind is not JournalKind.COST_TRANSFER or facts.moved is None:
        return []
    days = (facts.moved.effective_on, facts.effective_on)
    return [
        Breach(
            "journal.transfer-outside-dates",
            _("Line %(line)s: cost and transfer do not both lie within contract %(contract)s (%(first)s to %(last)s)."),
            cure=_("Enter a day inside both contracts, or leave the cost where it is."),
            source=_("Negative list NL11: spending before the start or after the end"),
            params={
                "line": line.number,
                "contract": contract.reference,
                "first": contract.first_day.isoformat(),
                "last": contract.last_day.isoformat(),
            },
            field="effective_on",
        )
        for line in facts.lines
        for contract, heading in _ends(line)
        if not all(_inside(contract, day, late=heading is Heading.AUDIT_FEE) for day in days)
    ]


def age_pointed_out(facts: JournalFacts) -> Found:
    """Cost older than the policy's days is pointed out to whoever approves."""
    if facts.kind is not JournalKind.COST_TRANSFER:
        return []
    age = facts.today - (facts.moved.effective_on if facts.moved else facts.effective_on)
    if age <= timedelta(days=facts.old_transfer_days):
        return []
    return [
        Breach(
            "journal.transfer-old",
            _("The cost to be transferred is %(days)s days old."),
            cure=_("Say in the reason why it is moved so late."),
            source=SOURCE,
            params={"days": age.days},
            blocking=False,
        )
    ]


TRANSFER_RULES = (original_named, targets_differ, no_more_than_is_left, inside_both_contracts, age_pointed_out)


def _ends(line: LineChecked) -> tuple[tuple[CostBearer, Heading | None], ...]:
    """The contract and heading a line comes from and goes to; one where the contract stays the same."""
    source, target = (line.contract, line.heading), (line.target, line.target_heading)
    return (target,) if line.target.contract_id == line.contract.contract_id else (source, target)


def _inside(contract: CostBearer, day: date, *, late: bool) -> bool:
    return contract.first_day <= day and (late or day <= contract.last_day)
