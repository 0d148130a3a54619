"""Takes a bank's notifications of debits and credits: kept beside the statements, each entry once, nothing counted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.audit import trail
from app.bank_notices import queries as notices
from app.bank_notices.marks import identifiers_of
from app.bank_notices.models import BankNotice, BankNoticeEntry, BankNoticeMark
from app.bank_notices.queries import EntryMark
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.kernel.identity import new_id
from app.reconciliation import rules
from app.reconciliation.models import BankFile
from app.reconciliation.statements import LineRead, NoticeRead


def all_known(session: Session, bank: BankAccount, read: Sequence[NoticeRead]) -> bool:
    """Whether every entry of the notifications is kept already, though the file itself is another."""
    entries = [entry for each in read for entry in each.entries]
    return bool(entries) and not new_entries(entries, notices.known_marks(session, bank.id))


def new_entries(entries: Iterable[LineRead], known: set[EntryMark]) -> list[LineRead]:
    """The entries that are not kept yet, each once; one without any reference is always new. Adds to `known`."""
    found = []
    for each in entries:
        mark = rules.mark_of(each)
        if any(mark[:3]) and mark in known:
            continue
        known.add(mark)
        found.append(each)
    return found


def keep(
    session: Session, actor: Actor, bank: BankAccount, kept: BankFile, read: Sequence[NoticeRead], *, now: datetime
) -> list[BankNotice]:
    """Keep the notifications of a file; entries that are kept already are left out. Nothing is posted or matched."""
    known = notices.known_marks(session, bank.id)
    made = []
    for each in read:
        notice = BankNotice(
            id=new_id(),
            bank_account_id=bank.id,
            institution_id=bank.institution_id,
            file_id=kept.id,
            bank_number=each.bank_number,
            taken_by_id=actor.person_id,
            taken_at=now,
        )
        fresh = new_entries(each.entries, known)
        notice.entries = [_entry(bank, number, entry) for number, entry in enumerate(fresh, 1)]
        session.add(notice)
        session.flush()
        details = {"notice": each.bank_number, "entries": len(fresh), "left_out": len(each.entries) - len(fresh)}
        subject = ("bank_account", bank.id)
        trail.record(session, actor, "bank.take-notice", subject, details, now=now, institution_id=bank.institution_id)
        made.append(notice)
    return made


def _entry(bank: BankAccount, number: int, read: LineRead) -> BankNoticeEntry:
    return BankNoticeEntry(
        id=new_id(),
        bank_account_id=bank.id,
        number=number,
        booked_on=read.booked_on,
        value_on=read.value_on,
        amount_minor=read.amount.minor,
        currency=bank.currency,
        bank_reference=read.bank_reference,
        end_to_end=read.end_to_end,
        uetr=read.uetr,
        text=read.text,
        clearing_reference=read.clearing_reference,
        counterparty=read.counterparty,
        counterparty_account=read.counterparty_account,
        charge_minor=read.charge.minor if read.charge is not None else None,
        return_reason=read.return_reason,
        reversal=read.reversal,
        marks=[BankNoticeMark(mark=mark[:200]) for mark in sorted(identifiers_of(read.end_to_end, read.uetr))],
    )
