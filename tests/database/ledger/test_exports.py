"""The exports, read by other programs: hledger, ledger and beancount add up to our trial balance to the cent."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.entries import (
    AccountKey,
    Dimensions,
    Rate,
    cost,
    credit,
    debit,
    exchange_lines,
    in_functional,
)
from app.ledger.exports import account_name, export
from app.ledger.headings import Heading
from tests.builders.books import Book, cny, hkd, open_book, post, reverse

CNY, HKD = Currency.CNY, Currency.HKD
Balances = dict[tuple[str, str], Decimal]


@pytest.fixture
def books(session: Session) -> tuple[Book, Book]:
    """Two books with exchange, rounding, a reversal, names that need quoting and a date in another year."""
    hong_kong, shenzhen = open_book(session, HKD), open_book(session, CNY)
    tags = Dimensions(contract_id=new_id())
    post(session, shenzhen.contribution("1234567.89"))
    post(session, shenzhen.spending("400000.00", tags.contract_id))
    arrived = [
        debit(hong_kong.bank, hkd("432282.43"), tags),
        debit(cost(Heading.BANK_CHARGE, CNY), cny("138.75"), tags),
        credit(AccountKey(AccountCode.GRANT_RECEIVED, CNY), cny("400000.00"), tags),
        *exchange_lines(hkd("432282.43"), cny("399861.25"), tags),
    ]
    post(session, hong_kong.entry(*in_functional(arrived, HKD, Rate(HKD, CNY, Decimal("0.9250")))))
    odd = [debit(cost(Heading.TRAVEL, CNY), cny("0.01"), tags) for _ in range(3)]
    odd.append(credit(AccountKey(AccountCode.INSTITUTION_CLEARING, CNY), cny("0.03"), tags))
    rounded = in_functional(odd, HKD, Rate(HKD, CNY, Decimal("0.6")))
    assert any(line.account.code is AccountCode.ROUNDING for line in rounded)
    post(session, hong_kong.entry(*rounded, reason='=cmd|"quoted"; back\\slash\n科研经费 ; note'))
    made = post(session, shenzhen.spending("5.00"))
    reverse(session, made.entry_id)
    return hong_kong, shenzhen


def ours(session: Session) -> Balances:
    rows = balances.trial_balance(session)
    return {
        (account_name(r.book_code, r.code, r.subject_id), str(r.balance.currency)): r.balance.amount
        for r in rows
        if r.balance
    }


def written(session: Session, chosen: str, folder: Path) -> Path:
    file = folder / f"journal.{chosen}"
    file.write_text("".join(export(session, chosen)), encoding="utf-8")
    return file


@pytest.mark.usefixtures("books")
def test_hledger_reads_the_export_and_agrees_to_the_cent(session: Session, tmp_path: Path) -> None:
    assert shutil.which("hledger"), "hledger is missing: apt install hledger"
    file = written(session, "hledger", tmp_path)
    printed = subprocess.run(
        ["hledger", "-f", file, "balance", "--flat", "--no-total", "--output-format", "csv", "--layout", "bare"],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )
    assert printed.returncode == 0, printed.stderr
    theirs = {
        (row["account"], row["commodity"]): Decimal(row["balance"])
        for row in csv.DictReader(io.StringIO(printed.stdout))
        if Decimal(row["balance"])
    }
    assert theirs == ours(session) != {}


@pytest.mark.usefixtures("books")
def test_ledger_reads_the_export_and_agrees_to_the_cent(session: Session, tmp_path: Path) -> None:
    assert shutil.which("ledger"), "ledger is missing: apt install ledger"
    file = written(session, "ledger", tmp_path)
    printed = subprocess.run(
        ["ledger", "-f", file, "--args-only", "balance", "--flat", "--no-total", "--balance-format",
         "%(account)\t%(display_total)\n"],
        capture_output=True,
        text=True,
        check=False,
        env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert printed.returncode == 0, printed.stderr
    theirs: Balances = {}
    account = ""
    for line in printed.stdout.splitlines():
        name, tab, amount = line.rpartition("\t")
        account = name.strip() if tab else account
        number, currency = amount.split()
        theirs[account, currency] = Decimal(number)
    assert theirs == ours(session) != {}


@pytest.mark.usefixtures("books")
def test_beancount_reads_the_export_and_agrees_to_the_cent(session: Session, tmp_path: Path) -> None:
    from beancount import loader
    from beancount.core import realization

    entries, errors, _ = loader.load_file(str(written(session, "beancount", tmp_path)))
    assert errors == []
    theirs: Balances = {}
    for account in realization.iter_children(realization.realize(entries)):
        for position in account.balance:
            theirs[account.account, position.units.currency] = position.units.number
    assert theirs == ours(session) != {}


@pytest.mark.usefixtures("books")
def test_the_csv_adds_up_to_the_trial_balance(session: Session, tmp_path: Path) -> None:
    with open(written(session, "csv", tmp_path), encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    theirs: Balances = {}
    for row in rows:
        key = (row["account"], row["currency"])
        theirs[key] = theirs.get(key, Decimal(0)) + Decimal(row["amount"])
    assert {key: value for key, value in theirs.items() if value} == ours(session)


@pytest.mark.usefixtures("books")
def test_the_csv_runs_no_formula(session: Session, tmp_path: Path) -> None:
    with open(written(session, "csv", tmp_path), encoding="utf-8", newline="") as handle:
        reasons = {row["reason"] for row in csv.DictReader(handle)}
    assert not any(reason.startswith("=") for reason in reasons)
    assert any(reason.startswith("'=cmd") for reason in reasons)


@pytest.mark.usefixtures("books")
def test_the_json_holds_every_entry_whole(session: Session, tmp_path: Path) -> None:
    document = json.loads(written(session, "json", tmp_path).read_text(encoding="utf-8"))
    lines = [line for entry in document["entries"] for line in entry["lines"]]
    theirs: Balances = {}
    for line in lines:
        key = (line["account"], line["currency"])
        theirs[key] = theirs.get(key, Decimal(0)) + Decimal(line["amount"])
    assert {key: value for key, value in theirs.items() if value} == ours(session)
    assert [line["line"] for line in document["entries"][0]["lines"]] == ["1", "2"]


def test_one_book_is_exported_alone(session: Session, books: tuple[Book, Book]) -> None:
    text = "".join(export(session, "hledger", books[0].book_id))
    assert books[0].code in text
    assert books[1].code not in text


@pytest.mark.parametrize("chosen", ["hledger", "ledger", "beancount", "csv", "json"])
def test_an_empty_ledger_is_exported(session: Session, chosen: str) -> None:
    assert "".join(export(session, chosen))
