"""Rails and bank days in the database: shipped, proposed by one person, confirmed by another, kept in versions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.institutions.models import Institution
from app.institutions.states import Side
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money
from app.rails import queries, rules, service
from app.rails.commands import ProposeDay, ProposeRail
from app.rails.facts import PaymentFacts
from app.rails.models import CalendarDay, RailVersion
from app.rails.states import PartyKind, ProposalStatus
from tests.builders import payments, projects
from tests.builders.payments import NOW, TODAY
from tests.builders.refusing import Refuser

TYPHOON = ProposeDay(Side.HK, date(2026, 11, 24), False, "Typhoon signal 10", "Observatory, 23 November 2026")


@pytest.fixture
def bank(session: Session) -> Institution:
    return projects.institution(session, "Qingtan Science Foundation")


@pytest.fixture
def maker(session: Session, bank: Institution) -> Actor:
    return payments.someone(session, "Zhao Lei", Role.ACCOUNTANT, bank)


@pytest.fixture
def checker(session: Session, bank: Institution) -> Actor:
    return payments.someone(session, "Sun Ping", Role.ACCOUNTANT, bank)


@pytest.fixture
def refused(session: Session, database_digest: Callable[[], str]) -> Refuser:
    return Refuser(session, database_digest)


def command(**changes: Any) -> ProposeRail:
    """A CIPS with a later cut-off, from tomorrow on."""
    values: dict[str, Any] = {
        "code": "CIPS",
        "name": "CIPS, cross-border renminbi",
        "currencies": (Currency.CNY,),
        "from_sides": (Side.SZ, Side.HK),
        "to_sides": (Side.SZ, Side.HK),
        "crossing": True,
        "payer_kinds": tuple(PartyKind),
        "payee_kinds": tuple(PartyKind),
        "opens_at": time(8, 30),
        "closes_at": time(20, 0),
        "cut_off": time(19, 30),
        "days_of": (Side.SZ, Side.HK),
        "source": "Letter of the bank, 19 November 2026",
        "first_day": TODAY + timedelta(days=1),
    }
    return ProposeRail(**values | changes)


def confirmed(session: Session, maker: Actor, checker: Actor, asked: ProposeRail) -> RailVersion:
    row = service.propose_rail(session, maker, asked, now=NOW)
    return service.confirm_rail(session, checker, row.id, version=1, now=NOW)


def test_rails_come_with_the_system_and_none_is_verified(session: Session) -> None:
    rails = queries.rails_on(session, TODAY)
    assert {"CNAPS", "CIPS", "CHATS-HKD", "CHATS-CNY", "FPS-HKD", "FPS-CNY", "SWIFT"} <= {each.code for each in rails}
    assert not any(each.verified for each in rails)


def test_payment_connect_is_not_there_before_its_launch(session: Session) -> None:
    assert queries.rail(session, "PAYMENT-CONNECT-SOUTH", date(2025, 6, 21)) is None
    assert queries.rail(session, "PAYMENT-CONNECT-SOUTH", date(2025, 6, 22)) is not None


@pytest.mark.parametrize(
    ("from_side", "to_side", "currency", "fitting"),
    [
        (Side.SZ, Side.HK, Currency.CNY, {"CIPS", "SWIFT"}),
        (Side.HK, Side.SZ, Currency.CNY, {"CIPS", "SWIFT"}),
        (Side.HK, Side.SZ, Currency.HKD, {"SWIFT"}),
        (Side.SZ, Side.SZ, Currency.CNY, {"CNAPS"}),
        (Side.HK, Side.HK, Currency.HKD, {"CHATS-HKD", "FPS-HKD"}),
    ],
)
def test_an_instalment_of_an_institution_has_rails_on_every_route_and_never_payment_connect(
    session: Session, from_side: Side, to_side: Side, currency: Currency, fitting: set[str]
) -> None:
    payment = PaymentFacts(
        Money.parse("5000.00", currency), from_side, to_side, PartyKind.INSTITUTION, PartyKind.INSTITUTION, NOW
    )
    found = {rail.code for rail in queries.rails_on(session, TODAY) if not rules.misfits(rail, payment)}
    assert found == fitting


def test_confirmed_version_counts_from_its_first_day_and_the_one_before_until_then(
    session: Session, maker: Actor, checker: Actor
) -> None:
    confirmed(session, maker, checker, command())
    today, tomorrow = (queries.rail(session, "CIPS", TODAY + timedelta(days=step)) for step in (0, 1))
    assert today is not None
    assert tomorrow is not None
    assert (today.cut_off, tomorrow.cut_off) == (time(17, 0), time(19, 30))
    assert len(queries.versions(session, "CIPS")) == 2


def test_version_with_a_last_day_takes_the_rail_out_of_use(session: Session, maker: Actor, checker: Actor) -> None:
    confirmed(session, maker, checker, command(last_day=TODAY + timedelta(days=3)))
    assert queries.rail(session, "CIPS", TODAY + timedelta(days=3)) is not None
    assert queries.rail(session, "CIPS", TODAY + timedelta(days=4)) is None


def test_proposed_and_refused_versions_do_not_count(session: Session, maker: Actor, checker: Actor) -> None:
    row = service.propose_rail(session, maker, command(first_day=TODAY), now=NOW)
    assert [each.id for each in queries.rails_to_confirm(session, checker)] == [row.id]
    assert queries.rails_to_confirm(session, maker) == []
    service.refuse_rail(session, checker, row.id, version=1, now=NOW)
    found = queries.rail(session, "CIPS", TODAY)
    assert found is not None
    assert found.cut_off == time(17, 0)


def test_nobody_confirms_their_own_version(session: Session, maker: Actor, refused: Refuser) -> None:
    row = service.propose_rail(session, maker, command(), now=NOW)
    refused(
        NotPermitted,
        "access.own-work",
        lambda own: service.confirm_rail(own, maker, row.id, version=1, now=NOW),
    )


def test_decided_version_is_not_decided_again(session: Session, maker: Actor, checker: Actor, refused: Refuser) -> None:
    row = confirmed(session, maker, checker, command())
    refused(Conflict, "rail.decided", lambda own: service.refuse_rail(own, checker, row.id, version=2, now=NOW))


def test_who_may_not_keep_rails_proposes_none(session: Session, bank: Institution, refused: Refuser) -> None:
    officer = payments.someone(session, "Fong Chi-wai", Role.PAYMENTS_OFFICER, bank)
    refused(NotPermitted, "access.not-permitted", lambda own: service.propose_rail(own, officer, command(), now=NOW))
    refused(NotPermitted, "access.not-permitted", lambda own: service.propose_day(own, officer, TYPHOON, now=NOW))


def test_version_for_a_day_that_has_passed_is_refused(maker: Actor, refused: Refuser) -> None:
    past = command(first_day=TODAY - timedelta(days=1))
    refused(RuleBreached, "rail.in-the-past", lambda own: service.propose_rail(own, maker, past, now=NOW))


def test_rail_that_was_never_proposed_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.versions(session, "PIGEON")


def test_day_entered_by_hand_counts_once_a_second_person_confirms_it(
    session: Session, maker: Actor, checker: Actor
) -> None:
    row = service.propose_day(session, maker, TYPHOON, now=NOW)
    assert queries.bank_days(session).is_open("HK", TYPHOON.day)
    assert [each.id for each in queries.days_to_confirm(session, checker)] == [row.id]
    service.confirm_day(session, checker, row.id, version=1, now=NOW)
    days = queries.bank_days(session)
    assert not days.is_open("HK", TYPHOON.day)
    assert days.name("HK", TYPHOON.day, "en") == "Typhoon signal 10"


def test_later_confirmed_day_goes_before_an_earlier_one(session: Session, maker: Actor, checker: Actor) -> None:
    for minutes, asked in enumerate((TYPHOON, replace(TYPHOON, open=True, reason="Lifted at dawn"))):
        row = service.propose_day(session, maker, asked, now=NOW)
        service.confirm_day(session, checker, row.id, version=1, now=NOW + timedelta(minutes=minutes))
    assert queries.bank_days(session).is_open("HK", TYPHOON.day)


def test_nobody_confirms_a_day_they_entered(session: Session, maker: Actor, refused: Refuser) -> None:
    row = service.propose_day(session, maker, TYPHOON, now=NOW)
    refused(NotPermitted, "access.own-work", lambda own: service.confirm_day(own, maker, row.id, version=1, now=NOW))


def test_day_of_a_side_without_a_calendar_is_refused(maker: Actor, refused: Refuser) -> None:
    macao = replace(TYPHOON, side=Side.MO)
    refused(RuleBreached, "calendar-day.side", lambda own: service.propose_day(own, maker, macao, now=NOW))


@pytest.mark.parametrize("kind", [RailVersion, CalendarDay])
def test_the_database_refuses_to_change_what_was_decided(
    session: Session, maker: Actor, checker: Actor, kind: type[RailVersion | CalendarDay]
) -> None:
    row: RailVersion | CalendarDay
    if kind is RailVersion:
        row = confirmed(session, maker, checker, command())
    else:
        row = service.propose_day(session, maker, TYPHOON, now=NOW)
        service.confirm_day(session, checker, row.id, version=1, now=NOW)
    session.flush()
    with pytest.raises(DBAPIError, match="what was proposed stands"):
        session.execute(update(kind).where(kind.id == row.id).values(source="Another"))


def test_the_database_refuses_a_rail_that_is_born_confirmed(session: Session, maker: Actor) -> None:
    row = service.propose_rail(session, maker, command(), now=NOW)
    session.expunge(row)
    values = {each.name: getattr(row, each.name) for each in RailVersion.__table__.columns}
    with pytest.raises(DBAPIError, match="begins as a proposal"):
        session.execute(
            RailVersion.__table__.insert().values(values | {"id": maker.person_id, "status": ProposalStatus.CONFIRMED})  # type: ignore[attr-defined]
        )
