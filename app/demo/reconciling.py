"""Bank statements of the story: two months of one account, the first reconciled, the second with two lines open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.demo.stage import Stage
from app.institutions.models import BankAccount
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances, periods
from app.ledger.balances import PostingRow
from app.reconciliation import matching_service, month_service, queries, statement_service
from app.reconciliation.commands import EnterStatement, MatchItems, PrepareMonth, Seen
from app.reconciliation.statements import LineRead

HOME = "LRU"
CURRENCY = Currency.HKD
FEE, INTEREST = Money(-3800, CURRENCY), Money(1260, CURRENCY)
"""What the bank shows in the second month and nobody has entered yet."""


class Reconciling:
    """Puts the statements on the agenda as the last thing of the story's last day, when nothing is posted any more."""

    def __init__(self, stage: Stage) -> None:
        """The two months that ended last, whatever day the story is loaded on."""
        self.stage = stage
        stage.on(stage.today, self.keep, hour=23, minute=59)

    def keep(self) -> None:
        """Type both statements as the bank would print them, match them, and have the first month approved."""
        last = periods.month_start(self.stage.today) - timedelta(days=1)
        second = periods.month_start(last)
        first = periods.month_start(second - timedelta(days=1))
        bank = self.stage.session.get_one(BankAccount, self.stage.world.accounts[HOME, CURRENCY])
        key = queries.key_of(bank)
        opening = balances.account_balance(
            self.stage.session, bank.institution_id, key, at=first - timedelta(days=1)
        ).net
        opening = self._month(bank, first, opening, ())
        self._approve(bank, first)
        fee = LineRead(second + timedelta(days=14), second + timedelta(days=14), FEE, "", "", "Account fee")
        self._month(bank, second, opening, (fee, LineRead(last, last, INTEREST, "", "", "Credit interest")))

    def _month(self, bank: BankAccount, first_day: date, opening: Money, unknown: Sequence[LineRead]) -> Money:
        """A statement with a line for each posting of the month and `unknown` ones; its closing balance."""
        stage, clerk = self.stage, self.stage.actor(self.stage.crew(HOME, Role.ACCOUNTANT)[0])
        last_day = periods.month_end(first_day)
        rows = queries.postings(stage.session, bank, first_day, last_day)
        lines = (*(_line(row) for row in rows), *unknown)
        closing = opening + total((line.amount for line in lines), CURRENCY)
        command = EnterStatement(first_day, last_day, opening, closing, lines)
        made = statement_service.enter(stage.session, clerk, bank.id, command, now=stage.now)
        for line, row in zip(made.lines, rows, strict=False):
            items = MatchItems((line.id,), (matching_service.place_of(row),))
            matching_service.match(stage.session, clerk, bank.id, items, now=stage.now)
        return closing

    def _approve(self, bank: BankAccount, first_day: date) -> None:
        stage = self.stage
        clerk, second = (stage.actor(key) for key in stage.crew(HOME, Role.ACCOUNTANT)[:2])
        month = first_day.strftime("%Y-%m")
        row = month_service.prepare(stage.session, clerk, bank.id, month, PrepareMonth(), now=stage.now)
        month_service.approve(stage.session, second, bank.id, month, Seen(row.version), now=stage.now)


def _line(row: PostingRow) -> LineRead:
    return LineRead(row.effective_on, row.effective_on, row.amount, f"E{row.entry_id}", "", row.reason[:500])
