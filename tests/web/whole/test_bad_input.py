"""Amounts, days and texts that must not get in: refused by name at every form and every verb, and nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app.kernel.actor import Role
from app.kernel.clock import Clock
from app.web.api import Operation, operations
from app.web.fields import AmountField, DateField, LineField, TextField
from app.web.schemas import RowsField
from tests.web.whole.conftest import Visitors, Worlds
from tests.web.whole.matrix import Address, addresses_of, ask, paths
from tests.web.whole.reading_pages import FormSeen, PageSeen

AMOUNTS = {
    "minus": "-1",
    "huge": "1e308",
    "not-a-number": "NaN",
    "infinity": "Infinity",
    "below-a-cent": "0.001",
    "separator": "1,000",
    "full-width": "１００.００",
    "beyond-64-bit": "9223372036854775808",
    "arabic-digits": "١٠٠",
}


# The API: every verb, every field of the kind


def _fields(operation: Operation, kind: type | tuple[type, ...]) -> Iterator[tuple[str, Any]]:
    """Input names of that kind and how to put a value into a body; rows are named as on screens."""
    if operation.body is None:
        return
    for name, field in operation.body().fields.items():
        if isinstance(field, kind):
            yield name, lambda value, name=name: {name: value}
        elif isinstance(field, RowsField):
            for inner, part in field.row().fields.items():
                if isinstance(part, kind):
                    yield f"{name}-0-{inner}", lambda value, name=name, inner=inner: {name: [{inner: value}]}


def _asked(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds
) -> list[tuple[Operation, Address, str, dict[str, str]]]:
    """Every writing verb of the API, with somebody who may call it."""
    known = {f"api_{operation.tag}.{operation.endpoint}": operation for operation in operations(app)}
    tokens: dict[Role, dict[str, str]] = {}
    found = []
    for address in addresses_of(app, "POST", "PUT", api=True):
        role = next(role for role in Role if address.admits(role))
        if role not in tokens:
            tokens[role] = visitors.token(role)
        for path in paths(session, address, worlds.home):
            found.append((known[address.rule.endpoint], address, path, tokens[role]))
            break
    return found


def _named(answer: Any) -> set[str]:
    return {breach["field"] for breach in answer.json["breaches"]}


@pytest.mark.parametrize("amount", [*AMOUNTS.values(), "0", "", 1e3, 10, None, {"amount": "1.00"}])
def test_the_api_refuses_the_amount_by_name(
    app: Flask,
    session: Session,
    visitors: Visitors,
    worlds: Worlds,
    database_digest: Callable[[], str],
    amount: Any,
) -> None:
    asked = _asked(app, session, visitors, worlds)
    before, caller, tried, wrong = database_digest(), app.test_client(), 0, []
    for operation, address, path, headers in asked:
        for name, put in _fields(operation, AmountField):
            field = operation.body().fields.get(name) if operation.body else None
            blank_is_fine = isinstance(field, AmountField) and not field.required and amount in ("", None)
            nil_is_fine = amount == "0" and isinstance(field, AmountField) and (field.zero or not field.positive)
            minus_is_fine = amount == "-1" and isinstance(field, AmountField) and not field.positive
            if blank_is_fine or nil_is_fine or minus_is_fine or ("-0-" in name and amount in ("", None, "0", "-1")):
                continue
            body = _versioned(operation) | put(amount) | ({"currency": "CNY"} if _has(operation, "currency") else {})
            tried += 1
            answer = caller.open(path, method=address.method, headers=headers, json=body)
            if answer.status_code != 400 or name not in _named(answer):
                wrong.append(f"{address} {name}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert tried > 5
    assert database_digest() == before


def _has(operation: Operation, name: str) -> bool:
    return operation.body is not None and name in operation.body().fields


def _versioned(operation: Operation) -> dict[str, Any]:
    return {"version": 1} if _has(operation, "version") else {}


@pytest.mark.parametrize("day", ["2026-02-29", "2100-02-29", "2026-2-1", "20260201", "٢٠٢٦-٠١-٠١"])
def test_the_api_refuses_the_day_by_name(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str], day: str
) -> None:
    asked = _asked(app, session, visitors, worlds)
    before, caller, tried, wrong = database_digest(), app.test_client(), 0, []
    for operation, address, path, headers in asked:
        for name, put in _fields(operation, DateField):
            tried += 1
            answer = caller.open(path, method=address.method, headers=headers, json=_versioned(operation) | put(day))
            if answer.status_code != 400 or name not in _named(answer):
                wrong.append(f"{address} {name}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert tried > 10
    assert database_digest() == before


TEXTS = {
    "100-kB": "x" * 100_000,
    "right-to-left": "Lion\u202eegdiR",
    "zero-width": "Lion\u200bRidge",
    "escape": "Lion\x1b[31mRidge",
    "nul": "Lion\x00Ridge",
    "number": 5,
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in TEXTS.items()])
def test_the_api_refuses_the_text_by_name(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str], text: Any
) -> None:
    asked = _asked(app, session, visitors, worlds)
    before, caller, tried, wrong = database_digest(), app.test_client(), 0, []
    for operation, address, path, headers in asked:
        body = _versioned(operation)
        names = set()
        for name, put in _fields(operation, (LineField, TextField)):
            if "-0-" not in name:
                body |= put(text)
                names.add(name)
        if not names:
            continue
        tried += 1
        answer = caller.open(path, method=address.method, headers=headers, json=body)
        if answer.status_code != 400 or not names <= _named(answer):
            wrong.append(f"{address} {sorted(names)}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert tried > 20
    assert database_digest() == before


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b'{"amount": NaN}',
        b'{"amount": 1e400}',
        b'{"a": 1, "a": 2}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"unknown": 1}',
    ],
)
def test_the_api_refuses_a_body_that_is_no_object(
    app: Flask, visitors: Visitors, database_digest: Callable[[], str], raw: bytes
) -> None:
    headers = visitors.token(Role.GRANT_OFFICER)
    before = database_digest()
    answer = app.test_client().post("/api/v1/projects", data=raw, headers=headers, content_type="application/json")
    assert answer.status_code == 400, answer.text
    assert answer.mimetype == "application/problem+json"
    assert database_digest() == before


# The screens: every form as a browser meets it


def _forms(
    browser: FlaskClient, app: Flask, session: Session, worlds: Worlds, role: Role
) -> list[tuple[str, FormSeen]]:
    """Every form with something to type in it, on every page that opens; one of each kind."""
    found: dict[str, tuple[str, FormSeen]] = {}
    adapter = app.url_map.bind("localhost")
    starts = {
        "/disbursements/draft": f"/disbursements/draft?contract={worlds.home.made['contract']}",
        "/residue-returns/enter": f"/residue-returns/enter?contract={worlds.home.made['contract']}",
        "/contracts/draft": f"/contracts/draft?project={worlds.home.made['project_id']}",
    }
    for address in addresses_of(app, "GET", api=False):
        if not address.admits(role) or "file" in address.rule.endpoint:
            continue
        most = 12 if address.rule.endpoint.startswith("disbursements.") else 1
        for path in paths(session, address, worlds.home, most=most):
            answer = browser.get(starts.get(path, path))
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for form in PageSeen.of(path, answer.text).forms:
                if form.texts or form.amounts or form.days:
                    endpoint = adapter.match(form.action.partition("?")[0], method="POST")[0]
                    found.setdefault(endpoint, (path, form))
    return [found[endpoint] for endpoint in sorted(found)]


@pytest.fixture(
    params=[Role.GRANT_OFFICER, Role.ACCOUNTANT, Role.FINANCE_OFFICER, Role.FUND_MANAGER, Role.ADMINISTRATOR]
)
def desk(
    request: pytest.FixtureRequest, app: Flask, session: Session, visitors: Visitors, worlds: Worlds
) -> tuple[FlaskClient, list[tuple[str, FormSeen]]]:
    """Somebody's browser and every form they meet."""
    role: Role = request.param
    makers = {Role.GRANT_OFFICER: "maker_id", Role.ACCOUNTANT: "accountant_id", Role.FINANCE_OFFICER: "finance_id"}
    browser = visitors.browser_of(makers[role]) if role in makers else visitors.browser(role)
    forms = _forms(browser, app, session, worlds, role)
    assert forms
    return browser, forms


