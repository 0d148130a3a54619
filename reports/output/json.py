"""A report as JSON: decimal strings, ISO dates, words in one language, and the digest of its figures."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from reports.model import Column, Report, Row, Section, Words
from reports.output import formats, rows
from reports.output.rows import Record, Told
from reports.output.wording import Voice


def write(report: Report, voice: Voice, told: Told | None = None) -> bytes:
    """The whole report in UTF-8, keys in the order a reader wants them; `told` are its records if made already."""
    tables = iter(told or rows.told(report, voice))

    def say(words: Words | None) -> str | None:
        return None if words is None else voice.say(words).text

    content = {
        "report": report.name,
        "document_id": report.document_id,
        "version": report.version,
        "digest": report.digest(),
        "prepared_at": formats.utc_stamp(report.prepared_at),
        "language": voice.language.tag,
        "title": say(report.title),
        "period": say(report.period),
        "subject": say(report.subject),
        "status": say(report.status),
        "issuer": [say(each) for each in report.issuer],
        "references": [say(each) for each in report.references],
        "currency": report.currency,
        "basis": say(report.basis),
        "heads": [{"label": say(head.label), "value": say(head.value)} for head in report.heads],
        "sections": [_section(section, voice, tables) for section in report.sections],
        "notes": [
            {"number": note.number, "heading": say(note.heading), "paragraphs": [say(each) for each in note.paragraphs]}
            for note in report.notes
        ],
        "verify_url": report.verify_url,
        "sealed": [
            {
                "book": seal.book,
                "block": seal.block,
                "block_hash": seal.block_hash or None,
                "unsealed_entries": seal.unsealed,
                "words": say(seal.words),
            }
            for seal in report.seals
        ],
    }
    return (json.dumps(content, ensure_ascii=False) + "\n").encode()


def _section(section: Section, voice: Voice, tables: Iterator[Sequence[tuple[Row, Record]]]) -> dict[str, object]:
    found: dict[str, object] = {"heading": None if section.heading is None else voice.say(section.heading).text}
    found["paragraphs"] = [voice.say(each).text for each in section.paragraphs]
    table = section.table
    if table is not None:
        found["table"] = table.key
        found["columns"] = [_column(column, voice) for column in table.columns]
        found["rows"] = [{"style": row.style, **record} for row, record in next(tables)]
    return found


def _column(column: Column, voice: Voice) -> dict[str, object]:
    return {
        "key": column.key,
        "fields": list(rows.field_names(column)),
        "head": voice.say(column.head).text,
        "letter": column.letter,
        "kind": column.kind,
        "currency": column.currency,
    }
