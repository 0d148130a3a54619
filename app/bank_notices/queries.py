"""Every SELECT on banks' notices, named by its question."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.bank_notices.marks import identifiers_of
from app.bank_notices.models import BankNotice, BankNoticeEntry, BankNoticeMark

EntryMark = tuple[str, str, str, date, int]
"""What makes two entries the same one: both references, the UETR, value date and amount in minor units."""


def any_of(session: Session, account_id: UUID) -> bool:
    """Whether any notice of the account is kept."""
    return session.scalar(select(BankNotice.id).where(BankNotice.bank_account_id == account_id).limit(1)) is not None


def known_marks(session: Session, account_id: UUID) -> set[EntryMark]:
    """The marks of every entry kept for an account."""
    entry = BankNoticeEntry
    columns = (entry.bank_reference, entry.end_to_end, entry.uetr, entry.value_on, entry.amount_minor)
    rows = session.execute(select(*columns).where(entry.bank_account_id == account_id))
    return {(row[0], row[1], row[2], row[3], row[4]) for row in rows}


def of_file(session: Session, account_id: UUID, file_id: UUID) -> Sequence[BankNotice]:
    """The notices that were taken from a file of the account."""
    query = select(BankNotice).where(BankNotice.bank_account_id == account_id, BankNotice.file_id == file_id)
    return session.scalars(query.order_by(BankNotice.id)).all()


def under_references(
    session: Session, account_id: UUID, references: Collection[str]
) -> dict[str, tuple[BankNoticeEntry, ...]]:
    """The entries of an account by the bank's own reference, for those references; others are absent."""
    query = select(BankNoticeEntry).where(
        BankNoticeEntry.bank_account_id == account_id, BankNoticeEntry.bank_reference.in_(set(references) - {""})
    )
    found: dict[str, list[BankNoticeEntry]] = defaultdict(list)
    for entry in session.scalars(query.order_by(BankNoticeEntry.booked_on, BankNoticeEntry.id)):
        found[entry.bank_reference].append(entry)
    return {reference: tuple(entries) for reference, entries in found.items()}


def since(session: Session, account_id: UUID, first_day: date) -> Sequence[BankNoticeEntry]:
    """The entries of an account booked on a day or later, oldest first."""
    query = select(BankNoticeEntry).where(
        BankNoticeEntry.bank_account_id == account_id, BankNoticeEntry.booked_on >= first_day
    )
    return session.scalars(query.order_by(BankNoticeEntry.booked_on, BankNoticeEntry.id)).all()


def told_of(
    session: Session, account_id: UUID, payments: Collection[tuple[str, ...]]
) -> dict[tuple[str, ...], tuple[BankNoticeEntry, ...]]:
    """What notices of an account tell of payments, each given by its identifiers; oldest first, others are absent."""
    meant = {mark: given for given in payments for mark in identifiers_of(*given)}
    query = (
        select(BankNoticeMark.mark, BankNoticeEntry)
        .join(BankNoticeEntry, BankNoticeEntry.id == BankNoticeMark.entry_id)
        .where(BankNoticeEntry.bank_account_id == account_id, BankNoticeMark.mark.in_(meant))
        .order_by(BankNoticeEntry.booked_on, BankNoticeEntry.id)
    )
    found: dict[tuple[str, ...], dict[UUID, BankNoticeEntry]] = defaultdict(dict)
    for mark, entry in session.execute(query):
        found[meant[mark]][entry.id] = entry
    return {given: tuple(entries.values()) for given, entries in found.items()}
