"""What an import has to know of the database: the references a book may name."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.contracts.models import Contract, Tranche
from app.funds.models import Fund, Pocket
from app.institutions import identifiers
from app.institutions.models import BankAccount, Institution
from app.kernel.currencies import Currency
from app.ledger_import.entries import Known

Named = dict[tuple[str, str], UUID]


def known(session: Session, book_id: UUID, functional: Currency) -> Known:
    """Everything the rows of this book may name, read at once."""
    contracts = session.execute(
        select(Contract.reference, Contract.id).where(
            or_(Contract.funder_id == book_id, Contract.grantee_id == book_id)
        )
    ).all()
    by_id = {row.id: row.reference for row in contracts}
    tranches = session.execute(
        select(Tranche.contract_id, Tranche.number, Tranche.id).where(Tranche.contract_id.in_(by_id))
    )
    parties = session.execute(select(Institution.code, Institution.id))
    return Known(
        book_id,
        functional,
        _bank_accounts(session, book_id),
        _pockets(session, book_id),
        {row.reference: row.id for row in contracts},
        {(by_id[row.contract_id], str(row.number)): row.id for row in tranches},
        {row.code: row.id for row in parties},
    )


def _bank_accounts(session: Session, book_id: UUID) -> Named:
    """By number, by label where one account alone bears it, and by id."""
    found: Named = {}
    labels: dict[tuple[str, str], list[UUID]] = {}
    accounts = session.scalars(select(BankAccount).where(BankAccount.institution_id == book_id))
    for account in accounts.all():
        if account.label:
            labels.setdefault((account.label, account.currency), []).append(account.id)
        found[identifiers.compact(account.number), account.currency] = account.id
        found[str(account.id), account.currency] = account.id
    return {key: ids[0] for key, ids in labels.items() if len(ids) == 1} | found


def _pockets(session: Session, book_id: UUID) -> Named:
    """By the fund's reference and by id."""
    found: Named = {}
    rows = session.execute(
        select(Fund.reference, Pocket.id, Pocket.currency)
        .join(Pocket, Pocket.fund_id == Fund.id)
        .where(Fund.institution_id == book_id)
    )
    for row in rows:
        found[row.reference, row.currency] = row.id
        found[str(row.id), row.currency] = row.id
    return found
