"""The verbs of funds: open a fund or sub-fund, enter a movement, approve it (and so post it), refuse it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policy import AuthorityKind
from app.audit import trail
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.exchange_rates import queries as exchange_rates
from app.funds import postings, queries, rules
from app.funds.models import Fund, FundMovement, Pocket
from app.funds.states import FundKind, MovementKind, MovementStatus
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.entries import Line, Rate
from app.people.authority import queries as authority
from app.people.authority.queries import Case


@dataclass(frozen=True, slots=True)
class OpenFund:
    """A fund of an institution, or a sub-fund of `parent_id`."""

    institution_id: UUID
    parent_id: UUID | None
    name_en: str
    name_zh_hant: str
    name_zh_hans: str
    purpose: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class EnterMovement:
    """A contribution (no source pocket, a bank account) or an allocation between a parent's and a sub-fund's pocket."""

    kind: MovementKind
    from_pocket_id: UUID | None
    to_pocket_id: UUID
    bank_account_id: UUID | None
    contributor: str
    amount: Money
    value_date: date
    reason: str


def open_fund(session: Session, actor: Actor, command: OpenFund, *, now: datetime) -> Fund:
    """Open a fund with a CNY and an HKD pocket. Raises InputRefused for a sub-fund of a sub-fund or another's fund."""
    authorise(actor, Permission.FUNDS_CREATE, command.institution_id)
    parent = session.get(Fund, command.parent_id) if command.parent_id else None
    if command.parent_id and (parent is None or parent.institution_id != command.institution_id):
        raise InputRefused(
            Breach(
                "fund.parent-elsewhere",
                _("The parent fund belongs to another institution."),
                cure=_("Choose a fund of the same institution."),
                source=rules.SOURCE,
                field="parent_id",
            )
        )
    if parent is not None and parent.parent_id is not None:
        raise InputRefused(
            Breach(
                "fund.too-deep",
                _("A sub-fund has no sub-funds of its own."),
                cure=_("Open it under the parent fund."),
                source=rules.SOURCE,
                field="parent_id",
            )
        )
    fund = Fund(
        id=new_id(),
        reference=next_reference(session, "FND", business_date(now)),
        institution_id=command.institution_id,
        parent_id=command.parent_id,
        kind=FundKind.GRANT,
        name_en=command.name_en,
        name_zh_hant=command.name_zh_hant,
        name_zh_hans=command.name_zh_hans,
        purpose=command.purpose,
        opened_on=command.opened_on,
        created_by_id=actor.person_id,
        pockets=[Pocket(id=new_id(), currency=currency) for currency in Currency],
    )
    session.add(fund)
    session.flush()
    trail.record(
        session,
        actor,
        "fund.open",
        ("fund", fund.id),
        {"name": fund.name_en},
        now=now,
        institution_id=fund.institution_id,
    )
    return fund


