"""The verbs of computed journals: overhead by formula and apportioned interest are computed, shown and proposed.

What is proposed is an ordinary journal with its calculation as evidence: a second person approves it, and it posts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.contracts.models import Contract
from app.institutions.models import BankAccount
from app.institutions.states import BankAccountStatus
from app.journals import service, workings
from app.journals.interest import Apportionment
from app.journals.models import Journal
from app.journals.overhead import Overhead
from app.journals.service import LineCommand, SubmitJournal
from app.journals.states import JournalKind
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused, NotFound, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class OverheadAsked:
    """Of which contract and up to which day; `left_out` is taken off the base besides, in the contract's currency."""

    contract_id: UUID
    first_day: date
    last_day: date
    left_out: Money | None = None
    left_out_reason: str = ""


@dataclass(frozen=True, slots=True)
class ChargeOverhead:
    """The charge as computed, dated `effective_on`."""

    asked: OverheadAsked
    effective_on: date
    reason: str
    negative_list_declared: bool = False
    evidence: Upload | None = None


@dataclass(frozen=True, slots=True)
class InterestAsked:
    """Interest credited to an account for a period, and the average of money there that is no contract's."""

    bank_account_id: UUID
    first_day: date
    last_day: date
    whole: Money
    other_average: Money | None = None


@dataclass(frozen=True, slots=True)
class ApportionInterest:
    """The apportionment as computed, dated on the day the bank credited the interest."""

    asked: InterestAsked
    effective_on: date
    reason: str
    evidence: Upload | None = None


def overhead(session: Session, actor: Actor, asked: OverheadAsked, *, today: date) -> Overhead:
    """What overhead the contract bears up to the last day, and what is still to be charged. Writes nothing.

    Raises NotFound for a contract of another book, InputRefused for wrong figures, RuleBreached without a formula.
    """
    contract = session.get(Contract, asked.contract_id)
    if contract is None or contract.grantee_id not in institutions_granting(actor, Permission.JOURNALS_DRAFT):
        raise NotFound(Breach("contract.not-found", _("There is no such contract."), field="contract_id"))
    _not_in_future(asked.last_day, today)
    left_out = asked.left_out or Money.zero(Currency(contract.currency))
    _in_currency(left_out, contract.currency, "left_out")
    if left_out and not asked.left_out_reason:
        raise InputRefused(
            Breach(
                "journal.left-out-unexplained",
                _("Cost is left out of the base without a reason."),
                cure=_("Say which cost it is and why it bears no overhead."),
                source=workings.FORMULA,
                field="left_out_reason",
            )
        )
    return workings.overhead(session, contract, asked.first_day, asked.last_day, left_out, asked.left_out_reason)


def charge_overhead(session: Session, actor: Actor, command: ChargeOverhead, *, now: datetime) -> Journal:
    """Submit what the formula gives, less what was charged, for a second person; it posts on the heading of overhead.

    Raises as `overhead`, RuleBreached where nothing is left to charge and with every rule of journals it breaks.
    """
    sheet = overhead(session, actor, command.asked, today=business_date(now))
    if sheet.charge.minor <= 0:
        raise RuleBreached(
            Breach(
                "journal.nothing-to-charge",
                _("The formula gives %(given)s; %(charged)s is charged and %(waiting)s waits to be."),
                cure=_("Nothing is to be charged up to this day. Correct a charge that was too high by a reversal."),
                source=workings.FORMULA,
                params={"given": sheet.given, "charged": sheet.charged, "waiting": sheet.waiting},
            )
        )
    contract = session.get_one(Contract, command.asked.contract_id)
    line = LineCommand(contract.id, Heading.OVERHEAD, f"{sheet.first_day} – {sheet.last_day}", sheet.charge)
    proposed = SubmitJournal(
        institution_id=contract.grantee_id,
        kind=JournalKind.OVERHEAD_CHARGE,
        effective_on=command.effective_on,
        reason=command.reason,
        counterparty="",
        bank_account_id=None,
        negative_list_declared=command.negative_list_declared,
        lines=(line,),
        evidence=command.evidence,
    )
    return service.submit(session, actor, proposed, now=now, sheet=sheet)


def interest(session: Session, actor: Actor, asked: InterestAsked, *, today: date) -> Apportionment:
    """Whose the interest of a period is, by average daily balance. Writes nothing.

    Raises NotFound for an account of another book, InputRefused for wrong figures, RuleBreached where no contract had
    money there or the period is apportioned already.
    """
    account = session.get(BankAccount, asked.bank_account_id)
    places = institutions_granting(actor, Permission.JOURNALS_DRAFT)
    if account is None or account.institution_id not in places or account.status != BankAccountStatus.VERIFIED:
        raise NotFound(Breach("account.not-found", _("There is no such bank account."), field="bank_account_id"))
    _not_in_future(asked.last_day, today)
    other = asked.other_average or Money.zero(asked.whole.currency)
    _in_currency(asked.whole, account.currency, "whole")
    _in_currency(other, account.currency, "other_average")
    before = workings.apportioned_before(session, account, asked.first_day, asked.last_day)
    if before:
        raise RuleBreached(*before)
    return workings.apportionment(session, account, asked.first_day, asked.last_day, asked.whole, other)


def apportion_interest(session: Session, actor: Actor, command: ApportionInterest, *, now: datetime) -> Journal:
    """Submit the parts of the contracts for a second person; each posts as interest received by its contract.

    Raises as `interest`, and RuleBreached with every rule of journals it breaks.
    """
    sheet = interest(session, actor, command.asked, today=business_date(now))
    account = session.get_one(BankAccount, command.asked.bank_account_id)
    days = f"{sheet.first_day} – {sheet.last_day}"
    proposed = SubmitJournal(
        institution_id=account.institution_id,
        kind=JournalKind.INTEREST,
        effective_on=command.effective_on,
        reason=command.reason,
        counterparty=account.bank_name,
        bank_account_id=account.id,
        negative_list_declared=False,
        lines=tuple(LineCommand(each.contract_id, None, days, each.part) for each in sheet.shares if each.part),
        evidence=command.evidence,
    )
    return service.submit(session, actor, proposed, now=now, sheet=sheet)


def _not_in_future(last_day: date, today: date) -> None:
    if last_day > today:
        raise InputRefused(
            Breach(
                "journal.period-open",
                _("The period ends on %(day)s, which is after today."),
                cure=_("Compute it when the period is over, or up to today."),
                params={"day": last_day.isoformat()},
                field="last_day",
            )
        )


def _in_currency(amount: Money, currency: str, field: str) -> None:
    if amount.currency != currency:
        raise InputRefused(
            Breach(
                "journal.other-currency",
                _("The amount is in %(given)s; it must be in %(wanted)s."),
                cure=_("Enter it in the currency of the contract or the account."),
                source=_("Two currencies are never added"),
                params={"given": amount.currency.value, "wanted": currency},
                field=field,
            )
        )
