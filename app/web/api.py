"""The JSON API, `/api/v1`: each verb is a function of session, actor and command, wrapped once, here.

    api = ApiBlueprint("disbursements", __name__)

    @api.post("/disbursements/<reference:reference>/approve", permission=Permission.DISBURSEMENT_APPROVE,
              body=ApproveForm, response=DisbursementOut, summary="Approve a disbursement")
    def approve(session, actor, command, reference):
        return service.approve(session, actor, command, now=now())

The wrapper brings: personal tokens and their scopes, strict bodies, `Idempotency-Key`, `ETag` and `If-Match`, one unit
of work, problem+json, and the entry in the OpenAPI description. Sessions and cookies are not looked at, so no CSRF
token is needed. A view gives back a record, a `Page`, a list, or (reading only) a finished `Response`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import RequestEntityTooLarge

from app.db.unit_of_work import run_in_unit, unit_of_work
from app.kernel.actor import Actor
from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, InputRefused, NotPermitted
from app.kernel.messages import _
from app.web import idempotency
from app.web.api_description import description_of
from app.web.fields import FileField, ManyField
from app.web.paging import Page
from app.web.problems import BodyNotReadable, NotSignedIn, PreconditionFailed, PreconditionRequired
from app.web.schemas import Form, Out, RowsField

PREFIX = "/api/v1"
MAX_JSON_BYTES = 2 * 1024 * 1024
STALE = "record.changed"
"""Code of the breach that `lock_for_update` raises for a stale version."""

_ACCESS = "hetao.api_access"
_PIECE = 256 * 1024
View = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """What the API needs from the floors above it, given by `create_app`."""

    token_loader: Callable[[str], Actor | None]
    """The actor of a raw personal token; None when unknown, expired, revoked, or its person is disabled."""
    check: Callable[[Actor, Any], None]
    """Raises NotPermitted unless the actor holds the permission somewhere."""
    mark: Callable[[View, Any], Any]
    """States a view's permission for the check that every view is guarded; None: anyone with a token."""
    public: Callable[[str], Callable[[View], View]]
    """Marks a view as open, with the reason."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb of the API as declared."""

    method: str
    rule: str
    endpoint: str
    permission: Any
    body: type[Form] | None
    query: type[Form] | None
    response: type[Out] | None
    many: bool
    status: int
    summary: str
    tag: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and body of a verb, as sent and as remembered."""

    status: int
    body: str
    replayed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


class ApiBlueprint(Blueprint):
    """A slice's part of the API. Rules are written in full below `/api/v1`."""

    def __init__(self, name: str, import_name: str) -> None:
        """`name` is the slice's; the blueprint is called `api_<name>`."""
        super().__init__(f"api_{name}", import_name, url_prefix=PREFIX)
        self.tag = name
        self.operations: list[Operation] = []

    def get(self, rule: str, **declared: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Declare a reading: permission, query, response, many, summary."""
        return self._verb("GET", rule, **declared)

    def post(self, rule: str, **declared: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Declare a writing: permission, body, response, status (201 for a new record), summary."""
        return self._verb("POST", rule, **declared)

    def put(self, rule: str, **declared: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Declare a writing that replaces."""
        return self._verb("PUT", rule, **declared)

    def delete(self, rule: str, **declared: Any) -> Callable[[View], View]:  # type: ignore[override]
        """Declare a writing that removes."""
        return self._verb("DELETE", rule, **declared)

    def _verb(
        self,
        method: str,
        rule: str,
        *,
        permission: Any,
        body: type[Form] | None = None,
        query: type[Form] | None = None,
        response: type[Out] | None = None,
        many: bool = False,
        status: int = 200,
        summary: str = "",
    ) -> Callable[[View], View]:
        def decorate(view: View) -> View:
            words = summary or view.__name__.replace("_", " ").capitalize()
            operation = Operation(
                method,
                rule,
                view.__name__,
                permission,
                body,
                query,
                response,
                many,
                status,
                words,
                self.tag,
                (view.__doc__ or "").strip(),
            )

            @wraps(view)
            def answered(**url: Any) -> Response:
                return _answer(operation, view, url)

            answered.__dict__["api_operation"] = operation
            self.operations.append(operation)
            self.add_url_rule(rule, endpoint=view.__name__, view_func=answered, methods=[method])
            return view

        return decorate


def register(app: Flask, access: ApiAccess) -> None:
    """Join the API to the application; call it after all blueprints are registered."""
    app.extensions[_ACCESS] = access

    def openapi() -> Response:
        """The description of the API (OpenAPI 3.1)."""
        if "hetao.openapi" not in app.extensions:
            app.extensions["hetao.openapi"] = json.dumps(description_of(operations(app), PREFIX), ensure_ascii=False)
        return Response(app.extensions["hetao.openapi"], mimetype="application/json")

    app.add_url_rule(f"{PREFIX}/openapi.json", "api_openapi", access.public("The API describes itself")(openapi))
    for view in app.view_functions.values():
        declared: Operation | None = getattr(view, "api_operation", None)
        if declared is not None:
            access.mark(view, declared.permission)


def operations(app: Flask) -> list[Operation]:
    """Every verb of the API, in the order of registration."""
    return [o for b in app.blueprints.values() if isinstance(b, ApiBlueprint) for o in b.operations]


def is_api_request() -> bool:
    """Whether this request goes to the API, so that errors are answered as problem+json."""
    return request.path.startswith("/api/")


def _answer(operation: Operation, view: View, url: dict[str, Any]) -> Response:
    """One call: who, may they, what do they ask, do it, say it."""
    actor = _actor()
    _check(actor, operation.permission)
    if operation.query is not None:
        url = {**url, "query": operation.query().to_command(_query(operation.query))}
    if operation.method == "GET":
        with unit_of_work() as session:
            result = view(session, actor, **url)
            if isinstance(result, Response):
                return result
            response = _response(_rendered(operation, result))
            response.make_conditional(request)
            return response
    return _response(_write(operation, view, actor, url))


def _actor() -> Actor:
    """The person behind the bearer token. Raises NotSignedIn."""
    scheme, _space, raw = request.headers.get("Authorization", "").partition(" ")
    access: ApiAccess = current_app.extensions[_ACCESS]
    actor = access.token_loader(raw.strip()) if scheme.lower() == "bearer" and 0 < len(raw) <= 500 else None
    if actor is None:
        raise NotSignedIn(
            Breach(
                "api.token",
                _("A valid personal token is needed."),
                _("Send it as “Authorization: Bearer …”; make one on your own page."),
            )
        )
    g.actor = actor
    return actor


def _check(actor: Actor, permission: Any) -> None:
    """The token's scopes and the person's rights. Raises NotPermitted."""
    if permission is None:
        return
    if actor.scopes is not None and str(permission) not in actor.scopes:
        raise NotPermitted(
            Breach(
                "api.scope",
                _("This token does not carry the scope “%(scope)s”."),
                _("Make a token with that scope."),
                params={"scope": str(permission)},
            )
        )
    access: ApiAccess = current_app.extensions[_ACCESS]
    access.check(actor, permission)


def _query(schema: type[Form]) -> dict[str, Any]:
    declared = schema().fields
    return {
        name: request.args.getlist(name) if isinstance(declared.get(name), ManyField) else request.args[name]
        for name in request.args
    }


def _write(operation: Operation, view: View, actor: Actor, url: dict[str, Any]) -> Answer:
    """Carry out a verb in one unit of work, once per idempotency key, whose record is committed with it."""
    given = _body(operation)
    arguments: tuple[Any, ...] = ()
    if operation.body is not None:
        _take_version(operation.body, given)
        arguments = (operation.body().to_command(given),)
    key = request.headers.get("Idempotency-Key", "")
    said = idempotency.digest(request.method, request.full_path, {n: _digestible(v) for n, v in given.items()})
    key = idempotency.checked_key(key) if key else ""

    def once(session: Session) -> Answer:
        earlier = idempotency.claim(session, actor.person_id, key, said, wait=False) if key else None
        if earlier is not None:
            return Answer(earlier.status or 200, earlier.body or "", replayed=True)
        result = view(session, actor, *arguments, **url)
        session.flush()
        answer = _rendered(operation, result)
        if key:
            idempotency.remember(session, actor.person_id, key, status=answer.status, body=answer.body)
        return answer

    try:
        return run_in_unit(once)
    except Conflict as conflict:
        if "If-Match" in request.headers and any(breach.code == STALE for breach in conflict.breaches):
            raise PreconditionFailed(*conflict.breaches) from conflict
        raise


def _digestible(value: Any) -> Any:
    """A file stands in the digest by its name and content, which is read piece by piece."""
    if not hasattr(value, "stream"):
        return value
    digest = hashlib.sha256()
    value.stream.seek(0)
    while piece := value.stream.read(_PIECE):
        digest.update(piece)
    value.stream.seek(0)
    return [value.filename, digest.hexdigest()]


def _body(operation: Operation) -> dict[str, Any]:
    """The body as a dictionary: a JSON object, or a form with files where the verb takes a file."""
    if request.mimetype == "multipart/form-data" and operation.body is not None:
        declared = operation.body().fields
        if any(isinstance(f, FileField) for f in declared.values()):
            many = {n for n, f in declared.items() if isinstance(f, ManyField)}
            rows = {n for n, f in declared.items() if isinstance(f, RowsField)}
            texts = {
                n: request.form.getlist(n) if n in many else request.form[n] for n in request.form if n not in rows
            }
            read = {n: _json_value(request.form[n]) for n in rows & set(request.form)}
            return {**texts, **read, **request.files}
    if (request.content_length or 0) > MAX_JSON_BYTES:
        raise RequestEntityTooLarge
    raw = request.get_data()
    if not raw.strip():
        return {}
    if not request.is_json:
        raise BodyNotReadable(
            Breach("api.media-type", _("The body must be JSON."), _("Send it with Content-Type: application/json."))
        )
    return _json_object(raw)


def _json_value(text: str) -> Any:
    """The value of a part of a form that holds JSON: the array of rows. Raises InputRefused."""
    return _json_object(b'{"rows":' + text.encode() + b"}").get("rows")


def _json_object(raw: bytes) -> dict[str, Any]:
    """A JSON object without repeated names and without NaN or Infinity. Raises InputRefused."""
    try:
        given = json.loads(raw.decode("utf-8"), object_pairs_hook=_no_repetition, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _not_an_object() from error
    if not isinstance(given, dict):
        raise _not_an_object()
    return given


def _not_an_object() -> InputRefused:
    return InputRefused(
        Breach(
            "api.not-json",
            _("The body is not a JSON object."),
            _("Send one object in UTF-8, each name once, without NaN or Infinity."),
        )
    )


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _take_version(schema: type[Form], given: dict[str, Any]) -> None:
    """Fill the body's version from If-Match where the verb wants one. Raises PreconditionRequired or -Failed."""
    declared = schema().fields.get("version")
    if declared is None:
        return
    tag = request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
    if tag and not (tag.isascii() and tag.isdecimal()):
        raise PreconditionFailed(_stale())
    if tag and given.get("version") not in (None, int(tag), tag):
        raise PreconditionFailed(_stale())
    if tag:
        given["version"] = int(tag)
    if given.get("version") is None and declared.required:
        raise PreconditionRequired(
            Breach(
                "api.version-needed",
                _("The version of the record is needed."),
                _("Send the record's ETag in If-Match, or its version in the body."),
                field="version",
            )
        )


def _stale() -> Breach:
    return Breach(STALE, _("The record is not at that version."), _("Read it again and repeat what you were doing."))


def _rendered(operation: Operation, result: Any) -> Answer:
    """The result through the response schema."""
    if result is None and operation.response is None:
        return Answer(204, "")
    schema = operation.response() if operation.response else None
    many = operation.many or isinstance(result, Page | list | tuple)
    items = result.items if isinstance(result, Page) else result
    content: Any = schema.dump(items, many=many) if schema else items
    if isinstance(result, Page):
        content = {"items": content, "next": result.next, "previous": result.previous}
        if result.total is not None:
            content["total"] = result.total
    elif many:
        content = {"items": content, "next": None, "previous": None}
    return Answer(operation.status, json.dumps(content, ensure_ascii=False, default=str))


def _response(answer: Answer) -> Response:
    response = Response(answer.body, status=answer.status, mimetype="application/json")
    version = _version(answer.body)
    if version is not None:
        response.set_etag(str(version))
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def _version(body: str) -> int | None:
    content = json.loads(body) if body else None
    version = content.get("version") if isinstance(content, dict) else None
    return version if type(version) is int else None
