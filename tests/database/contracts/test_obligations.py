"""Obligations: who submits, who accepts, and what an overdue one blocks."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from app.contracts import obligations, queries, service
from app.contracts.bulk import blocking_obligations_of, programmes_of
from app.contracts.commands import AddObligation, DeclareInterest, ExtendObligation, ObligationStep
from app.contracts.models import Contract, Obligation
from app.contracts.states import ObligationKind, ObligationStatus, OverdueScope
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from tests.builders import contracts, projects
from tests.builders.projects import NOW

TODAY = date(2026, 11, 20)


def first_of(contract: Contract) -> Obligation:
    """What is owed first: the yearly statement due on 31 March 2026."""
    return contract.obligations[0]


def step(owed: Obligation, note: str = "") -> ObligationStep:
    """A step at the obligation's present version."""
    return ObligationStep(owed.version, note)


def test_grantee_submits_and_funder_accepts(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    obligations.submit(session, world.finance, owed.id, step(owed), contracts.LETTER, now=NOW)
    session.flush()
    obligations.accept(session, world.checker, owed.id, step(owed), now=NOW)
    assert owed.status == ObligationStatus.ACCEPTED
    assert (owed.submitted_by_id, owed.accepted_by_id) == (world.finance.person_id, world.checker.person_id)


def test_funder_cannot_submit_for_the_grantee(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    with pytest.raises(NotPermitted):
        obligations.submit(session, world.maker, owed.id, step(owed), now=NOW)


def test_grantee_cannot_accept_its_own_report(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    obligations.submit(session, world.finance, owed.id, step(owed), now=NOW)
    session.flush()
    with pytest.raises(NotPermitted):
        obligations.accept(session, world.finance, owed.id, step(owed), now=NOW)


def test_officer_with_an_interest_cannot_accept(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    owed = first_of(contract)
    obligations.submit(session, world.finance, owed.id, step(owed), now=NOW)
    service.declare_interest(session, world.maker, contract.id, DeclareInterest("Former student"), now=NOW)
    session.flush()
    with pytest.raises(NotPermitted) as refusal:
        obligations.accept(session, world.maker, owed.id, step(owed), now=NOW)
    assert refusal.value.breaches[0].code == "contract.interest"


def test_nothing_is_accepted_that_was_not_submitted(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    with pytest.raises(Conflict):
        obligations.accept(session, world.checker, owed.id, step(owed), now=NOW)


def test_queried_report_is_submitted_again(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    obligations.submit(session, world.finance, owed.id, step(owed), now=NOW)
    session.flush()
    obligations.query(session, world.checker, owed.id, step(owed, "Where is page 3?"), now=NOW)
    session.flush()
    obligations.submit(session, world.pi, owed.id, step(owed, "Here it is"), now=NOW)
    assert owed.status == ObligationStatus.SUBMITTED


def test_extension_keeps_the_original_due_date(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    command = ExtendObligation(owed.version, date(2026, 6, 30), "Auditor ill")
    obligations.extend(session, world.maker, owed.id, command, now=NOW)
    assert (owed.due_on, owed.original_due_on) == (date(2026, 6, 30), date(2026, 3, 31))


def test_extension_to_an_earlier_day_is_refused(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    command = ExtendObligation(owed.version, date(2026, 3, 1), "Sooner")
    with pytest.raises(RuleBreached):
        obligations.extend(session, world.maker, owed.id, command, now=NOW)


def test_waiving_asks_for_a_reason(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    with pytest.raises(RuleBreached):
        obligations.waive(session, world.maker, owed.id, step(owed), now=NOW)


def test_overdue_report_blocks_its_contract(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    blocking = queries.blocking_obligations(session, contract, TODAY)
    assert [(each.title, each.days_overdue) for each in blocking] == [
        ("Yearly statement", 234),
        ("Progress report", 51),
    ]


def test_submitted_report_blocks_no_longer(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    for owed in contract.obligations:
        if owed.due_on < TODAY:
            obligations.submit(session, world.finance, owed.id, step(owed), now=NOW)
    session.flush()
    assert queries.blocking_obligations(session, contract, TODAY) == ()


@pytest.mark.parametrize(
    ("scope", "blocked"),
    [(OverdueScope.CONTRACT, 0), (OverdueScope.PRINCIPAL_INVESTIGATOR, 2), (OverdueScope.INSTITUTION, 2)],
)
def test_overdue_report_of_another_contract_blocks_at_the_scope_of_the_terms(
    session: Session, scope: OverdueScope, blocked: int
) -> None:
    world = contracts.world(session, overdue_scope=scope)
    contracts.active(session, world)
    later = {"first_day": date(2026, 9, 1), "last_day": date(2028, 8, 31)}
    other = contracts.active(session, world, **later)
    assert len(queries.blocking_obligations(session, other, TODAY)) == blocked
    many = blocking_obligations_of(session, [other], programmes_of(session, [other]), TODAY)
    assert len(many.get(other.id, ())) == blocked


def test_stranger_does_not_find_an_obligation(session: Session) -> None:
    world = contracts.world(session)
    owed = first_of(contracts.active(session, world))
    stranger = projects.someone(session, "Nobody")
    with pytest.raises(NotFound):
        obligations.submit(session, stranger, owed.id, step(owed), now=NOW)


def test_funder_adds_what_the_terms_do_not_know(session: Session) -> None:
    world = contracts.world(session)
    contract = contracts.active(session, world)
    command = AddObligation(ObligationKind.PROGRESS_REPORT, "Safety report", date(2026, 12, 1), blocks_tranche=False)
    owed = obligations.add(session, world.maker, contract.id, command, now=NOW)
    assert owed.status == ObligationStatus.DUE
    assert owed.original_due_on == date(2026, 12, 1)


def test_list_keeps_only_what_is_overdue(session: Session) -> None:
    world = contracts.world(session)
    contracts.active(session, world)
    wanted = queries.ObligationFilter(overdue=True)
    page = queries.visible_obligations(session, world.maker, wanted, TODAY)
    assert [row.obligation.title for row in page.items] == ["Yearly statement", "Progress report"]
    assert queries.overdue_count(session, world.maker, TODAY) == 2
