"""The verbs of periods: start closing, open again, exceptions, notes, sealing with a pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.audit import trail
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import Conflict, InputRefused, NotFound, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.ledger import periods, posting
from app.ledger.periods import Month, PostingException
from app.ledger.posting import PeriodState
from app.periods import pack, queries, rules
from app.periods.commands import EndException, Explain, GiveException, OpenAgain, Step
from app.periods.rules import Check
from app.periods.states import EXPLAINABLE


@dataclass(frozen=True, slots=True)
class MonthFile:
    """A month's pack ready to be saved."""

    content: bytes
    name: str


def first_day_of(text: str, today: date) -> date:
    """The month named `YYYY-MM`. Raises NotFound for anything else, and for months to come."""
    try:
        first_day = date.fromisoformat(f"{text}-01")
    except ValueError:
        first_day = date.max
    if not date(2000, 1, 1) <= first_day <= today or first_day.strftime("%Y-%m") != text:
        raise NotFound(Breach("period.not-found", _("There is no such month.")))
    return first_day


def start_closing(session: Session, actor: Actor, code: str, month: str, command: Step, *, now: datetime) -> Month:
    """Begin to close a month: from now on only those with an exception post into it."""
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CLOSE, now)
    _must_be(session, place, first_day, command.seen, PeriodState.OPEN)
    posting.set_period(session, place.id, first_day, PeriodState.CLOSING, actor_id=actor.person_id)
    return _done(session, actor, "period.start-closing", place, first_day, {}, now)


def open_again(session: Session, actor: Actor, code: str, month: str, command: OpenAgain, *, now: datetime) -> Month:
    """Open a month that was being closed, for a reason. A sealed month is never opened."""
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CONFIRM, now)
    _must_be(session, place, first_day, command.seen, PeriodState.CLOSING)
    posting.set_period(session, place.id, first_day, PeriodState.OPEN, actor_id=actor.person_id)
    return _done(session, actor, "period.open-again", place, first_day, {"reason": command.reason}, now)


def give_exception(
    session: Session, actor: Actor, code: str, month: str, command: GiveException, *, now: datetime
) -> PostingException:
    """Let a person of the institution post into a closing month for some days; nobody gives it to themselves."""
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CONFIRM, now)
    _must_be(session, place, first_day, PeriodState.CLOSING, PeriodState.CLOSING)
    if command.person == actor.person_id:
        raise own_work("period.give-exception")
    if command.person not in {person.id for person in queries.posters(session, place.id, business_date(now))}:
        message = _("This person does not post in this book.")
        raise InputRefused(Breach("exception.person", message, _("Choose one from the list."), field="person"))
    exception_id, until = new_id(), now + timedelta(days=command.days)
    periods.give_exception(
        session,
        exception_id,
        place.id,
        first_day,
        person_id=command.person,
        given_by=actor.person_id,
        reason=command.reason,
        given_at=now,
        expires_at=until,
    )
    details = {"person": str(command.person), "until": until.isoformat(), "reason": command.reason}
    _done(session, actor, "period.give-exception", place, first_day, details, now)
    return next(each for each in periods.exceptions(session, place.id, first_day) if each.id == exception_id)


def end_exception(
    session: Session, actor: Actor, code: str, month: str, command: EndException, *, now: datetime
) -> PostingException:
    """Take an exception back before it expires."""
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CONFIRM, now)
    if periods.exception_place(session, command.exception) != (place.id, first_day):
        message = _("There is no such exception for this month.")
        raise InputRefused(Breach("exception.not-found", message, _("Open the page again."), field="exception"))
    periods.end_exception(session, command.exception, ended_by=actor.person_id, ended_at=now)
    details = {"exception": str(command.exception)}
    _done(session, actor, "period.end-exception", place, first_day, details, now)
    return next(each for each in periods.exceptions(session, place.id, first_day) if each.id == command.exception)


