"""The verbs on bank accounts: enter, verify, refuse, show the full number; and the cooling period as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from app.access.guards import authorise, may, own_work, refusal
from app.access.permissions import Permission
from app.audit import trail
from app.db.unit_of_work import lock_for_update
from app.institutions import identifiers, queries, rules
from app.institutions.models import BankAccount, CoolingPolicy, Institution
from app.institutions.states import BANK_ACCOUNT_MOVES, BankAccountStatus, Side
from app.kernel.actor import Actor, Role
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.kernel.messages import _


@dataclass(frozen=True, slots=True)
class AccountCommand:
    """A bank account as entered; `replaces_id` names the account it takes the place of once verified."""

    currency: Currency
    bank_name: str
    bank_side: Side
    number: str
    holder_name: str
    label: str = ""
    bic: str = ""
    cnaps: str = ""
    hk_bank_code: str = ""
    replaces_id: UUID | None = None
    change_reason: str = ""


@dataclass(frozen=True, slots=True)
class VerifyCommand:
    """The call-back: who was asked, on which known number, what they confirmed."""

    version: int
    call_back_note: str


@dataclass(frozen=True, slots=True)
class RefuseCommand:
    """Why an entered account is not accepted."""

    version: int
    reason: str


@dataclass(frozen=True, slots=True)
class RevealCommand:
    """Why the full number has to be seen."""

    reason: str


@dataclass(frozen=True, slots=True)
class CoolingCommand:
    """How many days a newly verified account waits, and on whose word."""

    days: int
    source: str


def enter(
    session: Session, actor: Actor, institution_id: UUID, command: AccountCommand, *, now: datetime
) -> BankAccount:
    """Enter an account of one's own institution. It cannot be paid before a second person has verified it."""
    authorise(actor, Permission.BANK_ACCOUNTS_ENTER, institution_id)
    institution = lock_for_update(session, Institution, institution_id)
    breaches = rules.account_breaches(_facts(command))
    number = identifiers.compact(command.number)
    if queries.account_exists(session, institution_id, command.currency, number):
        breaches.append(_already_there())
    if command.replaces_id is not None:
        breaches += _replacement_breaches(session, institution_id, command)
    if any(breach.blocking for breach in breaches):
        raise RuleBreached(*breaches)
    account = BankAccount(
        institution_id=institution.id,
        currency=command.currency.value,
        label=command.label,
        bank_name=command.bank_name,
        bank_side=command.bank_side.value,
        bic=identifiers.compact(command.bic) or None,
        cnaps=identifiers.compact(command.cnaps) or None,
        hk_bank_code=identifiers.compact(command.hk_bank_code) or None,
        number=number,
        holder_name=command.holder_name,
        status=BankAccountStatus.ENTERED.value,
        replaces_id=command.replaces_id,
        change_reason=command.change_reason,
        entered_by_id=actor.person_id,
        entered_at=now,
    )
    session.add(account)
    session.flush()
    warnings = [breach.code for breach in breaches]
    _record(session, actor, "bank-account.enter", account, {"warnings": warnings, "reason": command.change_reason}, now)
    return account


def verify(session: Session, actor: Actor, account_id: UUID, command: VerifyCommand, *, now: datetime) -> BankAccount:
    """Confirm an account by call-back, as another person than entered it. The cooling period starts now.

    Raises NotPermitted for one's own entry, Conflict when it is not waiting. What it replaces becomes REPLACED.
    """
    account = lock_for_update(session, BankAccount, account_id, command.version)
    authorise_verifier(actor, account.institution_id)
    if own := rules.verifier_is_another(account.entered_by_id, actor.person_id):
        raise NotPermitted(*own)
    _check_move(account, BankAccountStatus.VERIFIED)
    setting = queries.cooling_setting(session, account.institution_id)
    account.status = BankAccountStatus.VERIFIED.value
    account.verified_by_id = actor.person_id
    account.verified_at = now
    account.call_back_note = command.call_back_note
    account.cooling_until = now + timedelta(days=setting.days)
    if account.replaces_id is not None:
        _replace(session, actor, account, now)
    details = {"note": command.call_back_note, "cooling_until": account.cooling_until, "cooling_source": setting.source}
    _record(session, actor, "bank-account.verify", account, details, now)
    return account


def refuse(session: Session, actor: Actor, account_id: UUID, command: RefuseCommand, *, now: datetime) -> BankAccount:
    """Turn an entered account down, with the reason."""
    account = lock_for_update(session, BankAccount, account_id, command.version)
    authorise_verifier(actor, account.institution_id)
    _check_move(account, BankAccountStatus.REFUSED)
    account.status = BankAccountStatus.REFUSED.value
    account.refusal_reason = command.reason
    _record(session, actor, "bank-account.refuse", account, {"reason": command.reason}, now)
    return account


