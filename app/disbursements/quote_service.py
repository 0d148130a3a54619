"""The verbs of banks' quotes: keep one, compared with the reference rate of that day, and take one back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise
from app.access.permissions import Permission
from app.access.policies import queries as policies
from app.access.policies.states import PolicyName
from app.disbursements import conversion, dealing, queries, quote_rules
from app.disbursements.commands import KeepQuote, WithdrawQuote
from app.disbursements.conversion import Currencies
from app.disbursements.loading import SUBJECT, in_status, record, refuse_if_blocked
from app.disbursements.models import BankQuote, Disbursement, QuoteWithdrawal
from app.disbursements.quote_rules import QuoteFacts
from app.disbursements.states import BEFORE_RELEASE, OUT, ConversionSide
from app.evidence import service as evidence
from app.exchange_rates import queries as rates
from app.exchange_rates.queries import FoundRate
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.errors import InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.ledger.entries import Rate


def keep(session: Session, actor: Actor, reference: str, command: KeepQuote, *, now: datetime) -> BankQuote:
    """Keep a quote of the payer's or the payee's bank; people of that side keep it, and nothing is booked.

    Raises NotPermitted for people of the other side, RuleBreached for a slip or once that bank has converted.
    """
    row = queries.get_visible(session, actor, reference)
    payers = command.side is ConversionSide.PAYER
    place = _place(row, command.side)
    authorise(actor, Permission.QUOTES_KEEP, place)
    in_status(row, *BEFORE_RELEASE, *OUT)
    currencies = dealing.currencies_of(session, row)
    reference_rate = _reference(session, currencies, command, now)
    quoted = _quoted(currencies, command)
    facts = QuoteFacts(
        currencies,
        quoted,
        command.firmness,
        command.asked_at,
        command.valid_until,
        now,
        reference_rate.as_ledger_rate() if reference_rate else None,
        policies.number(session, PolicyName.LARGEST_RATE_STEP_PERCENT, business_date(now)),
        _converted(row, command.side),
    )
    refuse_if_blocked(quote_rules.quote_breaches(facts))
    quote = _row(row, actor, command, facts, reference_rate, now)
    if command.file is not None:
        kept = evidence.keep(
            session,
            actor,
            command.file,
            subject_kind=SUBJECT,
            subject_id=row.id,
            institution_id=place,
            title=f"Quote of {command.bank}"[:200],
            now=now,
        )
        quote.document_id = kept.id
    session.add(quote)
    session.flush()
    shown = {"side": command.side, "rate": command.rate, "unit": command.unit, "base": command.base}
    record(session, actor, "keep-quote", row, now, at_grantee=not payers, bank=command.bank, **shown)
    return quote


def withdraw(session: Session, actor: Actor, reference: str, command: WithdrawQuote, *, now: datetime) -> BankQuote:
    """Take back a quote that was kept by mistake: people of its side do, before its bank has converted.

    Raises NotPermitted for people of the other side, RuleBreached once it is taken back or the money is converted.
    """
    row = queries.get_visible(session, actor, reference)
    quote = session.get(BankQuote, command.quote_id)
    if quote is None or quote.disbursement_id != row.id:
        raise RuleBreached(quote_rules.of_another_payment())
    side = ConversionSide(quote.side)
    authorise(actor, Permission.QUOTES_KEEP, _place(row, side))
    refuse_if_blocked(quote_rules.withdrawable(withdrawn=quote.withdrawal is not None, dealt=_converted(row, side)))
    quote.withdrawal = QuoteWithdrawal(
        quote_id=quote.id, reason=command.reason, withdrawn_by_id=actor.person_id, withdrawn_at=now
    )
    session.flush()
    at_grantee = side is ConversionSide.PAYEE
    record(session, actor, "withdraw-quote", row, now, at_grantee=at_grantee, bank=quote.bank, reason=command.reason)
    return quote


def _place(row: Disbursement, side: ConversionSide) -> UUID:
    """The institution whose bank it is."""
    return row.funder_id if side is ConversionSide.PAYER else row.grantee_id


def _converted(row: Disbursement, side: ConversionSide) -> bool:
    """Whether the bank of that side has converted already."""
    return row.settled_on is not None if side is ConversionSide.PAYER else row.receipt is not None


def _reference(session: Session, currencies: Currencies, command: KeepQuote, now: datetime) -> FoundRate | None:
    """The reference rate of the quote's market on the day it was asked for; None where nothing is converted."""
    if currencies.sold is currencies.bought:
        return None
    day = business_date(min(command.asked_at, now))
    return rates.reference_rate(session, currencies.sold, currencies.bought, day, command.market)


def _quoted(currencies: Currencies, command: KeepQuote) -> Rate:
    if command.unit not in (1, 100):
        message = _("A rate is quoted for 1 or for 100 units.")
        raise InputRefused(Breach("quote.unit", message, _("Enter 1 or 100."), field="unit"))
    return Rate(command.base, command.base.other, conversion.per_one(command.rate, command.unit))


def _row(
    row: Disbursement,
    actor: Actor,
    command: KeepQuote,
    facts: QuoteFacts,
    reference: FoundRate | None,
    now: datetime,
) -> BankQuote:
    sold = facts.currencies.sold
    dearer = conversion.dearer_percent(facts.quoted, facts.reference, sold) if facts.reference else None
    return BankQuote(
        id=new_id(),
        disbursement_id=row.id,
        side=command.side,
        bank=command.bank,
        sold_currency=sold,
        bought_currency=facts.currencies.bought,
        base_currency=command.base,
        unit=command.unit,
        rate=command.rate,
        market=command.market,
        firmness=command.firmness,
        asked_at=command.asked_at,
        valid_until=command.valid_until,
        source=command.source,
        bank_reference=command.bank_reference,
        reference_rate_id=reference.rate_id if reference else None,
        dearer_percent=dearer,
        kept_by_id=actor.person_id,
        kept_at=now,
    )
