"""The verbs of amendments: proposed with what stands before and after, decided by a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.budgets import queries as budget_queries, service as budgets
from app.budgets.commands import BudgetItem, Variation
from app.contracts import authority, fund_control, obligations, opening, payments_seen, queries, rules, virement_rules
from app.contracts.commands import AmendContract, DecideAmendment, TrancheInput
from app.contracts.drafting import (
    as_command,
    available_in_pocket,
    budget_items,
    draft_facts,
    tranche_facts,
    tranche_inputs,
)
from app.contracts.models import Amendment, Contract, Programme, Tranche
from app.contracts.payments_seen import Payment
from app.contracts.states import AmendmentStatus, ContractStatus, TrancheCondition
from app.contracts.terms import family
from app.contracts.terms.family import TOTAL
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money, total
from app.ledger import holds

AMENDABLE = (ContractStatus.SIGNED, ContractStatus.ACTIVE, ContractStatus.SUSPENDED)


def propose(session: Session, actor: Actor, contract_id: UUID, command: AmendContract, *, now: datetime) -> Amendment:
    """Propose how the contract shall stand afterwards. Only one amendment waits at a time."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_AMEND, command.version)
    opening.must_be_in(contract, *AMENDABLE)
    opening.reason_given(command.reason)
    _same_currency(contract, command)
    if waiting(session, contract.id) is not None:
        raise Conflict(
            Breach(
                "amendment.waiting",
                _("Another amendment waits for a decision."),
                _("Have it decided, or withdraw it first."),
                rules.DUTIES,
            )
        )
    before, after = snapshot(session, contract), snapshot_of(command)
    opening.refuse_if(breaches(session, contract, before, after, business_date(now)))
    number = session.scalar(select(func.max(Amendment.number)).where(Amendment.contract_id == contract.id)) or 0
    amendment = Amendment(
        contract_id=contract.id,
        number=number + 1,
        reason=command.reason,
        before=before,
        after=after,
        effective_on=command.effective_on,
        status=AmendmentStatus.PROPOSED.value,
        proposed_by_id=actor.person_id,
        proposed_at=now,
        contract_version=contract.version,
    )
    session.add(amendment)
    details = {"number": amendment.number, "reason": command.reason, "changes": changed_names(before, after)}
    opening.record(session, actor, "amendment.propose", contract, details, now=now)
    return amendment


def approve(
    session: Session, actor: Actor, contract_id: UUID, number: int, command: DecideAmendment, *, now: datetime
) -> Amendment:
    """A second person within their authority approves: the hold moves, variations are written, tranches and days
    change, all at once. Raises NotPermitted for own work, an interest or an amount beyond the person's authority.
    """
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_APPROVE_AMENDMENT)
    amendment = _proposed(session, contract, number)
    opening.must_be_another(actor, amendment.proposed_by_id, "amendment.approve")
    opening.must_be_disinterested(session, actor, contract.id)
    opening.must_be_in(contract, *AMENDABLE)
    case = authority.amendment_case(contract, amendment)
    principal = authority.must_be_within(session, actor, case, business_date(now))
    opening.refuse_if(breaches(session, contract, amendment.before, amendment.after, business_date(now)))
    put_in_force(session, actor, contract, amendment, now)
    _decide(amendment, AmendmentStatus.APPROVED, actor, now)
    details = {"number": number, "before": amendment.before, "after": amendment.after, "note": command.reason}
    opening.record(session, actor, "amendment.approve", contract, details | authority.on_behalf(principal), now=now)
    return amendment


def refuse(
    session: Session, actor: Actor, contract_id: UUID, number: int, command: DecideAmendment, *, now: datetime
) -> Amendment:
    """A second person refuses, for a reason."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_APPROVE_AMENDMENT)
    amendment = _proposed(session, contract, number)
    opening.must_be_another(actor, amendment.proposed_by_id, "amendment.refuse", _("Withdraw it instead."))
    opening.reason_given(command.reason)
    _decide(amendment, AmendmentStatus.REFUSED, actor, now)
    details = {"number": number, "reason": command.reason}
    opening.record(session, actor, "amendment.refuse", contract, details, now=now)
    return amendment


def withdraw(
    session: Session, actor: Actor, contract_id: UUID, number: int, command: DecideAmendment, *, now: datetime
) -> Amendment:
    """Whoever proposed it takes it back."""
    contract = opening.opened(session, actor, contract_id, Permission.CONTRACTS_AMEND)
    amendment = _proposed(session, contract, number)
    if amendment.proposed_by_id != actor.person_id:
        raise NotPermitted(
            Breach(
                "amendment.not-yours",
                _("Only who proposed an amendment withdraws it."),
                _("Refuse it instead."),
                rules.DUTIES,
            )
        )
    amendment.status, amendment.decided_at = AmendmentStatus.WITHDRAWN.value, now
    details = {"number": number, "reason": command.reason}
    opening.record(session, actor, "amendment.withdraw", contract, details, now=now)
    return amendment


def waiting(session: Session, contract_id: UUID) -> Amendment | None:
    """The amendment that waits for a decision, if there is one."""
    return next((a for a in queries.amendments_of(session, contract_id) if a.status == AmendmentStatus.PROPOSED), None)


def affected_payments(session: Session, contract_id: UUID) -> Sequence[Payment]:
    """Open disbursements that an amendment would touch: being prepared, or approved and not released."""
    wanted = payments_seen.PREPARING | payments_seen.RESERVED
    return [payment for payment in payments_seen.payments_of(session, contract_id) if payment.status in wanted]


def snapshot(session: Session, contract: Contract) -> dict[str, Any]:
    """How the contract stands now, as plain values; amounts are decimal text in the contract's currency."""
    return _plain(
        queries.amount_of(contract),
        contract.first_day,
        contract.last_day,
        tranche_inputs(contract),
        budget_items(session, contract, date.max),
    )


