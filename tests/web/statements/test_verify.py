"""The public page: valid, altered, superseded, unknown, by code and by file; limited for each address; nothing kept."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.cli import hetao
from app.db.unit_of_work import unit_of_work
from app.kernel.actor import Actor
from app.people.models import Person
from app.statements import checking, commands, queries, throttle
from app.statements.states import Verdict
from tests.builders import issuing, journals, signing
from tests.builders.journals import hkd
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token

Browser = Callable[[Actor], FlaskClient]


def kept(reference: str, form: str = "pdf", language: str = "en") -> bytes:
    with unit_of_work() as session:
        row = queries.by_reference(session, reference)
        assert row is not None
        files = queries.files_of(session, row.id)
        return next(each.content for each in files if each.format == form and each.language == language)


def code_of(reference: str) -> str:
    with unit_of_work() as session:
        row = queries.by_reference(session, reference)
        assert row is not None
        return row.code


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def drop(client: FlaskClient, content: bytes, name: str = "statement.pdf") -> str:
    answer = client.post("/verify", data={"code": "", "file": (io.BytesIO(content), name)})
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.fixture
def issued(made: PaymentWorld) -> str:
    """The number of an issued statement."""
    with unit_of_work() as session:
        return issuing.issued(session, made).reference


def test_every_issued_file_is_valid_without_signing_in(client: FlaskClient, issued: str) -> None:
    for form in ("pdf", "xlsx", "json"):
        for language in ("en", "zh-Hant", "zh-Hans"):
            page = drop(client, kept(issued, form, language))
            assert "<b>Valid.</b>" in page, (form, language)
            assert issued in page


@pytest.mark.parametrize("form", ["pdf", "xlsx"])
def test_one_flipped_byte_is_altered_wherever_it_is(client: FlaskClient, issued: str, form: str) -> None:
    content = kept(issued, form)
    for place in (0, len(content) // 3, len(content) // 2, len(content) - 3):
        page = drop(client, flipped(content, place))
        assert "<b>Valid.</b>" not in page
        assert "<b>Altered.</b>" in page, place


def test_no_byte_of_a_signed_pdf_can_change_unseen(issued: str) -> None:
    content = kept(issued)
    with unit_of_work() as session:
        for place in range(0, len(content), len(content) // 97):
            assert checking.by_file(session, flipped(content, place)).verdict is Verdict.ALTERED, place


def test_the_envelope_of_the_signature_cannot_change_unseen(client: FlaskClient, issued: str) -> None:
    content = kept(issued)
    page = drop(client, flipped(content, content.index(b"000000000000>") + 4))
    assert "<b>Altered.</b>" in page
    assert "The first line decides." in page


def test_a_signed_file_says_who_signed_it_and_that_it_is_a_test(client: FlaskClient, issued: str) -> None:
    page = drop(client, kept(issued))
    assert "Whole: nothing was changed since it was signed" in page
    assert "Hetao Ledger test signer" in page
    assert "by a time-stamp authority" in page
    assert page.count("Test certificate: not for filing.") == 2


def test_a_broken_signature_is_said_beside_the_verdict(client: FlaskClient, issued: str) -> None:
    page = drop(client, flipped(kept(issued), 4000))
    assert "<b>Altered.</b>" in page
    assert "Broken: the file was changed after it was signed" in page


def test_the_file_as_it_was_before_it_was_signed_is_not_the_issued_one(client: FlaskClient, issued: str) -> None:
    content = kept(issued)
    with unit_of_work() as session:
        row = queries.by_reference(session, issued)
        assert row is not None
        pdf = queries.english_pdf(session, row.id)
        before, size = pdf.unsigned_sha256, pdf.unsigned_bytes
    assert size is not None
    assert hashlib.sha256(content[:size]).digest() == before
    assert "<b>Altered.</b>" in drop(client, content[:size])


def test_a_code_tells_that_a_test_certificate_was_used(client: FlaskClient, issued: str) -> None:
    assert "Test certificate: not for filing." in client.get(f"/v/{code_of(issued)}").text


def test_the_statements_own_page_says_who_signed_its_files(made: PaymentWorld, issued: str, browser: Browser) -> None:
    page = browser(made.finance).get(f"/statements/{issued}").text
    assert "Test certificate: not for filing." in page
    assert "Each PDF is signed by Hetao Ledger test signer, time-stamped" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Check this without us"), ("zh-Hant", "不經本系統自行核實"), ("zh-Hans", "不经本系统自行核验")],
)
def test_how_to_check_without_us_is_a_file_that_stands_alone(client: FlaskClient, language: str, words: str) -> None:
    answer = client.get(f"/verify/without-us/{language}")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    for wanted in (words, "pdfsig ", "sha256sum ", "verify_ledger.py"):
        assert wanted in answer.text
    assert not re.search(r"\b(src|href)=", answer.text)


def test_there_is_no_such_file_in_other_languages(client: FlaskClient) -> None:
    assert client.get("/verify/without-us/fr").status_code == 404


def test_a_changed_figure_in_the_json_is_altered(client: FlaskClient, issued: str) -> None:
    content = kept(issued, "json").replace(b"92400.00", b"92500.00")
    assert "<b>Altered.</b>" in drop(client, content, "statement.json")


def test_a_flipped_byte_inside_the_code_itself_is_still_altered(client: FlaskClient, issued: str) -> None:
    content = kept(issued)
    place = content.index(code_of(issued).encode()) + len(issued) + 2
    assert "<b>Altered.</b>" in drop(client, flipped(content, place))


def test_a_typed_code_is_valid_and_shows_no_more_than_it_may(
    client: FlaskClient, made: PaymentWorld, issued: str
) -> None:
    page = client.post("/verify", data={"code": f" {code_of(issued).lower()} "}).text
    assert "<b>Valid.</b>" in page
    for shown in (issued, "Statement of Income and Expenditure", "Lion Ridge University", "2025-09-01", "2026-11-20"):
        assert shown in page
    for secret in ("400,000.00", "92,400.00", made.contract.reference, "Chan Ka", "Dr Zhou Yun", made.funder.name_en):
        assert secret not in page


@pytest.mark.parametrize("typed", ["STM-2026-00001", "STM-2026-00001-AAAAAA", "STM-2026-99999-AAAAAA", "' OR 1=1 --"])
def test_a_wrong_code_is_unknown_and_tells_nothing(client: FlaskClient, issued: str, typed: str) -> None:
    page = client.post("/verify", data={"code": typed}).text
    assert "<b>Unknown.</b>" in page
    assert "Lion Ridge University" not in page


def test_a_file_with_the_number_but_without_its_code_is_unknown(client: FlaskClient, issued: str) -> None:
    assert "<b>Unknown.</b>" in drop(client, f"%PDF-1.7 {issued} {issued}-".encode())


def test_drafts_and_certified_statements_are_unknown(client: FlaskClient, made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.certified(session, made)
    draft = browser(made.finance).get("/statements/STM-2026-00001/draft?language=en").data
    assert "<b>Unknown.</b>" in drop(client, draft)
    assert "<b>Unknown.</b>" in client.get("/v/STM-2026-00001-").text


def test_a_superseded_statement_names_its_successor(client: FlaskClient, made: PaymentWorld) -> None:
    with unit_of_work() as session:
        first = issuing.issued(session, made)
        newer = issuing.corrected(session, made, first).reference
        first_number = first.reference
    page = client.get(f"/v/{code_of(first_number)}").text
    assert "<b>Superseded.</b>" in page
    assert f"<b>{newer}</b>, version 2, issued on" in page
    assert "<b>Superseded.</b>" in drop(client, kept(first_number))
    assert "<b>Valid.</b>" in drop(client, kept(newer))


def test_the_auditors_report_is_known_by_its_bytes(client: FlaskClient, made: PaymentWorld) -> None:
    with unit_of_work() as session:
        issuing.audit(session, issuing.auditor(session, made), issuing.issued(session, made))
    assert "This file is the auditor" in drop(client, issuing.OPINION.content)


def test_the_square_leads_to_the_page_and_the_page_to_the_instructions(client: FlaskClient, issued: str) -> None:
    told = json.loads(kept(issued, "json"))
    assert told["verify_url"] == f"http://localhost:8000/v/{code_of(issued)}"
    assert "<b>Valid.</b>" in client.get(told["verify_url"].removeprefix("http://localhost:8000")).text
    page = client.get("/verify/without-us").text
    for wanted in ("sha256sum", "verify_ledger.py", "--checkpoint", "/.well-known/hetao-ledger-keys.json"):
        assert wanted in page


def test_nothing_that_was_dropped_is_kept(client: FlaskClient, issued: str, engine: object) -> None:
    with unit_of_work() as session:
        before = session.execute(text("select count(*) from statement_file")).scalar_one()
        documents = session.execute(text("select count(*) from document")).scalar_one()
    drop(client, b"something of somebody else's")
    with unit_of_work() as session:
        assert session.execute(text("select count(*) from statement_file")).scalar_one() == before
        assert session.execute(text("select count(*) from document")).scalar_one() == documents
        assert session.execute(text("select count(*) from verify_attempt where not found")).scalar_one() == 1


def test_guessing_is_slowed_down_and_other_addresses_go_on(
    client: FlaskClient, issued: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "MOST_MISSES", 3)
    for _guess in range(3):
        assert client.post("/verify", data={"code": "STM-2026-00001-AAAAAA"}).status_code == 200
    answer = client.post("/verify", data={"code": code_of(issued)})
    assert answer.status_code == 429
    assert "There were too many tries." in answer.text
    assert "<b>Valid.</b>" not in answer.text
    elsewhere = client.post("/verify", data={"code": code_of(issued)}, environ_base={"REMOTE_ADDR": "192.0.2.9"})
    assert "<b>Valid.</b>" in elsewhere.text


def test_an_empty_form_asks_for_one_of_the_two(client: FlaskClient) -> None:
    answer = client.post("/verify", data={"code": ""})
    assert answer.status_code == 400
    assert "There is nothing to check yet." in answer.text


def test_the_page_has_all_three_languages(client: FlaskClient) -> None:
    for language, words in (("zh-HK", "核實報表"), ("zh-CN", "核验报表")):
        assert words in client.get("/verify", headers={"Accept-Language": language}).text


# By command and by API


def test_the_command_issues_and_verifies(made: PaymentWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(commands, "settings", lambda: signing.known_at(tmp_path))
    with unit_of_work() as session:
        row = issuing.certified(session, made)
        email = session.get_one(Person, made.finance.person_id).email
        number = row.reference
    runner = CliRunner()
    done = runner.invoke(hetao, ["report", "issue", number, "--as", email, "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["status"] == "ISSUED"
    file = tmp_path / "statement.pdf"
    file.write_bytes(kept(number))
    assert hashlib.sha256(file.read_bytes()).hexdigest() in told["files"].values()
    good = runner.invoke(hetao, ["report", "verify", str(file), "--json"])
    assert (good.exit_code, json.loads(good.stdout)["verdict"]) == (0, "VALID")
    (signature,) = json.loads(good.stdout)["signatures"]
    assert (signature["state"], signature["stamped"], signature["test"]) == ("GOOD", True, True)
    assert "issued with a test certificate" in runner.invoke(hetao, ["report", "verify", str(file)]).output
    file.write_bytes(flipped(kept(number), 4000))
    bad = runner.invoke(hetao, ["report", "verify", str(file), "--json"])
    assert (bad.exit_code, json.loads(bad.stdout)["verdict"]) == (1, "ALTERED")
    assert [each["state"] for each in json.loads(bad.stdout)["signatures"]] == ["BROKEN"]


def test_the_api_goes_the_whole_way(app: Flask, made: PaymentWorld) -> None:
    with unit_of_work() as session:
        owed = issuing.obligation(session, made).id
        auditor = issuing.auditor(session, made)
    caller = app.test_client()
    people = {
        name: a_token(app, actor.person_id)
        for name, actor in (
            ("finance", made.finance), ("leader", made.leader), ("head", made.other_finance),
            ("auditor", auditor), ("officer", made.checker),
        )
    }  # fmt: skip
    body = {
        "contract": made.contract.reference,
        "report": "income-and-expenditure",
        "first_day": "2025-09-01",
        "last_day": "2026-03-31",
        "obligation_id": str(owed),
    }
    answer = caller.post("/api/v1/statements", json=body, headers=people["finance"])
    assert answer.status_code == 201, answer.text
    at = f"/api/v1/statements/{answer.json['reference']}"

    def step(who: str, verb: str, **more: str) -> dict[str, object]:
        sent = {"version": caller.get(at, headers=people["finance"]).json["version"], **more}
        told = caller.post(f"{at}/{verb}", json=sent, headers=people[who])
        assert told.status_code < 300, told.text
        return dict(told.json)

    step("finance", "prepare-again")
    step("finance", "certify", capacity="PREPARED")
    step("leader", "certify", capacity="USE_OF_FUNDS")
    step("head", "certify", capacity="HEAD", post="Vice-President")
    assert step("finance", "issue")["status"] == "ISSUED"
    shown = caller.get(at, headers=people["auditor"]).json
    assert len(shown["files"]) == 9
    sent = {
        "version": str(shown["version"]),
        "engagement": "REVIEW",
        "file": (io.BytesIO(issuing.OPINION.content), "signed.pdf"),
    }
    bound = caller.post(f"{at}/audit", data=sent, headers=people["auditor"])
    assert (bound.status_code, bound.json["status"]) == (200, "AUDITED"), bound.text
    step("finance", "file")
    step("officer", "return", reason="Which month?")
    step("finance", "file")
    assert step("officer", "accept")["status"] == "ACCEPTED"
    file = shown["files"][0]
    content = caller.get(f"{at}/files/{file['id']}", headers=people["officer"]).data
    assert hashlib.sha256(content).hexdigest() == file["sha256"]
    checked = caller.post(
        "/api/v1/statements/check", data={"file": (io.BytesIO(content), "it.pdf")}, headers=people["officer"]
    )
    assert checked.json["verdict"] == "VALID", checked.text
    newer = step("finance", "correct", reason="A late receipt")
    assert (newer["edition"], newer["supersedes"]) == (2, shown["reference"])
    gone = caller.post(
        f"/api/v1/statements/{newer['reference']}/withdraw",
        json={"version": newer["version"], "reason": "Not needed"},
        headers=people["finance"],
    )
    assert gone.json["status"] == "WITHDRAWN"


def test_changed_figures_are_said_on_the_page_with_the_cure(made: PaymentWorld, browser: Browser) -> None:
    with unit_of_work() as session:
        issuing.prepared(session, made)
        journals.cost(session, made, hkd("50.00"))
    client = browser(made.finance)
    page = client.get("/statements/STM-2026-00001").text
    assert "The figures have changed since this statement was prepared." in page
    assert re.search(r'action="/statements/STM-2026-00001/prepare-again"', page)
    assert "Your certificate" not in page
