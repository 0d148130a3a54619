"""Turns a report's words into one language: message catalogues, parameters, names kept in several languages."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from app.kernel.currencies import Currency
from app.kernel.money import Money
from reports.model import (
    Cell,
    Column,
    Convention,
    Kind,
    Language,
    Literal,
    Multilingual,
    Report,
    Span,
    Text,
    Value,
    Words,
)
from reports.output import formats

Translate = Callable[[str], str]
"""From a message id to the text in one language; the id itself where there is no translation."""

Wording = Callable[[Language], Translate]
"""Where the translations of each language come from."""

CATALOGUES = Path(__file__).resolve().parents[2] / "app" / "translations"
_LOCALES = {Language.ZH_HANT: "zh_Hant_HK", Language.ZH_HANS: "zh_Hans_CN"}
_PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")


@lru_cache(maxsize=8)
def catalogue(language: Language) -> Translate:
    """The product's own catalogue of `language`; in English, or without a catalogue, ids stay as they are."""
    locale = _LOCALES.get(language)
    if locale is None:
        return str
    found = gettext.translation("messages", CATALOGUES, languages=[locale], fallback=True)
    return lambda message: found.gettext(message) if message else ""


@dataclass(frozen=True)
class Voice:
    """One language to write in, with the date habits of the document."""

    language: Language
    translate: Translate
    convention: Convention = Convention.HONG_KONG
    in_thousands: bool = False

    def currency_head(self, currency: Currency) -> str:
        """What stands over a column of one currency."""
        return formats.currency_head(currency, self.language, in_thousands=self.in_thousands)

    def say(self, words: Words | str) -> Literal:
        """The words as a run of text with its language tag (None where a person wrote it and did not say)."""
        match words:
            case str():
                return Literal(words)
            case Literal():
                return words
            case Multilingual():
                return words.best(self.language)
        pattern = self.translate(words.msgid)
        params = {name: self._fill(value) for name, value in words.params}
        filled = _PLACEHOLDER.sub(lambda match: params[match[1]] if match[1] else "%", pattern)
        translated = self.language is Language.EN or pattern != words.msgid
        return Literal(filled, self.language.tag if translated else Language.EN.tag)

    def _fill(self, value: Value) -> str:
        match value:
            case Money():
                return formats.money(value)
            case datetime():
                return formats.instant_in_text(value, self.language)
            case date():
                return formats.date_in_text(value, self.language)
            case Decimal():
                return formats.decimal(value)
            case int():
                return str(value)
            case _:
                return self.say(value).text

    def _amount(self, value: Money, *, alone: bool) -> str:
        if self.in_thousands:
            return formats.amount_in_thousands(value) if alone else formats.money_in_thousands(value)
        return formats.amount(value) if alone else formats.money(value)

    def cell(self, cell: Cell, column: Column) -> Literal:
        """A table's cell as printed."""
        match cell:
            case None:
                return Literal("")
            case Span():
                return self.say(cell.words)
            case Money():
                return Literal(self._amount(cell, alone=column.currency is not None or not column.shows_code))
            case date():
                return Literal(formats.date_in_table(cell, self.convention))
            case Decimal():
                percent = column.kind is Kind.PERCENT
                return Literal(formats.percent(cell) if percent else formats.decimal(cell))
            case int():
                return Literal(formats.integer(cell))
            case _:
                return self.say(cell)


@dataclass(frozen=True)
class Voices:
    """The languages of one document: one, or English above Chinese."""

    first: Voice
    second: Voice | None = None

    def say(self, words: Words | str) -> tuple[Literal, ...]:
        """The words in each language of the document, once where both would read the same or one is lacking."""
        one = self.first.say(words)
        if self.second is None:
            return (one,)
        other = self.second.say(words)
        untranslated = isinstance(words, Text) and other.language == one.language
        return (one,) if other.text == one.text or untranslated else (one, other)

    def cell(self, cell: Cell, column: Column) -> tuple[Literal, ...]:
        """A table's cell as printed: words in each language, a figure once, nothing for a blank."""
        match cell:
            case None:
                return ()
            case Span():
                return self.say(cell.words)
            case Text() | Multilingual():
                return self.say(cell)
            case _:
                return (self.first.cell(cell, column),)


def voice(report: Report, language: Language, wording: Wording = catalogue) -> Voice:
    """The voice to write `report` in."""
    return Voice(language, wording(language), report.convention, report.in_thousands)


def voices(report: Report, language: Language, bilingual: bool, wording: Wording = catalogue) -> Voices:
    """One voice, or English over Chinese (Traditional unless `language` is Simplified) where `bilingual`.

    A document in the Mainland's form has Simplified Chinese over English.
    """
    if not bilingual:
        return Voices(voice(report, language, wording))
    if report.convention is Convention.MAINLAND:
        return Voices(voice(report, Language.ZH_HANS, wording), voice(report, Language.EN, wording))
    chinese = Language.ZH_HANS if language is Language.ZH_HANS else Language.ZH_HANT
    return Voices(voice(report, Language.EN, wording), voice(report, chinese, wording))
