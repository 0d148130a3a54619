"""Builders of institutions and their bank accounts, through the services."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count

from sqlalchemy.orm import Session

from app.institutions import account_service, service
from app.institutions.models import BankAccount, Institution
from app.institutions.states import InstitutionKind, Side
from app.kernel.actor import Actor
from app.kernel.currencies import Currency

_NUMBERS = count(1)
HOME = {Side.SZ: Currency.CNY, Side.HK: Currency.HKD}


def an_institution(
    session: Session,
    now: datetime,
    *,
    code: str = "",
    side: Side = Side.SZ,
    kind: InstitutionKind = InstitutionKind.FUNDER,
    **particulars: str,
) -> Institution:
    """An active institution with its open book; a funder in Shenzhen unless told otherwise. Flushed, not committed."""
    number = next(_NUMBERS)
    if side is Side.HK and "br_number" not in particulars:
        particulars["br_number"] = f"{70000000 + number}"
    if side is Side.SZ and kind is not InstitutionKind.FUNDER and "uscc" not in particulars:
        particulars["uscc"] = a_uscc(number)
    chosen = code or f"I{number}"
    command = service.InstitutionCommand(
        code=chosen,
        side=side,
        kind=kind,
        name_en=particulars.pop("name_en", f"Institution {chosen}"),
        functional_currency=HOME.get(side, Currency.HKD),
        **particulars,  # type: ignore[arg-type]
    )
    return service.open_by_operator(session, command, now=now)


def a_uscc(number: int) -> str:
    """A made-up unified social credit code with right check characters."""
    from stdnum.cn import uscc

    from app.institutions.identifiers import organisation_check

    organisation = f"MJ{number:06d}"
    body = f"52440300{organisation}{organisation_check(organisation)}"
    return body + uscc.calc_check_digit(body)


def an_account_command(
    side: Side = Side.SZ, currency: Currency = Currency.CNY, **changes: object
) -> account_service.AccountCommand:
    """What a finance officer types for an account on that side."""
    given: dict[str, object] = {
        "currency": currency,
        "bank_name": "Bank of the Loop",
        "bank_side": side,
        "number": f"{400000000000 + next(_NUMBERS)}",
        "holder_name": "The institution",
        "cnaps": "501581000004" if side is Side.SZ else "",
        "hk_bank_code": "004" if side is Side.HK else "",
        "bic": "" if side in (Side.SZ, Side.HK) else "HSBCHKHHHKH",
    }
    return account_service.AccountCommand(**(given | changes))  # type: ignore[arg-type]


def a_verified_account(
    session: Session,
    enterer: Actor,
    verifier: Actor,
    institution: Institution,
    now: datetime,
    *,
    side: Side | None = None,
    currency: Currency | None = None,
) -> BankAccount:
    """An account entered and verified ten days ago, so past its cooling period and payable."""
    then = now - timedelta(days=10)
    place = side or Side(institution.side)
    command = an_account_command(place, currency or Currency(institution.functional_currency))
    account = account_service.enter(session, enterer, institution.id, command, now=then)
    session.flush()
    call_back = account_service.VerifyCommand(account.version, "Called the finance office on the known number; agreed.")
    return account_service.verify(session, verifier, account.id, call_back, now=then)
