"""What all fields share: blank is missing, a refusal is a breach that names the field and the cure.

One schema serves a screen and the API. A field refuses by raising `ValidationError` holding `Breach`es, which stay
message ids until they are shown (`app.web.wording`). A blank text counts as missing, on screens and in JSON alike.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, missing as missing_

from app.kernel.breaches import Breach
from app.kernel.messages import _

INVISIBLE_ALLOWED = frozenset("\u200c\u200d")
"""Joiners that some scripts need; every other format character is refused."""


def refused(code: str, message: str, cure: str = "", **params: object) -> ValidationError:
    """The error a field raises: one breach, code `input.<code>`, completed with field name and label by the field."""
    return ValidationError([Breach(f"input.{code}", message, cure, params=params)])


class Input(fields.Field[Any]):
    """Base of all fields: blank is missing, errors are breaches, `label` is the field's name in words (a message id).

    `hint` is an example shown in the cure of a missing value.
    """

    secret: ClassVar[bool] = False
    openapi: ClassVar[Mapping[str, Any]] = {"type": "string"}

    def __init__(self, *, label: Any = "", required: bool = True, **options: Any) -> None:
        """Required unless told otherwise; a `load_default` makes it optional."""
        if "load_default" in options:
            required = False
        super().__init__(required=required, allow_none=not required, **options)
        self.label = label

    @property
    def label_id(self) -> Any:
        """The label, or the field's name in words."""
        return self.label or str(self.name or "").replace("_", " ").capitalize()

    def make_error(self, key: str, **kwargs: Any) -> ValidationError:
        """The standard refusals of marshmallow in our words."""
        if key in ("required", "null"):
            return self._named(refused("missing", _("%(label)s is missing."), _("Fill it in.")))
        return self._named(refused("invalid", _("%(label)s cannot be read."), _("Correct it.")))

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        """Check and convert; blank text and null count as missing."""
        if value is None or (isinstance(value, str) and not value.strip()):
            value = missing_
        try:
            return super().deserialize(value, attr, data, **kwargs)
        except ValidationError as error:
            raise self._named(error) from error

    def _named(self, error: ValidationError) -> ValidationError:
        """Give every breach the label of this field."""
        if not isinstance(error.messages, list):
            return error
        named = [
            Breach(m.code, m.message, m.cure, m.source, {"label": self.label_id, **m.params}, m.field, m.blocking)
            if isinstance(m, Breach)
            else m
            for m in error.messages
        ]
        return ValidationError(named)

    def _text(self, value: Any) -> str:
        """The value as trimmed text; numbers, lists and objects are refused."""
        if not isinstance(value, str):
            raise refused("not-text", _("%(label)s must be text."), _("Send it as a string."))
        return value.strip()


def visible(text: str, *, lines: bool = False) -> str:
    """`text` in NFC form, without control, bidi-override or invisible characters; refused with the character named.

    With `lines`, line breaks (normalised to LF) and tabs are allowed.
    """
    allowed = frozenset("\n\t") | INVISIBLE_ALLOWED if lines else INVISIBLE_ALLOWED
    if lines:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") and character not in allowed:
            raise refused(
                "invisible-character",
                _("%(label)s contains a character that cannot be seen (%(character)s)."),
                _("Delete it, or type the text again instead of pasting it."),
                character=f"U+{ord(character):04X}",
            )
    return unicodedata.normalize("NFC", text)


def not_longer(text: str, limit: int) -> str:
    """`text`, refused with its length and the limit when it has more characters than that."""
    if len(text) > limit:
        raise refused(
            "too-long",
            _("%(label)s is %(length)s characters long."),
            _("Shorten it to %(limit)s characters or fewer."),
            length=len(text),
            limit=limit,
        )
    return text


class DayRange:
    """Two date fields of a form of which the last may not lie before the first: `day_ranges = (DayRange(...),)`."""

    def __init__(self, first: str = "first_day", last: str = "last_day") -> None:
        """Names of the two fields, both days inclusive."""
        self.first, self.last = first, last

    def breaches(self, values: Mapping[str, Any]) -> list[Breach]:
        """The breach, if the range ends before it begins."""
        first, last = values.get(self.first), values.get(self.last)
        if not isinstance(first, date) or not isinstance(last, date) or first <= last:
            return []
        message, cure = _("The last day %(last)s lies before the first day %(first)s."), _("Correct one of the days.")
        params = {"first": first, "last": last}
        return [Breach("input.days-reversed", message, cure, params=params, field=self.last)]
