"""What every verb begins with: load under a lock at the version shown, check right, status and gates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.audit import trail
from app.contracts import bulk, queries as contracts
from app.db.unit_of_work import refuse_stale
from app.disbursements import gathering, queries, rules
from app.disbursements.consent import Consented, fingerprint
from app.disbursements.facts import Facts, Stage
from app.disbursements.gathering import Held
from app.disbursements.labels import WHO_NEXT
from app.disbursements.models import Disbursement
from app.disbursements.postings import Book, Payment
from app.disbursements.reading import Queued
from app.disbursements.states import DisbursementStatus
from app.exchange_rates import queries as rates
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotPermitted, RuleBreached
from app.kernel.messages import _
from app.ledger import balances, holds
from app.ledger.entries import Rate
from app.ledger.posting import key_for

SUBJECT = "disbursement"
FORBIDDEN = ("authority.", "people.", "interest.", "mandate.signed-already")
"""Breaches about the person rather than the payment: answered with 403 instead of 422."""


def locked(
    session: Session,
    actor: Actor,
    permission: Permission,
    reference: str,
    version: int | None,
    *,
    at_grantee: bool = False,
) -> Disbursement:
    """The disbursement under a row lock, at the version the page showed, with the right checked at the right party.

    Raises NotFound outside the scope, NotPermitted without the right, Conflict for a stale version.
    """
    row = queries.locked_visible(session, actor, reference)
    authorise(actor, permission, row.grantee_id if at_grantee else row.funder_id)
    refuse_stale(row, version)
    for name in ("decisions", "documents", "releases", "receipts"):
        session.expire(row, [name])
    return row


def in_status(row: Disbursement, *allowed: DisbursementStatus) -> None:
    """Refuse a verb that the status does not allow, and say who may do what. Raises Conflict."""
    status = DisbursementStatus(row.status)
    if status in allowed:
        return
    raise Conflict(
        Breach(
            "disbursement.status",
            _("%(reference)s has moved on: this cannot be done any more, or not yet."),
            WHO_NEXT[status],
            _("Statuses of a disbursement"),
            {"reference": row.reference, "status": status.value},
        )
    )


def facts_at(
    session: Session, row: Disbursement, stage: Stage, actor: Actor | None, now: datetime, held: Held | None = None
) -> Facts:
    """The facts of one disbursement at a stage; `held` is what of its surroundings is locked already."""
    return gathering.gather(session, [row], stage=stage, now=now, actor=actor, held=held)[row.id]


def refuse_if_blocked(found: Sequence[Breach]) -> None:
    """Raise every blocking breach at once: NotPermitted where the person is the reason, else RuleBreached."""
    blocking = [breach for breach in found if breach.blocking]
    if not blocking:
        return
    if any(breach.code.startswith(FORBIDDEN) for breach in blocking):
        raise NotPermitted(*blocking)
    raise RuleBreached(*blocking)


def check_gates(session: Session, row: Disbursement, stage: Stage, actor: Actor, now: datetime) -> Facts:
    """Look at every gate of a stage and refuse with all that block. Returns the facts; notes stay for the caller.

    Contract and accounts stay as they are until the unit of work ends, so that none changes behind the decision.
    """
    facts = facts_at(session, row, stage, actor, now, _steady(session, row))
    refuse_if_blocked(rules.breaches(facts))
    return facts


def _steady(session: Session, row: Disbursement) -> Held:
    """The row's contract and accounts, read afresh and kept from changing until the unit of work ends."""
    wanted = (row.payer_account_id, row.payee_account_id)
    parties = bulk.with_parties(session, [row.contract_id], held=True)
    accounts = (
        select(BankAccount)
        .where(BankAccount.id.in_(wanted))
        .order_by(BankAccount.id)
        .with_for_update(read=True)
        .execution_options(populate_existing=True)
    )
    return Held(parties, {each.id: each for each in session.scalars(accounts)})


def consented(session: Session, row: Disbursement) -> bytes:
    """The fingerprint of what a checker of this row consents to now."""
    account = session.get_one(BankAccount, row.payee_account_id)
    return fingerprint_of(row, account)


