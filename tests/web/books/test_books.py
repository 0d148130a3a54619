"""Books by screen and by API: what is sealed and waits, entries, proofs that hold apart, checkpoints, bundles, keys."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.audit.models import AuditEvent
from app.db.session import new_session
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor, Role
from app.kernel.clock import Clock
from tests.builders import journals, payments, projects, statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client
from tests.builders.sealing import KEY, proof_verifier, seal, verifier

Browser = Callable[[Actor], FlaskClient]


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    """The worked example, not yet sealed."""
    with unit_of_work() as session:
        return statements.worked_example(session)


@pytest.fixture
def sealed(made: PaymentWorld) -> PaymentWorld:
    """The worked example with everything in block 1."""
    with new_session() as session:
        seal(session)
    return made


@pytest.fixture
def browser(app: Flask) -> Browser:
    return lambda actor: signed_in_client(app, actor.person_id)


def entries_of(code: str) -> list[int]:
    """Numbers of a book's entries, first to last."""
    with unit_of_work() as session:
        query = text("select entry_id from ledger.entry join ledger.book using (book_id) where code = :code order by 1")
        return list(session.scalars(query, {"code": code}))


def handed_out(client: FlaskClient, address: str, **options: Any) -> dict[str, Any]:
    """A proof as downloaded."""
    answer = client.get(address, **options)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].startswith("attachment")
    proof: dict[str, Any] = json.loads(answer.data)
    return proof


def test_entries_wait_until_they_are_sealed(made: PaymentWorld, browser: Browser) -> None:
    page = browser(made.accountant).get("/books").text
    assert made.funder.code in page
    assert made.grantee.code not in page
    assert "Nothing is sealed yet" in page
    with new_session() as session:
        seal(session)
    page = browser(made.accountant).get("/books").text
    assert "Block 1" in page
    assert "Nothing is sealed yet" not in page


def test_the_alarm_shows_when_an_entry_waits_too_long(app: Flask, made: PaymentWorld) -> None:
    with unit_of_work() as session:
        recorded = session.scalar(text("select min(recorded_at) from ledger.entry"))
        boss = payments.someone(session, "Boss", Role.ADMINISTRATOR, made.funder)
    for minutes, late in ((9, False), (11, True)):
        app.extensions["hetao.clock"] = Clock(fixed=recorded + timedelta(minutes=minutes))
        shown = signed_in_client(app, made.accountant.person_id).get("/books").text
        assert ("Tell the people who run the server" in shown) is late
        assert ("Sealing stands still" in signed_in_client(app, boss.person_id).get("/inbox").text) is late
        assert "Sealing stands still" not in signed_in_client(app, made.accountant.person_id).get("/inbox").text
        answer = app.test_client().get("/health")
        assert answer.status_code == 200
        assert answer.json["unsealed"]["oldest_seconds"] == minutes * 60
    with new_session() as session:
        seal(session)
    assert app.test_client().get("/health").json == {"status": "ok", "unsealed": {"entries": 0, "oldest_seconds": 0}}


def test_an_entry_shows_its_lines_and_links(sealed: PaymentWorld, browser: Browser) -> None:
    last = entries_of(sealed.grantee.code)[-1]
    page = browser(sealed.finance).get(f"/books/{sealed.grantee.code}/entries/{last}").text
    for words in ("Sealed in block 1", "2026-11 / ", sealed.contract.reference, "100,000.00", "92,400.00", "Salary"):
        assert words in page
    assert "/journals/JNL-" in page


def test_an_entry_leads_to_the_other_books_entry_only_for_those_who_may_read_it(
    app: Flask, sealed: PaymentWorld, browser: Browser
) -> None:
    shared = _shared_event()
    own, other = (shared[place.code] for place in (sealed.funder, sealed.grantee))
    address = f"/books/{sealed.funder.code}/entries/{own}"
    assert f"/entries/{other}" not in browser(sealed.accountant).get(address).text
    with unit_of_work() as session:
        overseer = payments.someone(session, "Overseer", Role.OVERSEER, sealed.funder)
    assert f"/books/{sealed.grantee.code}/entries/{other}" in browser(overseer).get(address).text


def _shared_event() -> dict[str, int]:
    """Entries of one event that stands in two books, by the book's code."""
    query = text(
        "select k.code, e.entry_id from ledger.entry e join ledger.book k using (book_id) where e.event_id in"
        " (select event_id from ledger.entry group by event_id having count(distinct book_id) = 2)"
    )
    with unit_of_work() as session:
        found = dict(session.execute(query).all())
    assert len(found) == 2
    return found


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", True),
        ("account=1001", True),
        ("account=4201", False),
        ("amount=100000.00", True),
        ("amount=100000.01", False),
        ("account=4101&amount=100000.00", False),
        ("text=assistant", True),
        ("text=assistant%25", False),
        ("month=2026-10", False),
        ("first_day=2026-11-21", False),
        ("last_day=2026-11-20", True),
        ("contract=CON-2026-99999", False),
    ],
)
def test_entries_are_found_by_what_they_are(sealed: PaymentWorld, browser: Browser, query: str, found: bool) -> None:
    last = entries_of(sealed.grantee.code)[-1]
    page = browser(sealed.finance).get(f"/books/{sealed.grantee.code}/entries?{query}")
    assert page.status_code == 200
    assert (f'/entries/{last}"' in page.text) is found


