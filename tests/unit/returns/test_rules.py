"""What stands against a return as a whole: days, accounts, keys, advances and repeats."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.contracts.facts import CostBearer
from app.kernel.breaches import Breach
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.returns import rules
from app.returns.facts import Charged, KnownRow, OpenOrder, ReturnFacts
from app.returns.rows import Row
from app.returns.states import RowKind

CNY = Currency.CNY
TODAY = date(2026, 11, 20)
CONTRACT = CostBearer(
    contract_id=new_id(),
    reference="CTR-2026-00001",
    currency=CNY,
    grantee_id=new_id(),
    takes_cost=True,
    first_day=date(2026, 1, 1),
    last_day=date(2026, 12, 31),
    is_lump_sum=False,
    spendable=Money(1_000_00, CNY),
    limit_source="Terms",
)


def row(key: str = "R1", minor: int = 100_00, kind: RowKind = RowKind.COST, **changed: object) -> Charged:
    amount = Money(minor, CNY)
    made = Row(2, key, kind, Heading.MATERIALS, date(2026, 10, 5), amount, payee="Nanshan Tools")
    return Charged(replace(made, **changed), amount)  # type: ignore[arg-type]


def a_return(*rows: Charged, **changed: object) -> ReturnFacts:
    facts = ReturnFacts(CONTRACT, TODAY, rows, False, None, False)
    return replace(facts, **changed)  # type: ignore[arg-type]


def codes(found: list[Breach]) -> list[str]:
    return [each.code for each in found]


def test_a_sound_return_meets_no_rule() -> None:
    assert rules.breaches(a_return(row())) == []


def test_a_closed_month_takes_no_row_but_an_order() -> None:
    closed = frozenset({date(2026, 10, 1)})
    assert codes(rules.in_open_months(a_return(row(), closed_months=closed))) == ["returns.month-closed"]
    assert rules.in_open_months(a_return(row(kind=RowKind.ORDER), closed_months=closed)) == []


def test_each_row_obeys_the_rules_of_journals_and_the_line_and_column_are_named() -> None:
    late = row(cost_on=date(2027, 1, 5))
    (found,) = rules.as_journals(a_return(late, today=date(2027, 2, 1)))
    assert (found.params["line"], found.field) == (2, "file")
    assert rules.as_journals(a_return(row())) == []


def test_a_bank_account_is_a_verified_one_of_the_institution() -> None:
    named = a_return(row(), has_bank_account=True)
    assert codes(rules.bank_account_of_the_institution(named)) == ["returns.bank-account"]
    assert rules.bank_account_of_the_institution(replace(named, bank_currency=CNY)) == []


def test_a_key_that_came_before_keeps_its_content() -> None:
    known = row()
    same = {"R1": KnownRow(known.row.digest, "RET-2026-00001")}
    assert rules.keys_keep_their_content(a_return(known, row("R2"), known=same)) == []
    assert codes(rules.keys_keep_their_content(a_return(row(minor=1), known=same))) == ["returns.key-changed"]


def test_a_file_that_only_repeats_is_refused() -> None:
    known = row()
    same = {"R1": KnownRow(known.row.digest, "RET-2026-00001")}
    assert codes(rules.brings_something_new(a_return(known, known=same))) == ["returns.nothing-new"]
    assert rules.brings_something_new(a_return(known, row("R2"), known=same)) == []


def test_no_more_of_an_advance_is_cleared_than_was_given() -> None:
    cleared, given = row("C", 60_00, RowKind.ADVANCE_CLEARED), row("G", 10_00, RowKind.ADVANCE)
    held = {CNY: Money(50_00, CNY)}
    assert rules.advances_were_given(a_return(cleared, given, advances=held)) == []
    (found,) = rules.advances_were_given(a_return(cleared, advances=held))
    assert (found.code, found.params["beyond"]) == ("returns.nothing-outstanding", Money(10_00, CNY))


def test_the_same_document_on_two_rows_is_pointed_out_and_stops_nothing() -> None:
    one, other = row("A", document_number="26442000"), row("B", document_number="26442000")
    (found,) = rules.repeated_within_the_file(a_return(one, other))
    assert (found.code, found.blocking) == ("returns.repeated", False)
    assert rules.repeated_within_the_file(a_return(one, row("B", document_number="26442001"))) == []


def test_a_waiting_return_commits_its_cost_less_what_an_order_covers() -> None:
    facts = a_return(
        row("A", 100_00, order_number="PO"),
        row("B", 30_00, RowKind.SUPPLIER_REFUND),
        row("C", -5_00),
        orders={"PO": OpenOrder(Heading.MATERIALS, Money(40_00, CNY))},
    )
    assert rules.commitments(facts) == {(Heading.MATERIALS, date(2026, 10, 5)): Money(60_00, CNY)}
