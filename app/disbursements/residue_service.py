"""The way back: a grantee returns residue by component, a second person confirms and posts, the funder confirms it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.access.policy import AuthorityKind
from app.audit import trail
from app.contracts import queries as contracts
from app.contracts.models import Contract
from app.contracts.states import ContractStatus
from app.db.references import next_reference
from app.db.unit_of_work import lock_for_update
from app.disbursements import bank_rules, dealing, postings, queries
from app.disbursements.bank_rules import ResidueFacts
from app.disbursements.commands import EnterResidue, Reasoned, ResidueArrived, Seen
from app.disbursements.loading import book_of, booking_rate, dealt_rate, refuse_if_blocked
from app.disbursements.models import ResidueReturn, ResidueReturnComponent
from app.disbursements.postings import Residue
from app.disbursements.states import RESIDUE_MOVES, ResidueComponent, ResidueStatus
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.entries import Rate
from app.ledger.posting import key_for
from app.people.authority import queries as authority
from app.people.authority.queries import Case

SUBJECT = "residue-return"


def enter(session: Session, actor: Actor, command: EnterResidue, *, now: datetime) -> ResidueReturn:
    """Enter a return of unspent money by component. Nothing is posted before a second person confirms it."""
    contract = contracts.get_visible(session, actor, command.contract)
    authorise(actor, Permission.RESIDUE_RETURN, contract.grantee_id)
    row = _row(session, contract, command, actor, now)
    _check(session, contract, row, now)
    session.add(row)
    session.flush()
    _record(session, actor, "enter", row, contract, now, amount=row.total)
    return row


def confirm(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> ResidueReturn:
    """A second person of the grantee confirms: refund by component against the project bank, never grant received.

    Raises NotPermitted for own work and beyond the authority, naming who can.
    """
    row, contract = _locked(session, actor, reference, command.version, Permission.RESIDUE_RETURN, grantee=True)
    _move(row, ResidueStatus.SENT)
    if row.entered_by_id == actor.person_id:
        raise own_work("residue.confirm", _("Another finance officer confirms the return."))
    case = Case(AuthorityKind.RESIDUE, contract.grantee_id, row.total, frozenset({row.entered_by_id}))
    authority.must_be_within(session, actor, case, business_date(now))
    _check(session, contract, row, now)
    book, paid = book_of(session, contract.grantee_id), _paid(row)
    rate = _dealt(row) or booking_rate(session, book, paid.currency, row.sent_on)
    if rate is None:
        rate = booking_rate(session, book, row.total.currency, row.sent_on)
    entry = postings.residue_sent(
        _residue(row, contract), book, row.sent_on, bank_account_id=row.from_account_id, paid=paid, rate=rate
    )
    posted = posting.post(session, entry, actor_id=actor.person_id, idempotency_key=key_for("residue.sent", row.id))
    row.status, row.confirmed_by_id, row.sent_entry_id = ResidueStatus.SENT, actor.person_id, posted.entry_id
    session.flush()
    _record(session, actor, "confirm", row, contract, now, amount=row.total)
    return row


def refuse(session: Session, actor: Actor, reference: str, command: Reasoned, *, now: datetime) -> ResidueReturn:
    """A second person of the grantee refuses what was entered; nothing was posted."""
    row, contract = _locked(session, actor, reference, command.version, Permission.RESIDUE_RETURN, grantee=True)
    _move(row, ResidueStatus.REFUSED)
    row.status, row.status_reason = ResidueStatus.REFUSED, command.reason
    session.flush()
    _record(session, actor, "refuse", row, contract, now, reason=command.reason)
    return row


def receive(session: Session, actor: Actor, reference: str, command: ResidueArrived, *, now: datetime) -> ResidueReturn:
    """The funder's accountant confirms the arrival: recoveries by component, and the money is back in the pocket."""
    row, contract = _locked(session, actor, reference, command.version, Permission.RESIDUE_CONFIRM, grantee=False)
    _move(row, ResidueStatus.RECEIVED)
    if actor.person_id in (row.entered_by_id, row.confirmed_by_id):
        raise own_work("residue.receive", _("An accountant of the funder who did not send it confirms the arrival."))
    today = business_date(now)
    refuse_if_blocked(bank_rules.arrival_breaches(command.received_on, row.sent_on, today))
    book = book_of(session, contract.funder_id)
    rate = booking_rate(session, book, row.total.currency, command.received_on)
    entry = postings.residue_received(
        _residue(row, contract), book, command.received_on, bank_account_id=row.to_account_id, rate=rate
    )
    posted = posting.post(session, entry, actor_id=actor.person_id, idempotency_key=key_for("residue.received", row.id))
    row.status, row.received_on, row.received_by_id = ResidueStatus.RECEIVED, command.received_on, actor.person_id
    row.received_bank_reference, row.received_entry_id = command.bank_reference, posted.entry_id
    session.flush()
    _record(session, actor, "receive", row, contract, now, amount=row.total)
    return row