def explain(session: Session, actor: Actor, code: str, month: str, command: Explain, *, now: datetime) -> Check:
    """Explain what a check found by a note, which goes into the pack."""
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CLOSE, now)
    _must_not_be_sealed(session, place, first_day)
    if command.check not in EXPLAINABLE:
        message = _("This check is not explained away; it has to be put right.")
        raise InputRefused(Breach("check.not-explainable", message, source=rules.SOURCE, field="check"))
    periods.add_note(
        session, place.id, first_day, command.check.value, command.note, actor_id=actor.person_id, noted_at=now
    )
    details = {"check": command.check.value, "note": command.note}
    _done(session, actor, "period.explain", place, first_day, details, now)
    return next(each for each in checks(session, place, first_day, now=now) if each.code == command.check)


def checks(session: Session, place: Institution, first_day: date, *, now: datetime) -> tuple[Check, ...]:
    """The checks of a month as they stand."""
    return rules.checks(queries.facts(session, place, first_day, today=business_date(now)))


def seal(session: Session, actor: Actor, code: str, month: str, command: Step, *, now: datetime) -> Month:
    """Seal a month for good, as another person than started the closing, and keep its pack.

    Raises RuleBreached with every check that is open.
    """
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CONFIRM, now)
    periods.lock_for_sealing(session, place.id, first_day)
    row = _must_be(session, place, first_day, command.seen, PeriodState.CLOSING)
    if row.started_by == actor.person_id:
        raise own_work("period.seal")
    found = checks(session, place, first_day, now=now)
    breaches = rules.open_breaches(found)
    if breaches:
        raise RuleBreached(*breaches)
    content = pack.build(session, place, first_day, found, sealed_by=actor.person_id, now=now)
    periods.seal_month(session, place.id, first_day, actor_id=actor.person_id, pack=content)
    return _done(session, actor, "period.seal", place, first_day, {}, now)


def file(session: Session, actor: Actor, code: str, month: str, *, now: datetime) -> MonthFile:
    """The pack of a sealed month. Raises NotFound before."""
    place = queries.book(session, actor, code)
    first_day = first_day_of(month, business_date(now))
    kept = periods.pack(session, place.id, first_day)
    if kept is None:
        raise NotFound(Breach("pack.not-found", _("A month has a pack once it is sealed.")))
    return MonthFile(kept[0], f"{place.code}-{month}-period-pack.zip")


def _opened(
    session: Session, actor: Actor, code: str, month: str, permission: Permission, now: datetime
) -> tuple[Institution, date]:
    place = queries.book(session, actor, code)
    authorise(actor, permission, place.id)
    return place, first_day_of(month, business_date(now))


def _must_be(session: Session, place: Institution, first_day: date, seen: PeriodState, wanted: PeriodState) -> Month:
    row = periods.month(session, place.id, first_day)
    if row.state is not wanted or seen is not wanted:
        message = _("The month is not in the state this step needs.")
        raise Conflict(Breach("period.state", message, _("Open the page again to see how it stands."), rules.SOURCE))
    return row


def _must_not_be_sealed(session: Session, place: Institution, first_day: date) -> None:
    if periods.month(session, place.id, first_day).state is PeriodState.SEALED:
        message = _("The month is sealed in this book, for good.")
        raise Conflict(Breach("period.sealed", message, source=rules.SOURCE))


def _done(
    session: Session,
    actor: Actor,
    verb: str,
    place: Institution,
    first_day: date,
    details: dict[str, str],
    now: datetime,
) -> Month:
    shown: dict[str, object] = {"month": first_day.strftime("%Y-%m"), **details}
    trail.record(session, actor, verb, ("institution", place.id), shown, now=now, institution_id=place.id)
    return periods.month(session, place.id, first_day)


def revaluation_allowed(
    session: Session, actor: Actor, code: str, month: str, seen: PeriodState, now: datetime
) -> tuple[Institution, date]:
    """The book and month a revaluation is run in: open or closing, as the page showed it. Refusals as of a step."""
    place, first_day = _opened(session, actor, code, month, Permission.CLOSING_CLOSE, now)
    _must_not_be_sealed(session, place, first_day)
    _must_be(session, place, first_day, seen, seen)
    return place, first_day


def persons_of(rows: Sequence[Month]) -> set[UUID]:
    """The persons that a list of months names."""
    return {key for row in rows for key in (row.changed_by, row.started_by) if key is not None}
