"""Residue goes back by component, on both books, and never against grant received."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.disbursements import residue_service
from app.disbursements.commands import EnterResidue, Reasoned, ResidueArrived, Seen
from app.disbursements.models import ResidueReturn
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotPermitted, RuleBreached
from app.kernel.money import Money
from app.ledger import balances
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.database.disbursements.test_path import booked


def entered(session: Session, world: PaymentWorld, **changes: Any) -> ResidueReturn:
    values: dict[str, Any] = {
        "contract": world.contract.reference,
        "from_account_id": world.payee_account.id,
        "to_account_id": world.payer_account.id,
        "sent_on": TODAY,
        "bank_reference": "OUT-1",
        "grant_this_year": world.money("9000.00"),
        "interest": world.money("250.00"),
        "paid": Money.parse("10000.00", Currency.HKD),
        "dealt_rate": Decimal("0.9250"),
        "rate_base": Currency.HKD,
    }
    return residue_service.enter(session, world.finance, EnterResidue(**(values | changes)), now=NOW)


def test_residue_is_posted_by_component_on_both_books(session: Session) -> None:
    world = payments.world(session)
    payments.received(session, world, payments.settled(session, world))
    before = balances.pocket_position(session, world.pocket.id)
    row = entered(session, world)
    row = residue_service.confirm(session, world.other_finance, row.reference, Seen(row.version), now=NOW)
    command = ResidueArrived(row.version, TODAY, "IN-1")
    row = residue_service.receive(session, world.accountant, row.reference, command, now=NOW)
    session.commit()
    sz, hk = world.funder.code, world.grantee.code
    assert booked(session, event_id=row.event_id) == {
        (hk, "REFUND_OF_GRANT", "CNY"): "9000.00",
        (hk, "REFUND_OF_INTEREST", "CNY"): "250.00",
        (hk, "BANK", "HKD"): "-10000.00",
        (hk, "CURRENCY_TRADING", "CNY"): "-9250.00",
        (hk, "CURRENCY_TRADING", "HKD"): "10000.00",
        (sz, "BANK", "CNY"): "9250.00",
        (sz, "RECOVERY_THIS_YEAR", "CNY"): "-9000.00",
        (sz, "RECOVERY_INTEREST", "CNY"): "-250.00",
        (sz, "FUNDS_APPLIED", "CNY"): "9250.00",
        (sz, "POCKET", "CNY"): "-9250.00",
    }
    after = balances.pocket_position(session, world.pocket.id)
    assert before is not None
    assert after is not None
    assert after.available - before.available == world.money("9250.00")


def test_second_person_confirms_the_return(session: Session) -> None:
    world = payments.world(session)
    row = entered(session, world)
    with pytest.raises(NotPermitted):
        residue_service.confirm(session, world.finance, row.reference, Seen(row.version), now=NOW)


def test_a_return_beyond_the_limit_is_refused_and_the_refusal_names_who_can(session: Session) -> None:
    world = payments.world(session)
    payments.received(session, world, payments.settled(session, world))
    row = entered(session, world)
    payments.limit(
        session,
        world.grantee,
        world.maker,
        world.checker,
        world.currency,
        "0.01",
        None,
        role=Role.FINANCE_OFFICER,
        person=world.other_finance,
        kind=AuthorityKind.RESIDUE,
    )
    third = payments.someone(session, "Yip Wing", Role.FINANCE_OFFICER, world.grantee)
    with pytest.raises(NotPermitted) as refused:
        residue_service.confirm(session, world.other_finance, row.reference, Seen(row.version), now=NOW)
    (breach,) = refused.value.breaches
    assert (breach.code, breach.params["who"]) == ("authority.over-limit", "Yip Wing")
    assert residue_service.confirm(session, third, row.reference, Seen(row.version), now=NOW).status == "SENT"


def test_return_is_not_received_before_it_was_confirmed(session: Session) -> None:
    world = payments.world(session)
    row = entered(session, world)
    command = ResidueArrived(row.version, TODAY, "IN-1")
    with pytest.raises(Conflict):
        residue_service.receive(session, world.accountant, row.reference, command, now=NOW)


def test_refused_return_posts_nothing(session: Session) -> None:
    world = payments.world(session)
    row = entered(session, world)
    row = residue_service.refuse(session, world.other_finance, row.reference, Reasoned(row.version, "sum"), now=NOW)
    assert row.status == "REFUSED"
    assert booked(session, event_id=row.event_id) == {}


def test_components_must_make_up_what_the_bank_debited(session: Session) -> None:
    world = payments.world(session)
    with pytest.raises(RuleBreached):
        entered(session, world, interest=world.money("300.00"))


def test_funders_people_cannot_enter_a_return_for_the_grantee(session: Session) -> None:
    world = payments.world(session)
    with pytest.raises(NotPermitted):
        residue_service.enter(
            session,
            world.accountant,
            EnterResidue(
                world.contract.reference,
                world.payee_account.id,
                world.payer_account.id,
                TODAY,
                "X",
                world.money("1.00"),
            ),
            now=NOW,
        )