def enter_movement(session: Session, actor: Actor, command: EnterMovement, *, now: datetime) -> FundMovement:
    """Enter and submit a movement for a second person's approval. Nothing is posted yet.

    Raises RuleBreached with every rule it breaks, NotPermitted without the right.
    """
    target = queries.pocket(session, command.to_pocket_id)
    institution_id = target.fund.institution_id
    needed = Permission.FUNDS_CONTRIBUTE if command.kind is MovementKind.CONTRIBUTION else Permission.FUNDS_ALLOCATE
    authorise(actor, needed, institution_id)
    _refuse_if_breached(session, command, target, business_date(now))
    movement = FundMovement(
        id=new_id(),
        reference=next_reference(session, "MOV", business_date(now)),
        institution_id=institution_id,
        kind=command.kind,
        from_pocket_id=command.from_pocket_id,
        to_pocket_id=command.to_pocket_id,
        bank_account_id=command.bank_account_id,
        contributor=command.contributor,
        amount_minor=command.amount.minor,
        currency=command.amount.currency,
        value_date=command.value_date,
        reason=command.reason,
        status=MovementStatus.SUBMITTED,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(movement)
    session.flush()
    _trace(session, actor, "fund.enter-movement", movement, now)
    return movement


def _refuse_if_breached(session: Session, command: EnterMovement, target: Pocket, today: date) -> None:
    source = queries.pocket(session, command.from_pocket_id) if command.from_pocket_id else None
    account = session.get(BankAccount, command.bank_account_id) if command.bank_account_id else None
    own_account = account is not None and account.institution_id == target.fund.institution_id
    found = rules.breaches(
        rules.MovementFacts(
            kind=command.kind,
            source=_facts(session, source) if source else None,
            target=_facts(session, target),
            amount=command.amount,
            bank_account_currency=account.currency if account is not None and own_account else None,
            value_date=command.value_date,
            today=today,
            has_rate=_has_rate(session, target, command),
        )
    )
    if found:
        raise RuleBreached(*found)


def _has_rate(session: Session, target: Pocket, command: EnterMovement) -> bool:
    functional = Currency(session.get_one(Institution, target.fund.institution_id).functional_currency)
    currency = command.amount.currency
    return (
        currency is functional
        or _rate(session, target.fund.institution_id, currency, functional, command.value_date) is not None
    )


def _facts(session: Session, pocket: Pocket) -> rules.PocketFacts:
    return rules.PocketFacts(
        pocket.id,
        pocket.fund_id,
        pocket.fund.parent_id,
        pocket.fund.institution_id,
        queries.available(session, pocket),
    )


def approve_movement(
    session: Session, actor: Actor, movement_id: UUID, *, version: int | None = None, now: datetime
) -> FundMovement:
    """Approve a submitted movement and post it, dated on its value date; whoever entered it cannot.

    Raises NotPermitted (own work, or beyond the authority), Conflict (already decided), RuleBreached (the pocket no
    longer has it).
    """
    movement = _submitted(session, actor, movement_id, version, "fund.approve-movement")
    target = queries.pocket(session, movement.to_pocket_id)
    _refuse_if_breached(session, _as_entered(movement), target, business_date(now))
    amount = Money(movement.amount_minor, Currency(movement.currency))
    makers = frozenset({movement.entered_by_id})
    case = Case(AuthorityKind.FUND_MOVEMENT, movement.institution_id, amount, makers)
    authority.must_be_within(session, actor, case, business_date(now))
    book = session.get_one(Institution, movement.institution_id)
    functional = Currency(book.functional_currency)
    event_id = new_id()
    entry = postings.entry(
        _lines(movement, amount),
        book_id=book.id,
        effective_on=movement.value_date,
        event_id=event_id,
        reason=movement.reason or movement.reference,
        functional=functional,
        rate=_rate(session, book.id, amount.currency, functional, movement.value_date),
    )
    posting.post(session, entry, actor_id=actor.person_id, idempotency_key=movement.id)
    movement.event_id = event_id
    _decide(movement, actor, MovementStatus.APPROVED, now)
    _trace(session, actor, "fund.approve-movement", movement, now)
    return movement


def _as_entered(movement: FundMovement) -> EnterMovement:
    """The movement as it was entered: every rule is looked at again when it is approved."""
    return EnterMovement(
        kind=MovementKind(movement.kind),
        from_pocket_id=movement.from_pocket_id,
        to_pocket_id=movement.to_pocket_id,
        bank_account_id=movement.bank_account_id,
        contributor=movement.contributor,
        amount=Money(movement.amount_minor, Currency(movement.currency)),
        value_date=movement.value_date,
        reason=movement.reason,
    )


def refuse_movement(
    session: Session, actor: Actor, movement_id: UUID, *, version: int | None = None, now: datetime
) -> FundMovement:
    """Refuse a submitted movement; nothing is posted. Raises NotPermitted or Conflict."""
    movement = _submitted(session, actor, movement_id, version, "fund.refuse-movement")
    _decide(movement, actor, MovementStatus.REFUSED, now)
    _trace(session, actor, "fund.refuse-movement", movement, now)
    return movement


def _submitted(session: Session, actor: Actor, movement_id: UUID, version: int | None, verb: str) -> FundMovement:
    movement = lock_for_update(session, FundMovement, movement_id, version)
    authorise(actor, Permission.FUNDS_APPROVE, movement.institution_id)
    if movement.entered_by_id == actor.person_id:
        raise own_work(verb)
    if movement.status != MovementStatus.SUBMITTED:
        raise Conflict(
            Breach(
                "fund.movement-decided",
                _("This movement has already been decided."),
                cure=_("Open the fund again to see what happened to it."),
            )
        )
    return movement


def _decide(movement: FundMovement, actor: Actor, status: MovementStatus, now: datetime) -> None:
    movement.status = status
    movement.approved_by_id = actor.person_id
    movement.decided_at = now
    movement.version += 1


def _lines(movement: FundMovement, amount: Money) -> Sequence[Line]:
    if movement.kind == MovementKind.CONTRIBUTION and movement.bank_account_id is not None:
        return postings.contribution(amount, bank_account_id=movement.bank_account_id, pocket_id=movement.to_pocket_id)
    if movement.from_pocket_id is None:
        raise AssertionError("an allocation has a source pocket")
    return postings.allocation(amount, from_pocket_id=movement.from_pocket_id, to_pocket_id=movement.to_pocket_id)


def _rate(session: Session, institution_id: UUID, currency: Currency, functional: Currency, on: date) -> Rate | None:
    """The booking rate of the day, or None where the pocket is in the book's own currency or no fresh rate exists."""
    if currency is functional:
        return None
    found = exchange_rates.booking_rate(session, currency, functional, on, institution_id)
    return found.as_ledger_rate() if found else None


def _trace(session: Session, actor: Actor, verb: str, movement: FundMovement, now: datetime) -> None:
    trail.record(
        session,
        actor,
        verb,
        ("fund-movement", movement.id),
        {"reference": movement.reference, "amount": Money(movement.amount_minor, Currency(movement.currency))},
        now=now,
        institution_id=movement.institution_id,
    )
