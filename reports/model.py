"""What a report is: frozen plain data, without language, layout or file format.

One Report is built once from posted figures and then written in any language and to any format, so that the
English, Traditional and Simplified versions of a statement cannot disagree. Texts are gettext message ids with
parameters (`text`), user text (`Literal`) or user text kept in several languages (`Multilingual`).

Message ids are marked where they stand: `text(_("From %(first)s to %(last)s"), first=..., last=...)` with `_` of
`app.kernel.messages`. Placeholders are `%(name)s`, filled only from `params`; user text is never interpreted.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property

from app.kernel.currencies import Currency
from app.kernel.languages import nearest_first
from app.kernel.messages import _
from app.kernel.money import Money


class Language(StrEnum):
    """A language a report can be written in."""

    EN = "en"
    ZH_HANT = "zh-Hant"
    ZH_HANS = "zh-Hans"

    @property
    def tag(self) -> str:
        """The full BCP 47 tag, as written into documents."""
        return {"en": "en-HK", "zh-Hant": "zh-Hant-HK", "zh-Hans": "zh-Hans-CN"}[self.value]


class Convention(StrEnum):
    """Whose habits of date writing a document follows in its tables."""

    HONG_KONG = "HK"
    MAINLAND = "SZ"


@dataclass(frozen=True, slots=True)
class Literal:
    """Text as a person or a bank wrote it, never translated or interpreted; `language` is its BCP 47 tag if known."""

    text: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Multilingual:
    """A name kept in up to three languages; each output takes its own language's, else the first there is."""

    en: str | None = None
    zh_hant: str | None = None
    zh_hans: str | None = None

    def best(self, language: Language) -> Literal:
        """The name in `language`, else the nearest: the other Chinese script before English."""
        for code, name in nearest_first(language.value, self.en, self.zh_hant, self.zh_hans):
            return Literal(name, Language(code).tag)
        return Literal("")


@dataclass(frozen=True, slots=True)
class Text:
    """A gettext message id with its parameters, in the order they were given. Make it with `text()`."""

    msgid: str
    params: tuple[tuple[str, Value], ...] = ()


Words = Text | Literal | Multilingual
"""Anything that becomes a run of text in one language."""

Value = str | int | Decimal | date | datetime | Money | Text | Literal | Multilingual
"""Anything a text's placeholder can be filled with; a `str` counts as a Literal."""


def text(msgid: str, **params: Value) -> Text:
    """A translatable text: `text(_("Agreement %(reference)s"), reference=contract.reference)`."""
    return Text(msgid, tuple(params.items()))


@dataclass(frozen=True, slots=True)
class Span:
    """Words across several columns, e.g. "not yet due; retained" over the figures' columns."""

    words: Words
    columns: int


Cell = Words | str | Money | date | Decimal | int | Span | None
"""A table's cell. None: not applicable, left blank. Nil money prints as an en dash. A `str` counts as a Literal."""


class Kind(StrEnum):
    """What a column holds, which decides its alignment and its form in each output."""

    TEXT = "text"
    REFERENCE = "reference"
    MONEY = "money"
    DATE = "date"
    PERCENT = "percent"
    INTEGER = "integer"
    DECIMAL = "decimal"

    @property
    def is_figure(self) -> bool:
        """True for kinds set flush right."""
        return self in (Kind.MONEY, Kind.PERCENT, Kind.INTEGER, Kind.DECIMAL)


class Carry(StrEnum):
    """What stands in a column's carried-forward row at the foot of a page."""

    NOTHING = "nothing"
    SUM = "sum"
    LAST = "last"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `key` names it in CSV and JSON, `head` heads it, `letter` is its formula such as `(c) = (a) + (b)`.

    `currency` says that every amount is in that currency, and the head prints its code. Without it each amount
    prints its own code, unless `shows_code` is False because another column carries it. `width` is a hint in
    points for PDF (None: by content). `carry` asks for brought and carried forward rows at page breaks.
    """

    key: str
    head: Words
    kind: Kind = Kind.TEXT
    letter: str | None = None
    currency: Currency | None = None
    shows_code: bool = True
    width: float | None = None
    carry: Carry = Carry.NOTHING


class RowStyle(StrEnum):
    """A row's place in the table: a rule above a subtotal, a rule above and a double rule below a total."""

    PLAIN = "plain"
    GROUP = "group"
    SUBTOTAL = "subtotal"
    TOTAL = "total"
    CREDIT_INDENT = "credit-indent"


