"""Turns breaches into words in the reader's language: the only place where a message id becomes text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from app.kernel.breaches import Breach
from app.kernel.languages import nearest
from app.kernel.messages import Words
from app.web import formats
from app.web.translation import catalogue, current_language


@dataclass(frozen=True, slots=True)
class FieldError:
    """One refusal in words. `message` is headline and cure together; `field` names the input it belongs to."""

    field: str | None
    message: str
    headline: str = ""
    cure: str = ""
    source: str = ""
    code: str = ""
    blocking: bool = True


def named(row: object) -> str:
    """What an institution, person, fund, programme or project is called in the reader's language, else the nearest."""
    kept = "name" if hasattr(row, "name_en") else "title"
    names = (getattr(row, f"{kept}_{script}") for script in ("en", "zh_hant", "zh_hans"))
    return nearest(current_language().code, *names)


def shown(value: object) -> str:
    """A parameter of a message as plain text: money, days, instants and words as the reader writes them."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, Words):
        return formats.listed_text((words(each) for each in value.ids), current_language().code)
    if isinstance(value, Enum):
        return str(value.value)
    return str(formats.plain_text(value, current_language().code))


def words(message: str, params: Mapping[str, object] | None = None) -> str:
    """Translate a message id and fill in its parameters; a parameter that is missing never hides the refusal."""
    translated = str(catalogue().ugettext(message)) if message else ""
    if not params or not translated:
        return translated
    texts = {name: _parameter(name, value) for name, value in params.items()}
    try:
        return translated % texts
    except (KeyError, ValueError, TypeError):
        return translated


def _parameter(name: str, value: object) -> str:
    """A label is itself a message id, a breach is said in its own words; everything else is shown as it is."""
    if isinstance(value, Breach):
        return words(value.message, value.params)
    return words(value) if name == "label" and type(value) is str and value else shown(value)


def in_words(breach: Breach) -> FieldError:
    """A breach as the reader sees it."""
    headline, cure = words(breach.message, breach.params), words(breach.cure, breach.params)
    return FieldError(
        field=breach.field,
        message=f"{headline} {cure}".strip(),
        headline=headline,
        cure=cure,
        source=words(breach.source, breach.params),
        code=breach.code,
        blocking=breach.blocking,
    )


def all_in_words(breaches: Iterable[Breach]) -> list[FieldError]:
    """Several breaches, in their order."""
    return [in_words(breach) for breach in breaches]
