"""The journal in other programs' formats, so that anyone can add it up again without us.

Formats: hledger, ledger, beancount, CSV, JSON.

Every amount is written in full with its currency code; nothing is rounded or netted. Accounts carry the same names in
every format and in the trial balance: `Assets:BOOK:1001-Bank:SUBJECT`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from uuid import UUID

from sqlalchemy.orm import Session

from app.kernel.spreadsheet_text import harmless
from app.ledger.balances import PostingRow, Selection, stream_postings, trial_balance
from app.ledger.chart import CHART, AccountCode, Kind
from app.ledger.entries import FIRST_DAY

_ROOTS = {
    Kind.ASSET: "Assets",
    Kind.LIABILITY: "Liabilities",
    Kind.EQUITY: "Equity",
    Kind.INCOME: "Income",
    Kind.EXPENSE: "Expenses",
}
_DIMENSIONS = (
    "contract_id",
    "tranche_id",
    "disbursement_id",
    "claim_id",
    "heading",
    "pocket_id",
    "party_id",
    "rate_id",
)
_COLUMNS = (
    "entry", "line", "date", "kind", "book", "account", "code", "subject", "side", "currency", "amount",
    "functional_currency", "functional_amount", "reason", "event", "reverses", "actor", "approval", "evidence_sha256",
    "recorded_at", "contract", "tranche", "disbursement", "claim", "heading", "pocket", "party", "rate",
)  # fmt: skip


def account_name(book_code: str, code: AccountCode, subject_id: UUID | None) -> str:
    """The account's name outside: root by kind, book, code with the chart's English name, subject where it has one."""
    row = CHART[code]
    label = re.sub(r"[^A-Za-z0-9]+", "-", row.name).strip("-")
    name = f"{_ROOTS[row.kind]}:{book_code}:{code.value}-{label}"
    return f"{name}:{str(subject_id).upper()}" if subject_id else name


def export(session: Session, chosen: str, book_id: UUID | None = None) -> Iterator[str]:
    """The whole journal of one book (None: all) as text pieces in the format `chosen`, one of FORMATS."""
    opening: list[str] = []
    if chosen == "beancount":
        opening = _beancount_opening(session, book_id)
    return FORMATS[chosen](opening, stream_postings(session, Selection(book_id=book_id)))


def _entries(rows: Iterable[PostingRow]) -> Iterator[list[PostingRow]]:
    for _, lines in groupby(rows, key=lambda row: row.entry_id):
        yield list(lines)


def _one_line(value: str, forbidden: str) -> str:
    """Text made safe for one line of a text format: control characters and the format's own marks become blanks."""
    return re.sub(rf"[\x00-\x1f\x7f\u2028\u2029{forbidden}]+", " ", value).strip()


def _tags(row: PostingRow) -> dict[str, str]:
    values = {name.removesuffix("_id"): getattr(row, name) for name in _DIMENSIONS}
    tags = {name: str(value) for name, value in values.items() if value is not None}
    if row.functional.currency is not row.amount.currency:
        tags["functional"] = f"{row.functional.amount} {row.functional.currency}"
    return tags


def _head_tags(row: PostingRow) -> dict[str, str]:
    tags = {"kind": row.kind.value, "event": str(row.event_id), "actor": str(row.actor_id)}
    if row.reverses_id:
        tags["reverses"] = str(row.reverses_id)
    if row.approval_id:
        tags["approval"] = str(row.approval_id)
    if row.evidence_sha256:
        tags["evidence"] = row.evidence_sha256.hex()
    return tags


def _hledger(_opening: list[str], rows: Iterable[PostingRow]) -> Iterator[str]:
    yield "; Journal of Hetao Ledger. Amounts are debit positive.\ncommodity 1000.00 CNY\ncommodity 1000.00 HKD\n"
    for lines in _entries(rows):
        head = lines[0]
        reason = _one_line(head.reason, ";|")
        tags = ", ".join(f"{name}:{value}" for name, value in _head_tags(head).items())
        yield f"\n{head.effective_on} * ({head.entry_id}) {reason}  ; {tags}\n"
        for row in lines:
            name = account_name(row.book_code, row.code, row.subject_id)
            tags = ", ".join(f"{tag}:{value}" for tag, value in _tags(row).items())
            yield f"    {name}  {row.amount.amount} {row.amount.currency}{'  ; ' + tags if tags else ''}\n"


