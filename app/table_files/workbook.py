"""Reads the first sheet of an XLSX file as text, with the standard library and without a float on the way.

Numbers are taken from the file's own text and brought to the fifteen digits a spreadsheet shows; dates become ISO text;
a formula becomes text that starts with `=`, so that it is refused like one. Source: ECMA-376 part 1, 18.3 and 18.8.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Context, Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError, fromstring, iterparse

MAX_UNPACKED = 1024 * 1024 * 1024
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_FIFTEEN = Context(prec=15)
_DATE_FORMATS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]+)")


class NotAWorkbook(ValueError):
    """The file cannot be read as an XLSX workbook; the message says why, for the log."""


def rows(content: bytes, *, max_unpacked: int = MAX_UNPACKED) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every row of the first sheet that has any. Raises NotAWorkbook.

    `max_unpacked` are the bytes to which all parts together may unpack.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(info.file_size for info in archive.infolist()) > max_unpacked:
                raise NotAWorkbook("the unpacked workbook is too large")
            yield from _sheet(archive)
    except (zipfile.BadZipFile, KeyError, ParseError, ValueError, IndexError, NotImplementedError) as error:
        raise NotAWorkbook(str(error)) from error


def _sheet(archive: zipfile.ZipFile) -> Iterator[tuple[int, list[str]]]:
    book = _part(archive, "xl/workbook.xml")
    properties = book.find(f"{_MAIN}workbookPr")
    is_1904 = properties is not None and properties.get("date1904") in ("1", "true")
    day_zero = date(1904, 1, 1) if is_1904 else date(1899, 12, 30)
    texts = _shared_texts(archive)
    date_styles = _date_styles(archive)
    for row in _elements(archive, _first_sheet(archive, book), f"{_MAIN}row"):
        cells: list[str] = []
        number = 0
        for cell in row.iterfind(f"{_MAIN}c"):
            place = _PLACE.fullmatch(cell.get("r", ""))
            if place:
                number = int(place[2])
                cells.extend("" for _ in range(_column(place[1]) - len(cells)))
            cells.append(_text(cell, texts, date_styles, day_zero))
        yield int(row.get("r", number)), cells


def _part(archive: zipfile.ZipFile, name: str) -> Element:
    content = archive.read(name)
    if b"<!DOCTYPE" in content[:4096]:
        raise NotAWorkbook("a document type declaration")
    return fromstring(content)  # noqa: S314  declarations of entities are refused above


def _elements(archive: zipfile.ZipFile, name: str, tag: str) -> Iterator[Element]:
    """Elements of a large part one after another, each forgotten when the next is asked for."""
    with archive.open(name) as stream:
        if b"<!DOCTYPE" in stream.read(4096):
            raise NotAWorkbook("a document type declaration")
    with archive.open(name) as stream:
        for _, element in iterparse(stream):  # noqa: S314  declarations of entities are refused above
            if element.tag == tag:
                yield element
                element.clear()


def _first_sheet(archive: zipfile.ZipFile, book: Element) -> str:
    sheet = book.find(f"{_MAIN}sheets/{_MAIN}sheet")
    if sheet is None:
        raise NotAWorkbook("no sheet")
    for relation in _part(archive, "xl/_rels/workbook.xml.rels"):
        if relation.get("Id") == sheet.get(_RELATION):
            target = relation.get("Target", "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise NotAWorkbook("no first sheet")


def _shared_texts(archive: zipfile.ZipFile) -> list[str]:
    name = "xl/sharedStrings.xml"
    if name not in archive.namelist():
        return []
    return ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in _elements(archive, name, f"{_MAIN}si")]


def _date_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Indices of the cell styles that show a number as a date."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _part(archive, "xl/styles.xml")
    formats = {
        int(each.get("numFmtId", "0")): _QUOTED.sub("", each.get("formatCode", "")).lower()
        for each in styles.iter(f"{_MAIN}numFmt")
    }
    found = set()
    for index, style in enumerate(styles.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")):
        chosen = int(style.get("numFmtId", "0"))
        if chosen in _DATE_FORMATS or any(mark in formats.get(chosen, "") for mark in "yd"):
            found.add(str(index))
    return frozenset(found)


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _text(cell: Element, texts: list[str], date_styles: frozenset[str], day_zero: date) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return "".join(t.text or "" for t in cell.iter(f"{_MAIN}t"))
    value = cell.find(f"{_MAIN}v")
    raw = (value.text or "") if value is not None else ""
    if cell.find(f"{_MAIN}f") is not None:
        return f"={raw}"
    if kind == "s":
        return texts[int(raw)] if raw else ""
    if kind != "n" or not raw:
        return raw
    return _number(raw, cell.get("s", "") in date_styles, day_zero)


def _number(raw: str, is_date: bool, day_zero: date) -> str:
    try:
        number = _FIFTEEN.create_decimal(raw)
    except InvalidOperation:
        return raw
    if is_date and number == number.to_integral_value() and 0 < number < Decimal(100_000):
        return (day_zero + timedelta(days=int(number))).isoformat()
    return format(number.normalize(), "f")