def _sent(form: FormSeen, typed: dict[str, str]) -> dict[str, Any]:
    return form.sent | typed | {"idempotency_key": uuid4().hex}


def test_every_form_refuses_bad_input_keeps_what_was_typed_and_writes_nothing(
    desk: tuple[FlaskClient, list[tuple[str, FormSeen]]], database_digest: Callable[[], str]
) -> None:
    browser, forms = desk
    before, wrong = database_digest(), []
    for path, form in forms:
        for what, typed in _attempts(form):
            answer = browser.post(form.action, data=_sent(form, typed))
            where = f"{path} -> {form.action} ({what}, {sorted(typed)})"
            if not 400 <= answer.status_code < 500:
                wrong.append(f"{where}: {answer.status_code} {answer.headers.get('Location', '')}")
            elif "<script>alert(1)" in answer.text or "\u202e" in _outside_inputs(answer.text):
                wrong.append(f"{where}: markup or direction marks come back alive")
            elif answer.status_code in {400, 422} and "password" not in form.action and not _kept(answer.text, typed):
                wrong.append(f"{where}: {answer.status_code}, and what was typed is lost")
    assert not wrong, "\n".join(wrong)
    assert database_digest() == before


def _attempts(form: FormSeen) -> Iterator[tuple[str, dict[str, str]]]:
    if form.amounts:
        for amount in ("-1", "1e308", "NaN", "0.001", "1,000", "１００", "9223372036854775808"):
            yield f"amount {amount}", dict.fromkeys(form.amounts, amount)
    if form.days:
        yield "29 February", dict.fromkeys(form.days, "2026-02-29")
    if form.texts:
        yield "direction marks", dict.fromkeys(form.texts, "Lion\u202e<script>alert(1)</script>")
        yield "100 kB", dict.fromkeys(form.texts, "x" * 100_000)


