"""The API: tokens, strict bodies, keys that make repetition safe, versions, problems, its description."""

from __future__ import annotations

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask

GOOD = {"name": "A thing", "amount": "1.00"}
Call = Callable[..., Any]


def problem_of(answer: Any, status: int) -> Any:
    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"
    problem = answer.json
    assert problem["status"] == status
    assert problem["reference"] == answer.headers["X-Request-ID"]
    return problem


def test_new_thing_is_answered_with_decimal_strings_and_its_version(call: Call) -> None:
    answer = call("POST", "/things", GOOD)
    assert answer.status_code == 201
    assert answer.json == {
        "reference": "TST-2026-00001",
        "amount": {"amount": "1.00", "currency": "CNY"},
        "version": 1,
    }
    assert answer.headers["ETag"] == '"1"'


@pytest.mark.parametrize("token", ["", "wrong", "x" * 600])
def test_call_without_a_good_token_is_refused(call: Call, token: str) -> None:
    answer = call("GET", "/things", token=token)
    assert problem_of(answer, 401)["breaches"][0]["code"] == "api.token"
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_cookie_does_not_open_the_api(app: Flask) -> None:
    client = app.test_client()
    client.set_cookie("who", "ann")
    assert client.get("/api/v1/things").status_code == 401


def test_token_without_the_scope_is_refused(call: Call, times_made: Callable[[], int]) -> None:
    problem = problem_of(call("POST", "/things", GOOD, token="ben-token"), 403)
    assert problem["breaches"][0]["code"] == "api.scope"
    assert call("GET", "/things", token="ben-token").status_code == 200
    assert times_made() == 0


