"""Periods by screen and by API: a month is closed by one person and sealed by another, with its checks and its pack."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.exchange_rates.models import RateKind
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances, history, periods, posting
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey, Entry, EntryKind, credit, debit
from tests.builders import payments
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client
from tests.builders.sealing import seal

OCTOBER = date(2026, 10, 1)


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return payments.world(session)


@pytest.fixture
def second(made: PaymentWorld) -> Actor:
    with unit_of_work() as session:
        return payments.someone(session, "Qian Wei", Role.ACCOUNTANT, made.funder)


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def foreign_bank(session: Session, made: PaymentWorld, amount: str, worth: str, day: date) -> None:
    """A bank account in Hong Kong dollars in the funder's book, from other income, carried at `worth` yuan."""
    kept = Money.parse(amount, Currency.HKD)
    functional = Money.parse(worth, Currency.CNY)
    bank = AccountKey(AccountCode.BANK, Currency.HKD, new_id())
    income = AccountKey(AccountCode.OTHER_INCOME, Currency.HKD)
    lines = (debit(bank, kept, functional=functional), credit(income, kept, functional=functional))
    entry = Entry(made.funder.id, day, EntryKind.ACTUAL, new_id(), "Interest of a Hong Kong account", lines)
    posting.post(session, entry, actor_id=made.accountant.person_id, idempotency_key=new_id())


def first_month(session: Session, made: PaymentWorld) -> date:
    rows = periods.months(session, made.funder.id, until=date(2026, 11, 1), most=720)
    return min(row.first_day for row in rows if row.entries)


def walk_to_october(
    session: Session, made: PaymentWorld, second: Actor, browser: Callable[[Actor], FlaskClient]
) -> None:
    """Seal every month before October."""
    seal(session)
    month = first_month(session, made)
    while month < OCTOBER:
        name = month.strftime("%Y-%m")
        address = f"/periods/{made.funder.code}/months/{name}"
        assert browser(made.accountant).post(f"{address}/close", data={"seen": "OPEN"}).status_code == 303
        answer = browser(second).post(f"{address}/seal", data={"seen": "CLOSING"})
        assert answer.status_code == 303, answer.text
        month = periods.next_month(month)


def test_a_month_is_closed_by_one_person_and_sealed_by_another_with_a_pack(
    session: Session, made: PaymentWorld, second: Actor, browser: Callable[[Actor], FlaskClient]
) -> None:
    foreign_bank(session, made, "1000.00", "920.00", OCTOBER)
    payments.rate(session, "0.9300", date(2026, 10, 30), kind=RateKind.PERIOD_END)
    session.commit()
    walk_to_october(session, made, second, browser)
    address = f"/periods/{made.funder.code}/months/2026-10"
    maker, checker = browser(made.accountant), browser(second)
    assert maker.post(f"{address}/close", data={"seen": "OPEN"}).status_code == 303
    assert "is carried at CNY\u00a0920.00 and worth CNY\u00a0930.00" in maker.get(address).text
    refused = checker.post(f"{address}/seal", data={"seen": "CLOSING"})
    assert refused.status_code == 422
    assert maker.post(f"{address}/revaluation", data={"seen": "CLOSING"}).status_code == 303
    session.rollback()
    unrealised = AccountKey(AccountCode.EXCHANGE_UNREALISED, Currency.CNY)
    at_end = history.balance_as_known(session, made.funder.id, unrealised, date(2026, 10, 31))
    day_one = history.balance_as_known(session, made.funder.id, unrealised, date(2026, 11, 1))
    assert (str(at_end.net), str(day_one.net)) == ("CNY -10.00", "CNY 0.00")
    seal(session)
    own = maker.post(f"{address}/seal", data={"seen": "CLOSING"})
    assert own.status_code == 403
    sealed = checker.post(f"{address}/seal", data={"seen": "CLOSING"})
    assert sealed.status_code == 303, sealed.text
    saved = checker.get(f"{address}/pack")
    with zipfile.ZipFile(io.BytesIO(saved.data)) as archive:
        names = set(archive.namelist())
        facts = json.loads(archive.read("month.json"))
        rates = archive.read("rates.csv").decode("utf-8-sig")
    assert {"trial-balance.xlsx", "general-ledger.json", "checks.csv", "exceptions.csv", "checkpoint.txt"} <= names
    assert facts["month"] == "2026-10"
    assert "0.93" in rates
    session.rollback()
    assert balances.period_is_closed(session, made.funder.id, OCTOBER)


