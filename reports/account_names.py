"""How an account is named in a report: code, name of the chart, and its pocket or bank account."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.funds.models import Fund, Pocket
from app.institutions.models import BankAccount
from app.kernel.messages import _
from app.ledger.chart import CHART, AccountCode
from reports.model import Text, text


class AccountNames:
    """Names of a book's accounts, with the subjects read once."""

    def __init__(self, session: Session, book_id: UUID) -> None:
        """Read the book's bank accounts and pockets."""
        accounts = session.scalars(select(BankAccount).where(BankAccount.institution_id == book_id))
        self._subjects: dict[UUID, Text | str] = {
            account.id: text(_("%(bank)s, ending %(digits)s"), bank=account.bank_name, digits=account.number[-4:])
            for account in accounts
        }
        pockets = session.execute(
            select(Pocket.id, Fund.reference)
            .join(Fund, Fund.id == Pocket.fund_id)
            .where(Fund.institution_id == book_id)
        )
        self._subjects |= {row.id: row.reference for row in pockets}

    def name(self, code: AccountCode, subject_id: UUID | None) -> Text:
        """The account's name, with its subject where it has one."""
        if subject_id is None:
            return text(CHART[code].name)
        return text(
            _("%(account)s, %(subject)s"),
            account=text(CHART[code].name),
            subject=self._subjects.get(subject_id, str(subject_id)),
        )
