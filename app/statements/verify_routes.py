"""The public page that checks a statement: by its code, by its file, or without us. No sign-in, and no file is kept."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.access.guards import public
from app.db.unit_of_work import unit_of_work
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, NotFound, Refusal
from app.kernel.messages import _
from app.signing.states import STATE_LABELS
from app.statements import checking, throttle, without_us as without_us_words
from app.statements.checking import Checked
from app.statements.forms import VerifyForm
from app.statements.states import FileKind, Verdict
from app.web.downloads import attachment
from app.web.forms import HtmlForm
from app.web.present import now
from app.web.templating import page
from app.web.translation import BY_CODE, LANGUAGES, current_language

pages = Blueprint("verify", __name__)

WHY = "Whoever holds a statement must be able to check it; only what stands on its first page's foot is shown"
WHY_WITHOUT_US = "How to check a statement and the books behind it without this site"


class TooManyChecks(Refusal):
    """Too many tries from one address; told alike for known and unknown codes."""

    status = 429


@pages.route("/verify", methods=["GET", "POST"])
@public(WHY)
def check() -> ResponseReturnValue:
    """Type a code or drop a file."""
    form = HtmlForm(VerifyForm)
    if not form.sent:
        return _shown(form, None), 200
    try:
        given = form.schema.to_command(form.given, strict=False)
        checked = _signatures(_counted(lambda session: _answer(session, given)), given)
    except (InputRefused, TooManyChecks) as refusal:
        form.refuse(refusal)
        return _shown(form, None), form.status
    return _shown(form, checked), 200


@pages.get("/v/<code>")
@public(WHY)
def by_code(code: str) -> ResponseReturnValue:
    """Where the square on a page leads."""
    form = HtmlForm(VerifyForm, initial={"code": code[:60]})
    try:
        checked = _counted(lambda session: checking.by_code(session, code[:60]))
    except TooManyChecks as refusal:
        form.refuse(refusal)
        return _shown(form, None), form.status
    return _shown(form, checked), 200


@pages.get("/verify/without-us")
@public(WHY_WITHOUT_US)
def without_us() -> ResponseReturnValue:
    """One page on how to check without us."""
    return page("statements/without_us.html", **_without_us(), languages=LANGUAGES), 200


@pages.get("/verify/without-us/<language>")
@public(WHY_WITHOUT_US)
def without_us_file(language: str) -> ResponseReturnValue:
    """The same page as a file that stands alone, to keep beside the statement."""
    wanted = BY_CODE.get(language)
    if wanted is None:
        raise NotFound(Breach("statement.language", _("There is no such file.")))
    with force_locale(wanted.locale):
        written = render_template("statements/without_us_file.html", **_without_us(), tag=wanted.tag)
    return attachment(written.encode(), "text/html; charset=utf-8", f"check-without-us-{wanted.code}.html")


def _without_us() -> dict[str, object]:
    keys = url_for("books.published_keys", _external=True)
    return {"title": without_us_words.title(), "lead": without_us_words.lead(), "checks": without_us_words.checks(keys)}


def _answer(session: Session, given: dict[str, object]) -> Checked:
    file = given["file"]
    if file is not None:
        return checking.by_file(session, file.content)  # type: ignore[attr-defined]
    return checking.by_code(session, str(given["code"]))


def _signatures(checked: Checked, given: dict[str, object]) -> Checked:
    """What stands of the file's signatures, looked at after the database is let go."""
    file = given["file"]
    if file is None:
        return checked
    settings = current_app.extensions["hetao.settings"]
    return checking.with_signatures(checked, file.content, settings)  # type: ignore[attr-defined]


def _counted(answer: Callable[[Session], Checked]) -> Checked:
    """Count the try before any work is done for it. Raises TooManyChecks."""
    with unit_of_work() as session:
        attempt = throttle.begin(session, request.remote_addr or "", now=now())
    if attempt is None:
        raise TooManyChecks(
            Breach(
                "statement.check-throttled",
                _("There were too many tries."),
                _("Wait fifteen minutes and try again."),
            )
        )
    with unit_of_work() as session:
        checked = answer(session)
        if checked.verdict is not Verdict.UNKNOWN:
            throttle.hit(session, attempt)
    return checked


def _shown(form: HtmlForm, checked: Checked | None) -> str:
    place = checked.institution if checked else None
    return page(
        "statements/verify.html",
        form=form,
        checked=checked,
        verdict=checked.verdict.value if checked else "",
        statement=checked.statement if checked else None,
        institution=place.name(current_language().code) if place else "",
        signature_labels=STATE_LABELS,
        is_auditors=bool(checked and checked.file and checked.file.kind == FileKind.AUDITORS_REPORT),
    )
