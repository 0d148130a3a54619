"""The OpenAPI 3.1 description of the API, made from the same schemas that check the bodies."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable
from typing import Any

from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin

from app.web.field_base import Input
from app.web.fields import FileField
from app.web.schemas import CodeOut, DecimalOut, MoneyOut, RowsField

ARGUMENT = re.compile(r"<(?:([a-z_]+)(?:\([^)]*\))?:)?([a-z_][a-z0-9_]*)>")
ARGUMENT_TYPES = {"uuid": {"type": "string", "format": "uuid"}, "int": {"type": "integer"}}

MONEY = {
    "type": "object",
    "required": ["amount", "currency"],
    "properties": {
        "amount": {"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$"},
        "currency": {"type": "string", "enum": ["CNY", "HKD"]},
    },
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "reference": {"type": "string"},
        "breaches": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "cure": {"type": "string"},
                    "source": {"type": "string"},
                    "field": {"type": ["string", "null"]},
                    "blocking": {"type": "boolean"},
                },
            },
        },
    },
}
REFUSALS = {
    "400": "Malformed input",
    "401": "No valid token",
    "403": "Not permitted",
    "404": "Not found, or outside your scope",
    "409": "Someone else was first",
    "412": "The record is at another version",
    "422": "A rule says no, or the idempotency key stands for another request",
    "428": "The version of the record is needed",
}
WRITING_ONLY = ("409", "412", "422", "428")


def description_of(operations: Iterable[Any], prefix: str) -> dict[str, Any]:
    """The whole description as a plain dictionary."""
    plugin = MarshmallowPlugin(schema_name_resolver=_name)
    spec = APISpec("Hetao Ledger", "1", openapi_version="3.1.0", plugins=[plugin], security=[{"token": []}])
    converter: Any = plugin.converter
    if converter is None:
        raise RuntimeError("the description has no converter")
    converter.add_attribute_function(_attributes)
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    spec.components.schema("Money", MONEY)
    spec.components.schema("Problem", PROBLEM)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for operation in operations:
            path = ARGUMENT.sub(r"{\2}", prefix + operation.rule)
            spec.path(path=path, operations={operation.method.lower(): _operation(operation)})
    return dict(spec.to_dict())


def _name(schema: Any) -> str:
    """`disbursements.Approve` for the class ApproveForm of that slice: unique over all slices."""
    found = schema if isinstance(schema, type) else type(schema)
    parts = found.__module__.split(".")
    name = found.__name__.removesuffix("Form").removesuffix("Out") or found.__name__
    side = "" if found.__name__.endswith("Out") else "Input"
    return f"{parts[1] if len(parts) > 1 else parts[0]}.{name}{side}"


def _attributes(converter: Any, field: Any, **_: Any) -> dict[str, Any]:
    """What our own fields say about themselves."""
    if isinstance(field, MoneyOut):
        return {"$ref": "#/components/schemas/Money"}
    if isinstance(field, DecimalOut | CodeOut):
        return {"type": "string"}
    if not isinstance(field, Input):
        return {}
    described: dict[str, Any] = dict(field.openapi) | {"title": str(field.label_id)}
    if isinstance(field, RowsField):
        described["items"] = converter.resolve_nested_schema(field.row)
    if getattr(field, "max_length", None):
        described["maxLength"] = getattr(field, "max_length", None)
    if field.allow_none:
        described |= _nullable(described, field.metadata.get("enum"))
    return described


def _nullable(described: dict[str, Any], choices: Any) -> dict[str, Any]:
    """A field that may be left out may also be sent as null."""
    kind = described.get("type")
    null: dict[str, Any] = {"type": [kind, "null"]} if isinstance(kind, str) else {}
    listed = described.get("enum") or choices
    return null | {"enum": [*listed, None]} if listed else null


def _operation(operation: Any) -> dict[str, Any]:
    writing = operation.method != "GET"
    described: dict[str, Any] = {
        "operationId": f"{operation.tag}.{operation.endpoint}",
        "summary": operation.summary,
        "description": operation.description,
        "tags": [operation.tag],
        "parameters": _parameters(operation),
        "responses": {str(operation.status): _success(operation)},
    }
    if operation.permission is not None:
        described["x-permission"] = str(operation.permission)
    for status, words in REFUSALS.items():
        if writing or status not in WRITING_ONLY:
            content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
            described["responses"][status] = {"description": words, "content": content}
    if operation.body is not None:
        with_file = any(isinstance(f, FileField) for f in operation.body().fields.values())
        media_type = "multipart/form-data" if with_file else "application/json"
        described["requestBody"] = {"required": True, "content": {media_type: {"schema": operation.body}}}
    return described


def _parameters(operation: Any) -> list[Any]:
    parameters: list[Any] = [
        {"in": "path", "name": name, "required": True, "schema": ARGUMENT_TYPES.get(kind or "", {"type": "string"})}
        for kind, name in ARGUMENT.findall(operation.rule)
    ]
    if operation.query is not None:
        parameters.append({"in": "query", "schema": operation.query})
    if operation.method != "GET":
        about = "8 to 200 plain characters; the same key and body give the first answer again."
        parameters.append(_header("Idempotency-Key", about))
        if operation.body is not None and "version" in operation.body().fields:
            parameters.append(_header("If-Match", "The record's ETag; may stand in place of `version` in the body."))
    return parameters


def _header(name: str, about: str) -> dict[str, Any]:
    return {"in": "header", "name": name, "required": False, "description": about, "schema": {"type": "string"}}


def _success(operation: Any) -> dict[str, Any]:
    if operation.response is None:
        return {"description": "Done"}
    schema: Any = operation.response
    if operation.many:
        edge = {"type": ["string", "null"]}
        items = {"type": "array", "items": operation.response}
        schema = {"type": "object", "properties": {"items": items, "next": edge, "previous": edge}}
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}
