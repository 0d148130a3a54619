"""Screens of one's own account: sign-in, sign-out, security, tokens, preferences, setting a password by link."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, current_app, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from app.access.guards import actor_or_none, current_actor, public, requires, signed_in
from app.access.permissions import Permission
from app.audit.timeline import history
from app.db.unit_of_work import unit_of_work
from app.kernel.breaches import Breach
from app.kernel.errors import InputRefused, NotPermitted, Refusal
from app.kernel.messages import _
from app.people import queries, rights, sessions, signing_in, tokens
from app.people.forms import (
    LANGUAGE_CODES,
    NewPasswordForm,
    NothingForm,
    PasswordForm,
    PreferencesForm,
    SignInForm,
    TokenForm,
)
from app.people.states import DENSITY_NAMES
from app.web.forms import HtmlForm
from app.web.present import now
from app.web.redirects import safe_next
from app.web.templating import page
from app.web.translation import BY_CODE, LANGUAGES

pages = Blueprint("account", __name__)

OWN = "Concerns only the person's own account"
DEMO_SIGN_INS = "hetao.demo_sign_ins"
"""Extension key under which the demonstration may put a function that answers its sign-ins for the page."""
DEMO_PROGRESS = "hetao.demo_progress"
"""Extension key under which serving puts a function that answers how far the demonstration is loaded."""


class TooManyTries(Refusal):
    """Signing in was tried too often; told alike for known and unknown accounts."""

    status = 429


@pages.route("/sign-in", methods=["GET", "POST"])
@public("Nobody is signed in yet")
def sign_in() -> ResponseReturnValue:
    """Sign in with address and password."""
    back = safe_next(request.values.get("next"), "/")
    if request.method == "GET" and actor_or_none() is not None:
        return redirect(back)
    form = HtmlForm(SignInForm)
    if form.sent:
        try:
            given = form.schema.to_command(form.given, strict=False)
        except InputRefused as refusal:
            form.refuse(refusal)
        else:
            done, throttled = sessions.sign_in(given["email"], given["password"])
            if done:
                return sessions.remember_device(make_response(redirect(back, 303)))
            form.refuse(_too_many() if throttled else _wrong())
    shown = current_app.extensions.get(DEMO_SIGN_INS)
    progress = current_app.extensions.get(DEMO_PROGRESS)
    body = page(
        "people/sign_in.html",
        form=form,
        back=back,
        demo=shown() if shown else (),
        progress=progress() if progress else None,
    )
    return body, form.status


@pages.post("/sign-out")
@public("Leaving must work even when the session has ended already")
def sign_out() -> ResponseReturnValue:
    """End this session."""
    sessions.sign_out()
    return redirect(url_for("account.sign_in"), 303)


@pages.get("/account")
@signed_in(OWN)
def security() -> ResponseReturnValue:
    """One's own sessions, tokens, password and preferences."""
    return _security(), 200


@pages.post("/account/sessions/<uuid:session_id>/end")
@signed_in(OWN)
def end_session(session_id: UUID) -> ResponseReturnValue:
    """End one of one's own sessions."""
    form = HtmlForm(NothingForm)
    form.run(lambda session, _command: signing_in.end_session(session, current_actor(), session_id, now=now()))
    return _after(form, gettext("The session has ended."))


@pages.post("/account/password")
@signed_in(OWN)
def change_password() -> ResponseReturnValue:
    """Change one's own password; every other session ends."""
    form = HtmlForm(PasswordForm)
    user = sessions.signed_in()
    keep = user.secret if user else None
    form.run(
        lambda session, given: signing_in.change_password(
            session, current_actor(), given["current_password"], given["new_password"], keep, now=now()
        )
    )
    return _after(form, gettext("Your password is changed. Your other sessions have ended."))


@pages.post("/account/preferences")
@signed_in(OWN)
def preferences() -> ResponseReturnValue:
    """Keep language and row height."""
    form = HtmlForm(PreferencesForm)
    form.run(
        lambda session, given: signing_in.set_preferences(
            session,
            current_actor(),
            language=given["language"] if given["language"] in BY_CODE else None,
            density=given["density"].value,
            now=now(),
        )
    )
    return _after(form, gettext("Your preferences are kept."))


@pages.post("/account/tokens")
@requires(Permission.TOKENS_OWN)
def create_token() -> ResponseReturnValue:
    """Make a personal token and show it this once."""
    form = HtmlForm(TokenForm)
    made: list[str] = []

    def create(session: object, command: tokens.TokenCommand) -> str:
        token, secret = tokens.create(session, current_actor(), command, now=now())  # type: ignore[arg-type]
        made.append(secret)
        return str(token.id)

    form.run(create)
    if not form.done or not made:
        return _after(form, gettext("The token was made already; it is not shown again."))
    response = make_response(_security(secret=made[-1]))
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.post("/account/tokens/<uuid:token_id>/revoke")
@signed_in(OWN)
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """Revoke one of one's own tokens."""
    form = HtmlForm(NothingForm)
    form.run(lambda session, _command: tokens.revoke(session, current_actor(), token_id, now=now()))
    return _after(form, gettext("The token is revoked."))


@pages.route("/set-password/<secret>", methods=["GET", "POST"])
@public("The link itself is the proof; it works once and expires")
def set_password(secret: str) -> ResponseReturnValue:
    """Set a password with a link from two administrators."""
    form = HtmlForm(NewPasswordForm)
    if form.sent:
        form.run(lambda session, given: rights.use_password_link(session, secret, given["password"], now=now()))
        if form.done:
            flash(gettext("Your password is set. Sign in with it."), "success")
            return redirect(url_for("account.sign_in"), 303)
    return page("people/set_password.html", form=form), form.status


def _security(form: HtmlForm | None = None, secret: str = "") -> str:
    user = sessions.signed_in()
    actor = current_actor()
    with unit_of_work() as session:
        return page(
            "people/security.html",
            form=form,
            secret=secret,
            person=user.person if user else None,
            own_session_id=user.session_id if user else None,
            open_sessions=queries.sessions_of(session, actor.person_id),
            tokens=queries.tokens_of(session, actor.person_id),
            scopes=tokens.scopes_open_to(actor),
            scope_choices=[(scope.value, scope.value) for scope in tokens.scopes_open_to(actor)],
            events=history(session, "person", actor.person_id)[:20],
            language_choices=[(each.code, each.name) for each in LANGUAGES if each.code in LANGUAGE_CODES],
            densities=DENSITY_NAMES,
            now=now(),
        )


def _after(form: HtmlForm, said: str) -> ResponseReturnValue:
    if form.done:
        flash(said, "success")
        return redirect(url_for("account.security"), 303)
    return _security(form), form.status


def _wrong() -> NotPermitted:
    return NotPermitted(
        Breach(
            "person.sign-in",
            _("The address and the password do not belong together."),
            cure=_("Check both. If you cannot sign in, ask your administrator for a link."),
        )
    )


def _too_many() -> TooManyTries:
    return TooManyTries(
        Breach(
            "person.sign-in-throttled",
            _("There were too many tries."),
            cure=_("Wait fifteen minutes, or use a device on which you have signed in before."),
        )
    )
