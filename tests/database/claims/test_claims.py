"""Claims from draft to payment in the database: what is kept, who may, what is committed and what is booked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Barrier

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from app.claims import deciding, paying, queries, service
from app.claims.commands import AddLine, AddReceipts, CheckClaim, EditClaim, LineValues, LineVerdict, SaveLine, Seen
from app.claims.commands import StartClaim, SubmitClaim
from app.claims.models import Claim
from app.claims.states import ClaimStatus, LineKind, Place, Verdict
from app.contracts import fund_control
from app.journals.states import JournalKind
from app.kernel.currencies import Currency
from app.kernel.errors import Conflict, InputRefused, NotPermitted, Refusal, RuleBreached
from app.kernel.money import Money
from app.kernel.actor import Actor, Role
from app.ledger import balances, posting
from app.ledger.checking import check
from app.ledger.headings import Heading
from app.ledger.posting import PeriodState
from app.web.uploads import RefusedFile
from tests.builders import budgets, claims, journals, payments
from tests.builders.claims import values
from tests.builders.journals import cny, hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld
from tests.postgres import WorkerDatabase


@pytest.fixture
def made(session: Session) -> PaymentWorld:
    return claims.ready(session)


def posted(session: Session, claim: Claim) -> list[tuple[str, str, str]]:
    """The claim's postings: account, amount, functional amount."""
    rows = [*balances.postings(session, balances.Selection(event_id=claim.event_id))]
    if claim.payment_entry_id:
        rows += balances.postings(session, balances.Selection(entry_id=claim.payment_entry_id))
    return [(row.code.name, str(row.amount), str(row.functional)) for row in rows]


def codes(refusal: Refusal) -> set[str]:
    return {breach.code for breach in refusal.breaches}


def test_an_approved_claim_is_cost_by_heading_against_what_is_owed(session: Session, made: PaymentWorld) -> None:
    claim = claims.approved(session, made, values(hkd("1000.00")), values(cny("92.40"), Heading.MATERIALS))
    assert claim.status == ClaimStatus.APPROVED
    assert sorted(posted(session, claim)) == sorted(
        [
            ("TRAVEL", "CNY 924.00", "HKD 1000.00"),
            ("PAYABLE_TO_CLAIMANTS", "HKD -1000.00", "HKD -1000.00"),
            ("CURRENCY_TRADING", "CNY -924.00", "HKD -1000.00"),
            ("CURRENCY_TRADING", "HKD 1000.00", "HKD 1000.00"),
            ("MATERIALS", "CNY 92.40", "HKD 100.00"),
            ("PAYABLE_TO_CLAIMANTS", "HKD -100.00", "HKD -100.00"),
            ("CURRENCY_TRADING", "CNY -92.40", "HKD -100.00"),
            ("CURRENCY_TRADING", "HKD 100.00", "HKD 100.00"),
        ]
    )
    assert paying.payable(claim) == hkd("1100.00")
    assert not check(session).differences


def test_a_third_person_pays_what_is_owed_from_the_projects_bank(session: Session, made: PaymentWorld) -> None:
    claim = claims.paid(session, made, values(hkd("1000.00")))
    assert posted(session, claim)[-2:] == [
        ("PAYABLE_TO_CLAIMANTS", "HKD 1000.00", "HKD 1000.00"),
        ("BANK", "HKD -1000.00", "HKD -1000.00"),
    ]
    assert claim.status == ClaimStatus.PAID
    with pytest.raises(Conflict):
        command = claims.payment(made, claim)
        paying.pay(session, made.other_finance, claim.reference, command, now=NOW)


def test_money_paid_in_another_currency_than_the_books_leaves_the_difference_apart(
    session: Session, made: PaymentWorld
) -> None:
    """Owed CNY 924.00 carried at HKD 1,000.00; two days later it takes HKD 1,026.67 to send it."""
    payments.rate(session, "0.9000", TODAY - timedelta(days=2))
    account = _cny_account(session, made)
    line = values(cny("900.00"), on=TODAY - timedelta(days=2), place=Place.SZ)
    claim = claims.approved(session, made, line, pay_currency=Currency.CNY)
    assert posted(session, claim)[-1] == ("PAYABLE_TO_CLAIMANTS", "CNY -900.00", "HKD -1000.00")
    command = claims.payment(made, claim, bank_account_id=account)
    claim = paying.pay(session, made.other_finance, claim.reference, command, now=NOW)
    assert posted(session, claim)[-3:] == [
        ("PAYABLE_TO_CLAIMANTS", "CNY 900.00", "HKD 1000.00"),
        ("BANK", "CNY -900.00", "HKD -974.03"),
        ("EXCHANGE_REALISED", "CNY 0.00", "HKD -25.97"),
    ]
    assert not check(session).differences


def _cny_account(session: Session, made: PaymentWorld) -> object:
    from tests.builders import projects

    return projects.bank_account(session, made.grantee, Currency.CNY, made.maker.person_id, made.checker.person_id).id
