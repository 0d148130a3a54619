"""Refusals and failures are told in words, as pages or problems; every response carries its headers."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine

from app.db import session as sessions
from app.web.security_headers import CONTENT_POLICY, add_headers

REFERENCE = re.compile(r"[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}")


@pytest.mark.parametrize(("path", "status"), [("/nowhere", 404), ("/thing/x", 404), ("/thing/DSB-2026-1", 404)])
def test_page_of_a_refusal_quotes_its_reference(ann: FlaskClient, path: str, status: int) -> None:
    answer = ann.get(path)
    assert answer.status_code == status
    assert answer.headers["X-Request-ID"] in answer.text


def test_reference_in_a_url_is_taken(ann: FlaskClient) -> None:
    assert ann.get("/thing/DSB-2026-00042").text == "DSB-2026-00042"


def test_wrong_method_names_the_right_ones(ann: FlaskClient) -> None:
    answer = ann.post("/broken")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_failure_of_ours_shows_a_reference_and_no_trace(app: Flask, ann: FlaskClient) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    answer = ann.get("/broken")
    assert answer.status_code == 500
    assert REFERENCE.search(answer.text)
    assert "ZeroDivision" not in answer.text
    assert "Traceback" not in answer.text


def test_database_away_says_that_nothing_was_saved_and_keeps_the_form(app: Flask, ann: FlaskClient) -> None:
    before = sessions.engine()
    sessions.use_engine(
        create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none", connect_args={"connect_timeout": 1})
    )
    try:
        answer = ann.post("/make", data={"name": "河套 <b>", "amount": "1.00", "idempotency_key": "k" * 32})
    finally:
        sessions.use_engine(before)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert 'value="河套 &lt;b&gt;"' in answer.text
    assert 'value="' + "k" * 32 in answer.text
    assert 'action="/make"' in answer.text
    assert "Nothing was" in answer.text


@pytest.fixture
def busy(app: Flask) -> Iterator[None]:
    """Every connection of the pool is in use."""
    before = sessions.engine()
    small = sessions.build_engine(
        before.url.render_as_string(hide_password=False), pool_size=1, max_overflow=0, pool_timeout=0.05
    )
    sessions.use_engine(small)
    try:
        with small.connect():
            yield
    finally:
        sessions.use_engine(before)
        small.dispose()


def test_pool_in_use_is_told_in_words_and_keeps_the_form(busy: None, ann: FlaskClient) -> None:
    answer = ann.post("/make", data={"name": "Ann", "amount": "1.00", "idempotency_key": "k" * 32})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "Too many people are at work" in answer.text
    assert 'name="amount" value="1.00"' in answer.text


def test_pool_in_use_is_a_problem_document_in_the_api(busy: None, app: Flask) -> None:
    answer = app.test_client().post(
        "/api/v1/things", json={"name": "a", "amount": "1.00"}, headers={"Authorization": "Bearer ann-token"}
    )
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json["breaches"][0]["code"] == "database.busy"


def test_statement_that_takes_too_long_is_unavailable_and_not_a_crash(ann: FlaskClient) -> None:
    assert ann.get("/away").status_code == 503


def test_passwords_are_not_kept_when_the_database_is_away(ann: FlaskClient) -> None:
    answer = ann.post("/away", data={"email": "a@b.example", "password": "hunter2"})
    assert answer.status_code == 503
    assert "hunter2" not in answer.text


def test_form_without_the_token_is_forbidden_in_clear_words(app: Flask, ann: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    answer = ann.post("/make", data={"name": "a", "amount": "1"})
    assert answer.status_code == 403
    assert "did not come from one of our pages" in answer.text


def test_form_with_its_token_is_taken(app: Flask, ann: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token" value="([^"]+)"', ann.get("/make").text)
    assert token
    assert ann.post("/make", data={"name": "a", "amount": "1", "csrf_token": token[1]}).status_code == 302
    assert ann.post("/make", data={"name": "a", "amount": "1"}, headers={"X-CSRFToken": token[1]}).status_code == 302


def test_token_of_another_session_is_forbidden(app: Flask, ann: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    token = re.search(r'name="csrf_token" value="([^"]+)"', app.test_client().get("/make").text)
    assert token
    ann.get("/make")
    assert ann.post("/make", data={"name": "a", "amount": "1", "csrf_token": token[1]}).status_code == 403


def test_api_needs_no_forgery_token(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    headers = {"Authorization": "Bearer ann-token"}
    answer = app.test_client().post("/api/v1/things", json={"name": "a", "amount": "1"}, headers=headers)
    assert answer.status_code == 201


@pytest.mark.parametrize("path", ["/make", "/nowhere", "/api/v1/things", "/api/v1/openapi.json"])
def test_every_answer_carries_the_headers(ann: FlaskClient, path: str) -> None:
    headers = ann.get(path).headers
    assert headers["Content-Security-Policy"] == CONTENT_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_policy_allows_no_inline_and_no_foreign_source() -> None:
    assert CONTENT_POLICY.startswith("default-src 'none'")
    for forbidden in ("unsafe", "http", "*", "data:"):
        assert forbidden not in CONTENT_POLICY


def test_strict_transport_is_asked_for_over_https_only(ann: FlaskClient) -> None:
    assert "max-age" in ann.get("/make", base_url="https://localhost").headers["Strict-Transport-Security"]


def test_view_may_tighten_its_own_policy(app: Flask) -> None:
    with app.test_request_context("/make"):
        response = app.response_class("")
        response.headers["Content-Security-Policy"] = "sandbox"
        assert add_headers(response).headers["Content-Security-Policy"] == "sandbox"


def test_line_breaks_in_a_path_do_not_reach_a_header(ann: FlaskClient) -> None:
    answer = ann.get("/nowhere%0d%0aSet-Cookie:%20a=b")
    assert answer.status_code == 404
    assert all("a=b" not in value for value in answer.headers.values())
