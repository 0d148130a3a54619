"""What pockets owe in the other currency, and the notes of forward cover against it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.exposure import queries, service
from app.exposure.figures import PocketExposure
from app.exposure.models import ForwardCover
from app.exposure.service import EnterCover
from app.kernel.actor import Role
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, NotFound, NotPermitted
from app.kernel.money import Money
from tests.builders import payments
from tests.builders.payments import NOW, TODAY, PaymentWorld


def hkd(text: str) -> Money:
    return Money.parse(text, Currency.HKD)


def noted(session: Session, made: PaymentWorld, amount: str = "500000.00", **changes: Any) -> ForwardCover:
    values: dict[str, Any] = {
        "pocket_id": made.pocket.id,
        "bank": "Bank of the Deep Bay",
        "bank_reference": "FW-2026-9",
        "amount": hkd(amount),
        "rate": Decimal("0.9260"),
        "rate_base": Currency.HKD,
        "first_day": TODAY,
        "last_day": TODAY + timedelta(days=90),
    }
    return service.enter(session, made.accountant, EnterCover(**(values | changes)), now=NOW)


def exposed(session: Session, made: PaymentWorld) -> PocketExposure:
    return queries.exposures(session, [queries.visible_pocket(session, made.accountant, made.pocket.id)], TODAY)[0]


def test_what_is_held_and_on_its_way_to_payees_in_the_other_currency_is_exposed(session: Session) -> None:
    made = payments.world(session)
    payments.approved(session, made, "100000.00")
    payments.released(session, made, "200000.00")
    row = payments.settled(session, made, "50000.00")
    found = exposed(session, made)
    assert (found.held, found.on_the_way) == (made.money("750000.00"), made.money("250000.00"))
    assert found.in_foreign == hkd("1082251.08")
    assert found.rate is not None
    assert found.rate.rate_date == TODAY
    assert {(each.payee_currency, each.named) for each in found.owed} == {(Currency.HKD, True), (Currency.HKD, False)}
    received = {"received": hkd("54000.00"), "charge": hkd("54.05"), "dealt_rate": Decimal("0.9250")}
    payments.received(session, made, row, **received)
    assert exposed(session, made).on_the_way == made.money("200000.00")


def test_a_payee_in_the_pockets_currency_exposes_nothing(session: Session) -> None:
    made = payments.world(session, payee_currency=Currency.CNY)
    payments.approved(session, made, "400000.00")
    found = exposed(session, made)
    assert [each.unpaid for each in found.abroad] == [made.money("600000.00")], "the rest has no account named yet"
    session.get_one(type(made.contract), made.contract.id).grantee_account_id = made.payee_account.id
    session.flush()
    found = exposed(session, made)
    assert (found.unpaid, found.in_foreign) == (made.money("0.00"), hkd("0.00"))


def test_cover_counts_once_a_second_person_confirms_it_and_while_it_can_be_called(session: Session) -> None:
    made = payments.world(session)
    cover = noted(session, made)
    assert exposed(session, made).covered == hkd("0.00")
    with pytest.raises(NotPermitted):
        service.confirm(session, made.accountant, cover.id, now=NOW)
    second = payments.someone(session, "Sun Ping", Role.ACCOUNTANT, made.funder)
    assert queries.waiting_for(session, second) == [cover]
    service.confirm(session, second, cover.id, now=NOW)
    found = exposed(session, made)
    assert (found.covered, found.uncovered) == (hkd("500000.00"), hkd("582251.08"))
    with pytest.raises(Conflict):
        service.refuse(session, second, cover.id, now=NOW)
    later = queries.exposures(session, [found.pocket], cover.last_day + timedelta(days=1))[0]
    assert later.covered == hkd("0.00")


def test_cover_beyond_what_is_owed_is_said(session: Session) -> None:
    made = payments.world(session)
    second = payments.someone(session, "Sun Ping", Role.ACCOUNTANT, made.funder)
    service.confirm(session, second, noted(session, made, "1082251.09").id, now=NOW)
    found = exposed(session, made)
    assert (found.uncovered, found.over_covered) == (hkd("0.00"), hkd("0.01"))


def test_refused_cover_covers_nothing(session: Session) -> None:
    made = payments.world(session)
    second = payments.someone(session, "Sun Ping", Role.ACCOUNTANT, made.funder)
    service.refuse(session, second, noted(session, made).id, now=NOW)
    assert exposed(session, made).covered == hkd("0.00")


def test_without_a_rate_nothing_is_valued(session: Session) -> None:
    made = payments.world(session, rates=False)
    found = exposed(session, made)
    assert (found.unpaid, found.in_foreign, found.uncovered) == (made.money("1000000.00"), None, None)


def test_pockets_and_notes_of_others_do_not_exist(session: Session) -> None:
    made, other = payments.world(session), payments.world(session)
    cover = noted(session, made)
    with pytest.raises(NotFound):
        queries.visible_pocket(session, other.accountant, made.pocket.id)
    with pytest.raises(NotFound):
        service.confirm(session, other.accountant, cover.id, now=NOW)
    with pytest.raises(NotFound):
        noted(session, other, pocket_id=made.pocket.id)
    seen = queries.pocket_page(session, other.accountant, TODAY).items
    assert made.pocket.id not in {each.pocket.id for each in seen}
    assert seen
