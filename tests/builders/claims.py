"""Builders of claims on the worked example: the PI claims, one finance officer checks and approves, the other pays."""

from __future__ import annotations

from datetime import date
from functools import cache
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from app.access.policy import AuthorityKind
from app.claims import deciding, paying, service
from app.claims.commands import (
    CheckClaim,
    LineValues,
    LineVerdict,
    PayClaim,
    SaveLine,
    Seen,
    StartClaim,
    SubmitClaim,
)
from app.claims.models import Claim
from app.claims.states import Place, Verdict
from app.contracts import fund_control
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.money import Money
from app.ledger.headings import Heading
from app.web.uploads import PDF, Upload
from tests.builders import papers, payments, statements
from tests.builders.journals import cny as cny, hkd as hkd
from tests.builders.payments import NOW, TODAY, PaymentWorld

_NUMBERS = count(1)


@cache
def receipt(name: str = "taxi") -> Upload:
    """A receipt of its own for each name: always the same bytes, so that it is opened only once in a run."""
    return Upload(f"{name}.pdf", papers.pdf(f"Receipt {name}"), PDF)


def ready(session: Session, maximum: str = "50000.00", second_above: str | None = None) -> PaymentWorld:
    """The worked example once the money has arrived, with its limits set and authority to approve claims."""
    made = statements.received(session)
    authorise(session, made, maximum, second_above)
    fund_control.refresh(session, made.contract, TODAY)
    session.flush()
    return made


def authorise(session: Session, made: PaymentWorld, maximum: str = "50000.00", second_above: str | None = None) -> None:
    """Finance officers of the grantee approve claims up to the maximum, in either currency."""
    for currency in Currency:
        payments.limit(
            session,
            made.grantee,
            made.maker,
            made.checker,
            currency,
            maximum,
            second_above,
            role=Role.FINANCE_OFFICER,
            kind=AuthorityKind.CLAIM,
        )


def values(amount: Money, heading: Heading = Heading.TRAVEL, on: date = TODAY, **changes: Any) -> LineValues:
    """A complete line: a taxi in Hong Kong, unless told otherwise."""
    given: dict[str, Any] = {
        "cost_on": on,
        "heading": heading,
        "place": Place.HK,
        "who": "Dr Zhou Yun",
        "purpose": "Visit to the shared facility",
        "currency": amount.currency,
        "amount": amount,
        "seller": "Lok Ma Chau Taxi",
    }
    return LineValues(**(given | changes))


def started(session: Session, made: PaymentWorld, *lines: LineValues, by: Actor | None = None, **changes: Any) -> Claim:
    """A draft of the PI (or whoever is named) with a receipt and these values for each line."""
    actor = by or made.leader
    given: dict[str, Any] = {
        "contract_id": made.contract.id,
        "purpose": "Visit to the shared facility",
        "receipts": tuple(receipt(f"{next(_NUMBERS)}") for _line in lines),
    }
    claim = service.start(session, actor, StartClaim(**(given | changes)), now=NOW)
    for number, line in enumerate(lines, 1):
        version = claim.lines[number - 1].version
        service.save_line(session, actor, claim.reference, number, SaveLine(version, line), now=NOW)
    return claim


def submitted(
    session: Session, made: PaymentWorld, *lines: LineValues, by: Actor | None = None, **changes: Any
) -> Claim:
    """Submitted with its declarations."""
    claim = started(session, made, *lines, by=by, **changes)
    command = SubmitClaim(claim.version, declared=True, negative_list_declared=True)
    return service.submit(session, by or made.leader, claim.reference, command, now=NOW)


def checked(session: Session, made: PaymentWorld, claim: Claim, *verdicts: LineVerdict) -> Claim:
    """Checked by the first finance officer: every line okay, unless verdicts are given."""
    given = verdicts or tuple(LineVerdict(line.number, Verdict.OKAY) for line in claim.lines)
    return deciding.check_lines(session, made.finance, claim.reference, CheckClaim(claim.version, given), now=NOW)


def approved(session: Session, made: PaymentWorld, *lines: LineValues, **changes: Any) -> Claim:
    """Checked and approved by the first finance officer."""
    claim = checked(session, made, submitted(session, made, *lines, **changes))
    return deciding.approve(session, made.finance, claim.reference, Seen(claim.version), now=NOW)


def payment(made: PaymentWorld, claim: Claim, **changes: Any) -> PayClaim:
    """Paid today from the grantee's account."""
    given: dict[str, Any] = {
        "version": claim.version,
        "bank_account_id": made.payee_account.id,
        "paid_on": TODAY,
        "bank_reference": "FPS-1",
    }
    return PayClaim(**(given | changes))


def paid(session: Session, made: PaymentWorld, *lines: LineValues, **changes: Any) -> Claim:
    """Approved, and paid by the other finance officer."""
    claim = approved(session, made, *lines, **changes)
    return paying.pay(session, made.other_finance, claim.reference, payment(made, claim), now=NOW)
