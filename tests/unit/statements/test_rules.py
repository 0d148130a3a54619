"""The rules of statements, and a life that only goes along its way, whatever is tried."""

from __future__ import annotations

from itertools import pairwise
from uuid import UUID

from hypothesis import given, strategies as st

from app.statements import rules
from app.statements.rules import Signed
from app.statements.states import ISSUED_ON, MOVES, OPEN, Capacity, StatementStatus

ANN, BEN, CAI = UUID(int=1), UUID(int=2), UUID(int=3)
PREPARED = Signed(Capacity.PREPARED, ANN)
USED = Signed(Capacity.USE_OF_FUNDS, BEN)
STATUSES = st.sampled_from(list(StatementStatus))


def codes(found: rules.Found) -> list[str]:
    return [breach.code for breach in found]


def test_certificates_come_in_their_order() -> None:
    assert rules.next_capacity([]) is Capacity.PREPARED
    assert rules.next_capacity([PREPARED]) is Capacity.USE_OF_FUNDS
    assert rules.next_capacity([PREPARED, USED]) is Capacity.HEAD
    assert rules.next_capacity([PREPARED, USED, Signed(Capacity.HEAD, CAI)]) is None
    assert rules.in_order([PREPARED], Capacity.USE_OF_FUNDS) == []
    assert codes(rules.in_order([PREPARED], Capacity.HEAD)) == ["statement.certificate-order"]
    assert codes(rules.in_order([PREPARED], Capacity.PREPARED)) == ["statement.certificate-order"]


def test_nobody_certifies_twice() -> None:
    assert rules.one_person_once([PREPARED], BEN) == []
    assert codes(rules.one_person_once([PREPARED, USED], ANN)) == ["statement.certified-already"]


def test_whoever_signs_for_the_head_names_the_post() -> None:
    assert rules.post_named(Capacity.PREPARED, "") == []
    assert rules.post_named(Capacity.HEAD, "Vice-President") == []
    assert codes(rules.post_named(Capacity.HEAD, "  ")) == ["statement.post-missing"]


def test_changed_figures_are_refused_with_the_cure() -> None:
    assert rules.figures_unchanged("a" * 64, "a" * 64) == []
    found = rules.figures_unchanged("a" * 64, "b" * 64)
    assert codes(found) == ["statement.figures-changed"]
    assert found[0].cure


def test_a_superseded_statement_goes_no_further() -> None:
    assert rules.not_superseded("") == []
    assert codes(rules.not_superseded("STM-2026-00002")) == ["statement.superseded"]


def test_an_audited_account_needs_the_auditors_report() -> None:
    assert rules.audited_where_asked(StatementStatus.ISSUED, False) == []
    assert rules.audited_where_asked(StatementStatus.AUDITED, True) == []
    assert codes(rules.audited_where_asked(StatementStatus.ISSUED, True)) == ["statement.audit-missing"]


def test_an_obligation_before_the_funder_is_not_answered_again() -> None:
    assert rules.obligation_free(False) == []
    assert codes(rules.obligation_free(True)) == ["statement.obligation-waits"]


def test_a_reason_is_asked_for() -> None:
    assert rules.reason_given("A late receipt") == []
    assert codes(rules.reason_given(" \n")) == ["statement.no-reason"]


@given(st.lists(STATUSES, max_size=30))
def test_whatever_is_tried_an_issued_statement_never_goes_back_to_a_draft(tried: list[StatementStatus]) -> None:
    status, was_issued = StatementStatus.DRAFT, False
    for wanted in tried:
        if rules.may_move(status, wanted):
            continue
        status = wanted
        was_issued = was_issued or status in ISSUED_ON
        assert not was_issued or status in ISSUED_ON


@given(st.lists(STATUSES, max_size=30))
def test_nothing_is_issued_that_was_not_certified_and_nothing_accepted_that_was_not_filed(
    tried: list[StatementStatus],
) -> None:
    way = [StatementStatus.DRAFT]
    for wanted in tried:
        if not rules.may_move(way[-1], wanted):
            way.append(wanted)
    for before, after in pairwise(way):
        if after is StatementStatus.ISSUED:
            assert before in (StatementStatus.CERTIFIED, StatementStatus.FILED)
        if after is StatementStatus.ACCEPTED:
            assert before is StatementStatus.FILED


def test_what_is_over_is_over() -> None:
    assert MOVES[StatementStatus.ACCEPTED] == MOVES[StatementStatus.WITHDRAWN] == frozenset()
    assert set(MOVES) == set(StatementStatus)
    assert not set(OPEN) & set(ISSUED_ON)
