"""Limits of authority bind journals: who approves beyond theirs is refused, and told who can."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.journals import service
from app.journals.models import Journal
from app.journals.states import JournalKind
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import NotPermitted
from tests.builders import journals, payments, statements
from tests.builders.journals import cny, hkd, line
from tests.builders.payments import NOW, PaymentWorld
from tests.builders.refusing import Refuser


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """Two finance officers; the second approves up to HKD 1,000.00 and CNY 500.00, the first anything."""
    world = statements.received(session)
    for currency, most in ((Currency.HKD, "1000.00"), (Currency.CNY, "500.00")):
        payments.limit(
            session,
            world.grantee,
            world.maker,
            world.checker,
            currency,
            most,
            None,
            role=Role.FINANCE_OFFICER,
            person=world.other_finance,
            kind=AuthorityKind.JOURNAL,
        )
    return world


def approving(made: PaymentWorld, journal: Journal) -> Callable[[Session], object]:
    """The second officer approves."""
    return lambda own: service.approve(own, made.other_finance, journal.id, now=NOW)


def test_up_to_the_limit_a_journal_is_approved(session: Session, made: PaymentWorld) -> None:
    journal = journals.submitted(session, made, line(made, hkd("600.00")), line(made, hkd("400.00")))
    assert service.approve(session, made.other_finance, journal.id, now=NOW).entry_id is not None


def test_beyond_it_the_refusal_names_who_can(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    third = payments.someone(session, "Yip Wing", Role.FINANCE_OFFICER, made.grantee)
    journal = journals.submitted(session, made, line(made, hkd("600.00")), line(made, hkd("400.01")))
    refusal = refused(NotPermitted, "authority.over-limit", approving(made, journal))
    (breach,) = refusal.breaches
    assert (breach.params["who"], breach.params["limit"]) == ("Yip Wing", hkd("1000.00"))
    assert service.approve(session, third, journal.id, now=NOW).entry_id is not None


def test_each_currency_of_a_journal_is_held_against_its_own_limit(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    lines = (line(made, hkd("1.00")), line(made, cny("500.01")))
    journal = journals.submitted(session, made, *lines, bank_account_id=None)
    refused(NotPermitted, "authority.over-limit", approving(made, journal))


def test_a_reversal_needs_authority_for_what_it_takes_back(
    session: Session, made: PaymentWorld, refused: Refuser
) -> None:
    cost = journals.submitted(session, made, line(made, hkd("1000.01")))
    third = payments.someone(session, "Yip Wing", Role.FINANCE_OFFICER, made.grantee)
    service.approve(session, third, cost.id, now=NOW)
    reversal = journals.submitted(
        session, made, kind=JournalKind.REVERSAL, reverses_entry_id=cost.entry_id, bank_account_id=None
    )
    refused(NotPermitted, "authority.over-limit", approving(made, reversal))
    assert service.approve(session, third, reversal.id, now=NOW).entry_id is not None


def test_without_a_limit_nothing_is_approved(session: Session, made: PaymentWorld, refused: Refuser) -> None:
    accountant = payments.someone(session, "Mok Tin", Role.ACCOUNTANT, made.grantee)
    journal = journals.submitted(session, made, line(made, hkd("1.00")))
    refused(NotPermitted, "authority.no-limit", lambda own: service.approve(own, accountant, journal.id, now=NOW))
