"""Separation, consent and moves hold against plain SQL by the application's own role."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.builders import payments

DECISION = """
    insert into checker_decision
        (id, disbursement_id, revision, decision, checker_id, consented_sha256, reason, decided_at)
    values (gen_random_uuid(), :row, 1, 'APPROVED', :who, sha256('x'), '', now())
"""
SIGNATURE = """
    insert into release (id, disbursement_id, revision, signatory_id, signed_at)
    values (gen_random_uuid(), :row, 1, :who, now())
"""


def refused(session: Session, statement: str, **values: object) -> str:
    with pytest.raises(DBAPIError) as error:
        session.execute(text(statement), values)
    session.rollback()
    return str(error.value.orig.diag.constraint_name or error.value.orig.sqlstate)  # type: ignore[union-attr]


def test_maker_cannot_approve_own_disbursement_by_sql(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    session.commit()
    assert refused(session, DECISION, row=row.id, who=world.maker.person_id) == "checker_not_maker"


def test_status_cannot_be_set_to_approved_without_another_persons_approval(session: Session) -> None:
    world = payments.world(session)
    row = payments.submitted(session, world)
    session.commit()
    statement = "update disbursement set status = 'APPROVED' where id = :row"
    assert refused(session, statement, row=row.id) == "disbursement_checker_not_maker"


def test_checker_cannot_sign_the_release_by_sql(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    session.commit()
    assert refused(session, SIGNATURE, row=row.id, who=world.checker.person_id) == "signatory_apart"
    assert refused(session, SIGNATURE, row=row.id, who=world.maker.person_id) == "signatory_apart"


def test_release_without_a_signatory_is_refused(session: Session) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    session.commit()
    statement = "update disbursement set status = 'RELEASED', released_by_id = :who where id = :row"
    assert refused(session, statement, row=row.id, who=world.payer.person_id) == "disbursement_payer_apart"


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("payee_account_id = payer_account_id", "disbursement_consent_stands"),
        ("amount_minor = amount_minor + 1", "disbursement_consent_stands"),
        ("maker_id = (select min(id::text)::uuid from person where id <> maker_id)", "disbursement_identity_stands"),
        ("status = 'SETTLED'", "disbursement_moves"),
        ("status = 'DRAFT'", "disbursement_moves"),
    ],
)
def test_what_was_approved_cannot_be_changed_by_sql(session: Session, change: str, constraint: str) -> None:
    world = payments.world(session)
    row = payments.approved(session, world)
    session.commit()
    assert refused(session, f"update disbursement set {change} where id = :row", row=row.id) == constraint


@pytest.mark.parametrize(
    "statement", ["delete from checker_decision", "update release set revision = 9", "delete from disbursement"]
)
def test_history_is_never_deleted_or_changed(session: Session, statement: str) -> None:
    world = payments.world(session)
    payments.released(session, world)
    session.commit()
    assert refused(session, statement) == "42501"


def test_one_person_cannot_approve_one_revision_twice(session: Session) -> None:
    world = payments.world(session, second_above="1.00")
    row = payments.approved(session, world)
    assert row.status == "SUBMITTED"
    session.commit()
    assert refused(session, DECISION, row=row.id, who=world.checker.person_id) == "uq_checker_decision_approval"
