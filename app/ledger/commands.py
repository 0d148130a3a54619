"""`hetao ledger` and `hetao bench`: the books from the command line. Exit status 0 only when all is well."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from typing import IO
from uuid import UUID

import click
from sqlalchemy.orm import Session

from app.db.unit_of_work import unit_of_work
from app.kernel.currencies import Currency
from app.kernel.money import Money, total
from app.ledger import balances, history
from app.ledger.balances import TrialBalanceRow
from app.ledger.checking import check as check_ledger
from app.ledger.exports import FORMATS, account_name, export as export_journal
from app.ledger.named_books import book_id_of
from app.ledger.sealing.commands import COMMANDS

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def ledger() -> None:
    """The books: trial balance, exports, and the check of every balance."""


@ledger.command("trial-balance")
@click.option("--book", help="A book's code; without it, every book.")
@click.option("--at", "at", type=DAY, help="At the end of this day; without it, everything posted.")
@click.option("--known-at", type=click.IntRange(min=1), help="As known at this block of the book; needs --book.")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def trial_balance(book: str | None, at: datetime | None, known_at: int | None, as_json: bool) -> None:
    """Every account's balance, debit positive; the balances of each currency sum to nil."""
    day = at.date() if at else None
    with unit_of_work() as session:
        rows = _trial_balance_rows(session, _book_id(session, book), day, known_at)
    sums = {c: total((row.balance for row in rows if row.balance.currency is c), c) for c in Currency}
    if as_json:
        click.echo(json.dumps(_trial_balance_facts(rows, sums, day), indent=2))
    else:
        for row in rows:
            name = account_name(row.book_code, row.code, row.subject_id)
            click.echo(f"{name:<90} {row.balance.currency} {row.balance.amount:>20,}")
        for amount in sums.values():
            click.echo(f"{'Sum':<90} {amount.currency} {amount.amount:>20,}")
    if any(sums.values()):
        sys.exit(1)


def _trial_balance_rows(
    session: Session, book_id: UUID | None, day: date | None, known_at: int | None
) -> list[TrialBalanceRow]:
    """Summed from the postings; as known at a block from the closes and day rows."""
    if known_at is None:
        return balances.trial_balance(session, book_id, day)
    if book_id is None:
        raise click.UsageError("A block belongs to a book: give --book with --known-at.")
    return history.trial_balance_as_known(session, book_id, day, known_at)


def _trial_balance_facts(
    rows: list[TrialBalanceRow], sums: dict[Currency, Money], day: date | None
) -> dict[str, object]:
    return {
        "at": day.isoformat() if day else None,
        "rows": [
            {
                "account": account_name(row.book_code, row.code, row.subject_id),
                "book": row.book_code,
                "code": row.code.value,
                "subject": str(row.subject_id) if row.subject_id else None,
                "currency": row.balance.currency.value,
                "debit": str(row.debit.amount),
                "credit": str(row.credit.amount),
                "balance": str(row.balance.amount),
                "functional_currency": row.functional.currency.value,
                "functional_balance": str(row.functional.amount),
            }
            for row in rows
        ],
        "sums": {currency.value: str(amount.amount) for currency, amount in sums.items()},
    }


@ledger.command("export")
@click.option("--format", "chosen", type=click.Choice(sorted(FORMATS)), required=True, help="Whose format to write.")
@click.option("--book", help="A book's code; without it, every book.")
@click.option("--out", type=click.File("w", encoding="utf-8", lazy=False), default="-", help="File; default: print.")
def export(chosen: str, book: str | None, out: IO[str]) -> None:
    """The whole journal for hledger, ledger, beancount, a spreadsheet or a program."""
    with unit_of_work() as session:
        for piece in export_journal(session, chosen, _book_id(session, book)):
            out.write(piece)


@ledger.command("check")
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def check(as_json: bool) -> None:
    """Recompute every balance and hold from the postings and events; exit 1 naming the first difference."""
    with unit_of_work() as session:
        result = check_ledger(session)
    found = [{"what": d.what, "where": d.where, "kept": d.kept, "recomputed": d.recomputed} for d in result.differences]
    if as_json:
        facts = {"entries": result.entries, "accounts": result.accounts, "holds": result.holds, "differences": found}
        click.echo(json.dumps(facts, indent=2))
    elif found:
        first = result.differences[0]
        click.echo(
            f"Difference in {first.what}: {first.where} is kept as {first.kept}, recomputed {first.recomputed}.",
            err=True,
        )
    else:
        click.echo(f"{result.entries} entries, {result.accounts} accounts and {result.holds} holds agree.")
    if found:
        sys.exit(1)


@click.group()
def bench() -> None:
    """Measurements on this machine, beside the database's own."""


@bench.command("post")
@click.option("--clients", type=click.IntRange(1, 64), default=8, show_default=True, help="How many post at once.")
@click.option(
    "--seconds", type=click.IntRange(2, 600), default=10, show_default=True, help="How long each is measured."
)
@click.option("--json", "as_json", is_flag=True, help="Print facts as JSON.")
def post(clients: int, seconds: int, as_json: bool) -> None:
    """Post entries into a scratch database on the running server and compare with `pgbench -N` on the same server."""
    from benchmarks.posting import CannotMeasure, measure

    try:
        facts = measure(clients, seconds)
    except CannotMeasure as failure:
        raise click.ClickException(str(failure)) from None
    if as_json:
        click.echo(json.dumps(facts, indent=2))
    else:
        for name, value in facts.items():
            click.echo(f"{name.replace('_', ' '):<40} {value}")
    if facts["errors"] or facts["drift"]:
        sys.exit(1)


for command in COMMANDS:
    ledger.add_command(command)


def _book_id(session: Session, code: str | None) -> UUID | None:
    return None if code is None else book_id_of(session, code)
