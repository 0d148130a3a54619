"""A screen's form: what was typed, what is wrong with it, and the verb it runs in one unit of work.

form = HtmlForm(DraftForm, initial={"currency": "CNY"})
if form.sent:
    drafted = form.run(lambda session, command: service.draft(session, current_actor(), command, now=now()))
    if form.done:
        return redirect(url_for("disbursements.detail", reference=drafted.reference))
return page("disbursements/draft.html", form=form), form.status
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field as dataclass_field
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Final, cast
from uuid import uuid4

from flask import g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.db.unit_of_work import run_in_unit
from app.kernel.actor import Actor
from app.kernel.clock import BUSINESS_ZONE
from app.kernel.errors import NotFound, Refusal
from app.kernel.money import Money
from app.web import idempotency
from app.web.field_base import Input
from app.web.fields import BooleanField, ChoiceField, CurrencyField, FileField, FilesField, ManyField
from app.web.schemas import Form, RowsField
from app.web.wording import FieldError, all_in_words, words

KEY_NAME: Final = "idempotency_key"
CSRF_NAME: Final = "csrf_token"


def as_typed(value: Any) -> Any:
    """A value the way a person would type it into its input."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else ""
    if isinstance(value, Money):
        return str(value.amount)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.astimezone(BUSINESS_ZONE).strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, list | tuple | set | frozenset):
        return [as_typed(item) for item in value]
    return str(value)


def form_schema(schema: type[Form] | Form) -> Form:
    """The schema as an instance of its own for this request."""
    return schema if isinstance(schema, Form) else schema()


def load_query(schema: type[Form] | Form) -> Any:
    """The query string's command (filters, cursors). Raises InputRefused; unknown names are ignored."""
    loaded = form_schema(schema)
    return loaded.to_command(_given(loaded, request.args), strict=False)


def load_form(schema: type[Form] | Form) -> Any:
    """What a posted form says so far, for answers that write nothing. Raises InputRefused; ignores unknown names."""
    loaded = form_schema(schema)
    rows = {n: _given_rows(n, f, request.form) for n, f in loaded.fields.items() if isinstance(f, RowsField)}
    return loaded.to_command(_given(loaded, request.form) | rows, strict=False)


@dataclass(frozen=True, slots=True)
class FieldView:
    """One input for the template: its name, words, typed value, choices and errors."""

    name: str
    label: str
    value: Any
    required: bool
    choices: list[tuple[str, str]]
    errors: list[FieldError]
    max_length: int | None = None


@dataclass(slots=True)
class Row:
    """One row of a repeated part, such as `lines-0-…`; `name("amount")` is the input's name."""

    prefix: str
    index: int
    values: dict[str, Any]
    errors: list[FieldError] = dataclass_field(default_factory=list)
    form: HtmlForm | None = None
    schema: Form | None = None

    def name(self, field: str) -> str:
        """The name of this row's input for `field`."""
        return f"{self.prefix}-{self.index}-{field}"

    def errors_for(self, field: str) -> list[FieldError]:
        """Errors of one input of this row."""
        return [error for error in self.errors if error.field == self.name(field)]

    def field(self, name: str) -> FieldView:
        """One input of this row for the template."""
        schema = cast(Form, self.schema)
        return _view(schema, name, self.name(name), self.values.get(name, ""), self.errors_for(name))

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed into the row; preselected choices do not count."""
        return _blank(cast(Form, self.schema), self.values)


def _view(schema: Form, name: str, input_name: str, value: Any, errors: list[FieldError]) -> FieldView:
    declared = schema.fields[name]
    label = declared.label_id if isinstance(declared, Input) else name
    inner = declared.inner if isinstance(declared, ManyField) else declared
    return FieldView(
        name=input_name,
        label=words(label) if type(label) is str else str(label),
        value=value,
        required=declared.required,
        choices=[(code, words(text) if type(text) is str else str(text)) for code, text in _choices(inner)],
        errors=errors,
        max_length=getattr(declared, "max_length", None),
    )


def _choices(declared: Any) -> list[tuple[str, Any]]:
    return list(declared.choices) if isinstance(declared, ChoiceField | CurrencyField) else []


def _blank(schema: Form, values: Mapping[str, Any]) -> bool:
    chosen = (ChoiceField, CurrencyField, BooleanField)
    typed = [name for name, declared in schema.fields.items() if not isinstance(declared, chosen)]
    return not any(values.get(name) for name in typed or schema.fields)


def _given(schema: Form, source: Any) -> dict[str, Any]:
    """What the schema's plain fields were sent, from a multi-dictionary."""
    given: dict[str, Any] = {}
    for name, declared in schema.fields.items():
        if isinstance(declared, ManyField):
            given[name] = source.getlist(name)
        elif isinstance(declared, FilesField):
            if files := [file for file in request.files.getlist(name) if file.filename]:
                given[name] = files
        elif isinstance(declared, FileField):
            file = request.files.get(name)
            if file is not None and file.filename:
                given[name] = file
        elif not isinstance(declared, RowsField) and name in source:
            given[name] = source.get(name)
    return given


def _given_rows(name: str, declared: RowsField, source: Any) -> list[dict[str, Any]]:
    """The rows typed, in order, without those left blank."""
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,4}})-([a-z][a-z0-9_]*)")
    schema = declared.row()
    rows: dict[int, dict[str, Any]] = {}
    for key in source:
        match = pattern.fullmatch(key)
        if match and match[2] in schema.fields:
            many = isinstance(schema.fields[match[2]], ManyField)
            rows.setdefault(int(match[1]), {})[match[2]] = source.getlist(key) if many else source.get(key)
    return [rows[index] for index in sorted(rows) if not _blank(schema, rows[index])]


