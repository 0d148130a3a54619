"""The verbs of obligations: generated from the terms, submitted by the grantee, queried and accepted by the funder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.contracts import opening, programme_queries, queries
from app.contracts.commands import AddObligation, ExtendObligation, ObligationStep
from app.contracts.models import Contract, Obligation, Programme
from app.contracts.states import OBLIGATION_MOVES, ContractStatus, ObligationStatus
from app.contracts.terms import family
from app.contracts.terms.family import Every
from app.contracts.terms.schedule import PlannedObligation, plan
from app.db.unit_of_work import lock_for_update
from app.evidence import service as evidence
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.messages import _
from app.web.uploads import Upload

LIFE = _("Life of an obligation")


def planned(session: Session, contract: Contract, today: date) -> tuple[PlannedObligation, ...]:
    """What will be owed under the programme's parameters of a day, by due date."""
    programme = session.get_one(Programme, contract.programme_id)
    values = programme_queries.parameter_values(session, programme, today)
    terms = family(programme.terms_family)
    return plan(terms, values, contract.first_day, contract.last_day, programme.year_end_month)


def generate(session: Session, contract: Contract, today: date) -> None:
    """Write down everything owed under the terms; a step of signing."""
    for each in planned(session, contract, today):
        session.add(_row(contract, each))
    session.flush()
    session.expire(contract, ["obligations"])


def reschedule(session: Session, contract: Contract, today: date, note: str) -> None:
    """After the contract's days changed: move what is owed at the end, add new periods, waive those that fell away.

    Only obligations nobody has handed in yet move; the original due date of each is kept.
    """
    programme = session.get_one(Programme, contract.programme_id)
    at_end = {rule.kind for rule in family(programme.terms_family).owed if rule.every is Every.END}
    new = planned(session, contract, today)
    mine = list(contract.obligations)
    for each in new:
        same = [o for o in mine if o.kind == each.kind]
        if each.kind in at_end and same:
            _move_to(same[0], each)
        elif not any(o.period_last_day == each.last_day for o in same):
            session.add(_row(contract, each))
    wanted = {(each.kind, each.last_day) for each in new}
    for owed in mine:
        gone = owed.period_last_day is not None and (owed.kind, owed.period_last_day) not in wanted
        if gone and owed.kind not in at_end and owed.status == ObligationStatus.DUE:
            owed.status, owed.note = ObligationStatus.WAIVED.value, note
    session.flush()
    session.expire(contract, ["obligations"])


def add(session: Session, actor: Actor, contract_id: UUID, command: AddObligation, *, now: datetime) -> Obligation:
    """Write down something owed beyond what the terms generate."""
    contract = opening.opened(session, actor, contract_id, Permission.OBLIGATIONS_CREATE)
    opening.must_be_in(
        contract,
        ContractStatus.SIGNED,
        ContractStatus.ACTIVE,
        ContractStatus.SUSPENDED,
        ContractStatus.CLOSING,
    )
    owed = Obligation(
        contract_id=contract.id,
        kind=command.kind.value,
        title=command.title,
        period_first_day=command.period_first_day,
        period_last_day=command.period_last_day,
        due_on=command.due_on,
        original_due_on=command.due_on,
        blocks_tranche=command.blocks_tranche,
        status=ObligationStatus.DUE.value,
    )
    session.add(owed)
    session.flush()
    _trace(session, actor, "obligation.add", contract, owed, {}, now)
    return owed


def submit(
    session: Session,
    actor: Actor,
    obligation_id: UUID,
    command: ObligationStep,
    file: Upload | None = None,
    *,
    now: datetime,
) -> Obligation:
    """The grantee hands in what is owed, with its document when there is one."""
    owed, contract = _opened(session, actor, obligation_id, command.version)
    authorise(actor, Permission.OBLIGATIONS_SUBMIT, contract.grantee_id)
    _move(owed, ObligationStatus.SUBMITTED)
    owed.submitted_by_id, owed.submitted_at, owed.note = actor.person_id, now, command.note
    details: dict[str, Any] = {"note": command.note}
    if file is not None:
        document = evidence.keep(
            session,
            actor,
            file,
            subject_kind="obligation",
            subject_id=owed.id,
            institution_id=contract.grantee_id,
            title=owed.title,
            now=now,
        )
        details["sha256"] = document.sha256.hex()
    _trace(session, actor, "obligation.submit", contract, owed, details, now)
    return owed


def query(session: Session, actor: Actor, obligation_id: UUID, command: ObligationStep, *, now: datetime) -> Obligation:
    """The funder asks back; the grantee answers by submitting again."""
    owed, contract = _opened(session, actor, obligation_id, command.version)
    authorise(actor, Permission.OBLIGATIONS_QUERY, contract.funder_id)
    opening.must_be_disinterested(session, actor, contract.id)
    _note_given(command.note)
    _move(owed, ObligationStatus.QUERIED)
    owed.note = command.note
    _trace(session, actor, "obligation.query", contract, owed, {"question": command.note}, now)
    return owed


