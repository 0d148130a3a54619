"""Opening funds and moving money within them: two people, one currency, never more than there is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.db.unit_of_work import run_in_unit
from app.funds import queries, service
from app.funds.models import FundMovement
from app.funds.states import MovementKind, MovementStatus
from app.institutions.states import Side
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotFound, NotPermitted, Refusal, RuleBreached
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.ledger.entries import AccountKey
from tests.builders import funds, payments
from tests.builders.funds import FundWorld, allocation, contribution
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW
from tests.builders.refusing import Refuser


def available(session: Session, made: FundWorld, currency: Currency) -> tuple[Money, Money]:
    """What the parent's and the sub-fund's pocket have left."""
    pockets = (made.pocket(made.parent, currency), made.pocket(made.sub_fund, currency))
    first, second = (queries.available(session, pocket) for pocket in pockets)
    return first, second


# opening


def test_fund_opens_with_a_pocket_in_each_currency(session: Session) -> None:
    made = funds.world(session)
    assert [pocket.currency for pocket in made.parent.pockets] == ["CNY", "HKD"]
    assert made.sub_fund.parent_id == made.parent.id


def test_sub_fund_of_another_institutions_fund_is_refused(session: Session, refused: Refuser) -> None:
    made, other = funds.world(session), funds.world(session, Side.HK)
    command = funds.open_command(made.funder, parent_id=other.parent.id)
    refused(InputRefused, "fund.parent-elsewhere", lambda own: service.open_fund(own, made.manager, command, now=NOW))


def test_sub_fund_of_a_sub_fund_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    command = funds.open_command(made.funder, parent_id=made.sub_fund.id)
    refused(InputRefused, "fund.too-deep", lambda own: service.open_fund(own, made.manager, command, now=NOW))


def test_grant_officer_opens_no_fund(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    command = funds.open_command(made.funder)
    refused(NotPermitted, "access.not-permitted", lambda own: service.open_fund(own, made.officer, command, now=NOW))


# contributions and allocations


def test_contribution_raises_bank_and_parent_pocket(session: Session) -> None:
    made = funds.world(session)
    funds.posted(session, made, contribution(made, cny("5000000.00")))
    bank = AccountKey(AccountCode.BANK, Currency.CNY, made.accounts[Currency.CNY].id)
    assert balances.account_balance(session, made.funder.id, bank).net == cny("5000000.00")
    assert available(session, made, Currency.CNY) == (cny("5000000.00"), cny("0.00"))


def test_contribution_in_the_other_currency_is_translated_at_the_rate_of_the_day(session: Session) -> None:
    made = funds.world(session)
    movement = funds.posted(session, made, contribution(made, hkd("1000000.00")))
    rows = balances.postings(session, balances.Selection(event_id=movement.event_id))
    assert [str(row.functional) for row in rows] == ["CNY 924000.00", "CNY -924000.00"]


def test_contribution_without_a_rate_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    command = contribution(made, hkd("1.00"), value_date=date(2026, 11, 1))
    refused(RuleBreached, "rate.missing", lambda own: service.enter_movement(own, made.manager, command, now=NOW))


@pytest.mark.parametrize("currency", list(Currency))
def test_allocation_moves_one_currency_and_leaves_the_other_alone(session: Session, currency: Currency) -> None:
    made = funds.world(session)
    for each in Currency:
        funds.posted(session, made, contribution(made, Money.parse("1000.00", each)))
    funds.posted(session, made, allocation(made, Money.parse("400.00", currency)))
    other = next(each for each in Currency if each is not currency)
    assert [str(each.amount) for each in available(session, made, currency)] == ["600.00", "400.00"]
    assert [str(each.amount) for each in available(session, made, other)] == ["1000.00", "0.00"]


def test_money_goes_back_to_the_parent(session: Session) -> None:
    made = funds.world(session)
    funds.posted(session, made, contribution(made, cny("1000.00")))
    funds.posted(session, made, allocation(made, cny("400.00")))
    back = allocation(
        made,
        cny("150.00"),
        kind=MovementKind.RETURN_TO_PARENT,
        from_pocket_id=made.pocket(made.sub_fund).id,
        to_pocket_id=made.pocket(made.parent).id,
    )
    funds.posted(session, made, back)
    assert available(session, made, Currency.CNY) == (cny("750.00"), cny("250.00"))


def test_allocation_beyond_the_pocket_is_refused_at_entry(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    funds.posted(session, made, contribution(made, cny("100.00")))
    command = allocation(made, cny("100.01"))
    refusal = refused(
        RuleBreached,
        "pocket.insufficient",
        lambda own: service.enter_movement(own, made.manager, command, now=NOW),
    )
    assert refusal.breaches[0].params["available"] == "CNY 100.00"


def test_allocation_is_refused_at_approval_when_the_money_went_meanwhile(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    funds.posted(session, made, contribution(made, cny("100.00")))
    late = funds.entered(session, made, allocation(made, cny("80.00"))).id
    funds.posted(session, made, allocation(made, cny("30.00")))
    refused(
        RuleBreached,
        "pocket.insufficient",
        lambda own: service.approve_movement(own, made.other_manager, late, now=NOW),
    )


def test_amount_in_another_currency_than_the_pocket_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    funds.posted(session, made, contribution(made, cny("100.00")))
    command = allocation(made, hkd("1.00"), from_pocket_id=made.pocket(made.parent).id)
    refused(RuleBreached, "fund.currency", lambda own: service.enter_movement(own, made.manager, command, now=NOW))


def test_contribution_to_a_sub_fund_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    command = contribution(made, cny("1.00"), to_pocket_id=made.pocket(made.sub_fund).id)
    refused(
        RuleBreached,
        "fund.contribution-to-sub-fund",
        lambda own: service.enter_movement(own, made.manager, command, now=NOW),
    )


def test_contribution_on_another_institutions_account_is_refused(session: Session, refused: Refuser) -> None:
    made, other = funds.world(session), funds.world(session, Side.HK)
    command = contribution(made, cny("1.00"), bank_account_id=other.accounts[Currency.CNY].id)
    refused(
        RuleBreached,
        "fund.contribution-account",
        lambda own: service.enter_movement(own, made.manager, command, now=NOW),
    )


def test_allocation_to_another_tree_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    stranger = service.open_fund(session, made.manager, funds.open_command(made.funder), now=NOW)
    funds.posted(session, made, contribution(made, cny("10.00")))
    command = allocation(made, cny("1.00"), to_pocket_id=made.pocket(stranger).id)
    refused(
        RuleBreached,
        "fund.not-parent-and-sub-fund",
        lambda own: service.enter_movement(own, made.manager, command, now=NOW),
    )


def test_movement_of_tomorrow_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    command = contribution(made, cny("1.00"), value_date=date(2026, 11, 21))
    refused(RuleBreached, "fund.in-future", lambda own: service.enter_movement(own, made.manager, command, now=NOW))


def test_unknown_pocket_is_not_found(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    command = contribution(made, cny("1.00"), to_pocket_id=new_id())
    refused(NotFound, "fund.not-found", lambda own: service.enter_movement(own, made.manager, command, now=NOW))


# the second person


def test_own_movement_cannot_be_approved(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    key = funds.entered(session, made, contribution(made, cny("1.00"))).id
    refused(NotPermitted, "access.own-work", lambda own: service.approve_movement(own, made.manager, key, now=NOW))


def test_a_movement_beyond_the_limit_is_refused_and_the_refusal_names_who_can(
    session: Session, refused: Refuser
) -> None:
    made = funds.world(session)
    third = payments.someone(session, "Wu Kai", Role.FUND_MANAGER, made.funder)
    payments.limit(
        session,
        made.funder,
        made.manager,
        third,
        Currency.CNY,
        "1000.00",
        None,
        role=Role.FUND_MANAGER,
        person=made.other_manager,
        kind=AuthorityKind.FUND_MOVEMENT,
    )
    key = funds.entered(session, made, contribution(made, cny("1000.01"))).id
    refusal = refused(
        NotPermitted,
        "authority.over-limit",
        lambda own: service.approve_movement(own, made.other_manager, key, now=NOW),
    )
    assert refusal.breaches[0].params["who"] == "Wu Kai"
    assert service.approve_movement(session, third, key, now=NOW).status == MovementStatus.APPROVED


def test_stale_version_is_refused(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    key = funds.entered(session, made, contribution(made, cny("1.00"))).id
    refused(
        Conflict,
        "record.changed",
        lambda own: service.approve_movement(own, made.other_manager, key, version=9, now=NOW),
    )


def test_movement_is_decided_once(session: Session, refused: Refuser) -> None:
    made = funds.world(session)
    key = funds.posted(session, made, contribution(made, cny("1.00"))).id
    refused(
        Conflict,
        "fund.movement-decided",
        lambda own: service.refuse_movement(own, made.other_manager, key, now=NOW),
    )


def test_refused_movement_posts_nothing(session: Session) -> None:
    made = funds.world(session)
    movement = funds.entered(session, made, contribution(made, cny("1.00")))
    service.refuse_movement(session, made.other_manager, movement.id, now=NOW)
    assert movement.status == MovementStatus.REFUSED
    assert movement.event_id is None
    assert balances.trial_balance(session, made.funder.id) == []


def test_stranger_sees_neither_fund_nor_movement(session: Session) -> None:
    made, other = funds.world(session), funds.world(session, Side.HK)
    movement = funds.entered(session, made, contribution(made, cny("1.00")))
    assert queries.fund_page(session, other.manager).items == [other.parent, other.sub_fund]
    assert queries.awaiting_approval_by(session, other.manager) == []
    with pytest.raises(NotFound):
        queries.visible_fund(session, other.manager, made.parent.reference)
    with pytest.raises(NotFound):
        queries.visible_movement(session, other.manager, movement.reference)


# together


@pytest.mark.parametrize("currency", list(Currency))
def test_twenty_people_at_once_never_overdraw_a_pocket(session: Session, currency: Currency) -> None:
    """Each would allocate 10.00 of the 100.00 there are: ten succeed, ten are refused, nothing is left."""
    made = funds.world(session)
    funds.posted(session, made, contribution(made, Money.parse("100.00", currency)))
    keys = [funds.entered(session, made, allocation(made, Money.parse("10.00", currency))).id for _ in range(20)]
    session.commit()

    def approve(key: UUID) -> str:
        try:
            run_in_unit(lambda own: service.approve_movement(own, made.other_manager, key, now=NOW).status)
        except Refusal as refusal:
            return refusal.breaches[0].code
        return "approved"

    with ThreadPoolExecutor(20) as people:
        outcomes = sorted(people.map(approve, keys))
    assert outcomes == ["approved"] * 10 + ["pocket.insufficient"] * 10
    session.expire_all()
    assert [str(each.amount) for each in available(session, made, currency)] == ["0.00", "100.00"]
    statuses = session.scalars(select(FundMovement.status).where(FundMovement.kind == MovementKind.ALLOCATION)).all()
    assert sorted(statuses) == ["APPROVED"] * 10 + ["SUBMITTED"] * 10