def test_an_exception_is_given_shown_and_taken_back(
    session: Session, made: PaymentWorld, second: Actor, browser: Callable[[Actor], FlaskClient]
) -> None:
    address = f"/periods/{made.funder.code}/months/2026-11"
    maker, checker = browser(made.accountant), browser(second)
    assert maker.post(f"{address}/close", data={"seen": "OPEN"}).status_code == 303
    typed = {"person": str(made.accountant.person_id), "days": "3", "reason": "A late invoice"}
    assert maker.post(f"{address}/exceptions", data=typed).status_code == 403
    assert checker.post(f"{address}/exceptions", data=typed | {"days": "99"}).status_code == 400
    assert checker.post(f"{address}/exceptions", data=typed).status_code == 303
    shown = checker.get(address).text
    assert "A late invoice" in shown
    assert "Take back" in shown
    given = periods.exceptions(session, made.funder.id, date(2026, 11, 1))[0]
    assert checker.post(f"{address}/exceptions/end", data={"exception": str(given.id)}).status_code == 303
    assert "Taken back" in checker.get(address).text
    assert checker.post(f"{address}/open", data={"seen": "CLOSING", "reason": "Not yet"}).status_code == 303


def test_payments_on_their_way_keep_a_month_open_until_a_note_explains_them(
    session: Session, made: PaymentWorld, second: Actor, browser: Callable[[Actor], FlaskClient]
) -> None:
    payments.released(session, made)
    session.commit()
    address = f"/periods/{made.funder.code}/months/2026-11"
    shown = browser(second).get(address).text
    assert "On the way at the end of the month: CNY\u00a0(400,000.00)." in shown
    assert "Shown in one book only: 1" in shown
    typed = {"check": "in-transit", "note": "The bank settles on Monday."}
    assert browser(made.accountant).post(f"{address}/notes", data=typed).status_code == 303
    shown = browser(second).get(address).text
    assert "The bank settles on Monday." in shown
    assert "Explained" in shown
    assert browser(made.accountant).post(f"{address}/notes", data=typed | {"check": "sums"}).status_code == 400


def test_both_books_of_a_received_payment_agree(
    session: Session, made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    payments.received(session, made, payments.settled(session, made))
    session.commit()
    shown = browser(made.accountant).get(f"/periods/{made.funder.code}/months/2026-11").text
    assert "Payments in transit are at nil." in shown
    assert "What one book shows as paid, the other shows as received." in shown


def test_other_books_and_months_to_come_do_not_exist(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(made.accountant)
    assert client.get(f"/periods/{made.grantee.code}").status_code == 404
    for month in ("2026-12", "2026-13", "26-11", "1999-12"):
        assert client.get(f"/periods/{made.funder.code}/months/{month}").status_code == 404
    assert client.get(f"/periods/{made.funder.code}/months/2026-11/pack").status_code == 404


def test_months_through_the_api(app: Flask, made: PaymentWorld, second: Actor) -> None:
    client = app.test_client()
    address = f"/api/v1/periods/{made.funder.code}"

    def headers(actor: Actor, key: str) -> dict[str, str]:
        return a_token(app, actor.person_id) | {"Idempotency-Key": key}

    started = client.post(
        f"{address}/months/2026-11/close", json={"seen": "OPEN"}, headers=headers(made.accountant, "close-01")
    )
    assert started.json["state"] == "CLOSING", started.text
    listed = client.get(address, headers=headers(second, "x"))
    assert listed.json["items"][0]["state"] == "CLOSING" if "items" in listed.json else listed.json
    checks = client.get(f"{address}/months/2026-11/checks", headers=headers(second, "y"))
    assert "The month ends on 2026-11-30." in checks.text
    stale = client.post(
        f"{address}/months/2026-11/close", json={"seen": "OPEN"}, headers=headers(made.accountant, "close-02")
    )
    assert stale.status_code == 409
