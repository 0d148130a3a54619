"""Joins sign-in to Flask: Flask-Login over server-side sessions, the actor of each request, and the page's frame."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Flask, Response, current_app, g, redirect, request, session as cookie, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.exceptions import Unauthorized

from app.access import guards
from app.access.roles import ROLE_NAMES
from app.audit import trail
from app.db.unit_of_work import unit_of_work
from app.institutions import queries as institutions
from app.kernel.actor import Actor
from app.kernel.messages import _
from app.people import passwords, signing_in
from app.people.signing_in import Caller, Resumed
from app.web.formats import listed_text
from app.web.frame import Book, Frame, MenuLink, use_frame
from app.web.present import now
from app.web.problems import problem
from app.web.translation import current_language, use_saved_language

DEVICE_COOKIE = "hetao_device"
DEVICE_LASTS = 90 * 24 * 3600
INBOX_COUNT = "hetao.inbox_count"
"""Extension key under which the pages slice may put a function: actor to the number of things that wait."""


class SignedIn(UserMixin):  # type: ignore[misc]
    """Flask-Login's idea of a user: a good server-side session. Its id is the session's secret, not the person's."""

    def __init__(self, secret: str, resumed: Resumed) -> None:
        """Keep what the session row told."""
        self.secret = secret
        self.person = resumed.person
        self.actor = resumed.actor
        self.session_id = resumed.row.id

    def get_id(self) -> str:
        """What the signed cookie carries."""
        return self.secret


def register(app: Flask) -> None:
    """Wire sign-in, the actor loader, the saved language, the frame and the answer to 401 into the application."""
    manager = LoginManager()
    manager.session_protection = None  # the server-side session decides; addresses change on phones
    manager.init_app(app)
    manager.user_loader(_load)
    guards.register_actor_loader(app, _actor)
    use_saved_language(app, _saved_language, _save_language)
    use_frame(app, frame)
    app.register_error_handler(Unauthorized, to_sign_in)


def signed_in() -> SignedIn | None:
    """The session of this request, or None."""
    return current_user._get_current_object() if current_user.is_authenticated else None


def sign_in(email: str, password: str) -> tuple[bool, bool]:
    """Try to sign in: (signed in, throttled). A new session and a new cookie every time."""
    caller = Caller(request.remote_addr or "", request.headers.get("User-Agent", ""), _device())
    with unit_of_work() as session:
        attempt = signing_in.begin(session, email, caller, now=now())
    if attempt is None:
        return False, True
    device = caller.device or passwords.new_secret()
    with unit_of_work() as session:
        secret = signing_in.finish(session, attempt, email, password, caller, device, now=now())
    if secret is None:
        return False, False
    start(secret)
    g.new_device = device
    return True, False


def start(secret: str) -> None:
    """Put a fresh session's secret into a cleared cookie."""
    cookie.clear()
    loaded = _load(secret)
    if loaded is not None:
        login_user(loaded)
    guards.forget_actor()
    g.pop("chosen_locale", None)


def sign_out() -> None:
    """End the session on the server and clear the cookie."""
    user = signed_in()
    if user is not None:
        with unit_of_work() as session:
            signing_in.sign_out(session, user.actor, user.secret, now=now())
    logout_user()
    cookie.clear()
    guards.forget_actor()


def remember_device(response: Response) -> Response:
    """Give the device a signed secret by which it is known, so that strangers' guesses do not lock it out."""
    device = g.get("new_device")
    if device:
        response.set_cookie(
            DEVICE_COOKIE,
            _serializer().dumps(device),
            max_age=DEVICE_LASTS,
            secure=bool(current_app.config.get("SESSION_COOKIE_SECURE")),
            httponly=True,
            samesite="Lax",
        )
    return response


def to_sign_in(_error: Unauthorized) -> ResponseReturnValue:
    """Send a person without a session to the sign-in page and back afterwards; answer the API as it expects."""
    if request.path.startswith("/api/"):
        return problem(401, headers={"WWW-Authenticate": "Bearer"})
    back = request.full_path.rstrip("?") if request.method == "GET" else ""
    return redirect(url_for("account.sign_in", next=back or None), 303)


MENU = (
    (_("Your account and security"), "account.security"),
    (_("Authority matrix"), "authority.index"),
    (_("Settings"), "policies.index"),
    (_("Audit trail"), "access.trail"),
    (_("Engagements of auditors"), "engagements.index"),
)
"""The menu under the person's name: those of these pages that they may visit."""


def frame() -> Frame:
    """The frame of this page: who, their books, their menu, what they may visit."""
    user = signed_in()
    actor = guards.actor_or_none()
    if user is None or actor is None:
        return Frame(may_visit=lambda endpoint: False)
    language = current_language()
    roles = dict.fromkeys(str(gettext(ROLE_NAMES[right.role])) for right in actor.rights)
    count = current_app.extensions.get(INBOX_COUNT)
    return Frame(
        person_name=user.person.name(language.code),
        role=listed_text(roles, language.code),
        books=_books(actor, language.code, language.tag),
        inbox_count=int(count(actor)) if count else 0,
        density=user.person.density,
        menu=tuple(MenuLink(words, url_for(endpoint)) for words, endpoint in MENU if _may_visit(actor, endpoint)),
        sign_out_url=url_for("account.sign_out"),
        may_visit=lambda endpoint: _may_visit(actor, endpoint),
    )


def _may_visit(actor: Actor, endpoint: str) -> bool:
    guard = guards.guard_of(current_app.view_functions.get(endpoint))
    return guard is not None and (guard.permission is None or guards.may(actor, guard.permission))


def _books(actor: Actor, language: str, tag: str) -> tuple[Book, ...]:
    """The institutions the person works for; asked once per request."""
    if "books" not in g:
        with unit_of_work() as session:
            found = institutions.by_ids(session, actor.institutions()).values()
            books = [Book(each.side, each.name(language), tag) for each in sorted(found, key=lambda each: each.code)]
        g.books = tuple([replace(books[0], current=True), *books[1:]] if books else [])
    kept: tuple[Book, ...] = g.books
    return kept


def _load(secret: str) -> SignedIn | None:
    if not isinstance(secret, str) or len(secret) > 200:
        return None
    with unit_of_work() as session:
        resumed = signing_in.resume(session, secret, now=now())
    return SignedIn(secret, resumed) if resumed else None


def _actor() -> Actor | None:
    user = None if request.path.startswith("/api/") else signed_in()
    return user.actor if user else None


def _saved_language() -> str | None:
    user = signed_in()
    return user.person.language if user else None


def _save_language(code: str) -> None:
    user = signed_in()
    if user is not None:
        trail.note_origin(g.get("request_id"), request.remote_addr)
        with unit_of_work() as session:
            signing_in.set_preferences(session, user.actor, language=code, now=now())


def _device() -> str:
    """The secret of a device that has signed in before, from its signed cookie."""
    try:
        value: Any = _serializer().loads(request.cookies.get(DEVICE_COOKIE, ""))
    except BadSignature:
        return ""
    return value if isinstance(value, str) else ""


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-device")
