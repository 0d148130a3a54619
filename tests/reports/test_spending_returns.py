"""Rows of a spending return on Statement A, to the cent, and in the exports that other programs read."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.ledger import balances
from app.ledger.exports import account_name, export
from tests.builders import payments, returns, statements
from tests.builders.payments import PaymentWorld
from tests.builders.returns import row
from tests.reports.reading import about_contract, amounts

BOTH = ("current_period", "cumulative")


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """The worked example with a return of every kind of row."""
    made = statements.received(session)
    rows = (
        row("V-1", Amount="1000.00"),
        row("V-2", Amount="-100.00"),
        row("V-3", Kind="Refund", Amount="50.00"),
        row("V-4", Amount="1000.00", Currency="HKD", Heading="Travel", Date=payments.TODAY.isoformat()),
        row("V-5", Kind="Interest", Heading="", Amount="12.34"),
        row("V-6", Kind="Sponsorship", Heading="", Amount="500.00"),
        row("V-7", Kind="Sponsorship in kind", Heading="Testing", Amount="700.00"),
        row("V-8", Kind="Overhead", Heading="", Amount="88.00"),
        row("V-9", Kind="Open order", Amount="5000.00", Purchase_order="PO-1"),
    )
    returns.posted(session, made, *rows)
    return made


def test_statement_a_shows_every_row_by_its_posting(session: Session, made: PaymentWorld) -> None:
    report = about_contract(session, made, "income-and-expenditure")
    assert amounts(report, "Bank interest", *BOTH) == ("12.34", "12.34")
    assert amounts(report, "Industry sponsorship, cash", *BOTH) == ("500.00", "500.00")
    assert amounts(report, "Industry sponsorship, in kind", *BOTH) == ("700.00", "700.00")
    # 1,000 - 100 - 50 of materials, 924 of travel, 700 of testing, 88 of overhead, and the bank's charge of 138.75
    assert amounts(report, "Total expenditure", *BOTH) == ("2700.75", "2700.75")


def test_hledger_and_beancount_agree_on_a_return_to_the_cent(
    session: Session, made: PaymentWorld, tmp_path: Path
) -> None:
    ours = {
        (account_name(r.book_code, r.code, r.subject_id), str(r.balance.currency)): r.balance.amount
        for r in balances.trial_balance(session)
        if r.balance
    }
    written = {}
    for chosen in ("hledger", "beancount"):
        written[chosen] = tmp_path / f"journal.{chosen}"
        written[chosen].write_text("".join(export(session, chosen)), encoding="utf-8")
    assert shutil.which("hledger"), "hledger is missing: apt install hledger"
    command = ["hledger", "-f", str(written["hledger"]), "balance", "--flat", "--no-total"]
    printed = subprocess.run(
        [*command, "--output-format", "csv", "--layout", "bare"],
        capture_output=True,
        text=True,
        check=True,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    theirs = {
        (each["account"], each["commodity"]): Decimal(each["balance"])
        for each in csv.DictReader(io.StringIO(printed.stdout))
        if Decimal(each["balance"])
    }
    assert theirs == ours != {}
    from beancount import loader
    from beancount.core import realization

    entries, errors, _ = loader.load_file(str(written["beancount"]))
    assert errors == []
    counted = {
        (account.account, position.units.currency): position.units.number
        for account in realization.iter_children(realization.realize(entries))
        for position in account.balance
    }
    assert counted == ours
