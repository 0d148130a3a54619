"""The fields of every form and API body: text in, checked values out, each refusal naming the field and the cure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from marshmallow import ValidationError
from werkzeug.datastructures import FileStorage

from app.kernel.breaches import Breach
from app.kernel.clock import BUSINESS_ZONE
from app.kernel.currencies import Currency
from app.kernel.messages import _
from app.kernel.money import MAX_MINOR, InvalidAmount, Money
from app.web import upload_turns
from app.web.field_base import DayRange, Input, not_longer, refused, visible
from app.web.uploads import EVIDENCE_TYPES, RefusedFile, Upload, harmless_name, sniff

__all__ = [
    "AmountField",
    "BooleanField",
    "ChoiceField",
    "CurrencyField",
    "DateField",
    "DayRange",
    "EmailField",
    "FileField",
    "FilesField",
    "IdField",
    "Input",
    "InstantField",
    "LineField",
    "ManyField",
    "PercentField",
    "RateField",
    "ReferenceField",
    "SecretField",
    "TextField",
    "VersionField",
    "WholeNumberField",
]

FIRST_DAY = date(2000, 1, 1)
LAST_DAY = date(2060, 12, 31)
"""The ledger keeps partitions for these years."""


class LineField(Input):
    """One line of text: trimmed, NFC, no control or bidi-override characters; at most `max_length` characters."""

    def __init__(self, *, max_length: int = 200, min_length: int = 0, **options: Any) -> None:
        """Lengths are in characters."""
        super().__init__(**options)
        self.max_length, self.min_length = max_length, min_length

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = visible(not_longer(self._text(value), self.max_length))
        if len(text) < self.min_length:
            raise refused(
                "too-short",
                _("%(label)s is too short."),
                _("Write at least %(limit)s characters."),
                limit=self.min_length,
            )
        return text


class TextField(Input):
    """Several lines of text: trimmed, NFC, line breaks as LF; at most `max_length` characters."""

    multiline: ClassVar[bool] = True

    def __init__(self, *, max_length: int = 5000, **options: Any) -> None:
        """The length is in characters."""
        super().__init__(**options)
        self.max_length = max_length

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        return visible(not_longer(self._text(value), self.max_length), lines=True)


class SecretField(Input):
    """A password or code: taken exactly as typed, never trimmed, never shown again."""

    secret: ClassVar[bool] = True
    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "password"}

    def __init__(self, *, max_length: int = 1000, **options: Any) -> None:
        """The length bounds the work of hashing."""
        super().__init__(**options)
        self.max_length = max_length

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        self._text(value)
        if "\x00" in value:
            raise self.make_error("invalid")
        return not_longer(str(value), self.max_length)


class CurrencyField(Input):
    """ISO 4217 code of a currency the ledger keeps."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "enum": [c.value for c in Currency]}
    choices: ClassVar[Sequence[tuple[str, str]]] = [(c.value, c.value) for c in Currency]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Currency:
        try:
            return Currency(self._text(value))
        except ValueError:
            raise refused(
                "unknown-currency",
                _("%(label)s is not a currency the ledger keeps."),
                _("Choose CNY or HKD (CNH is a market, not a currency)."),
            ) from None


