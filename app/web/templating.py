"""Joins the templates to the application: filters for money and dates, the components as `ui`, and `page()`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from flask import Flask, current_app, g, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from app.kernel import languages
from app.kernel.breaches import Breach
from app.kernel.clock import business_date
from app.kernel.money import Money
from app.web import formats
from app.web.frame import current_frame, navigation_groups
from app.web.icons import icon
from app.web.marks import mark_of
from app.web.tables import as_column, column, dress_rows
from app.web.translation import BY_CODE, LANGUAGES, current_language
from app.web.wording import in_words, named, words

COMPONENT_FILES = ("words", "money", "status", "sheets", "tables", "history", "fields", "actions")
"""Files of `templates/components/`; the macros of all of them are the attributes of `ui`."""


def register(app: Flask) -> None:
    """Add filters, globals and the frame to the application's templates."""
    env = app.jinja_env
    env.trim_blocks = True
    env.lstrip_blocks = True
    env.undefined = StrictUndefined
    env.filters.update(
        money=money,
        amount=formats.amount_text,
        day=day,
        instant=instant,
        percent=formats.percent_text,
        rate=formats.rate_text,
        named=named,
    )
    env.globals.update(
        ui=Components(env),
        icon=icon,
        in_words=in_words,
        say=words,
        static_url=static_url,
        token_field=token_field,
        choices=choices,
        current_endpoints=lambda: current_app.view_functions,
    )
    app.context_processor(_page_facts)


def page(template: str, **context: object) -> str:
    """Render a page. `section` in the context names the entry of the main navigation to mark as current."""
    return render_template(template, **context)


class Components:
    """All macros of `templates/components/` under one name, so that a template needs no list of imports.

    `ui.money(x)` is the macro `money` of `money.html`; functions below stand beside them.
    """

    icon = staticmethod(icon)
    column = staticmethod(column)
    as_column = staticmethod(as_column)
    dress_rows = staticmethod(dress_rows)
    mark_of = staticmethod(mark_of)

    def __init__(self, env: Environment) -> None:
        """Remember the environment; the files are read when first asked for."""
        self._env = env

    def __getattr__(self, name: str) -> Any:
        """The macro of that name; AttributeError names what is missing."""
        if name.startswith("_"):
            raise AttributeError(name)
        for file in COMPONENT_FILES:
            module = self._env.get_template(f"components/{file}.html").module
            if hasattr(module, name):
                macro = getattr(module, name)
                if not self._env.auto_reload:
                    self.__dict__[name] = macro  # asked for hundreds of times a page
                return macro
        raise AttributeError(f"no component is called {name}")

    def kept(self, name: str, *arguments: Any) -> Any:
        """What the component `name` answers to these arguments, made once a page: rows of a long table repeat it."""
        made = g.setdefault("components", {})
        key = (name, arguments)
        if key not in made:
            made[key] = getattr(self, name)(*arguments)
        return made[key]

    @staticmethod
    def reader() -> str:
        """The code of the reader's language."""
        return current_language().code

    @staticmethod
    def nearest_first(en: str, zh_hant: str, zh_hans: str) -> list[tuple[str, str]]:
        """Names with the `lang` of each, the reader's own or nearest language first; none that says the same again."""
        named: dict[str, str] = {}
        for code, name in languages.nearest_first(current_language().code, en, zh_hant, zh_hans):
            named.setdefault(name, BY_CODE[code].tag)
        return [(tag, name) for name, tag in named.items()]

    @staticmethod
    def plain(amount: Money) -> str:
        """An amount as plain text with its code, for labels that take no markup."""
        return formats.money_text(amount)

    @staticmethod
    def bare(amount: Money | None) -> str:
        """An amount without its code; nil for None."""
        return formats.figure_text(amount) if amount is not None else "0.00"

    @staticmethod
    def typed(form: Any, name: str, default: object = "") -> str:
        """What was typed into a field, or the form's value for it, or `default`."""
        value = form.values.get(name) if form is not None else None
        return str(default if value is None else value)

    @staticmethod
    def retyped(name: str, url: str, default: object = "") -> str:
        """What was typed into a small form that goes to `url` and was refused just now; else `default`."""
        refused = request.method == "POST" and url.partition("?")[0] == request.path
        return request.form.get(name, str(default)) if refused else str(default)

    @staticmethod
    def chosen(form: Any, name: str, default: Iterable[object] = ()) -> list[str]:
        """Every ticked value of a field."""
        if form is None or name not in form.values:
            return [str(each) for each in default]
        if hasattr(form.values, "getlist"):
            return [str(each) for each in form.values.getlist(name)]
        value = form.values[name]
        return [value] if isinstance(value, str) else [str(each) for each in value]

    @staticmethod
    def errors_for(form: Any, name: str) -> list[str]:
        """What is wrong with a field, as sentences."""
        return [str(getattr(error, "message", error)) for error in form.errors_for(name)] if form is not None else []

    @staticmethod
    def page_url(cursor: str) -> str:
        """The address of this list at another cursor, its filters kept."""
        kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
        return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"

    @staticmethod
    def input_name(form: Any, name: str) -> str:
        """The name and id of a field's input: `amount`, or `lines-0-amount` in a row of a form."""
        in_row = getattr(form, "name", None)
        return str(in_row(name)) if callable(in_row) else name

    @staticmethod
    def ordered_checks(breaches: Iterable[Breach]) -> list[Breach]:
        """Failing checks first, then those to note."""
        return sorted(breaches, key=lambda breach: not breach.blocking)

    @staticmethod
    def shares(contracted: Money, received: Money, spent: Money, held: Money) -> FundShares:
        """Lengths of the fund bar."""
        return FundShares.of(contracted, received, spent, held)


