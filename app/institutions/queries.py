"""Every SELECT on institutions and their bank accounts, named by its question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select, true
from sqlalchemy.orm import Session, joinedload

from app.access.guards import may
from app.access.permissions import Permission
from app.access.scope import sees, sees_everything, visible_institutions
from app.audit.models import AuditEvent
from app.institutions.models import BankAccount, CoolingPolicy, Institution
from app.institutions.states import BankAccountStatus, InstitutionStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.web.paging import Order, Page, paginate

DEFAULT_COOLING_DAYS = 3
DEFAULT_COOLING_SOURCE = _("Default of this system; no published rule sets it")

SORTS = {
    "code": Order(Institution.code),
    "name": Order(Institution.name_en),
    "-code": Order(Institution.code, descending=True),
    "-name": Order(Institution.name_en, descending=True),
}


@dataclass(frozen=True, slots=True)
class InstitutionFilter:
    """What the list of institutions is narrowed to."""

    text: str = ""
    side: str = ""
    kind: str = ""
    status: str = ""
    sort: str = "code"


@dataclass(frozen=True, slots=True)
class CoolingSetting:
    """The cooling period in force and on whose word."""

    days: int
    source: str


def in_directory(actor: Actor) -> ColumnElement[bool]:
    """Which institutions the actor may look up: all with the directory right, otherwise their own."""
    if may(actor, Permission.INSTITUTIONS_DIRECTORY) or sees_everything(actor):
        return true()
    return Institution.id.in_(visible_institutions(actor) or frozenset())


def by_code(session: Session, actor: Actor, code: str) -> Institution:
    """The institution with that code, if the actor may look it up. Raises NotFound."""
    found = session.scalar(select(Institution).where(Institution.code == code, in_directory(actor)))
    if found is None:
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    return found


def by_id(session: Session, institution_id: UUID) -> Institution:
    """The institution with that id, without asking who wants to know. Raises NotFound."""
    found = session.get(Institution, institution_id)
    if found is None:
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    return found


def find_by_code(session: Session, code: str) -> Institution | None:
    """The institution with that code, for the command line and the demonstration."""
    return session.scalar(select(Institution).where(Institution.code == code))


def listed(
    session: Session, actor: Actor, wanted: InstitutionFilter, cursor: str | None = None, limit: int = 50
) -> Page[Institution]:
    """One page of the institutions the actor may look up."""
    order = [SORTS.get(wanted.sort, SORTS["code"]), Order(Institution.id)]
    return paginate(session, _matching(actor, wanted), order, cursor=cursor, limit=limit, total=True)


def _matching(actor: Actor, wanted: InstitutionFilter) -> Select[Institution]:
    statement = select(Institution).where(in_directory(actor))
    for column, value in (
        (Institution.side, wanted.side),
        (Institution.kind, wanted.kind),
        (Institution.status, wanted.status),
    ):
        if value:
            statement = statement.where(column == value)
    if wanted.text:
        columns = (
            Institution.code,
            Institution.name_en,
            Institution.name_zh_hant,
            Institution.name_zh_hans,
            Institution.uscc,
            Institution.br_number,
        )
        statement = statement.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    return statement


def active(session: Session) -> Sequence[Institution]:
    """Every institution that new work may name, by code: the choices of a form."""
    statement = select(Institution).where(Institution.status == InstitutionStatus.ACTIVE).order_by(Institution.code)
    return session.scalars(statement).all()


def choosable(session: Session, actor: Actor) -> Sequence[Institution]:
    """Active institutions the actor may look up: the choices of a form that names any of them."""
    statement = select(Institution).where(Institution.status == InstitutionStatus.ACTIVE, in_directory(actor))
    return session.scalars(statement.order_by(Institution.code)).all()


def by_ids(session: Session, institution_ids: Iterable[UUID]) -> dict[UUID, Institution]:
    """Several institutions at once, by id."""
    wanted = set(institution_ids)
    if not wanted:
        return {}
    return {found.id: found for found in session.scalars(select(Institution).where(Institution.id.in_(wanted)))}


def is_taken(session: Session, column: str, value: str, *, but_not: UUID | None) -> bool:
    """Whether another institution has this code or identifier."""
    statement = select(func.count()).where(getattr(Institution, column) == value)
    if but_not is not None:
        statement = statement.where(Institution.id != but_not)
    return bool(session.scalar(statement))


def accounts_of(session: Session, institution_id: UUID) -> Sequence[BankAccount]:
    """Every account of an institution, live ones first, then history, newest first."""
    statement = (
        select(BankAccount)
        .where(BankAccount.institution_id == institution_id)
        .order_by(BankAccount.status.in_(("REPLACED", "REFUSED")), BankAccount.entered_at.desc())
    )
    return session.scalars(statement).all()


def verified_accounts(
    session: Session, institution_id: UUID, currency: Currency | None = None
) -> Sequence[BankAccount]:
    """Verified accounts of an institution, the cooling ones too: a gate says what they wait for."""
    statement = select(BankAccount).where(
        BankAccount.institution_id == institution_id, BankAccount.status == BankAccountStatus.VERIFIED
    )
    if currency is not None:
        statement = statement.where(BankAccount.currency == currency.value)
    return session.scalars(statement.order_by(BankAccount.currency, BankAccount.entered_at)).all()


def payable_accounts(
    session: Session, institution_id: UUID, now: datetime, currency: Currency | None = None
) -> Sequence[BankAccount]:
    """Accounts money may go to now: verified by a second person and past their cooling period."""
    return [found for found in verified_accounts(session, institution_id, currency) if found.is_payable(now)]


def account_by_id(session: Session, account_id: UUID) -> BankAccount:
    """The account with that id, with its institution. Raises NotFound."""
    found = session.get(BankAccount, account_id, options=[joinedload(BankAccount.institution)])
    if found is None:
        raise NotFound(Breach("bank-account.not-found", _("There is no such bank account.")))
    return found


def accounts_by_ids(session: Session, account_ids: Iterable[UUID]) -> dict[UUID, BankAccount]:
    """Several accounts at once, each with its institution, by id."""
    statement = (
        select(BankAccount).where(BankAccount.id.in_(set(account_ids))).options(joinedload(BankAccount.institution))
    )
    return {found.id: found for found in session.scalars(statement)}


def account_for(session: Session, actor: Actor, account_id: UUID) -> BankAccount:
    """The account, if the actor may look its institution up and read accounts. Raises NotFound."""
    statement = (
        select(BankAccount)
        .join(Institution, Institution.id == BankAccount.institution_id)
        .where(BankAccount.id == account_id, in_directory(actor))
        .options(joinedload(BankAccount.institution))
    )
    found = session.scalar(statement)
    if found is None or not may(actor, Permission.BANK_ACCOUNTS_READ):
        raise NotFound(Breach("bank-account.not-found", _("There is no such bank account.")))
    return found


def account_exists(session: Session, institution_id: UUID, currency: Currency, number: str) -> bool:
    """Whether the institution has this account already, entered or verified."""
    statement = select(func.count()).where(
        BankAccount.institution_id == institution_id,
        BankAccount.currency == currency.value,
        BankAccount.number == number,
        BankAccount.status.in_((BankAccountStatus.ENTERED, BankAccountStatus.VERIFIED)),
    )
    return bool(session.scalar(statement))


def accounts_awaiting_verification(session: Session, actor: Actor) -> Sequence[BankAccount]:
    """Accounts of the actor's institutions that somebody else entered and nobody has verified: for the inbox."""
    statement = accounts_to_verify(actor).options(joinedload(BankAccount.institution))
    return session.scalars(statement).all() if may(actor, Permission.BANK_ACCOUNTS_VERIFY) else []


