"""Every SELECT of periods: books in the actor's scope and the facts of a month's checks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.disbursements.models import Disbursement
from app.exchange_rates import queries as rates
from app.exchange_rates.models import RateKind
from app.exchange_rates.queries import FoundRate
from app.institutions import book_scope
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances, history, mirrors, periods
from app.ledger.balances import TrialBalanceRow
from app.ledger.chart import CHART, AccountCode, AccountRole, Kind
from app.ledger.posting import PeriodState
from app.people import queries as people
from app.people.models import Person
from app.periods.rules import BankStanding, Facts, Position, Revalued, Unpaired
from app.reconciliation.closing import at_month_end


def books(session: Session, actor: Actor) -> Sequence[Institution]:
    """Institutions whose books the actor may read, by code."""
    return book_scope.readable(session, actor, Permission.LEDGER_READ)


def book(session: Session, actor: Actor, code: str) -> Institution:
    """The institution of that code with a book. Raises NotFound outside the scope, NotPermitted without the right."""
    return book_scope.keeper(session, actor, code, Permission.LEDGER_READ)


def posters(session: Session, book_id: UUID, today: date) -> Sequence[Person]:
    """Who can be given an exception: people of the institution who may enter or approve journals, or settle."""
    found: dict[UUID, Person] = {}
    for permission in (Permission.JOURNALS_APPROVE, Permission.DISBURSEMENTS_SETTLE, Permission.FUNDS_APPROVE,
                       Permission.DISBURSEMENTS_RELEASE, Permission.DISBURSEMENTS_CONFIRM_RECEIPT):  # fmt: skip
        found |= {person.id: person for person in people.holders_of(session, permission, book_id, today)}
    return sorted(found.values(), key=lambda person: (person.name_en, str(person.id)))


def facts(session: Session, place: Institution, first_day: date, *, today: date) -> Facts:
    """What the checks of a book's month look at."""
    last_day = periods.month_end(first_day)
    rows = history.trial_balance_as_known(session, place.id, last_day)
    posted = balances.trial_balance(session, place.id, last_day)
    functional = Currency(place.functional_currency)
    return Facts(
        last_day=last_day,
        today=today,
        earlier_open=earlier_open(session, place.id, first_day),
        entries=periods.month(session, place.id, first_day).entries,
        not_in_a_block=periods.entries_not_in_a_block(session, place.id, first_day),
        sums=_sums(posted, functional),
        rollups_agree=rows == posted,
        in_transit=tuple(row.balance for row in rows if row.code is AccountCode.PAYMENTS_IN_TRANSIT),
        unpaired=unpaired(session, place.id, last_day),
        revalued=revalued(session, place, rows, first_day),
        positions=positions(session, place.id, last_day),
        notes={code: note.note for code, note in periods.notes(session, place.id, first_day).items()},
        banks=_banks(session, place.id, last_day),
    )


def _banks(session: Session, book_id: UUID, last_day: date) -> tuple[BankStanding, ...]:
    return tuple(
        BankStanding(
            each.name,
            each.lines,
            each.lines_sum,
            each.old_lines,
            each.postings,
            each.postings_sum,
            each.approved,
        )
        for each in at_month_end(session, book_id, last_day)
    )


def _sums(rows: Sequence[TrialBalanceRow], functional: Currency) -> tuple[Money, ...]:
    by_currency = [total((row.balance for row in rows if row.balance.currency is each), each) for each in Currency]
    return (*by_currency, total((row.functional for row in rows), functional))


def earlier_open(session: Session, book_id: UUID, first_day: date) -> date | None:
    """The first month before this one that has entries and is not sealed."""
    seen = [
        row.first_day
        for row in periods.months(session, book_id, until=first_day, most=720)
        if row.first_day < first_day and row.entries and row.state is not PeriodState.SEALED
    ]
    return min(seen, default=None)


def rate_of_month(session: Session, place: Institution, first_day: date) -> FoundRate | None:
    """The newest confirmed period-end rate dated in the month, the institution's own before the common one."""
    functional = Currency(place.functional_currency)
    foreign = next(each for each in Currency if each is not functional)
    last_day = periods.month_end(first_day)
    found = rates.latest(session, RateKind.PERIOD_END, foreign, functional, last_day, institution_id=place.id)
    return found if found is not None and found.rate_date >= first_day else None


def revalued(session: Session, place: Institution, rows: Sequence[TrialBalanceRow], first_day: date) -> Revalued | None:
    """Foreign assets and liabilities at the month's end, as carried with earlier revaluations, and at its rate.

    Each account is translated by itself (half-up), then added. None where the book holds none and carries nothing.
    """
    functional = Currency(place.functional_currency)
    foreign = next(each for each in Currency if each is not functional)
    kept = [row for row in rows if row.balance.currency is foreign and _is_monetary(row.code)]
    standing = total((row.functional for row in rows if row.code is AccountCode.REVALUATION), functional)
    if not any(row.balance or row.functional for row in kept) and not standing:
        return None
    rate = rate_of_month(session, place, first_day)
    return Revalued(
        total((row.balance for row in kept), foreign),
        total((row.functional for row in kept), functional) + standing,
        total((rate.convert(row.balance) for row in kept), functional) if rate else None,
        rate.rate_date if rate else None,
    )


def _is_monetary(code: AccountCode) -> bool:
    row = CHART[code]
    return row.kind in (Kind.ASSET, Kind.LIABILITY) and row.role in (AccountRole.PLAIN, AccountRole.BANK)


def unpaired(session: Session, book_id: UUID, last_day: date) -> tuple[Unpaired, ...]:
    """Payments and returns of residue that this book shows up to the day and another book does not, or not the same."""
    found = mirrors.differences(session, book_id, last_day)
    query = select(Disbursement.id, Disbursement.reference).where(Disbursement.id.in_([each.key for each in found]))
    references = {row.id: row.reference for row in session.execute(query)}
    return tuple(Unpaired(references.get(each.key, str(each.key)[:8]), each.day, each.left_over) for each in found)


def positions(session: Session, book_id: UUID, last_day: date) -> tuple[Position, ...]:
    """Exchange positions left in a book on contracts that were closed by the day."""
    query = select(Contract.id, Contract.reference).where(
        Contract.status == ContractStatus.CLOSED,
        Contract.closed_on <= last_day,
        (Contract.funder_id == book_id) | (Contract.grantee_id == book_id),
    )
    found = []
    for contract_id, reference in session.execute(query.order_by(Contract.reference)):
        legs = balances.pair_positions(session, contract_id, book_id, last_day)
        found += [Position(reference, leg) for leg in legs.values() if leg]
    return tuple(found)
