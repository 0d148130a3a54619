"""The whole path, to the cent, in both directions."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.disbursements import payment_service
from app.disbursements.commands import Bounce, Settle
from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger import balances
from app.ledger.balances import Selection
from app.ledger.chart import AccountCode as Code
from tests.builders import payments
from tests.builders.payments import NOW, TODAY


def booked(session: Session, **selection: object) -> dict[tuple[str, str, str], str]:
    """Sums by book, account and currency of the selected postings."""
    sums: dict[tuple[str, str, str], int] = {}
    for row in balances.stream_postings(session, Selection(**selection)):  # type: ignore[arg-type]
        key = (row.book_code, row.code.name, row.amount.currency.value)
        sums[key] = sums.get(key, 0) + row.amount.minor
    return {key: str(Money(minor, Currency(key[2])).amount) for key, minor in sums.items()}


def test_worked_example_from_a_cny_pocket_into_an_hkd_account(session: Session) -> None:
    world = payments.world(session)
    row = payments.received(session, world, payments.settled(session, world))
    session.commit()
    sz, hk = world.funder.code, world.grantee.code
    assert booked(session, disbursement_id=row.id) == {
        (sz, "GRANTS_PAID", "CNY"): "400000.00",
        (sz, "PAYMENTS_IN_TRANSIT", "CNY"): "0.00",
        (sz, "POCKET", "CNY"): "400000.00",
        (sz, "FUNDS_APPLIED", "CNY"): "-400000.00",
        (sz, "BANK", "CNY"): "-400000.00",
        (hk, "BANK", "HKD"): "432282.43",
        (hk, "BANK_CHARGE", "CNY"): "138.75",
        (hk, "GRANT_RECEIVED", "CNY"): "-400000.00",
        (hk, "CURRENCY_TRADING", "CNY"): "399861.25",
        (hk, "CURRENCY_TRADING", "HKD"): "-432282.43",
    }


def test_worked_example_from_an_hkd_pocket_into_a_cny_account(session: Session) -> None:
    world = payments.world(
        session, funder_side=Side.HK, currency=Currency.HKD, payee_currency=Currency.CNY, first="432432.43"
    )
    row = payments.settled(session, world, "432432.43")
    row = payments.received(
        session,
        world,
        row,
        received=Money.parse("399850.00", Currency.CNY),
        charge=Money.parse("150.00", Currency.CNY),
    )
    session.commit()
    hk, sz = world.funder.code, world.grantee.code
    figures = booked(session, disbursement_id=row.id)
    assert figures[hk, "GRANTS_PAID", "HKD"] == "432432.43"
    assert figures[hk, "POCKET", "HKD"] == "432432.43"
    assert figures[sz, "BANK", "CNY"] == "399850.00"
    assert figures[sz, "BANK_CHARGE", "HKD"] == "162.16"
    assert figures[sz, "GRANT_RECEIVED", "HKD"] == "-432432.43"
    assert figures[sz, "CURRENCY_TRADING", "HKD"] == "432270.27"
    assert figures[sz, "CURRENCY_TRADING", "CNY"] == "-399850.00"


def test_one_event_runs_through_both_books(session: Session) -> None:
    world = payments.world(session)
    row = payments.received(session, world, payments.settled(session, world))
    books = {p.book_code for p in balances.postings(session, Selection(event_id=row.release_event_id))}
    assert books == {world.funder.code, world.grantee.code}


def test_approval_moves_part_of_the_contracts_hold_and_release_consumes_it(session: Session) -> None:
    world = payments.world(session)
    before = balances.pocket_position(session, world.pocket.id)
    row = payments.approved(session, world)
    remaining = {
        h.disbursement_id: str(h.remaining.amount) for h in balances.holds_of_contract(session, world.contract.id)
    }
    assert remaining == {None: "600000.00", row.id: "400000.00"}
    row = payment_service.release(session, world.payer, row.reference, payments.Seen(row.version), now=NOW)
    after = balances.pocket_position(session, world.pocket.id)
    assert before is not None
    assert after is not None
    assert (before.held - after.held, after.debit) == (world.money("400000.00"), world.money("400000.00"))
    assert before.available == after.available


def test_payers_charge_is_borne_by_the_pocket(session: Session) -> None:
    world = payments.world(session)
    row = payments.settled(session, world, charge="35.00")
    figures = booked(session, disbursement_id=row.id)
    code = world.funder.code
    assert figures[code, "FUNDER_BANK_CHARGES", "CNY"] == "35.00"
    assert figures[code, "BANK", "CNY"] == "-400035.00"
    assert figures[code, "POCKET", "CNY"] == "400035.00"


def test_bounce_after_settlement_reverses_all_but_the_charge_and_holds_again(session: Session) -> None:
    world = payments.world(session)
    row = payments.settled(session, world, charge="35.00")
    command = Bounce(row.version, TODAY, "BK-9", "Account closed")
    row = payment_service.bounce(session, world.accountant, row.reference, command, now=NOW)
    session.commit()
    figures = booked(session, disbursement_id=row.id)
    code = world.funder.code
    assert figures[code, "GRANTS_PAID", "CNY"] == "0.00"
    assert figures[code, "PAYMENTS_IN_TRANSIT", "CNY"] == "0.00"
    assert figures[code, "BANK", "CNY"] == "-35.00"
    assert figures[code, "POCKET", "CNY"] == "35.00"
    held = {h.disbursement_id: str(h.remaining.amount) for h in balances.holds_of_contract(session, world.contract.id)}
    assert held == {None: "1000000.00"}
    assert row.status == "BOUNCED"


def test_bounce_before_settlement_reverses_the_release(session: Session) -> None:
    world = payments.world(session)
    row = payments.released(session, world)
    command = Bounce(row.version, TODAY, "BK-9", "Account closed")
    row = payment_service.bounce(session, world.accountant, row.reference, command, now=NOW)
    assert set(booked(session, disbursement_id=row.id).values()) == {"0.00"}


def test_tranche_can_be_paid_again_after_a_bounce(session: Session) -> None:
    world = payments.world(session)
    row = payments.released(session, world)
    payment_service.bounce(
        session, world.accountant, row.reference, Bounce(row.version, TODAY, "BK-9", "Closed"), now=NOW
    )
    assert payments.released(session, world).status == "RELEASED"


def test_hkd_pocket_of_a_mainland_funder_keeps_functional_amounts_balanced(session: Session) -> None:
    world = payments.world(session, currency=Currency.HKD, payee_currency=Currency.HKD)
    row = payments.settled(session, world)
    totals: dict[Code, int] = {}
    for posted in balances.postings(session, Selection(disbursement_id=row.id)):
        totals[posted.code] = totals.get(posted.code, 0) + posted.functional.minor
    assert totals[Code.PAYMENTS_IN_TRANSIT] == 0
    assert totals[Code.GRANTS_PAID] == 36_960_000
    assert sum(totals.values()) == 0


def test_payment_from_a_bank_account_of_another_currency_passes_through_the_pair(session: Session) -> None:
    world = payments.world(session, currency=Currency.HKD, payee_currency=Currency.HKD)
    row = payments.released(session, world)
    row.payer_account_id = row.payer_account_id
    account = world.payer_account
    account.currency = "CNY"
    session.flush()
    command = Settle(
        row.version,
        TODAY,
        "BK-1",
        debited=Money.parse("370000.00", Currency.CNY),
        dealt_rate=Decimal("0.9250"),
        rate_base=Currency.HKD,
    )
    row = payment_service.settle(session, world.accountant, row.reference, command, now=NOW)
    figures = booked(session, disbursement_id=row.id)
    assert figures[world.funder.code, "BANK", "CNY"] == "-370000.00"
    assert figures[world.funder.code, "CURRENCY_TRADING", "CNY"] == "370000.00"
    assert figures[world.funder.code, "CURRENCY_TRADING", "HKD"] == "-400000.00"
