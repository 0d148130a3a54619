"""The computation of residue under Statement A: disallowed cost, commitments, what is kept, what went back already."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy.orm import Session

from app.contracts import life
from app.contracts.commands import Step
from app.contracts.models import TermsParameter
from app.contracts.states import Basis, ParameterStatus
from app.journals.states import JournalKind
from app.ledger.headings import Heading
from reports.model import Language, Report
from reports.output import Format, write
from tests.builders import journals, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, PaymentWorld
from tests.reports.reading import about_contract, amounts, cell, labels, notes
from tests.reports.test_files import text_of


def term(session: Session, made: PaymentWorld, name: str, value: Any) -> None:
    """A confirmed parameter of the programme's terms, in force from the beginning."""
    session.add(
        TermsParameter(
            programme_id=made.programme.id,
            name=name,
            value=value,
            source="Agreement, clause 14",
            verified=True,
            first_day=date(2025, 1, 1),
            status=ParameterStatus.CONFIRMED.value,
            entered_by_id=made.maker.person_id,
            entered_at=NOW,
            confirmed_by_id=made.checker.person_id,
        )
    )
    session.flush()


def closing(session: Session, made: PaymentWorld) -> None:
    """Closing begins."""
    life.start_closing(session, made.maker, made.contract.id, Step(made.contract.version), now=NOW)


def with_both(session: Session, *, is_closing: bool = True) -> PaymentWorld:
    """CNY 30,261.25 unspent; salary of CNY 10,000.00 disallowed; a claim of HKD 5,000.00 (CNY 4,620.00) unpaid.

    The institution keeps 40 per cent.
    """
    made = statements.spent(session)
    term(session, made, "unspent_kept_percent", "40")
    disallowed = journals.line(made, cny("10000.00"), Heading.SALARY)
    journals.posted(session, made, disallowed, kind=JournalKind.DISALLOWED)
    journals.posted(session, made, journals.line(made, hkd("5000.00")), kind=JournalKind.CLAIM_ACCRUED)
    if is_closing:
        closing(session, made)
    return made


def residue(session: Session, made: PaymentWorld) -> tuple[Report, dict[str, str | None]]:
    """The statement, and the lines of its computation as decimals (words as None)."""
    report = about_contract(session, made, "income-and-expenditure")
    lines: dict[str, str | None] = {}
    for label in labels(report, "residue"):
        found = cell(report, label, "amount", "residue")
        lines[label] = None if isinstance(found, str) else str(found.amount)
    return report, lines


def test_disallowed_cost_is_repaid_in_full_and_commitments_are_left_out(session: Session) -> None:
    """30,261.25 - 4,620.00 = 25,641.25, of which 40 % (10,256.50) stays; with 10,000.00 disallowed: 25,384.75."""
    report, lines = residue(session, with_both(session))
    assert lines == {
        "Balance carried forward": "39828.97",
        "Add: residue returned already": "0.00",
        "Less: unrealised exchange difference, never repayable": "432.28",
        "Less: cost disallowed, taken out of expenditure by journal": "-10000.00",
        "Unspent": "30261.25",
        "Less: commitments accepted": "-4620.00",
        "Less: kept by the institution under the terms, 40 per cent": "-10256.50",
        "Add: cost disallowed, repayable in full": "10000.00",
        "Less: residue returned already": "0.00",
        "Amount repayable to the funder": "25384.75",
    }
    assert amounts(report, "Balance carried forward", "cumulative") == ("39828.97",)
    assert amounts(report, "Amount repayable to the funder", "cumulative") == ("25384.75",)
    assert notes(report).count("Agreement, clause 14") == 1


def test_lines_add_up_to_the_amount(session: Session) -> None:
    report, _lines = residue(session, with_both(session))
    parts = [cell(report, label, "amount", "residue") for label in labels(report, "residue")]
    assert sum(part.minor for part in parts[:4]) == parts[4].minor
    assert sum(part.minor for part in parts[4:-1]) == parts[-1].minor


def test_terms_that_accept_no_commitments_leave_none_out(session: Session) -> None:
    """30,261.25 less 40 % (12,104.50) plus 10,000.00."""
    made = with_both(session)
    term(session, made, "commitments_accepted", False)
    report, lines = residue(session, made)
    assert lines["Less: commitments accepted"] == "0.00"
    assert lines["Amount repayable to the funder"] == "28156.75"
    assert "The terms accept no commitments; approved and not yet paid: CNY 4,620.00." in notes(report)