def test_an_entry_is_found_by_its_voucher_number(sealed: PaymentWorld, app: Flask) -> None:
    headers, caller = a_token(app, sealed.finance.person_id), app.test_client()
    address = f"/api/v1/books/{sealed.grantee.code}/entries"
    for each in caller.get(address, headers=headers).json["items"]:
        month, number = each["entry"]["voucher"].split(" / ")
        found = caller.get(f"{address}?month={month}&voucher={number}", headers=headers).json["items"]
        assert [one["entry"]["entry_id"] for one in found] == [each["entry"]["entry_id"]]


def test_entries_are_found_by_their_contract(sealed: PaymentWorld, browser: Browser) -> None:
    last = entries_of(sealed.grantee.code)[-1]
    query = f"contract={sealed.contract.reference}"
    assert f'/entries/{last}"' in browser(sealed.finance).get(f"/books/{sealed.grantee.code}/entries?{query}").text


def test_a_filter_that_cannot_be_read_is_said_and_kept(sealed: PaymentWorld, browser: Browser) -> None:
    answer = browser(sealed.finance).get(f"/books/{sealed.grantee.code}/entries?month=March&amount=ten")
    assert answer.status_code == 400
    assert "is not a month" in answer.text
    assert 'value="March"' in answer.text


def test_the_list_leads_on_page_by_page(sealed: PaymentWorld, app: Flask) -> None:
    headers, caller = a_token(app, sealed.finance.person_id), app.test_client()
    address = f"/api/v1/books/{sealed.grantee.code}/entries?limit=1"
    seen, cursor = [], ""
    while True:
        answer = caller.get(f"{address}{cursor}", headers=headers).json
        seen += [each["entry"]["entry_id"] for each in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert seen == entries_of(sealed.grantee.code)[::-1]
    assert len(seen) > 1


def test_the_proof_of_an_entry_holds_apart(sealed: PaymentWorld, browser: Browser) -> None:
    for entry in entries_of(sealed.grantee.code):
        address = f"/books/{sealed.grantee.code}/entries/{entry}/proof"
        proof = handed_out(browser(sealed.finance), address)
        assert proof_verifier.check_proof(proof, KEY.public.hex()) == []
        assert json.loads(proof["text"])["entry"] == str(entry)


def test_the_proof_of_a_balance_holds_apart(sealed: PaymentWorld, app: Flask) -> None:
    headers, caller = a_token(app, sealed.finance.person_id), app.test_client()
    base = f"/api/v1/books/{sealed.grantee.code}"
    entry = caller.get(f"{base}/entries/{entries_of(sealed.grantee.code)[-1]}", headers=headers).json
    for line in entry["lines"]:
        proof = handed_out(caller, f"{base}/balances/{line['account_id']}/proof", headers=headers)
        assert proof_verifier.check_proof(proof, KEY.public.hex()) == []
        assert json.loads(proof["text"])["code"] == line["account"]


def test_the_proof_of_growth_holds_between_two_blocks(sealed: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        journals.cost(session, sealed, journals.hkd("10.00"))
    with new_session() as session:
        seal(session)
    proof = handed_out(browser(sealed.finance), f"/books/{sealed.grantee.code}/growth?earlier=1&later=2")
    assert proof["proves"] == "growth"
    assert proof_verifier.check_proof(proof, KEY.public.hex()) == []
    turned = browser(sealed.finance).get(f"/books/{sealed.grantee.code}/growth?earlier=2&later=1")
    assert turned.status_code == 400
    assert "The later block comes before the earlier one" in turned.text


def test_nothing_is_proved_of_what_waits(made: PaymentWorld, browser: Browser) -> None:
    last = entries_of(made.grantee.code)[-1]
    page = browser(made.finance).get(f"/books/{made.grantee.code}/entries/{last}").text
    assert "Waits to be sealed" in page
    assert "/proof" not in page
    assert browser(made.finance).get(f"/books/{made.grantee.code}/entries/{last}/proof").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "entries/{other}",
        "entries/{other}/proof",
        "entries/99999999999999999999",
        "balances/{account}/proof",
        "balances/99999999999/proof",
        "blocks/7/checkpoint",
        "blocks/99999999999999999999/checkpoint",
    ],
)
def test_what_is_not_in_the_book_is_not_found(sealed: PaymentWorld, browser: Browser, address: str) -> None:
    with unit_of_work() as session:
        query = text("select account_id from ledger.account join ledger.book using (book_id) where book.code = :code")
        account = session.scalar(query, {"code": sealed.funder.code})
    filled = address.format(other=entries_of(sealed.funder.code)[0], account=account)
    assert browser(sealed.finance).get(f"/books/{sealed.grantee.code}/{filled}").status_code == 404


