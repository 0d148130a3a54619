"""The verbs around the payer's bank: release under the mandate, settle, bounce."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import own_work
from app.access.permissions import Permission
from app.disbursements import bank_rules, dealing, postings
from app.disbursements.bank_rules import SettlementFacts
from app.disbursements.commands import Bounce, Seen, Settle
from app.disbursements.facts import Stage
from app.disbursements.gathering import approvers_of
from app.disbursements.loading import (
    book_of,
    booking_rate,
    check_gates,
    contract_hold,
    in_status,
    locked,
    payment_of,
    record,
    refuse_if_blocked,
)
from app.disbursements.models import Disbursement, Release
from app.disbursements.states import ConversionSide, DisbursementStatus as Status
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances, holds, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Rate
from app.ledger.posting import Consumption, Order, key_for


def release(session: Session, actor: Actor, reference: str, command: Seen, *, now: datetime) -> Disbursement:
    """Sign the release; the last signatory of the mandate sends the money: hold consumed, grant and pocket posted.

    Every gate, the whitelist too, is looked at again. Raises NotPermitted for maker and checkers, RuleBreached.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_RELEASE, reference, command.version)
    if actor.person_id == row.maker_id or actor.person_id in approvers_of(row):
        raise own_work(
            "disbursement.release", _("A payments officer who neither prepared nor approved it releases it.")
        )
    in_status(row, Status.APPROVED)
    facts = check_gates(session, row, Stage.RELEASE, actor, now)
    row.releases.append(
        Release(id=new_id(), disbursement_id=row.id, revision=row.revision, signatory_id=actor.person_id, signed_at=now)
    )
    session.flush()
    if facts.mandate.signed + 1 < (facts.mandate.signatories or 1):
        record(session, actor, "sign-release", row, now, amount=row.amount)
        return row
    _send(session, actor, row, now)
    record(session, actor, "release", row, now, amount=row.amount, mandate=facts.mandate.source)
    return row


def _send(session: Session, actor: Actor, row: Disbursement, now: datetime) -> None:
    """Post the release and use up the hold, in one go."""
    today, event = business_date(now), new_id()
    book = book_of(session, row.funder_id)
    rate = booking_rate(session, book, row.amount.currency, today)
    if row.hold_id is None:
        raise RuleBreached(Breach("hold.missing", _("Nothing is held for this payment."), _("Recall and approve it.")))
    posted = posting.post(
        session,
        postings.release(payment_of(row, event), book, today, rate),
        actor_id=actor.person_id,
        idempotency_key=key_for("disbursement.release", row.id, row.revision),
        consumes=[Consumption(row.hold_id, row.amount)],
    )
    row.status, row.release_date, row.released_at = Status.RELEASED, today, now
    row.released_by_id, row.release_event_id, row.release_entry_id = actor.person_id, event, posted.entry_id
    row.booking_rate = rate.value if rate else None
    row.booking_rate_base = rate.base.value if rate else None
    session.flush()


def settle(session: Session, actor: Actor, reference: str, command: Settle, *, now: datetime) -> Disbursement:
    """Enter the payer's bank line at its value date, with the bank's charge if it took one (borne by the pocket)."""
    row = locked(session, actor, Permission.DISBURSEMENTS_SETTLE, reference, command.version)
    in_status(row, Status.RELEASED)
    _not_payer(row, actor, "settle")
    account = session.get_one(BankAccount, row.payer_account_id)
    currency = Currency(account.currency)
    debited = command.debited if command.debited is not None else row.amount
    charge = command.charge if command.charge is not None else Money.zero(currency)
    currencies = dealing.currencies_of(session, row)
    converts = dealing.side_of(row, currencies) is ConversionSide.PAYER
    stated = dealing.dealt(
        session,
        row,
        command,
        (row.amount.currency, row.amount.currency.other if converts else row.amount.currency),
        side=ConversionSide.PAYER if converts else None,
        earliest=row.released_at or now,
        now=now,
    )
    dealt = stated.rate
    from_pocket = _in_pocket_currency(charge, row.amount.currency, dealt)
    refuse_if_blocked(
        bank_rules.settlement_breaches(
            SettlementFacts(
                row.amount,
                _released_on(row),
                command.value_date,
                business_date(now),
                currency,
                debited,
                dealt,
                charge,
                from_pocket if charge else None,
                _available(session, row),
                converts,
            )
        )
    )
    _post_settlement(session, actor, row, command.value_date, account.id, debited, charge, from_pocket)
    row.status, row.settled_on, row.settled_by_id = Status.SETTLED, command.value_date, actor.person_id
    row.settlement_bank_reference = command.bank_reference
    row.debited_minor, row.debited_currency = debited.minor, debited.currency.value
    row.settlement_rate = dealt.value if dealt else None
    row.settlement_rate_base = dealt.base.value if dealt else None
    row.settlement_rate_source = stated.source if dealt else ""
    row.settlement_quote_id, row.dealt_at = stated.quote.id if stated.quote else None, command.dealt_at
    row.payer_charge_minor = charge.minor
    session.flush()
    record(session, actor, "settle", row, now, amount=debited, charge=charge, value_date=command.value_date)
    return row


