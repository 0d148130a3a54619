"""Keys of writes: kept with the verb, given back as rows, and forgotten after a while."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.kernel.errors import Conflict
from app.web import idempotency
from app.web.models import IdempotencyRecord

ANN = UUID(int=1)


def test_key_under_way_elsewhere_is_a_conflict_for_those_who_do_not_wait(engine: Engine, session: Session) -> None:
    idempotency.claim(session, ANN, "key-00000001", "a" * 64, wait=False)
    with Session(engine) as other, pytest.raises(Conflict) as caught:
        idempotency.claim(other, ANN, "key-00000001", "a" * 64, wait=False)
    assert caught.value.breaches[0].code == "idempotency.under-way"


def test_same_key_of_another_person_is_another_key(session: Session) -> None:
    assert idempotency.claim(session, ANN, "key-00000001", "a" * 64, wait=True) is None
    assert idempotency.claim(session, UUID(int=2), "key-00000001", "b" * 64, wait=True) is None


def test_results_come_back_as_they_were(session: Session) -> None:
    row = IdempotencyRecord(actor_id=ANN, key="key-00000002", request_sha256="-")
    session.add(row)
    stored = idempotency.packed(session, [row, "text", None, UUID(int=5), 7])
    assert idempotency.unpacked(session, stored) == [row, "text", None, UUID(int=5), 7]


def test_result_that_cannot_be_stored_is_answered_as_already_done(session: Session) -> None:
    with pytest.raises(Conflict) as caught:
        idempotency.unpacked(session, idempotency.packed(session, object()))
    assert caught.value.breaches[0].code == "idempotency.already-done"


def test_old_keys_are_forgotten_and_young_ones_kept(session: Session, now: datetime) -> None:
    for key, age in (("old", 40), ("young", 2)):
        made = now - timedelta(days=age)
        session.add(IdempotencyRecord(actor_id=ANN, key=key, request_sha256="-", created_at=made))
    session.flush()
    assert idempotency.purge(session, before=now - timedelta(days=30)) == 1
    assert session.query(IdempotencyRecord).one().key == "young"


def test_digest_does_not_depend_on_the_order_of_names() -> None:
    assert idempotency.digest({"a": 1, "b": 2}) == idempotency.digest({"b": 2, "a": 1})
    assert idempotency.digest({"a": 1}) != idempotency.digest({"a": 2})