_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class AmountField(Input):
    """An amount of money: plain decimal text into `Money`, exactly, no rounding.

    The currency is `currency`, or that of the sibling field `currency_from` (in the same row, else in the whole form),
    or the one the form was given (`Form(currency=...)`). Positive by default; `zero=True` lets nil through as well;
    `positive=False` lets any sign through. Anything but ASCII digits and one full stop is refused.
    """

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^-?[0-9]{1,13}(\.[0-9]{1,2})?$"}

    def __init__(
        self,
        *,
        currency: Currency | None = None,
        currency_from: str = "currency",
        positive: bool = True,
        zero: bool = False,
        **options: Any,
    ) -> None:
        """See the class."""
        super().__init__(**options)
        self.currency, self.currency_from, self.positive, self.zero = currency, currency_from, positive, zero

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Money:
        if not isinstance(value, str):
            raise refused("not-text", _("%(label)s must be a decimal string."), _('Send it in quotes: "1250.00".'))
        amount = self._parse(value.strip(), self._currency(data))
        if self.positive and (amount.minor < 0 or (amount.minor == 0 and not self.zero)):
            raise refused("not-positive", _("%(label)s must be more than nil."), _("Enter an amount above 0.00."))
        return amount

    def _parse(self, text: str, currency: Currency) -> Money:
        if not _DECIMAL.fullmatch(text) or not text.isascii():
            raise refused(
                "not-an-amount",
                _("%(label)s is not an amount."),
                _("Write digits and one full stop, without separators, signs or letters: 1250.00."),
            )
        if len(text.partition(".")[2]) > currency.exponent:
            raise refused(
                "too-precise",
                _("%(label)s has a fraction smaller than one cent."),
                _("Write at most two decimals: 1250.00."),
            )
        try:
            amount = Money.parse(text, currency)
        except InvalidAmount:
            amount = None
        if amount is None or abs(amount.minor) > MAX_MINOR:
            raise refused(
                "too-large",
                _("%(label)s is larger than the ledger takes."),
                _("Enter at most %(limit)s; split larger sums."),
                limit=f"{Money(MAX_MINOR, currency).amount:,}",
            )
        return amount

    def _currency(self, data: Any) -> Currency:
        """The currency the amount is in; refused when none is known."""
        if self.currency is not None:
            return self.currency
        whole = getattr(self.root, "given", None) or {}
        for source in (data, whole):
            code = source.get(self.currency_from) if isinstance(source, Mapping) else None
            if isinstance(code, str) and code.strip() in Currency.__members__:
                return Currency(code.strip())
        default = getattr(self.root, "currency", None)
        if isinstance(default, Currency):
            return default
        raise refused("no-currency", _("%(label)s has no currency."), _("Choose its currency as well."))

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value.amount)


class _DecimalField(Input):
    """A decimal number between two bounds, with a limited number of decimals; never a float."""

    low: ClassVar[Decimal] = Decimal(0)
    high: ClassVar[Decimal] = Decimal(0)
    decimals: ClassVar[int] = 0
    low_allowed: ClassVar[bool] = True

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Decimal:
        text = self._text(value)
        if not _DECIMAL.fullmatch(text) or len(text.partition(".")[2]) > self.decimals or len(text) > 40:
            raise refused(
                "not-a-number",
                _("%(label)s is not a number with at most %(decimals)s decimals."),
                _("Write digits and one full stop: 0.9250."),
                decimals=self.decimals,
            )
        number = Decimal(text)
        if not self.low <= number <= self.high or (number == self.low and not self.low_allowed):
            raise refused(
                "out-of-range",
                _("%(label)s is out of range."),
                _("Enter a number from %(low)s to %(high)s.")
                if self.low_allowed
                else _("Enter a number above %(low)s and at most %(high)s."),
                low=self.low,
                high=self.high,
            )
        return number

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else format(value, "f")


class RateField(_DecimalField):
    """An exchange rate: positive Decimal with at most ten decimals."""

    high: ClassVar[Decimal] = Decimal(1_000_000)
    decimals: ClassVar[int] = 10
    low_allowed: ClassVar[bool] = False
    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,10})?$"}


class PercentField(_DecimalField):
    """A percentage from 0 to 100 as Decimal, with at most four decimals: `12.5` means 12.5 %."""

    high: ClassVar[Decimal] = Decimal(100)
    decimals: ClassVar[int] = 4
    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "pattern": r"^[0-9]+(\.[0-9]{1,4})?$"}


_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DateField(Input):
    """A business date, `yyyy-mm-dd`, from 2000 to 2060 (the years the ledger keeps)."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> date:
        text = self._text(value)
        if not _DAY.fullmatch(text):
            raise refused("not-a-date", _("%(label)s is not a date."), _("Write year-month-day: 2026-03-31."))
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise refused(
                "no-such-day", _("%(label)s is a day that does not exist."), _("Check the month's length.")
            ) from None
        if not FIRST_DAY <= day <= LAST_DAY:
            raise refused(
                "date-out-of-range",
                _("%(label)s lies outside the years the ledger keeps."),
                _("Enter a day from %(low)s to %(high)s."),
                low=FIRST_DAY,
                high=LAST_DAY,
            )
        return day

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()


_MINUTE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})?")


class InstantField(Input):
    """A time of a day, `yyyy-mm-ddThh:mm`, in Hong Kong / Shenzhen time unless it names another zone; gives UTC."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "date-time"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        text = self._text(value)
        if not _MINUTE.fullmatch(text):
            raise refused(
                "not-a-time", _("%(label)s is not a date with a time."), _("Write 2026-03-31T10:15, or choose both.")
            )
        try:
            stated = datetime.fromisoformat(text)
        except ValueError:
            raise refused(
                "no-such-time", _("%(label)s is a time that does not exist."), _("Check day and hour.")
            ) from None
        stated = stated if stated.tzinfo else stated.replace(tzinfo=BUSINESS_ZONE)
        if not FIRST_DAY.year <= stated.year <= LAST_DAY.year:
            raise refused(
                "date-out-of-range",
                _("%(label)s lies outside the years the ledger keeps."),
                _("Enter a day from %(low)s to %(high)s."),
                low=FIRST_DAY,
                high=LAST_DAY,
            )
        return stated.astimezone(UTC)

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat()