def _ledger(_opening: list[str], rows: Iterable[PostingRow]) -> Iterator[str]:
    """ledger-cli: tags on lines of their own; a payee takes no `;` after two blanks, so runs of blanks become one."""
    yield "; Journal of Hetao Ledger. Amounts are debit positive.\ncommodity CNY\n    format 1000.00 CNY\n"
    yield "commodity HKD\n    format 1000.00 HKD\n"
    for lines in _entries(rows):
        head = lines[0]
        reason = re.sub(r"\s+", " ", _one_line(head.reason, ";|"))
        yield f"\n{head.effective_on} * ({head.entry_id}) {reason}\n"
        yield from (f"    ; {name}: {value}\n" for name, value in _head_tags(head).items())
        for row in lines:
            name = account_name(row.book_code, row.code, row.subject_id)
            yield f"    {name}  {row.amount.amount} {row.amount.currency}\n"
            yield from (f"    ; {tag}: {value}\n" for tag, value in _tags(row).items())


def _beancount_opening(session: Session, book_id: UUID | None) -> list[str]:
    names = {account_name(row.book_code, row.code, row.subject_id) for row in trial_balance(session, book_id)}
    return [f"{FIRST_DAY} open {name}\n" for name in sorted(names)]


def _beancount(opening: list[str], rows: Iterable[PostingRow]) -> Iterator[str]:
    yield '; Journal of Hetao Ledger. Amounts are debit positive.\noption "title" "Hetao Ledger"\n'
    yield 'option "operating_currency" "CNY"\noption "operating_currency" "HKD"\n\n'
    yield from opening
    for lines in _entries(rows):
        head = lines[0]
        reason = _one_line(head.reason, "").replace("\\", "\\\\").replace('"', '\\"')
        yield f'\n{head.effective_on} * "{reason}"\n  entry: "{head.entry_id}"\n'
        yield from (f'  {tag}: "{value}"\n' for tag, value in _head_tags(head).items())
        for row in lines:
            name = account_name(row.book_code, row.code, row.subject_id)
            yield f"  {name}  {row.amount.amount} {row.amount.currency}\n"
            yield from (f'    {tag}: "{value}"\n' for tag, value in _tags(row).items())


def _fields(row: PostingRow) -> dict[str, str | None]:
    """One posting as text by column; amounts are decimal strings, absent values None."""
    values = (
        row.entry_id, row.line_no, row.effective_on, row.kind, row.book_code,
        account_name(row.book_code, row.code, row.subject_id), row.code, row.subject_id, row.side, row.amount.currency,
        row.amount.amount, row.functional.currency, row.functional.amount, row.reason, row.event_id, row.reverses_id,
        row.actor_id, row.approval_id, row.evidence_sha256.hex() if row.evidence_sha256 else None,
        row.recorded_at.isoformat(), row.contract_id, row.tranche_id, row.disbursement_id, row.claim_id, row.heading,
        row.pocket_id, row.party_id, row.rate_id,
    )  # fmt: skip
    return {name: None if value is None else str(value) for name, value in zip(_COLUMNS, values, strict=True)}


def _csv(_opening: list[str], rows: Iterable[PostingRow]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        fields = _fields(row)
        fields["reason"] = harmless(row.reason)
        writer.writerow(fields)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _json(_opening: list[str], rows: Iterable[PostingRow]) -> Iterator[str]:
    yield '{"format": "hetao-ledger-journal-1", "entries": ['
    heads = ("entry", "date", "kind", "book", "reason", "event", "reverses", "actor", "approval", "evidence_sha256")
    for number, lines in enumerate(_entries(rows)):
        fields = [_fields(row) for row in lines]
        entry: dict[str, object] = {name: fields[0][name] for name in (*heads, "recorded_at")}
        entry["lines"] = [{n: v for n, v in line.items() if n not in entry and v is not None} for line in fields]
        yield ("," if number else "") + "\n" + json.dumps(entry, ensure_ascii=False)
    yield "\n]}\n"


FORMATS: dict[str, Callable[[list[str], Iterable[PostingRow]], Iterator[str]]] = {
    "hledger": _hledger,
    "ledger": _ledger,
    "beancount": _beancount,
    "csv": _csv,
    "json": _json,
}
"""The formats by name, as `hetao ledger export --format` takes them."""
