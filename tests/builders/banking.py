"""Builders of bank accounts with postings on them, statements as files and typed, and two accountants."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.institutions.models import BankAccount, Institution
from app.kernel.actor import Actor, Role
from app.kernel.currencies import Currency
from app.kernel.identity import new_id
from app.kernel.money import Money
from app.ledger import posting
from app.ledger.chart import AccountCode
from app.ledger.entries import Entry, EntryKind, account, credit, debit
from app.reconciliation import matching_service, month_service, statement_service
from app.reconciliation.commands import EnterStatement, PrepareMonth, Seen
from app.reconciliation.models import BankReconciliation, BankStatement
from app.reconciliation.statements import LineRead
from tests.builders import payments
from tests.builders.payments import NOW, PaymentWorld

SEPTEMBER, OCTOBER = (date(2026, 9, 1), date(2026, 9, 30)), (date(2026, 10, 1), date(2026, 10, 31))
NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"


def hkd(text: str) -> Money:
    """Hong Kong dollars from a decimal text."""
    return Money.parse(text, Currency.HKD)


@dataclass(frozen=True, slots=True)
class BankWorld:
    """A grantee's account in HKD, and two accountants of the grantee."""

    made: PaymentWorld
    place: Institution
    bank: BankAccount
    clerk: Actor
    second: Actor


def world(session: Session) -> BankWorld:
    """The payments' world with two accountants at the grantee."""
    made = payments.world(session)
    clerk = payments.someone(session, "Cheng Tin-yau", Role.ACCOUNTANT, made.grantee)
    second = payments.someone(session, "Poon Suk-yee", Role.ACCOUNTANT, made.grantee)
    return BankWorld(made, made.grantee, made.payee_account, clerk, second)


def moved(session: Session, here: BankWorld, amount: str, day: date, reason: str, event: UUID | None = None) -> int:
    """Money in (positive) or out of the account, against other income; the number of the entry."""
    bank = account(AccountCode.BANK, Currency.HKD, here.bank.id)
    income = account(AccountCode.OTHER_INCOME, Currency.HKD)
    size = abs(hkd(amount))
    first, then = (debit, credit) if not amount.startswith("-") else (credit, debit)
    lines = (first(bank, size, functional=size), then(income, size, functional=size))
    entry = Entry(here.place.id, day, EntryKind.ACTUAL, event or new_id(), reason, lines)
    return posting.post(session, entry, actor_id=here.clerk.person_id, idempotency_key=new_id()).entry_id


def line(amount: str, day: date, text: str = "", reference: str = "") -> LineRead:
    """A line of a statement."""
    return LineRead(day, day, hkd(amount), reference, "", text)


def typed(
    session: Session, here: BankWorld, days: tuple[date, date], opening: str, closing: str, *lines: LineRead
) -> BankStatement:
    """A statement typed by the first accountant."""
    command = EnterStatement(*days, hkd(opening), hkd(closing), tuple(lines))
    return statement_service.enter(session, here.clerk, here.bank.id, command, now=NOW)


def prepared(session: Session, here: BankWorld, month: str, note: str = "") -> BankReconciliation:
    """The month prepared by the first accountant."""
    command = PrepareMonth(note)
    return month_service.prepare(session, here.clerk, here.bank.id, month, command, now=NOW)


def approved(session: Session, here: BankWorld, month: str, note: str = "") -> BankReconciliation:
    """The month prepared by the first accountant and approved by the second."""
    row = prepared(session, here, month, note)
    return month_service.approve(session, here.second, here.bank.id, month, Seen(row.version), now=NOW)


def two_months(session: Session, here: BankWorld) -> None:
    """September with a grant and a payment, reconciled; October with a charge and interest that the book lacks.

    A payment of 30 October stands in the book only.
    """
    moved(session, here, "1000.00", date(2026, 9, 3), "DSB-2026-00042 received")
    moved(session, here, "-250.00", date(2026, 9, 20), "JNL-2026-00007 Reagents")
    moved(session, here, "-100.00", date(2026, 10, 8), "JNL-2026-00009 Travel")
    moved(session, here, "-75.00", date(2026, 10, 30), "JNL-2026-00010 Printing")
    first = (line("1000.00", date(2026, 9, 3), "DSB-2026-00042"), line("-250.00", date(2026, 9, 21), "JNL202600007"))
    typed(session, here, SEPTEMBER, "0.00", "750.00", *first)
    then = (
        line("-100.00", date(2026, 10, 9), "JNL-2026-00009"),
        line("-35.00", date(2026, 10, 15), "Account fee"),
        line("1.20", date(2026, 10, 31), "Interest"),
    )
    typed(session, here, OCTOBER, "750.00", "616.20", *then)
    matching_service.match_certain(session, here.clerk, here.bank.id, now=NOW)
    approved(session, here, "2026-09")


def camt(
    number: str,
    *entries: str,
    opening: str = "0.00",
    closing: str = "750.00",
    currency: str = "HKD",
    days: tuple[str, str] = ("2026-09-01", "2026-09-30"),
    head: str = "",
    namespace: str = NAMESPACE,
) -> bytes:
    """A camt.053 document of the account `number`; `entries` are Ntry elements, see `entry`."""

    def balance(code: str, amount: str, day: str) -> str:
        side = "DBIT" if amount.startswith("-") else "CRDT"
        return (
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt>"
            f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    return (
        f"<?xml version='1.0' encoding='UTF-8'?>{head}<Document xmlns='{namespace}'><BkToCstmrStmt>"
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-10-01T08:00:00+08:00</CreDtTm></GrpHdr>"
        "<Stmt><Id>2026-09</Id><CreDtTm>2026-10-01T08:00:00+08:00</CreDtTm>"
        f"<FrToDt><FrDtTm>{days[0]}T00:00:00</FrDtTm><ToDtTm>{days[1]}T23:59:59</ToDtTm></FrToDt>"
        f"<Acct><Id><Othr><Id>{number}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balance('OPBD', opening, days[0])}{balance('CLBD', closing, days[1])}{''.join(entries)}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(
    amount: str, day: str, text: str = "", end_to_end: str = "", *, currency: str = "HKD", status: str = "BOOK"
) -> str:
    """One Ntry: money out where the amount is negative."""
    side = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Ntry><Amt Ccy='{currency}'>{amount.lstrip('-')}</Amt><CdtDbtInd>{side}</CdtDbtInd>"
        f"<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>"
        "<AcctSvcrRef>BR1</AcctSvcrRef><BkTxCd><Prtry><Cd>X</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{end_to_end or 'NOTPROVIDED'}</EndToEndId></Refs>"
        f"<RmtInf><Ustrd>{text or 'Payment'}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


SOUND = (entry("1000.00", "2026-09-03", "DSB-2026-00042"), entry("-250.00", "2026-09-21", "JNL202600007"))
"""The entries of September, as in `two_months`."""
