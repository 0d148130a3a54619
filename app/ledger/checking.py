"""Recomputes everything kept beside the postings, from the postings and events themselves, and names what differs.

Each check is one statement, so it sees one moment of the books even while others post.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing kept that is not what its parts add up to; amounts in minor units of the account's currency."""

    what: str
    where: str
    kept: str
    recomputed: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and the first difference in each check (none: all agree)."""

    entries: int
    accounts: int
    holds: int
    differences: tuple[Difference, ...]


def check(session: Session) -> Checked:
    """Compare balances, budget cells, holds and entries with the postings and events they are made of."""
    found = []
    for what, query in _CHECKS.items():
        row = session.execute(text(query)).first()
        if row is not None:
            found.append(Difference(what, row.place, str(row.kept), str(row.recomputed)))
    counts = session.execute(
        text(
            "select (select count(*) from ledger.entry) as entries, (select count(*) from ledger.account) as accounts,"
            " (select count(*) from ledger.hold) as holds"
        )
    ).one()
    return Checked(counts.entries, counts.accounts, counts.holds, tuple(found))


_CHECKS: dict[str, str] = {
    "balance": """
        select k.code || ' ' || a.code || ' ' || a.currency || ' (account ' || a.account_id || ')' as place,
               'debit ' || b.debit || ', credit ' || b.credit as kept,
               'debit ' || coalesce(p.debit, 0) || ', credit ' || coalesce(p.credit, 0) as recomputed
        from ledger.account a join ledger.book k using (book_id)
        left join (select account_id, sum(debit_minor) as debit, sum(credit_minor) as credit
                   from ledger.balance group by account_id) b using (account_id)
        left join (select account_id, coalesce(sum(amount_minor) filter (where side = 'D'), 0) as debit,
                          coalesce(-sum(amount_minor) filter (where side = 'C'), 0) as credit
                   from ledger.posting group by account_id) p using (account_id)
        where b.debit is distinct from coalesce(p.debit, 0) or b.credit is distinct from coalesce(p.credit, 0)
        order by k.code, a.code, a.account_id limit 1""",
    "held": """
        select k.code || ' ' || a.code || ' ' || a.currency || ' (account ' || a.account_id || ')' as place,
               b.held as kept, coalesce(h.held, 0) as recomputed
        from ledger.account a join ledger.book k using (book_id)
        join (select account_id, sum(held_minor) as held from ledger.balance group by account_id) b using (account_id)
        left join (select account_id, sum(remaining_minor) as held
                   from ledger.hold group by account_id) h using (account_id)
        where b.held <> coalesce(h.held, 0) order by k.code, a.code, a.account_id limit 1""",
    "hold": """
        select 'hold ' || h.hold_id as place, h.remaining_minor as kept, coalesce(e.total, 0) as recomputed
        from ledger.hold h
        left join (select hold_id, sum(change_minor) as total from ledger.hold_event group by hold_id) e using (hold_id)
        where h.remaining_minor <> coalesce(e.total, 0) order by h.hold_id limit 1""",
    "available": """
        select k.code || ' ' || a.code || ' ' || a.currency || ' (account ' || a.account_id || ')' as place,
               coalesce(b.available_minor::text, 'no limit') as kept,
               case when a.limited then b.sign * (b.credit_minor - b.debit_minor) - b.held_minor end as recomputed
        from ledger.account a join ledger.book k using (book_id) join ledger.balance b using (account_id)
        where b.sign <> case a.normal_side when 'C' then 1 else -1 end or b.available_minor is distinct from
              case when a.limited then b.sign * (b.credit_minor - b.debit_minor) - b.held_minor end
        order by k.code, a.code, a.account_id limit 1""",
    "budget": """
        select 'contract ' || b.contract_id || ' ' || b.line || ' ' || b.year as place,
               'actual ' || b.actual_minor || ', received ' || b.received_minor || ', committed '
                   || b.committed_minor as kept,
               'actual ' || r.actual || ', received ' || r.received || ', committed ' || r.committed as recomputed
        from ledger.budget_cell b
        cross join lateral (
            select (select coalesce(sum(p.amount_minor) filter (where a.code = any (b.counts)), 0)
                    from ledger.posting p join ledger.account a using (account_id)
                    where p.contract_id = b.contract_id and p.book_id = b.book_id and p.currency = b.currency
                      and p.effective_on between b.first_day and b.last_day) as actual,
                   (select coalesce(-sum(p.amount_minor) filter (where a.code = any (b.raised_by)), 0)
                    from ledger.posting p join ledger.account a using (account_id)
                    where p.contract_id = b.contract_id and p.book_id = b.book_id and p.currency = b.currency
                      and p.effective_on between b.first_day and b.last_day) as received,
                   (select coalesce(sum(c.amount_minor), 0) from ledger.commitment c
                    where c.contract_id = b.contract_id and c.book_id = b.book_id and c.currency = b.currency
                      and c.code = any (b.counts) and c.effective_on between b.first_day and b.last_day) as committed
        ) r
        where (b.actual_minor, b.received_minor, b.committed_minor) <> (r.actual, r.received, r.committed)
        order by 1 limit 1""",
    "entry": """
        select 'entry ' || coalesce(e.entry_id, p.entry_id) as place,
               coalesce(e.line_count, 0) || ' lines, nil' as kept,
               coalesce(p.lines, 0) || ' lines, ' || coalesce(p.total, 0) || ', functional '
                   || coalesce(p.functional, 0) as recomputed
        from ledger.entry e
        full join (select entry_id, sum(lines) as lines, max(abs(total)) as total, sum(functional) as functional
                   from (select entry_id, currency, count(*) as lines, sum(amount_minor) as total,
                                sum(functional_minor) as functional
                         from ledger.posting group by entry_id, currency) c group by entry_id) p using (entry_id)
        where e.line_count is distinct from p.lines or p.total <> 0 or p.functional <> 0
        order by 1 limit 1""",
}
