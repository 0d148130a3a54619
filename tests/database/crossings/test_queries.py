"""Payments across the boundary as the database has them: what counts, who sees it, what came before at an account."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.crossings import gathering, queries
from app.crossings.figures import Place, Route
from app.crossings.queries import Wanted
from app.disbursements import payment_service
from app.disbursements.commands import Bounce
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    """A funder in Shenzhen that pays a grantee in Hong Kong."""
    return payments.world(session)


def test_a_payment_is_followed_from_release_to_arrival(session: Session, made: PaymentWorld) -> None:
    row = payments.settled(session, made)
    (out,) = queries.crossings(session, made.maker, Wanted())
    assert (out.reference, out.route, out.place) == (row.reference, Route.SZ_HK, Place.ON_THE_WAY)
    assert out.amount == Money.parse("400000.00", Currency.CNY)
    payments.received(session, made, row)
    (there,) = queries.crossings(session, made.maker, Wanted())
    assert (there.place, there.arrived_on) == (Place.ARRIVED, TODAY)
    assert queries.waiting(session, made.maker, Wanted()) == []


def test_what_is_only_approved_has_not_left(session: Session, made: PaymentWorld) -> None:
    payments.approved(session, made)
    assert queries.crossings(session, made.maker, Wanted()) == []


def test_what_the_bank_sent_back_is_neither_released_nor_on_its_way(session: Session, made: PaymentWorld) -> None:
    row = payments.released(session, made)
    command = Bounce(row.version, TODAY, "R-1", "Account closed")
    payment_service.bounce(session, made.accountant, row.reference, command, now=NOW)
    found = gathering.figures_of(session, made.maker, Wanted(), TODAY)
    assert (found.released.count, found.sent_back.count, found.waiting.count) == (0, 1, 0)
    assert found.bars == []
    assert found.weeks == []


def test_both_parties_see_it_and_a_third_institution_does_not(session: Session, made: PaymentWorld) -> None:
    payments.released(session, made)
    other = payments.world(session)
    for reader, sees in ((made.maker, 1), (made.finance, 1), (other.maker, 0), (other.finance, 0)):
        assert len(queries.crossings(session, reader, Wanted())) == sees
        assert queries.on_the_way(session, reader, Wanted()).total == sees


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({"route": Route.SZ_HK}, 1),
        ({"route": Route.HK_SZ}, 0),
        ({"currency": Currency.CNY}, 1),
        ({"currency": Currency.HKD}, 0),
        ({"first_day": TODAY, "last_day": TODAY}, 1),
        ({"first_day": TODAY + timedelta(days=1)}, 0),
        ({"last_day": TODAY - timedelta(days=1)}, 0),
    ],
)
def test_a_filter_narrows_the_figures(
    session: Session, made: PaymentWorld, changes: dict[str, object], count: int
) -> None:
    payments.released(session, made)
    assert len(queries.crossings(session, made.maker, replace(Wanted(), **changes))) == count


def test_an_institution_narrows_to_what_it_pays_or_is_paid(session: Session, made: PaymentWorld) -> None:
    payments.released(session, made)
    for place, count in ((made.funder.id, 1), (made.grantee.id, 1), (made.programme.id, 0)):
        assert len(queries.crossings(session, made.maker, Wanted(institution_id=place))) == count


def test_the_payment_before_at_the_same_account_is_found(session: Session, made: PaymentWorld) -> None:
    first = payments.released(session, made, "100000.00")
    first.release_date = TODAY - timedelta(days=400)
    session.flush()
    second = payments.released(session, made, "200000.00")
    found = queries.crossings(session, made.maker, Wanted())
    pasts = queries.pasts(session, made.maker, found)
    assert pasts[first.id].paid_before_on is None
    assert pasts[second.id].paid_before_on == TODAY - timedelta(days=400)
    shown = gathering.figures_of(session, made.maker, Wanted(), TODAY).alerts
    assert [(each.crossing.reference, each.says.code) for each in shown] == [
        (second.reference, "crossing.account-woken")
    ]


def test_the_limit_of_a_payment_is_that_of_its_approver(session: Session, made: PaymentWorld) -> None:
    row = payments.released(session, made)
    (found,) = queries.crossings(session, made.maker, Wanted())
    approval = queries.approvals(session, [found], TODAY)[row.id]
    assert approval.submitted_at == row.submitted_at
    assert approval.limit is not None
    assert approval.limit >= row.amount


def test_an_overseer_sees_every_institutions_crossings(session: Session, made: PaymentWorld) -> None:
    payments.released(session, made)
    overseer: Actor = payments.someone(session, "Overseer", Role.OVERSEER, made.funder)
    assert len(queries.crossings(session, overseer, Wanted())) == 1
