"""What two books show of one event: paid in one, received in the other, with the same amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.chart import AccountCode

MIRRORED = (
    AccountCode.GRANTS_PAID,
    AccountCode.GRANT_RECEIVED,
    AccountCode.REFUND_OF_GRANT,
    AccountCode.REFUND_OF_INTEREST,
    AccountCode.REFUND_OTHER,
    AccountCode.RECOVERY_THIS_YEAR,
    AccountCode.RECOVERY_EARLIER_YEARS,
    AccountCode.RECOVERY_INTEREST,
    AccountCode.RECOVERY_OTHER,
)
"""What one book debits and the other credits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """What is left over of an event after both books. `key` is its disbursement, else the event."""

    key: UUID
    day: date
    left_over: Money


def differences(session: Session, book_id: UUID, last_day: date) -> list[Difference]:
    """Events that this book shows up to `last_day` and the other book does not, or not with the same amount.

    By disbursement or, where a posting names none, by event; debit-positive, in the contract's currency. Opening
    balances are left out: their other half was never posted here.
    """
    values = {"book": book_id, "last": last_day, "codes": [code.value for code in MIRRORED]}
    return [
        Difference(row.key, row.day, Money(int(row.left_over), Currency(row.currency)))
        for row in session.execute(_DIFFERENCES, values)
    ]


_DIFFERENCES = text(
    "with shown as materialized ("
    "select coalesce(p.disbursement_id, e.event_id) as key, a.book_id, p.currency, p.amount_minor, p.effective_on"
    " from ledger.account a join ledger.posting p on p.account_id = a.account_id and p.effective_on <= :last"
    " join ledger.entry e on e.entry_id = p.entry_id and e.effective_on = p.effective_on and e.effective_on <= :last"
    " where a.code = any(:codes) and e.kind <> 'OPENING')"
    " select s.key, s.currency, sum(s.amount_minor) as left_over, min(s.effective_on) as day from shown s"
    " where s.key in (select m.key from shown m where m.book_id = :book)"
    " group by s.key, s.currency having sum(s.amount_minor) <> 0 order by day, s.key"
)