@dataclass(frozen=True, slots=True)
class Row:
    """Cells in the columns' order. A GROUP row may have one cell only, which then heads the whole width."""

    cells: tuple[Cell, ...]
    style: RowStyle = RowStyle.PLAIN

    def width(self) -> int:
        """The number of columns the cells cover."""
        return sum(cell.columns if isinstance(cell, Span) else 1 for cell in self.cells)


def row(*cells: Cell, style: RowStyle = RowStyle.PLAIN) -> Row:
    """A row from its cells."""
    return Row(cells, style)


def group(heading: Words) -> Row:
    """A row that heads the rows below it."""
    return Row((heading,), RowStyle.GROUP)


class MalformedReport(ValueError):
    """Raised when a table's rows do not fit its columns: a defect of the code that builds the report."""


_ALLOWED: dict[Kind, tuple[type, ...]] = {
    Kind.TEXT: (str,),
    Kind.REFERENCE: (str,),
    Kind.MONEY: (Money,),
    Kind.DATE: (date,),
    Kind.PERCENT: (Decimal,),
    Kind.INTEGER: (int,),
    Kind.DECIMAL: (Decimal,),
}
_ANYWHERE = (Text, Literal, Multilingual, Span)


@dataclass(frozen=True, slots=True)
class Table:
    """Typed columns and rows. `key` names it in CSV and JSON; `caption` says what it shows."""

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: Words | None = None

    def __post_init__(self) -> None:
        """Refuse rows that do not fit, cells of another kind than their column's, and amounts of another currency."""
        keys = [column.key for column in self.columns]
        if len(set(keys)) != len(keys):
            raise MalformedReport(f"{self.key}: column keys repeat: {keys}")
        if any(column.carry is Carry.SUM and column.currency is None for column in self.columns):
            raise MalformedReport(f"{self.key}: only a column of one currency can be summed at a page's end")
        for number, each in enumerate(self.rows, 1):
            if each.style is RowStyle.GROUP and len(each.cells) == 1:
                continue
            if each.width() != len(self.columns):
                raise MalformedReport(f"{self.key} row {number}: {each.width()} cells for {len(self.columns)} columns")
            self._check_cells(number, each)

    def _check_cells(self, number: int, each: Row) -> None:
        at = 0
        for cell in each.cells:
            column = self.columns[at]
            at += cell.columns if isinstance(cell, Span) else 1
            if cell is None or isinstance(cell, _ANYWHERE):
                continue
            if isinstance(cell, bool | datetime) or not isinstance(cell, _ALLOWED[column.kind]):
                raise MalformedReport(f"{self.key} row {number}: {cell!r} in {column.kind} column {column.key}")
            if isinstance(cell, Money) and column.currency not in (None, cell.currency):
                raise MalformedReport(f"{self.key} row {number}: {cell} in the {column.currency} column {column.key}")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a report: an optional heading, paragraphs, and an optional table under them."""

    heading: Words | None = None
    paragraphs: tuple[Words, ...] = ()
    table: Table | None = None
    starts_page: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """One labelled fact above the sections, such as Basis: cash, with accruals to the end date."""

    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Note:
    """A numbered note to the statement."""

    number: str
    heading: Words | None
    paragraphs: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Signatory:
    """A place to sign: `capacity` such as Prepared by, the name under the line, the post, and the date if signed."""

    capacity: Words
    name: Words | None = None
    post: Words | None = None
    signed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A declaration and who makes it; `chop` leaves room for the institution's chop."""

    wording: tuple[Words, ...]
    signatories: tuple[Signatory, ...]
    chop: bool = False