def _post_settlement(
    session: Session,
    actor: Actor,
    row: Disbursement,
    value_date: date,
    account_id: UUID,
    debited: Money,
    charge: Money,
    from_pocket: Money | None,
) -> None:
    payment, book = payment_of(row, _event(row)), book_of(session, row.funder_id)
    rate = _release_rate(row)
    entries = [postings.settlement(payment, book, value_date, bank_account_id=account_id, debited=debited, rate=rate)]
    if charge and from_pocket is not None:
        entries.append(
            postings.payer_charge(
                payment,
                book,
                value_date,
                bank_account_id=account_id,
                charge=charge,
                from_pocket=from_pocket,
                rate=rate or _translating(session, book, charge.currency, value_date),
            )
        )
    names = ("settlement", "charge")
    orders = [Order(entry, key_for("disbursement", row.id, name)) for entry, name in zip(entries, names, strict=False)]
    posted = posting.post_all(session, orders, actor_id=actor.person_id)
    row.settlement_entry_id = posted[0].entry_id
    row.charge_entry_id = posted[1].entry_id if len(posted) > 1 else None


def bounce(session: Session, actor: Actor, reference: str, command: Bounce, *, now: datetime) -> Disbursement:
    """The bank sent it back: settlement and release are reversed, and the contract's hold gets the amount again.

    A receipt the grantee confirmed stands in the way until the grantee withdraws it.
    """
    row = locked(session, actor, Permission.DISBURSEMENTS_BOUNCE, reference, command.version)
    in_status(row, Status.RELEASED, Status.SETTLED)
    _not_payer(row, actor, "bounce")
    if row.receipt is not None:
        raise RuleBreached(
            Breach(
                "bounce.received",
                _("The grantee has confirmed that this money arrived."),
                _("The grantee's finance officer withdraws the confirmation first."),
                bank_rules.BANK_LINE,
            )
        )
    refuse_if_blocked(
        bank_rules.bounce_breaches(command.value_date, _released_on(row), row.settled_on, business_date(now))
    )
    _reverse(session, actor, row, command)
    _hold_again(session, actor, row)
    row.status, row.bounced_on, row.bounced_by_id = Status.BOUNCED, command.value_date, actor.person_id
    row.bounce_reason, row.bounce_bank_reference = command.reason, command.bank_reference
    session.flush()
    record(session, actor, "bounce", row, now, amount=row.amount, reason=command.reason)
    return row


def _reverse(session: Session, actor: Actor, row: Disbursement, command: Bounce) -> None:
    for entry_id in (row.settlement_entry_id, row.release_entry_id):
        if entry_id is not None:
            posting.reverse(
                session,
                entry_id,
                effective_on=command.value_date,
                event_id=_event(row),
                reason=f"{row.reference} sent back by the bank",
                actor_id=actor.person_id,
                idempotency_key=key_for("disbursement.bounce", row.id, entry_id),
            )


def _hold_again(session: Session, actor: Actor, row: Disbursement) -> None:
    """A new hold for what came back, given to the contract's; where that is closed, the money stays in the pocket."""
    parent = contract_hold(session, row)
    standing = balances.hold(session, parent) if parent else None
    row.hold_id = None
    if standing is None or not standing.is_open:
        return
    pocket = AccountKey(AccountCode.POCKET, row.amount.currency, row.pocket_id)
    opened = holds.open_hold(
        session,
        row.funder_id,
        pocket,
        row.amount,
        contract_id=row.contract_id,
        disbursement_id=row.id,
        parent_id=parent,
        actor_id=actor.person_id,
        idempotency_key=key_for("disbursement.bounce.hold", row.id),
    )
    holds.return_hold(
        session,
        opened.hold_id,
        actor_id=actor.person_id,
        idempotency_key=key_for("disbursement.bounce.return", row.id),
    )


def _not_payer(row: Disbursement, actor: Actor, verb: str) -> None:
    if actor.person_id in {each.signatory_id for each in row.releases}:
        raise own_work(f"disbursement.{verb}", _("An accountant who did not release it enters the bank's line."))


def _event(row: Disbursement) -> UUID:
    if row.release_event_id is None:
        raise AssertionError("a released disbursement has an event")
    return row.release_event_id


def _released_on(row: Disbursement) -> date:
    if row.release_date is None:
        raise AssertionError("a released disbursement has a date")
    return row.release_date


def _release_rate(row: Disbursement) -> Rate | None:
    """The rate of the release, so that payments in transit end at nil in the book's currency too."""
    return dealing.kept_rate(row.booking_rate, row.booking_rate_base)


def _translating(session: Session, book: postings.Book, currency: Currency, day: date) -> Rate | None:
    return booking_rate(session, book, currency, day)


def _in_pocket_currency(charge: Money, currency: Currency, dealt: Rate | None) -> Money | None:
    """The charge in the pocket's currency; None where a conversion has no rate (the rules say so)."""
    if charge.currency is currency:
        return charge
    return dealt.convert(charge) if dealt is not None else None


def _available(session: Session, row: Disbursement) -> Money:
    position = balances.pocket_position(session, row.pocket_id)
    return position.available if position is not None else Money.zero(row.amount.currency)
