"""The inbox holds what waits for a person, and nothing they may not do."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.pages import inbox, kept_count
from tests.builders import equipment, manpower, payments, returns
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client


@pytest.fixture
def world(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


def waiting(app: Flask, actor: Actor) -> set[str]:
    """References that wait for the person, as the API tells them; the page must show the same."""
    answer = app.test_client().get("/api/v1/inbox", headers=a_token(app, actor.person_id))
    assert answer.status_code == 200, answer.text
    found = {item["reference"] for item in answer.json["items"]}
    page = signed_in_client(app, actor.person_id).get("/inbox")
    assert page.status_code == 200
    assert all(reference in page.text for reference in found)
    return found


def test_submitted_payment_waits_for_another_officer_and_not_for_the_payer(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        reference = payments.submitted(session, world).reference
    assert reference in waiting(app, world.checker)
    assert reference not in waiting(app, world.payer)


def test_approved_payment_waits_for_the_payments_officer(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        reference = payments.approved(session, world).reference
    assert reference in waiting(app, world.payer)
    assert reference not in waiting(app, world.checker)


def test_settled_payment_waits_for_the_grantee(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        reference = payments.settled(session, world).reference
    assert reference in waiting(app, world.finance)
    assert reference not in waiting(app, world.accountant)


def test_returns_and_register_rows_wait_for_who_goes_on_with_them(app: Flask, world: PaymentWorld) -> None:
    with unit_of_work() as session:
        drafted = returns.drafted(session, world).reference
        disposal = equipment.proposed(session, world, equipment.kept(session, world)).reference
        unconverted = manpower.kept(session, world, monthly_rate=Money.parse("20000.00", Currency.HKD)).reference
    assert {drafted, unconverted} <= waiting(app, world.finance)
    assert disposal not in waiting(app, world.finance)
    assert {disposal, unconverted} <= waiting(app, world.other_finance)
    assert drafted not in waiting(app, world.other_finance)


def test_number_beside_the_inbox_is_counted_again_only_when_something_was_committed(
    app: Flask, world: PaymentWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in_client(app, world.checker.person_id)
    counted: list[int] = []
    count = inbox.count

    def noted(session: Session, actor: Actor) -> int:
        counted.append(count(session, actor))
        return counted[-1]

    # The server's own name changes with every commit in it, also with those of tests that run beside this one.
    states = iter(("before", "before", "after"))
    monkeypatch.setattr(kept_count, "committed_state", lambda _session: next(states))
    monkeypatch.setattr(inbox, "count", noted)
    for _visit in range(3):
        assert browser.get("/contracts").status_code == 200
    assert counted == [0, 0]


def test_what_is_committed_shows_in_the_next_number_beside_the_inbox(app: Flask, world: PaymentWorld) -> None:
    number = kept_count.KeptCounts()
    with app.test_request_context(), unit_of_work() as session:
        assert number.count(session, world.checker) == 0
    with unit_of_work() as session:
        payments.submitted(session, world)
    with app.test_request_context(), unit_of_work() as session:
        assert number.count(session, world.checker) == 1
