"""The conversion of a payment: quotes kept and named, the side that converts, expected against received."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.disbursements import comparing, payment_service, quote_service, service
from app.disbursements.commands import Edit, KeepQuote, Settle, WithdrawQuote
from app.disbursements.loading import consented
from app.disbursements.models import BankQuote, Disbursement
from app.disbursements.states import ConversionSide, Firmness
from app.kernel.actor import Actor
from app.kernel.currencies import Currency, Market
from app.kernel.errors import NotFound, NotPermitted, RuleBreached
from app.kernel.money import Money
from tests.builders import payments
from tests.builders.payments import NOW, TODAY

PAYER, PAYEE = ConversionSide.PAYER, ConversionSide.PAYEE


def kept(session: Session, row: Disbursement, actor: Actor, side: ConversionSide, **changes: Any) -> BankQuote:
    values: dict[str, Any] = {
        "side": side,
        "bank": "Bank of the Deep Bay",
        "base": Currency.HKD,
        "unit": 1,
        "rate": Decimal("0.9250"),
        "market": Market.ONSHORE,
        "firmness": Firmness.FIRM,
        "asked_at": NOW,
        "valid_until": NOW + timedelta(minutes=15),
        "source": "Dealer Ho by telephone",
        "bank_reference": "Q-17",
    }
    return quote_service.keep(session, actor, row.reference, KeepQuote(**(values | changes)), now=NOW)


def codes(refused: pytest.ExceptionInfo[RuleBreached]) -> list[str]:
    return [breach.code for breach in refused.value.breaches]


def test_a_quote_is_kept_with_its_distance_from_the_reference_rate_of_its_market(session: Session) -> None:
    made = payments.world(session)
    row = payments.drafted(session, made)
    onshore = kept(session, row, made.accountant, PAYER)
    assert onshore.dearer_percent == Decimal("0.1082")
    far = kept(session, row, made.accountant, PAYER, rate=Decimal("94.50"), unit=100)
    shown = comparing.conversion_of(session, row, now=NOW)
    assert {each.quote.id: each.beyond for each in shown.quotes} == {onshore.id: False, far.id: True}
    assert (shown.side, shown.market) == (PAYEE, Market.OFFSHORE)


def test_each_side_keeps_the_quotes_of_its_own_bank(session: Session) -> None:
    made = payments.world(session)
    row = payments.approved(session, made)
    kept(session, row, made.finance, PAYEE)
    with pytest.raises(NotPermitted):
        kept(session, row, made.accountant, PAYEE)
    with pytest.raises(NotPermitted):
        kept(session, row, made.finance, PAYER)


def test_a_payee_keeps_no_quote_for_a_draft_it_does_not_see(session: Session) -> None:
    made = payments.world(session)
    row = payments.drafted(session, made)
    with pytest.raises(NotFound):
        kept(session, row, made.finance, PAYEE)


def test_a_quote_can_never_be_changed(session: Session) -> None:
    made = payments.world(session)
    quote = kept(session, payments.drafted(session, made), made.accountant, PAYER)
    with pytest.raises(DBAPIError):
        session.execute(text("update bank_quote set rate = 1 where id = :id"), {"id": quote.id})


def withdrawn(session: Session, row: Disbursement, actor: Actor, quote: BankQuote) -> BankQuote:
    command = WithdrawQuote(quote.id, "Typed for another payment")
    return quote_service.withdraw(session, actor, row.reference, command, now=NOW)


def test_a_quote_taken_back_stays_on_record_and_counts_for_nothing(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    quote = kept(session, row, made.finance, PAYEE, rate=Decimal("0.9300"))
    withdrawn(session, row, made.finance, quote)
    shown = comparing.conversion_of(session, row, now=NOW)
    assert [each.quote.id for each in shown.quotes] == [quote.id]
    assert shown.expected is not None
    assert shown.expected.quote is None
    assert comparing.choosable(session, row, PAYEE) == []
    with pytest.raises(RuleBreached) as refused:
        payments.received(session, made, row, quote_id=quote.id, dealt_rate=None, rate_base=None, rate_source="")
    assert codes(refused) == ["quote.other-payment"]


def test_a_quote_is_taken_back_once_and_by_its_own_side(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    quote = kept(session, row, made.finance, PAYEE)
    with pytest.raises(NotPermitted):
        withdrawn(session, row, made.accountant, quote)
    withdrawn(session, row, made.finance, quote)
    with pytest.raises(RuleBreached) as refused:
        withdrawn(session, row, made.finance, quote)
    assert codes(refused) == ["quote.withdrawn"]


def test_a_quote_is_not_taken_back_once_its_bank_has_converted(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    quote = kept(session, row, made.finance, PAYEE)
    payments.received(session, made, row, quote_id=quote.id, dealt_rate=None, rate_base=None, rate_source="")
    with pytest.raises(RuleBreached) as refused:
        withdrawn(session, row, made.finance, quote)
    assert codes(refused) == ["quote.too-late"]


def test_a_receipt_names_the_quote_it_was_dealt_at_and_takes_its_rate(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    quote = kept(session, row, made.finance, PAYEE)
    payments.received(session, made, row, quote_id=quote.id, dealt_rate=None, rate_base=None, rate_source="")
    receipt = row.receipt
    assert receipt is not None
    assert (receipt.dealt_rate, receipt.quote_id) == (Decimal("0.9250"), quote.id)
    assert receipt.rate_source == "Bank of the Deep Bay, Q-17"
    shown = comparing.conversion_of(session, row, now=NOW)
    assert shown.expected is not None
    assert shown.expected.quote is quote
    assert [part.code for part in shown.legs[-1].parts] == ["CHARGE"]
    assert shown.quotes[0].dealt


def test_a_quote_that_had_ended_when_the_money_arrived_is_refused(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    early = NOW - timedelta(days=2)
    quote = kept(session, row, made.finance, PAYEE, asked_at=early, valid_until=early + timedelta(hours=1))
    with pytest.raises(RuleBreached) as refused:
        payments.received(session, made, row, quote_id=quote.id)
    assert codes(refused) == ["quote.ended"]
    payments.received(session, made, row, quote_id=quote.id, dealt_at=early + timedelta(minutes=59))


def test_a_quote_of_another_payment_is_refused(session: Session) -> None:
    made = payments.world(session)
    other = kept(session, payments.approved(session, made, "10000.00"), made.finance, PAYEE)
    row = payments.settled(session, made, "20000.00")
    with pytest.raises(RuleBreached) as refused:
        payments.received(session, made, row, quote_id=other.id)
    assert codes(refused) == ["quote.other-payment"]


def test_without_a_quote_the_reference_rate_of_the_release_is_what_was_expected(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made, charge="30.00")
    payments.received(session, made, row)
    shown = comparing.conversion_of(session, row, now=NOW)
    assert shown.expected is not None
    assert (shown.expected.rate.value, shown.expected.source) == (Decimal("0.9240"), "Test fixing")
    payer, payee = shown.legs
    assert payer.charge_apart == made.money("30.00")
    assert not payer.parts
    assert payee.expected == Money.parse("432900.43", Currency.HKD)
    assert [(part.code, part.amount.minor) for part in payee.parts] == [("RATE", -46800), ("CHARGE", -15000)]


def test_where_the_payers_bank_converts_its_line_needs_the_rate_and_the_receipt_takes_it(session: Session) -> None:
    made = payments.world(session)
    row = payments.converting_at_payer(session, made)
    nil = Money.zero(Currency.CNY)
    with pytest.raises(RuleBreached) as refused:
        payment_service.settle(
            session, made.accountant, row.reference, Settle(row.version, TODAY, "BK-1", charge=nil), now=NOW
        )
    assert codes(refused) == ["bank.rate-missing"]
    quote = kept(session, row, made.accountant, PAYER)
    line = Settle(row.version, TODAY, "BK-1", charge=nil, quote_id=quote.id)
    payment_service.settle(session, made.accountant, row.reference, line, now=NOW)
    assert (row.settlement_rate, row.settlement_quote_id) == (Decimal("0.9250"), quote.id)
    assert row.debited_minor == row.amount_minor
    payments.received(session, made, row, dealt_rate=None, rate_base=None, rate_source="")
    assert row.receipt is not None
    assert row.receipt.dealt_rate == Decimal("0.9250")


def test_after_the_bank_dealt_no_quote_is_kept_any_more(session: Session) -> None:
    made = payments.world(session)
    row = payments.settled(session, made)
    payments.received(session, made, row)
    with pytest.raises(RuleBreached) as refused:
        kept(session, row, made.finance, PAYEE)
    assert codes(refused) == ["quote.too-late"]


def test_choosing_the_side_is_part_of_what_checkers_consent_to(session: Session) -> None:
    made = payments.world(session)
    row = payments.submitted(session, made)
    before = consented(session, row)
    edit = Edit(
        row.version,
        1,
        row.payer_account_id,
        row.payee_account_id,
        row.requested_value_date,
        row.amount,
        row.purpose,
        converts_at=PAYER,
    )
    service.edit(session, made.maker, row.reference, edit, now=NOW)
    row.revision -= 1
    assert consented(session, row) != before
