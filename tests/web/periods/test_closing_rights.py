"""The people of an institution close its months: accountants of a funder, finance officers of a grantee, always two."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.db.session import new_session
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.ledger import periods, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Entry, EntryKind, credit, debit
from app.ledger.posting import PeriodState
from tests.builders import payments
from tests.builders.books import hkd
from tests.builders.payments import PaymentWorld
from tests.builders.people import signed_in_client
from tests.builders.sealing import seal

OCTOBER = date(2026, 10, 1)
Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """A world whose grantee has one sealed entry of its own, in October."""
    with unit_of_work() as session:
        world = payments.world(session)
        bank = AccountKey(AccountCode.BANK, Currency.HKD, new_id())
        clearing = AccountKey(AccountCode.INSTITUTION_CLEARING, Currency.HKD)
        lines = (debit(bank, hkd("5.00")), credit(clearing, hkd("5.00")))
        entry = Entry(world.grantee.id, OCTOBER, EntryKind.ACTUAL, new_id(), "Own money", lines)
        posting.post(session, entry, actor_id=world.finance.person_id, idempotency_key=new_id())
    with new_session() as session:
        seal(session)
    return world


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A browser in which the actor is signed in."""
    return lambda actor: signed_in_client(app, actor.person_id)


def state(session: Session, made: PaymentWorld) -> PeriodState:
    return periods.month(session, made.grantee.id, OCTOBER).state


def test_one_finance_officer_closes_and_another_seals_their_own_book(
    session: Session, made: PaymentWorld, browser: Browser
) -> None:
    address = f"/periods/{made.grantee.code}/months/2026-10"
    first, second = browser(made.finance), browser(made.other_finance)
    assert "Start closing" in first.get(address).text
    assert first.post(f"{address}/close", data={"seen": "OPEN"}).status_code == 303
    assert first.post(f"{address}/seal", data={"seen": "CLOSING"}).status_code == 403
    assert state(session, made) is PeriodState.CLOSING
    session.rollback()
    done = second.post(f"{address}/seal", data={"seen": "CLOSING"})
    assert done.status_code == 303, done.text
    assert state(session, made) is PeriodState.SEALED


def test_a_finance_officer_closes_no_other_book(made: PaymentWorld, browser: Browser) -> None:
    address = f"/periods/{made.funder.code}/months/2026-10"
    assert browser(made.finance).post(f"{address}/close", data={"seen": "OPEN"}).status_code == 404


@pytest.mark.parametrize("who", ["leader", "maker", "payer"])
def test_others_close_nothing(made: PaymentWorld, browser: Browser, who: str) -> None:
    place = made.grantee if who == "leader" else made.funder
    address = f"/periods/{place.code}/months/2026-10"
    assert browser(getattr(made, who)).post(f"{address}/close", data={"seen": "OPEN"}).status_code == 403
