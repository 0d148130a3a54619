"""Two people at once, a double click, and batches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.unit_of_work import run_in_unit, unit_of_work
from app.disbursements import batch_service, payment_service, service
from app.disbursements.commands import Approve, BatchRow, Seen
from app.disbursements.loading import consented
from app.disbursements.models import CheckerDecision, Disbursement
from app.kernel.actor import Actor
from app.kernel.errors import Conflict, InputRefused, Refusal
from tests.builders import payments
from tests.builders.payments import NOW, PaymentWorld


def batch_row(session: Session, row: Disbursement, *, seen: bool = False) -> BatchRow:
    return BatchRow(row.reference, row.version, consented(session, row).hex(), seen)


def several(session: Session, world: PaymentWorld, count: int) -> list[Disbursement]:
    rows = [payments.submitted(session, world, "10000.00") for _ in range(count)]
    session.commit()
    return rows


def test_of_two_approvers_at_once_one_wins(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    session.commit()
    start = Barrier(2)

    def attempt(actor: Actor) -> str:
        start.wait()
        try:
            run_in_unit(lambda s: service.approve(s, actor, row.reference, Approve(row.version), now=NOW).status)
        except Conflict:
            return "conflict"
        return "approved"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, (world.checker, world.second)))
    assert results == ["approved", "conflict"]
    assert len(session.scalars(select(CheckerDecision)).all()) == 1


def test_releasing_twice_posts_once(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    session.commit()
    start = Barrier(2)

    def attempt(actor: Actor) -> str:
        start.wait()
        try:
            run_in_unit(lambda s: payment_service.release(s, actor, row.reference, Seen(row.version), now=NOW).status)
        except Refusal:
            return "refused"
        return "released"

    with ThreadPoolExecutor(2) as pool:
        results = sorted(pool.map(attempt, (world.payer, world.other_payer)))
    assert results == ["refused", "released"]


def test_batch_approves_each_item_and_a_changed_row_drops_out(session: Session) -> None:
    world = payments.world(session)
    rows = several(session, world, 3)
    shown = [batch_row(session, row, seen=True) for row in rows]
    with unit_of_work() as other:
        changed = other.get_one(Disbursement, rows[1].id)
        changed.purpose = "Changed meanwhile"
    outcomes = batch_service.approve_all(
        run_in_unit, world.checker, shown, batch_reference="BATCH-1", key="key-of-batch-1", now=NOW
    )
    assert [outcome.result for outcome in outcomes] == ["approved", "changed", "approved"]
    session.expire_all()
    decided = session.scalars(select(CheckerDecision.batch_reference)).all()
    assert decided == ["BATCH-1", "BATCH-1"]


def test_batch_sent_again_answers_the_same_and_does_nothing_twice(session: Session) -> None:
    world = payments.world(session)
    shown = [batch_row(session, row, seen=True) for row in several(session, world, 2)]
    for _ in range(2):
        outcomes = batch_service.approve_all(
            run_in_unit, world.checker, shown, batch_reference="BATCH-1", key="key-of-batch-1", now=NOW
        )
        assert [outcome.result for outcome in outcomes] == ["approved", "approved"]
    assert len(session.scalars(select(CheckerDecision)).all()) == 2


def test_own_items_of_a_batch_are_refused_and_the_others_go_on(session: Session) -> None:
    world = payments.world(session)
    row = several(session, world, 1)[0]
    outcomes = batch_service.approve_all(
        run_in_unit, world.maker, [batch_row(session, row)], batch_reference="B", key="key-of-batch-2", now=NOW
    )
    assert [(outcome.result, outcome.breaches[0].code) for outcome in outcomes] == [("refused", "access.own-work")]


def test_batch_of_two_funders_is_refused(session: Session) -> None:
    one, two = payments.world(session), payments.world(session)
    rows = [payments.submitted(session, world, "10000.00") for world in (one, two)]
    both = Actor(one.checker.person_id, "Both", "b@example.org", (*one.checker.rights, *two.checker.rights))
    with pytest.raises(InputRefused):
        batch_service.refuse_mixed(session, both, [batch_row(session, row) for row in rows])