def accounts_to_verify(actor: Actor) -> Select[BankAccount]:
    """The statement of `accounts_awaiting_verification`."""
    return (
        select(BankAccount)
        .where(
            BankAccount.status == BankAccountStatus.ENTERED,
            BankAccount.entered_by_id != actor.person_id,
            BankAccount.institution_id.in_(actor.institutions()),
        )
        .order_by(BankAccount.entered_at)
    )


def cooling_setting(session: Session, institution_id: UUID) -> CoolingSetting:
    """The cooling period in force for an institution: its own, else the general one, else the system's default."""
    statement = (
        select(CoolingPolicy)
        .where(
            CoolingPolicy.confirmed_at.is_not(None),
            or_(CoolingPolicy.institution_id == institution_id, CoolingPolicy.institution_id.is_(None)),
        )
        .order_by(CoolingPolicy.institution_id.is_(None), CoolingPolicy.confirmed_at.desc())
        .limit(1)
    )
    policy = session.scalar(statement)
    if policy is None:
        return CoolingSetting(DEFAULT_COOLING_DAYS, DEFAULT_COOLING_SOURCE)
    return CoolingSetting(policy.days, policy.source)


def cooling_proposals(session: Session, institution_id: UUID) -> Sequence[CoolingPolicy]:
    """Proposed cooling periods that wait for a second administrator."""
    statement = select(CoolingPolicy).where(
        CoolingPolicy.institution_id == institution_id, CoolingPolicy.confirmed_at.is_(None)
    )
    return session.scalars(statement.order_by(CoolingPolicy.proposed_at)).all()


def cooling_for(session: Session, actor: Actor, policy_id: UUID) -> CoolingPolicy:
    """The proposed cooling period, if its institution is the actor's. Raises NotFound."""
    found = session.get(CoolingPolicy, policy_id)
    if found is None or not sees(actor, found.institution_id):
        raise NotFound(Breach("cooling.not-found", _("There is no such proposal.")))
    return found


def people_of_account(session: Session, account: BankAccount) -> dict[UUID, str]:
    """Names of those who entered and verified an account, by id. They stand in the trail, so no person is read."""
    ids = {key for key in (account.entered_by_id, account.verified_by_id) if key is not None}
    statement = select(AuditEvent.actor_id, AuditEvent.actor_name).where(
        AuditEvent.subject_kind == "bank_account", AuditEvent.subject_id == account.id, AuditEvent.actor_id.in_(ids)
    )
    return {key: name for key, name in session.execute(statement) if key is not None}
