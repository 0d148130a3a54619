"""Pages by key go forwards and back without losing or repeating a row."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import InputRefused
from app.web.models import IdempotencyRecord
from app.web.paging import Order, Page, paginate

ORDER = [Order(IdempotencyRecord.status, descending=True), Order(IdempotencyRecord.key)]


@pytest.fixture
def rows(session: Session) -> Session:
    for number in range(10):
        record = IdempotencyRecord(
            actor_id=UUID(int=9), key=f"key-{number}", request_sha256="0" * 64, status=200 + number // 4
        )
        session.add(record)
    session.flush()
    return session


def page(session: Session, cursor: str | None = None, limit: int = 3) -> Page[IdempotencyRecord]:
    return paginate(session, select(IdempotencyRecord), ORDER, cursor=cursor, limit=limit, total=True)


EXPECTED = ["key-8", "key-9", "key-4", "key-5", "key-6", "key-7", "key-0", "key-1", "key-2", "key-3"]


def test_pages_forwards_hold_every_row_once(rows: Session) -> None:
    seen, cursor = [], None
    while True:
        current = page(rows, cursor)
        seen += [record.key for record in current.items]
        assert current.total == 10
        cursor = current.next
        if cursor is None:
            break
    assert seen == EXPECTED


def test_previous_leads_back_to_the_page_before(rows: Session) -> None:
    first = page(rows)
    second = page(rows, first.next)
    third = page(rows, second.next)
    assert first.previous is None
    back = page(rows, third.previous)
    assert [r.key for r in back.items] == [r.key for r in second.items]
    assert [r.key for r in page(rows, back.previous).items] == EXPECTED[:3]
    assert page(rows, back.previous).previous is None


@pytest.mark.parametrize("cursor", ["x", "!!!", "W10", "bnVsbA", "é", "eyJhIjoxfQ", "A" * 5000])
def test_foreign_cursors_are_refused(rows: Session, cursor: str) -> None:
    with pytest.raises(InputRefused):
        page(rows, cursor)