def _outside_inputs(text: str) -> str:
    root = PageSeen.of("", text).root
    return "".join(part for part in root.itertext() if part) if root.find(".//textarea") is None else ""


def _kept(text: str, typed: dict[str, str]) -> bool:
    """Whether each typed value stands in its input again, where the page has that input; secrets never do."""
    page = PageSeen.of("", text)
    for form in page.forms:
        for name, value in typed.items():
            if name in form.sent and "password" not in name and form.sent[name].strip() == value.strip():
                return True
    shown = {name for form in page.forms for name in form.sent}
    return not shown & set(typed)


def test_nul_is_refused_at_every_form(
    app: Flask, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str]
) -> None:
    browser, before = visitors.browser(Role.GRANT_OFFICER), database_digest()
    for path in ("/projects/register", "/contracts/draft", "/whitelist/apply", "/language", "/sign-in"):
        assert browser.post(path, data={"title_en": "Lion\x00Ridge"}).status_code == 400, path
    assert browser.get("/contracts?text=a%00b").status_code == 400
    assert database_digest() == before


# Names with markup are text


MARKUP = '<b>Lion</b> & "Ridge" \'</script><script>alert(1)</script>{{7*7}}'


def test_markup_in_names_is_shown_as_text_on_every_page(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds
) -> None:
    plain = MARKUP.replace("'", "''")
    with worlds.database.superuser.transaction():
        worlds.database.superuser.execute("SET LOCAL session_replication_role = replica")
        for table, columns in {
            "institution": ["name_en", "address"],
            "project": ["title_en", "abstract"],
            "person": ["name_en"],
            "programme": ["name_en"],
            "fund": ["name_en", "purpose"],
            "contract": ["agreement_number", "governing_law", "status_reason"],
            "disbursement": ["purpose", "status_reason"],
            "journal": ["counterparty"],
            "whitelist_entry": ["subject_name", "source"],
            "bank_account": ["bank_name", "holder_name"],
            "obligation": ["title"],
        }.items():
            for column in columns:
                worlds.database.superuser.execute(f"UPDATE {table} SET {column} = left('{plain}', 60)")
    short, wrong, seen = MARKUP[:60], [], 0
    for who in ("maker_id", "finance_id"):
        browser = visitors.browser_of(who)
        for address in addresses_of(app, "GET", api=False):
            for path in paths(session, address, worlds.home, most=2):
                answer = browser.get(path)
                if answer.mimetype != "text/html":
                    continue
                seen += "&lt;b&gt;Lion" in answer.text
                if (
                    "<b>Lion" in answer.text
                    or "<script>alert" in answer.text
                    or 'Lion</b> & "Ridge" \'49' in answer.text
                ):
                    wrong.append(path)
    assert not wrong, wrong
    assert seen > 20, f"{short!r} was hardly shown at all"


# Days at the edge


