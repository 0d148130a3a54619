"""Rows of each table from the ledger and the slices, and the files: one CSV a table, the mapping, and a manifest.

Amounts are decimal text, exact; words never become formulas. `GL_Details` adds up to the movement in `GL_Trial_Balance`
by account, and the tables are refused where it does not.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit_tables import names
from app.audit_tables.names import TABLES, Table
from app.contracts.models import Contract
from app.institutions.models import BankAccount, Institution
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.errors import NotFound, RuleBreached
from app.kernel.messages import _
from app.kernel.money import Money
from app.kernel.spreadsheet_text import csv_file, harmless
from app.ledger import balances
from app.ledger.balances import PostingRow, Selection, TrialBalanceRow
from app.ledger.chart import CHART
from app.ledger.entries import FIRST_DAY, EntryKind
from app.people import queries as people
from app.projects.models import Project

SOFTWARE = "Hetao Ledger 0.1.0"
CURRENCY_NAMES = {Currency.CNY: "Renminbi yuan", Currency.HKD: "Hong Kong dollar"}
Row = Sequence[object]
AccountKey = tuple[str, UUID | None, Currency]


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rows are made of."""

    institution: Institution
    functional: Currency
    first_day: date
    last_day: date
    now: datetime
    postings: tuple[PostingRow, ...]
    before: dict[AccountKey, TrialBalanceRow]
    after: dict[AccountKey, TrialBalanceRow]
    contracts: tuple[Contract, ...]
    projects: dict[UUID, Project]
    institutions: dict[UUID, str]
    users: dict[UUID, str]
    bank_accounts: tuple[BankAccount, ...]
    closed: frozenset[date]


