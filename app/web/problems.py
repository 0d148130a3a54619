"""Refusals as problem+json (RFC 9457): the same breaches, words and statuses that the screens show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, g, request

from app.kernel.breaches import Breach
from app.kernel.errors import Conflict, Refusal
from app.web.wording import FieldError, all_in_words

MEDIA_TYPE = "application/problem+json"


class PreconditionFailed(Conflict):
    """The version named in If-Match is not the record's any more."""

    status = 412


class PreconditionRequired(Refusal):
    """The verb needs the version of the record, in If-Match or in the body."""

    status = 428


class BodyNotReadable(Refusal):
    """The body is of a media type this verb does not take."""

    status = 415


class NotSignedIn(Refusal):
    """No token, or one that does not (or no longer) stand for a person who may use it."""

    status = 401


def reference() -> str:
    """The reference number of this request, as its log lines carry it."""
    return str(g.get("request_id", ""))


def title_of(status: int) -> str:
    """The standard English phrase of a status."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def breach_json(error: FieldError) -> dict[str, Any]:
    """One breach as a member of `breaches`."""
    return {
        "code": error.code,
        "message": error.headline,
        "cure": error.cure,
        "source": error.source,
        "field": error.field,
        "blocking": error.blocking,
    }


def problem(
    status: int,
    breaches: Iterable[Breach] = (),
    *,
    detail: str = "",
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A problem document: type, title, status, detail, instance, reference, breaches."""
    errors = all_in_words(breaches)
    document = {
        "type": f"urn:hetao:problem:{errors[0].code}" if errors else "about:blank",
        "title": title_of(status),
        "status": status,
        "detail": detail or (errors[0].message if errors else title_of(status)),
        "instance": request.path,
        "reference": reference(),
        "breaches": [breach_json(error) for error in errors],
    }
    response = Response(json.dumps(document, ensure_ascii=False), status=status, mimetype=MEDIA_TYPE)
    response.headers.update(headers or {})
    return response
