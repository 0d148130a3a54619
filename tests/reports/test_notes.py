"""The fourteen notes to Statement A: always all of them, tied to the ledger, sources in the statement's language."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from app.contracts.models import ConflictOfInterest
from app.exchange_rates import sources as own_sources
from app.exchange_rates.models import ExchangeRate
from app.journals.states import JournalKind
from app.ledger.headings import Heading
from reports.model import Language, Literal, Note, Report
from reports.output.wording import voice
from reports.sources import source_words
from reports.statement_notes import COST_NOTES
from tests.builders import journals, statements
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, PaymentWorld
from tests.reports.reading import about_contract, table, words


def statement_a(session: Session, made: PaymentWorld) -> Report:
    return about_contract(session, made, "income-and-expenditure")


def said(report: Report, number: str, language: Language = Language.EN) -> list[str]:
    """The paragraphs of a note."""
    note: Note = next(each for each in report.notes if each.number == number)
    return [voice(report, language).say(each).text for each in note.paragraphs]


def test_all_fourteen_notes_stand_in_order_and_say_nil_where_there_is_nothing(session: Session) -> None:
    report = statement_a(session, statements.received(session))
    assert [each.number for each in report.notes] == [str(number) for number in range(1, 15)]
    assert all(each.paragraphs for each in report.notes)
    nil = [number for number in range(1, 15) if said(report, str(number)) == ["Nil."]]
    assert nil == [4, 5, 6, 7, 9, 14]


def test_every_leaf_of_cost_stands_in_exactly_one_note() -> None:
    assert sorted(heading for each in COST_NOTES for heading in each.headings) == sorted(Heading)


def test_notes_on_cost_list_what_was_booked_by_heading(session: Session) -> None:
    made = statements.worked_example(session)
    journals.cost(session, made, hkd("1000.00"), Heading.TRAVEL)
    report = statement_a(session, made)
    assert said(report, "6") == ["Salary: CNY 92,400.00 in the period, CNY 92,400.00 cumulative."]
    assert said(report, "8") == [
        "Travel: CNY 924.00 in the period, CNY 924.00 cumulative.",
        "Bank charge: CNY 138.75 in the period, CNY 138.75 cumulative.",
    ]


def test_rows_of_cost_refer_to_the_notes_that_list_their_leaves(session: Session) -> None:
    report = statement_a(session, statements.worked_example(session))
    refs = {words(report, each.cells[1]): each.cells[-1] for each in table(report).rows if len(each.cells) > 2}
    assert (refs["Labour cost"], refs["Equipment cost"], refs["Host management"]) == ("6", "7", "9")
    assert (refs["Grant received"], refs["Bank interest"], refs["Total income"]) == ("3", "5", "")


def test_commitments_name_what_is_approved_and_not_paid(session: Session) -> None:
    made = statements.received(session)
    journals.posted(session, made, journals.line(made, hkd("5000.00")), kind=JournalKind.CLAIM_ACCRUED)
    assert (
        said(statement_a(session, made), "12")[0]
        == "Cost approved and not yet paid at the end of the period: CNY 4,620.00."
    )


def test_related_parties_are_the_institutions_own_charge_and_declared_interests(session: Session) -> None:
    made = statements.received(session)
    line = journals.line(made, cny("300.00"), Heading.OVERHEAD)
    journals.posted(session, made, line, kind=JournalKind.OVERHEAD_CHARGE)
    assert said(statement_a(session, made), "13") == [
        "Charged by the institution itself as overhead: CNY 300.00 in the period, CNY 300.00 in all.",
        "Interests declared in this contract: nil.",
    ]
    session.add(
        ConflictOfInterest(
            contract_id=made.contract.id,
            person_id=made.finance.person_id,
            statement="My brother supplies lasers",
            declared_at=NOW,
        )
    )
    assert said(statement_a(session, made), "13")[1] == "Interest declared by Chan Ka: My brother supplies lasers"


OWN_SOURCE = {
    Language.EN: "Custom of the field; no official text read.",
    Language.ZH_HANT: "業界慣例；未查閱正式文本。",
    Language.ZH_HANS: "行业惯例；未查阅正式文本。",
}


@pytest.mark.parametrize("language", Language)
def test_sources_of_our_own_stand_in_the_statements_language(session: Session, language: Language) -> None:
    made = statements.worked_example(session)
    session.query(ExchangeRate).update({"source": own_sources.DEMONSTRATION})
    report = statement_a(session, made)
    assert OWN_SOURCE[language] in "".join(said(report, "11", language))
    assert ("Demonstration rate" in said(report, "10", language)[0]) is (language is Language.EN)


@pytest.mark.parametrize("language", Language)
def test_source_that_a_person_typed_stays_as_it_was_typed(session: Session, language: Language) -> None:
    report = statement_a(session, statements.worked_example(session))
    assert "Test fixing" in said(report, "10", language)[0]
    assert source_words("Salary") == Literal("Salary")