class HtmlForm:
    """A form on a screen: `values` typed (else `initial`), `errors` in words, `status` of the answer.

    `sent` is true when the person pressed a button that runs the verb; buttons named `add-<rows>` and
    `remove-<rows>-<index>` only change the number of rows. `done` is true after `run` succeeded.
    """

    def __init__(self, schema: type[Form] | Form, initial: Any = None) -> None:
        """`initial` is a mapping, or a record whose attributes bear the fields' names."""
        self.schema = form_schema(schema)
        self.status = 200
        self.errors: list[FieldError] = []
        self.done = False
        posted = request.method == "POST"
        self._adding = {n for n in self._row_fields() if posted and f"add-{n}" in request.form}
        self._removing = {n: i for n in self._row_fields() if posted and (i := _removed(n)) is not None}
        self.sent = posted and not self._adding and not self._removing
        self.key = (request.form.get(KEY_NAME, "") if posted else "") or uuid4().hex
        self.given: dict[str, Any] = {}
        if posted:
            self.given = _given(self.schema, request.form) | self._posted_rows()
        self.values: dict[str, Any] = self._values(initial, posted)

    def run(self, function: Callable[[Session, Any], Any]) -> Any:
        """Load the command and call `function(session, command)` in one unit of work, once per idempotency key.

        Returns its result and sets `done`; after a refusal returns None with `errors` and `status` set, and what was
        typed is kept. NotFound passes through to its page. `function` may be called again after a lost deadlock.
        """
        try:
            command = self.schema.to_command(self.given, strict=False)
            result = run_in_unit(lambda session: self._once(session, command, function))
        except NotFound:
            raise
        except Refusal as refusal:
            self.refuse(refusal)
            return None
        self.done = True
        return result

    def refuse(self, refusal: Refusal) -> None:
        """Show a refusal on this form."""
        g.refusal = refusal
        self.status = refusal.status
        self.errors = all_in_words(refusal.breaches)

    def errors_for(self, name: str) -> list[FieldError]:
        """The errors of one input."""
        return [error for error in self.errors if error.field == name]

    def field(self, name: str) -> FieldView:
        """One input for the template."""
        return _view(self.schema, name, name, self.values.get(name, ""), self.errors_for(name))

    def rows(self, name: str, *, extra: int = 0) -> list[Row]:
        """The rows of a repeated part: those typed, and at least one blank one when there is none."""
        declared = cast(RowsField, self.schema.fields[name])
        typed = list(self.values.get(name) or [])
        typed += [{} for _ in range(max(extra, 0 if typed else 1))]
        if name in self._adding:
            typed.append({})
        schema = declared.row(currency=self.schema.currency)
        rows = []
        for index, values in enumerate(typed[: declared.max_rows]):
            prefix = f"{name}-{index}-"
            mine = [e for e in self.errors if e.field and e.field.startswith(prefix)]
            rows.append(Row(name, index, dict(values), mine, self, schema))
        return rows

    @property
    def hidden(self) -> Markup:
        """The hidden inputs: CSRF token, idempotency key, and the version where the schema has one."""
        pairs = [(CSRF_NAME, generate_csrf()), (KEY_NAME, self.key)]
        if "version" in self.schema.fields and self.values.get("version"):
            pairs.append(("version", self.values["version"]))
        lines = (Markup('<input type="hidden" name="{}" value="{}">').format(*pair) for pair in pairs)
        return Markup("").join(lines)

    def _row_fields(self) -> dict[str, RowsField]:
        return {name: f for name, f in self.schema.fields.items() if isinstance(f, RowsField)}

    def _posted_rows(self) -> dict[str, list[dict[str, Any]]]:
        posted = {}
        for name, declared in self._row_fields().items():
            rows = _given_rows(name, declared, request.form)
            index = self._removing.get(name)
            posted[name] = [row for i, row in enumerate(rows) if i != index]
        return posted

    def _values(self, initial: Any, posted: bool) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, declared in self.schema.fields.items():
            if isinstance(declared, FileField) or getattr(declared, "secret", False):
                values[name] = ""
            elif posted:
                values[name] = self.given.get(name, [] if isinstance(declared, ManyField | RowsField) else "")
            elif isinstance(declared, RowsField):
                given = _attribute(initial, name) or []
                values[name] = [{n: as_typed(_attribute(row, n)) for n in declared.row().fields} for row in given]
            else:
                values[name] = as_typed(_attribute(initial, name))
        return values

    def _once(self, session: Session, command: Any, function: Callable[[Session, Any], Any]) -> Any:
        actor = g.get("actor")
        if not isinstance(actor, Actor) or KEY_NAME not in request.form:
            return function(session, command)
        key = idempotency.checked_key(self.key)
        said = {name: request.form.getlist(name) for name in request.form if name not in (CSRF_NAME, KEY_NAME)}
        earlier = idempotency.claim(session, actor.person_id, key, idempotency.digest(request.path, said), wait=True)
        if earlier is not None:
            return idempotency.unpacked(session, earlier.body)
        result = function(session, command)
        body = idempotency.packed(session, result)
        idempotency.remember(session, actor.person_id, key, status=303, body=body)
        return result


def _removed(name: str) -> int | None:
    """Which row's remove button was pressed, if any."""
    for key in request.form:
        start, found, index = key.partition(f"remove-{name}-")
        if found and not start and index.isascii() and index.isdecimal():
            return int(index)
    return None


def _attribute(source: Any, name: str) -> Any:
    if source is None:
        return None
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
