"""Screens' forms keep what was typed, show refusals beside the fields, and are carried out once."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from flask.testing import FlaskClient

GOOD = {"name": "A thing", "amount": "1.00"}


def key_of(html: str) -> str:
    found = re.search(r'name="idempotency_key" value="([0-9a-f]{32})"', html)
    assert found
    return found[1]


def test_fresh_form_carries_a_new_key_each_time(ann: FlaskClient) -> None:
    assert key_of(ann.get("/make").text) != key_of(ann.get("/make").text)


def test_good_form_is_carried_out(ann: FlaskClient, times_made: Callable[[], int]) -> None:
    answer = ann.post("/make", data=GOOD)
    assert (answer.status_code, answer.location, times_made()) == (302, "/made/TST-2026-00001", 1)


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"amount": "1,000"}, "amount"), ({"day": "2026-02-29"}, "day"), ({"name": "x" * 100_000}, "name")],
)
def test_bad_input_is_named_and_kept(
    ann: FlaskClient, times_made: Callable[[], int], changed: dict[str, str], field: str
) -> None:
    answer = ann.post("/make", data=GOOD | changed)
    assert answer.status_code == 400
    assert f'data-field="{field}"' in answer.text
    assert (GOOD | changed)["name"] in answer.text
    assert times_made() == 0


def test_what_was_typed_is_shown_as_text(ann: FlaskClient) -> None:
    answer = ann.post("/make", data={"name": '"><script>alert(1)</script>', "amount": "x"})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert(1)" in answer.text


def test_refused_rule_shows_message_and_cure_and_writes_nothing(
    ann: FlaskClient, times_made: Callable[[], int]
) -> None:
    answer = ann.post("/make", data=GOOD | {"name": "refused"})
    assert answer.status_code == 422
    assert '<p class="error" data-field="name">Not this. Try another.</p>' in answer.text
    assert "Neither that." in answer.text
    assert times_made() == 0


@pytest.mark.parametrize(("name", "status"), [("own", 403), ("stale", 409)])
def test_status_is_that_of_the_refusal(ann: FlaskClient, name: str, status: int) -> None:
    assert ann.post("/make", data=GOOD | {"name": name}).status_code == status


def test_missing_record_leads_to_the_page_that_says_so(ann: FlaskClient) -> None:
    answer = ann.post("/make", data=GOOD | {"name": "missing"})
    assert answer.status_code == 404
    assert "<h1>" in answer.text


def test_double_click_gives_the_first_result_again(ann: FlaskClient, times_made: Callable[[], int]) -> None:
    body = GOOD | {"idempotency_key": key_of(ann.get("/make").text)}
    first, second = ann.post("/make", data=body), ann.post("/make", data=body)
    assert first.location == second.location == "/made/TST-2026-00001"
    assert times_made() == 1


def test_form_sent_again_with_other_values_after_success_is_refused(
    ann: FlaskClient, times_made: Callable[[], int]
) -> None:
    body = GOOD | {"idempotency_key": key_of(ann.get("/make").text)}
    ann.post("/make", data=body)
    assert ann.post("/make", data=body | {"amount": "2.00"}).status_code == 422
    assert times_made() == 1


def test_form_corrected_after_a_refusal_is_carried_out(ann: FlaskClient, times_made: Callable[[], int]) -> None:
    refused = ann.post("/make", data=GOOD | {"name": "refused", "idempotency_key": "k" * 32})
    assert 'value="' + "k" * 32 in refused.text
    assert ann.post("/make", data=GOOD | {"idempotency_key": "k" * 32}).status_code == 302
    assert times_made() == 1


def test_twenty_clicks_at_once_make_one_thing(app: Flask, times_made: Callable[[], int]) -> None:
    def click(_number: int) -> str | None:
        client = app.test_client()
        client.set_cookie("who", "ann")
        return client.post("/make", data=GOOD | {"idempotency_key": "storm" * 6}).location

    with ThreadPoolExecutor(8) as pool:
        locations = set(pool.map(click, range(20)))
    assert locations == {"/made/TST-2026-00001"}
    assert times_made() == 1


ROWS = {
    "currency": "HKD",
    "lines-0-amount": "1.00",
    "lines-1-amount": "",
    "lines-1-note": "",
    "lines-2-amount": "x",
    "password": "secret",
}


def test_rows_are_read_without_blank_ones_and_errors_find_theirs(ann: FlaskClient) -> None:
    answer = ann.post("/rows", data=ROWS)
    assert answer.status_code == 400
    rows = answer.json["rows"]
    assert [row["values"].get("amount") for row in rows] == ["1.00", "x"]
    assert rows[0]["errors"] == []
    assert rows[1]["errors"][0].startswith("Amount is not an amount.")


def test_good_rows_are_carried_out_and_the_password_is_not_shown_again(ann: FlaskClient) -> None:
    answer = ann.post("/rows", data=ROWS | {"lines-2-amount": "3.00"})
    assert answer.json["done"] is True
    assert answer.json["password"] == ""


def test_button_adds_a_row_without_running_anything(ann: FlaskClient) -> None:
    answer = ann.post("/rows", data=ROWS | {"add-lines": "1"})
    assert answer.json["sent"] is False
    assert [row["values"].get("amount", "") for row in answer.json["rows"]] == ["1.00", "x", ""]


def test_button_removes_a_row(ann: FlaskClient) -> None:
    answer = ann.post("/rows", data=ROWS | {"remove-lines-0": "1"})
    assert [row["values"]["amount"] for row in answer.json["rows"]] == ["x"]


def test_empty_form_shows_one_blank_row(ann: FlaskClient) -> None:
    assert [row["blank"] for row in ann.get("/rows").json["rows"]] == [True]


@pytest.mark.parametrize("body", [b"name=%ff&amount=1", b"name=a%00b&amount=1", b"name=\xc3\x28&amount=1"])
def test_bytes_that_are_no_text_are_refused(ann: FlaskClient, body: bytes, times_made: Callable[[], int]) -> None:
    answer = ann.post("/make", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400
    assert times_made() == 0
    assert ann.get("/make?x=%ff").status_code == 400
    assert ann.get("/a%00b").status_code == 400


def test_nul_in_a_multipart_form_is_refused(ann: FlaskClient) -> None:
    answer = ann.post("/make", data={"name": "a\x00b", "amount": "1"}, content_type="multipart/form-data")
    assert answer.status_code == 400


def test_form_beyond_all_measure_is_too_large(ann: FlaskClient) -> None:
    answer = ann.post("/make", data={"name": "x" * 3_000_000, "amount": "1"})
    assert answer.status_code == 413