@pytest.mark.parametrize(
    ("instant", "day", "status"),
    [
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2026-12-31", 201),
        (datetime(2026, 12, 31, 15, 59, 59, tzinfo=UTC), "2027-01-01", 422),
        (datetime(2026, 12, 31, 16, 0, 0, tzinfo=UTC), "2027-01-01", 201),
        (datetime(2028, 2, 29, 15, 59, 59, tzinfo=UTC), "2028-02-29", 201),
        (datetime(2028, 2, 28, 16, 0, 0, tzinfo=UTC), "2028-02-29", 201),
    ],
)
def test_the_business_day_is_hong_kongs(
    app: Flask,
    visitors: Visitors,
    worlds: Worlds,
    database_digest: Callable[[], str],
    instant: datetime,
    day: str,
    status: int,
) -> None:
    """A rate may bear today's date and no later one; the year turns at midnight in Hong Kong, not in London."""
    before_clock = app.extensions["hetao.clock"]
    app.extensions["hetao.clock"] = Clock(fixed=instant)
    try:
        headers, before = visitors.token(Role.ACCOUNTANT), database_digest()
        body = {
            "kind": "BOOKING",
            "base": "HKD",
            "quote": "CNY",
            "market": "ONSHORE",
            "unit": "100",
            "rate": "92.60",
            "rate_date": day,
            "source": "Bank quote",
        }
        answer = app.test_client().post("/api/v1/rates", json=body, headers=headers)
        assert answer.status_code == status, answer.text
        assert (database_digest() == before) == (status >= 400)
    finally:
        app.extensions["hetao.clock"] = before_clock


# Twice


def test_a_double_click_makes_one_record(app: Flask, visitors: Visitors, worlds: Worlds) -> None:
    browser = visitors.browser(Role.GRANT_OFFICER)
    data = {
        "title_en": "Clicked twice",
        "first_day": "2026-01-01",
        "last_day": "2027-12-31",
        "confidentiality": "PUBLIC",
        "institution_id": worlds.home.made["funder_id"],
        "idempotency_key": uuid4().hex,
    }
    first, second = browser.post("/projects/register", data=data), browser.post("/projects/register", data=data)
    assert first.status_code in {302, 303}, first.text
    assert second.location == first.location
    assert browser.get("/projects?text=Clicked+twice").text.count(first.location.rpartition("/")[2]) >= 1
    headers = visitors.token(Role.GRANT_OFFICER)
    found = app.test_client().get("/api/v1/projects?text=Clicked", headers=headers).json["items"]
    assert len(found) == 1


def test_a_key_of_a_form_used_for_other_input_is_refused(
    app: Flask, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str]
) -> None:
    browser = visitors.browser(Role.GRANT_OFFICER)
    data = {
        "title_en": "Once",
        "first_day": "2026-01-01",
        "last_day": "2027-12-31",
        "confidentiality": "PUBLIC",
        "institution_id": worlds.home.made["funder_id"],
        "idempotency_key": uuid4().hex,
    }
    assert browser.post("/projects/register", data=data).status_code in {302, 303}
    before = database_digest()
    assert browser.post("/projects/register", data=data | {"title_en": "Other"}).status_code == 422
    assert database_digest() == before


def test_a_stale_page_is_refused_in_words_and_changes_nothing(
    app: Flask, session: Session, visitors: Visitors, worlds: Worlds, database_digest: Callable[[], str]
) -> None:
    """Every button that carries the version of a record, pressed on a page that was open too long."""
    names = ("maker_id", "checker_id", "payer_id", "accountant_id", "finance_id")
    browsers = {who: visitors.browser_of(who) for who in names}
    before, wrong, tried = database_digest(), [], 0
    for who, browser in browsers.items():
        seen: set[str] = set()
        for address in addresses_of(app, "GET", api=False):
            if not address.parts or address.rule.endpoint == "reporting.download":
                continue
            most = 12 if address.rule.endpoint == "disbursements.detail" else 1
            for path in paths(session, address, worlds.home, most=most):
                answer = browser.get(path)
                if answer.status_code != 200 or answer.mimetype != "text/html":
                    continue
                for form in PageSeen.of(path, answer.text).forms:
                    if "version" not in form.sent or form.action in seen:
                        continue
                    seen.add(form.action)
                    tried += 1
                    answer = ask(browser, form.action, "POST", data=_sent(form, {"version": "1999999999"}))
                    if not 400 <= answer.status < 500:
                        wrong.append(f"{who} {path} -> {form.action}: {answer}")
    assert not wrong, "\n".join(wrong)
    assert tried > 15
    assert database_digest() == before
