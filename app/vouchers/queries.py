"""Every SELECT of vouchers: the settings of an institution in the actor's scope, and what its book moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.scope import within
from app.contracts.models import Contract
from app.institutions import book_scope
from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound
from app.kernel.messages import _
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.balances import PostingRow, Selection
from app.ledger.entries import FIRST_DAY
from app.vouchers.models import AccountMapping, VoucherProfile
from app.vouchers.rules import OwnAccount, Place
from app.vouchers.states import SettingStatus

Row = TypeVar("Row")
_IN_USE = (SettingStatus.PROPOSED.value, SettingStatus.CONFIRMED.value)


def institutions(session: Session, actor: Actor) -> Sequence[Institution]:
    """Institutions whose vouchers the actor may read, those with a book, by code."""
    return book_scope.readable(session, actor, Permission.VOUCHERS_READ)


def institution(session: Session, actor: Actor, code: str) -> Institution:
    """The institution with that code. Raises NotFound outside the scope, NotPermitted without the right to read."""
    query = select(Institution).where(Institution.code == code, within(actor, Institution.id))
    found = session.scalar(query)
    if found is None:
        raise NotFound(Breach("institution.not-found", _("There is no such institution.")))
    book_scope.authorise_reading(actor, Permission.VOUCHERS_READ, found.id)
    return found


def mapping(session: Session, actor: Actor, mapping_id: UUID) -> AccountMapping:
    """A mapping in the actor's scope. Raises NotFound."""
    query = select(AccountMapping).where(AccountMapping.id == mapping_id, within(actor, AccountMapping.institution_id))
    return _found(session.scalar(query))


def profile(session: Session, actor: Actor, profile_id: UUID) -> VoucherProfile:
    """A profile in the actor's scope. Raises NotFound."""
    query = select(VoucherProfile).where(VoucherProfile.id == profile_id, within(actor, VoucherProfile.institution_id))
    return _found(session.scalar(query))


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(Breach("record.not-found", _("There is no such record.")))
    return row


def mappings(session: Session, institution_id: UUID) -> Sequence[AccountMapping]:
    """Mappings proposed and in force, by account; those that wait come first."""
    query = (
        select(AccountMapping)
        .where(AccountMapping.institution_id == institution_id, AccountMapping.status.in_(_IN_USE))
        .order_by(
            AccountMapping.status.desc(), AccountMapping.account, AccountMapping.currency, AccountMapping.heading,
            AccountMapping.id,
        )
    )  # fmt: skip
    return session.scalars(query).all()


def profiles(session: Session, institution_id: UUID) -> Sequence[VoucherProfile]:
    """Profiles proposed and in force, by name; those that wait come first."""
    query = (
        select(VoucherProfile)
        .where(VoucherProfile.institution_id == institution_id, VoucherProfile.status.in_(_IN_USE))
        .order_by(VoucherProfile.status.desc(), VoucherProfile.name, VoucherProfile.id)
    )
    return session.scalars(query).all()


def confirmed_profile(session: Session, institution_id: UUID, name: str) -> VoucherProfile | None:
    """The profile of that name in force."""
    query = select(VoucherProfile).where(
        VoucherProfile.institution_id == institution_id,
        VoucherProfile.name == name,
        VoucherProfile.status == SettingStatus.CONFIRMED,
    )
    return session.scalar(query)


def same_place(session: Session, row: AccountMapping) -> AccountMapping | None:
    """The mapping in force for the same account, currency, heading and contract, under a lock."""
    query = select(AccountMapping).where(
        AccountMapping.institution_id == row.institution_id,
        AccountMapping.account == row.account,
        AccountMapping.currency == row.currency,
        AccountMapping.heading == row.heading,
        AccountMapping.contract_id.is_not_distinct_from(row.contract_id),
        AccountMapping.status == SettingStatus.CONFIRMED,
    )
    return session.scalar(query.with_for_update())


def mapped(session: Session, institution_id: UUID) -> dict[Place, OwnAccount]:
    """The mappings in force, by what they are for."""
    query = select(AccountMapping).where(
        AccountMapping.institution_id == institution_id, AccountMapping.status == SettingStatus.CONFIRMED
    )
    return {
        (row.account, row.currency, row.heading, row.contract_id): OwnAccount(row.own_account, row.own_name)
        for row in session.scalars(query)
    }


def contract_by_reference(session: Session, institution_id: UUID, reference: str) -> Contract | None:
    """A contract in which the institution is a party."""
    query = select(Contract).where(
        Contract.reference == reference,
        (Contract.funder_id == institution_id) | (Contract.grantee_id == institution_id),
    )
    return session.scalar(query)


def contract_references(session: Session, contract_ids: Iterable[UUID | None]) -> dict[UUID, str]:
    """References of contracts by id."""
    wanted = {key for key in contract_ids if key is not None}
    query = select(Contract.id, Contract.reference).where(Contract.id.in_(wanted))
    return {row.id: row.reference for row in session.execute(query)}


def postings(session: Session, book_id: UUID, first_day: date, last_day: date) -> Iterator[PostingRow]:
    """Every posting of the book between two days inclusive, in order."""
    return balances.stream_postings(session, Selection(book_id=book_id, first_day=first_day, last_day=last_day))


def turnover(session: Session, book_id: UUID, first_day: date, last_day: date) -> dict[Currency, tuple[Money, Money]]:
    """Debit and credit turnover of the book by currency between two days, from two trial balances: the check's side."""
    sums = {currency: [0, 0] for currency in Currency}
    before = balances.trial_balance(session, book_id, first_day - timedelta(days=1)) if first_day > FIRST_DAY else []
    for rows, sign in ((balances.trial_balance(session, book_id, last_day), 1), (before, -1)):
        for row in rows:
            sums[row.debit.currency][0] += sign * row.debit.minor
            sums[row.debit.currency][1] += sign * row.credit.minor
    return {currency: (Money(debit, currency), Money(credit, currency)) for currency, (debit, credit) in sums.items()}
