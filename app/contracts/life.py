"""The life of a signed contract: activate, suspend, resume, start closing, close, terminate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.contracts import exchange, opening, payments_seen, queries, rules
from app.contracts.commands import Step
from app.contracts.models import Contract
from app.contracts.states import AmendmentStatus, ContractStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date


def activate(session: Session, actor: Actor, contract_id: UUID, command: Step, *, now: datetime) -> Contract:
    """Let payments begin under a signed contract."""
    return _step(session, actor, contract_id, command, ContractStatus.ACTIVE, Permission.CONTRACTS_ACTIVATE, now)


def suspend(session: Session, actor: Actor, contract_id: UUID, command: Step, *, now: datetime) -> Contract:
    """Stop payments for a reason. What is held stays held."""
    opening.reason_given(command.reason)
    return _step(session, actor, contract_id, command, ContractStatus.SUSPENDED, Permission.CONTRACTS_SUSPEND, now)


def resume(session: Session, actor: Actor, contract_id: UUID, command: Step, *, now: datetime) -> Contract:
    """Let payments go on after a suspension, for a reason."""
    opening.reason_given(command.reason)
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_SUSPEND, command.version)
    opening.must_be_in(contract, ContractStatus.SUSPENDED)
    return _moved(session, actor, contract, command, ContractStatus.ACTIVE, now)


def start_closing(session: Session, actor: Actor, contract_id: UUID, command: Step, *, now: datetime) -> Contract:
    """Begin to close: only the final tranche can be paid from now on, and what is repayable becomes a figure."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_CLOSE, command.version)
    contract.closing_from = business_date(now)
    contract.closing_started_by_id = actor.person_id
    return _moved(session, actor, contract, command, ContractStatus.CLOSING, now)


def close(session: Session, actor: Actor, contract_id: UUID, command: Step, *, now: datetime) -> Contract:
    """Close a contract whose obligations are settled and payments done; what is still held goes back to the pocket.

    What is left of its exchange position is posted out in each book, by another person than started the closing.
    """
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_CLOSE, command.version)
    opening.must_be_disinterested(session, actor, contract.id)
    opening.must_be_in(contract, ContractStatus.CLOSING)
    today = business_date(now)
    if needs_second_person(session, contract, today):
        opening.must_be_another(actor, contract.closing_started_by_id, "contract.close")
    opening.refuse_if(closing_breaches(session, contract, today))
    contract.closed_on = today
    released = opening.release_what_is_held(session, actor, contract)
    realised = exchange.close_out(session, actor, contract, today)
    details = {"released": released, "exchange_difference": ", ".join(str(-each) for each in realised)}
    return _moved(session, actor, contract, command, ContractStatus.CLOSED, now, details)


def terminate(session: Session, actor: Actor, contract_id: UUID, command: Step, *, now: datetime) -> Contract:
    """End a contract early, or drop a draft, for a reason; what is still held goes back. Money can still come back."""
    opening.reason_given(command.reason)
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_TERMINATE, command.version)
    opening.must_be_disinterested(session, actor, contract.id)
    today = business_date(now)
    opening.refuse_if(rules.collect(rules.TERMINATION_RULES, closing_facts(session, contract, today)))
    contract.closed_on = today
    details = {"released": opening.release_what_is_held(session, actor, contract)}
    return _moved(session, actor, contract, command, ContractStatus.TERMINATED, now, details)


def needs_second_person(session: Session, contract: Contract, today: date) -> bool:
    """Whether closing posts anything, which nobody does alone."""
    return bool(exchange.left(session, contract, today))


def closing_breaches(session: Session, contract: Contract, today: date) -> list[Breach]:
    """Everything that keeps a contract from being closed, as its page shows it."""
    return rules.collect(rules.CLOSING_RULES, closing_facts(session, contract, today))


def closing_facts(session: Session, contract: Contract, today: date) -> rules.ClosingFacts:
    """What stands open under a contract."""
    payments = payments_seen.payments_of(session, contract.id)
    moving = payments_seen.PREPARING | payments_seen.IN_TRANSIT
    waiting = [each for each in queries.amendments_of(session, contract.id) if each.status == AmendmentStatus.PROPOSED]
    return rules.ClosingFacts(
        open_obligations=tuple(o.title for o in contract.obligations if o.status not in queries.SETTLED),
        reserved_payments=tuple(p.reference for p in payments if p.status in payments_seen.RESERVED),
        moving_payments=tuple(p.reference for p in payments if p.status in moving),
        open_amendments=tuple(each.number for each in waiting),
        unvalued=tuple(each.foreign for each in exchange.left(session, contract, today) if each.position is None),
    )


def _step(
    session: Session,
    actor: Actor,
    contract_id: UUID,
    command: Step,
    to: ContractStatus,
    permission: Permission,
    now: datetime,
) -> Contract:
    contract = opening.opened(session, actor, contract_id, permission, command.version)
    if to is ContractStatus.ACTIVE:
        opening.must_be_in(contract, ContractStatus.SIGNED)
    return _moved(session, actor, contract, command, to, now)


def _moved(
    session: Session,
    actor: Actor,
    contract: Contract,
    command: Step,
    to: ContractStatus,
    now: datetime,
    more: Mapping[str, str] | None = None,
) -> Contract:
    before = contract.status
    opening.move(contract, to, command.reason)
    details = {"before": before, "after": to, "reason": command.reason}
    details |= {name: value for name, value in (more or {}).items() if value}
    opening.record(session, actor, f"contract.{_VERBS[to]}", contract, details, now=now)
    return contract


_VERBS = {
    ContractStatus.ACTIVE: "activate",
    ContractStatus.SUSPENDED: "suspend",
    ContractStatus.CLOSING: "start-closing",
    ContractStatus.CLOSED: "close",
    ContractStatus.TERMINATED: "terminate",
}