@pytest.mark.parametrize(
    "body",
    [
        '{"name": "a", "amount": NaN}',
        '{"name": "a", "amount": 1.5}',
        '{"name": "a", "amount": "1", "name": "b"}',
        '{"name": "a", "amount": "1", "other": 1}',
        '{"name": "a\\u0000", "amount": "1"}',
        '{"name": "a\\ud800", "amount": "1"}',
        "[1]",
        "nonsense",
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_malformed_bodies_are_refused_and_nothing_is_made(
    call: Call, times_made: Callable[[], int], body: str | bytes
) -> None:
    problem = problem_of(call("POST", "/things", body), 400)
    assert problem["breaches"][0]["cure"]
    assert times_made() == 0


def test_refused_rule_is_told_with_all_its_parts(call: Call, times_made: Callable[[], int]) -> None:
    problem = problem_of(call("POST", "/things", GOOD | {"name": "refused"}), 422)
    assert problem["type"] == "urn:hetao:problem:rule.name"
    assert problem["instance"] == "/api/v1/things"
    assert problem["breaches"] == [
        {
            "code": "rule.name",
            "message": "Not this.",
            "cure": "Try another.",
            "source": "Rule 7",
            "field": "name",
            "blocking": True,
        },
        {"code": "rule.other", "message": "Neither that.", "cure": "", "source": "", "field": None, "blocking": False},
    ]
    assert times_made() == 0


@pytest.mark.parametrize(("name", "status"), [("own", 403), ("stale", 409), ("missing", 404)])
def test_every_family_of_refusal_is_a_problem(call: Call, name: str, status: int) -> None:
    problem_of(call("POST", "/things", GOOD | {"name": name}), status)


def test_unknown_address_is_a_problem(call: Call) -> None:
    problem_of(call("GET", "/nothing"), 404)


def test_same_key_and_body_give_the_first_answer_again(call: Call, times_made: Callable[[], int]) -> None:
    first = call("POST", "/things", GOOD, key="key-00000001")
    again = call("POST", "/things", {"amount": "1.00", "name": "A thing"}, key="key-00000001")
    assert (again.status_code, again.json, again.headers["ETag"]) == (201, first.json, '"1"')
    assert again.headers["Idempotency-Replayed"] == "true"
    assert times_made() == 1


def test_same_key_with_another_body_is_refused(call: Call, times_made: Callable[[], int]) -> None:
    call("POST", "/things", GOOD, key="key-00000001")
    problem = problem_of(call("POST", "/things", GOOD | {"amount": "2.00"}, key="key-00000001"), 422)
    assert problem["breaches"][0]["code"] == "idempotency.other-request"
    assert times_made() == 1


def test_key_of_a_refused_request_may_be_used_again(call: Call, times_made: Callable[[], int]) -> None:
    call("POST", "/things", GOOD | {"name": "refused"}, key="key-00000001")
    assert call("POST", "/things", GOOD, key="key-00000001").status_code == 201
    assert times_made() == 1


@pytest.mark.parametrize(
    "key", ["short", "with space in it", "x" * 201, "クライアントのキー".encode().decode("latin-1")]
)
def test_malformed_keys_are_refused(call: Call, key: str) -> None:
    assert problem_of(call("POST", "/things", GOOD, key=key), 400)["breaches"][0]["field"] == "Idempotency-Key"


def test_fifty_equal_requests_at_once_make_one_thing(call: Call, times_made: Callable[[], int]) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _n: call("POST", "/things", GOOD, key="storm-0001"), range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert {answer.json["reference"] for answer in answers if answer.status_code == 201} == {"TST-2026-00001"}
    assert times_made() == 1


def test_version_may_come_from_the_body_or_from_if_match(call: Call) -> None:
    assert call("PUT", "/things/TST-2026-00001", {"name": "b", "version": 3}).headers["ETag"] == '"4"'
    assert call("PUT", "/things/TST-2026-00001", {"name": "b"}, If_Match='"3"').status_code == 200


def test_stale_version_is_a_conflict_or_a_failed_precondition(call: Call) -> None:
    problem_of(call("PUT", "/things/TST-2026-00001", {"name": "b", "version": 2}), 409)
    problem_of(call("PUT", "/things/TST-2026-00001", {"name": "b"}, If_Match='"2"'), 412)
    problem_of(call("PUT", "/things/TST-2026-00001", {"name": "b", "version": 3}, If_Match='"2"'), 412)
    problem_of(call("PUT", "/things/TST-2026-00001", {"name": "b"}, If_Match="*"), 412)


def test_verb_on_a_versioned_record_needs_the_version(call: Call) -> None:
    problem_of(call("PUT", "/things/TST-2026-00001", {"name": "b"}), 428)


def test_reading_answers_not_modified_to_a_known_version(call: Call) -> None:
    answer = call("GET", "/things/TST-2026-00001")
    assert answer.json["amount"] == {"amount": "1234.56", "currency": "HKD"}
    assert call("GET", "/things/TST-2026-00001", If_None_Match=answer.headers["ETag"]).status_code == 304


def test_list_is_a_page_with_cursors(call: Call) -> None:
    answer = call("GET", "/things?limit=7")
    assert (answer.json["next"], answer.json["previous"], answer.json["total"]) == ("abc", None, 7)
    assert answer.json["items"][0]["reference"] == "TST-2026-00001"
    assert problem_of(call("GET", "/things?limit=x"), 400)["breaches"][0]["field"] == "limit"


def test_file_is_taken_as_multipart(app: Flask) -> None:
    client, headers = app.test_client(), {"Authorization": "Bearer ann-token"}
    good = client.post("/api/v1/files", data={"file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}, headers=headers)
    assert good.status_code == 204
    bad = client.post("/api/v1/files", data={"file": (io.BytesIO(b"<svg/>"), "a.pdf")}, headers=headers)
    assert problem_of(bad, 400)["breaches"][0]["code"] == "input.file-type"


def test_body_of_another_media_type_is_refused(app: Flask) -> None:
    headers = {"Authorization": "Bearer ann-token"}
    problem_of(app.test_client().post("/api/v1/things", data="a=1", headers=headers, content_type="text/plain"), 415)


def test_description_is_openapi_and_names_every_verb(call: Call) -> None:
    described = call("GET", "/openapi.json", token="").json
    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == {"/api/v1/things", "/api/v1/things/{reference}", "/api/v1/files"}
    put = described["paths"]["/api/v1/things/{reference}"]["put"]
    assert put["x-permission"] == "thing.make"
    assert {p["name"] for p in put["parameters"]} == {"reference", "Idempotency-Key", "If-Match"}
    assert {"200", "400", "401", "403", "404", "409", "412", "422", "428"} <= set(put["responses"])
    query = described["paths"]["/api/v1/things"]["get"]["parameters"]
    assert {p["name"] for p in query} == {"cursor", "limit"}


def test_description_gives_money_as_strings(call: Call) -> None:
    schemas = call("GET", "/openapi.json", token="").json["components"]["schemas"]
    assert schemas["Money"]["properties"]["amount"]["type"] == "string"
    made = next(schema for name, schema in schemas.items() if name.endswith("MakeInput"))
    assert made["properties"]["amount"]["pattern"]
    assert made["required"] == ["amount", "name"] or set(made["required"]) == {"amount", "name"}
    assert made["additionalProperties"] is False
