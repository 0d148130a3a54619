"""The grantee's own fact: what arrived, when, at which rate, less which charges; and taking a mistaken one back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.disbursements import bank_rules, dealing, postings
from app.disbursements.bank_rules import ReceiptFacts
from app.disbursements.commands import ConfirmReceipt, WithdrawReceipt
from app.disbursements.dealing import Dealt
from app.disbursements.loading import (
    book_of,
    booking_rate,
    in_status,
    locked,
    payment_of,
    record,
    refuse_if_blocked,
)
from app.disbursements.models import Disbursement, Receipt
from app.disbursements.postings import Arrival
from app.disbursements.states import ConversionSide, DisbursementStatus as Status
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.posting import key_for


def confirm(session: Session, actor: Actor, reference: str, command: ConfirmReceipt, *, now: datetime) -> Disbursement:
    """Confirm what arrived: project bank, bank charge heading and grant received, in the grantee's book.

    Grant received is gross, in the contract's currency. Where the payer's bank converted, its rate is taken unless
    another is stated. Raises RuleBreached where received and charges do not explain
    the amount at the dealt rate and no reason names the difference.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_CONFIRM_RECEIPT, reference, command.version, at_grantee=True)
    in_status(row, Status.RELEASED, Status.SETTLED)
    if row.receipt is not None:
        raise Conflict(Breach("receipt.confirmed", _("This receipt has been confirmed already.")))
    if row.release_date is None or row.release_event_id is None:
        raise AssertionError("a released disbursement has a date and an event")
    account = session.get(BankAccount, command.bank_account_id)
    if account is None:
        raise InputRefused(Breach("bank-account.unknown", _("There is no such account."), field="bank_account_id"))
    currency = row.amount.currency
    stated = _stated(session, row, command, now)
    dealt = stated.rate
    charge = command.charge if command.charge is not None else Money.zero(command.received.currency)
    arrival = Arrival(account.id, command.value_date, command.received, charge, dealt)
    refuse_if_blocked(
        bank_rules.receipt_breaches(
            ReceiptFacts(
                row.amount,
                row.release_date,
                arrival,
                business_date(now),
                Currency(account.currency),
                account.institution_id == row.grantee_id,
                row.payee_account_id,
                command.difference_reason,
            )
        )
    )
    receipt = _receipt(row, command, arrival, stated, actor, now)
    book = book_of(session, row.grantee_id)
    rate = dealt or booking_rate(session, book, currency, command.value_date)
    entry = postings.receipt(payment_of(row, row.release_event_id), book, arrival, rate)
    posted = posting.post(
        session, entry, actor_id=actor.person_id, idempotency_key=key_for("disbursement.receipt", receipt.id)
    )
    receipt.entry_id = posted.entry_id
    row.receipts.append(receipt)
    session.flush()
    record(
        session,
        actor,
        "confirm-receipt",
        row,
        now,
        at_grantee=True,
        amount=command.received,
        charge=charge,
        reason=command.difference_reason,
    )
    return row


def withdraw(
    session: Session, actor: Actor, reference: str, command: WithdrawReceipt, *, now: datetime
) -> Disbursement:
    """Take a confirmation back: its entry is reversed, and what really arrived may be confirmed again."""
    row = locked(session, actor, Permission.DISBURSEMENTS_CONFIRM_RECEIPT, reference, command.version, at_grantee=True)
    in_status(row, Status.RELEASED, Status.SETTLED)
    receipt = row.receipt
    if receipt is None or receipt.entry_id is None or row.release_event_id is None:
        raise Conflict(Breach("receipt.none", _("There is no confirmed receipt to take back.")))
    if not receipt.value_date <= command.reversed_on <= business_date(now):
        raise RuleBreached(
            Breach(
                "receipt.reversal-date",
                _("Take it back on a day from its value date to today."),
                source=bank_rules.BANK_LINE,
                field="reversed_on",
            )
        )
    posting.reverse(
        session,
        receipt.entry_id,
        effective_on=command.reversed_on,
        event_id=row.release_event_id,
        reason=f"{row.reference} receipt withdrawn",
        actor_id=actor.person_id,
        idempotency_key=key_for("disbursement.receipt.withdraw", receipt.id),
    )
    receipt.reversed_on, receipt.reversed_by_id = command.reversed_on, actor.person_id
    receipt.reversal_reason = command.reason
    row.version += 1
    session.flush()
    record(session, actor, "withdraw-receipt", row, now, at_grantee=True, reason=command.reason)
    return row


def _stated(session: Session, row: Disbursement, command: ConfirmReceipt, now: datetime) -> Dealt:
    """The rate stated, else the one the payer's bank dealt at where it is the payer's that converts."""
    side = dealing.side_of(row, dealing.currencies_of(session, row))
    stated = dealing.dealt(
        session,
        row,
        command,
        (row.amount.currency, command.received.currency),
        side=ConversionSide.PAYEE if side is ConversionSide.PAYEE else None,
        earliest=dealing.start_of(command.value_date),
        now=now,
    )
    converted = command.received.currency is not row.amount.currency
    if stated.rate is None and converted and side is ConversionSide.PAYER:
        return Dealt(dealing.settlement_rate_of(row), None, row.settlement_rate_source)
    return stated


def _receipt(
    row: Disbursement, command: ConfirmReceipt, arrival: Arrival, stated: Dealt, actor: Actor, now: datetime
) -> Receipt:
    return Receipt(
        id=new_id(),
        disbursement_id=row.id,
        bank_account_id=arrival.bank_account_id,
        value_date=arrival.value_date,
        bank_reference=command.bank_reference,
        received_minor=arrival.received.minor,
        received_currency=arrival.received.currency.value,
        charge_minor=arrival.charge.minor,
        charge_currency=arrival.charge.currency.value,
        dealt_rate=arrival.dealt.value if arrival.dealt else None,
        rate_base_currency=arrival.dealt.base.value if arrival.dealt else None,
        rate_source=stated.source,
        quote_id=stated.quote.id if stated.quote else None,
        dealt_at=command.dealt_at,
        difference_reason=command.difference_reason,
        confirmed_by_id=actor.person_id,
        confirmed_at=now,
    )
