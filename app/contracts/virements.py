"""The verb that moves budget between lines: in force at once where the terms leave it so, else proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.budgets.rules import LimitKind
from app.contracts import amendments, fund_control, opening, virement_rules
from app.contracts.commands import MoveBudget
from app.contracts.models import Amendment, Contract
from app.contracts.states import AmendmentStatus
from app.contracts.virement_rules import Freedom
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused
from app.kernel.messages import _
from app.kernel.money import Money


def move(session: Session, actor: Actor, contract_id: UUID, command: MoveBudget, *, now: datetime) -> Amendment:
    """Move budget from one line to another, with what stood before and after kept as an amendment.

    Free moves and filed ones are in force at once; others wait for a person of the funder, who is another. Raises
    RuleBreached with every rule broken, Conflict while another amendment waits.
    """
    contract = opening.opened_by_either(session, actor, contract_id, Permission.BUDGETS_DRAFT, command.version)
    opening.must_be_in(contract, *amendments.AMENDABLE)
    opening.reason_given(command.reason)
    _same_currency(contract, command)
    if amendments.waiting(session, contract.id) is not None:
        raise Conflict(
            Breach(
                "amendment.waiting",
                _("Another amendment waits for a decision."),
                _("Have it decided, or withdraw it first."),
                virement_rules.TERMS,
            )
        )
    opening.refuse_if(breaches(session, contract, command, now))
    terms = fund_control.terms_of(session, contract, business_date(now))
    answer, _source = virement_rules.freedom(terms, command.from_line, command.to_line)
    amendment = _amendment(session, actor, contract, command, now)
    details = {"number": amendment.number, "reason": command.reason, "freedom": answer.value}
    details |= {"from": command.from_line, "to": command.to_line, "amount": command.amount}
    if answer is Freedom.APPROVAL:
        opening.record(session, actor, "amendment.propose", contract, details, now=now)
        return amendment
    amendments.put_in_force(session, actor, contract, amendment, now)
    amendment.status, amendment.decided_at = AmendmentStatus.APPROVED.value, now
    opening.record(session, actor, "budget.move", contract, details, now=now)
    return amendment


def breaches(session: Session, contract: Contract, command: MoveBudget, now: datetime) -> Sequence[Breach]:
    """Every rule the move breaks, and as warnings what the terms ask for it."""
    today = business_date(now)
    standing = fund_control.standings(session, contract, today)
    left = {each.code: each.left for each in standing if each.kind is LimitKind.LINE}
    nil = Money.zero(Currency(contract.currency))
    move = virement_rules.Move(
        fund_control.terms_of(session, contract, today),
        command.from_line,
        command.to_line,
        command.amount,
        left.get(command.from_line, nil),
    )
    return virement_rules.breaches(move)


def _amendment(session: Session, actor: Actor, contract: Contract, command: MoveBudget, now: datetime) -> Amendment:
    before = amendments.snapshot(session, contract)
    currency = Currency(contract.currency)
    standing = {line: Money.parse(text, currency) for line, text in before["budget"].items()}
    budget = virement_rules.moved(standing, command.from_line, command.to_line, command.amount)
    number = session.scalar(select(func.max(Amendment.number)).where(Amendment.contract_id == contract.id)) or 0
    amendment = Amendment(
        contract_id=contract.id,
        number=number + 1,
        reason=command.reason,
        before=before,
        after=before | {"budget": {line: str(amount.amount) for line, amount in budget.items()}},
        effective_on=business_date(now),
        status=AmendmentStatus.PROPOSED.value,
        proposed_by_id=actor.person_id,
        proposed_at=now,
        contract_version=contract.version,
    )
    session.add(amendment)
    session.flush()
    return amendment


def _same_currency(contract: Contract, command: MoveBudget) -> None:
    if command.amount.currency == contract.currency:
        return
    raise InputRefused(
        Breach(
            "amendment.currency",
            _("The contract is in %(currency)s and stays so."),
            _("Enter all amounts in %(currency)s."),
            virement_rules.TERMS,
            {"currency": contract.currency},
            "amount",
        )
    )