@pytest.mark.parametrize("address", ["entries", "blocks", "bundle", "growth?earlier=1", "blocks/1/checkpoint"])
def test_a_foreign_book_does_not_exist(sealed: PaymentWorld, browser: Browser, address: str) -> None:
    assert browser(sealed.finance).get(f"/books/{sealed.funder.code}/{address}").status_code == 404
    with unit_of_work() as session:
        elsewhere = projects.institution(session, "Another university")
        stranger = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)
        auditor = payments.someone(session, "Au Ming", Role.AUDITOR, sealed.grantee)
    assert browser(stranger).get(f"/books/{sealed.grantee.code}/{address}").status_code == 404
    assert browser(auditor).get(f"/books/{sealed.grantee.code}/{address}").status_code == 200


def test_a_checkpoint_is_a_signed_text_under_its_name(sealed: PaymentWorld, browser: Browser) -> None:
    answer = browser(sealed.finance).get(f"/books/{sealed.grantee.code}/blocks/1/checkpoint")
    assert f"{sealed.grantee.code}-block-1.checkpoint" in answer.headers["Content-Disposition"]
    assert answer.mimetype == "text/plain"
    said, findings = proof_verifier.check_note(answer.text, KEY.public)
    assert findings == []
    assert said["block"] == "1"


def test_a_bundle_verifies_and_holds_the_reasons_only_when_asked(sealed: PaymentWorld, browser: Browser) -> None:
    client, address = browser(sealed.finance), f"/books/{sealed.grantee.code}/bundle"
    note = client.get(f"/books/{sealed.grantee.code}/blocks/1/checkpoint").text
    for query, told in (("", False), ("?reasons=true", True)):
        answer = client.get(address + query)
        assert answer.mimetype == "application/gzip"
        lines = gzip.decompress(answer.data).splitlines(keepends=True)
        assert verifier.verify(iter(lines), [("kept", note)]).findings == []
        assert any(b"Research assistant" in line for line in lines) is told
        assert ("with-reasons" in answer.headers["Content-Disposition"]) is told


def test_the_keys_are_published_to_everybody(sealed: PaymentWorld, app: Flask, browser: Browser) -> None:
    published = app.test_client().get("/.well-known/hetao-ledger-keys.json").json["keys"]
    assert [each["public_key"] for each in published] == [KEY.public.hex()]
    assert published[0]["introduced_by"] == KEY.key_id
    page = browser(sealed.finance).get("/books/keys").text
    assert KEY.public.hex()[:32] in page
    headers = a_token(app, sealed.finance.person_id)
    assert app.test_client().get("/api/v1/books/keys", headers=headers).json["items"] == published


def test_what_is_handed_out_leaves_a_trace(sealed: PaymentWorld, browser: Browser) -> None:
    client, base = browser(sealed.finance), f"/books/{sealed.grantee.code}"
    last = entries_of(sealed.grantee.code)[-1]
    for address in (f"entries/{last}/proof", "blocks/1/checkpoint", "bundle?reasons=true"):
        assert client.get(f"{base}/{address}").status_code == 200
    with unit_of_work() as session:
        query = select(AuditEvent).where(AuditEvent.verb.startswith("book.")).order_by(AuditEvent.at, AuditEvent.id)
        events = session.scalars(query).all()
    assert {each.verb for each in events} == {"book.prove", "book.checkpoint", "book.bundle"}
    assert all(each.actor_id == sealed.finance.person_id for each in events)
    assert next(each for each in events if each.verb == "book.bundle").details["reasons"] is True


def test_the_books_as_json_say_what_is_sealed(sealed: PaymentWorld, app: Flask) -> None:
    headers = a_token(app, sealed.finance.person_id)
    (book,) = app.test_client().get("/api/v1/books", headers=headers).json["items"]
    (block,) = app.test_client().get(f"/api/v1/books/{sealed.grantee.code}/blocks", headers=headers).json["items"]
    assert book["code"] == sealed.grantee.code
    assert book["last_block"] == block | {"witnesses": []}
    assert (book["sealed_entries"], book["unsealed"]["entries"], book["alarm"]) == (block["entries"], 0, False)
    one = app.test_client().get(f"/api/v1/books/{sealed.grantee.code}/blocks/1", headers=headers).json
    assert one == block
