"""The verb that takes a bank's file in one step: its accounts are found by what it names, and all of it is taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.access.permissions import Permission
from app.access.scope import institutions_granting
from app.bank_notices import queries as notices
from app.bank_notices.models import BankNotice
from app.institutions.models import BankAccount
from app.institutions.states import BankAccountStatus
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.reconciliation import bank_files, notice_service, queries, rules, statement_service
from app.reconciliation.commands import BringFile, Seen, TableLayout
from app.reconciliation.models import BankStatement
from app.reconciliation.statements import AccountNamed, NoticeRead, StatementRead, is_number_of, plain_number
from app.reconciliation.states import FileStatus, StatementSource
from app.web.uploads import Upload


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a file for one account: `taken` and `kept` are the statements and notices kept now.

    None where all were `known` before. A file holds statements or notifications, never both.
    """

    account: BankAccount
    source: StatementSource
    read: tuple[StatementRead, ...]
    taken: tuple[BankStatement, ...]
    notes: tuple[Breach, ...]
    notified: tuple[NoticeRead, ...] = ()
    kept: tuple[BankNotice, ...] = ()

    @property
    def known(self) -> bool:
        """Whether everything the file says of this account was taken before."""
        return not self.taken and not self.kept


def import_file(
    session: Session, actor: Actor, upload: Upload, account: str | None = None, *, now: datetime
) -> list[Imported]:
    """Take everything a file says at the accounts it names, or nothing.

    `account` is an account's id or number, and then only what is of it is taken. What was taken before is left as it
    is. Raises InputRefused for an unreadable file or an account one may not use, RuleBreached as `bring`.
    """
    source = bank_files.source_of(upload)
    usable = _usable(session, actor)
    if account is not None:
        chosen = [_one([bank for bank in usable if _is_meant(bank, account)], account)]
    else:
        chosen = [_named(usable, named) for named in _accounts_named(source, upload.content)]
    return [_taken(session, actor, bank, source, upload, now) for bank in dict.fromkeys(chosen)]


def _usable(session: Session, actor: Actor) -> list[BankAccount]:
    granted = institutions_granting(actor, Permission.BANK_IMPORT)
    return [bank for bank in queries.accounts(session, actor) if bank.institution_id in granted]


def _is_meant(bank: BankAccount, account: str) -> bool:
    return str(bank.id) == account.lower() or plain_number(bank.number) == plain_number(account)


def _accounts_named(source: StatementSource, content: bytes) -> Sequence[AccountNamed]:
    if source is StatementSource.TABLE:
        message = _(
            "The file is none of camt.053, camt.054 and MT940; a table does not name its account, days and balances."
        )
        cure = _("Bring a table in on the page of its account.")
        raise InputRefused(Breach("bank-file.table", message, cure, rules.STATEMENT, field="file"))
    found = bank_files.accounts(source, content)
    if not found:
        message, cure = (
            _("The file holds no statement and no notification."),
            _("Ask the bank for a correct file: nothing was taken."),
        )
        raise InputRefused(Breach("bank-file.no-statement", message, cure, rules.STATEMENT, field="file"))
    return found


def _named(usable: Sequence[BankAccount], named: AccountNamed) -> BankAccount:
    """The account a file names. Of several whose numbers end alike the longest is meant."""
    found = [
        bank
        for bank in usable
        if is_number_of(named.number, bank.number) and named.currency in ("", str(bank.currency))
    ]
    longest = max((len(plain_number(bank.number)) for bank in found), default=0)
    return _one([bank for bank in found if len(plain_number(bank.number)) == longest], named.number, named.currency)


def _one(found: Sequence[BankAccount], number: str, currency: str = "") -> BankAccount:
    """The one account in use; a replaced one only where no other is left. Raises InputRefused for none or several."""
    in_use = [bank for bank in found if bank.status == BankAccountStatus.VERIFIED] or list(found)
    if len(in_use) == 1:
        return in_use[0]
    params = {"account": f"…{number[-4:]} {currency}".strip()}
    if in_use:
        message = _("Account %(account)s is the number of several accounts you may bring files in for.")
        cure = _("Say with --account which one is meant, by its id.")
        raise InputRefused(Breach("bank-file.several-accounts", message, cure, rules.STATEMENT, params, field="file"))
    message = _("Account %(account)s is none of those you may bring files in for.")
    cure = _("Have the account entered and verified, or ask somebody of the institution it belongs to.")
    raise InputRefused(Breach("bank-file.unknown-account", message, cure, rules.STATEMENT, params, field="file"))


def _taken(
    session: Session, actor: Actor, bank: BankAccount, source: StatementSource, upload: Upload, now: datetime
) -> Imported:
    known = queries.file_by_digest(session, bank.id, bytes.fromhex(upload.sha256))
    asked = known.asked if known is not None else {}
    read = tuple(bank_files.read(source, upload.content, asked, bank)) if source in bank_files.SELF_DESCRIBING else ()
    told = tuple(bank_files.notices(source, upload.content, bank))
    taken_before = known is not None and known.status == FileStatus.TAKEN
    if taken_before or _all_stand(session, bank, read) or notice_service.all_known(session, bank, told):
        return Imported(bank, source, read, (), (), told)
    kept = statement_service.bring(session, actor, bank.id, BringFile(upload, TableLayout()), now=now)
    notes = statement_service.notes(session, bank, kept, read)
    taken = statement_service.take(session, actor, bank.id, kept.id, Seen(kept.version), now=now)
    made = tuple(notices.of_file(session, bank.id, kept.id))
    return Imported(bank, source, read, tuple(taken), tuple(notes), told, made)


def _all_stand(session: Session, bank: BankAccount, read: Sequence[StatementRead]) -> bool:
    """Whether each statement of the file stands already, line by line, though the file itself is another."""
    standing = {
        (each.first_day, each.last_day, each.opening, each.closing): each
        for each in queries.statements(session, bank.id)
    }
    found = [(each, standing.get((each.first_day, each.last_day, each.opening, each.closing))) for each in read]
    return bool(found) and all(
        row is not None
        and [(line.booked_on, line.amount, line.bank_reference) for line in row.lines]
        == [(line.booked_on, line.amount, line.bank_reference) for line in each.lines]
        for each, row in found
    )
