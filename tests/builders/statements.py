"""Builders of contracts with money on them, through the services: the product's worked example and its relatives."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy.orm import Session

from app.disbursements import residue_service
from app.disbursements.commands import EnterResidue, Seen
from app.institutions.states import Side
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from tests.builders import journals, payments
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld


def received(session: Session) -> PaymentWorld:
    """CNY 400,000.00 at 0.9250 into an HKD account, less a charge of HKD 150.00."""
    made = payments.world(session)
    payments.received(session, made, payments.settled(session, made))
    return made


def worked_example(session: Session) -> PaymentWorld:
    """The product's worked example: as `received`, then a salary of HKD 100,000.00 at 0.9240."""
    made = received(session)
    journals.cost(session, made, hkd("100000.00"))
    return made


def mirror(session: Session) -> PaymentWorld:
    """The other way: HKD 400,000.00 at 0.9250 into a CNY account less CNY 100.00; salary of CNY 92,400.00 at 0.9240."""
    made = payments.world(session, funder_side=Side.HK, currency=Currency.HKD, payee_currency=Currency.CNY)
    row = payments.settled(session, made)
    payments.received(session, made, row, received=cny("369900.00"), charge=cny("100.00"))
    journals.cost(session, made, cny("92400.00"))
    return made


def spent(session: Session) -> PaymentWorld:
    """The worked example with HKD 300,000.00 more spent on materials: HKD 32,282.43 is left."""
    made = worked_example(session)
    journals.cost(session, made, hkd("300000.00"), Heading.MATERIALS)
    return made


def return_residue(session: Session, made: PaymentWorld, grant: str, paid: str, rate: str) -> None:
    """The grantee returns `grant` of the contract's currency, its HKD account debited with `paid`."""
    command = EnterResidue(
        made.contract.reference,
        made.payee_account.id,
        made.payer_account.id,
        TODAY,
        "OUT-1",
        grant_this_year=made.money(grant),
        paid=Money.parse(paid, Currency.HKD),
        dealt_rate=Decimal(rate),
        rate_base=Currency.HKD,
    )
    row = residue_service.enter(session, made.finance, command, now=NOW)
    residue_service.confirm(session, made.other_finance, row.reference, Seen(row.version), now=NOW)
