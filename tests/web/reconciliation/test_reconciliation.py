"""Reconciliation by screen and API: from a bank's file to an approved month; what is wrong is refused, not kept."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from tests.builders import bank_notices, banking
from tests.builders.banking import SEPTEMBER, BankWorld, line
from tests.builders.people import a_token, signed_in_client

TABLE = "Date,Amount,Details\n2026-09-03,1000.00,DSB-2026-00042\n2026-09-21,-250.00,JNL-2026-00007\n"
LAYOUT = {
    "currency": "HKD",
    "first_day": "2026-09-01",
    "last_day": "2026-09-30",
    "opening": "0.00",
    "closing": "750.00",
    "booked_on": "Date",
    "amount": "Amount",
    "text": "Details",
}


@pytest.fixture
def bare(app: Flask) -> BankWorld:
    with unit_of_work() as session:
        return banking.world(session)


@pytest.fixture
def here(bare: BankWorld) -> BankWorld:
    made = bare
    with unit_of_work() as session:
        banking.moved(session, made, "1000.00", date(2026, 9, 3), "DSB-2026-00042 received")
        banking.moved(session, made, "-250.00", date(2026, 9, 20), "JNL-2026-00007 Reagents")
        return made


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def sent(content: bytes, name: str = "statement.xml", **fields: str) -> dict[str, object]:
    return {"currency": "HKD", **fields, "file": (io.BytesIO(content), name)}


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def test_from_a_file_of_the_bank_to_an_approved_month(here: BankWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    clerk, second, address = browser(here.clerk), browser(here.second), f"/bank/{here.bank.id}"
    assert here.bank.masked_number in clerk.get("/bank").text
    answer = clerk.post(f"{address}/bring", data=sent(banking.camt(here.bank.number, *banking.SOUND)))
    assert answer.status_code == 303, answer.text
    preview = clerk.get(answer.location)
    assert "DSB-2026-00042" in preview.text
    assert "BST-" not in clerk.get(address).text
    assert clerk.post(f"{answer.location}/take", data={"version": version(preview.text)}).status_code == 303
    assert re.search(r"BST-2026-\d+", clerk.get(address).text)
    assert "Match 2 that agree by reference" in clerk.get(f"{address}/match").text
    assert clerk.post(f"{address}/match-certain").status_code == 303
    month = f"{address}/months/2026-09"
    assert "Prepare for approval" in clerk.get(month).text
    assert clerk.post(f"{month}/prepare", data={"note": ""}).status_code == 303
    assert "Approve the month" not in clerk.get(month).text
    own = clerk.post(f"{month}/approve", data={"version": "1"})
    assert own.status_code == 403
    page = second.get(month).text
    assert second.post(f"{month}/approve", data={"version": version(page)}).status_code == 303
    assert "Reconciled and approved" in second.get(month).text
    saved = clerk.get(f"{answer.location}/original")
    assert (saved.status_code, saved.data) == (200, banking.camt(here.bank.number, *banking.SOUND))


def test_the_same_file_again_takes_nothing_twice(here: BankWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    clerk, address = browser(here.clerk), f"/bank/{here.bank.id}"
    content = banking.camt(here.bank.number, *banking.SOUND)
    first = clerk.post(f"{address}/bring", data=sent(content))
    clerk.post(f"{first.location}/take", data={"version": "1"})
    again = clerk.post(f"{address}/bring", data=sent(content, "renamed.xml"))
    assert again.location == first.location
    assert clerk.post(f"{first.location}/take", data={"version": "2"}).status_code == 409
    changed = content.replace(b"<MsgId>M1", b"<MsgId>M2")
    doubled = clerk.post(f"{address}/bring", data=sent(changed))
    assert doubled.status_code == 422
    assert re.search(r"covers .+ to .+ already", doubled.text)


def test_a_wrong_file_is_refused_and_nothing_is_written(
    here: BankWorld, browser: Callable[[Actor], FlaskClient], database_digest: Callable[[], str]
) -> None:
    clerk, address, before = browser(here.clerk), f"/bank/{here.bank.id}/bring", database_digest()
    number = here.bank.number
    bomb = "<!DOCTYPE d [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>"
    wrong = {
        "definitions that make it grow": banking.camt(number, head=bomb),
        "a difference of": banking.camt(number, *banking.SOUND, closing="750.01"),
        "at most two decimals": banking.camt(number, banking.entry("1.005", "2026-09-03"), closing="1.00"),
        "is in CNY": banking.camt(number, currency="CNY"),
        "is of account": banking.camt("999999999999", *banking.SOUND),
        "outside the statement": banking.camt(number, banking.entry("750.00", "2026-10-03")),
        "not a bank statement": b"<a/>",
    }
    for words, content in wrong.items():
        answer = clerk.post(address, data=sent(content))
        assert answer.status_code in (400, 422), words
        assert words in answer.text, words
        assert 'href="#' in answer.text, words
    assert database_digest() == before


def test_a_table_needs_its_layout_and_keeps_it_for_the_next(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    clerk, address = browser(here.clerk), f"/bank/{here.bank.id}/bring"
    bare = clerk.post(address, data=sent(TABLE.encode(), "september.csv"))
    assert bare.status_code == 400
    assert "A table does not say this by itself." in bare.text
    answer = clerk.post(address, data=sent(TABLE.encode(), "september.csv", **LAYOUT))
    assert answer.status_code == 303, answer.text
    assert clerk.post(f"{answer.location}/take", data={"version": "1"}).status_code == 303
    assert 'value="Details"' in clerk.get(address).text


def test_a_statement_is_typed_and_what_is_wrong_stays_on_the_page(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    clerk, address = browser(here.clerk), f"/bank/{here.bank.id}/enter"
    typed = {
        "currency": "HKD", "first_day": "2026-09-01", "last_day": "2026-09-30", "opening": "0.00", "closing": "999.00",
        "lines-0-booked_on": "2026-09-03", "lines-0-amount": "1000.00", "lines-0-text": "Grant",
    }  # fmt: skip
    wrong = clerk.post(address, data=typed)
    assert wrong.status_code == 422
    assert "a difference of" in wrong.text
    assert 'value="Grant"' in wrong.text
    right = clerk.post(address, data=typed | {"closing": "1000.00"})
    assert right.status_code == 303
    page = clerk.get(right.location).text
    assert "Grant" in page
    withdrawn = clerk.post(f"{right.location}/withdraw", data={"version": version(page), "reason": "Mistyped"})
    assert withdrawn.status_code == 303
    assert "Mistyped" in clerk.get(right.location).text


def test_matching_by_ticks_refuses_a_difference_and_is_undone(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    clerk, address = browser(here.clerk), f"/bank/{here.bank.id}/match"
    with unit_of_work() as session:
        banking.typed(session, here, SEPTEMBER, "0.00", "1000.00", line("1000.00", date(2026, 9, 3), "Grant"))
    page = clerk.get(address).text
    ticks = re.findall(r'type="checkbox" name="(lines|postings)" value="([^"]+)"', page)
    bank_line = next(value for name, value in ticks if name == "lines")
    received, paid = (value for name, value in ticks if name == "postings")
    wrong = clerk.post(address, data={"lines": bank_line, "postings": paid})
    assert wrong.status_code == 422
    assert "a difference of" in wrong.text
    assert f'value="{paid}" aria-label' in wrong.text
    assert clerk.post(address, data={"lines": bank_line, "postings": received}).status_code == 303
    undo = re.search(r'action="([^"]+/undo)"', clerk.get(address).text)
    assert undo
    assert clerk.post(undo[1]).status_code == 303
    assert bank_line in clerk.get(address).text


def test_accounts_of_others_do_not_exist_and_readers_may_not_match(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    stranger, reader, address = browser(here.made.accountant), browser(here.made.finance), f"/bank/{here.bank.id}"
    for path in ("", "/match", "/enter", "/bring", "/months/2026-09"):
        assert stranger.get(f"{address}{path}").status_code == 404, path
    assert stranger.post(f"{address}/match-certain").status_code == 404
    assert reader.get(address).status_code == 200
    assert reader.post(f"{address}/match-certain").status_code == 403
    assert browser(here.made.leader).get(address).status_code == 403


def test_reconciliation_through_the_api(app: Flask, here: BankWorld) -> None:
    client, address = app.test_client(), f"/api/v1/bank/{here.bank.id}"

    def headers(actor: Actor, key: str) -> dict[str, str]:
        return a_token(app, actor.person_id) | {"Idempotency-Key": key}

    brought = client.post(
        f"{address}/files",
        data=sent(banking.camt(here.bank.number, *banking.SOUND)),
        headers=headers(here.clerk, "file-0001"),
    )
    assert brought.status_code == 201, brought.text
    file = f"{address}/files/{brought.json['id']}"
    preview = client.get(file, headers=headers(here.clerk, "none"))
    assert preview.json["statements"][0]["closing"] == {"amount": "750.00", "currency": "HKD"}
    body = {"version": brought.json["version"]}
    assert client.post(f"{file}/take", json=body, headers=headers(here.clerk, "take-0001")).json["status"] == "TAKEN"
    seen = client.get(f"{address}/open", headers=headers(here.clerk, "none")).json
    assert [each["basis"] for each in seen["suggestions"]] == ["REFERENCE", "REFERENCE"]
    chosen = {name: seen["suggestions"][0][name] for name in ("lines", "postings")}
    made = client.post(f"{address}/matches", json=chosen, headers=headers(here.clerk, "match-001"))
    assert made.status_code == 201, made.text
    rest = client.post(f"{address}/match-certain", json={}, headers=headers(here.clerk, "match-002"))
    assert len(rest.json["matches"]) == 1, rest.text
    month = f"{address}/months/2026-09"
    prepared = client.post(f"{month}/prepare", json={"note": ""}, headers=headers(here.clerk, "month-001"))
    assert prepared.status_code == 201, prepared.text
    version_of = {"version": prepared.json["version"]}
    approved = client.post(f"{month}/approve", json=version_of, headers=headers(here.second, "month-002"))
    assert approved.json["status"] == "APPROVED", approved.text
    figures = client.get(month, headers=headers(here.second, "none")).json
    assert figures["bank"] == figures["book"] == {"amount": "750.00", "currency": "HKD"}
    listed = client.get(f"{address}/statements", headers=headers(here.second, "none")).json["items"]
    assert len(listed[0]["lines"]) == 2


def test_the_closing_check_lists_what_is_not_reconciled(
    bare: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    here = bare
    with unit_of_work() as session:
        banking.two_months(session, here)
    page = browser(here.clerk).get(f"/periods/{here.place.code}/months/2026-10").text
    assert re.search(r"Bank lines without a posting: 2 \(", page)
    assert 'href="/bank"' in page
    assert (
        "Accounts reconciled and approved: 1"
        in browser(here.clerk).get(f"/periods/{here.place.code}/months/2026-09").text
    )


def test_a_notification_is_looked_at_kept_and_watched_on_the_page_of_its_account(
    here: BankWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    clerk, address = browser(here.clerk), f"/bank/{here.bank.id}"
    told = bank_notices.entry("80.00", "2026-11-19", bank_notices.part("DSB-2026-00042"), reference="BR8")
    answer = clerk.post(f"{address}/bring", data=sent(bank_notices.camt054(here.bank.number, told), "notice.xml"))
    assert answer.status_code == 303, answer.text
    preview = clerk.get(answer.location)
    assert "DSB-2026-00042" in preview.text
    taken = clerk.post(f"{answer.location}/take", data={"version": version(preview.text)})
    assert taken.status_code == 303, taken.text
    page = clerk.get(address).text
    assert "on no statement yet" in page
    assert "BR8" in page
    assert "No statements yet" in page
