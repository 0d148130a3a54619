"""Holds: opened, raised, moved, used up with a posting, returned, released; never more than there is."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict, NotFound, RuleBreached
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, holds
from app.ledger.balances import HoldRow
from app.ledger.chart import AccountCode
from app.ledger.posting import Consumption
from tests.builders.books import ACTOR, Book, cny, hkd, open_book, post

CONTRACT = UUID("00000000-0000-7000-8000-0000000000c1")
DISBURSEMENT = UUID("00000000-0000-7000-8000-0000000000d1")


@pytest.fixture
def book(session: Session) -> Book:
    """A book whose pocket has 100.00."""
    made = open_book(session)
    post(session, made.contribution("100.00"))
    return made


def open_hold(session: Session, book: Book, amount: Money, key: UUID | None = None) -> UUID:
    return holds.open_hold(
        session,
        book.book_id,
        book.pocket,
        amount,
        contract_id=CONTRACT,
        actor_id=ACTOR,
        idempotency_key=key or new_id(),
    ).hold_id


def move(session: Session, hold_id: UUID, amount: Money) -> UUID:
    moved = holds.move_hold(
        session, hold_id, amount, disbursement_id=DISBURSEMENT, actor_id=ACTOR, idempotency_key=new_id()
    )
    return moved.hold_id


def give_back(session: Session, hold_id: UUID) -> UUID:
    return holds.return_hold(session, hold_id, actor_id=ACTOR, idempotency_key=new_id()).hold_id


def release(session: Session, hold_id: UUID, amount: Money | None = None) -> None:
    holds.release_hold(session, hold_id, amount, actor_id=ACTOR, idempotency_key=new_id())


def available(session: Session, book: Book) -> Money:
    position = balances.pocket_position(session, book.pocket.subject_id)  # type: ignore[arg-type]
    assert position is not None
    return position.available


def row(session: Session, hold_id: UUID) -> HoldRow:
    found = balances.hold(session, hold_id)
    assert found is not None
    return found


def test_a_hold_takes_from_what_is_available(session: Session, book: Book) -> None:
    open_hold(session, book, hkd("60.00"))
    assert available(session, book) == hkd("40.00")


def test_no_more_is_held_than_is_available(session: Session, book: Book) -> None:
    open_hold(session, book, hkd("60.00"))
    with pytest.raises(RuleBreached, match=r"pocket\.insufficient"):
        open_hold(session, book, hkd("40.01"))


def test_held_money_cannot_be_spent(session: Session, book: Book) -> None:
    open_hold(session, book, hkd("60.00"))
    with pytest.raises(RuleBreached, match=r"pocket\.insufficient"):
        post(session, book.spending("40.01"))


def test_a_repeated_hold_under_one_key_is_held_once(session: Session, book: Book) -> None:
    key = new_id()
    assert open_hold(session, book, hkd("60.00"), key) == open_hold(session, book, hkd("60.00"), key)
    assert available(session, book) == hkd("40.00")


def test_a_hold_of_another_amount_under_the_same_key_is_refused(session: Session, book: Book) -> None:
    key = new_id()
    open_hold(session, book, hkd("60.00"), key)
    with pytest.raises(RuleBreached, match=r"key\.reused"):
        open_hold(session, book, hkd("61.00"), key)


def test_raising_a_hold_takes_more(session: Session, book: Book) -> None:
    hold_id = open_hold(session, book, hkd("60.00"))
    holds.raise_hold(session, hold_id, hkd("40.00"), actor_id=ACTOR, idempotency_key=new_id())
    assert available(session, book) == hkd("0.00")
    assert row(session, hold_id).remaining == hkd("100.00")


def test_moving_part_of_a_hold_leaves_the_pocket_as_it_was(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("60.00"))
    child = move(session, parent, hkd("25.00"))
    assert available(session, book) == hkd("40.00")
    assert row(session, parent).remaining == hkd("35.00")
    assert (row(session, child).remaining, row(session, child).parent_id) == (hkd("25.00"), parent)
    assert row(session, child).disbursement_id == DISBURSEMENT


def test_no_more_is_moved_than_remains(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("60.00"))
    with pytest.raises(RuleBreached, match=r"hold\.insufficient"):
        move(session, parent, hkd("60.01"))


def test_a_disbursements_hold_is_not_moved_on(session: Session, book: Book) -> None:
    child = move(session, open_hold(session, book, hkd("60.00")), hkd("25.00"))
    with pytest.raises(RuleBreached, match=r"hold\.no-parent"):
        move(session, child, hkd("1.00"))


def test_returning_closes_the_child_and_restores_the_parent(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("60.00"))
    child = move(session, parent, hkd("25.00"))
    assert give_back(session, child) == parent
    assert row(session, parent).remaining == hkd("60.00")
    assert not row(session, child).is_open


def test_a_child_is_returned_once(session: Session, book: Book) -> None:
    child = move(session, open_hold(session, book, hkd("60.00")), hkd("25.00"))
    give_back(session, child)
    with pytest.raises(Conflict, match=r"hold\.closed"):
        give_back(session, child)


def test_a_child_is_not_returned_to_a_closed_parent(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("60.00"))
    child = move(session, parent, hkd("25.00"))
    release(session, parent)
    with pytest.raises(Conflict, match=r"hold\.closed"):
        give_back(session, child)


def test_a_contracts_own_hold_is_not_returned(session: Session, book: Book) -> None:
    with pytest.raises(RuleBreached, match=r"hold\.no-parent"):
        give_back(session, open_hold(session, book, hkd("60.00")))


def test_a_release_uses_up_the_hold_with_the_posting(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("100.00"))
    child = move(session, parent, hkd("25.00"))
    posted = post(session, book.spending("25.00"), consumes=[Consumption(child, hkd("25.00"))])
    position = balances.pocket_position(session, book.pocket.subject_id)  # type: ignore[arg-type]
    assert position is not None
    assert (position.debit, position.held, position.available) == (hkd("25.00"), hkd("75.00"), hkd("0.00"))
    assert not row(session, child).is_open
    event = session.execute(
        text(
            "select kind, change_minor, entry_id, actor_id from ledger.hold_event"
            " where hold_id = :id order by number desc"
        ),
        {"id": child},
    ).first()
    assert tuple(event or ()) == ("CONSUMED", -2500, posted.entry_id, ACTOR)


def test_a_replayed_release_uses_the_hold_once(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("100.00"))
    entry, key, used = book.spending("25.00"), new_id(), [Consumption(parent, hkd("25.00"))]
    post(session, entry, key, used)
    assert post(session, entry, key, used).replayed
    assert row(session, parent).remaining == hkd("75.00")


def test_no_more_is_used_up_than_remains(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("20.00"))
    with pytest.raises(RuleBreached, match=r"hold\.insufficient"):
        post(session, book.spending("25.00"), consumes=[Consumption(parent, hkd("25.00"))])


def test_a_hold_in_one_currency_is_not_used_up_in_another(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("20.00"))
    with pytest.raises(RuleBreached, match=r"hold\.amount"):
        post(session, book.spending("20.00"), consumes=[Consumption(parent, cny("20.00"))])


def test_a_hold_used_up_apart_from_the_posting_frees_the_pocket_for_it(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("100.00"))
    holds.consume_hold(session, parent, hkd("30.00"), event_id=new_id(), actor_id=ACTOR, idempotency_key=new_id())
    post(session, book.spending("30.00"))
    assert available(session, book) == hkd("0.00")


def test_a_bounced_payments_hold_comes_back_to_the_contracts(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("100.00"))
    child = move(session, parent, hkd("25.00"))
    holds.consume_hold(session, child, hkd("25.00"), event_id=new_id(), actor_id=ACTOR, idempotency_key=new_id())
    again = holds.open_hold(
        session,
        book.book_id,
        book.pocket,
        hkd("25.00"),
        contract_id=CONTRACT,
        disbursement_id=DISBURSEMENT,
        parent_id=parent,
        actor_id=ACTOR,
        idempotency_key=new_id(),
    )
    give_back(session, again.hold_id)
    assert row(session, parent).remaining == hkd("100.00")
    assert available(session, book) == hkd("0.00")


def test_releasing_all_closes_the_hold(session: Session, book: Book) -> None:
    hold_id = open_hold(session, book, hkd("60.00"))
    release(session, hold_id)
    assert available(session, book) == hkd("100.00")
    assert not row(session, hold_id).is_open


def test_releasing_part_leaves_the_hold_open(session: Session, book: Book) -> None:
    hold_id = open_hold(session, book, hkd("60.00"))
    release(session, hold_id, hkd("60.00"))
    assert row(session, hold_id).is_open
    release(session, hold_id)
    assert not row(session, hold_id).is_open


def test_a_closed_hold_takes_nothing_more(session: Session, book: Book) -> None:
    hold_id = open_hold(session, book, hkd("60.00"))
    release(session, hold_id)
    with pytest.raises(Conflict, match=r"hold\.closed"):
        release(session, hold_id)


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_hold_is_for_more_than_nil(session: Session, book: Book, amount: str) -> None:
    with pytest.raises(RuleBreached, match=r"hold\.amount"):
        open_hold(session, book, hkd(amount))


def test_only_a_pocket_holds_money(session: Session, book: Book) -> None:
    with pytest.raises(RuleBreached, match=r"hold\.account"):
        holds.open_hold(
            session,
            book.book_id,
            book.plain(AccountCode.ADVANCES),
            hkd("1.00"),
            contract_id=CONTRACT,
            actor_id=ACTOR,
            idempotency_key=new_id(),
        )


def test_an_unknown_hold_is_not_found(session: Session, book: Book) -> None:
    with pytest.raises(NotFound, match=r"hold\.unknown"):
        release(session, new_id())


def test_a_contracts_holds_are_listed_its_own_first(session: Session, book: Book) -> None:
    parent = open_hold(session, book, hkd("60.00"))
    child = move(session, parent, hkd("25.00"))
    assert [found.hold_id for found in balances.holds_of_contract(session, CONTRACT)] == [parent, child]
    give_back(session, child)
    assert [found.hold_id for found in balances.holds_of_contract(session, CONTRACT)] == [parent]
    assert len(balances.holds_of_contract(session, CONTRACT, only_open=False)) == 2