def snapshot_of(command: AmendContract) -> dict[str, Any]:
    """How the contract shall stand, as plain values."""
    return _plain(command.amount, command.first_day, command.last_day, command.tranches, command.budget)


def changed_names(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Which parts of the contract differ."""
    return [name for name in after if before.get(name) != after[name]]


def breaches(
    session: Session, contract: Contract, before: Mapping[str, Any], after: Mapping[str, Any], today: date
) -> list[Breach]:
    """Everything that keeps the amendment from being proposed or approved as it is on a day, warnings included."""
    currency = Currency(contract.currency)
    programme = session.get_one(Programme, contract.programme_id)
    paid = _committed_by_number(session, contract)
    tranches = tranches_of(after, currency)
    shape = replace(
        draft_facts(session, programme, as_command(session, contract)),
        amount=Money.parse(after["amount"], currency),
        first_day=date.fromisoformat(after["first_day"]),
        last_day=date.fromisoformat(after["last_day"]),
        tranches=tranche_facts(tranches, currency, paid),
        budget=tuple((name, Money.parse(text, currency)) for name, text in after["budget"].items()),
    )
    facts = rules.AmendmentFacts(
        after=shape,
        before_amount=queries.amount_of(contract),
        available=available_in_pocket(session, contract.pocket_id, currency),
        committed=total(paid.values(), currency),
        unchanged_since=snapshot(session, contract) == dict(before),
        differs=bool(changed_names(before, after)),
        removed_paid=_removed_with_payments(session, contract, len(tranches)),
    )
    terms = replace(
        fund_control.terms_of(session, contract, today),
        amount=shape.amount,
        budget=dict(shape.budget),
    )
    return [
        *rules.collect(rules.SHAPE_RULES, shape),
        *rules.collect(rules.AMENDMENT_RULES, facts),
        *virement_rules.budget_ratios(terms),
    ]


def tranches_of(plain: Mapping[str, Any], currency: Currency) -> tuple[TrancheInput, ...]:
    """The tranches of a snapshot."""
    return tuple(
        TrancheInput(
            Money.parse(row["amount"], currency),
            date.fromisoformat(row["due_on"]),
            TrancheCondition(row["condition"]),
            Money.parse(row["holdback"], currency),
            row["milestone"],
        )
        for row in plain["tranches"]
    )


def _plain(
    amount: Money,
    first_day: date,
    last_day: date,
    tranches: Sequence[TrancheInput],
    budget: Sequence[BudgetItem],
) -> dict[str, Any]:
    return {
        "amount": str(amount.amount),
        "first_day": first_day.isoformat(),
        "last_day": last_day.isoformat(),
        "tranches": [
            {
                "amount": str(tranche.amount.amount),
                "holdback": str(tranche.holdback.amount) if tranche.holdback else "0.00",
                "condition": tranche.condition.value,
                "due_on": tranche.due_on.isoformat(),
                "milestone": tranche.milestone,
            }
            for tranche in tranches
        ],
        "budget": {item.heading: str(item.amount.amount) for item in budget},
    }


def _committed_by_number(session: Session, contract: Contract) -> dict[int, Money]:
    """What is paid or reserved under each tranche, by its number; tranches without any are absent."""
    numbers = {tranche.id: tranche.number for tranche in contract.tranches}
    found: dict[int, Money] = {}
    for payment in payments_seen.payments_of(session, contract.id):
        number = numbers.get(payment.tranche_id)
        if payment.counts and number is not None:
            found[number] = found.get(number, Money.zero(payment.amount.currency)) + payment.amount
    return found


def _removed_with_payments(session: Session, contract: Contract, kept: int) -> tuple[int, ...]:
    """Numbers beyond `kept` of tranches that any payment names, even one that came to nothing."""
    gone = {tranche.id: tranche.number for tranche in contract.tranches if tranche.number > kept}
    named = payments_seen.tranches_named(session, contract.id)
    return tuple(sorted(number for key, number in gone.items() if key in named))


def _same_currency(contract: Contract, command: AmendContract) -> None:
    """Every amount is in the contract's currency, which never changes."""
    amounts = [command.amount, *(t.amount for t in command.tranches), *(item.amount for item in command.budget)]
    amounts += [t.holdback for t in command.tranches if t.holdback]
    if all(amount.currency == contract.currency for amount in amounts):
        return
    raise RuleBreached(
        Breach(
            "amendment.currency",
            _("The contract is in %(currency)s and stays so."),
            _("Enter all amounts in %(currency)s."),
            rules.ONE_CURRENCY,
            {"currency": contract.currency},
            "currency",
        )
    )


def _proposed(session: Session, contract: Contract, number: int) -> Amendment:
    amendment = queries.amendment(session, contract.id, number)
    session.refresh(amendment, with_for_update=True)
    if amendment.status != AmendmentStatus.PROPOSED:
        raise Conflict(Breach("amendment.decided", _("This amendment has been decided already."), source=rules.DUTIES))
    return amendment


def _decide(amendment: Amendment, status: AmendmentStatus, actor: Actor, now: datetime) -> None:
    amendment.status, amendment.decided_by_id, amendment.decided_at = status.value, actor.person_id, now


def put_in_force(session: Session, actor: Actor, contract: Contract, amendment: Amendment, now: datetime) -> None:
    """Change the contract as the amendment says: variations, hold, days, tranches and limits, all at once."""
    currency = Currency(contract.currency)
    after = amendment.after
    change = Money.parse(after["amount"], currency) - queries.amount_of(contract)
    _write_variations(session, actor, contract, amendment, change, now)
    _move_hold(session, actor, contract, amendment, change)
    contract.amount_minor += change.minor
    days = (date.fromisoformat(after["first_day"]), date.fromisoformat(after["last_day"]))
    moved = days != (contract.first_day, contract.last_day)
    contract.first_day, contract.last_day = days
    _change_tranches(session, contract, tranches_of(after, currency))
    session.flush()
    fund_control.refresh(session, contract, business_date(now))
    if moved:
        note = f"Amendment {amendment.number}"
        obligations.reschedule(session, contract, business_date(now), note)


def _write_variations(
    session: Session, actor: Actor, contract: Contract, amendment: Amendment, change: Money, now: datetime
) -> None:
    """The difference of each heading between the revised budget and the amendment's, signed."""
    currency = Currency(contract.currency)
    standing = budget_queries.budget_by_heading(session, contract.id, date.max, currency)
    programme = session.get_one(Programme, contract.programme_id)
    if family(programme.terms_family).budget_by_heading(contract.funding_mode):
        after = {name: Money.parse(text, currency) for name, text in amendment.after["budget"].items()}
        nil = Money.zero(currency)
        before = {row.heading: row.revised for row in standing.rows}
        names = dict.fromkeys([*before, *after])
        variations = [Variation(name, after.get(name, nil) - before.get(name, nil), amendment.reason) for name in names]
    else:
        variations = [Variation(TOTAL, change, amendment.reason)]
    budgets.vary(
        session,
        actor,
        contract.id,
        variations,
        amendment_id=amendment.id,
        effective_on=amendment.effective_on,
        now=now,
    )


def _move_hold(session: Session, actor: Actor, contract: Contract, amendment: Amendment, change: Money) -> None:
    """Hold more on the pocket, or give some back, so that the hold follows the amount."""
    if not change or contract.hold_id is None:
        return
    key = uuid5(contract.id, f"amendment {amendment.number}")
    if change.minor > 0:
        holds.raise_hold(session, contract.hold_id, change, actor_id=actor.person_id, idempotency_key=key)
    else:
        holds.release_hold(session, contract.hold_id, abs(change), actor_id=actor.person_id, idempotency_key=key)


def _change_tranches(session: Session, contract: Contract, wanted: Sequence[TrancheInput]) -> None:
    """Change tranches in place by number, add the further ones, drop those beyond; the last one is final."""
    known = {tranche.number: tranche for tranche in contract.tranches}
    for number, given in enumerate(wanted, 1):
        tranche = known.pop(number, None)
        if tranche is None:
            tranche = Tranche(contract_id=contract.id, number=number)
            session.add(tranche)
        elif (tranche.condition, tranche.milestone) != (given.condition.value, given.milestone):
            tranche.condition_met_on = tranche.condition_met_by_id = None
            tranche.condition_note = ""
        tranche.amount_minor = given.amount.minor
        tranche.holdback_minor = given.holdback.minor if given.holdback else 0
        tranche.condition, tranche.milestone = given.condition.value, given.milestone
        tranche.due_on = given.due_on
        tranche.is_final = number == len(wanted)
    for tranche in known.values():
        session.delete(tranche)
    session.flush()
    session.expire(contract, ["tranches"])
