"""A bank's file, whatever its format: which one it is, whose statements it holds, and what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.institutions.models import BankAccount
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.reconciliation import bank_tables, camt, camt_notices, mt940_files
from app.reconciliation.commands import TableLayout
from app.reconciliation.statements import AccountNamed, NoticeRead, StatementRead
from app.reconciliation.states import DateForm, DecimalMark, StatementSource
from app.web.uploads import XML, Upload

SELF_DESCRIBING = frozenset({StatementSource.CAMT_053, StatementSource.CAMT_054, StatementSource.MT940})
"""Formats that name their account and days themselves."""

_TEXTS = ("booked_on", "value_on", "amount", "paid_in", "paid_out", "reference", "text")
_DAYS = ("first_day", "last_day")
_BALANCES = ("opening", "closing")


def source_of(upload: Upload) -> StatementSource:
    """The format, known by the content: XML is camt.054 if it says so, else camt.053; fields 20 and 25 are MT940's."""
    if upload.media_type == XML:
        return StatementSource.CAMT_054 if camt_notices.is_notice(upload.content) else StatementSource.CAMT_053
    return StatementSource.MT940 if mt940_files.is_mt940(upload.content) else StatementSource.TABLE


def accounts(source: StatementSource, content: bytes) -> tuple[AccountNamed, ...]:
    """The accounts the file tells of; none for a table, which does not say. Raises InputRefused."""
    if source is StatementSource.CAMT_053:
        return camt.accounts(content)
    if source is StatementSource.CAMT_054:
        return camt_notices.accounts(content)
    return mt940_files.accounts(content) if source is StatementSource.MT940 else ()


def read(
    source: StatementSource, content: bytes, asked: Mapping[str, Any], bank: BankAccount
) -> Sequence[StatementRead]:
    """The statements of that account, oldest first; all there are where none is of it. Raises InputRefused.

    A notification holds none.
    """
    currency = Currency(bank.currency)
    if source is StatementSource.CAMT_054:
        return ()
    if source is StatementSource.CAMT_053:
        return camt.read(content, currency, bank.number)
    if source is StatementSource.MT940:
        return mt940_files.read(content, currency, bank.number)
    return bank_tables.read(content, layout_of(asked, currency), currency)


def notices(source: StatementSource, content: bytes, bank: BankAccount) -> Sequence[NoticeRead]:
    """The notifications of that account; all there are where none is of it, and none in a file of statements."""
    if source is not StatementSource.CAMT_054:
        return ()
    return camt_notices.read(content, Currency(bank.currency), bank.number)


def as_asked(layout: TableLayout) -> dict[str, Any]:
    """The layout as plain values, to be kept beside the file; balances as decimal text."""
    said: dict[str, Any] = {name: getattr(layout, name) for name in _TEXTS}
    said |= {"date_form": layout.date_form.value, "decimal_mark": layout.decimal_mark.value}
    for name in _DAYS:
        day: date | None = getattr(layout, name)
        said[name] = day.isoformat() if day is not None else None
    for name in _BALANCES:
        balance: Money | None = getattr(layout, name)
        said[name] = str(balance.amount) if balance is not None else None
    return said


def layout_of(asked: Mapping[str, Any], currency: Currency) -> TableLayout:
    """The layout as it was typed, from what is kept beside the file."""
    said: dict[str, Any] = {name: asked.get(name, "") for name in _TEXTS}
    said |= {name: date.fromisoformat(asked[name]) for name in _DAYS if asked.get(name)}
    said |= {name: Money.parse(asked[name], currency) for name in _BALANCES if asked.get(name)}
    form, mark = asked.get("date_form", DateForm.ISO), asked.get("decimal_mark", DecimalMark.POINT)
    return TableLayout(**said, date_form=DateForm(form), decimal_mark=DecimalMark(mark))
