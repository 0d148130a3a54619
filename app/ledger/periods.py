"""Months of a book: begin to close, exceptions, notes on the checks, revaluations, sealing with a pack.

Every write is a function of the database, under the lock that postings into the month share; a month that is sealed is
never opened again. Services decide who may; nothing here commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.posting import PeriodState
from app.ledger.refusals import refusals


@dataclass(frozen=True, slots=True)
class Month:
    """A book's month as it stands. `changed_by` moved it to its state last; None where nobody has."""

    first_day: date
    state: PeriodState
    changed_by: UUID | None
    changed_at: datetime | None
    started_by: UUID | None
    entries: int

    @property
    def last_day(self) -> date:
        """The end of the month."""
        return month_end(self.first_day)


@dataclass(frozen=True, slots=True)
class PostingException:
    """What lets a named person post into a closing month, and how often it was used. `ended_at`: taken back early."""

    id: UUID
    month: date
    person_id: UUID
    given_by: UUID
    reason: str
    given_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    used: int

    def in_force(self, now: datetime) -> bool:
        """Whether the person may post under it at this moment."""
        return self.ended_at is None and self.given_at <= now < self.expires_at


@dataclass(frozen=True, slots=True)
class ExceptionalEntry:
    """An entry that was posted into a closing month under an exception."""

    entry_id: int
    effective_on: date
    recorded_at: datetime
    reason: str
    actor_id: UUID
    exception_id: UUID
    exception_reason: str
    given_by: UUID


@dataclass(frozen=True, slots=True)
class Note:
    """What a person says about a check of a month."""

    check: str
    note: str
    actor_id: UUID
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Revaluation:
    """One run: the foreign balances, what they were carried at before it, and what they are worth at the rate."""

    number: int
    event_id: UUID
    rate_id: UUID
    foreign: Money
    carried: Money
    worth: Money
    run_at: datetime


def month_start(day: date) -> date:
    """The first day of the month a day lies in."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last day of the month a day lies in."""
    return month_start(month_start(day) + timedelta(days=31)) - timedelta(days=1)


def next_month(day: date) -> date:
    """The first day of the month after the one a day lies in."""
    return month_end(day) + timedelta(days=1)