@dataclass(frozen=True, slots=True)
class FundShares:
    """Lengths of the parts of a fund bar in percent of what was contracted, each from the left edge."""

    received: Decimal
    spent: Decimal
    held: Decimal

    @classmethod
    def of(cls, contracted: Money, received: Money, spent: Money, held: Money) -> FundShares:
        """All amounts in the contract's currency; what would run over the edge ends at it."""

        def share(part: Money, room: Decimal = Decimal(100)) -> Decimal:
            return max(Decimal(0), min(room, formats.share_percent(part, contracted)))

        used = share(spent)
        return cls(share(received), used, share(held, Decimal(100) - used))


def money(amount: Money | None, minor: bool = True) -> Markup:
    """`CNY 1,284,600.00` as HTML: the code quieter, minor units in a span of their own, unbreakable; None is empty."""
    if amount is None:
        return Markup("")
    whole, cents = formats.whole_and_minor(amount)
    opening, closing = ("(", ")") if amount.minor < 0 else ("", "")
    tail = f'<span class="minor">{cents}</span>' if minor else cents
    figure = f"{formats.NO_BREAK}{opening}{whole}{tail}{closing}"
    return Markup(f'<span class="money"><i>{amount.currency.value}</i>{figure}</span>')  # noqa: S704 - digits only


def day(value: date | None) -> Markup:
    """A business date as `<time>`: `12 Feb 2026`, `2026年2月12日`; None is empty."""
    if value is None:
        return Markup("")
    text = formats.day_text(value, current_language().code)
    machine = business_date(value) if isinstance(value, datetime) else value
    return Markup(f'<time datetime="{machine.isoformat()}">{text}</time>')  # noqa: S704 - a date holds no markup


def instant(value: datetime | None) -> Markup:
    """An instant as `<time>` in Hong Kong / Shenzhen time; None is empty."""
    if value is None:
        return Markup("")
    text = formats.instant_text(value, current_language().code)
    return Markup(f'<time datetime="{value.isoformat()}">{text}</time>')  # noqa: S704 - a date holds no markup


def choices(labels: Mapping[Any, Any]) -> list[tuple[str, str]]:
    """An enumeration's labels (message ids) as options of a list, in the reader's language."""
    return [(str(value), words(label)) for value, label in labels.items()]


def static_url(filename: str) -> str:
    """The address of a file of `app/static` that changes with its content, so that it may be kept for a year."""
    return url_for("static", filename=filename, v=_digest(str(current_app.static_folder), filename))


def token_field() -> str:
    """The token against forged requests."""
    return str(generate_csrf())


@cache
def _digest(folder: str, filename: str) -> str:
    return hashlib.sha256((Path(folder) / filename).read_bytes()).hexdigest()[:12]


def _page_facts() -> dict[str, object]:
    frame = current_frame()
    here = request.full_path.rstrip("?") if request.method == "GET" else request.path
    return {
        "frame": frame,
        "navigation": lambda section="": navigation_groups(frame, section),
        "language": current_language(),
        "languages": LANGUAGES,
        "here": here,
    }
