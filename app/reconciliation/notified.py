"""What notifications of the bank add to the lines of its statements, and which of them no statement shows yet.

A notified entry is never a line: it gives a line with the same reference of the bank and the same amount what the line
itself leaves out. Several entries of one reference belong to a line only where they make up its amount.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.bank_notices import queries as notices
from app.bank_notices.marks import identifiers_of
from app.bank_notices.models import BankNoticeEntry
from app.institutions.models import BankAccount
from app.kernel.money import Money, total
from app.reconciliation import queries
from app.reconciliation.models import BankLine
from app.reconciliation.states import Standing

WATCHED_DAYS = 92
"""How far back an entry is looked for on the statements: an older one was asked about long ago."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the notified entries of a line say that the line may not."""

    end_to_end: str
    uetr: str
    text: str
    charge: Money | None
    return_reason: str
    reversal: bool
    counterparty: str


NOTHING = Told("", "", "", None, "", False, "")


def of_lines(session: Session, account_id: UUID, lines: Collection[BankLine]) -> dict[UUID, Told]:
    """What notices tell of lines of the account, by line; lines that none tells of are absent."""
    if not lines or not notices.any_of(session, account_id):
        return {}
    kept = notices.under_references(session, account_id, {line.bank_reference for line in lines})
    found = {line.id: belonging(line.amount, kept.get(line.bank_reference, ())) for line in lines}
    return {key: told(entries) for key, entries in found.items() if entries}


def belonging(amount: Money, entries: Sequence[BankNoticeEntry]) -> tuple[BankNoticeEntry, ...]:
    """The entries of one reference that are a line of that amount: one of that amount, or all that make it up."""
    same = tuple(each for each in entries if each.amount == amount)
    if same:
        return same[:1]
    return tuple(entries) if entries and total((each.amount for each in entries), amount.currency) == amount else ()


def told(entries: Sequence[BankNoticeEntry]) -> Told:
    """What entries say together; a charge only where each that states one can be added up."""
    charges = [each.charge for each in entries if each.charge is not None]
    parties = {each.counterparty for each in entries}
    return Told(
        _together((each.end_to_end for each in entries), " "),
        _together((each.uetr for each in entries), " "),
        _together((each.text for each in entries), " · "),
        total(charges, entries[0].amount.currency) if charges else None,
        _together((each.return_reason for each in entries), " · "),
        any(each.reversal for each in entries),
        parties.pop() if len(parties) == 1 else "",
    )


def _together(texts: Iterable[str], between: str) -> str:
    return between.join(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of a statement, as far as a notified entry can be found on it."""

    bank_reference: str
    identifiers: frozenset[str]
    minor: int


@dataclass(frozen=True, slots=True)
class Watched:
    """A notified entry that no statement shows, and where it stands."""

    entry: BankNoticeEntry
    standing: Standing


def watched(session: Session, bank: BankAccount, today: date) -> list[Watched]:
    """The entries of the last three months that no statement shows: waiting, or missing though its day has come."""
    entries = notices.since(session, bank.id, today - timedelta(days=WATCHED_DAYS))
    if not entries:
        return []
    standing = queries.statements(session, bank.id)
    reach = standing[-1].last_day if standing else None
    shown = [
        LineShown(row.bank_reference, identifiers_of(row.end_to_end, row.uetr), row.amount_minor)
        for row in queries.lines(session, bank.id)
    ]
    stands = standings(entries, shown, reach)
    return [Watched(entry, stands[entry.id]) for entry in entries if stands[entry.id] is not Standing.SHOWN]


def standings(
    entries: Sequence[BankNoticeEntry], lines: Collection[LineShown], reach: date | None
) -> Mapping[UUID, Standing]:
    """Where each entry stands. A line shows it by reference and amount, by its reference's sum, or by identifier."""
    by_reference = {(line.bank_reference, line.minor) for line in lines if line.bank_reference}
    by_identifier = {(mark, line.minor) for line in lines for mark in line.identifiers}
    sums: dict[str, int] = defaultdict(int)
    for each in entries:
        sums[each.bank_reference] += each.amount_minor
    found: dict[UUID, Standing] = {}
    for each in entries:
        reference, minor = each.bank_reference, each.amount_minor
        if (
            (reference, minor) in by_reference
            or (reference, sums[reference]) in by_reference
            or any((mark, minor) in by_identifier for mark in identifiers_of(each.end_to_end, each.uetr))
        ):
            found[each.id] = Standing.SHOWN
        else:
            found[each.id] = Standing.WAITING if reach is None or each.booked_on > reach else Standing.MISSING
    return found