def months(session: Session, book_id: UUID, *, until: date, most: int = 36) -> list[Month]:
    """The months of a book from its first entry to the one `until` lies in, newest first, at most `most` of them."""
    last = month_start(until)
    first = date(last.year - most // 12, last.month, 1)
    rows = session.execute(_MONTHS, {"book": book_id, "first": first, "until": last})
    return [_month(row) for row in rows][:most]


def month(session: Session, book_id: UUID, day: date) -> Month:
    """The month a day lies in as it stands. A month before a sealed one is sealed."""
    first = month_start(day)
    return _month(session.execute(_MONTHS, {"book": book_id, "first": first, "until": first}).one())


def exceptions(session: Session, book_id: UUID, day: date) -> list[PostingException]:
    """The exceptions given for a month, newest first, with how many entries each let in."""
    rows = session.execute(_EXCEPTIONS, {"book": book_id, "month": month_start(day)})
    return [PostingException(*row) for row in rows]


def exception_place(session: Session, exception_id: UUID) -> tuple[UUID, date] | None:
    """The book and month an exception is for; None if there is no such exception."""
    query = text("select book_id, month from ledger.period_exception where exception_id = :id")
    row = session.execute(query, {"id": exception_id}).one_or_none()
    return (row.book_id, row.month) if row else None


def posted_under_exception(session: Session, book_id: UUID, day: date) -> list[ExceptionalEntry]:
    """Everything posted into a month under an exception, in order of posting."""
    values = {"book": book_id, "month": month_start(day), "last": month_end(day)}
    return [ExceptionalEntry(*row) for row in session.execute(_USES, values)]


def notes(session: Session, book_id: UUID, day: date) -> dict[str, Note]:
    """The last note on each check of a month."""
    rows = session.execute(_NOTES, {"book": book_id, "month": month_start(day)})
    return {row.check_code: Note(*row) for row in rows}


def revaluations(session: Session, book_id: UUID, day: date, functional: Currency) -> list[Revaluation]:
    """The runs of a month in order. Foreign balances are in the other currency of the two the ledger keeps."""
    foreign = next(each for each in Currency if each is not functional)
    return [
        Revaluation(
            row.number,
            row.event_id,
            row.rate_id,
            Money(row.foreign_minor, foreign),
            Money(row.carried_minor, functional),
            Money(row.worth_minor, functional),
            row.run_at,
        )
        for row in session.execute(_REVALUATIONS, {"book": book_id, "month": month_start(day)})
    ]


def entries_not_in_a_block(session: Session, book_id: UUID, day: date) -> int:
    """How many entries of a month no block has sealed yet."""
    values = {"book": book_id, "first": month_start(day), "last": month_end(day)}
    return int(session.execute(_UNSEALED, values).scalar_one())


def give_exception(
    session: Session,
    exception_id: UUID,
    book_id: UUID,
    day: date,
    *,
    person_id: UUID,
    given_by: UUID,
    reason: str,
    given_at: datetime,
    expires_at: datetime,
) -> None:
    """Let a person post into the month while it is closing, until `expires_at` by the database's clock.

    Raises RuleBreached where giver and person are one, without a reason, or for a sealed month.
    """
    values = {
        "id": exception_id,
        "book": book_id,
        "month": month_start(day),
        "person": person_id,
        "giver": given_by,
        "reason": reason,
        "at": given_at,
        "until": expires_at,
    }
    _run("give_exception(:id, :book, :month, :person, :giver, :reason, :at, :until)", session, values)


def end_exception(session: Session, exception_id: UUID, *, ended_by: UUID, ended_at: datetime) -> None:
    """Take an exception back; again does nothing."""
    _run("end_exception(:id, :by, :at)", session, {"id": exception_id, "by": ended_by, "at": ended_at})


def add_note(
    session: Session, book_id: UUID, day: date, check: str, note: str, *, actor_id: UUID, noted_at: datetime
) -> None:
    """Explain a check of a month. Earlier notes stay."""
    values = {
        "book": book_id,
        "month": month_start(day),
        "check": check,
        "note": note,
        "actor": actor_id,
        "at": noted_at,
    }
    _run("add_period_note(:book, :month, :check, :note, :actor, :at)", session, values)


def begin_revaluation(
    session: Session,
    book_id: UUID,
    day: date,
    *,
    event_id: UUID,
    rate_id: UUID,
    foreign: Money,
    carried: Money,
    worth: Money,
    actor_id: UUID,
    run_at: datetime,
) -> int:
    """Announce a revaluation, so that its entry may be posted in the same transaction though the month is closing.

    `foreign` in the foreign currency, `carried` and `worth` in the book's, all debit-positive. Answers its number.
    """
    values = {
        "book": book_id,
        "month": month_start(day),
        "event": event_id,
        "rate": rate_id,
        "foreign": foreign.minor,
        "carried": carried.minor,
        "worth": worth.minor,
        "actor": actor_id,
        "at": run_at,
    }
    call = "begin_revaluation(:book, :month, :event, :rate, :foreign, :carried, :worth, :actor, :at)"
    return int(_run(call, session, values))


def lock_for_sealing(session: Session, book_id: UUID, day: date) -> None:
    """Wait for postings under way in the month and in every unsealed one before it, and hold new ones off."""
    _run("lock_for_sealing(:book, :month)", session, {"book": book_id, "month": month_start(day)})


def seal_month(session: Session, book_id: UUID, day: date, *, actor_id: UUID, pack: bytes) -> None:
    """Seal the month for good, keep its pack and write what stood on each account at its end.

    Raises Conflict where it is not being closed, RuleBreached for whoever started the closing, while an earlier month
    with entries is not sealed, while an entry of the month is in no block, and for a month sealed already.
    """
    values = {"book": book_id, "month": month_start(day), "actor": actor_id, "pack": pack}
    _run("seal_period(:book, :month, :actor, :pack)", session, values)


def pack(session: Session, book_id: UUID, day: date) -> tuple[bytes, bytes] | None:
    """The pack of a sealed month and its SHA-256; None before it is sealed."""
    query = text("select content, sha256 from ledger.period_pack where book_id = :book and month = :month")
    row = session.execute(query, {"book": book_id, "month": month_start(day)}).one_or_none()
    return (bytes(row.content), bytes(row.sha256)) if row else None


def _run(call: str, session: Session, values: dict[str, Any]) -> Any:
    with refusals():
        return session.execute(text(f"select ledger.{call}"), values).scalar_one()


def _month(row: Any) -> Month:
    return Month(row.month, PeriodState(row.state), row.changed_by, row.changed_at, row.started_by, row.entries)


# Entries are counted by the month's last voucher number and what is in no block yet: both are short index reads.
_MONTHS = text(
    "with unsealed as materialized ("
    "  select date_trunc('month', e.effective_on)::date as month, count(*) as entries"
    "  from ledger.seal_cursor c"
    "  join ledger.entry e on (e.seal_epoch, e.xact, e.entry_id) > (c.seal_epoch, c.xact, c.entry_id)"
    "  where e.book_id = :book group by 1),"
    " wanted as (select generate_series(greatest(cast(:first as date), least(cast(:until as date),"
    "    (select min(l.month) from ledger.seal_leaf l where l.book_id = :book), (select min(u.month) from unsealed u),"
    "    (select min(p.month) from ledger.period p where p.book_id = :book))),"
    "  cast(:until as date), interval '1 month')::date as month)"
    " select w.month, p.changed_by, p.changed_at, p.started_by,"
    " case when w.month <= (select max(s.month) from ledger.period s where s.book_id = :book and s.state = 'SEALED')"
    " then 'SEALED' else coalesce(p.state, 'OPEN') end as state,"
    " coalesce((select max(l.voucher_no) from ledger.seal_leaf l where l.book_id = :book and l.month = w.month), 0)"
    " + coalesce((select u.entries from unsealed u where u.month = w.month), 0) as entries"
    " from wanted w left join ledger.period p on p.book_id = :book and p.month = w.month order by w.month desc"
)
_EXCEPTIONS = text(
    "select x.exception_id, x.month, x.person_id, x.given_by, x.reason, x.given_at, x.expires_at, e.ended_at,"
    " (select count(*) from ledger.period_exception_use u where u.exception_id = x.exception_id) as used"
    " from ledger.period_exception x left join ledger.period_exception_end e using (exception_id)"
    " where x.book_id = :book and x.month = :month order by x.given_at desc, x.exception_id"
)
_USES = text(
    "select e.entry_id, e.effective_on, e.recorded_at, e.reason, e.actor_id, x.exception_id,"
    " x.reason as exception_reason, x.given_by"
    " from ledger.period_exception x join ledger.period_exception_use u using (exception_id)"
    " join ledger.entry e on e.entry_id = u.entry_id and e.effective_on between :month and :last"
    " where x.book_id = :book and x.month = :month order by e.recorded_at, e.entry_id"
)
_NOTES = text(
    "select distinct on (check_code) check_code, note, actor_id, noted_at from ledger.period_note"
    " where book_id = :book and month = :month order by check_code, number desc"
)
_REVALUATIONS = text("select * from ledger.revaluation where book_id = :book and month = :month order by number")
_UNSEALED = text(
    "select count(*) from ledger.seal_cursor c"
    " join ledger.entry e on (e.seal_epoch, e.xact, e.entry_id) > (c.seal_epoch, c.xact, c.entry_id)"
    " where e.book_id = :book and e.effective_on between :first and :last"
)
