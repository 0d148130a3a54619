"""Reports by screen, as files, by API and by command: for those in scope, with the same figures everywhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEvent
from app.cli import main
from app.db.unit_of_work import unit_of_work
from app.institutions.models import Institution
from app.kernel.actor import Actor, Role
from app.projects.models import Project
from reports.catalogue import REPORTS
from tests.builders import payments, projects, statements
from tests.builders.payments import PaymentWorld
from tests.builders.people import a_token, signed_in_client

SPAN = "first_day=2025-09-01&last_day=2026-11-30"


@pytest.fixture
def made(app: Flask) -> PaymentWorld:
    with unit_of_work() as session:
        return statements.worked_example(session)


@pytest.fixture
def browser(app: Flask) -> Callable[[Actor], FlaskClient]:
    return lambda actor: signed_in_client(app, actor.person_id)


def subject(made: PaymentWorld, name: str) -> str:
    """The part of the query that says what a report is about, as the grantee asks."""
    if REPORTS[name].about_project:
        return f"project={project_reference(made)}"
    return f"contract={made.contract.reference}" if REPORTS[name].about_contract else f"book={made.grantee.code}"


def project_reference(made: PaymentWorld) -> str:
    """The reference of the world's project."""
    with unit_of_work() as session:
        return session.get_one(Project, made.contract.project_id).reference


