"""A page that shows every component once, on an application of its own without a database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

from flask import Flask, render_template
from jinja2 import ChoiceLoader, FileSystemLoader

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.settings import PROJECT
from app.web import templating, translation
from app.web.frame import NAVIGATION, Book, Frame, MenuLink, use_frame

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'"
)


@dataclass
class ShownForm:
    """A refused form, as the fields see it."""

    values: dict[str, str] = field(default_factory=lambda: {"br": "7310462", "amount": "430,000.00", "currency": "CNY"})
    errors: list[SimpleNamespace] = field(
        default_factory=lambda: [
            SimpleNamespace(field="br", message="Enter 8 digits. You typed 7: 7310462"),
            SimpleNamespace(field="amount", message="Pay CNY 380,000.00 or less. Clause 5.2"),
        ]
    )

    def errors_for(self, name: str) -> list[SimpleNamespace]:
        return [error for error in self.errors if error.field == name]


def style_guide() -> Flask:
    """The application that serves the page at `/`, `/sign-in` (the plain layout) and each error page."""
    app = Flask("app", root_path=str(PROJECT / "app"), template_folder=str(PROJECT / "templates"))
    app.secret_key = "style guide"
    pages = FileSystemLoader(str(Path(__file__).parent / "pages"))
    app.jinja_loader = ChoiceLoader([FileSystemLoader(str(PROJECT / "templates")), pages])
    translation.register(app)
    templating.register(app)
    use_frame(app, _frame)
    app.add_url_rule("/", "guide", _guide)
    app.add_url_rule("/sign-in", "sign_in", lambda: render_template("sign_in_sample.html"))
    app.add_url_rule("/error/<int:status>", "error", _error)

    for destination in (each for group in NAVIGATION for each in group.entries):
        app.add_url_rule(f"/{destination.section}", destination.endpoint, _guide)

    @app.after_request
    def guard(response):  # type: ignore[no-untyped-def]
        response.headers["Content-Security-Policy"] = POLICY
        return response

    return app


def _frame() -> Frame:
    books = (Book("SZ", "Qingtan Science Foundation", url="#", current=True), Book("HK", "Harbour Trust", url="#"))
    menu = (MenuLink("Your account", "#"),)
    return Frame("Ho Wing-sum", "Grant officer", books, 37, menu=menu, sign_out_url="#", may_visit=lambda e: True)


def _money(text: str, currency: Currency = Currency.CNY) -> Money:
    return Money.parse(text, currency)


def _breaches() -> list[Breach]:
    return [
        Breach(
            "calendar", "Value date falls after the Spring Festival", "Earliest day is 24 February.", blocking=False
        ),
        Breach(
            "tax",
            "The outbound tax filing ran out on %(day)s",
            "Mr Li can attach a new filing, usually 1 working day.",
            "SZ to HK in CNY, route version 5",
            {"day": date(2026, 1, 31)},
        ),
    ]


def _guide() -> str:
    met = [
        {"message": "Contract active and within its dates", "source": "Contract, clause 2"},
        {"message": "Within your authority", "detail": "CNY 380,000.00 of CNY 2,000,000.00", "source": "Matrix 14"},
    ]
    return render_template(
        "style_guide.html",
        section="disbursements",
        cny=_money("1284600.00"),
        hkd=_money("380000.50", Currency.HKD),
        contracted=_money("4000000.00"),
        received=_money("2800000.00"),
        spent=_money("1367150.00"),
        held=_money("148250.00"),
        moment=datetime(2026, 2, 9, 7, 20, tzinfo=UTC),
        today=date(2026, 2, 12),
        breaches=_breaches(),
        met=met,
        form=ShownForm(),
    )


def _error(status: int) -> str:
    return render_template(f"errors/{status}.html", reference="E-20260212-0051", breaches=_breaches())
