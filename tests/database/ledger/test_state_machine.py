"""Random walks over the ledger beside a small model: after every step both say the same, and the books agree."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.errors import Refusal
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, holds, posting
from app.ledger.checking import check
from app.ledger.entries import Entry
from app.ledger.posting import Consumption, PeriodState
from tests.builders.books import ACTOR, DAY, Book, open_book, post, reverse

small = st.integers(1, 1000)
pick = st.integers(0, 1000)


class LedgerMachine(RuleBasedStateMachine):
    """One pocket: credit, debit, holds with their children, reversals, replays and a month that opens and closes."""

    engine: Engine

    @initialize()
    def start(self) -> None:
        self.session = Session(self.engine)
        self.book: Book = open_book(self.session)
        self.session.commit()
        self.credit = self.debit = 0
        self.held: dict[UUID, int] = {}
        self.parent: dict[UUID, UUID] = {}
        self.posted: dict[int, tuple[Entry, UUID, int]] = {}
        self.reversed: set[int] = set()
        self.closed = False

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.close()

    @property
    def available(self) -> int:
        return self.credit - self.debit - sum(self.held.values())

    def expect(self, allowed: bool, verb: Callable[[], object]) -> object:
        """The verb is done exactly when the model allows it."""
        try:
            result = verb()
        except Refusal:
            self.session.rollback()
            assert not allowed
            return None
        self.session.commit()
        assert allowed
        return result

    def money(self, minor: int) -> Money:
        return Money(minor, Currency.HKD)

    def post(self, entry: Entry, effect: int, allowed: bool) -> None:
        key = new_id()
        made = self.expect(allowed and not self.closed, lambda: post(self.session, entry, key))
        if isinstance(made, posting.Posted):
            self.posted[made.entry_id] = (entry, key, effect)
            self.credit += max(effect, 0)
            self.debit += max(-effect, 0)

    @rule(minor=small)
    def contribute(self, minor: int) -> None:
        self.post(self.book.contribution(str(self.money(minor).amount)), minor, allowed=True)

    @rule(minor=small)
    def spend(self, minor: int) -> None:
        self.post(self.book.spending(str(self.money(minor).amount)), -minor, allowed=minor <= self.available)

    @precondition(lambda self: self.posted)
    @rule(which=pick)
    def replay(self, which: int) -> None:
        entry_id = sorted(self.posted)[which % len(self.posted)]
        entry, key, _ = self.posted[entry_id]
        again = self.expect(True, lambda: post(self.session, entry, key))
        assert again == posting.Posted(entry_id, True)

    @precondition(lambda self: self.posted)
    @rule(which=pick)
    def reuse_a_key(self, which: int) -> None:
        _, key, _ = self.posted[sorted(self.posted)[which % len(self.posted)]]
        self.expect(False, lambda: post(self.session, self.book.contribution("1.23"), key))

    @precondition(lambda self: self.posted)
    @rule(which=pick)
    def undo(self, which: int) -> None:
        entry_id = sorted(self.posted)[which % len(self.posted)]
        effect = self.posted[entry_id][2]
        allowed = entry_id not in self.reversed and not self.closed and effect <= self.available
        if self.expect(allowed, lambda: reverse(self.session, entry_id)):
            self.reversed.add(entry_id)
            self.credit -= max(effect, 0)
            self.debit -= max(-effect, 0)

    @rule(minor=small)
    def hold(self, minor: int) -> None:
        made = self.expect(
            minor <= self.available,
            lambda: holds.open_hold(
                self.session,
                self.book.book_id,
                self.book.pocket,
                self.money(minor),
                contract_id=new_id(),
                actor_id=ACTOR,
                idempotency_key=new_id(),
            ),
        )
        if isinstance(made, holds.Held):
            self.held[made.hold_id] = minor

    @precondition(lambda self: self.held)
    @rule(which=pick, minor=small)
    def move(self, which: int, minor: int) -> None:
        source = sorted(self.held)[which % len(self.held)]
        made = self.expect(
            source not in self.parent and minor <= self.held[source],
            lambda: holds.move_hold(
                self.session,
                source,
                self.money(minor),
                disbursement_id=new_id(),
                actor_id=ACTOR,
                idempotency_key=new_id(),
            ),
        )
        if isinstance(made, holds.Held):
            self.held[source] -= minor
            self.held[made.hold_id] = minor
            self.parent[made.hold_id] = source

    @precondition(lambda self: self.held)
    @rule(which=pick)
    def give_back(self, which: int) -> None:
        child = sorted(self.held)[which % len(self.held)]
        allowed = child in self.parent and self.parent[child] in self.held
        if self.expect(
            allowed, lambda: holds.return_hold(self.session, child, actor_id=ACTOR, idempotency_key=new_id())
        ):
            self.held[self.parent[child]] += self.held.pop(child)

    @precondition(lambda self: self.held)
    @rule(which=pick)
    def release(self, which: int) -> None:
        chosen = sorted(self.held)[which % len(self.held)]
        self.expect(True, lambda: holds.release_hold(self.session, chosen, actor_id=ACTOR, idempotency_key=new_id()))
        self.held.pop(chosen)

    @precondition(lambda self: self.held)
    @rule(which=pick, minor=small)
    def pay_from_hold(self, which: int, minor: int) -> None:
        chosen = sorted(self.held)[which % len(self.held)]
        entry, key = self.book.spending(str(self.money(minor).amount)), new_id()
        used = [Consumption(chosen, self.money(minor))]
        allowed = minor <= self.held[chosen] and not self.closed
        if self.expect(allowed, lambda: post(self.session, entry, key, used)):
            self.debit += minor
            self.held[chosen] -= minor
            if chosen in self.parent and not self.held[chosen]:
                self.held.pop(chosen)

    @rule(closed=st.booleans())
    def turn_the_month(self, closed: bool) -> None:
        state = PeriodState.CLOSING if closed else PeriodState.OPEN
        posting.set_period(self.session, self.book.book_id, DAY, state, actor_id=ACTOR)
        self.session.commit()
        self.closed = closed

    @invariant()
    def pocket_is_as_the_model_says(self) -> None:
        position = balances.pocket_position(self.session, self.book.pocket.subject_id)  # type: ignore[arg-type]
        if position is None:
            assert self.credit == self.debit == 0
            return
        held = sum(self.held.values())
        assert (position.credit.minor, position.debit.minor, position.held.minor) == (self.credit, self.debit, held)
        assert position.available.minor == self.available >= 0

    @invariant()
    def books_agree(self) -> None:
        assert check(self.session).differences == ()
        rows = balances.trial_balance(self.session, self.book.book_id)
        assert sum(row.balance.minor for row in rows) == 0
        self.session.rollback()


@pytest.mark.timeout(300)
def test_the_ledger_behaves_as_its_model(engine: Engine) -> None:
    LedgerMachine.engine = engine
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=12, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
