"""Every refusal and failure, told in words with a reference number: a page, or problem+json below `/api/`."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from app.kernel.breaches import Breach
from app.kernel.errors import Refusal
from app.kernel.messages import _
from app.web.problems import problem, reference, title_of
from app.web.request_log import SECRET_NAMES, log
from app.web.wording import all_in_words

RETRY_SECONDS = "5"
MAX_KEPT_BYTES = 200_000

FORGED = Breach(
    "forgery.token",
    _("This page was open too long, or the request did not come from one of our pages. Nothing was changed."),
    _("Go back, reload the page and send it again."),
)
AWAY = Breach(
    "database.unavailable",
    _("The database does not answer. Nothing was saved."),
    _("Wait a moment and send it again: what you typed is kept below."),
)

BUSY = Breach(
    "database.busy",
    _("Too many people are at work at this moment. Nothing was saved."),
    _("Wait a few seconds and send it again."),
)


def register(app: Flask) -> None:
    """Answer refusals, HTTP errors, and a database that is away."""
    app.register_error_handler(Refusal, refusal_page)
    app.register_error_handler(CSRFError, forged_page)
    app.register_error_handler(HTTPException, http_page)
    for failure in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(failure, database_page)


def refusal_page(refusal: Refusal) -> Response:
    """A refusal that no form has shown itself."""
    g.refusal = refusal
    headers = {"WWW-Authenticate": "Bearer"} if refusal.status == 401 else {}
    if refusal.status == 409 and request.path.startswith("/api/"):
        headers["Retry-After"] = "1"
    return _answer(refusal.status, tuple(refusal.breaches), headers=headers)


def forged_page(_error: CSRFError) -> Response:
    """A missing or wrong token: 403 in clear words."""
    return _answer(403, (FORGED,))


def http_page(error: HTTPException) -> Response:
    """An HTTP error of Flask or Werkzeug; redirects pass through. A failure of ours is logged with its trace."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return make_response(error.get_response())
    if status >= 500:
        original = getattr(error, "original_exception", None)
        log.error("failure", path=request.path, exc_info=original or error)
    kept = {n: v for n, v in error.get_headers() if n in ("Allow", "Retry-After", "WWW-Authenticate")}
    return _answer(status, headers=kept)


def database_page(error: Exception) -> Response:
    """The database is away or overloaded: 503, nothing saved, and what was typed in a form that sends it again."""
    log.error("database", path=request.path, kind=type(error).__name__, detail=str(getattr(error, "orig", error))[:500])
    g.actor = None
    breach = BUSY if isinstance(error, PoolTimeout) else AWAY
    return _answer(503, (breach,), headers={"Retry-After": RETRY_SECONDS}, kept=kept_inputs())


def kept_inputs() -> list[tuple[str, str]]:
    """What was typed, as hidden inputs for a retry: no passwords, no files; its key prevents doubling."""
    if request.method != "POST" or request.path.startswith("/api/"):
        return []
    pairs = [(name, value) for name, values in request.form.lists() for value in values]
    secret = any(SECRET_NAMES.search(name) for name, _value in pairs if name != "csrf_token")
    too_much = sum(len(name) + len(value) for name, value in pairs) > MAX_KEPT_BYTES
    return [] if secret or too_much or request.files else pairs


def _answer(
    status: int,
    breaches: tuple[Breach, ...] = (),
    *,
    headers: dict[str, str] | None = None,
    kept: list[tuple[str, str]] | None = None,
) -> Response:
    if request.path.startswith("/api/"):
        return problem(status, breaches, headers=headers)
    body = _page(status, breaches, kept or [])
    return Response(body, status=status, mimetype="text/html", headers=headers)


def _page(status: int, breaches: tuple[Breach, ...], kept: list[tuple[str, str]]) -> str:
    """The status's own template, or a bare page when even that fails (the frame may need the database)."""
    context: dict[str, Any] = {
        "status": status,
        "breaches": breaches,
        "reference": reference(),
        "kept": kept,
        "action": request.full_path.rstrip("?"),
    }
    try:
        return render_template(f"errors/{status}.html", **context)
    except TemplateNotFound:
        log.debug("no template", status=status)
    except Exception as failure:
        if current_app.testing and status != 503:
            raise
        log.error("error page", status=status, kind=type(failure).__name__)
    return _bare_page(status, breaches, kept, context["action"])


def _bare_page(status: int, breaches: tuple[Breach, ...], kept: list[tuple[str, str]], action: str) -> str:
    """A page that needs nothing but Python: heading, reasons, cure, retry, reference."""
    title = gettext("Nothing was saved") if status == 503 else title_of(status)
    reasons = Markup("").join(Markup("<p>{}</p>").format(error.message) for error in all_in_words(breaches))
    inputs = Markup("").join(Markup('<input type="hidden" name="{}" value="{}">').format(n, v) for n, v in kept)
    typed = Markup("").join(
        Markup("<dt>{}</dt><dd>{}</dd>").format(name, value)
        for name, value in kept
        if value and name not in ("csrf_token", "idempotency_key", "version")
    )
    button = Markup('<p><button class="govuk-button" type="submit">{}</button></p>').format(gettext("Try again"))
    form = Markup('<form method="post" action="{}">{}{}</form>').format(action, inputs, button) if kept else Markup("")
    listed = Markup("<dl>{}</dl>").format(typed) if typed else Markup("")
    number = gettext("Reference %(reference)s. Quote it when you ask for help.", reference=reference())
    return Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="/static/theme.css"></head><body><main id="main" class="page--mid">'
        "<h1>{title}</h1>{reasons}{form}{listed}<p>{number}</p></main></body></html>"
    ).format(title=title, reasons=reasons, form=form, listed=listed, number=number)
