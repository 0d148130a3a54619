"""Schemas: what comes in (`Form`, loaded into the command of a verb) and what goes out (`Out`)."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validates_schema

from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import InputRefused
from app.kernel.messages import _
from app.kernel.money import Money
from app.web.field_base import DayRange, Input, refused
from app.web.fields import LineField, WholeNumberField
from app.web.paging import DEFAULT_LIMIT, MAX_LIMIT

SUMMARY = "_schema"
"""Marshmallow's name for errors of the whole form."""


class Form(Schema):
    """What a verb takes in. `command` is the frozen dataclass it is loaded into (a plain dict when there is none).

    Further checks over several fields: `day_ranges`, or `breaches_of(values)`. `currency` is the currency of amounts
    whose form does not ask for one, such as the contract's: `HtmlForm(SomeForm(currency=contract.currency))`.
    """

    command: ClassVar[Callable[..., Any] | None] = None
    day_ranges: ClassVar[tuple[DayRange, ...]] = ()

    class Meta:
        """An unknown name in JSON is refused; a screen's own hidden fields are dropped."""

        unknown = RAISE

    def __init__(self, *, currency: Currency | None = None, **options: Any) -> None:
        """See the class."""
        super().__init__(**options)
        self.currency: Any = currency
        self.given: Mapping[str, Any] = {}

    def breaches_of(self, values: Mapping[str, Any]) -> list[Breach]:
        """Checks over several fields, in addition to the fields' own; override it. Pure: no database."""
        return []

    @validates_schema(skip_on_field_errors=False)
    def _whole(self, data: dict[str, Any], **kwargs: Any) -> None:
        found = [breach for days in self.day_ranges for breach in days.breaches(data)]
        for breach in [*found, *self.breaches_of({name: data.get(name) for name in self.fields})]:
            raise ValidationError([breach], breach.field or SUMMARY)

    def to_command(self, data: Mapping[str, Any], *, strict: bool = True) -> Any:
        """The command, or InputRefused with every breach found. `strict` refuses unknown names (JSON)."""
        self.given = data
        try:
            values = self.load(data, unknown=RAISE if strict else EXCLUDE)
        except ValidationError as error:
            raise InputRefused(*_breaches(error.messages)) from error
        return _built(self.command, {name: values.get(name, ...) for name in self.fields})


def _built(command: Callable[..., Any] | None, values: dict[str, Any]) -> Any:
    """The command with every declared value; an optional one left out takes the dataclass's default, else None."""
    if command is None:
        return {name: None if value is ... else value for name, value in values.items()}
    with_default: set[str] = set()
    if dataclasses.is_dataclass(command):
        with_default = {
            f.name
            for f in dataclasses.fields(command)
            if f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
        }
    arguments = {n: None if v is ... else v for n, v in values.items() if not (v is ... and n in with_default)}
    return command(**arguments)


def _breaches(messages: Any, path: str = "") -> Iterator[Breach]:
    """Marshmallow's tree of messages as flat breaches; a row's field is named `lines-0-amount`."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            deeper = path if name == SUMMARY else f"{path}-{name}" if path else str(name)
            yield from _breaches(inner, deeper)
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Breach):
            yield dataclasses.replace(message, field=path or message.field)
        elif message == Schema._default_error_messages["unknown"]:
            name = path.rpartition("-")[2]
            text, cure = _("%(name)s is not a known field."), _("Leave it out, or correct its spelling.")
            yield Breach("input.unknown-field", text, cure, params={"name": name}, field=path)
        else:
            yield Breach("input.refused", str(message), field=path or None)


class RowsField(Input):
    """Repeated rows of one schema: `lines-0-amount` on a screen, an array of objects in JSON; gives a tuple.

    Rows left wholly blank on a screen are dropped before loading.
    """

    openapi: ClassVar[Mapping[str, Any]] = {"type": "array"}

    def __init__(self, row: type[Form], *, min_rows: int = 1, max_rows: int = 200, **options: Any) -> None:
        """`min_rows` to `max_rows` filled rows."""
        super().__init__(**options)
        self.row, self.min_rows, self.max_rows = row, min_rows, max_rows

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
            raise refused("not-rows", _("%(label)s must be a list of rows."), _("Send an array of objects."))
        if not self.min_rows <= len(value) <= self.max_rows:
            raise refused(
                "row-count",
                _("%(label)s has %(count)s rows."),
                _("Give from %(low)s to %(high)s rows."),
                count=len(value),
                low=self.min_rows,
                high=self.max_rows,
            )
        return tuple(self._rows(value))

    def _rows(self, rows: list[Mapping[str, Any]]) -> list[Any]:
        built: list[Any] = []
        errors: dict[int, Any] = {}
        outer = self.root
        for index, given in enumerate(rows):
            schema = self.row(currency=getattr(outer, "currency", None))
            schema.given = getattr(outer, "given", {})
            try:
                values = schema.load(given)
                built.append(_built(schema.command, {name: values.get(name, ...) for name in schema.fields}))
            except ValidationError as error:
                errors[index] = error.messages
        if errors:
            raise ValidationError(errors)
        return built


class Out(Schema):
    """What the API gives back. Declare fields with the classes of `marshmallow.fields`, and `MoneyOut` for money."""


class MoneyOut(fields.Field[Any]):
    """Money as `{"amount": "1.00", "currency": "CNY"}`: a decimal string, never a number."""

    def __init__(self, **options: Any) -> None:
        """Output only."""
        super().__init__(dump_only=True, **options)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> dict[str, str] | None:
        return None if value is None else {"amount": str(value.amount), "currency": value.currency.value}


class DecimalOut(fields.Field[Any]):
    """A rate or percentage as a decimal string."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format(value, "f")


class CodeOut(fields.Field[Any]):
    """An enumeration's value, or a code held as text."""

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(getattr(value, "value", value))


def money_json(money: Money) -> dict[str, str]:
    """Money as the API writes it."""
    return {"amount": str(money.amount), "currency": money.currency.value}


@dataclasses.dataclass(frozen=True, slots=True)
class PageOf:
    """Which page of a list is asked for."""

    cursor: str | None = None
    limit: int = DEFAULT_LIMIT


class PageQuery(Form):
    """The query of a list; a list with filters inherits it and names its own command."""

    command: ClassVar[Callable[..., Any] | None] = PageOf
    cursor = LineField(required=False, max_length=1000)
    limit = WholeNumberField(low=1, high=MAX_LIMIT, load_default=DEFAULT_LIMIT)
