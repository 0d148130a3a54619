"""Random walks over days, months, currencies and seals, by the service layer and by raw SQL, beside a small model.

The model is a dictionary: what each account moved on each day. After every step the balances at every day, the check
of the books and the blocks agree with it; at the end of a walk everything is sealed and the auditor's script agrees.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from datetime import date
from decimal import Decimal
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.errors import Refusal, RuleBreached
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, posting
from app.ledger.chart import AccountCode
from app.ledger.checking import check
from app.ledger.entries import AccountKey, Dimensions, Entry, Rate, credit, debit, exchange_lines, in_functional
from app.ledger.posting import Order, PeriodState
from tests.builders.books import ACTOR, Book, open_book, post, reverse
from tests.builders.sealing import findings, seal

DAYS = [date(2026, month, day) for month in (1, 2, 3) for day in (1, 15, 28)]
SEED = int(os.environ.get("HETAO_TEST_SEED", "20261120"))

small = st.integers(1, 1000)
pick = st.integers(0, 1000)
days = st.sampled_from(DAYS)

RAW_BATCH = text("select entry_id, replayed from ledger.post_entries(cast(:batch as jsonb), :actor, null)")


class TimeMachine(RuleBasedStateMachine):
    """One book in Hong Kong dollars that also holds yuan; nothing is limited, so only months and keys refuse."""

    engine: Engine

    @initialize()
    def start(self) -> None:
        self.session = Session(self.engine)
        self.book: Book = open_book(self.session)
        self.session.commit()
        self.moved: dict[tuple[AccountKey, date], int] = defaultdict(int)
        self.posted: dict[int, tuple[Entry, UUID]] = {}
        self.reversed: set[int] = set()
        self.closing: set[int] = set()
        self.sealed = 0
        self.yuan = AccountKey(AccountCode.BANK, Currency.CNY, new_id())

    def teardown(self) -> None:
        if not hasattr(self, "session"):
            return
        try:
            seal(self.session)
            assert findings(self.session, self.book) == []
            leaves = self.session.scalar(
                text("select count(*) from ledger.seal_leaf where book_id = :book"), {"book": self.book.book_id}
            )
            assert leaves == len(self.posted)
        finally:
            self.session.close()

    def open_on(self, day: date) -> bool:
        return not any(month >= day.month for month in self.closing)

    def note(self, entry_id: int, entry: Entry, key: UUID, day: date, sign: int = 1) -> None:
        self.posted[entry_id] = (entry, key)
        for line in entry.lines:
            self.moved[line.account, day] += sign * line.amount.minor

    def paying(self, minor: int, day: date) -> Entry:
        amount = Money(minor, Currency.HKD)
        paid, in_transit = (self.book.plain(c) for c in (AccountCode.GRANTS_PAID, AccountCode.PAYMENTS_IN_TRANSIT))
        return self.book.entry(debit(paid, amount), credit(in_transit, amount), day=day)

    def do(self, entry: Entry, key: UUID) -> None:
        day, allowed = entry.effective_on, self.open_on(entry.effective_on)
        try:
            made = post(self.session, entry, key)
        except Refusal:
            self.session.rollback()
            assert not allowed
            return
        self.session.commit()
        assert allowed
        self.note(made.entry_id, entry, key, day)

    @rule(minor=small, day=days)
    def pay_on_any_day(self, minor: int, day: date) -> None:
        self.do(self.paying(minor, day), new_id())

    @rule(minor=small, day=days, rate=st.sampled_from(["0.9240", "0.9250", "0.9133"]))
    def buy_yuan(self, minor: int, day: date, rate: str) -> None:
        tags, value = Dimensions(contract_id=new_id()), Decimal(rate)
        bought = Rate(Currency.HKD, Currency.CNY, value)
        given = Money(minor * 100, Currency.HKD)
        taken = bought.convert(given)
        lines = (
            debit(self.yuan, taken),
            *exchange_lines(taken, given, tags),
            credit(self.book.plain(AccountCode.PAYMENTS_IN_TRANSIT), given),
        )
        self.do(self.book.entry(*in_functional(lines, Currency.HKD, bought), day=day), new_id())

    @rule(amounts=st.lists(st.tuples(small, days), min_size=1, max_size=4))
    def post_a_batch_by_raw_sql(self, amounts: list[tuple[int, date]]) -> None:
        entries = [(self.paying(minor, day), new_id()) for minor, day in amounts]
        batch = [
            {
                "book": str(entry.book_id),
                "key": str(key),
                "hash": key.hex * 2,
                "on": entry.effective_on.isoformat(),
                "kind": "ACTUAL",
                "event": str(entry.event_id),
                "reason": entry.reason,
                "functional": "HKD",
                "lines": [
                    {"code": line.account.code, "currency": "HKD", "amount": line.amount.minor}
                    | {"functional": line.functional.minor}
                    for line in entry.lines
                ],
            }
            for entry, key in entries
        ]
        allowed = all(self.open_on(day) for _, day in amounts)
        try:
            rows = self.session.execute(RAW_BATCH, {"batch": json.dumps(batch), "actor": ACTOR}).all()
        except DBAPIError:
            self.session.rollback()
            assert not allowed
            return
        self.session.commit()
        assert allowed
        for (entry, _), row in zip(entries, rows, strict=True):
            self.note(row.entry_id, entry, entry.event_id, entry.effective_on)
            self.reversed.add(row.entry_id)  # its hash is not the service's, so it is not replayed through it

    @rule(amounts=st.lists(st.tuples(small, days), min_size=2, max_size=4))
    def post_a_batch(self, amounts: list[tuple[int, date]]) -> None:
        orders = [Order(self.paying(minor, day), new_id()) for minor, day in amounts]
        allowed = all(self.open_on(day) for _, day in amounts)
        try:
            made = posting.post_all(self.session, orders, actor_id=ACTOR)
        except Refusal:
            self.session.rollback()
            assert not allowed
            return
        self.session.commit()
        assert allowed
        for order, each in zip(orders, made, strict=True):
            self.note(each.entry_id, order.entry, order.idempotency_key, order.entry.effective_on)

    @property
    def own(self) -> list[int]:
        return sorted(set(self.posted) - self.reversed)

    @precondition(lambda self: self.own)
    @rule(which=pick, other=st.booleans())
    def replay(self, which: int, other: bool) -> None:
        entry_id = self.own[which % len(self.own)]
        entry, key = self.posted[entry_id]
        if other:
            with pytest.raises(RuleBreached, match="used before"):
                post(self.session, self.paying(999_999, entry.effective_on), key)
        else:
            assert post(self.session, entry, key) == posting.Posted(entry_id, True)
        self.session.rollback()

    @precondition(lambda self: self.own)
    @rule(which=pick)
    def undo_in_red_ink(self, which: int) -> None:
        entry_id = self.own[which % len(self.own)]
        entry, _ = self.posted[entry_id]
        allowed = self.open_on(DAYS[-1])
        try:
            made = reverse(self.session, entry_id, DAYS[-1])
        except Refusal:
            self.session.rollback()
            assert not allowed
            return
        self.session.commit()
        assert allowed
        self.note(made.entry_id, entry, new_id(), DAYS[-1], sign=-1)
        self.reversed |= {entry_id, made.entry_id}

    @rule(month=st.sampled_from([1, 2, 3]), closing=st.booleans())
    def turn_a_month(self, month: int, closing: bool) -> None:
        state = PeriodState.CLOSING if closing else PeriodState.OPEN
        posting.set_period(self.session, self.book.book_id, date(2026, month, 1), state, actor_id=ACTOR)
        self.session.commit()
        (self.closing.add if closing else self.closing.discard)(month)

    @rule()
    def seal_what_is_there(self) -> None:
        made = seal(self.session)
        assert sum(each.entries for each in made if each.book_code == self.book.code) == len(self.posted) - self.sealed
        self.sealed = len(self.posted)

    @invariant()
    def every_day_is_as_the_model_says(self) -> None:
        for day in (DAYS[2], DAYS[4], DAYS[-1]):
            expected: dict[AccountKey, int] = defaultdict(int)
            for (account, on), minor in self.moved.items():
                if on <= day:
                    expected[account] += minor
            rows = balances.trial_balance(self.session, self.book.book_id, day)
            found = {AccountKey(row.code, row.balance.currency, row.subject_id): row.balance.minor for row in rows}
            assert {k: v for k, v in found.items() if v} == {k: v for k, v in expected.items() if v}
        self.session.rollback()

    @invariant()
    def books_agree(self) -> None:
        assert check(self.session).differences == ()
        self.session.rollback()


@pytest.mark.timeout(300)
def test_days_months_currencies_and_seals_behave_as_their_model(engine: Engine) -> None:
    TimeMachine.engine = engine
    print(f"HETAO_TEST_SEED={SEED}")
    run_state_machine_as_test(
        seed(SEED)(TimeMachine),
        settings=settings(
            max_examples=int(os.environ.get("HETAO_TEST_WALKS", "6")),
            stateful_step_count=15,
            deadline=None,
            database=None,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