def test_catalogue_lists_every_report(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    client = browser(made.finance)
    page = client.get("/reports").text
    for kind in REPORTS.values():
        assert kind.title in page
        form = client.get(f"/reports/{kind.name}")
        assert form.status_code == 200
        wanted = subject(made, kind.name).partition("=")[2]
        assert f'value="{wanted}"' in form.text


@pytest.mark.parametrize("name", list(REPORTS))
def test_report_is_shown_on_the_screen(made: PaymentWorld, browser: Callable[[Actor], FlaskClient], name: str) -> None:
    answer = browser(made.finance).get(f"/reports/{name}?{subject(made, name)}&{SPAN}")
    assert answer.status_code == 200
    assert REPORTS[name].title in answer.text
    assert "SHA-256" in answer.text


def test_statement_a_on_the_screen_has_the_worked_example(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    page = browser(made.leader).get(f"/reports/income-and-expenditure?{subject(made, 'income-and-expenditure')}&{SPAN}")
    for words in ("400,000.00", "138.75", "92,400.00", "(432.28)", "307,028.97", "not yet due; retained", "Cash basis"):
        assert words in page.text


def test_days_the_wrong_way_round_are_refused_beside_the_field(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    path = f"/reports/fund-position?contract={made.contract.reference}&first_day=2026-11-30&last_day=2025-09-01"
    answer = browser(made.finance).get(path)
    assert answer.status_code == 400
    assert 'value="2026-11-30"' in answer.text
    assert "SHA-256" not in answer.text


def test_unknown_report_is_not_found(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    assert browser(made.finance).get("/reports/profit").status_code == 404


FILES = [
    ("pdf", "application/pdf", b"%PDF-"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ("csv", "text/csv", b"\xef\xbb\xbf"),
    ("json", "application/json", b"{"),
]


@pytest.mark.parametrize(("form", "media_type", "start"), FILES)
def test_file_is_downloaded_under_its_name(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient], form: str, media_type: str, start: bytes
) -> None:
    path = f"/reports/income-and-expenditure/file?contract={made.contract.reference}&{SPAN}"
    answer = browser(made.finance).get(f"{path}&language=zh-Hant&format={form}")
    assert answer.status_code == 200
    assert answer.mimetype == media_type
    assert answer.data.startswith(start)
    name = f"SIE-{made.contract.reference}-20261130-income-and-expenditure-zh-Hant.{form}"
    assert f'attachment; filename="{name}"' in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_building_leaves_a_trace_with_the_digest(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    path = f"/reports/income-and-expenditure/file?contract={made.contract.reference}&{SPAN}&format=json"
    digest = json.loads(browser(made.finance).get(path).data)["digest"]
    with unit_of_work() as session:
        (event,) = session.scalars(select(AuditEvent).where(AuditEvent.verb == "report.build"))
    assert event.details["digest"] == digest
    assert event.actor_id == made.finance.person_id


def test_stranger_finds_neither_contract_nor_book(
    app: Flask, made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    with unit_of_work() as session:
        elsewhere = projects.institution(session, "Another university")
        stranger = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)
    client, token = browser(stranger), a_token(app, stranger.person_id)
    for query in (f"fund-position?contract={made.contract.reference}", f"trial-balance?book={made.grantee.code}"):
        assert client.get(f"/reports/{query}&{SPAN}").status_code == 404
        name, asked = query.split("?")
        assert client.get(f"/reports/{name}/file?{asked}&{SPAN}").status_code == 404
        assert app.test_client().get(f"/api/v1/reports/{query}&{SPAN}", headers=token).status_code == 404


def test_funder_reads_the_contracts_statement_but_not_the_grantees_book(
    made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    client = browser(made.maker)
    assert client.get(f"/reports/fund-position?contract={made.contract.reference}&{SPAN}").status_code == 200
    assert client.get(f"/reports/trial-balance?book={made.grantee.code}&{SPAN}").status_code == 404
    assert client.get(f"/reports/trial-balance?book={made.funder.code}&{SPAN}").status_code == 200


OVERVIEW = "project-overview"
LEFT_OUT = "Contracts of the project outside the reader"


def of_another_funder(session: Session, made: PaymentWorld) -> Institution:
    """A second contract of the world's project, between two institutions of which nobody else is part."""
    funder = projects.institution(session, "Harbour Research Trust")
    grantee = projects.institution(session, "Harbour University")
    pocket = payments.filled_pocket(session, funder, made.maker, made.currency)
    project = session.get_one(Project, made.contract.project_id)
    people = [made.maker, made.checker]
    payments.contract_in(session, project, funder, grantee, people, made.programme, pocket, "500000.00")
    return funder


def test_project_report_holds_the_contracts_in_scope_and_says_that_others_are_left_out(
    app: Flask, made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    path = f"/reports/{OVERVIEW}?{subject(made, OVERVIEW)}&{SPAN}"
    assert LEFT_OUT not in browser(made.finance).get(path).text
    with unit_of_work() as session:
        funder = of_another_funder(session, made)
        officer = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, funder)
    ours, theirs = browser(made.finance).get(path), browser(officer).get(path)
    assert (ours.status_code, theirs.status_code) == (200, 200)
    assert made.contract.reference in ours.text
    assert made.contract.reference not in theirs.text
    assert LEFT_OUT in ours.text
    assert LEFT_OUT in theirs.text


def test_stranger_finds_no_project(app: Flask, made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    with unit_of_work() as session:
        elsewhere = projects.institution(session, "Another university")
        stranger = payments.someone(session, "Sun Ping", Role.FINANCE_OFFICER, elsewhere)
    query = f"{OVERVIEW}?{subject(made, OVERVIEW)}&{SPAN}"
    assert browser(stranger).get(f"/reports/{query}").status_code == 404
    token = a_token(app, stranger.person_id)
    assert app.test_client().get(f"/api/v1/reports/{query}", headers=token).status_code == 404


def test_final_account_is_written_in_simplified_chinese_unless_told_otherwise(app: Flask, made: PaymentWorld) -> None:
    api, headers = app.test_client(), a_token(app, made.finance.person_id)
    path = f"/api/v1/reports/final-account?{subject(made, 'final-account')}&{SPAN}&format=json"
    assert api.get(path, headers=headers).json["language"] == "zh-Hans-CN"
    assert api.get(f"{path}&language=en", headers=headers).json["language"] == "en-HK"


def test_statement_in_thousands_has_the_digest_of_the_exact_one_and_only_a_b_and_c_have_it(
    app: Flask, made: PaymentWorld, browser: Callable[[Actor], FlaskClient]
) -> None:
    api, headers = app.test_client(), a_token(app, made.finance.person_id)
    asked = f"contract={made.contract.reference}&{SPAN}&format=json"
    exact = api.get(f"/api/v1/reports/fund-position?{asked}", headers=headers).json
    rounded = api.get(f"/api/v1/reports/fund-position?{asked}&in_thousands=true", headers=headers).json
    assert rounded["digest"] == exact["digest"]
    assert rounded["document_id"] == f"{exact['document_id']}-K"
    refused = api.get(f"/api/v1/reports/final-account?{asked}&in_thousands=true", headers=headers)
    assert refused.status_code == 400
    assert "report.not-in-thousands" in refused.text
    page = browser(made.finance).get(f"/reports/fund-position?{asked}&in_thousands=true").text
    assert ">307<" in page
    assert "307,028.97" not in page


def test_whitelist_officer_has_no_reports(made: PaymentWorld, browser: Callable[[Actor], FlaskClient]) -> None:
    with unit_of_work() as session:
        officer = payments.someone(session, "Yip Man", Role.WHITELIST_OFFICER, made.funder)
    assert browser(officer).get("/reports").status_code == 403


def test_reports_through_the_api(app: Flask, made: PaymentWorld) -> None:
    api, headers = app.test_client(), a_token(app, made.finance.person_id)
    names = [row["name"] for row in api.get("/api/v1/reports", headers=headers).json["items"]]
    assert names == list(REPORTS)
    path = f"/api/v1/reports/income-and-expenditure?contract={made.contract.reference}&{SPAN}"
    answer = api.get(f"{path}&format=json", headers=headers)
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert api.get(f"{path}&format=docx", headers=headers).status_code == 400
    missing = api.get(f"/api/v1/reports/income-and-expenditure?{SPAN}", headers=headers)
    assert missing.status_code == 400
    assert "report.contract-missing" in missing.text


# the command


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended and what it said on both outputs."""

    status: int
    said: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The `hetao` command against the test database."""

    def command(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["hetao", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        spoken = capsys.readouterr()
        return Done(int(ended.value.code or 0), spoken.out + spoken.err)

    return command


def test_command_lists_reports_and_contracts(run: Callable[..., Done], made: PaymentWorld) -> None:
    listed = json.loads(run("report", "list", "--json").said)
    assert [row["name"] for row in listed] == list(REPORTS)
    contracts = json.loads(run("report", "--list-contracts", "--json").said)
    assert contracts == [
        {
            "reference": made.contract.reference,
            "status": "ACTIVE",
            "funding_mode": "LUMP_SUM",
            "currency": "CNY",
            "grantee": made.grantee.code,
            "first_day": "2025-09-01",
            "last_day": "2027-08-31",
        }
    ]


@pytest.mark.parametrize("form", ["pdf", "xlsx", "csv", "json"])
def test_command_writes_statement_a(run: Callable[..., Done], made: PaymentWorld, tmp_path: Path, form: str) -> None:
    target = tmp_path / f"statement.{form}"
    done = run(
        *("report", "build", "income-and-expenditure", "--contract", made.contract.reference, "--from", "2025-09-01"),
        *("--to", "2026-11-30", "--lang", "zh-Hans", "--format", form, "--out", str(target)),
    )
    assert done.status == 0, done.said
    assert target.stat().st_size > 500
    assert f"SIE-{made.contract.reference}-20261130" in done.said


def test_command_writes_the_report_of_a_project(run: Callable[..., Done], made: PaymentWorld, tmp_path: Path) -> None:
    target = tmp_path / "project.json"
    days = ("--from", "2025-09-01", "--to", "2026-11-30", "--format", "json", "--out", str(target))
    done = run("report", "build", OVERVIEW, "--project", project_reference(made), *days)
    assert done.status == 0, done.said
    assert json.loads(target.read_text())["report"] == OVERVIEW
    missing = run("report", "build", OVERVIEW, "--contract", made.contract.reference, *days)
    assert "needs --project" in missing.said


def test_command_writes_the_trial_balance_of_a_book(
    run: Callable[..., Done], made: PaymentWorld, tmp_path: Path
) -> None:
    target = tmp_path / "trial.json"
    days = ("--from", "2025-09-01", "--to", "2026-11-30")
    book = ("--book", made.grantee.code)
    done = run("report", "build", "trial-balance", *book, *days, "--format", "json", "--out", str(target))
    assert done.status == 0, done.said
    assert json.loads(target.read_text())["report"] == "trial-balance"


WRONG = [
    (("--contract", "CTR-1999-00001"), "there is no contract"),
    ((), "needs --contract"),
    (("--contract", "CTR-1999-00001", "--lang", "fr"), "Invalid value"),
]


@pytest.mark.parametrize(("arguments", "said"), WRONG)
def test_command_fails_with_words(
    run: Callable[..., Done], made: PaymentWorld, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    target = tmp_path / "out.pdf"
    days = ("--from", "2025-09-01", "--to", "2026-11-30", "--out", str(target))
    done = run("report", "build", "fund-position", *arguments, *days)
    assert done.status != 0
    assert said in done.said
    assert not target.exists()


def test_command_loads_the_bundled_rates_once(run: Callable[..., Done], app: Flask) -> None:
    first = json.loads(run("rates", "load-bundled", "--json").said)
    assert first["added"] > 2500
    assert json.loads(run("rates", "load-bundled", "--json").said) == {"added": 0}


def test_command_imports_rates_as_a_person(run: Callable[..., Done], made: PaymentWorld, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("base,quote,unit,rate,date\nHKD,CNY,100,92.406,2025-11-18\nHKD,CNY,1,0.9231,2025-11-19\n")
    done = run("rates", "import", str(file), "--as", made.accountant.email, "--json")
    assert done.status == 0, done.said
    assert json.loads(done.said) == {"entered": 2}


def test_command_refuses_rates_of_somebody_without_the_right(
    run: Callable[..., Done], made: PaymentWorld, tmp_path: Path, database_digest: Callable[[], str]
) -> None:
    file = tmp_path / "rates.csv"
    file.write_text("base,quote,unit,rate,date\nHKD,CNY,100,92.406,2025-11-18\n")
    before = database_digest()
    for email in (made.payer.email, "nobody@example.org"):
        done = run("rates", "import", str(file), "--as", email)
        assert done.status != 0
    assert database_digest() == before


def test_command_names_the_wrong_line_of_a_file(run: Callable[..., Done], made: PaymentWorld, tmp_path: Path) -> None:
    file = tmp_path / "rates.csv"
    file.write_text(f"base,quote,unit,rate,date\nHKD,CNY,7,92.406,{date(2025, 11, 18)}\n")
    done = run("rates", "import", str(file), "--as", made.accountant.email)
    assert done.status != 0
    assert "line 2" in done.said
