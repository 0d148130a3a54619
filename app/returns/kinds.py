"""What each kind of row books: the forms of journals, as far as a finance system reports them. Pure.

An institution that pools its project money names no bank account: then what would stand on the project's bank stands on
the institution's clearing.
"""

from __future__ import annotations

from dataclasses import replace

from app.journals.kinds import KINDS, Against, KindRow
from app.journals.states import JournalKind
from app.kernel.messages import _
from app.returns.states import RowKind


def _pooled(kind: JournalKind) -> KindRow:
    return replace(KINDS[kind], against=Against.BANK_OR_CLEARING)


AS_JOURNAL: dict[RowKind, JournalKind] = {
    RowKind.COST: JournalKind.COST,
    RowKind.OVERHEAD: JournalKind.OVERHEAD_CHARGE,
    RowKind.SUPPLIER_REFUND: JournalKind.SUPPLIER_REFUND,
    RowKind.INTEREST: JournalKind.INTEREST,
    RowKind.SPONSORSHIP_CASH: JournalKind.SPONSORSHIP,
    RowKind.SPONSORSHIP_IN_KIND: JournalKind.COST,
    RowKind.ADVANCE: JournalKind.ADVANCE,
    RowKind.ADVANCE_CLEARED: JournalKind.ADVANCE_CLEARED,
    RowKind.ORDER: JournalKind.COST,
}
"""By which kind of journal's rules a row is judged."""

ROW_KINDS: dict[RowKind, KindRow] = {
    RowKind.COST: KINDS[JournalKind.COST],
    RowKind.OVERHEAD: KINDS[JournalKind.OVERHEAD_CHARGE],
    RowKind.SUPPLIER_REFUND: _pooled(JournalKind.SUPPLIER_REFUND),
    RowKind.INTEREST: _pooled(JournalKind.INTEREST),
    RowKind.SPONSORSHIP_CASH: _pooled(JournalKind.SPONSORSHIP),
    RowKind.SPONSORSHIP_IN_KIND: KindRow(_("Sponsorship in kind"), Against.IN_KIND, True, is_cost=True),
    RowKind.ADVANCE: _pooled(JournalKind.ADVANCE),
    RowKind.ADVANCE_CLEARED: KINDS[JournalKind.ADVANCE_CLEARED],
    RowKind.ORDER: KindRow(_("Open purchase order"), Against.NOTHING, True, is_cost=True),
}
"""The form of each kind of row."""

MOVES_MONEY = frozenset(kind for kind, row in ROW_KINDS.items() if row.against is Against.BANK_OR_CLEARING)
"""Kinds that touch the bank account, where the return names one."""

POSTED_FIRST = (
    RowKind.INTEREST,
    RowKind.SPONSORSHIP_CASH,
    RowKind.SPONSORSHIP_IN_KIND,
    RowKind.SUPPLIER_REFUND,
    RowKind.ADVANCE,
)
"""Money comes in before cost goes out, and an advance is given before it is cleared."""