def fingerprint_of(row: Disbursement | Queued, payee: BankAccount) -> bytes:
    """The fingerprint of a row and its payee's account."""
    return fingerprint(
        Consented(
            row.id,
            row.revision,
            row.contract_id,
            row.tranche_id,
            row.pocket_id,
            row.amount,
            row.payer_account_id,
            row.payee_account_id,
            payee.number_digest,
            row.requested_value_date,
            row.purpose,
            row.converts_at,
        )
    )


def book_of(session: Session, institution_id: UUID) -> Book:
    """The book of an institution."""
    institution = session.get_one(Institution, institution_id)
    return Book(institution_id, Currency(institution.functional_currency))


def payment_of(row: Disbursement, event_id: UUID) -> Payment:
    """The row as the postings take it."""
    return Payment(
        row.reference,
        event_id,
        row.id,
        row.contract_id,
        row.tranche_id,
        row.pocket_id,
        row.funder_id,
        row.grantee_id,
        row.amount,
    )


def booking_rate(session: Session, book: Book, currency: Currency, now_or_day: Any) -> Rate | None:
    """The booking rate that translates `currency` into the book's on a day: that of the institution's own bank before
    the published one of the same day. None where the currencies are the same.

    Raises RuleBreached where there is none that is fresh.
    """
    day = business_date(now_or_day) if isinstance(now_or_day, datetime) else now_or_day
    if currency is book.functional:
        return None
    found = rates.booking_rate(session, currency, book.functional, day, book.book_id)
    if found is None:
        raise RuleBreached(
            Breach(
                "rate.missing",
                _("There is no fresh booking rate between %(base)s and %(quote)s for %(day)s."),
                _("An accountant enters the rate and a second accountant confirms it."),
                rules.RATES,
                {"base": currency.value, "quote": book.functional.value, "day": day},
            )
        )
    return Rate(found.base, found.quote, found.units(found.quote), found.rate_id)


def dealt_rate(value: Decimal | None, base: Currency | None, one: Currency, other: Currency) -> Rate | None:
    """The rate a bank states: units of the other currency for one of `base`. None where none is stated or needed.

    Raises InputRefused where a rate comes without its base currency.
    """
    if value is None or one is other:
        return None
    if base not in (one, other):
        raise InputRefused(
            Breach(
                "rate.base-missing",
                _("Say which currency the rate prices."),
                _("Choose the currency of which the bank prices one unit."),
                field="rate_base",
            )
        )
    return Rate(base, other if base is one else one, value)


def give_hold_back(session: Session, actor: Actor, row: Disbursement) -> None:
    """Return the disbursement's hold to its contract's; to the pocket where the contract's is closed."""
    if row.hold_id is None:
        return
    held = balances.hold(session, row.hold_id)
    row_hold, row.hold_id = row.hold_id, None
    if held is None or not held.is_open:
        return
    parent = balances.hold(session, held.parent_id) if held.parent_id else None
    if parent is not None and parent.is_open:
        key = key_for("disbursement.hold.return", row_hold)
        holds.return_hold(session, row_hold, actor_id=actor.person_id, idempotency_key=key)
    else:
        key = key_for("disbursement.hold.release", row_hold)
        holds.release_hold(session, row_hold, actor_id=actor.person_id, idempotency_key=key)


def contract_hold(session: Session, row: Disbursement) -> UUID | None:
    """The contract's own hold."""
    return contracts.by_id(session, row.contract_id).hold_id


def record(
    session: Session,
    actor: Actor,
    verb: str,
    row: Disbursement,
    now: datetime,
    *,
    at_grantee: bool = False,
    **details: Any,
) -> None:
    """Write the verb into the trail."""
    place = row.grantee_id if at_grantee else row.funder_id
    shown = {"reference": row.reference, "revision": row.revision, **details}
    trail.record(session, actor, f"{SUBJECT}.{verb}", (SUBJECT, row.id), shown, now=now, institution_id=place)
