"""A small application with only the plumbing and a few verbs that count how often they were carried out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from flask import Flask, g, redirect, render_template_string, request
from flask.testing import FlaskClient
from marshmallow import fields
from sqlalchemy import Engine, func, select, text
from sqlalchemy.orm import Session

from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.clock import Clock
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money
from app.settings import PROJECT
from app.web import api as json_api, plumbing, templating, translation
from app.web.fields import AmountField, CurrencyField, DateField, FileField, LineField, SecretField, VersionField
from app.web.forms import HtmlForm
from app.web.models import IdempotencyRecord
from app.web.paging import Page
from app.web.schemas import Form, MoneyOut, Out, PageOf, PageQuery, RowsField

ANN = Actor(UUID(int=1), "Ann", "ann@a.example", ())
BEN = Actor(UUID(int=2), "Ben", "ben@a.example", (), frozenset({"thing.see"}))
TOKENS = {"ann-token": ANN, "ben-token": BEN}


@dataclass(frozen=True)
class Make:
    name: str
    amount: Money
    day: date | None = None


@dataclass(frozen=True)
class Change:
    version: int
    name: str


@dataclass(frozen=True)
class Thing:
    reference: str
    amount: Money
    version: int = 1


class LineForm(Form):
    amount = AmountField(label="Amount")
    note = LineField(required=False)


class MakeForm(Form):
    command = Make
    name = LineField(label="Name")
    amount = AmountField(label="Amount", currency=Currency.CNY)
    day = DateField(required=False)


class ChangeForm(Form):
    command = Change
    version = VersionField()
    name = LineField()


class FileForm(Form):
    file = FileField(label="Receipt")


class RowsForm(Form):
    currency = CurrencyField()
    password = SecretField(required=False)
    lines = RowsField(LineForm)


class ThingOut(Out):
    reference = fields.String()
    amount = MoneyOut()
    version = fields.Integer()


NOBODY = UUID(int=0)


def _count(session: Session) -> str:
    session.execute(text("SELECT pg_advisory_xact_lock(77)"))
    number = 1 + session.query(IdempotencyRecord).filter_by(actor_id=NOBODY).count()
    session.add(IdempotencyRecord(actor_id=NOBODY, key=f"made-{number}", request_sha256="-"))
    session.flush()
    return f"TST-2026-{number:05d}"


def make(session: Session, command: Make) -> Thing:
    """Counts in the database how often it was carried out, then perhaps refuses."""
    made = _count(session)
    if command.name == "refused":
        raise RuleBreached(
            Breach("rule.name", "Not %(name)s.", "Try another.", "Rule 7", {"name": "this"}, field="name"),
            Breach("rule.other", "Neither that.", blocking=False),
        )
    if command.name == "own":
        raise NotPermitted(Breach("access.own-work", "You made this."))
    if command.name == "stale":
        raise Conflict(Breach("record.changed", "Someone was first."))
    if command.name == "missing":
        raise NotFound(Breach("record.not-found", "No such record."))
    return Thing(made, command.amount)


TEMPLATE = """<form method="post">{{ form.hidden }}<input name="name" value="{{ form.values.name }}">
{% for e in form.errors %}<p class="error" data-field="{{ e.field }}">{{ e.message }}</p>{% endfor %}</form>"""


def build(engine: Engine, clock: Clock) -> Flask:
    app = Flask("app", root_path=str(PROJECT / "app"), template_folder=str(PROJECT / "templates"))
    app.config.update(SECRET_KEY="x" * 40, TESTING=True)
    app.extensions["hetao.clock"] = clock
    plumbing.register(app, log_level="ERROR")
    translation.register(app)
    templating.register(app)
    app.context_processor(lambda: {"actor": g.get("actor"), "may": lambda *_: False})

    @app.before_request
    def _sign_in() -> None:
        if request.cookies.get("who") == "ann":
            g.actor = ANN

    @app.route("/make", methods=["GET", "POST"])
    def make_page() -> Any:
        form = HtmlForm(MakeForm)
        if form.sent:
            made = form.run(lambda session, command: make(session, command).reference)
            if form.done:
                return redirect(f"/made/{made}")
        return render_template_string(TEMPLATE, form=form), form.status

    @app.route("/rows", methods=["GET", "POST"])
    def rows_page() -> Any:
        form = HtmlForm(RowsForm)
        if form.sent:
            form.run(lambda session, command: command)
        rows = [
            {"values": row.values, "blank": row.is_blank, "errors": [e.message for e in row.errors_for("amount")]}
            for row in form.rows("lines")
        ]
        return {"sent": form.sent, "done": form.done, "rows": rows, "password": form.values["password"]}, form.status

    @app.get("/broken")
    def broken() -> Any:
        raise ZeroDivisionError

    @app.get("/thing/<reference:reference>")
    def thing(reference: str) -> Any:
        return reference

    @app.route("/away", methods=["GET", "POST"])
    def away() -> Any:
        with engine.connect() as connection:
            connection.execute(text("SET LOCAL statement_timeout = 1"))
            connection.execute(text("SELECT pg_sleep(1)"))
        return ""

    app.register_blueprint(_api())
    json_api.register(app, json_api.ApiAccess(TOKENS.get, _check, lambda view, _permission: view, lambda _why: _same))
    return app


def _same(view: Any) -> Any:
    return view


def _check(actor: Actor, permission: Any) -> None:
    if actor is BEN and permission == "thing.make":
        raise NotPermitted(Breach("access.not-permitted", "You may not."))


def _api() -> json_api.ApiBlueprint:
    api = json_api.ApiBlueprint("things", __name__)

    @api.post("/things", permission="thing.make", body=MakeForm, response=ThingOut, status=201)
    def make_thing(session: Session, actor: Actor, command: Make) -> Thing:
        return make(session, command)

    @api.put("/things/<reference:reference>", permission="thing.make", body=ChangeForm, response=ThingOut)
    def change(session: Session, actor: Actor, command: Change, reference: str) -> Thing:
        if command.version != 3:
            raise Conflict(Breach("record.changed", "Someone was first."))
        return Thing(reference, Money(100, Currency.CNY), 4)

    @api.post("/files", permission="thing.make", body=FileForm)
    def keep_file(session: Session, actor: Actor, command: Any) -> None:
        assert command["file"].content

    @api.get("/things/<reference:reference>", permission="thing.see", response=ThingOut)
    def detail(session: Session, actor: Actor, reference: str) -> Thing:
        return Thing(reference, Money(123456, Currency.HKD), 3)

    @api.get("/things", permission="thing.see", query=PageQuery, response=ThingOut, many=True)
    def index(session: Session, actor: Actor, query: PageOf) -> Page[Thing]:
        return Page([Thing("TST-2026-00001", Money(1, Currency.CNY))], next="abc", total=query.limit)

    return api


@pytest.fixture
def app(engine: Engine, clock: Clock) -> Flask:
    return build(engine, clock)


@pytest.fixture
def ann(app: Flask) -> FlaskClient:
    """Ann's browser."""
    client = app.test_client()
    client.set_cookie("who", "ann")
    return client


@pytest.fixture
def call(app: Flask) -> Callable[..., Any]:
    """Call the API: `call("POST", "/things", {...}, token="ann-token", key="…")`."""

    def send(
        method: str, path: str, body: Any = None, *, token: str = "ann-token", key: str = "", **headers: str
    ) -> Any:
        sent = {"Authorization": f"Bearer {token}", **{n.replace("_", "-"): v for n, v in headers.items()}}
        if key:
            sent["Idempotency-Key"] = key
        options: dict[str, Any] = {"data": body} if isinstance(body, str | bytes) else {"json": body} if body else {}
        if isinstance(body, str | bytes):
            options["content_type"] = "application/json"
        return app.test_client().open(f"/api/v1{path}", method=method, headers=sent, **options)

    return send


@pytest.fixture
def times_made(engine: Engine) -> Callable[[], int]:
    """How often a thing was made, for good."""

    def count() -> int:
        with engine.connect() as connection:
            query = select(func.count()).where(IdempotencyRecord.actor_id == NOBODY)
            return int(connection.execute(query).scalar_one())

    return count
