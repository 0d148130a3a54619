"""Every view is guarded: by a permission, by being signed in, or openly by a stated reason. Services check exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from uuid import UUID

from flask import Flask, Response, abort, current_app, g, request

from app.access.permissions import Permission
from app.access.roles import ROLE_NAMES, roles_granting
from app.access.scope import institutions_granting
from app.audit import trail
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import NotPermitted
from app.kernel.messages import Words, _

View = TypeVar("View", bound=Callable[..., Any])
ActorLoader = Callable[[], Actor | None]

GUARD_ATTRIBUTE = "access_guard"
_LOADER = "hetao.actor_loader"


@dataclass(frozen=True, slots=True)
class Guard:
    """How a view is guarded: a permission, or a stated reason for going without one."""

    permission: Permission | None
    reason: str = ""
    needs_sign_in: bool = True


class UnguardedView(RuntimeError):
    """The application may not start: a view states neither a permission nor why it needs none."""


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view: the actor holds `permission` somewhere. The service then checks the exact institution."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            check_anywhere(current_actor(), permission)
            return view(*args, **kwargs)

        return cast(View, _marked(guarded, Guard(permission)))

    return decorate


def signed_in(reason: str) -> Callable[[View], View]:
    """Guard a view that concerns only the person's own account: anyone signed in, with the reason why."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            current_actor()
            return view(*args, **kwargs)

        return cast(View, _marked(guarded, Guard(None, reason)))

    return decorate


def public(reason: str) -> Callable[[View], View]:
    """Mark a view as open to anyone, stating why."""

    def decorate(view: View) -> View:
        return cast(View, _marked(view, Guard(None, reason, needs_sign_in=False)))

    return decorate


def mark(view: View, permission: Permission | None) -> View:
    """State a view's permission where something else checks it (the API's own blueprint); None: any valid token."""
    return cast(View, _marked(view, Guard(permission, "" if permission else "Anyone with a valid token")))


def _marked(view: Any, guard: Guard) -> Any:
    setattr(view, GUARD_ATTRIBUTE, guard)
    return view


def guard_of(view: Any) -> Guard | None:
    """The guard a view declares, or None."""
    return getattr(view, GUARD_ATTRIBUTE, None)


def check_all_guarded(app: Flask) -> None:
    """Refuse to start unless every view states its guard. Raises UnguardedView naming the endpoints."""
    bare = sorted(
        endpoint
        for endpoint, view in app.view_functions.items()
        if guard_of(view) is None and not endpoint.split(".")[-1].startswith("static")
    )
    if bare:
        raise UnguardedView("views without a guard: " + ", ".join(bare))


def register_actor_loader(app: Flask, loader: ActorLoader) -> None:
    """Tell the guards who acts; `loader` answers from the session or the token, None for nobody."""
    app.extensions[_LOADER] = loader


def actor_or_none() -> Actor | None:
    """The actor of this request, or None when nobody is signed in. Loaded once per request."""
    if "actor" not in g:
        loader: ActorLoader | None = current_app.extensions.get(_LOADER)
        g.actor = loader() if loader else None
    actor: Actor | None = g.actor
    return actor


def current_actor() -> Actor:
    """The actor of this request; answers 401 (sign in first) when there is none."""
    actor = actor_or_none()
    if actor is None:
        abort(401)
    return actor


def forget_actor() -> None:
    """Drop the cached actor, after signing in or out."""
    g.pop("actor", None)


def may(actor: Actor | None, permission: Permission, institution_id: UUID | None = None) -> bool:
    """Whether the actor holds `permission` (at that institution, when one is named)."""
    if actor is None:
        return False
    held_at = institutions_granting(actor, permission)
    return bool(held_at) if institution_id is None else institution_id in held_at


def refusal(permission: Permission, institution_id: UUID | None = None) -> NotPermitted:
    """The refusal that says which right is missing and which roles carry it."""
    roles = roles_granting(permission)
    return NotPermitted(
        Breach(
            "access.not-permitted",
            _("You do not hold the right “%(permission)s” here."),
            cure=_("These roles can: %(roles)s."),
            source=_("Role table of this system"),
            params={
                "permission": permission.value,
                "roles": Words(tuple(ROLE_NAMES[role] for role in roles)),
                "role_codes": [role.value for role in roles],
                "institution_id": str(institution_id) if institution_id else None,
            },
        )
    )


def check_anywhere(actor: Actor, permission: Permission) -> None:
    """Coarse check of a route: the permission is held at some institution. Raises NotPermitted."""
    if not may(actor, permission):
        raise refusal(permission)


def authorise(actor: Actor, permission: Permission, institution_id: UUID | None = None) -> None:
    """Exact check of a service: the permission is held at this institution. Raises NotPermitted naming who can.

    With `institution_id` None the permission may be held anywhere (opening an institution, for one).
    """
    if not may(actor, permission, institution_id):
        raise refusal(permission, institution_id)


def authorise_any(actor: Actor, permission: Permission, *institution_ids: UUID) -> None:
    """Exact check where either party's people may act. Raises NotPermitted naming who can."""
    if not any(may(actor, permission, key) for key in institution_ids):
        raise refusal(permission, institution_ids[0] if institution_ids else None)


def own_work(verb: str, cure: str = "") -> NotPermitted:
    """The refusal for acting on one's own work: 403 everywhere. `verb` names what was tried."""
    return NotPermitted(
        Breach(
            "access.own-work",
            _("You prepared this yourself, so you cannot do this step."),
            cure=cure or _("Another person with this right must do it."),
            source=_("Separation of duties: maker, checker and payer are different people"),
            params={"verb": verb},
        )
    )


def register(app: Flask) -> None:
    """Wire the guards into the application: origin of each request for the trail, and a record of every denial."""
    app.before_request(_note_origin)
    app.after_request(_record_denial)
    app.context_processor(lambda: {"actor": actor_or_none(), "may": _may_in_template})


def _may_in_template(permission: str, institution_id: UUID | None = None) -> bool:
    return may(actor_or_none(), Permission(permission), institution_id)


def _note_origin() -> None:
    trail.note_origin(getattr(g, "request_id", None), request.remote_addr)


def _record_denial(response: Response) -> Response:
    if response.status_code != 403 or g.get("denial_recorded"):
        return response
    g.denial_recorded = True
    view = current_app.view_functions.get(request.endpoint or "")
    guard = guard_of(view)
    refused = getattr(g, "refusal", None)
    trail.record_denial(
        g.get("actor"),
        verb=guard.permission.value if guard and guard.permission else (request.endpoint or "request"),
        details={
            "method": request.method,
            "path": request.path,
            "endpoint": request.endpoint,
            "codes": [breach.code for breach in refused.breaches] if refused else [],
        },
    )
    return response