def _row(session: Session, contract: Contract, command: EnterResidue, actor: Actor, now: datetime) -> ResidueReturn:
    given = {
        ResidueComponent.GRANT_THIS_YEAR: command.grant_this_year,
        ResidueComponent.GRANT_EARLIER_YEARS: command.grant_earlier_years,
        ResidueComponent.INTEREST: command.interest,
        ResidueComponent.OTHER: command.other,
    }
    currency = Currency(contract.currency)
    parts = {component: amount for component, amount in given.items() if amount is not None and amount.minor}
    if any(amount.currency is not currency for amount in parts.values()):
        raise InputRefused(
            Breach(
                "residue.currency",
                _("Components are in %(currency)s, the contract's currency."),
                params={"currency": currency.value},
                field="grant_this_year",
            )
        )
    whole = Money(sum(amount.minor for amount in parts.values()), currency)
    paid = command.paid if command.paid is not None else whole
    rate = dealt_rate(command.dealt_rate, command.rate_base, currency, paid.currency)
    key = new_id()
    return ResidueReturn(
        id=key,
        reference=next_reference(session, "RES", business_date(now)),
        contract_id=contract.id,
        currency=currency.value,
        from_account_id=command.from_account_id,
        to_account_id=command.to_account_id,
        sent_on=command.sent_on,
        bank_reference=command.bank_reference,
        dealt_rate=rate.value if rate else None,
        rate_base_currency=rate.base.value if rate else None,
        rate_source=command.rate_source,
        paid_minor=paid.minor,
        paid_currency=paid.currency.value,
        status=ResidueStatus.ENTERED,
        event_id=new_id(),
        entered_by_id=actor.person_id,
        entered_at=now,
        note=command.note,
        components=[
            ResidueReturnComponent(id=new_id(), residue_return_id=key, component=part, amount_minor=amount.minor)
            for part, amount in parts.items()
        ],
    )


def _check(session: Session, contract: Contract, row: ResidueReturn, now: datetime) -> None:
    accounts = [session.get(BankAccount, key) for key in (row.from_account_id, row.to_account_id)]
    if accounts[0] is None or accounts[1] is None:
        raise InputRefused(Breach("bank-account.unknown", _("There is no such account."), field="from_account_id"))
    source, target = accounts[0], accounts[1]
    currency = Currency(contract.currency)
    refuse_if_blocked(
        bank_rules.residue_breaches(
            ResidueFacts(
                tuple(Money(part.amount_minor, currency) for part in row.components),
                currency,
                row.sent_on,
                business_date(now),
                Currency(source.currency),
                source.institution_id == contract.grantee_id,
                Currency(target.currency),
                target.institution_id == contract.funder_id,
                _paid(row),
                _dealt(row),
                contract.status != ContractStatus.DRAFT,
            )
        )
    )


def _locked(
    session: Session, actor: Actor, reference: str, version: int, permission: Permission, *, grantee: bool
) -> tuple[ResidueReturn, Contract]:
    found = queries.get_visible_return(session, actor, reference)
    contract = contracts.by_id(session, found.contract_id)
    authorise(actor, permission, contract.grantee_id if grantee else contract.funder_id)
    row = lock_for_update(session, ResidueReturn, found.id, version)
    session.expire(row, ["components"])
    return row, contract


def _move(row: ResidueReturn, after: ResidueStatus) -> None:
    if after not in RESIDUE_MOVES[ResidueStatus(row.status)]:
        raise Conflict(
            Breach(
                "residue.status",
                _("%(reference)s has moved on: this cannot be done any more, or not yet."),
                params={"reference": row.reference, "status": row.status},
            )
        )


def _paid(row: ResidueReturn) -> Money:
    if row.paid_minor is None or row.paid_currency is None:
        return row.total
    return Money(row.paid_minor, Currency(row.paid_currency))


def _dealt(row: ResidueReturn) -> Rate | None:
    return dealing.kept_rate(row.dealt_rate, row.rate_base_currency)


def _residue(row: ResidueReturn, contract: Contract) -> Residue:
    currency = Currency(row.currency)
    return Residue(
        row.reference,
        row.event_id,
        contract.id,
        contract.pocket_id,
        contract.funder_id,
        contract.grantee_id,
        {ResidueComponent(part.component): Money(part.amount_minor, currency) for part in row.components},
    )


def _record(
    session: Session, actor: Actor, verb: str, row: ResidueReturn, contract: Contract, now: datetime, **details: object
) -> None:
    place = contract.funder_id if verb == "receive" else contract.grantee_id
    shown = {"reference": row.reference, "contract": contract.reference, **details}
    trail.record(session, actor, f"residue.{verb}", (SUBJECT, row.id), shown, now=now, institution_id=place)