def accept(
    session: Session, actor: Actor, obligation_id: UUID, command: ObligationStep, *, now: datetime
) -> Obligation:
    """The funder accepts what was handed in: someone without an interest, and not who submitted it."""
    owed, contract = _opened(session, actor, obligation_id, command.version)
    authorise(actor, Permission.OBLIGATIONS_ACCEPT, contract.funder_id)
    opening.must_be_another(actor, owed.submitted_by_id, "obligation.accept")
    opening.must_be_disinterested(session, actor, contract.id)
    _move(owed, ObligationStatus.ACCEPTED)
    owed.accepted_by_id, owed.accepted_at = actor.person_id, now
    if command.note:
        owed.note = command.note
    _trace(session, actor, "obligation.accept", contract, owed, {"note": command.note}, now)
    return owed


def waive(session: Session, actor: Actor, obligation_id: UUID, command: ObligationStep, *, now: datetime) -> Obligation:
    """The funder lets something go unsubmitted, for a reason."""
    owed, contract = _opened(session, actor, obligation_id, command.version)
    authorise(actor, Permission.OBLIGATIONS_WAIVE, contract.funder_id)
    opening.must_be_another(actor, owed.submitted_by_id, "obligation.waive")
    opening.must_be_disinterested(session, actor, contract.id)
    _note_given(command.note)
    _move(owed, ObligationStatus.WAIVED)
    owed.note = command.note
    _trace(session, actor, "obligation.waive", contract, owed, {"reason": command.note}, now)
    return owed


def extend(
    session: Session, actor: Actor, obligation_id: UUID, command: ExtendObligation, *, now: datetime
) -> Obligation:
    """The funder gives more time, for a reason; the original due date stays on record."""
    owed, contract = _opened(session, actor, obligation_id, command.version)
    authorise(actor, Permission.OBLIGATIONS_EXTEND, contract.funder_id)
    opening.must_be_disinterested(session, actor, contract.id)
    _note_given(command.reason, "reason")
    if owed.status in queries.SETTLED:
        raise Conflict(Breach("obligation.settled", _("Nothing is owed here any more."), source=LIFE))
    if command.due_on <= owed.due_on:
        raise RuleBreached(
            Breach(
                "obligation.not-later",
                _("The new date must lie after %(day)s."),
                _("Enter a later day."),
                LIFE,
                {"day": owed.due_on},
                "due_on",
            )
        )
    details = {"before": owed.due_on, "after": command.due_on, "reason": command.reason}
    owed.due_on = command.due_on
    _trace(session, actor, "obligation.extend", contract, owed, details, now)
    return owed


def _opened(session: Session, actor: Actor, obligation_id: UUID, version: int) -> tuple[Obligation, Contract]:
    """The obligation locked at the version shown, and its contract, if in scope. Raises NotFound otherwise."""
    found = session.get(Obligation, obligation_id)
    if found is None or not queries.sees(session, actor, found.contract_id):
        raise NotFound(Breach("obligation.not-found", _("There is no such obligation.")))
    owed = lock_for_update(session, Obligation, obligation_id, version)
    return owed, queries.by_id(session, owed.contract_id)


def _move(owed: Obligation, to: ObligationStatus) -> None:
    if to not in OBLIGATION_MOVES[ObligationStatus(owed.status)]:
        raise Conflict(
            Breach(
                "obligation.move",
                _("An obligation that is %(status)s cannot become %(to)s."),
                _("Open it again and see where it stands."),
                LIFE,
                {"status": owed.status, "to": to.value},
            )
        )
    owed.status = to.value


def _note_given(note: str, field: str = "note") -> None:
    if not note.strip():
        raise RuleBreached(
            Breach("obligation.no-note", _("The reason is missing."), _("Write why."), LIFE, field=field)
        )


def _row(contract: Contract, each: PlannedObligation) -> Obligation:
    return Obligation(
        contract_id=contract.id,
        kind=each.kind.value,
        title=each.title,
        period_first_day=each.first_day,
        period_last_day=each.last_day,
        due_on=each.due_on,
        original_due_on=each.due_on,
        blocks_tranche=each.blocks_tranche,
        status=ObligationStatus.DUE.value,
    )


def _move_to(owed: Obligation, each: PlannedObligation) -> None:
    if owed.status == ObligationStatus.DUE:
        owed.period_last_day, owed.due_on = each.last_day, each.due_on


def _trace(
    session: Session,
    actor: Actor,
    verb: str,
    contract: Contract,
    owed: Obligation,
    details: dict[str, Any],
    now: datetime,
) -> None:
    what = {"obligation": owed.id, "title": owed.title, "due_on": owed.due_on, **details}
    opening.record(session, actor, verb, contract, what, now=now)


def open_titles(owed: Sequence[Obligation]) -> tuple[str, ...]:
    """Titles of what is not settled yet."""
    return tuple(each.title for each in owed if each.status not in queries.SETTLED)