@dataclass(frozen=True, slots=True)
class BookSeal:
    """How far a book was sealed when the report was built: its last block, and the entries after it.

    `block` is None and `block_hash` empty where nothing is sealed yet. The hash is lower-case hex.
    """

    book: str
    block: int | None
    block_hash: str
    unsealed: int

    @property
    def words(self) -> Text:
        """The same in words, with the hash's first digits."""
        if self.block is None:
            return text(_("Book %(book)s: nothing is sealed yet"), book=self.book)
        return text(
            _("Book %(book)s as sealed at block %(block)s (%(hash)s…); entries after it not yet sealed: %(entries)s"),
            book=self.book,
            block=self.block,
            hash=self.block_hash[:12],
            entries=self.unsealed,
        )


@dataclass(frozen=True)
class Report:
    """Everything a report says. `prepared_at` is the only time in its files; `document_id` stands on each page.

    `issuer` is set at the top left (its first line bold), `references` at the top right, `period` and `subject`
    under the title. `verify_url` is printed as a QR square. `footers` stand beside it on each page's foot.
    `status` of what is not issued yet stands at the top and under every page as a watermark.
    `seals` say how far the books were sealed. `in_thousands` has the amounts of tables printed in thousands where
    people read them, which `presentation` says under the heads; the figures and their digest stay exact.
    """

    name: str
    title: Words
    prepared_at: datetime
    sections: tuple[Section, ...]
    document_id: str
    version: int = 1
    period: Words | None = None
    subject: Words | None = None
    issuer: tuple[Words, ...] = ()
    references: tuple[Words, ...] = ()
    heads: tuple[Head, ...] = ()
    notes: tuple[Note, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    footers: tuple[Words, ...] = ()
    currency: Currency | None = None
    basis: Words | None = None
    convention: Convention = Convention.HONG_KONG
    verify_url: str | None = None
    status: Words | None = None
    seals: tuple[BookSeal, ...] = ()
    in_thousands: bool = False
    presentation: tuple[Words, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a time without its zone: files are dated from it."""
        if self.prepared_at.tzinfo is None:
            raise MalformedReport("prepared_at needs a time zone")

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of all sections, in order."""
        return tuple(section.table for section in self.sections if section.table is not None)

    def digest(self) -> str:
        """SHA-256 (hex) over the canonical JSON of what the report says: equal in every language and format.

        Left out are the document's own marks (id, version, status, verify address, time of preparation), how far
        the books are sealed and whether amounts are printed in thousands, so that the same figures prepared again
        have the same digest.
        """
        return self._digest

    @cached_property
    def _digest(self) -> str:
        return hashlib.sha256(canonical_json(self).encode()).hexdigest()


def canonical_json(report: Report) -> str:
    """The report's content as JSON with sorted keys and no spaces; amounts as ISO code and decimal string."""
    content = {
        "name": report.name,
        "title": _plain(report.title),
        "period": _plain(report.period),
        "subject": _plain(report.subject),
        "issuer": [_plain(each) for each in report.issuer],
        "references": [_plain(each) for each in report.references],
        "heads": [[_plain(head.label), _plain(head.value)] for head in report.heads],
        "currency": report.currency,
        "basis": _plain(report.basis),
        "sections": [_plain_section(section) for section in report.sections],
        "notes": [[note.number, _plain(note.heading), [_plain(p) for p in note.paragraphs]] for note in report.notes],
        "certificates": [[_plain(words) for words in certificate.wording] for certificate in report.certificates],
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain_section(section: Section) -> object:
    table = section.table
    return {
        "heading": _plain(section.heading),
        "paragraphs": [_plain(each) for each in section.paragraphs],
        "table": table
        and {
            "key": table.key,
            "columns": [[column.key, column.kind, column.currency] for column in table.columns],
            "rows": [[each.style, [_plain(cell) for cell in each.cells]] for each in table.rows],
        },
    }


def _plain(value: Value | Span | None) -> object:
    """A value as JSON that names its own type, so that no two different values look alike."""
    match value:
        case None:
            return None
        case str():
            return value
        case Money():
            return {"money": str(value)}
        case Decimal():
            return {"decimal": str(value)}
        case datetime() | date():
            return {"date": value.isoformat()}
        case int():
            return {"integer": value}
        case Literal():
            return value.text
        case Multilingual():
            return {"name": [value.en, value.zh_hant, value.zh_hans]}
        case Span():
            return {"span": value.columns, "words": _plain(value.words)}
        case Text():
            return {"text": value.msgid, "params": {name: _plain(param) for name, param in value.params}}
