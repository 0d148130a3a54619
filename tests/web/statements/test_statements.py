"""Statements by screen: the whole life by those concerned, what each sees, lists, files."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient

from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.statements import queries
from app.statements.models import Statement
from tests.builders import issuing
from tests.builders.payments import PaymentWorld

Browser = Callable[[Actor], FlaskClient]
ONE = "/statements/STM-2026-00001"


def version(number: str = "STM-2026-00001") -> str:
    with unit_of_work() as session:
        found = queries.by_reference(session, number)
        assert found is not None
        return str(found.version)


def status(number: str = "STM-2026-00001") -> str:
    with unit_of_work() as session:
        found = queries.by_reference(session, number)
        assert found is not None
        return found.status


def test_the_whole_life_by_screen(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        owed = issuing.obligation(session, made).id
        auditor = issuing.auditor(session, made)
    finance, leader, head = browser(made.finance), browser(made.leader), browser(made.other_finance)
    first = finance.get("/statements/new").text
    assert made.contract.reference in first
    assert "Answers the obligation" in finance.get(f"/statements/new?contract={made.contract.reference}").text
    typed = {
        "contract": made.contract.reference,
        "report": "income-and-expenditure",
        "first_day": "2025-09-01",
        "last_day": "2026-03-31",
        "obligation_id": str(owed),
    }
    answer = finance.post("/statements/new", data=typed)
    assert (answer.status_code, answer.location) == (303, ONE), answer.text
    for client, capacity, post in (
        (finance, "PREPARED", ""),
        (leader, "USE_OF_FUNDS", ""),
        (head, "HEAD", "Vice-President"),
    ):
        assert f'value="{capacity}"' in client.get(ONE).text
        sent = {"version": version(), "capacity": capacity, "post": post}
        assert client.post(f"{ONE}/certify", data=sent).status_code == 303
    assert status() == "CERTIFIED"
    assert finance.post(f"{ONE}/issue", data={"version": version()}).status_code == 303
    opinion = {
        "version": version(),
        "engagement": "HKSA_800",
        "file": (io.BytesIO(issuing.OPINION.content), "signed.pdf"),
    }
    assert "Your signed report" in browser(auditor).get(ONE).text
    assert browser(auditor).post(f"{ONE}/audit", data=opinion).status_code == 303
    assert finance.post(f"{ONE}/file", data={"version": version()}).status_code == 303
    officer = browser(made.checker)
    assert "Accept the statement" in officer.get(ONE).text
    returned = officer.post(f"{ONE}/return", data={"version": version(), "reason": "Note 3 is unclear"})
    assert returned.status_code == 303
    assert "Note 3 is unclear" in finance.get(ONE).text
    assert finance.post(f"{ONE}/file", data={"version": version()}).status_code == 303
    assert officer.post(f"{ONE}/accept", data={"version": version()}).status_code == 303
    assert status() == "ACCEPTED"
    assert "Nothing more: the funder has accepted it." in finance.get(ONE).text


def test_a_file_is_given_as_it_was_issued_to_the_last_byte(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.issued(session, made)
        auditor = issuing.auditor(session, made)
    client = browser(auditor)
    page = client.get(ONE).text
    links = re.findall(rf'href="({ONE}/files/[^"]+)"', page)
    shown = re.findall(r'hex"[^>]*><span class="mono">([0-9a-f]{32}<wbr>[0-9a-f]{32})</span>', page)
    digests = [found.replace("<wbr>", "") for found in shown]
    assert len(links) == 9
    assert [hashlib.sha256(client.get(link).data).hexdigest() for link in links] == digests
    assert client.get(links[0]).data == client.get(links[0]).data


def test_a_draft_is_seen_by_its_own_institution_only(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.prepared(session, made)
        auditor = issuing.auditor(session, made)
    assert browser(made.leader).get(ONE).status_code == 200
    for other in (auditor, made.maker):
        assert browser(other).get(ONE).status_code == 404
        assert "STM-2026-00001" not in browser(other).get("/statements").text


def test_a_draft_file_says_so_on_every_page(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.prepared(session, made)
    answer = browser(made.finance).get(f"{ONE}/draft?language=en&format=pdf")
    assert answer.status_code == 200
    assert answer.data.startswith(b"%PDF")
    assert "DRAFT-STM-2026-00001" in answer.headers["Content-Disposition"]
    sheet = browser(made.finance).get(f"{ONE}/draft?language=en&format=json")
    assert sheet.json["status"] == "DRAFT"
    assert sheet.json["verify_url"] is None


def test_a_refused_certificate_is_said_in_words(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        row = issuing.prepared(session, made)
        issuing.certify_all(session, made, row)
        row2 = issuing.prepared(session, made, report="fund-position")
        issuing.certify(session, made.finance, row2, issuing.Capacity.PREPARED)
    again = {"version": version("STM-2026-00002"), "capacity": "HEAD", "post": "Dean"}
    answer = browser(made.finance).post("/statements/STM-2026-00002/certify", data=again)
    assert answer.status_code == 403
    assert "The other certificates are given by other people." in answer.text
    assert status("STM-2026-00002") == "DRAFT"


def test_the_list_is_narrowed_by_text_status_and_report(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.issued(session, made)
        issuing.prepared(session, made, report="fund-position")
    client = browser(made.finance)
    assert "STM-2026-00001" in client.get("/statements").text
    page = client.get("/statements?status=DRAFT").text
    assert "STM-2026-00002" in page
    assert "STM-2026-00001" not in page
    assert "STM-2026-00002" not in client.get("/statements?report=income-and-expenditure").text
    assert "No statements in this view" in client.get("/statements?text=nothing").text
    assert client.get("/statements?sort=-period&limit=1").text.count("/statements/STM-") == 1


def test_what_waits_stands_in_the_inbox_of_whoever_must_act(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.prepared(session, made)
    assert "Statements to certify" in browser(made.finance).get("/inbox").text
    assert "Statements to certify" not in browser(made.leader).get("/inbox").text
    with unit_of_work() as session:
        row = session.merge(queries.by_reference(session, "STM-2026-00001"))
        assert isinstance(row, Statement)
        issuing.certify(session, made.finance, row, issuing.Capacity.PREPARED)
    assert "Statements to certify" in browser(made.leader).get("/inbox").text
    assert "Statements to certify" not in browser(made.finance).get("/inbox").text


def test_two_clicks_issue_once(app: Flask, made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.certified(session, made)
    client = browser(made.finance)
    sent = {"version": version(), "idempotency_key": "a" * 32}
    assert client.post(f"{ONE}/issue", data=sent).status_code == 303
    assert client.post(f"{ONE}/issue", data=sent).status_code == 303
    late = client.post(f"{ONE}/issue", data={"version": sent["version"]})
    assert late.status_code == 409
    with unit_of_work() as session:
        found = queries.by_reference(session, "STM-2026-00001")
        assert found is not None
        assert len(queries.files_of(session, found.id)) == 9
