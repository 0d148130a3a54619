"""Builders of vouchers: account codes and a profile in force, by two people of the institution."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.institutions.models import Institution
from app.kernel.actor import Actor
from app.kernel.currencies import Currency
from app.ledger import balances
from app.ledger.chart import AccountCode
from app.vouchers import service
from app.vouchers.models import AccountMapping, VoucherProfile
from app.vouchers.service import DescribeFile, MapAccount
from app.vouchers.states import EVERYTHING, DateFormat, DecimalMark, FileType
from tests.builders.payments import NOW


def mapped(session: Session, place: Institution, maker: Actor, checker: Actor, command: MapAccount) -> AccountMapping:
    """A code in force."""
    row = service.propose_mapping(session, maker, place.code, command, now=NOW)
    return service.confirm_mapping(session, checker, row.id, version=row.version, now=NOW)


def all_mapped(session: Session, place: Institution, maker: Actor, checker: Actor) -> None:
    """A code for every account the book has used: `GL-` and our code."""
    used = {(row.code, row.balance.currency) for row in balances.trial_balance(session, place.id)}
    for code, currency in sorted(used):
        mapped(session, place, maker, checker, MapAccount(AccountCode(code), currency, f"GL-{code}-{currency}"))


def profile(
    session: Session,
    place: Institution,
    maker: Actor,
    checker: Actor,
    *,
    name: str = "Usual",
    file_type: FileType = FileType.CSV,
    columns: str = EVERYTHING,
    date_format: DateFormat = DateFormat.ISO,
    decimal_mark: DecimalMark = DecimalMark.POINT,
) -> VoucherProfile:
    """A profile in force."""
    command = DescribeFile(name, file_type, columns, date_format, decimal_mark)
    row = service.propose_profile(session, maker, place.code, command, now=NOW)
    return service.confirm_profile(session, checker, row.id, version=row.version, now=NOW)


def waiting(session: Session, place: Institution, maker: Actor) -> None:
    """A code and a profile that wait for a second person."""
    command = MapAccount(AccountCode.BANK, Currency.CNY, "1002.01", "Bank of the institution")
    service.propose_mapping(session, maker, place.code, command, now=NOW)
    service.propose_profile(session, maker, place.code, DescribeFile("Usual", FileType.CSV, EVERYTHING), now=NOW)
