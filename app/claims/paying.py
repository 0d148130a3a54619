"""The payment of an approved claim, by a third person, from the project's bank account."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.access.guards import authorise, own_work
from app.access.permissions import Permission
from app.claims import flagging, gathering, postings, queries, telling
from app.claims.commands import PayClaim
from app.claims.models import Claim
from app.claims.service import must_be_able_to_become, refuse_if_breached, trace
from app.claims.states import ClaimStatus
from app.db.unit_of_work import lock_for_update
from app.institutions import queries as institutions
from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused, RuleBreached
from app.kernel.identity import new_id
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.entries import Entry, EntryKind

SOURCE = _("Accounting of events: a claim is paid from the project's bank account")


def pay(session: Session, actor: Actor, reference: str, command: PayClaim, *, now: datetime) -> Claim:
    """Book the payment of an approved claim; whoever made, checked, approved or is paid cannot.

    Raises NotPermitted (own work), Conflict (paid already), InputRefused for an account or date that does not fit,
    RuleBreached for a rule that no longer holds. The entry's key is the claim: it is paid once.
    """
    claim = queries.visible_claim(session, actor, reference)
    claim = lock_for_update(session, Claim, claim.id, command.version)
    authorise(actor, Permission.CLAIMS_PAY, claim.institution_id)
    if actor.person_id in hands_of(claim):
        raise own_work("claim.pay")
    must_be_able_to_become(claim, ClaimStatus.PAID)
    refuse_if_breached(session, claim, now)
    flagging.refuse_if_open(session, claim, now)
    account = _account(session, claim, command, business_date(now))
    owed = payable(claim)
    claim.status = ClaimStatus.PAID
    claim.paid_by_id, claim.paid_at, claim.paid_on = actor.person_id, now, command.paid_on
    claim.bank_account_id, claim.bank_reference = account.id, command.bank_reference
    claim.version += 1
    if owed:
        claim.payment_entry_id = _book(session, actor, claim, owed)
    telling.tell(session, claim, now)
    trace(session, actor, "claim.pay", claim, now, amount=owed)
    return claim


def hands_of(claim: Claim) -> frozenset[object]:
    """Everybody who has had a part in the claim so far: none of them pays it."""
    return frozenset({claim.made_by_id, claim.claimant_id, claim.checked_by_id, claim.approved_by_id})


def payable(claim: Claim) -> Money:
    """What is owed to the claimant, in the currency of payment: positive, or nil where an advance covers it all."""
    return Money(claim.payable_minor or 0, Currency(claim.pay_currency))


def _account(session: Session, claim: Claim, command: PayClaim, today: date) -> BankAccount:
    """The account it is paid from: the institution's, verified, in the currency of payment. Raises InputRefused."""
    currency = Currency(claim.pay_currency)
    found = {each.id: each for each in institutions.verified_accounts(session, claim.institution_id, currency)}
    account = found.get(command.bank_account_id)
    if account is None:
        raise InputRefused(
            Breach(
                "claim.bank-account",
                _("That is not a verified account of this institution in %(currency)s."),
                cure=_("Choose an account in the currency the claim is paid in."),
                source=SOURCE,
                params={"currency": currency.value},
                field="bank_account_id",
            )
        )
    if command.paid_on > today:
        raise InputRefused(
            Breach(
                "claim.paid-in-future",
                _("The payment is dated %(day)s, which is after today."),
                cure=_("Enter the day the bank sent the money."),
                source=SOURCE,
                params={"day": command.paid_on.isoformat()},
                field="paid_on",
            )
        )
    return account


def _book(session: Session, actor: Actor, claim: Claim, owed: Money) -> int:
    functional = Currency(session.get_one(Institution, claim.institution_id).functional_currency)
    if claim.paid_on is None or claim.bank_account_id is None or claim.carried_minor is None:
        raise AssertionError("a claim is booked as paid after it is approved and its account chosen")
    carried = Money(claim.carried_minor, functional)
    worth = _worth(session, claim, owed, functional)
    entry = Entry(
        claim.institution_id,
        claim.paid_on,
        EntryKind.ACTUAL,
        new_id(),
        f"{claim.reference}: {claim.bank_reference or claim.purpose}"[:500],
        postings.paid(claim.contract_id, claim.id, claim.bank_account_id, owed, carried, worth),
    )
    key = posting.key_for("claim.pay", claim.id)
    posted = posting.post(session, entry, actor_id=actor.person_id, idempotency_key=key, approval_id=claim.id)
    return posted.entry_id


def _worth(session: Session, claim: Claim, owed: Money, functional: Currency) -> Money:
    """What the money is worth in the book's currency on the day it is sent. Raises RuleBreached without a rate."""
    if owed.currency is functional or claim.paid_on is None:
        return owed
    rate = gathering.rate_of_day(session, claim, claim.paid_on, (owed.currency, functional))
    if rate is None:
        raise RuleBreached(
            Breach(
                "rate.missing",
                _("No fresh booking rate for %(currency)s on %(day)s."),
                cure=_("Ask an accountant to enter and confirm the rate of the day, then try again."),
                source=_("Nothing is booked at a guessed rate"),
                params={"currency": owed.currency.value, "day": claim.paid_on.isoformat()},
                field="paid_on",
            )
        )
    return rate.convert(owed)
