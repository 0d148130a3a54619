"""Which language a page speaks.

The choice falls in this order: the person's saved language, the cookie, what the browser accepts, the default.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, has_request_context, redirect, request
from flask_babel import Babel, get_locale, get_translations

from app.web.redirects import safe_next

COOKIE = "language"
_A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Language:
    """One language: `code` in addresses and the API, `locale` of its catalogue, `tag` for `lang` attributes."""

    code: str
    locale: str
    tag: str
    short: str
    name: str


LANGUAGES: tuple[Language, ...] = (
    Language("en", "en", "en", "EN", "English"),
    Language("zh-Hant", "zh_Hant_HK", "zh-Hant-HK", "繁", "繁體中文"),
    Language("zh-Hans", "zh_Hans_CN", "zh-Hans-CN", "简", "简体中文"),
)
BY_CODE: dict[str, Language] = {language.code: language for language in LANGUAGES}
BY_LOCALE: dict[str, Language] = {language.locale: language for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class SavedLanguage:
    """Reads the signed-in person's saved language code (None: nobody, or never chosen) and saves a new choice."""

    read: Callable[[], str | None]
    save: Callable[[str], None]


def use_saved_language(app: Flask, read: Callable[[], str | None], save: Callable[[str], None]) -> None:
    """Let the people slice keep the choice per person, without this floor knowing people."""
    app.extensions["saved_language"] = SavedLanguage(read, save)


def register(app: Flask) -> None:
    """Join Flask-Babel, the choice of language and `POST /language` to the application."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "en")
    app.config.setdefault("BABEL_DEFAULT_TIMEZONE", "Asia/Hong_Kong")
    app.config.setdefault("BABEL_TRANSLATION_DIRECTORIES", "translations")
    Babel(app, locale_selector=_choose_locale)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda message: catalogue().ugettext(message),
        ngettext=lambda one, many, number: catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.register_blueprint(_blueprint())


def current_language() -> Language:
    """The language of the page being made; outside a request, English or the one forced by `force_locale`."""
    return BY_LOCALE.get(str(get_locale()), LANGUAGES[0])


def catalogue() -> Any:
    """The message catalogue of the page being made, looked up once a request: a long page asks a thousand times."""
    locale = get_locale()
    if locale is None:
        return get_translations()
    kept = g.get("catalogue")
    if kept is None or kept[0] is not locale:
        kept = g.catalogue = (locale, get_translations())
    return kept[1]


def best_language(accepted: str) -> Language | None:
    """The first of our languages in an `Accept-Language` value, mapping regions to scripts; None if there is none."""
    for part in sorted(accepted.split(","), key=_quality, reverse=True):
        tag = part.split(";")[0].strip().lower().replace("_", "-")
        if not tag or _quality(part) <= 0:
            continue
        if tag.startswith("zh"):
            traditional = "hant" in tag or ("hans" not in tag and tag.split("-")[-1] in ("hk", "tw", "mo"))
            return BY_CODE["zh-Hant" if traditional else "zh-Hans"]
        if tag == "en" or tag.startswith("en-"):
            return BY_CODE["en"]
    return None


def _quality(part: str) -> float:
    for parameter in part.split(";")[1:]:
        name, _, value = parameter.strip().partition("=")
        if name == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0


def _choose_locale() -> str:
    if not has_request_context():
        return LANGUAGES[0].locale
    if "chosen_locale" not in g:
        g.chosen_locale = _choice().locale
    return str(g.chosen_locale)


def _choice() -> Language:
    saved: SavedLanguage | None = current_app.extensions.get("saved_language")
    for code in (saved.read() if saved else None, request.cookies.get(COOKIE)):
        if code in BY_CODE:
            return BY_CODE[code]
    default = BY_CODE.get(current_app.config.get("DEFAULT_LANGUAGE", "en"), LANGUAGES[0])
    return best_language(request.headers.get("Accept-Language", "")) or default


def _blueprint() -> Blueprint:
    blueprint = Blueprint("language", __name__)
    blueprint.add_url_rule("/language", "choose", choose, methods=["POST"])
    return blueprint


def choose() -> Response:
    """`POST /language` with `language` and `next`: keep the choice and go back to the page it was made on."""
    back = safe_next(request.form.get("next"))
    language = BY_CODE.get(request.form.get("language", ""))
    response = redirect(back, 303)
    if language is None:
        return response  # type: ignore[return-value]
    saved: SavedLanguage | None = current_app.extensions.get("saved_language")
    if saved is not None:
        saved.save(language.code)
    secure = bool(current_app.config.get("SESSION_COOKIE_SECURE"))
    response.set_cookie(COOKIE, language.code, max_age=_A_YEAR, secure=secure, httponly=True, samesite="Lax")
    return response  # type: ignore[return-value]
