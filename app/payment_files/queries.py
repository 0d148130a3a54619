"""Every SELECT on payment files, bank profiles and the bank's answers, named by its question."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import within
from app.disbursements.models import BankMandate, CheckerDecision, Disbursement
from app.disbursements.states import Decision, DisbursementStatus
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.payment_files.models import BankAnswer, BankProfile, FilePayment, FileSignature, PaymentFile
from app.payment_files.states import BankCodeKind, FileStatus
from app.web.paging import Order, Page, paginate

WHOLE = (
    selectinload(PaymentFile.payments),
    selectinload(PaymentFile.signatures),
    selectinload(PaymentFile.answers),
)
"""Loads what belongs to a file together with it."""

MOST_WAITING = 5000


@dataclass(frozen=True, slots=True)
class FileFilter:
    """What the list of files is narrowed to; empty means any."""

    status: str = ""
    account_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Released payments of one account and currency that are in no live file."""

    account_id: UUID
    currency: Currency
    count: int
    total: Money


def _visible(actor: Actor) -> Select[PaymentFile]:
    return select(PaymentFile).where(within(actor, PaymentFile.institution_id))


def get_visible(session: Session, actor: Actor, reference: str) -> PaymentFile:
    """The file of that reference with what belongs to it, if in scope. Raises NotFound otherwise."""
    found = session.scalars(_visible(actor).where(PaymentFile.reference == reference).options(*WHOLE)).first()
    if found is None:
        raise NotFound(Breach("payment-file.not-found", _("There is no such payment file.")))
    return found


def listed(
    session: Session, actor: Actor, wanted: FileFilter, cursor: str | None = None, limit: int = 50
) -> Page[PaymentFile]:
    """One page of the files in scope, newest first."""
    statement = _visible(actor)
    if wanted.status:
        statement = statement.where(PaymentFile.status == wanted.status)
    if wanted.account_id:
        statement = statement.where(PaymentFile.bank_account_id == wanted.account_id)
    order = [Order(PaymentFile.made_at, descending=True), Order(PaymentFile.id)]
    return paginate(session, statement, order, cursor=cursor, limit=limit, total=True)


def counts(session: Session, actor: Actor) -> dict[str, int]:
    """How many files in scope stand in each status."""
    statement = (
        select(PaymentFile.status, func.count())
        .where(within(actor, PaymentFile.institution_id))
        .group_by(PaymentFile.status)
    )
    return dict(session.execute(statement).all())


def awaiting_signature(actor: Actor) -> Select[PaymentFile]:
    """Drafts the actor may sign: made by somebody else, at institutions where they sign, not signed by them yet."""
    places = [key for key in actor.institutions() if may(actor, Permission.PAYMENT_FILES_SIGN, key)]
    signed = exists().where(
        FileSignature.payment_file_id == PaymentFile.id, FileSignature.signatory_id == actor.person_id
    )
    return (
        select(PaymentFile)
        .where(
            PaymentFile.institution_id.in_(places),
            PaymentFile.status == FileStatus.DRAFT,
            PaymentFile.maker_id != actor.person_id,
            ~signed,
        )
        .order_by(PaymentFile.made_at)
    )


def _in_live_file() -> ColumnElement[bool]:
    return exists().where(FilePayment.disbursement_id == Disbursement.id, FilePayment.live)


def _payable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Released, of the actor's own institutions, in no live file."""
    return (
        within(actor, Disbursement.funder_id),
        Disbursement.status == DisbursementStatus.RELEASED,
        ~_in_live_file(),
    )


def waiting(session: Session, actor: Actor) -> list[Waiting]:
    """What waits to be paid, by account and currency; currencies are never added."""
    statement = (
        select(Disbursement.payer_account_id, Disbursement.currency, func.count(), func.sum(Disbursement.amount_minor))
        .where(*_payable(actor))
        .group_by(Disbursement.payer_account_id, Disbursement.currency)
        .order_by(Disbursement.currency, Disbursement.payer_account_id)
    )
    return [
        Waiting(account_id, Currency(currency), count, Money(int(minor), Currency(currency)))
        for account_id, currency, count, minor in session.execute(statement)
    ]


def waiting_payments(session: Session, actor: Actor, account_id: UUID, currency: Currency) -> Sequence[Disbursement]:
    """The payments of one account and currency that wait for a file, oldest first."""
    statement = select(Disbursement).where(
        *_payable(actor),
        Disbursement.payer_account_id == account_id,
        Disbursement.currency == currency.value,
    )
    order = (Disbursement.requested_value_date, Disbursement.reference)
    return session.scalars(statement.order_by(*order).limit(MOST_WAITING)).all()


def by_references(
    session: Session, actor: Actor, references: Collection[str], *, locked: bool = False
) -> Sequence[Disbursement]:
    """Disbursements of the actor's own institutions by reference; under row locks where a file is made of them."""
    statement = select(Disbursement).where(
        within(actor, Disbursement.funder_id), Disbursement.reference.in_(references)
    )
    statement = statement.order_by(Disbursement.id)
    if locked:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalars(statement).all()


def paid_by(session: Session, row: PaymentFile, *, shared: bool = False) -> dict[UUID, Disbursement]:
    """The disbursements of a file by key, in one query; `shared` keeps them as they are until the unit of work ends."""
    keys = [each.disbursement_id for each in row.payments]
    statement = select(Disbursement).where(Disbursement.id.in_(keys)).order_by(Disbursement.id)
    if shared:
        statement = statement.with_for_update(read=True).execution_options(populate_existing=True)
    return {each.id: each for each in session.scalars(statement)}