def reveal(session: Session, actor: Actor, account_id: UUID, command: RevealCommand, *, now: datetime) -> str:
    """The full account number, after the reason has been put on the trail."""
    account = queries.account_for(session, actor, account_id)
    own = may(actor, Permission.BANK_ACCOUNTS_REVEAL, account.institution_id)
    payer = actor.holds(Role.PAYMENTS_OFFICER) and may(actor, Permission.BANK_ACCOUNTS_REVEAL)
    if not own and not payer:
        raise refusal(Permission.BANK_ACCOUNTS_REVEAL, account.institution_id)
    _record(session, actor, "bank-account.reveal", account, {"reason": command.reason}, now)
    return account.number


def authorise_verifier(actor: Actor, institution_id: UUID) -> None:
    """A second person of the institution, or a funder's grant officer who called it back, may verify."""
    own = may(actor, Permission.BANK_ACCOUNTS_VERIFY, institution_id)
    funder = actor.holds(Role.GRANT_OFFICER) and may(actor, Permission.BANK_ACCOUNTS_VERIFY)
    if not own and not funder:
        raise refusal(Permission.BANK_ACCOUNTS_VERIFY, institution_id)


def propose_cooling(
    session: Session, actor: Actor, institution_id: UUID, command: CoolingCommand, *, now: datetime
) -> CoolingPolicy:
    """Propose how long this institution's newly verified accounts wait; a second administrator confirms."""
    authorise(actor, Permission.SETTINGS_PROPOSE, institution_id)
    policy = CoolingPolicy(
        institution_id=institution_id,
        days=command.days,
        source=command.source,
        proposed_by_id=actor.person_id,
        proposed_at=now,
    )
    session.add(policy)
    session.flush()
    details = {"days": command.days, "source": command.source}
    subject = ("institution", institution_id)
    trail.record(session, actor, "cooling.propose", subject, details, now=now, institution_id=institution_id)
    return policy


def confirm_cooling(session: Session, actor: Actor, policy_id: UUID, version: int, *, now: datetime) -> CoolingPolicy:
    """Put a proposed cooling period in force, as another administrator than proposed it."""
    policy = lock_for_update(session, CoolingPolicy, policy_id, version)
    authorise(actor, Permission.SETTINGS_CONFIRM, policy.institution_id)
    if policy.proposed_by_id == actor.person_id:
        raise own_work("cooling.confirm", _("A second administrator confirms it."))
    if policy.confirmed_at is not None:
        raise Conflict(Breach("cooling.confirmed", _("This was confirmed already."), source=_("Status of the setting")))
    policy.confirmed_by_id = actor.person_id
    policy.confirmed_at = now
    details = {"days": policy.days, "source": policy.source}
    subject = ("institution", policy.institution_id or policy.id)
    trail.record(session, actor, "cooling.confirm", subject, details, now=now, institution_id=policy.institution_id)
    return policy


def _facts(command: AccountCommand) -> rules.AccountFacts:
    return rules.AccountFacts(
        command.bank_side, command.bic, command.cnaps, command.hk_bank_code, identifiers.compact(command.number)
    )


def _already_there() -> Breach:
    return Breach(
        "bank-account.taken",
        _("This account is already entered for the institution."),
        cure=_("Open it in the list of accounts."),
        source=_("One row per live account"),
        field="number",
    )


def _replacement_breaches(session: Session, institution_id: UUID, command: AccountCommand) -> list[Breach]:
    replaced = session.get(BankAccount, command.replaces_id)
    fits = (
        replaced is not None
        and replaced.institution_id == institution_id
        and replaced.status == BankAccountStatus.VERIFIED
        and replaced.currency == command.currency
    )
    breaches = []
    if not fits:
        message = _("Only a verified account of this institution in the same currency can be replaced.")
        breaches.append(
            Breach("bank-account.replaces", message, source=_("Status table of bank accounts"), field="replaces_id")
        )
    if not command.change_reason:
        message = _("A change of account needs its reason.")
        cure = _("Say why it changes and how you know.")
        breaches.append(
            Breach(
                "bank-account.change-reason",
                message,
                cure=cure,
                source=_("Payee change control"),
                field="change_reason",
            )
        )
    return breaches


def _replace(session: Session, actor: Actor, account: BankAccount, now: datetime) -> None:
    replaced = lock_for_update(session, BankAccount, account.replaces_id)  # type: ignore[arg-type]
    if replaced.status == BankAccountStatus.VERIFIED:
        replaced.status = BankAccountStatus.REPLACED.value
        _record(
            session, actor, "bank-account.replace", replaced, {"by": account.id, "reason": account.change_reason}, now
        )


def _check_move(account: BankAccount, to: BankAccountStatus) -> None:
    if to in BANK_ACCOUNT_MOVES[BankAccountStatus(account.status)]:
        return
    raise Conflict(
        Breach(
            "bank-account.status",
            _("This account is no longer waiting: it is %(status)s."),
            cure=_("Open the page again to see where it stands."),
            source=_("Status table of bank accounts"),
            params={"status": account.status},
        )
    )


def _record(
    session: Session, actor: Actor, verb: str, account: BankAccount, details: dict[str, object], now: datetime
) -> None:
    known = {"number": account.masked_number, "currency": account.currency, **details}
    subject = ("bank_account", account.id)
    trail.record(session, actor, verb, subject, known, now=now, institution_id=account.institution_id)
