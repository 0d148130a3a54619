"""The verbs of what is asked of the funder about a budget: asked by either party, decided by another of the funder."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.budgets import queries as budgets
from app.budgets.models import BudgetRequest
from app.budgets.states import RequestKind, RequestStatus
from app.contracts import budget_request_rules as rules, fund_control, opening
from app.contracts.amendments import AMENDABLE
from app.contracts.commands import AskForItem, AskForYear, DecideRequest
from app.contracts.models import Contract
from app.evidence import service as evidence
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.web.uploads import Upload


def ask_for_item(
    session: Session, actor: Actor, contract_id: UUID, command: AskForItem, *, now: datetime
) -> BudgetRequest:
    """Ask the funder to approve an item of a one-line vote for this contract, with the document that says why.

    Raises RuleBreached for an item that needs no approval, NotPermitted without the right.
    """
    contract = _opened(session, actor, contract_id)
    opening.reason_given(command.reason)
    terms = fund_control.terms_of(session, contract, business_date(now))
    approved = fund_control.approved_rows(session, contract, terms)
    waiting = frozenset(each.line for each in _waiting(session, contract.id))
    opening.refuse_if(rules.item_breaches(rules.ItemFacts(terms, command.line, approved, waiting)))
    asked = _asked(contract, actor, RequestKind.ITEM, command.reason, now, line=command.line)
    return _kept(session, actor, contract, asked, command.file, now)


def ask_for_year(
    session: Session, actor: Actor, contract_id: UUID, command: AskForYear, *, now: datetime
) -> BudgetRequest:
    """Enter the budget of one year of the contract, in its currency; in force once the funder has approved it.

    Raises RuleBreached where the terms ask for none, or the years come to more than the budget.
    """
    contract = _opened(session, actor, contract_id)
    opening.reason_given(command.reason)
    lines = {item.heading: item.amount for item in command.budget}
    _one_currency(contract, lines.values())
    terms = fund_control.terms_of(session, contract, business_date(now))
    waiting = frozenset(each.year for each in _waiting(session, contract.id))
    opening.refuse_if(rules.year_breaches(rules.YearFacts(terms, command.year, lines, waiting)))
    plain = {line: str(amount.amount) for line, amount in lines.items()}
    asked = _asked(contract, actor, RequestKind.YEAR, command.reason, now, year=command.year, lines=plain)
    return _kept(session, actor, contract, asked, command.file, now)


def approve(
    session: Session, actor: Actor, contract_id: UUID, number: int, command: DecideRequest, *, now: datetime
) -> BudgetRequest:
    """Approve what somebody else asked for: the item may be spent on, the year's budget is in force.

    Raises NotPermitted for own work or an interest, Conflict once decided, RuleBreached where the rules have changed.
    """
    contract, asked = _for_decision(session, actor, contract_id, number, "budget.approve")
    terms = fund_control.terms_of(session, contract, business_date(now))
    if asked.kind == RequestKind.YEAR:
        lines = budgets.amounts_of(asked)
        opening.refuse_if(rules.year_breaches(rules.YearFacts(terms, asked.year, lines, frozenset())))
    _decide(session, actor, contract, asked, RequestStatus.APPROVED, command.reason, now)
    fund_control.refresh(session, contract, business_date(now))
    return asked


def refuse(
    session: Session, actor: Actor, contract_id: UUID, number: int, command: DecideRequest, *, now: datetime
) -> BudgetRequest:
    """Refuse what somebody else asked for, with the reason. Raises as `approve`."""
    contract, asked = _for_decision(session, actor, contract_id, number, "budget.refuse")
    opening.reason_given(command.reason)
    _decide(session, actor, contract, asked, RequestStatus.REFUSED, command.reason, now)
    return asked


def _opened(session: Session, actor: Actor, contract_id: UUID) -> Contract:
    contract = opening.opened_by_either(session, actor, contract_id, Permission.BUDGETS_DRAFT)
    opening.must_be_in(contract, *AMENDABLE)
    return contract


def _waiting(session: Session, contract_id: UUID) -> Sequence[BudgetRequest]:
    return [each for each in budgets.requests_of(session, contract_id) if each.status == RequestStatus.PROPOSED]


def _one_currency(contract: Contract, amounts: Any) -> None:
    currency = Currency(contract.currency)
    if any(amount.currency is not currency for amount in amounts if isinstance(amount, Money)):
        raise RuleBreached(
            Breach(
                "contract.currency-mixed",
                _("Every amount of a contract is in its own currency."),
                _("Enter all amounts in %(currency)s."),
                opening.MOVES,
                {"currency": currency},
                "budget",
            )
        )


def _asked(
    contract: Contract, actor: Actor, kind: RequestKind, reason: str, now: datetime, **about: Any
) -> BudgetRequest:
    return BudgetRequest(
        id=new_id(),
        contract_id=contract.id,
        kind=kind.value,
        currency=contract.currency,
        reason=reason,
        status=RequestStatus.PROPOSED.value,
        asked_by_id=actor.person_id,
        asked_at=now,
        **about,
    )


def _kept(
    session: Session, actor: Actor, contract: Contract, asked: BudgetRequest, file: Upload | None, now: datetime
) -> BudgetRequest:
    asked.number = max((each.number for each in budgets.requests_of(session, contract.id)), default=0) + 1
    if file is not None:
        home = contract.funder_id if contract.funder_id in actor.institutions() else contract.grantee_id
        asked.document_id = evidence.keep(
            session,
            actor,
            file,
            subject_kind="contract",
            subject_id=contract.id,
            institution_id=home,
            title=_("Request about the budget"),
            now=now,
        ).id
    session.add(asked)
    opening.record(session, actor, "budget.ask", contract, _details(asked), now=now)
    return asked


def _for_decision(
    session: Session, actor: Actor, contract_id: UUID, number: int, verb: str
) -> tuple[Contract, BudgetRequest]:
    contract = opening.opened(session, actor, contract_id, Permission.BUDGETS_APPROVE)
    opening.must_be_in(contract, *AMENDABLE)
    asked = next((each for each in budgets.requests_of(session, contract.id) if each.number == number), None)
    if asked is None:
        raise NotFound(Breach("budget-request.not-found", _("There is no such request.")))
    opening.must_be_another(actor, asked.asked_by_id, verb)
    opening.must_be_disinterested(session, actor, contract.id)
    if asked.status != RequestStatus.PROPOSED:
        raise Conflict(Breach("budget-request.decided", _("This has been decided already."), source=opening.MOVES))
    return contract, asked


def _decide(
    session: Session,
    actor: Actor,
    contract: Contract,
    asked: BudgetRequest,
    status: RequestStatus,
    reason: str,
    now: datetime,
) -> None:
    asked.status, asked.decision = status.value, reason
    asked.decided_by_id, asked.decided_at = actor.person_id, now
    verb = "budget.approve" if status is RequestStatus.APPROVED else "budget.refuse"
    opening.record(session, actor, verb, contract, _details(asked) | {"decision": reason}, now=now)


def _details(asked: BudgetRequest) -> dict[str, Any]:
    about = {"line": asked.line} if asked.kind == RequestKind.ITEM else {"year": asked.year, "lines": asked.lines}
    return {"number": asked.number, "kind": asked.kind, "reason": asked.reason} | about
