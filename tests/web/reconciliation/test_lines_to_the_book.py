"""From a bank's line to the book: what an open line offers, what matches by itself, and how old the rest is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.db.unit_of_work import unit_of_work
from app.institutions.models import BankAccount
from app.kernel.actor import Actor
from app.reconciliation import import_service, queries
from app.web.uploads import XML, Upload
from tests.builders import banking, payments
from tests.builders.banking import BankWorld, entry
from tests.builders.payments import NOW
from tests.builders.people import a_token, signed_in_client

DAYS = ("2026-11-01", "2026-11-30")
AMOUNT = "400000.00"


@pytest.fixture
def here(app: Flask) -> BankWorld:
    with unit_of_work() as session:
        return banking.world(session)


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def shown(session: Session, actor: Actor, bank: BankAccount, amount: str, reference: str, charge: str = "") -> None:
    """The bank shows one line of a payment."""
    one = entry(amount, DAYS[1], "Payment", reference, currency=bank.currency)
    if charge:
        stated = f"<Chrgs><TtlChrgsAndTaxAmt Ccy='{bank.currency}'>{charge}</TtlChrgsAndTaxAmt></Chrgs>"
        one = one.replace("<NtryDtls>", f"{stated}<NtryDtls>")
    content = banking.camt(bank.number, one, closing=amount, currency=bank.currency, days=DAYS)
    import_service.import_file(session, actor, Upload("bank.xml", content, XML), now=NOW)


def offered(page: str, verb: str) -> str:
    found = re.search(rf'href="(/disbursements/[^"]+/{verb}[^"]*)"', page)
    assert found, page
    return unescape(found[1])


def test_a_line_leads_to_the_settlement_filled_from_it_and_posts_nothing_by_itself(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    made, clerk = here.made, browser(here.made.accountant)
    with unit_of_work() as session:
        row = payments.released(session, made)
        shown(session, made.accountant, made.payer_account, "-400015.00", row.reference, "15.00")
    match = f"/bank/{made.payer_account.id}/match"
    form = clerk.get(offered(clerk.get(match).text, "settle"))
    for value in ('value="400000.00"', 'value="15.00"', 'value="BR1"'):
        assert value in form.text, value
    assert "Enter the bank&#39;s line of" in clerk.get(match).text
    with unit_of_work() as session:
        assert payments.refreshed(session, row).status == "RELEASED"


def test_money_that_came_back_leads_to_the_return_and_a_second_time_to_nothing(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    made, clerk = here.made, browser(here.made.accountant)
    with unit_of_work() as session:
        row = payments.released(session, made)
        shown(session, made.accountant, made.payer_account, AMOUNT, row.reference)
    page = clerk.get(f"/bank/{made.payer_account.id}/match").text
    assert "The bank sent it back" in page
    assert 'value="BR1"' in clerk.get(offered(page, "bounce")).text


def test_a_receipt_is_offered_with_what_arrived_and_not_linked_for_those_who_may_not_confirm_it(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    made = here.made
    with unit_of_work() as session:
        row = payments.settled(session, made)
        shown(session, here.clerk, made.payee_account, "399000.00", row.reference)
    clerk = browser(here.clerk)
    page = clerk.get(f"/bank/{made.payee_account.id}/match").text
    assert "/receipt" not in page
    assert row.reference in page
    seen = clerk.get(
        f"/api/v1/bank/{made.payee_account.id}/open", headers=a_token(clerk.application, here.clerk.person_id)
    ).json
    (offer,) = seen["offers"]
    assert (offer["disbursement"], offer["step"], offer["values"]["received"]) == (
        row.reference,
        "RECEIPT",
        "399000.00",
    )


def test_nothing_matches_by_itself_until_somebody_switches_it_on(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    made, bank = here.made, here.made.payer_account
    clerk = browser(made.accountant)
    with unit_of_work() as session:
        row = payments.settled(session, made)
    page = clerk.get(f"/bank/{bank.id}").text
    assert "Off: nothing is matched until somebody says so." in page
    assert clerk.post(f"/bank/{bank.id}/automatic", data={"switch": "ON"}).status_code == 303
    assert "On: a line matches by itself" in clerk.get(f"/bank/{bank.id}").text
    with unit_of_work() as session:
        shown(session, made.accountant, bank, f"-{AMOUNT}", row.reference)
    with unit_of_work() as session:
        (kept,) = queries.match_pages(session, bank.id, None, 50).items
        assert (kept.basis, kept.matched_by_id) == ("IDENTIFIER", made.accountant.person_id)
        event = session.scalars(select(AuditEvent).where(AuditEvent.verb == "bank.switch-automatic")).one()
        assert (event.actor_id, event.details["is_on"]) == (made.accountant.person_id, True)


def test_with_the_setting_off_the_same_line_is_only_suggested(here: BankWorld) -> None:
    made, bank = here.made, here.made.payer_account
    with unit_of_work() as session:
        row = payments.settled(session, made)
        shown(session, made.accountant, bank, f"-{AMOUNT}", row.reference)
        assert queries.match_pages(session, bank.id, None, 50).items == []


def test_readers_may_not_switch_it_and_strangers_find_no_account(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    address = f"/bank/{here.bank.id}/automatic"
    assert browser(here.made.finance).post(address, data={"switch": "ON"}).status_code == 403
    assert browser(here.made.accountant).post(address, data={"switch": "ON"}).status_code == 404
    assert browser(here.clerk).post(address).status_code == 400
    with unit_of_work() as session:
        assert queries.automatic(session, here.bank.id) is None


def test_what_is_unmatched_is_aged_on_the_page_and_saved_as_a_table(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    with unit_of_work() as session:
        banking.two_months(session, here)
    clerk, address = browser(here.clerk), f"/bank/{here.bank.id}"
    page = clerk.get(address).text
    assert "How old the unmatched items are" in page
    answer = clerk.get(f"{address}/ageing.csv")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [(each["side"], each["amount"], each["text"]) for each in rows] == [
        ("bank", "-35.00", "Account fee"),
        ("book", "-75.00", "JNL-2026-00010 Printing"),
        ("bank", "1.20", "Interest"),
    ]
    aged = clerk.get(f"/api/v1{address}/ageing", headers=a_token(clerk.application, here.clerk.person_id)).json
    assert sum(each["lines"] for each in aged["items"]) == 2
    assert sum(each["postings"] for each in aged["items"]) == 1
    for each in aged["items"]:
        narrowed = clerk.get(f"{address}/match?age={each['age']}").text
        assert ("Account fee" in narrowed) == (each["lines_sum"]["amount"] in ("-35.00", "-33.80"))
