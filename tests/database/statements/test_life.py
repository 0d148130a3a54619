"""The life of a statement: figures, certificates by three people, frozen bytes, the funder's answer."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.contracts.models import Obligation
from app.contracts.states import ObligationKind, ObligationStatus
from app.db.session import new_session
from app.kernel.actor import Role
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, RuleBreached
from app.statements import building, filing, queries, service
from app.statements.models import Statement, StatementFile
from app.statements.service import Certify, PrepareStatement, Step
from app.statements.states import Capacity, FileKind, StatementStatus
from reports.model import Language
from reports.output import Format
from tests.builders import issuing, journals, payments, statements
from tests.builders.issuing import ADDRESS, FIRST_DAY, LAST_DAY
from tests.builders.journals import hkd
from tests.builders.payments import NOW, PaymentWorld
from tests.builders.refusing import Refuser


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    return statements.worked_example(session)


def test_the_whole_life_answers_the_obligation(session: Session, made: PaymentWorld) -> None:
    owed = issuing.obligation(session, made)
    row = issuing.prepared(session, made, owed)
    assert (row.reference, row.edition, row.status) == ("STM-2026-00001", 1, "DRAFT")
    assert issuing.certify_all(session, made, row).status == StatementStatus.CERTIFIED
    assert issuing.issue(session, made, row).status == StatementStatus.ISSUED
    assert issuing.audit(session, issuing.auditor(session, made), row).status == StatementStatus.AUDITED
    assert issuing.file(session, made, row).status == StatementStatus.FILED
    assert session.get_one(Obligation, owed.id).status == ObligationStatus.SUBMITTED
    assert issuing.accept(session, made, row).status == StatementStatus.ACCEPTED
    assert session.get_one(Obligation, owed.id).status == ObligationStatus.ACCEPTED
