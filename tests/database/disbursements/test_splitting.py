"""One payment split in two, as the checker meets it: which payments of the contract count as parts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.disbursements import gathering, rules
from app.disbursements.facts import Stage
from app.disbursements.models import Disbursement
from app.disbursements.states import DisbursementStatus
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import payments, projects
from tests.builders.payments import NOW, PaymentWorld


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """A limit of CNY 250,000.00 for each officer; the first tranche is CNY 400,000.00."""
    return payments.world(session, maximum="250000.00")


def together(session: Session, made: PaymentWorld, row: Disbursement) -> Money | None:
    """What the checker is told the parts come to; None where nothing is said."""
    session.flush()
    session.expire_all()
    facts = gathering.gather(session, [row], stage=Stage.APPROVAL, now=NOW, actor=made.checker)[row.id]
    breach = rules.not_split(facts)
    assert breach is None or not breach.blocking
    return facts.split.together if breach else None


def two(session: Session, made: PaymentWorld, first: PaymentWorld | None = None) -> tuple[Disbursement, Disbursement]:
    """Two payments of CNY 150,000.00 handed in on one day."""
    return (
        payments.submitted(session, first or made, "150000.00"),
        payments.submitted(session, made, "150000.00"),
    )


def test_two_parts_over_the_checkers_limit_are_pointed_out_to_the_checker(session: Session, made: PaymentWorld) -> None:
    one, other = two(session, made)
    assert together(session, made, one) == together(session, made, other) == made.money("300000.00")


def test_two_that_stay_at_the_limit_together_are_not(session: Session, made: PaymentWorld) -> None:
    payments.submitted(session, made, "100000.00")
    assert together(session, made, payments.submitted(session, made, "150000.00")) is None


def test_another_maker_or_another_account_of_the_payee_hides_no_part(session: Session, made: PaymentWorld) -> None:
    maker, checker = made.maker.person_id, made.checker.person_id
    account = projects.bank_account(session, made.grantee, Currency.HKD, maker, checker)
    _one, other = two(session, made, replace(made, maker=made.second, payee_account=account))
    assert together(session, made, other) == made.money("300000.00")


@pytest.mark.parametrize("status", [DisbursementStatus.RELEASED, DisbursementStatus.SETTLED])
def test_part_whose_money_is_out_already_still_counts(
    session: Session, made: PaymentWorld, status: DisbursementStatus
) -> None:
    first = payments.settled if status is DisbursementStatus.SETTLED else payments.released
    assert first(session, made, "150000.00").status == status
    assert together(session, made, payments.submitted(session, made, "150000.00")) == made.money("300000.00")


@pytest.mark.parametrize("status", [DisbursementStatus.CANCELLED, DisbursementStatus.RETURNED_TO_MAKER])
def test_payment_that_was_taken_back_or_sent_back_is_no_part(
    session: Session, made: PaymentWorld, status: DisbursementStatus
) -> None:
    one, other = two(session, made)
    one.status = status.value
    assert together(session, made, other) is None


def test_payment_more_than_a_week_away_is_no_part(session: Session, made: PaymentWorld) -> None:
    one, other = two(session, made)
    one.submitted_at = NOW - timedelta(days=7, seconds=1)
    assert together(session, made, other) is None
    one.submitted_at = NOW - timedelta(days=7)
    assert together(session, made, other) == made.money("300000.00")


def test_payment_to_another_payee_or_under_another_contract_is_no_part(session: Session, made: PaymentWorld) -> None:
    stranger = payments.world(session, maximum="250000.00")
    payments.submitted(session, stranger, "150000.00")
    hkd = payments.world(session, currency=Currency.HKD, maximum="250000.00")
    payments.submitted(session, hkd, "150000.00")
    assert together(session, made, payments.submitted(session, made, "150000.00")) is None