def files(
    session: Session, book_code: str, first_day: date, last_day: date, *, now: datetime
) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file, the manifest last. Raises NotFound without such a book."""
    facts = _facts(session, book_code, first_day, last_day, now)
    _check(facts)
    made: list[dict[str, object]] = []
    for table in TABLES:
        rows = list(_ROWS[table.name](facts))
        content = csv_file([field.name for field in table.fields], rows, marked=False)
        made.append(_entry(f"{table.name}.csv", content, len(rows), table))
        yield f"{table.name}.csv", content
    content = csv_file(
        ("table", "table_name_verified", "field", "field_name_verified", "meaning", "gbt_24589", "gbt_24589_verified"),
        ([t.name, _yes(t.verified), f.name, "no", f.meaning, f.gbt, "no"] for t in TABLES for f in t.fields),
        marked=False,
    )
    made.append(_entry("mapping.csv", content, sum(len(table.fields) for table in TABLES)))
    yield "mapping.csv", content
    yield "manifest.json", _manifest(facts, made)


def _facts(session: Session, book_code: str, first_day: date, last_day: date, now: datetime) -> _Facts:
    book_id = balances.book_ids(session).get(book_code)
    functional = balances.functional_currency(session, book_id) if book_id else None
    institution = session.get(Institution, book_id) if book_id else None
    if book_id is None or functional is None or institution is None:
        raise NotFound(Breach("book.unknown", _("This institution keeps no book here.")))
    chosen = Selection(book_id=book_id, first_day=first_day, last_day=last_day)
    postings = tuple(balances.stream_postings(session, chosen))
    contracts = _contracts(session, postings)
    return _Facts(
        institution,
        functional,
        first_day,
        last_day,
        now,
        postings,
        _by_account(balances.trial_balance(session, book_id, first_day - timedelta(days=1)))
        if first_day > FIRST_DAY
        else {},
        _by_account(balances.trial_balance(session, book_id, last_day)),
        contracts,
        {p.id: p for p in session.scalars(select(Project).where(Project.id.in_({c.project_id for c in contracts})))},
        {row.id: row.code for row in session.execute(select(Institution.id, Institution.code))},
        people.names_of(session, {row.actor_id for row in postings}),
        tuple(
            session.scalars(select(BankAccount).where(BankAccount.institution_id == book_id).order_by(BankAccount.id))
        ),
        frozenset(m for m in _months(first_day, last_day) if balances.period_is_closed(session, book_id, m)),
    )


def _contracts(session: Session, postings: Iterable[PostingRow]) -> tuple[Contract, ...]:
    wanted = {row.contract_id for row in postings if row.contract_id}
    return tuple(session.scalars(select(Contract).where(Contract.id.in_(wanted)).order_by(Contract.reference)))


def _by_account(rows: Iterable[TrialBalanceRow]) -> dict[AccountKey, TrialBalanceRow]:
    return {(row.code.value, row.subject_id, row.balance.currency): row for row in rows}


def _check(facts: _Facts) -> None:
    """Refuse tables whose lines do not add up to the movement of each account."""
    moved: dict[AccountKey, int] = {}
    for row in facts.postings:
        key = (row.code.value, row.subject_id, row.amount.currency)
        moved[key] = moved.get(key, 0) + row.amount.minor
    for key, after in facts.after.items():
        before = facts.before.get(key)
        movement = after.balance.minor - (before.balance.minor if before else 0)
        if movement != moved.get(key, 0):
            message = _("The entries of account %(account)s do not add up to its movement. Run `hetao ledger check`.")
            raise RuleBreached(Breach("audit-tables.drift", message, params={"account": key[0]}))


def _profile(facts: _Facts) -> Iterator[Row]:
    place = facts.institution
    yield (
        place.code, place.name_en, facts.functional, facts.first_day, facts.last_day, facts.now.isoformat(), SOFTWARE,
    )  # fmt: skip


def _accounts(_facts: _Facts) -> Iterator[Row]:
    for row in CHART.values():
        yield row.code, row.name, row.kind, row.normal_side, row.meaning


def _periods(facts: _Facts) -> Iterator[Row]:
    for month in _months(facts.first_day, facts.last_day):
        last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        yield month.year, month.month, month, last, "CLOSED" if month in facts.closed else "OPEN"


def _months(first_day: date, last_day: date) -> Iterator[date]:
    """First days of the calendar months the span touches."""
    month = first_day.replace(day=1)
    while month <= last_day:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _entry_types(_facts: _Facts) -> Iterator[Row]:
    for kind in EntryKind:
        yield kind.value, kind.value.replace("_", " ").capitalize()


def _currencies(_facts: _Facts) -> Iterator[Row]:
    for currency in Currency:
        yield currency.value, CURRENCY_NAMES[currency], currency.exponent


def _users(facts: _Facts) -> Iterator[Row]:
    for key in sorted({row.actor_id for row in facts.postings}):
        yield key, harmless(facts.users.get(key, ""))


def _bank_accounts(facts: _Facts) -> Iterator[Row]:
    for row in facts.bank_accounts:
        yield row.id, row.masked_number, harmless(row.bank_name), row.currency


def _projects(facts: _Facts) -> Iterator[Row]:
    for row in facts.contracts:
        project = facts.projects[row.project_id]
        title = project.title_en or project.title_zh_hant or project.title_zh_hans
        codes = facts.institutions
        yield project.reference, row.reference, harmless(title), codes[row.funder_id], codes[row.grantee_id]


def _balances(facts: _Facts) -> Iterator[Row]:
    for key, after in facts.after.items():
        nil, worth_nil = Money.zero(key[2]), Money.zero(facts.functional)
        before = facts.before.get(key)
        opening, debit, credit, functional = (
            (before.balance, before.debit, before.credit, before.functional) if before else (nil, nil, nil, worth_nil)
        )
        amounts = (opening, after.debit - debit, after.credit - credit, after.balance, functional, after.functional)
        yield key[0], key[1] or "", key[2], *(amount.amount for amount in amounts)


def _details(facts: _Facts) -> Iterator[Row]:
    references = {row.id: row.reference for row in facts.contracts}
    for row in facts.postings:
        is_debit = row.side == "D"
        yield (
            row.entry_id, row.line_no, row.kind, row.effective_on.year, row.effective_on.month, row.effective_on,
            row.recorded_at.isoformat(), row.actor_id, row.approval_id or "", row.reverses_id or "", row.event_id,
            harmless(" ".join(row.reason.split())), row.code, row.subject_id or "", row.amount.currency, row.side,
            row.amount.amount if is_debit else "", "" if is_debit else (-row.amount).amount, row.functional.amount,
            references.get(row.contract_id, "") if row.contract_id else "", row.heading or "",
            facts.institutions.get(row.party_id, "") if row.party_id else "",
            row.evidence_sha256.hex() if row.evidence_sha256 else "",
        )  # fmt: skip


_ROWS = {
    names.PROFILE.name: _profile,
    names.ACCOUNTS.name: _accounts,
    names.PERIODS.name: _periods,
    names.ENTRY_TYPES.name: _entry_types,
    names.CURRENCIES.name: _currencies,
    names.USERS.name: _users,
    names.BANK_ACCOUNTS.name: _bank_accounts,
    names.PROJECTS.name: _projects,
    names.BALANCES.name: _balances,
    names.DETAILS.name: _details,
}


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _entry(name: str, content: bytes, rows: int, table: Table | None = None) -> dict[str, object]:
    said: dict[str, object] = {"file": name, "rows": rows, "sha256": hashlib.sha256(content).hexdigest()}
    if table is not None:
        said |= {"table_name_verified": table.verified, "table_name_source": table.source, "fields_verified": False}
    return said


def _manifest(facts: _Facts, made: list[dict[str, object]]) -> bytes:
    turnover = {
        currency.value: {
            "debit": str(_side(facts, currency, "D")),
            "credit": str(-_side(facts, currency, "C")),
        }
        for currency in Currency
    }
    said = {
        "book": facts.institution.code,
        "from": facts.first_day.isoformat(),
        "to": facts.last_day.isoformat(),
        "written_at": facts.now.isoformat(),
        "software": SOFTWARE,
        "encoding": "UTF-8, comma, CRLF, first line names the fields",
        "standards": {
            "ISO 21378:2019": "names of the BAS tables from its published contents; everything else unverified",
            "GB/T 24589.1": "element names in mapping.csv, all unverified",
        },
        "turnover": turnover,
        "files": made,
    }
    return (json.dumps(said, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _side(facts: _Facts, currency: Currency, side: str) -> Decimal:
    minor = sum(r.amount.minor for r in facts.postings if r.side == side and r.amount.currency is currency)
    return Money(minor, currency).amount