class ReferenceField(Input):
    """A human reference such as `DSB-2026-00042`; `prefix` narrows it to one kind of record."""

    pattern: ClassVar[re.Pattern[str]] = re.compile(r"[A-Z]{1,5}-[0-9]{4}-[0-9]{4,9}")

    def __init__(self, *, prefix: str = "", **options: Any) -> None:
        """`prefix` without the hyphen."""
        super().__init__(**options)
        self.prefix = prefix

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = self._text(value).upper()
        if not self.pattern.fullmatch(text) or (self.prefix and not text.startswith(f"{self.prefix}-")):
            raise refused(
                "not-a-reference",
                _("%(label)s is not a reference."),
                _("Write it as printed on the record: %(example)s."),
                example=f"{self.prefix or 'DSB'}-2026-00042",
            )
        return text


class IdField(Input):
    """The UUID of a record, usually from a list of choices."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "uuid"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> UUID:
        try:
            return UUID(self._text(value))
        except ValueError:
            raise refused("not-an-id", _("%(label)s names no record."), _("Choose one from the list.")) from None

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value)


class ChoiceField(Input):
    """One of an enumeration's values. `labels` gives each its words (message ids); `choices` is for the template."""

    def __init__(
        self, values: type[StrEnum], labels: Mapping[Any, Any] | None = None, *, only: Any = None, **options: Any
    ) -> None:
        """`only` narrows the enumeration to some of its members."""
        super().__init__(**options)
        self.values = tuple(only) if only is not None else tuple(values)
        self.enumeration = values
        self.choices: list[tuple[str, Any]] = [(v.value, (labels or {}).get(v, v.value)) for v in self.values]
        self.metadata = {**self.metadata, "enum": [v.value for v in self.values]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> StrEnum:
        text = self._text(value)
        for member in self.values:
            if member.value == text:
                return member
        raise refused(
            "not-a-choice",
            _("%(label)s is not one of the choices."),
            _("Choose one of: %(choices)s."),
            choices=", ".join(v.value for v in self.values),
        )

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(getattr(value, "value", value))


class EmailField(Input):
    """An e-mail address, checked for form only, in lower case; at most 254 characters."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "email"}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        text = visible(not_longer(self._text(value), 254))
        try:
            return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
        except EmailNotValidError:
            raise refused(
                "not-an-email",
                _("%(label)s is not an e-mail address."),
                _("Write it like name@institution.example."),
            ) from None


class BooleanField(Input):
    """A tick-box: ticked is true, absent is false; JSON true and false. `must` demands that it is ticked."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "boolean"}
    truthy: ClassVar[frozenset[str]] = frozenset({"on", "true", "1", "yes", "y"})
    falsy: ClassVar[frozenset[str]] = frozenset({"off", "false", "0", "no", "n"})

    def __init__(self, *, must: bool = False, **options: Any) -> None:
        """`must` is for declarations that have to be made before going on."""
        super().__init__(required=must, **({} if must else {"load_default": False}), **options)
        self.must = must

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if isinstance(value, bool):
            ticked = value
        else:
            word = self._text(value).lower()
            if word not in self.truthy | self.falsy:
                raise self.make_error("invalid")
            ticked = word in self.truthy
        if self.must and not ticked:
            raise refused("not-ticked", _("%(label)s is not ticked."), _("Read it and tick it to go on."))
        return ticked

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> bool | None:
        return None if value is None else bool(value)


class WholeNumberField(Input):
    """A whole number between `low` and `high`, both allowed."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "integer"}

    def __init__(self, *, low: int = 0, high: int = 1_000_000, **options: Any) -> None:
        """Bounds are inclusive."""
        super().__init__(**options)
        self.low, self.high = low, high

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        text = str(value) if type(value) is int else self._text(value)
        number = int(text) if re.fullmatch(r"-?[0-9]{1,12}", text) else None
        if number is None or not self.low <= number <= self.high:
            raise refused(
                "not-a-whole-number",
                _("%(label)s is not a whole number in range."),
                _("Enter a whole number from %(low)s to %(high)s."),
                low=self.low,
                high=self.high,
            )
        return number

    def _serialize(self, value: Any, attr: Any, obj: Any, **kwargs: Any) -> int | None:
        return None if value is None else int(value)


class VersionField(WholeNumberField):
    """The version of the record the page showed; a stale one is refused by the service."""

    def __init__(self, **options: Any) -> None:
        """Versions count from 1."""
        super().__init__(low=1, high=2_000_000_000, **options)


class ManyField(Input):
    """Several values of one field: tick-boxes with one name on a screen, an array in JSON."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "array"}

    def __init__(self, inner: Input, *, max_items: int = 500, **options: Any) -> None:
        """At least one value when required; duplicates are dropped, the order is kept."""
        super().__init__(**options)
        self.inner, self.max_items = inner, max_items
        self.metadata = {**self.metadata, "items": dict(inner.openapi)}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> tuple[Any, ...]:
        given = value if isinstance(value, list) else [value]
        given = [item for item in given if item not in (None, "")]
        if not given and self.required:
            raise refused("none-chosen", _("%(label)s: nothing is chosen."), _("Choose at least one."))
        if len(given) > self.max_items:
            raise refused(
                "too-many",
                _("%(label)s has too many items."),
                _("Choose at most %(limit)s at a time."),
                limit=self.max_items,
            )
        return tuple(dict.fromkeys(self.inner.deserialize(item, attr, data) for item in given))


class FileField(Input):
    """An uploaded file, known by its content, at most `max_bytes`; gives an `Upload`."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "binary"}

    def __init__(
        self, *, types: frozenset[str] = EVIDENCE_TYPES, max_bytes: int = 10 * 1024 * 1024, **options: Any
    ) -> None:
        """`types` are media types (see `app.web.uploads`)."""
        super().__init__(**options)
        self.types, self.max_bytes = types, max_bytes

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Upload:
        if not isinstance(value, FileStorage):
            raise refused("not-a-file", _("%(label)s must be a file."), _("Send it as multipart/form-data."))
        upload_turns.take()
        content = value.stream.read(self.max_bytes + 1)
        if not content:
            raise refused("empty-file", _("%(label)s is empty."), _("Choose the file again."))
        if len(content) > self.max_bytes:
            raise refused(
                "file-too-large",
                _("%(label)s is too large."),
                _("Choose a file of at most %(limit)s MB."),
                limit=self.max_bytes // (1024 * 1024),
            )
        media_type = sniff(content)
        if media_type not in self.types:
            raise refused(
                "file-type",
                _("%(label)s is not a type of file taken here."),
                _("Choose a file of one of these types: %(types)s."),
                types=", ".join(sorted(self.types)),
            )
        return Upload(harmless_name(value.filename or "") or "upload", content, media_type)


class FilesField(FileField):
    """Several files of one field (one in the API); gives a tuple, in which a file that cannot be taken says why."""

    openapi: ClassVar[Mapping[str, Any]] = {"type": "string", "format": "binary"}

    def __init__(self, *, max_files: int = 40, **options: Any) -> None:
        """At most `max_files` at a time."""
        super().__init__(**options)
        self.max_files = max_files

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        given = value if isinstance(value, list) else [value]
        if len(given) > self.max_files:
            raise refused(
                "too-many",
                _("%(label)s has too many items."),
                _("Choose at most %(limit)s at a time."),
                limit=self.max_files,
            )
        return tuple(self._one(item, attr, data) for item in given)

    def _one(self, item: Any, attr: Any, data: Any) -> Upload | RefusedFile:
        try:
            return super()._deserialize(item, attr, data)
        except ValidationError as error:
            name = harmless_name(getattr(item, "filename", "") or "")
            messages = error.messages
            breach = messages[0] if isinstance(messages, list) else None
            if not isinstance(breach, Breach):
                raise
            return RefusedFile(name, replace(breach, params={"label": name or self.label_id, **breach.params}))