def live_files_of(session: Session, disbursement_ids: Collection[UUID]) -> dict[UUID, str]:
    """The live file that holds each disbursement, by the disbursement's key; those in none are absent."""
    statement = (
        select(FilePayment.disbursement_id, PaymentFile.reference)
        .join(PaymentFile, PaymentFile.id == FilePayment.payment_file_id)
        .where(FilePayment.disbursement_id.in_(disbursement_ids), FilePayment.live)
    )
    return dict(session.execute(statement).all())


def uetrs_of(session: Session, disbursement_ids: Collection[UUID]) -> dict[UUID, tuple[str, ...]]:
    """The UETRs under which each disbursement went to a bank; those that never did are absent."""
    statement = (
        select(FilePayment.disbursement_id, FilePayment.uetr)
        .join(PaymentFile, PaymentFile.id == FilePayment.payment_file_id)
        .where(
            FilePayment.disbursement_id.in_(disbursement_ids),
            PaymentFile.status.in_((FileStatus.SENT, FileStatus.ANSWERED)),
        )
        .order_by(FilePayment.id)
    )
    found: dict[UUID, tuple[str, ...]] = {}
    for disbursement_id, uetr in session.execute(statement):
        found[disbursement_id] = (*found.get(disbursement_id, ()), str(uetr))
    return found


def signatories_for(session: Session, account_id: UUID, total: Money, day: date) -> int | None:
    """How many signatories the confirmed mandate asks for above the highest threshold that the total passes.

    `total` is in the account's currency. None where no mandate is in force for it.
    """
    statement = (
        select(BankMandate.signatories)
        .where(
            BankMandate.bank_account_id == account_id,
            BankMandate.confirmed_by_id.is_not(None),
            BankMandate.above_minor < total.minor,
            BankMandate.first_day <= day,
            or_(BankMandate.last_day.is_(None), BankMandate.last_day >= day),
        )
        .order_by(BankMandate.above_minor.desc(), BankMandate.signatories.desc())
    )
    return session.scalars(statement).first()


def took_part(session: Session, person_id: UUID, disbursement_ids: Collection[UUID]) -> bool:
    """Whether the person prepared or approved one of the disbursements, as it stands."""
    made = select(Disbursement.id).where(Disbursement.id.in_(disbursement_ids), Disbursement.maker_id == person_id)
    checked = (
        select(CheckerDecision.id)
        .join(Disbursement, Disbursement.id == CheckerDecision.disbursement_id)
        .where(
            Disbursement.id.in_(disbursement_ids),
            CheckerDecision.revision == Disbursement.revision,
            CheckerDecision.decision == Decision.APPROVED,
            CheckerDecision.checker_id == person_id,
        )
    )
    return bool(session.scalar(select(or_(made.exists(), checked.exists()))))


def profile_for(session: Session, account: BankAccount) -> BankProfile:
    """What the bank of an account takes: the institution's own newest profile of that bank, or of any."""
    codes = {BankCodeKind.NONE: ""}
    if account.bic:
        codes[BankCodeKind.BIC] = account.bic[:8]
    if account.cnaps:
        codes[BankCodeKind.CNAPS] = account.cnaps[:3]
    if account.hk_bank_code:
        codes[BankCodeKind.HKNCC] = account.hk_bank_code
    fits = or_(*((BankProfile.code_kind == kind) & (BankProfile.code == code) for kind, code in codes.items()))
    statement = (
        select(BankProfile)
        .where(
            fits,
            or_(
                BankProfile.institution_id.is_(None),
                (BankProfile.institution_id == account.institution_id) & BankProfile.confirmed_by_id.is_not(None),
            ),
        )
        .order_by(
            BankProfile.code_kind == BankCodeKind.NONE,
            BankProfile.institution_id.is_(None),
            BankProfile.confirmed_at.desc().nulls_last(),
            BankProfile.id,
        )
    )
    return session.scalars(statement.limit(1)).one()


def profiles(session: Session, actor: Actor) -> Sequence[BankProfile]:
    """Profiles of the actor's institutions and those that came with the system, by name, newest first."""
    statement = select(BankProfile).where(
        or_(BankProfile.institution_id.is_(None), within(actor, BankProfile.institution_id))
    )
    return session.scalars(statement.order_by(BankProfile.name, BankProfile.entered_at.desc())).all()


def profile_visible(session: Session, actor: Actor, profile_id: UUID) -> BankProfile:
    """An institution's own profile, if in scope. Raises NotFound otherwise."""
    found = session.scalars(
        select(BankProfile).where(
            BankProfile.id == profile_id,
            BankProfile.institution_id.is_not(None),
            within(actor, BankProfile.institution_id),
        )
    ).first()
    if found is None:
        raise NotFound(Breach("bank-profile.not-found", _("There is no such bank profile.")))
    return found


def answer_taken(session: Session, file_id: UUID, sha256: bytes) -> BankAnswer | None:
    """The answer of these very bytes, if it was taken before."""
    statement = select(BankAnswer).where(BankAnswer.payment_file_id == file_id, BankAnswer.sha256 == sha256)
    return session.scalars(statement).first()