def test_commitment_that_is_paid_is_expenditure(session: Session) -> None:
    """30,261.25 - 4,620.00 spent = 25,641.25: the same is repayable as while it was a commitment."""
    made = with_both(session)
    journals.posted(session, made, journals.line(made, hkd("5000.00"), None), kind=JournalKind.CLAIM_PAID)
    _report, lines = residue(session, made)
    assert (lines["Unspent"], lines["Less: commitments accepted"]) == ("25641.25", "0.00")
    assert lines["Amount repayable to the funder"] == "25384.75"


def test_on_the_accrual_basis_a_commitment_is_expenditure_already(session: Session) -> None:
    made = with_both(session)
    made.programme.basis = Basis.ACCRUAL.value
    _report, lines = residue(session, made)
    assert (lines["Unspent"], lines["Less: commitments accepted"]) == ("25641.25", "0.00")
    assert lines["Amount repayable to the funder"] == "25384.75"


def test_return_lowers_what_is_repayable_and_not_what_may_be_kept(session: Session) -> None:
    made = with_both(session)
    statements.return_residue(session, made, "9300.00", "10000.00", "0.9300")
    _report, lines = residue(session, made)
    assert lines["Unspent"] == "30261.25"
    assert lines["Less: kept by the institution under the terms, 40 per cent"] == "-10256.50"
    assert lines["Less: residue returned already"] == "-9300.00"
    assert lines["Amount repayable to the funder"] == "16084.75"


def test_more_returned_than_was_due_is_said_and_nothing_is_repayable(session: Session) -> None:
    """The terms let everything stay; CNY 9,300.00 went back."""
    made = statements.spent(session)
    statements.return_residue(session, made, "9300.00", "10000.00", "0.9300")
    closing(session, made)
    _report, lines = residue(session, made)
    assert lines["Add: spent or returned beyond what was due"] == "9300.00"
    assert lines["Amount repayable to the funder"] == "0.00"


def test_before_closing_the_lines_stand_and_the_amount_is_not_yet_due(session: Session) -> None:
    report, lines = residue(session, with_both(session, is_closing=False))
    assert (lines["Unspent"], lines["Less: commitments accepted"]) == ("30261.25", "-4620.00")
    assert cell(report, "Amount repayable to the funder", "amount", "residue") == "not yet due; retained"


WORDS = {
    Language.EN: ("Less: commitments accepted", "Add: cost disallowed, repayable in full"),
    Language.ZH_HANT: ("減：獲接納的承擔款項", "加：不予認可的成本，須全數退還"),
    Language.ZH_HANS: ("减：获认可的已承诺支出", "加：不予认可的成本，须全额退还"),
}


@pytest.mark.parametrize("language", Language)
def test_every_format_says_the_lines_in_every_language(session: Session, language: Language) -> None:
    report, _lines = residue(session, with_both(session))
    commitments, disallowed = WORDS[language]
    pdf = "\n".join(text_of(write(report, Format.PDF, language)))
    assert f"{commitments} (4,620.00)" in pdf
    assert f"{disallowed} 10,000.00" in pdf
    assert "25,384.75" in pdf
    rows = list(csv.reader(io.StringIO(write(report, Format.CSV, language).decode("utf-8-sig"))))
    assert any(commitments in row and "-4620.00" in row for row in rows)
    assert any(disallowed in row and "10000.00" in row for row in rows)
    data = json.loads(write(report, Format.JSON, language))
    said = json.dumps(data, ensure_ascii=False)
    for expected in (commitments, disallowed, "-4620.00", "25384.75"):
        assert expected in said
    book = openpyxl.load_workbook(io.BytesIO(write(report, Format.XLSX, language)))
    cells = [[each.value for each in row] for sheet in book.worksheets for row in sheet.iter_rows()]
    assert any(commitments in row and any(isinstance(v, int | float) and v == -4620 for v in row) for row in cells)


def test_nil_lines_print_as_an_en_dash(session: Session) -> None:
    made = statements.spent(session)
    closing(session, made)
    report, _lines = residue(session, made)
    pdf = text_of(write(report, Format.PDF, Language.EN))
    for label in ("Less: commitments accepted", "Add: cost disallowed, repayable in full", "Less: residue returned"):
        assert any(line.startswith(label) and line.endswith(" –") for line in pdf), label
